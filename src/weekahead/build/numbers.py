"""Numbers bound to tables: which sentences a new table would make stale, and which numbers can be bound without a guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from weekahead.build.texts import files_of, words_of
from weekahead.lint.rules.registry import Fix
from weekahead.markdown.bound_numbers import bound_files, cell_value
from weekahead.markdown.kinds.kind import File, is_table
from weekahead.markdown.kinds.sheet import Sheet, read_sheet
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert
from weekahead.markdown.written_numbers import Sense, WrittenNumber, read_written
from weekahead.model.findings import Finding, Severity, TextFinding, build_error
from weekahead.model.issue import BIBLIOGRAPHY, STYLE, Issue, Page, Text
from weekahead.runtime.code_version import open_store
from weekahead.runtime.files import read_bytes
from weekahead.source.loader import load_letter


class Rerun(NamedTuple):
    """What a new table would make of a letter: the sentences that it makes stale, and how many numbers are bound to what it
    replaces, in which files."""

    findings: tuple[Finding, ...]
    bound: int
    files: tuple[str, ...]


def check_rerun(root: Path, new: Path) -> Rerun:
    """Return which sentences a new table would make stale, were it in place of the one of its name, or else of those with its
    columns. Raise BuildError, also where no number is bound to such a table."""
    try:
        table = File(new.name, read_bytes(new.parent, new.name))
    except OSError as error:
        raise build_error(
            str(new), "unreadable", f"this file cannot be read: {(error.strerror or str(error)).lower()}"
        ) from error
    with open_store(root, keep=False) as store:
        loaded = load_letter(root, store)
    letter = loaded.partial
    owners: list[Issue | Page] = [*letter.issues, *letter.pages]
    bodies = [(owner.body, words_of(root, owner.body)) for owner in owners if _has_tables(owner.body)]
    bound = {path for body, words in bodies for path in _bound_paths(body, words)}
    replaced = _replaced(root, bound, table)
    options, found, count = TextOptions.of_letter(letter.config), list[Finding](), 0
    for body, words in bodies:
        names = {name for name, path in body.beside if path in replaced}
        if not names & set(_bound_names(body, words)):
            continue
        files = {
            name: file for name, file in files_of(root, body).items() if not name.startswith((BIBLIOGRAPHY, STYLE))
        }
        now = _number_faults(words, files, options.of_text(body))
        then = _number_faults(
            words, files | {name: File(table.path, table.data) for name in names}, options.of_text(body)
        )
        known = {(fault.line, fault.words, fault.rule) for fault in now}
        found += [_finding(body, fault) for fault in then if (fault.line, fault.words, fault.rule) not in known]
        count += sum(name in {unquote(each) for each in names} for name in bound_files(words))
    return Rerun(tuple(found), count, tuple(sorted(replaced)))


def _has_tables(body: Text) -> bool:
    return any(is_table(path) for _, path in body.beside)


def _bound_names(body: Text, words: str) -> list[str]:
    """Return the names of the files to which numbers of a text are bound, as its author wrote them."""
    bound = set(bound_files(words))
    return [name for name, _ in body.beside if unquote(name) in bound]


def _bound_paths(body: Text, words: str) -> Iterator[str]:
    names = _bound_names(body, words)
    yield from (path for name, path in body.beside if name in names)


def _replaced(root: Path, bound: set[str], table: File) -> set[str]:
    """Return the tables that a new one would replace. Raise BuildError if there are none."""
    named = {path for path in bound if path.rpartition("/")[2] == table.path}
    faults: list[TextFinding] = []
    sheet = read_sheet(table, faults, unique=False)
    if sheet is None:
        fault = faults[0]
        raise build_error(table.path, "table", f"line {fault.line}: {fault.message}", fault.hint)
    same = named or {
        path
        for path in bound
        if (old := read_sheet(File(path, read_bytes(root, path)), [], unique=False)) and old.columns == sheet.columns
    }
    if not same:
        known = ", ".join(sorted(bound)) or "none"
        message = f'no number is bound to a table called "{table.path}", or to one with its columns'
        raise build_error(table.path, "number-cell", message, f"Tables with bound numbers: {known}.")
    return same


def _number_faults(words: str, files: Mapping[str, File], options: TextOptions) -> list[TextFinding]:
    return [
        fault
        for fault in convert(words, files=files, options=options).faults
        if fault.rule in ("number-stale", "number-cell")
    ]


def _finding(body: Text, fault: TextFinding) -> Finding:
    return Finding(body.at(fault.line), fault.rule, fault.message, fault.hint, Severity.WARNING)


# -- binding

_NUMBER = re.compile(r"(?<![\w.,/#:&+’'-])[-−]?\d(?:[\d.,’'\u00a0\u202f]*\d)?(?:[ \u00a0]?%)?(?![\w/#:+-]|[.,]\d)")
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
LEAST_DIGITS = 3
"""Of a number that is bound by itself: shorter ones are the same by chance."""
_SPECIAL = re.compile(r"[\s%/#()<>:\"\\\[\]]")


def bindings(
    words: str, prose: str, links: list[tuple[int, int]], files: Mapping[str, File], language: str
) -> list[Fix]:
    """Return a link to its cell for each number of a text that equals exactly one cell of the tables beside it.

    `prose` is the text with spaces for all that is no prose, `links` where its links begin and end.
    """
    cells = _cells(files, language)
    sections = [(match.start(), match.end()) for match in re.finditer(r"(?ms)^///.*?^///[ \t]*$", words)]
    tables = [(match.start(), match.end()) for match in re.finditer(r"(?m)^[ \t]*(?:\||#).*$", words)]
    taken = [*links, *sections, *tables]
    fixes = []
    for match in _NUMBER.finditer(prose):
        if any(start <= match.start() < end for start, end in taken) or words[match.start() : match.end()] != match[0]:
            continue
        before, after = prose[max(0, match.start() - 60) : match.start()], prose[match.end() : match.end() + 30]
        address = _address(match[0], before, after, cells, language)
        if address:
            fixes.append((match.start(), match.end(), f"[{match[0]}]({address})"))
    return fixes


def _address(number: str, before: str, after: str, cells: dict[Decimal, list[tuple[str, bool]]], language: str) -> str:
    """Return the address of the one cell that a number equals; "" if there is none, or several, or it may be a year."""
    digits = re.sub(r"\D", "", number)
    alone, written = read_written(number, language=language), read_written(number, before, after, language)
    if alone is None or written is None or len(digits) < LEAST_DIGITS or _YEAR.fullmatch(number):
        return ""
    if not _is_plain(alone, written) or not written.agrees(alone.value):
        return ""
    same = [address for address, is_percent in cells.get(alone.value, []) if is_percent == ("%" in number)]
    return same[0] if len(same) == 1 and len(cells[alone.value]) == 1 else ""


def _is_plain(alone: WrittenNumber, written: WrittenNumber) -> bool:
    """Return whether the words around a number leave it that number: no "million" behind it, no "almost" before it."""
    return written.value == alone.value and written.sense is Sense.ROUNDED and written.unit == alone.unit


def _cells(files: Mapping[str, File], language: str) -> dict[Decimal, list[tuple[str, bool]]]:
    """Return the address of each number in some tables, and whether it is in percent, by its value. "" cannot be named."""
    cells: dict[Decimal, list[tuple[str, bool]]] = {}
    for name, file in files.items():
        sheet = read_sheet(file, [], unique=False) if is_table(name) else None
        for row, column, address in _places(sheet) if sheet else ():
            value = cell_value(sheet, row, column, language) if sheet else None
            if sheet and value is not None:
                shown = f"{_escaped(unquote(name))}#{address}" if address else ""
                cells.setdefault(value, []).append((shown, "%" in sheet.rows[row].cells[column]))
    return cells


def _places(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Yield row and column of each cell, and its address within the table; "" where another row or column has the name."""
    rows, columns = Counter(sheet.column(0)), Counter(sheet.columns)
    for row, (name, *_) in enumerate(each.cells for each in sheet.rows):
        for column, heading in enumerate(sheet.columns[1:], 1):
            is_named = rows[name] == columns[heading] == 1
            yield row, column, f"{_escaped(name)}/{_escaped(heading)}" if is_named else ""


def _escaped(name: str) -> str:
    return _SPECIAL.sub(lambda match: f"%{ord(match[0]):02X}" if ord(match[0]) < 128 else "%20", name)
