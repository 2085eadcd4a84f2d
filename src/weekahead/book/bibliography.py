"""One list of the references of a book in place of one at the end of each chapter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from weekahead.book.elements import HEADINGS, Element, parse
from weekahead.book.notes import TextPart
from weekahead.book.placing import id_prefix
from weekahead.model.findings import build_error

if TYPE_CHECKING:
    from weekahead.references.library import Work
    from weekahead.references.merged import MergedReferences
    from weekahead.references.style import Entry


SHORT = 4
"""Chapters that cite a reference, up to which they stay in one line."""


class CitingText(Struct, frozen=True, kw_only=True):
    """A text of a book that cites, the first part of its ids, and what other chapters call it."""

    id: str
    label: str
    title: str
    language: str
    works: Sequence[Work]
    """The references that it cites in its own list."""
    part: TextPart
    linked: frozenset[str]
    """Keys of those that it linked to before anything was left out of it."""

    def citations(self) -> Iterator[tuple[str, Element]]:
        """Yield its links to references with their keys."""
        for root in self.part.roots:
            yield from _citations(root, reference_prefix(self.id))

    def shown(self) -> list[Work]:
        """Return those of its references that it cites where it is not left out."""
        kept = {key for key, _ in self.citations()}
        return [work for work in self.works if work.key in kept or work.key not in self.linked]


def reference_prefix(chapter: str) -> str:
    """Return what the id of a reference begins with in a chapter's own list."""
    return f"{id_prefix(chapter, is_note=False)}ref-"


def _citations(root: Element, prefix: str) -> Iterator[tuple[str, Element]]:
    for link in root.all("a"):
        address = unquote(link.attributes.get("href", "")).removeprefix("#")
        if "citation" in link.classes and address.startswith(prefix):
            yield address.removeprefix(prefix), link


def linked_keys(root: Element, prefix: str) -> frozenset[str]:
    """Return the keys of the references that a text links to; the ids of its own list begin with `prefix`."""
    return frozenset(key for key, _ in _citations(root, prefix))


def unlink_citations(texts: Sequence[CitingText]) -> None:
    """Leave of citations their words alone, for a book without a list."""
    for text in texts:
        for _, link in text.citations():
            link.tag = "span"
            del link.attributes["href"]


def take_list(root: Element, prefix: str) -> None:
    """Take out of a text the list that was made of its citations, and the heading above it if nothing else is below."""
    place = next((n for n, child in enumerate(root.children) if _is_made(child, prefix)), None)
    if place is None:
        root.edit(lambda element: [] if _is_made(element, prefix) else None)
        return
    before = _last_of(root.children[:place])
    ends = next((child for child in root.children[place + 1 :] if not isinstance(child, str) or child.strip()), None)
    is_end = ends is None or (isinstance(ends, Element) and (ends.tag in HEADINGS or ends.classes == ["footnote"]))
    del root.children[place]
    heading = root.children[before] if before is not None else None
    if is_end and before is not None and isinstance(heading, Element) and heading.tag in HEADINGS:
        is_above = isinstance(ends, Element) and ends.tag in HEADINGS and ends.tag > heading.tag
        if not is_above:
            del root.children[before]


def _last_of(nodes: Sequence[Element | str]) -> int | None:
    """Return the place of the last of some nodes that is not space."""
    return next((n for n in range(len(nodes) - 1, -1, -1) if _has_words(nodes[n])), None)


def _has_words(node: Element | str) -> bool:
    return not isinstance(node, str) or bool(node.strip())


def _is_made(node: Element | str, prefix: str) -> bool:
    if isinstance(node, str) or "references" not in node.classes:
        return False
    return any(each.attributes.get("id", "").startswith(prefix) for each in node.all("p"))


# -- the list of the book


