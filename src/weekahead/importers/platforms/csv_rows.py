"""The rows of a CSV file of an export, by the names of their columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.source_files import LARGEST_TEXT, SourceFiles, decode_source, read_source
from weekahead.model.findings import Location

LARGEST_CELL = 10_000_000
"""Signs of one cell; a whole book has fewer."""

_HEAD_BYTES = 65_536


class Row(Struct, frozen=True):
    """A row: its place in the file, and its cells by the names of the columns."""

    where: Location
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a cell without blanks at its ends; nothing where the file has no such column."""
        return self.cells.get(name, "").strip()


def csv_headings(files: SourceFiles, name: str) -> tuple[str, ...]:
    """Return the names of the columns of a file, as `read_rows` has them; nothing if it cannot be read."""
    try:
        with files.open(name) as file:
            text, _ = decode_source(file.read(_HEAD_BYTES))
        with _longest_cells():
            return _headings(next(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), []))
    except (OSError, csv.Error):
        return ()


def read_rows(files: SourceFiles, name: str, notes: Notes) -> Iterator[Row]:
    """Yield the rows of a file; one that cannot be read, or is far too long, is a note. Raise OSError."""
    text, sound = decode_source(read_source(files, name))
    if not sound:
        message = "this file is not UTF-8; it was read as Windows-1252"
        notes.add(Outcome.ASK, "encoding", message, source=Location(name), hint="Look at letters with accents.")
    with _longest_cells():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        headings = _headings(next(reader, []))
        while True:
            where = Location(name, reader.line_num + 1)
            try:
                cells = next(reader, None)
            except csv.Error as error:
                notes.add(Outcome.ASK, "damaged-row", f"the rest of this file cannot be read: {error}", source=where)
                return
            if cells is None:
                return
            if row := _checked(where, headings, cells, notes):
                yield row


def _checked(where: Location, headings: tuple[str, ...], cells: list[str], notes: Notes) -> Row | None:
    """Return a row, or None for an empty one and, with a note, for one that is far too long."""
    if not any(cell.strip() for cell in cells):
        return None
    if max(map(len, cells)) > LARGEST_CELL:
        message = f"a row with a cell of more than {LARGEST_CELL:,} signs was left out"
        notes.add(Outcome.ASK, "giant-row", message, source=where)
        return None
    if len(cells) != len(headings):
        message = f"this row has {len(cells)} cells and not {len(headings)}"
        notes.add(Outcome.ASK, "damaged-row", message, source=where, hint="Compare the issue with the original.")
    return Row(where, dict(zip(headings, cells, strict=False)))


def _headings(cells: list[str]) -> tuple[str, ...]:
    """Return names of columns in one spelling: "Publish Date" is publish_date."""
    return tuple(re.sub(r"\W+", "_", cell.strip().lower()).strip("_") for cell in cells)


def _delimiter(text: str) -> str:
    """Return what stands between the cells of the first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


@contextmanager
def _longest_cells() -> Iterator[None]:
    """Let the csv module read cells of any length that a file can have. The limit is one for the whole process."""
    limit = csv.field_size_limit(LARGEST_TEXT)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
