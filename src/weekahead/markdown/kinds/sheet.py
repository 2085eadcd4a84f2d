"""CSV files (RFC 4180), read strictly, and the numbers in their cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from weekahead.markdown.kinds.kind import File
from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding, TextFinding

if TYPE_CHECKING:
    from decimal import Decimal

ROWS = 1000
"""Rows of the longest table; a longer one is better linked to."""

LONGEST_NUMBER = 40
"""Characters. A longer row of digits is a key or an account, and words."""

UNKNOWN = frozenset(["", "-", "–", "—", "n/a", "?"])
"""How authors write that a number is not known."""


class Row(Struct, frozen=True):
    line: int
    cells: tuple[str, ...]


class Sheet(Struct, frozen=True):
    """What a CSV file holds: its columns, and rows with as many cells. The first cell of a row is its name."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row.cells[place] for row in self.rows]


def read_sheet(file: File, faults: list[TextFinding], most: int = ROWS, unique: bool = True) -> Sheet | None:
    """Return a CSV file as a sheet; None, with a fault for each row that is wrong, or where there are more than `most`.

    Commas, semicolons or tabs part its cells. A row with the name of another one is wrong, unless it need not be `unique`.
    """
    before, found = len(faults), list[Finding]()
    text = decode_text(file.path, file.data, found)
    faults += [_fault(file.path, each.where.line, each.message, each.hint) for each in found]
    rows = _read_rows(file.path, text, faults) if text is not None else []
    if len(faults) > before:
        return None
    if len(rows) < 2:
        hint = "Put the column names into the first line, and rows below it."
        faults.append(_fault(file.path, 1, "this table has no rows", hint))
    elif len(rows) > most:
        message = f"this table has more than {most} rows"
        faults.append(_fault(file.path, rows[most].line, message, "Link to the file instead."))
    else:
        faults += _row_faults(file.path, rows, unique)
    return Sheet(file.path, rows[0].cells, tuple(rows[1:])) if len(faults) == before else None


def _read_rows(path: str, text: str, faults: list[TextFinding]) -> list[Row]:
    import csv
    import io

    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count), strict=True)
    rows: list[Row] = []
    line = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line + 1, tuple(_clean(cell) for cell in cells)))
            line = reader.line_num
    except csv.Error as error:
        faults.append(_fault(path, line + 1, f"this row cannot be read: {error}", "Check its quotation marks."))
    return rows


def _row_faults(path: str, rows: list[Row], unique: bool) -> list[TextFinding]:
    columns, faults = len(rows[0].cells), list[TextFinding]()
    names: dict[str, int] = {}
    for row in rows[1:]:
        if len(row.cells) != columns:
            message = f"this row has {len(row.cells)} cells, but the first line has {columns} columns"
            faults.append(_fault(path, row.line, message, 'Put a cell with a comma in it into "quotation marks".'))
        elif unique and names.setdefault(row.cells[0], row.line) != row.line:
            message = f'"{row.cells[0]}" is already the name of the row in line {names[row.cells[0]]}'
            faults.append(_fault(path, row.line, message, "The first cell is the name of its row, and must be unique."))
    return faults


def mismatches(first: Sheet, again: Sheet) -> list[TextFinding]:
    """Return what keeps a re-run from standing beside the first run: other columns, or other rows."""
    if first.columns != again.columns:
        ours, theirs = ", ".join(again.columns), ", ".join(first.columns)
        message = f"the columns here are {ours}; those of {first.file} are {theirs}"
        return [_fault(again.file, 1, message, "Give the re-run the same columns.")]
    hint = "Add the row there; write – for a value that is not known."
    return [
        _fault(here.file, row.line, f'"{row.cells[0]}" is not a row in {there.file}', hint)
        for here, there in ((first, again), (again, first))
        for row in here.rows
        if row.cells[0] not in there.column(0)
    ]


def _fault(file: str, line: int, message: str, hint: str) -> TextFinding:
    return TextFinding(rule="table", words="", message=message, hint=hint, line=max(line, 1), file=file)


def _clean(cell: str) -> str:
    words = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", "", cell)
    return " ".join((words if words.isascii() else unicodedata.normalize("NFC", words)).split())


# -- numbers

_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)(?P<unit>[$€£¥]?)(?P<whole>[0-9]{1,3}(?:[, \u00a0\u202f][0-9]{3})+|[0-9]+)"
    r"(?P<rest>[.,][0-9]+)?(?P<percent>[ \u00a0]?%)?"
)


class Number(Struct, frozen=True):
    """A cell that is a number, and the way it is written."""

    value: Decimal
    places: int
    group: str
    point: str
    unit: str
    is_percent: bool


def number(cell: str) -> Number | None:
    """Return the number that a cell is, if it is one: 154,162 or 47.5 or 3,9 or $12 or 8 %."""
    from decimal import Decimal

    found = _NUMBER.fullmatch(cell)
    if found is None or len(cell) > LONGEST_NUMBER:
        return None
    group = next((mark for mark in found["whole"] if mark not in "0123456789"), "")
    rest = found["rest"] or ""
    value = Decimal(re.sub(r"\D", "", found["whole"]) + rest.replace(",", "."))
    point = rest[:1] or ("," if group == "." else ".")
    value = -value if found["sign"] in ("-", "−") else value
    return Number(value, max(len(rest) - 1, 0), group, point, found["unit"], bool(found["percent"]))


def are_numbers(cells: Iterable[str]) -> bool:
    """Return whether every cell is a number, or unknown, and one of them known."""
    known = [cell for cell in cells if cell not in UNKNOWN]
    return bool(known) and all(number(cell) for cell in known)


def change_in(before: Iterable[str], percent: bool | None) -> tuple[bool, str]:
    """Return whether the change of a column is in percent, by default where every earlier number is 100 or more; and what
    to call it."""
    known = [found for found in map(number, before) if found]
    if percent is None:
        percent = all(abs(found.value) >= 100 and not found.is_percent for found in known)
    return percent, "change" if percent or not any(found.is_percent for found in known) else "change_points"


def change(before: str, after: str, percent: bool) -> str:
    """Return what became of a number, with its sign: "+3.9%" of what it was, or the difference; – where one is unknown."""
    from decimal import ROUND_HALF_UP, Context, Decimal

    exact = Context(prec=3 * LONGEST_NUMBER, rounding=ROUND_HALF_UP)
    old, new = number(before), number(after)
    if old is None or new is None or (percent and not old.value):
        return "–"
    if percent:
        difference = exact.subtract(new.value, old.value)
        value, places = exact.multiply(exact.divide(difference, exact.abs(old.value)), Decimal(100)), 1
    else:
        value, places = exact.subtract(new.value, old.value), max(old.places, new.places)
    value = value.quantize(Decimal(1).scaleb(-places), context=exact)
    point = new.point if new.places else old.point
    words = f"{value.copy_abs():,}".replace(",", "\0").replace(".", point).replace("\0", new.group or old.group)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{'' if percent else new.unit}{words}{'%' if percent else ''}"
