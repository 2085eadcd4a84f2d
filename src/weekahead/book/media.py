"""The texts of a book as a page, an EPUB or a PDF has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from markupsafe import Markup
from msgspec import Struct, field

from weekahead.book.chapters import BookText
from weekahead.book.elements import HEADINGS, Element, write
from weekahead.book.notes import TextPart, at_the_end, into_the_line, words_of
from weekahead.book.placing import FILE_SCHEME
from weekahead.book.source import PREFACE_ID
from weekahead.model.addresses import split_address

Medium = Literal["page", "epub", "print"]
EPUB_PICTURES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""The media types that every reader of EPUB shows (EPUB 3.3, 3.2), by the endings of names."""


WHOLE_ROWS = 12
"""Rows of the longest table that stays on one page."""


class Pictures(Struct):
    """The pictures that a medium carries along: the name of each in it, by the file of the letter."""

    names: dict[str, str] = field(default_factory=dict)

    def add(self, file: str) -> str:
        """Return the name of a picture."""
        ending = f".{file.rpartition('.')[2].lower()}"
        return self.names.setdefault(file, f"images/{len(self.names) + 1:03}{ending}")


class Maker(Struct, frozen=True):
    """Makes the texts of a book fit for a medium.

    `back` returns the words of a link back to the mark of a note, `label` those of a table, and `formula` an element in
    place of MathML, where the medium needs one.
    """

    medium: Medium
    pictures: Pictures
    back: Callable[[int], str]
    formula: Callable[[Element], Element] | None = None

    def fit(self, book: BookText) -> None:
        """Make every text of a book fit."""
        if self.medium == "epub":
            _lead_to_files(book)
        for root in book.roots():
            root.edit(self._change)
            self._lower_headings(root)
            if self.medium == "print":
                _mark_long_tables(root)

    def html(self, part: TextPart) -> Markup:
        """Return a text that is fit with its notes."""
        root = Element("", {}, [*part.root.children])
        if self.medium == "print":
            into_the_line(root, part.notes)
        else:
            root.children += at_the_end(part.notes, self.back, is_epub=self.medium == "epub")
        return Markup(write(root, is_xml=self.medium == "epub"))

    def _lower_headings(self, root: Element) -> None:
        """Put headings below the title of their chapter, which is a level lower where all chapters are on one page."""
        for heading in root.all(*HEADINGS):
            if self.medium == "print":
                heading.attributes["data-label"] = words_of(heading)
            if self.medium != "epub":
                heading.tag = f"h{min(6, int(heading.tag[1]) + 1)}"

    def _change(self, element: Element) -> list[Element | str] | None:
        if element.tag == "img":
            return [self.picture(element)]
        if element.tag == "math":
            return [self.formula(element) if self.formula else _with_namespace(element)]
        if element.tag in ("details", "summary") and self.medium != "page":
            element.tag = {"details": "div", "summary": "p"}[element.tag]
            element.attributes["class"] = "opened" if element.tag == "p" else "details"
        elif element.tag == "pre":
            element.attributes |= {"dir": "ltr"} | ({"tabindex": "0"} if self.medium == "page" else {})
        elif element.tag == "div" and element.classes == ["table"] and self.medium == "page":
            caption = next(element.all("caption"), None)
            element.attributes |= {"role": "region", "tabindex": "0"}
            element.attributes["aria-label"] = " ".join((caption or element).text().split())[:60]
        elif "note-mark" in element.classes and self.medium != "print":
            element.attributes |= {"role": "doc-noteref"} | ({"epub:type": "noteref"} if self.medium == "epub" else {})
        return None

    def picture(self, picture: Element) -> Element:
        """Return a picture of the letter as the medium has it; where it cannot have one, a link to it."""
        source = picture.attributes["src"]
        file, _, absolute = source.removeprefix(FILE_SCHEME).partition("\n")
        if not source.startswith(FILE_SCHEME):
            return picture if self.medium == "page" else _link_to(picture, source)
        if self.medium == "page":
            parts = split_address(absolute)
            picture.attributes["src"] = absolute.removeprefix(f"{parts.scheme}://{parts.netloc}")
        elif f".{file.rpartition('.')[2].lower()}" in EPUB_PICTURES:
            picture.attributes["src"] = self.pictures.add(file)
        else:
            return _link_to(picture, absolute)
        return picture


def _mark_long_tables(root: Element) -> None:
    """Mark the tables within which a page may end: moved to the next one as a whole they would leave half a page empty."""
    for element in root.all("table", "div", "figure"):
        is_table = element.tag == "table" or "table" in element.classes or "data" in element.classes
        if is_table and sum(1 for _ in element.all("tr")) > WHOLE_ROWS:
            element.attributes["class"] = " ".join([*element.classes, "long"])


def _lead_to_files(book: BookText) -> None:
    """Lead links inside a book, each chapter of which is a file, to the files."""
    files = {root.id: f"{root.id}.xhtml" for root in (chapter.source for chapter in book.chapters)}
    roots = [(f"{each.source.id}.xhtml", root) for each in book.chapters for root in each.roots]
    if book.preface:
        files[PREFACE_ID] = f"{PREFACE_ID}.xhtml"
        roots += [(f"{PREFACE_ID}.xhtml", root) for root in book.preface.roots]
    if book.references:
        roots.append(("references.xhtml", book.references.root))
    files |= {own: file for file, root in roots for element in root.all() if (own := element.attributes.get("id"))}
    for file, root in roots:
        for link in root.all("a"):
            address = link.attributes.get("href", "")
            if address.startswith("#") and files.get(address[1:], file) != file:
                link.attributes["href"] = files[address[1:]] + address


def _link_to(picture: Element, address: str) -> Element:
    words = picture.attributes.get("alt") or address
    if address.startswith("data:"):
        return Element("span", {}, [words if not words.startswith("data:") else ""])
    return Element("a", {"href": address}, [words])


def _with_namespace(formula: Element) -> Element:
    return Element("math", {"xmlns": "http://www.w3.org/1998/Math/MathML"} | formula.attributes, formula.children)