def merge_lists(
    texts: Sequence[CitingText],
    style: bytes | None,
    language: str,
    say: Callable[..., str],
) -> TextPart | None:
    """Return one list of what some texts cite, and lead their citations there; None if they cite nothing.

    The words of a citation are those that go with the list: "2021b" where the chapter alone had "2021". Raise BuildError.
    """
    cited = {text.id: works for text in texts if (works := text.shown())}
    if not cited:
        return None
    from weekahead.references.merged import merge_references
    from weekahead.references.style import CannotFormat
    from weekahead.references.style_file import BadStyle

    try:
        merged = merge_references(cited, style, language)
        if not merged.entries:  # of a style that has no list
            unlink_citations(texts)
            return None
        back = {text.id: _lead(text, cited[text.id], merged, style) for text in texts if text.id in cited}
    except (BadStyle, CannotFormat) as error:
        hint = "Leave one of the chapters out to find the reference, or try the style apa."
        raise build_error(
            "letter.yaml", "citation-style", f"a book cannot list its references: {error}", hint
        ) from None
    named = {text.id: text for text in texts}
    rows: list[Element | str] = []
    for entry in merged.entries:
        places = [_place(named[each], back[each].get(entry.key, named[each].id)) for each in merged.cited_in(entry)]
        rows += [_row(entry, places, say), "\n"]
    return TextPart(Element("", {}, [Element("div", {"class": "references"}, ["\n", *rows])]), [])


def _place(text: CitingText, name: str) -> Element:
    return Element("a", {"href": f"#{name}", "title": text.title, "role": "doc-backlink"}, [text.label])


def _row(entry: Entry, places: Sequence[Element], say: Callable[..., str]) -> Element:
    from weekahead.references.formatter import with_links

    row = Element("p", {"id": f"ref-{entry.key}"}, parse(with_links(entry.html)).children)
    sign = "\ue000"
    words = say("cited_in", chapters=sign)
    before, _, after = words.partition(sign)
    space = "\u00a0" if len(places) <= SHORT else " "
    links: list[Element | str] = []
    for place in places:
        links += [f",{space}", place] if links else [place]
    row.children += [" ", Element("span", {"class": "cited-in"}, [before.replace(" ", space), *links, after])]
    return row


# -- the citations


def _lead(text: CitingText, works: Sequence[Work], merged: MergedReferences, style: bytes | None) -> dict[str, str]:
    """Lead the citations of a text to the entries of a list, in whose words. Return the id of the first one of each entry."""
    from weekahead.references.merged import words_cited

    first: dict[str, str] = {}
    own: Mapping[str, tuple[str, ...]] = {}
    forms = words_cited(merged.items, style, text.language)
    for key, link in text.citations():
        entry = merged.ids.get((text.id, key))
        if entry is None:
            continue
        link.attributes["href"] = f"#ref-{entry}"
        if name := link.attributes.get("id"):
            first.setdefault(entry, name)
        words = link.text()
        if not _agrees(words, forms[entry]):
            own = own or words_cited([work.item for work in works], style, text.language)
            link.children = _in_place_of(link, _in_words_of_list(words, own[key], forms[entry]))
    return first


def _in_place_of(link: Element, words: str) -> list[Element | str]:
    """Return words as those of a link are, raised or not."""
    return [Element("sup", {}, [words])] if next(link.all("sup"), None) else [words]


def _agrees(words: str, forms: Sequence[str]) -> bool:
    """Return whether words are one of the forms of a citation, with or without a locator behind it."""
    return any(form and re.match(re.escape(form) + r"(?![\w-])", words) for form in map(_plain, forms))


def _in_words_of_list(words: str, own: Sequence[str], forms: Sequence[str]) -> str:
    """Return the words of a citation with what the list calls its reference in place of what the text alone does."""
    for before, after in zip(map(_plain, own), map(_plain, forms), strict=True):
        if before and words.startswith(before):
            return after + words[len(before) :]
    return words


def _plain(form: str) -> str:
    """Return the words of a form, without a bracket that closes behind its locator."""
    return parse(form).text().rstrip(")]")
