"""The footnotes of a text: numbered in the order in which it refers to them, and set apart from it."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from weekahead.book.elements import BLOCKS, Element


class Note(Struct):
    """A footnote with its number, its id, and the ids of the places that refer to it. Its content has no tag of its own."""

    number: int
    id: str
    marks: list[str]
    content: Element


class TextPart(Struct, frozen=True):
    """A text of a chapter, and the footnotes that stand below it or at the foot of a page."""

    root: Element
    notes: list[Note]

    @property
    def roots(self) -> list[Element]:
        """The text and its notes."""
        return [self.root, *(note.content for note in self.notes)]


def take_notes(root: Element, before: int = 0) -> TextPart:
    """Return a text apart from the footnotes that it refers to. Its marks get their numbers, and ids.

    `before` is how many notes of the chapter are before them.
    """
    found = _take_out(root)
    marks: dict[str, list[str]] = {}
    for mark in [each for each in root.all("sup") if _note_of(each)]:
        name = _note_of(mark)
        if name not in found:
            continue
        ids = marks.setdefault(name, [])
        ids.append(mark.attributes.setdefault("id", f"{name}-mark-{len(ids) + 1}"))
        number = list(marks).index(name) + 1 + before
        mark.children = [Element("a", {"class": "note-mark", "href": f"#{name}"}, [str(number)])]
    notes = [Note(number, name, ids, found[name]) for number, (name, ids) in enumerate(marks.items(), 1 + before)]
    return TextPart(root, notes)


def _note_of(mark: Element) -> str:
    """Return the id of the note that an element is the mark of; empty for any other."""
    link = mark.children[0] if len(mark.children) == 1 else None
    if not isinstance(link, Element) or not {"footnote-ref", "note-mark"} & {*link.classes}:
        return ""
    return link.attributes.get("href", "")[1:]


def words_of(element: Element) -> str:
    """Return the words of a heading without the numbers of notes."""
    parts = (
        child if isinstance(child, str) else "" if "note-mark" in child.classes else words_of(child)
        for child in element.children
    )
    return " ".join("".join(parts).split())


def _take_out(root: Element) -> dict[str, Element]:
    """Take the lists of notes out of a text. Return what each note says, by its id, without its links back."""
    lists = [each for each in root.all("div") if each.classes == ["footnote"]]
    root.edit(lambda element: [] if any(element is each for each in lists) else None)
    notes: dict[str, Element] = {}
    for each in lists:
        for item in each.all("li"):
            if name := item.attributes.get("id", ""):
                item.edit(lambda element: [] if "footnote-backref" in element.classes else None)
                notes[name] = Element("", {}, [child for child in item.children if not _is_empty(child)])
                _strip_end(notes[name])
    return notes


def _strip_end(element: Element) -> None:
    """Remove the space that stood before the links back."""
    while element.children and isinstance(last := element.children[-1], Element):
        element = last
    if element.children and isinstance(last := element.children[-1], str):
        element.children[-1] = last.rstrip()


def _is_empty(node: Element | str) -> bool:
    words = node if isinstance(node, str) else node.text()
    return not words.strip() and not (isinstance(node, Element) and any(node.all("img", "math")))


def at_the_end(notes: list[Note], back: Callable[[int], str], *, is_epub: bool) -> list[Element | str]:
    """Return notes as a section behind their text; `back` returns the words of the link back from one."""
    if not notes:
        return []
    asides: list[Element | str] = []
    for note in notes:
        label = back(note.number)
        number = Element(
            "a",
            {
                "class": "note-number",
                "href": f"#{note.marks[0]}",
                "role": "doc-backlink",
                "title": label,
                "aria-label": label,
            },
            [f"{note.number}."],
        )
        content = list(note.content.children)
        first = content[0] if content else None
        if isinstance(first, Element) and first.tag == "p":
            content[0] = Element("p", dict(first.attributes), [number, " ", *first.children])
        else:
            content.insert(0, Element("p", {}, [number]))
        looks = {"id": note.id, "class": "note-text", "role": "doc-footnote"} | (
            {"epub:type": "footnote"} if is_epub else {}
        )
        asides += [Element("aside", looks, content), "\n"]
    return [
        Element(
            "section" if is_epub else "div",
            {"class": "notes"} | ({"epub:type": "footnotes"} if is_epub else {}),
            ["\n", *asides],
        )
    ]


def into_the_line(root: Element, notes: list[Note]) -> None:
    """Move each note to the first mark that refers to it, for a medium that sets it at the foot of that page."""
    by_mark = {note.marks[0]: note for note in notes}

    def change(element: Element) -> list[Element | str] | None:
        note = by_mark.get(element.attributes.get("id", "")) if element.tag == "sup" else None
        if note is None:
            return None
        attributes = {"class": "footnote", "id": note.id, "data-number": str(note.number)}
        return [Element("span", attributes, _inline(note.content.children))]

    root.edit(change)


def _inline(nodes: list[Element | str]) -> list[Element | str]:
    """Return nodes with spans in place of blocks: a block would end the paragraph that the note stands in."""
    made: list[Element | str] = []
    for place, node in enumerate(nodes):
        if isinstance(node, str):
            made.append(node if node.strip() or place else "")
            continue
        children = _inline(node.children)
        if node.tag in BLOCKS or re.fullmatch("table|thead|tbody|tfoot|tr|td|th|caption", node.tag):
            made.append(Element("span", {"class": f"block {node.tag}"} | _identity(node), children))
        else:
            made.append(Element(node.tag, node.attributes, children))
    if made and isinstance(made[0], Element) and made[0].attributes.get("class") == "block p":
        made[0].attributes["class"] = "p"  # the first one stands beside the number
    return made


def _identity(element: Element) -> dict[str, str]:
    return {name: element.attributes[name] for name in ("id", "lang", "dir") if name in element.attributes}
