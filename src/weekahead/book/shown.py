"""What the templates of a book are given, the same for its page, its EPUB and its PDF."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from msgspec import Struct

from weekahead.book.chapters import BookText, ChapterText, book_text
from weekahead.book.elements import Element, write
from weekahead.book.media import Maker, Medium, Pictures
from weekahead.book.source import AudioLink, BookSource, ChapterSource
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.issue import Correction
from weekahead.theme.i18n import Translator

MOST_LINES = 160
"""Lines of a table of contents that names sections as well as chapters."""


class Section(Struct, frozen=True, kw_only=True):
    """A heading of the second level of a chapter."""

    id: str
    title: str


class BookChapter(Struct, frozen=True, kw_only=True):
    """A chapter. Texts are HTML that is XML as well."""

    id: str
    number: int
    label: str
    title: str
    day: date
    address: str
    """The address of the issue's own page."""
    authors: list[str]
    language: str | None
    direction: str | None
    audio: AudioLink | None
    cover: Markup | None
    note: Markup | None
    body: Markup
    corrections: list[Correction]
    sections: list[Section]


class BookPreface(Struct, frozen=True, kw_only=True):
    title: str
    body: Markup


class BookPart(Struct, frozen=True, kw_only=True):
    """A part of the series that is not published; title and day where the public plan has them."""

    number: int
    title: str | None
    date: date | None


class BookInfo(Struct, frozen=True, kw_only=True):
    """What its title page says of a book: `book` in templates."""

    title: str
    about: str | None
    series_line: str | None
    letter: str
    authors: list[str]
    language: str
    direction: str
    day: date
    is_edition: bool
    address: str
    copyright: str | None
    paper: str


class BookContents(Struct, frozen=True, kw_only=True):
    """All that a book has behind its title page."""

    preface: BookPreface | None
    chapters: list[BookChapter]
    missing: list[BookPart]
    references: Markup | None
    with_sections: bool
    """Does the table of contents name sections? Not where it would be longer than a few pages."""

    @property
    def changed(self) -> list[BookChapter]:
        """The chapters that were corrected."""
        return [chapter for chapter in self.chapters if chapter.corrections]


def book_info(source: BookSource) -> BookInfo:
    return BookInfo(
        title=source.title,
        about=source.about,
        series_line=source.series_line,
        letter=source.letter,
        authors=[*source.authors],
        language=source.language,
        direction=source.direction,
        day=source.day,
        is_edition=source.is_edition,
        address=source.address,
        copyright=source.copyright,
        paper=source.book.paper,
    )


def made_contents(
    source: BookSource, texts: RenderedTexts, translator: Translator, medium: Medium, maker: Maker | None = None
) -> tuple[BookContents, BookText, Pictures]:
    """Return what a book has in a medium, the text it was made from, and the pictures that the medium carries along."""
    text = book_text(source, texts, translator)
    maker = maker or Maker(medium, Pictures(), lambda number: translator.translate("back_to_note", number=number))
    maker.fit(text)
    lines = len(text.chapters) + sum(len(chapter.sections) for chapter in text.chapters)
    preface = text.preface and BookPreface(title=source.preface_title or "", body=maker.html(text.preface))
    contents = BookContents(
        preface=preface or None,
        chapters=[_chapter(each, maker) for each in text.chapters],
        missing=[BookPart(number=each.number, title=each.title, date=each.day) for each in source.missing],
        references=maker.html(text.references) if text.references else None,
        with_sections=lines <= MOST_LINES,
    )
    return contents, text, maker.pictures


def _chapter(chapter: ChapterText, maker: Maker) -> BookChapter:
    source = chapter.source
    return BookChapter(
        id=source.id,
        number=source.number,
        label=source.label,
        title=source.title,
        day=source.day,
        address=source.address,
        authors=[*source.authors],
        language=source.language,
        direction=source.direction,
        audio=source.audio,
        cover=_cover(source, maker),
        note=maker.html(chapter.note) if chapter.note else None,
        body=maker.html(chapter.body),
        corrections=[*source.corrections],
        sections=[Section(id=own, title=title) for own, title in chapter.sections],
    )


def _cover(source: ChapterSource, maker: Maker) -> Markup | None:
    if source.cover is None:
        return None
    picture = Element("img", {"src": source.cover.address, "alt": source.cover.alt})
    return Markup(write(maker.picture(picture), is_xml=maker.medium == "epub"))
