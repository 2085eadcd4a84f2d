"""Leave out of a text what its author does not want in a book: content kinds, and headings with all below them."""

from __future__ import annotations

from collections.abc import Callable

from weekahead.book.elements import HEADINGS, Element
from weekahead.model.marks import plain_marks

KINDS: dict[str, Callable[[Element], bool]] = {
    "correction": lambda element: "correction" in element.classes and "note" in element.classes,
    "links": lambda element: element.classes == ["commented"],
    "note": lambda element: "note" in element.classes,
    "picture": lambda element: element.tag == "img",
    "post": lambda element: element.tag == "figure" and "post" in element.classes,
    "references": lambda element: element.classes == ["references"],
    "table": lambda element: element.tag == "figure" and "data" in element.classes,
    "video": lambda element: element.tag == "figure" and "video" in element.classes,
}
"""What is an element of a content kind, by the name that authors give it."""


def kind_of(name: str) -> Callable[[Element], bool] | None:
    """Return what is an element of the content kind that a name means, such as post or posts; None if it means none."""
    return KINDS.get(folded(name)) or KINDS.get(folded(name).removesuffix("s"))


def leave_out(root: Element, left: dict[str, bool]) -> None:
    """Take out what `left` names, and note there what of it there was; of a kind that is always true."""
    for name in left:
        if is_kind := kind_of(name):
            left[name] = True
            root.edit(lambda element, test=is_kind: [] if test(element) else None)  # type: ignore[misc]
        _leave_out_section(root, name, left)


def _leave_out_section(root: Element, name: str, left: dict[str, bool]) -> None:
    """Take out the headings of some words with what follows, up to the next heading that is not below them."""
    wanted, kept, level = folded(name), list[Element | str](), 0
    for child in root.children:
        if isinstance(child, Element) and child.tag in HEADINGS:
            if level and int(child.tag[1]) <= level:
                level = 0
            if not level and folded(child.text()) == wanted:
                level, left[name] = int(child.tag[1]), True
        if not level or (isinstance(child, Element) and child.classes == ["footnote"]):
            kept.append(child)
    root.children = kept


def folded(words: str) -> str:
    """Return words as they compare: in any case, with plain marks and single spaces."""
    return plain_marks(" ".join(words.split())).casefold()
