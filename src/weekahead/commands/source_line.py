"""Show the author's line of a finding in a terminal, with carets under the words it is about."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import category, east_asian_width

from weekahead.commands.streams import printable
from weekahead.model.findings import Finding
from weekahead.source.folder import lines_around

TAB = 4


def source_lines(finding: Finding, root: Path, columns: int) -> tuple[str, str]:
    """Return the line that a finding is about and, below it, carets, both at most `columns` wide.

    Both are empty if the line cannot be shown; the carets are if the column is not known.
    """
    where = finding.where
    texts = [text for _, text in lines_around(root, where)]
    if not texts or not texts[0].strip():
        return "", ""
    gutter = f"    {where.line}:{where.column} | " if where.column else f"    {where.line} | "
    length = _length_of_words(finding, texts[0])
    line, carets = mark_words(texts[0], where.column, length, max(20, columns - len(gutter)))
    blank = f"{'|':>{len(gutter) - 1}} "
    return gutter + line, carets and blank + carets


def _length_of_words(finding: Finding, text: str) -> int:
    """Return the length of the words at the finding's column that its message has as well, else 1."""
    rest = text[max(0, finding.where.column - 1) :]
    candidates = [*re.findall(r'"([^"]+)"', finding.message), *re.findall(r'[^\s",:]+', finding.message)]
    matches = (re.match(rf"([\"']?){re.escape(words)}(?!\w)\1", rest) for words in candidates)
    return max((len(match[0]) for match in matches if match), default=1)


def mark_words(text: str, column: int, length: int, width: int) -> tuple[str, str]:
    """Return a line as a terminal of `width` cells shows it, and carets under `length` characters from a column on.

    Columns count characters from 1; with 0 there are no carets. A longer line is cut on both sides of the carets.
    """
    cells = _cells(text.rstrip())
    if column > len(cells):  # after the end of the line, where something is missing
        cells += [" "] * (column - len(cells))
    widths = [cell_width(cell) for cell in cells]
    first = max(0, column - 1)
    before, marked = sum(widths[:first]), max(1, sum(widths[first : first + length]))
    start, end = 0, len(cells)
    if sum(widths) > width:
        start, end = _window(widths, first, before, marked, width)
    line = ("…" if start else "") + "".join(cells[start:end]) + ("…" if end < len(cells) else "")
    if not column:
        return line, ""
    shift = min(before - sum(widths[:start]) + (1 if start else 0), width - 1)  # a mark behind the last cell has none
    return line.rstrip(), " " * shift + "^" * max(1, min(marked, width - shift))


def _window(widths: list[int], first: int, before: int, marked: int, width: int) -> tuple[int, int]:
    """Return which cells to show of a line that is too wide: those around the carets, with room for two ellipses."""
    start = 0
    if before + marked > width - 1:
        room = max(0, (width - marked) // 2 - 1)
        start = first
        while start and sum(widths[start - 1 : first]) <= room:
            start -= 1
    end, used = start, 1 if start else 0
    while end < len(widths) and used + widths[end] <= width - 1:
        used += widths[end]
        end += 1
    while end == len(widths) and start and used + widths[start - 1] <= width:
        start -= 1
        used += widths[start]
    return start, end


def _cells(text: str) -> list[str]:
    """Return what a terminal shows for each character of a line; a tab leads to the next multiple of TAB cells."""
    cells: list[str] = []
    at = 0
    for character in text:
        cell = " " * (TAB - at % TAB) if character == "\t" else printable(character)
        at += cell_width(cell)
        cells.append(cell)
    return cells


def cell_width(cell: str) -> int:
    """Return how many cells of a terminal a character takes: 2 for wide East Asian ones (UAX 11), 0 for combining ones."""
    if len(cell) != 1:
        return len(cell)
    if category(cell) in ("Mn", "Me", "Cf") or "\u1160" <= cell <= "\u11ff":  # Hangul vowels join the letter before
        return 0
    return 2 if east_asian_width(cell) in "WF" else 1
