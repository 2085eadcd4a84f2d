"""The rules about the books and series that letter.yaml names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from weekahead.model.book import Book
from weekahead.model.findings import Finding, Location, nearest
from weekahead.model.issue import Page
from weekahead.model.letter import Letter


def check_books(letter: Letter) -> Iterator[Finding]:
    """Yield books of one name, of a series or a year without any issue, and with a preface that is no page."""
    named: dict[str, Book] = {}
    for book in letter.config.books:
        where = Location(letter.config.file, book.line)
        twin = named.setdefault(book.name, book)
        if twin is not book:
            message = f'the book of line {twin.line} is called "{book.name}" as well'
            yield Finding(where, "book-name", message, "Give one of the two another name: ...")
        if book.series and book.series not in (known := _series_names(letter)):
            yield _unknown_series(where, book.series, known)
        elif not any(book.has(issue, day) for issue in letter.issues if (day := letter.known_day(issue))):
            yield Finding(
                where, "book-empty", f"no issue belongs to this book of the {book.what}", "Check what it is of."
            )
        yield from _check_preface(letter, book, where)
    for note in letter.config.series:
        if note.name not in (known := _series_names(letter)):
            yield _unknown_series(Location(letter.config.file, note.line), note.name, known)


def _series_names(letter: Letter) -> list[str]:
    """Return the names of series that issues or the plan have."""
    written = (issue.series.name for issue in letter.issues if issue.series)
    planned = (entry.series for entry in letter.schedule.entries.values() if entry.series)
    return list(dict.fromkeys([*written, *planned]))


def _unknown_series(where: Location, name: str, known: Iterable[str]) -> Finding:
    return Finding(where, "series-unknown", f'no issue is part of a series "{name}"', nearest(name, known))


def _check_preface(letter: Letter, book: Book, where: Location) -> Iterator[Finding]:
    if book.preface is None:
        return
    page = preface_of(letter.pages, book)
    if page is None:
        files = [page.source.file for page in letter.pages]
        yield Finding(where, "book-preface", f'there is no page "{book.preface}"', nearest(book.preface, files))
    elif page.is_draft:
        message = f"the preface {page.source.file} is a draft, so that the book would do without it"
        yield Finding(where, "book-preface", message, "Remove draft: true from it, or preface from the book.")


def preface_of(pages: Iterable[Page], book: Book) -> Page | None:
    """Return the page that is a book's preface."""
    return next((page for page in pages if page.source.file == book.preface), None)
