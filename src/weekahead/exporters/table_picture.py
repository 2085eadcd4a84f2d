"""Draw a table as a picture, for editors that take no tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weekahead.exporters.tables import Grid
from weekahead.site.bitmap import ACCENT, FAINT, INK, Canvas, faces

FACE = "small"
PAD, LEADING, EDGE = 24, 44, 30
"""Pixels around the words of a cell, of a line, and around the table."""
WIDEST_COLUMN, WIDEST, HIGHEST = 560, 4000, 8000
SCALE = 2
"""Pixels of the picture for one of the page, so that it is sharp on a phone."""

Cells = Sequence[Sequence[list[str]]]
"""Rows of cells of lines."""


def draw_table(grid: Grid, colours: Mapping[str, str]) -> tuple[bytes, int, int] | None:
    """Return a PNG, and its width and height on the page; None for what the font cannot show, or what is too large."""
    face = faces()[FACE]
    rows = [grid.head, *grid.rows]
    if not grid.right or not all(face.can_set(cell) for row in rows for cell in row):
        return None
    cells = [[face.lines(cell, WIDEST_COLUMN) or [""] for cell in row] for row in rows]
    widths = [max(face.width(line) for row in cells for line in row[x]) for x in range(len(grid.right))]
    heights = [max(len(cell) for cell in row) * LEADING + PAD for row in cells]
    width, height = sum(widths) + 2 * PAD * len(widths) + 2 * EDGE, sum(heights) + 2 * EDGE
    if width > WIDEST or height > HIGHEST:
        return None
    canvas = Canvas(width, height)
    _draw(canvas, cells, widths, heights, grid.right)
    return canvas.png(colours), width // SCALE, height // SCALE


def _draw(canvas: Canvas, cells: Cells, widths: Sequence[int], heights: Sequence[int], right: Sequence[bool]) -> None:
    face, top = faces()[FACE], EDGE
    for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
        left = EDGE
        for lines, width, is_right in zip(row, widths, right, strict=True):
            for place, line in enumerate(lines):
                x = left + PAD + (width - face.width(line) if is_right else 0)
                baseline = top + PAD // 2 + place * LEADING + face.ascent
                canvas.write(FACE, line, x, baseline, INK if number else ACCENT)
            left += width + 2 * PAD
        top += height
        canvas.fill(EDGE, top - 1, canvas.width - 2 * EDGE, 2 if number else 4, FAINT if number else INK)
