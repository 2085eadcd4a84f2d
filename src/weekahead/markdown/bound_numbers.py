"""Numbers of a text that are bound to a cell of a table: `[154,162](stars.csv#TensorFlow/Stars)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, DivisionByZero, InvalidOperation
from unicodedata import normalize
from urllib.parse import unquote

from msgspec import Struct

from weekahead.markdown.kinds.kind import File, is_table
from weekahead.markdown.kinds.sheet import Sheet, number, read_sheet
from weekahead.markdown.tokens import Token, plain_text
from weekahead.markdown.written_numbers import Unit, WrittenNumber, comma_is_point, read_written
from weekahead.model.findings import TextFinding, nearest

ROWS = 100_000
"""Of the longest file that numbers may be bound to."""
_ADDRESS = re.compile(r"(?i)([^#?]+\.[ct]sv)#(.+/.+)")
_COLON = re.compile(r"(?:%20|\s)*(?::|%3[aA])(?:%20|\s)*")
_GROUPED = re.compile(r"[-−]?\d{1,3}(?:\.\d{3})+")
_WITH_DECIMALS = re.compile(_GROUPED.pattern + r"(?:,\d+)?")
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}")
_EXACT = Context(prec=100)


class NoCell(Exception):
    """A fragment that leads to no number: what is wrong, and the next step."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class Cell(Struct, frozen=True):
    """A number of a table: its value, whether it is in percent, and what stands there."""

    value: Decimal
    is_percent: bool
    words: str


class BoundNumbers:
    """Binds the numbers of one text to the tables beside it. What is wrong is added to `faults`."""

    def __init__(self, files: Mapping[str, File], language: str, faults: list[TextFinding]) -> None:
        self._files = {unquote(name): file for name, file in files.items() if is_table(name)}
        self._language, self._faults = language, faults
        self._sheets: dict[str, Sheet | str] = {}
        """The table of each file, or why there is none."""

    def edit(self, tokens: list[Token], line: int) -> list[Token]:
        """Return tokens in which a bound number is a <data> element in place of a link."""
        made = list(tokens)
        for place, token in enumerate(tokens):
            if not (isinstance(token, tuple) and len(token) == 2 and token[0] == "a"):
                continue
            address = _ADDRESS.fullmatch(token[1]["href"])
            if address and unquote(address[1]) in self._files:
                start = line + sum(each.count("\n") for each in tokens[:place] if isinstance(each, str))
                value = self._value(tokens, place, address, start)
                if value is not None:
                    made[place] = "data", {"value": f"{value.normalize(_EXACT):f}"}
        return made

    def _value(self, tokens: list[Token], place: int, address: re.Match[str], line: int) -> Decimal | None:
        """Return the number in the data that a link stands for; None for a link whose words are no number, or with a fault."""
        end = _end(tokens, place)
        words, before, after = (
            plain_text(each) for each in (tokens[place + 1 : end], tokens[:place], tokens[end + 1 :])
        )
        written = read_written(words, before, after, self._language)
        if written is None:
            return None
        name = unquote(address[1])
        try:
            value, shown = self._resolve(name, address[2], written)
        except NoCell as error:
            self._fault("number-cell", words, error.message, error.hint, line)
            return None
        if not written.agrees(value):
            sentence, file = _sentence(before, words, after), self._files[name].path.rpartition("/")[2]
            said = f"{_qualified(before)}{words}{_followed(after)}"
            read = f", read as {value.normalize(_EXACT):f}" if shown == words else ""
            message = f'the text says "{said}"; {file} says {shown}{read}'
            hint = f"Correct the sentence, or bind it to the file that it was written from: {sentence}"
            self._fault("number-stale", words, message, hint, line)
        return value

    # -- cells

    def _resolve(self, name: str, fragment: str, written: WrittenNumber) -> tuple[Decimal, str]:
        """Return the number that a fragment leads to, and how a message shows it. Raise NoCell."""
        sheet = self._sheet(name)
        single = _find(sheet, fragment)
        if single is not None:
            cell = self._cell(sheet, *single)
            return _as_written(cell, written), cell.words
        for colon in _COLON.finditer(fragment):
            over, under = (_find(sheet, half) for half in (fragment[: colon.start()], fragment[colon.end() :]))
            if over is not None and under is not None:
                return _ratio(self._cell(sheet, *over), self._cell(sheet, *under), written)
        raise _nowhere(sheet, fragment)

    def _sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            faults: list[TextFinding] = []
            found = read_sheet(self._files[name], faults, most=ROWS, unique=False)
            self._sheets[name] = found or f"{faults[0].message} (line {faults[0].line})"
        sheet = self._sheets[name]
        if isinstance(sheet, str):
            raise NoCell(f'"{name}" cannot be read as a table: {sheet}', "Correct the file.")
        return sheet

    def _cell(self, sheet: Sheet, row: int, column: int) -> Cell:
        cell = sheet.rows[row].cells[column]
        value = cell_value(sheet, row, column, self._language)
        if value is None:
            what = f"{sheet.rows[row].cells[0]}/{sheet.columns[column]}"
            raise NoCell(
                f'{what} in {sheet.file.rpartition("/")[2]} is no number: "{cell}"', "Bind the number to another cell."
            )
        return Cell(value, "%" in cell, cell)

    def _fault(self, rule: str, words: str, message: str, hint: str, line: int) -> None:
        self._faults.append(TextFinding(rule=rule, words=words, message=message, hint=hint, line=line))


