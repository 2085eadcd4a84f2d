"""Aspects of the letter that series and books are made from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from weekahead.model.book import Book, BookLimits, KeptEdition, SeriesNote
from weekahead.model.issue import Correction
from weekahead.site.aspects import Aspect, aspect, whole_aspect
from weekahead.site.groups import Groups
from weekahead.site.published import PublishedView
from weekahead.site.whats_next import UpcomingRow
from weekahead.theme.lookup import Theme


class BookAspects:
    """The part of a `RenderContext` that hands out series and books."""

    _view: PublishedView
    _groups: Groups
    _theme: Theme
    _digests: Mapping[str, str]
    _book_forms: Mapping[str, tuple[str, ...]]
    recorded: dict[Aspect, None]

    @whole_aspect
    def series_names(self) -> tuple[str, ...]:
        return tuple(self._groups.series)

    @aspect
    def series(self, name: str) -> tuple[str, ...]:
        """Return the files of the published parts of a series, in order."""
        return tuple(self._groups.series[name])

    @whole_aspect
    def book_names(self) -> tuple[str, ...]:
        """The names of the books of which something is published."""
        return tuple(self._groups.books)

    @aspect
    def book(self, name: str) -> Book:
        """Return a book, wherever in letter.yaml it stands."""
        return next(replace(book, line=0) for book in self._view.books if book.name == name)

    @aspect
    def book_files(self, name: str) -> tuple[str, ...]:
        """Return the files of a book's issues in the order of its chapters."""
        return tuple(self._groups.books[name])

    @aspect
    def book_forms(self, name: str) -> tuple[str, ...]:
        """Return the files that a book is made as here, where what makes a PDF may be missing: epub, pdf."""
        return self._book_forms.get(name, ())

    @aspect
    def books_of_series(self, name: str) -> tuple[str, ...]:
        """Return the names of the books of a series of which something is published."""
        return tuple(book.name for book in self._view.books if book.series == name and book.name in self._groups.books)

    @whole_aspect
    def book_limits(self) -> BookLimits:
        return self._view.book_limits

    @aspect
    def kept_editions(self, name: str) -> tuple[KeptEdition, ...]:
        """Return the kept editions of a book that readers may have, newest first."""
        return self._view.kept_editions(name)

    @aspect
    def corrections(self, file: str) -> tuple[Correction, ...]:
        """Return the corrections of an issue that are not dated later than the site is as of."""
        return self._view.corrections(file)

    @aspect
    def planned_parts(self, series: str) -> tuple[UpcomingRow, ...]:
        return self._view.planned_parts(series)

    @aspect
    def series_note(self, name: str) -> SeriesNote | None:
        """Return what letter.yaml says of a series, wherever it does."""
        return next((replace(note, line=0) for note in self._view.series_notes if note.name == name), None)

    @aspect
    def file_digest(self, name: str) -> str:
        """Return the digest of a file of the letter."""
        return self._digests[name]

    @aspect
    def asset(self, name: str) -> str | None:
        """Return the digest of an asset of the theme; None if there is no such asset."""
        found = self._theme.assets.get(name)
        return found.digest if found else None

    @whole_aspect
    def book_fonts(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of each font file among the theme's assets that books are set in: the author's and ours."""
        assets = self._theme.assets
        fonts = sorted(name for name in assets if name.startswith("fonts/"))
        kinds = (".ttf", ".otf", ".ttc", ".woff2")
        return tuple((name, assets[name].digest) for name in fonts if name.lower().endswith(kinds))
