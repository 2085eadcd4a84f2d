"""The texts of a book's chapters as elements: cut, numbered, with links that stay inside where they can."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from weekahead.book.bibliography import (
    CitingText,
    linked_keys,
    merge_lists,
    reference_prefix,
    take_list,
    unlink_citations,
)
from weekahead.book.elements import Element, parse
from weekahead.book.leaving_out import leave_out
from weekahead.book.links import tie_links
from weekahead.book.notes import TextPart, take_notes, words_of
from weekahead.book.placing import INSIDE, id_prefix
from weekahead.book.source import PREFACE_ID, BookSource, ChapterSource
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.theme.i18n import Translator


class ChapterText(Struct, frozen=True, kw_only=True):
    """A chapter, ready for any medium. `sections` are the headings of its second level: id and words."""

    source: ChapterSource
    note: TextPart | None
    body: TextPart
    sections: list[tuple[str, str]] = []

    @property
    def roots(self) -> list[Element]:
        """Its texts and their notes."""
        return [*(self.note.roots if self.note else []), *self.body.roots]


class BookText(Struct, frozen=True, kw_only=True):
    """The texts of a book, and the headings that `leave_out` names and no chapter has."""

    preface: TextPart | None
    chapters: list[ChapterText]
    unmatched: list[str]
    references: TextPart | None = None
    """One list of what the chapters cite."""

    def parts(self) -> Iterator[TextPart]:
        """Yield each text in the order of the book."""
        yield from [self.preface] if self.preface else []
        for chapter in self.chapters:
            yield from [chapter.note, chapter.body] if chapter.note else [chapter.body]
        yield from [self.references] if self.references else []

    def roots(self) -> Iterator[Element]:
        """Yield every text and every note."""
        for part in self.parts():
            yield from part.roots


def book_text(source: BookSource, texts: RenderedTexts, translator: Translator) -> BookText:
    """Return the texts of a book; those that were rendered before are not rendered again."""
    left, linked = dict.fromkeys(source.book.leave_out, False), dict[str, frozenset[str]]()
    figures = _Figures(translator)
    preface = _body(texts.html(source.preface), left, PREFACE_ID, linked) if source.preface else None
    chapters = [_chapter(each, texts, translator, left, figures, linked) for each in source.chapters]
    citing = _citing(source, preface, chapters, translator, linked)
    book = BookText(
        preface=preface,
        chapters=chapters,
        unmatched=[name for name, was_there in left.items() if not was_there],
        references=None
        if "references" in left
        else merge_lists(citing, source.style, source.language, translator.translate),
    )
    if book.references is None:
        unlink_citations(citing)
    figures.name_in_links(book)
    homes = {chapter.id: chapter.address for chapter in source.chapters}
    if source.preface:
        homes[PREFACE_ID] = source.address
    tie_links([*book.parts()], homes)
    return replace(book, chapters=[replace(each, sections=_sections(each.body.root)) for each in chapters])


def _chapter(
    source: ChapterSource,
    texts: RenderedTexts,
    translator: Translator,
    left: dict[str, bool],
    figures: _Figures,
    linked: dict[str, frozenset[str]],
) -> ChapterText:
    def say(key: str, **values: object) -> str:
        """Return a sentence of the site; tables have the numbers of their chapters."""
        if key == "table_number":
            return translator.translate(key, number=translator.format_number(f"{source.number}.{values['number']}"))
        return translator.expand(key, **values)

    note = _part(texts.html(source.note, say), left) if source.note else None
    body = _body(texts.html(source.body, say), left, source.id, linked, len(note.notes) if note else 0)
    figures.number(body.root, source)
    return ChapterText(source=source, note=note, body=body)


def _sections(root: Element) -> list[tuple[str, str]]:
    headings = ((heading.attributes.get("id", ""), words_of(heading)) for heading in root.all("h2"))
    return [(own, words) for own, words in headings if own and words]


def _part(html: str, left: dict[str, bool], notes_before: int = 0) -> TextPart:
    root = parse(html)
    leave_out(root, left)
    return take_notes(root, notes_before)


def _body(
    html: str, left: dict[str, bool], chapter: str, linked: dict[str, frozenset[str]], notes_before: int = 0
) -> TextPart:
    """Return the body of a chapter without its own list of references. Note in `linked` those that it cites."""
    root, prefix = parse(html), reference_prefix(chapter)
    if keys := linked_keys(root, prefix):
        linked[chapter] = keys
        take_list(root, prefix)
    leave_out(root, left)
    return take_notes(root, notes_before)


def _citing(
    source: BookSource,
    preface: TextPart | None,
    chapters: list[ChapterText],
    translator: Translator,
    linked: dict[str, frozenset[str]],
) -> list[CitingText]:
    """Return the texts of a book that cite references."""
    made = [
        CitingText(
            id=one.source.id,
            label=translator.format_number(one.source.number),
            title=one.source.title,
            language=one.source.language or source.language,
            works=one.source.works,
            part=one.body,
            linked=linked.get(one.source.id, frozenset()),
        )
        for one in chapters
        if one.source.works
    ]
    if preface is None or not source.preface_works:
        return made
    title, links = source.preface_title or "", linked.get(PREFACE_ID, frozenset[str]())
    works, language = source.preface_works, source.language
    own = CitingText(
        id=PREFACE_ID, label=title, title=title, language=language, works=works, part=preface, linked=links
    )
    return [own, *made]


class _Figures:
    """Numbers the tables and figures of each chapter, and says so where links name them."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._numbers: dict[str, tuple[str, str]] = {}
        """The number in its chapter and that in the book of each table and figure, by its id."""

    def number(self, root: Element, source: ChapterSource) -> None:
        """Number the figures of a chapter; the tables have their numbers."""
        prefix, count = id_prefix(source.id, is_note=False), 0
        for figure in root.all("figure"):
            own = figure.attributes.get("id", "")
            if "data" in figure.classes and (match := re.fullmatch(re.escape(prefix) + r"table-(\d+)", own)):
                self._numbers[own] = (match[1], f"{source.number}.{match[1]}")
            elif not figure.classes and (caption := next(figure.all("figcaption"), None)) is not None:
                count += 1
                own = figure.attributes.setdefault("id", f"{prefix}wa-figure-{count}")
                for named in figure.all():
                    self._numbers[named.attributes.get("id", "")] = (str(count), f"{source.number}.{count}")
                label = self._label("figure_number", f"{source.number}.{count}")
                caption.children = [Element("strong", {}, [f"{label}."]), " ", *caption.children]

    def name_in_links(self, book: BookText) -> None:
        """Write "Table 8.1" where the words of a link to it are "Table 1"."""
        for root in book.roots():
            for link in root.all("a"):
                address = link.attributes.get("href", "").removeprefix("#").removeprefix(INSIDE)
                numbers = self._numbers.get(address)
                if numbers and (words := self._named(link.text(), numbers[0])):
                    link.children = [f"{words}{self._translator.format_number(numbers[1])}"]

    def _named(self, words: str, number: str) -> str:
        """Return the words before a number if they are a name for a table or a figure, else nothing."""
        match = re.fullmatch(r"(\D*?\s*)(\d+)", words.strip())
        if not match or str(int(match[2])) != number:
            return ""
        known = {self._label(key, "").strip().casefold() for key in ("table_number", "figure_number")}
        is_known = match[1].strip().casefold() in known | {"table", "figure", "fig."}
        return match[1] if is_known else ""

    def _label(self, key: str, number: str) -> str:
        return self._translator.translate(key, number=self._translator.format_number(number))