def cell_value(sheet: Sheet, row: int, column: int, language: str) -> Decimal | None:
    """Return the number in a cell of a table; None if there is none. Where decimals stand behind a comma, and all points of the
    column part thousands, so does this one's."""
    cell = sheet.rows[row].cells[column]
    if comma_is_point(language) and _GROUPED.fullmatch(cell):
        pointed = [words for words in sheet.column(column) if "." in words]
        if all(_WITH_DECIMALS.fullmatch(words) for words in pointed):
            return Decimal(cell.replace(".", "").replace("−", "-"))
    if _SCIENTIFIC.fullmatch(cell):  # as programs write large numbers
        return Decimal(cell)
    if found := number(cell):
        return found.value
    written = read_written(cell, language=language) if re.match(r"[-−$€£¥₹]?\s?\d", cell) else None
    return written.value if written else None


def _find(sheet: Sheet, fragment: str) -> tuple[int, int] | None:
    """Return the row and column that "row/column" names; either may have a slash in it."""
    rows = sheet.column(0)
    for slash in re.finditer("/", fragment):
        row, column = (_name(part) for part in (fragment[: slash.start()], fragment[slash.end() :]))
        if rows.count(row) == sheet.columns.count(column) == 1:
            return rows.index(row), sheet.columns.index(column)
    return None


def _name(part: str) -> str:
    return " ".join(normalize("NFC", unquote(part)).split())


def _nowhere(sheet: Sheet, fragment: str) -> NoCell:
    halves = [half for half in _COLON.split(fragment) if "/" in half] or [fragment]
    half = next((half for half in halves if _find(sheet, half) is None), fragment)
    row, _, column = (_name(part) for part in half.partition("/"))
    names, file = [each.cells[0] for each in sheet.rows], sheet.file.rpartition("/")[2]
    if row not in names:
        return NoCell(f'{file} has no row "{row}"', nearest(row, names[:20] if len(names) > 20 else names))
    if names.count(row) > 1:
        return NoCell(f'{file} has {names.count(row)} rows "{row}"', "Give each of them a name of its own.")
    if sheet.columns.count(column) > 1:
        return NoCell(f'{file} has two columns "{column}"', "Give one of them another name.")
    return NoCell(f'{file} has no column "{column}"', nearest(column, sheet.columns[1:]))


def _as_written(cell: Cell, written: WrittenNumber) -> Decimal:
    """Return the number of a cell in the unit in which it is written: 0.31 is 31 %."""
    if written.unit is Unit.PERCENT and not cell.is_percent and abs(cell.value) <= 1 < abs(written.value):
        return cell.value * 100
    return cell.value


def _ratio(over: Cell, under: Cell, written: WrittenNumber) -> tuple[Decimal, str]:
    try:
        ratio = Context(prec=8).divide(over.value, under.value)
    except (DivisionByZero, InvalidOperation) as error:
        raise NoCell("nothing can be divided by zero", "Bind the number to other cells.") from error
    share = ratio * 100
    changed = {Unit.PERCENT: share, Unit.MORE_BY: share - 100, Unit.LESS_BY: 100 - share}.get(written.unit)
    value = ratio if changed is None else changed
    rounded = value.quantize(min(Decimal(1), written.step) / 10) if abs(value) < 10**12 else value
    return value, f"{rounded.normalize():f}{'' if changed is None else '%'} ({over.words} : {under.words})"


# -- words around a number


def _end(tokens: list[Token], place: int) -> int:
    """Return the place of the end of the element that begins at a place."""
    depth = 0
    for at in range(place, len(tokens)):
        token = tokens[at]
        depth += 1 if isinstance(token, tuple) and len(token) == 2 else -1 if token is None else 0
        if not depth:
            return at
    return len(tokens)


def _sentence(before: str, words: str, after: str) -> str:
    """Return the sentence in which some words stand."""
    start = max((match.end() for match in re.finditer(r"[.!?][”’\")]*\s+", before)), default=0)
    end = re.search(r"[.!?][”’\")]*(?=\s|$)", after)
    return " ".join(f"“{before[start:]}{words}{after[: end.end() if end else None]}”".split())


def _qualified(before: str) -> str:
    """Return the word before a number that says what is claimed of it."""
    match = re.search(r"(?:\b(?:just|more|less|fewer|at|no|up)\s+)?[^\W\d_]+\s+$", before)
    return match[0].lstrip() if match and read_written("10", match[0]) != read_written("10") else ""


def _followed(after: str) -> str:
    """Return what follows a number and belongs to it, such as " million" or "%"."""
    match = re.match(r"[ \u00a0]?(?:%|[^\W\d_]+)", after)
    return match[0] if match and read_written("1", after=match[0]) != read_written("1") else ""


def bound_files(text: str) -> Iterator[str]:
    """Yield the files to whose cells numbers of a text may be bound, as their names are without their escapes."""
    for match in re.finditer(r"(?i)(?:\]\(\s*<?|\]:\s*<?)([^<>()\n#?]+\.[ct]sv)#[^\n]*?/", text):
        yield unquote(match[1])
