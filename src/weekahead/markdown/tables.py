"""Tables of GitHub Flavored Markdown (GFM 4.10)."""

from __future__ import annotations

import re

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


def alignments(text: str) -> list[str] | None:
    """Return how each column of a table is aligned: left, center, right or "", by its delimiter row; None if it is none."""
    if not _DELIMITER_ROW.match(text):
        return None
    found = []
    for cell in text.strip().strip("|").split("|"):
        cell = cell.strip()
        left, right = cell.startswith(":"), cell.endswith(":")
        found.append("center" if left and right else "left" if left else "right" if right else "")
    return found


def is_row(text: str) -> bool:
    """Return whether a line can be a row of a table: a lone pipe cannot."""
    return text.strip(" \t") != "|"


def split_row(text: str) -> list[tuple[str, int]]:
    r"""Return the cells of a row, each with its offset in the text. `\|` does not end a cell, in code as well."""
    start = len(text) - len(text.lstrip(" \t"))
    start += text.startswith("|", start)
    end = len(text.rstrip(" \t"))
    cells = []
    place = start
    while (place := text.find("|", place, end)) >= 0:
        if not _is_escaped(text, place):
            cells.append((start, text[start:place]))
            start = place + 1
        place += 1
    if start < end or not cells:
        cells.append((start, text[start:end]))
    return [(cell.strip(" \t"), offset + len(cell) - len(cell.lstrip(" \t"))) for offset, cell in cells]


def _is_escaped(text: str, place: int) -> bool:
    return text[place - 1 : place] == "\\"
