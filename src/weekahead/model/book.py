"""A book of the letter: which issues it has, and what its author has chosen for it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.issue import Issue

FORMATS = ("html", "epub", "pdf")
FILES = {"epub": "EPUB", "pdf": "PDF"}
"""The formats that are files, and what readers call them."""


class Book(Struct, frozen=True, kw_only=True):
    """A series, a year or all of the letter as a book: exactly one of `series`, `year` and `everything` is set."""

    name: str
    """Its segment of an address."""
    title: str
    series: str | None = None
    year: int | None = None
    everything: bool = False
    formats: tuple[str, ...] = FORMATS
    paper: str = "a5"
    cover: str | None = None
    """A picture in templates/assets/."""
    preface: str | None = None
    """The file of a page, such as pages/preface.md."""
    leave_out: tuple[str, ...] = ()
    """Content kinds, and the words of headings, with all below them."""
    is_final: bool = False
    """Whether the author calls it an edition rather than a draft, once its series is complete."""
    line: int = 1

    @property
    def path(self) -> str:
        """The path of its page in the site."""
        return f"book/{self.name}/"

    def file_path(self, form: str) -> str:
        """Return the path in the site of the file that always has the newest edition."""
        return f"{self.path}{self.name}.{form}"

    @property
    def what(self) -> str:
        """What of the letter it has, as an author would say it."""
        return f'series "{self.series}"' if self.series else f"year {self.year}" if self.year else "whole letter"

    def has(self, issue: Issue, day: date) -> bool:
        """Return whether an issue that comes out on a day belongs to it."""
        if self.series:
            return issue.series is not None and issue.series.name == self.series
        return self.everything or day.year == self.year


class BookLimits(Struct, frozen=True, kw_only=True):
    """What a PDF may take: seconds of the processor, and pages."""

    seconds: int = 120
    pages: int = 400


class SeriesNote(Struct, frozen=True, kw_only=True):
    """What the page of a series says that the series is."""

    name: str
    about: str
    line: int = 1


class KeptEdition(Struct, frozen=True, kw_only=True, array_like=True):
    """An edition of a book that is kept as it was on its day: files in the letter's folder."""

    book: str
    day: date
    files: tuple[str, ...]
    """Their paths from the letter's root."""
    chapters: tuple[tuple[str, str], ...]
    """The key of each issue in it, and a digest of what it said."""
    where: Location
