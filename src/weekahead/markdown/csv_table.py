"""Tables from CSV files (RFC 4180): read strictly, and shown alone or beside a re-run with what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from msgspec import Struct

from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding, TextFinding

if TYPE_CHECKING:
    from decimal import Decimal

ROWS = 1000
"""Rows of the longest table; a longer one is better linked to."""

UNKNOWN = frozenset(["", "-", "–", "—", "n/a", "?"])
"""How authors write that a number is not known."""

Say = Callable[..., str]
"""Stands for words of the site, which are put in where the text is placed."""


class Row(Struct, frozen=True):
    line: int
    cells: tuple[str, ...]


class Sheet(Struct, frozen=True):
    """What a CSV file holds: its columns, and rows with as many cells. The first cell of a row is its name."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, place: int) -> list[str]:
        return [row.cells[place] for row in self.rows]


def sheet(file: str, data: bytes, faults: list[TextFinding]) -> Sheet | None:
    """A CSV file as a sheet; None, with a fault for each row that is wrong. Commas, semicolons or tabs part its cells."""
    import csv
    import io

    before, found = len(faults), list[Finding]()
    text = decode_text(file, data, found)
    faults += [_fault(file, each.where.line, each.message, each.hint) for each in found]
    if text is None:
        return None
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
        faults.append(_fault(file, line + 1, f"this row cannot be read: {error}", "Check its quotation marks."))
        return None
    if len(rows) < 2:
        faults.append(
            _fault(file, 1, "this table has no rows", "Put the column names into the first line, and rows below it.")
        )
        return None
    if len(rows) > ROWS:
        faults.append(
            _fault(file, rows[ROWS].line, f"this table has more than {ROWS} rows", "Link to the file instead.")
        )
        return None
    columns, rows = rows[0].cells, rows[1:]
    names: dict[str, int] = {}
    for row in rows:
        if len(row.cells) != len(columns):
            message = f"this row has {len(row.cells)} cells, but the first line has {len(columns)} columns"
            faults.append(_fault(file, row.line, message, 'Put a cell with a comma in it into "quotation marks".'))
        elif names.setdefault(row.cells[0], row.line) != row.line:
            message = f'"{row.cells[0]}" is already the name of the row in line {names[row.cells[0]]}'
            faults.append(_fault(file, row.line, message, "The first cell is the name of its row, and must be unique."))
    return Sheet(file, columns, tuple(rows)) if len(faults) == before else None


def mismatches(first: Sheet, again: Sheet) -> list[TextFinding]:
    """What keeps a re-run from standing beside the first run: other columns, or other rows."""
    if first.columns != again.columns:
        message = (
            f"the columns here are {', '.join(again.columns)}; those of {first.file} are {', '.join(first.columns)}"
        )
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
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", "", cell).split())


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
    """The number a cell is, if it is one: 154,162 or 47.5 or 3,9 or $12 or 8 %."""
    from decimal import Decimal

    found = _NUMBER.fullmatch(cell)
    if found is None:
        return None
    group = next((mark for mark in found["whole"] if mark not in "0123456789"), "")
    rest = found["rest"] or ""
    value = Decimal(re.sub(r"\D", "", found["whole"]) + rest.replace(",", "."))
    return Number(
        value=-value if found["sign"] in ("-", "−") else value,
        places=max(len(rest) - 1, 0),
        group=group,
        point=rest[:1] or ("," if group == "." else "."),
        unit=found["unit"],
        is_percent=bool(found["percent"]),
    )


def are_numbers(cells: Iterable[str]) -> bool:
    """Is every cell a number, or unknown, and one of them known?"""
    known = [cell for cell in cells if cell not in UNKNOWN]
    return bool(known) and all(number(cell) for cell in known)


def in_percent(first: list[str]) -> bool:
    """Does the change of a column say more in percent? It does where every earlier number is 100 or more."""
    known = [found for found in map(number, first) if found]
    return all(abs(found.value) >= 100 and not found.is_percent for found in known)


def change(before: str, after: str, percent: bool) -> str:
    """What became of a number, with its sign: "+3.9%" of what it was, or the difference; – where one is not known."""
    from decimal import ROUND_HALF_UP, Decimal

    old, new = number(before), number(after)
    if old is None or new is None or (percent and not old.value):
        return "–"
    if percent:
        value, places = (new.value - old.value) / abs(old.value) * 100, 1
    else:
        value, places = new.value - old.value, max(old.places, new.places)
    value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    point = new.point if new.places else old.point
    words = f"{abs(value):,}".replace(",", "\0").replace(".", point).replace("\0", new.group or old.group)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{'' if percent else new.unit}{words}{'%' if percent else ''}"


# -- HTML


def shown(first: Sheet) -> str:
    """The rows of a table as HTML: head and body, numbers to the right."""
    right = [are_numbers(first.column(place)) for place in range(len(first.columns))]
    head = "".join(_cell("th", name, right[place], ' scope="col"') for place, name in enumerate(first.columns))
    return _whole(f"<tr>{head}</tr>", ([*zip(row.cells, right, strict=True)] for row in first.rows))


def compared(first: Sheet, again: Sheet, labels: tuple[str, str], percent: bool | None, say: Say) -> str:
    """Two runs side by side as HTML; beside each pair of numbers, the change. `labels` name the runs."""
    second = {row.cells[0]: row.cells for row in again.rows}
    above, below = [_cell("th", first.columns[0], False, ' scope="col" rowspan="2"')], list[str]()
    rows: list[list[tuple[str, bool]]] = [[(row.cells[0], False)] for row in first.rows]
    for place in range(1, len(first.columns)):
        before = first.column(place)
        after = [second[row.cells[0]][place] for row in first.rows]
        name, is_number = first.columns[place], are_numbers([*before, *after])
        if before == after and not is_number:
            above.append(_cell("th", name, False, ' scope="col" rowspan="2"'))
            for row, words in zip(rows, before, strict=True):
                row.append((words, False))
            continue
        heads = [*labels]
        for row, old, new in zip(rows, before, after, strict=True):
            row += [(old, is_number), (new, is_number)]
        if is_number:
            points = any(found.is_percent for found in map(number, before) if found)
            relative = in_percent(before) if percent is None else percent
            heads.append(say("change_points" if points and not relative else "change"))
            for row, old, new in zip(rows, before, after, strict=True):
                row.append((change(old, new, relative), True))
        above.append(_cell("th", name, False, f' scope="colgroup" colspan="{len(heads)}"'))
        below += [_cell("th", words, is_number, ' scope="col"') for words in heads]
    return _whole(
        f"<tr>{''.join(above)}</tr>\n<tr>{''.join(below)}</tr>" if below else f"<tr>{''.join(above)}</tr>", rows
    )


def _whole(head: str, rows: Iterable[list[tuple[str, bool]]]) -> str:
    body = []
    for row in rows:
        cells = [_cell("td", words, right) for words, right in row[1:]]
        body.append("<tr>" + "".join([_cell("th", row[0][0], row[0][1], ' scope="row"'), *cells]) + "</tr>\n")
    return f"<thead>\n{head}\n</thead>\n<tbody>\n{''.join(body)}</tbody>"


def _cell(tag: str, words: str, right: bool, attributes: str = "") -> str:
    if not words and tag == "th" and "col" in attributes:
        tag, attributes = "td", attributes.replace(' scope="col"', "")  # a heading without words heads nothing
    aligned = ' class="align-right"' if right else ""
    return f"<{tag}{attributes}{aligned}>{escape(words, quote=False)}</{tag}>"
