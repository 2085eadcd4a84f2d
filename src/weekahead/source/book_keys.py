"""The keys of `books:`, `book:` and `series:` in letter.yaml."""

from __future__ import annotations

import re

from weekahead.model.book import FORMATS, Book, BookLimits, SeriesNote
from weekahead.model.issue import slug_of_name
from weekahead.source import value_types as types
from weekahead.source.key_table import Table, optional, required
from weekahead.source.value_types import BadValue, ListOf, Scalar, fold, within_path

PAPERS = ("a5", "b5", "a4", "letter")
LIMITS = BookLimits()


def _book_name(words: str) -> str:
    name = fold(words)
    if name and slug_of_name(name) != name:
        raise BadValue(hint=f"Write KEY: {slug_of_name(name) or 'the-letter'}.")
    return within_path(name, name)


def _preface(words: str) -> str:
    name = fold(words)
    if name and not re.fullmatch(r"pages/[^/]+(/index)?\.md", name):
        raise BadValue
    return name


BOOK_NAME = Scalar("a segment of an address", _book_name)
PREFACE = Scalar("a page such as pages/preface.md", _preface)


class BookKeys(Table[Book]):
    series = optional(types.NAME, "The book of a series, by its name.")
    year = optional(types.integer(1900, 9990), "The book of the issues of a year.")
    everything = optional(types.BOOLEAN, "The book of all issues.", False, name="all")
    name = optional(BOOK_NAME, "Its name in addresses; that of the series, the year, or `the-letter` if absent.")
    title = optional(types.LINE, "Its title; that of the series, or of the letter, if absent.")
    formats = optional(
        ListOf(types.choice(FORMATS)), "What it is made as. The PDF needs the extra `weekahead[book]`.", FORMATS
    )
    paper = optional(types.choice(PAPERS), "The size of the PDF's pages.", "a5")
    cover = optional(types.FILE_NAME, "A picture in `templates/assets/` for the first page.")
    preface = optional(PREFACE, "A page, such as `pages/preface.md`, that comes first.")
    leave_out = optional(
        ListOf(types.LINE),
        "What the book does without: content kinds such as `links` and `post`, and headings with all below them.",
        (),
    )
    edition = optional(
        types.choice(("draft", "final")), "`final` calls it an edition, once its series is complete.", "draft"
    )

    def build(self) -> Book | None:
        kinds = [key for key in ("series", "year", "everything") if getattr(self, key)]
        if len(kinds) != 1:
            message = f"a book is of one thing, but this is of {len(kinds) or 'none'}"
            hint = "Write {series: NAME}, {year: 2022} or {all: true}."
            self.yaml.source.find(self.yaml.where, "book", message, hint)
            return None
        name = self.name or (slug_of_name(self.series) if self.series else str(self.year or "the-letter"))
        if not name:
            self.yaml.source.find(self.yaml.where, "book", "this book has no name for its address", "Add name: ...")
            return None
        return Book(
            name=name, title=self.title or self.series or "", series=self.series, year=self.year,
            everything=self.everything, formats=tuple(dict.fromkeys(self.formats)), paper=self.paper, cover=self.cover,
            preface=self.preface, leave_out=self.leave_out, is_final=self.edition == "final",
            line=self.yaml.where.line,
        )  # fmt: skip


class BookLimitKeys(Table[BookLimits]):
    seconds = optional(types.integer(1, 36_000), "Seconds of the processor that a PDF may take.", LIMITS.seconds)
    pages = optional(types.integer(1, 20_000), "Pages that a PDF may have.", LIMITS.pages)

    def build(self) -> BookLimits:
        return BookLimits(seconds=self.seconds, pages=self.pages)


class SeriesNoteKeys(Table[SeriesNote]):
    name = required(types.NAME, "The name of the series.")
    about = required(types.LINE, "What it is about, for its page and its book.")

    def build(self) -> SeriesNote:
        return SeriesNote(name=self.name, about=self.about, line=self.yaml.where.line)
