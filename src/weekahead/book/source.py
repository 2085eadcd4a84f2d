"""What a book is made from: the chapters with references to their texts, and all that its title page says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from weekahead.book.placing import FILE_SCHEME, file_address, place_chapter_text
from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.book import Book
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Correction, format_duration, issue_key
from weekahead.site.cited_works import citation_style, cited_works
from weekahead.site.context import RenderContext
from weekahead.site.issue_page import author_names, parts_in_all, series_progress
from weekahead.site.page_context import direction

if TYPE_CHECKING:
    from weekahead.references.library import Work


class AudioLink(Struct, frozen=True, kw_only=True):
    """The audio edition of a chapter, elsewhere."""

    address: str
    duration: str | None


class ChapterCover(Struct, frozen=True, kw_only=True):
    """The picture of an issue, with an address as texts in books have it."""

    address: str
    alt: str


class ChapterSource(Struct, frozen=True, kw_only=True):
    """An issue as a chapter, its texts not yet rendered. `id` begins every id in it."""

    id: str
    number: int
    file: str
    key: str
    """That of the issue."""
    label: str
    title: str
    day: date
    address: str
    """The absolute address of its own page."""
    authors: tuple[str, ...]
    language: str | None
    direction: str | None
    note: TextRef | None
    body: TextRef
    audio: AudioLink | None
    cover: ChapterCover | None
    corrections: tuple[Correction, ...]
    digest: str
    """Of what the issue says."""
    works: tuple[Work, ...] = ()
    """The references that its text cites."""


class MissingPart(Struct, frozen=True, kw_only=True):
    """A part of the series that is not published; title and day only where the public plan has them."""

    number: int
    title: str | None = None
    day: date | None = None


class BookSource(Struct, frozen=True, kw_only=True):
    """A book as of an instant."""

    book: Book
    title: str
    about: str | None
    series_line: str | None
    letter: str
    """The title of the letter."""
    authors: tuple[str, ...]
    language: str
    direction: str
    day: date
    """The day of the edition: the latest on which a chapter was published or corrected."""
    is_edition: bool
    """Is it an edition, and no draft?"""
    address: str
    """The absolute address that always has the newest edition."""
    identifier: str
    copyright: str | None
    preface: TextRef | None = None
    preface_title: str | None = None
    preface_works: tuple[Work, ...] = ()
    """The references that the preface cites."""
    style: bytes | None = None
    """The style of references, as a CSL file; APA if there is none."""
    chapters: tuple[ChapterSource, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    """Each picture of the letter that a chapter shows or links to, and its digest."""
    missing: tuple[MissingPart, ...] = ()


def book_source(context: RenderContext, name: str) -> BookSource:
    """Return a book of which something is published."""
    head, files = book_head(context, name), context.book_files(name)
    numbers = _numbers(context, head.book, files)
    chapters = tuple(_chapter(context, file, numbers) for file in files)
    return replace(
        head,
        preface=_preface(context, head.book, numbers),
        preface_title=context.page(head.book.preface).title if head.book.preface else None,
        preface_works=cited_works(context, head.book.preface) if head.book.preface else (),
        style=next(filter(None, (citation_style(context, file) for file in files)), None),
        chapters=chapters,
        pictures=_pictures(context, chapters),
        missing=_missing(context, head.book, {*numbers.values()}, _parts(context, head.book, files)),
    )


def book_head(context: RenderContext, name: str) -> BookSource:
    """Return what the title page of a book says, without chapters: no text of an issue bears on it."""
    book, files, config = context.book(name), context.book_files(name), context.config
    cards, of = [context.card(file) for file in files], _parts(context, book, files)
    note = context.series_note(book.series) if book.series else None
    corrected = [made.date for file in files for made in context.corrections(file)]
    return BookSource(
        book=book,
        title=book.title or (f"{config.title} {book.year}" if book.year else config.title),
        about=note.about if note else config.tagline,
        series_line=series_progress(context, [*_numbers(context, book, files).values()], of) if book.series else None,
        letter=config.title,
        authors=tuple(dict.fromkeys(author for card in cards for author in author_names(context, card))),
        language=config.language,
        direction=context.translator.direction,
        day=max([*(card.day for card in cards), *corrected]),
        is_edition=book.is_final and (not book.series or of == len(files)),
        address=context.absolute(book.path),
        identifier=config.identity(f"book/{name}"),
        copyright=config.copyright,
    )


def _numbers(context: RenderContext, book: Book, files: Sequence[str]) -> dict[str, int]:
    """Return the number of each chapter: that of its part in a series, else its place."""
    cards = (context.card(file) for file in files)
    return {card.file: card.series.part if book.series and card.series else n for n, card in enumerate(cards, 1)}


def _parts(context: RenderContext, book: Book, files: Sequence[str]) -> int | None:
    return parts_in_all([context.card(file) for file in files]) if book.series else None


def chapter_id(number: int) -> str:
    """Return the id of a chapter."""
    return f"c{number}"


PREFACE_ID = "preface"


def _chapter(context: RenderContext, file: str, numbers: dict[str, int]) -> ChapterSource:
    card, details, body = context.card(file), context.details(file), context.body(file)
    number, audio, cover = numbers[file], details.audio, details.cover
    ids = {each: chapter_id(part) for each, part in numbers.items()}
    audio_path = audio and audio.file and context.absolute(context.file_path(file, audio.file))
    return ChapterSource(
        id=ids[file],
        number=number,
        file=file,
        key=issue_key(card.number, card.slug),
        label=context.label(card.number),
        title=card.title,
        day=card.day,
        address=context.absolute(card.path),
        authors=tuple(author_names(context, card)),
        language=card.language,
        direction=direction(card.language),
        note=place_chapter_text(context, file, details.note, ids, is_note=True) if details.note else None,
        body=place_chapter_text(context, file, body, ids),
        audio=AudioLink(
            address=audio_path or audio.url or "",
            duration=None if audio.duration is None else format_duration(audio.duration),
        )
        if audio
        else None,
        cover=ChapterCover(address=file_address(context, file, cover.file), alt=cover.alt) if cover else None,
        corrections=context.corrections(file),
        digest=hash_value([card.title, *(text.digest for text in context.all_texts(file))]),
        works=cited_works(context, file),
    )


def _pictures(context: RenderContext, chapters: tuple[ChapterSource, ...]) -> tuple[tuple[str, str], ...]:
    texts = [text for chapter in chapters for text in (chapter.note, chapter.body) if text]
    addresses = [*(each for text in texts for each in text.addresses.values())]
    addresses += [chapter.cover.address for chapter in chapters if chapter.cover]
    files = {
        address.removeprefix(FILE_SCHEME).partition("\n")[0] for address in addresses if address.startswith(FILE_SCHEME)
    }
    return tuple((file, context.file_digest(file)) for file in sorted(files))


def _preface(context: RenderContext, book: Book, numbers: dict[str, int]) -> TextRef | None:
    if book.preface is None:
        return None
    ids = {each: chapter_id(part) for each, part in numbers.items()} | {book.preface: PREFACE_ID}
    return place_chapter_text(context, book.preface, context.body(book.preface), ids)


def _missing(context: RenderContext, book: Book, parts: set[int], of: int | None) -> tuple[MissingPart, ...]:
    """Return the parts that are not published. Those after the last one have the names of the plan, as far as it is public."""
    if not book.series:
        return ()
    gaps = [MissingPart(number=number) for number in range(min(parts), max(parts)) if number not in parts]
    planned = context.planned_parts(book.series)
    last = max([of or 0, max(parts) + len(planned)])
    coming = dict(enumerate(planned, max(parts) + 1))
    return (
        *gaps,
        *(
            MissingPart(number=number, title=coming[number].title, day=coming[number].date)
            if number in coming
            else MissingPart(number=number)
            for number in range(max(parts) + 1, last + 1)
        ),
    )
