"""Tables of a page as plain rows: to write them as Markdown, or to draw them."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode


class Grid(Struct, frozen=True, kw_only=True):
    """A table whose cells are words: one row of names, and rows of as many cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    """Which columns hold numbers, which stand to the right."""


def read_table(table: LexborNode) -> Grid:
    """Return a table; a cell that spans several is in each, and the names of several rows of heads are joined."""
    caption = table.css_first("caption")
    placed: dict[tuple[int, int], LexborNode] = {}
    heads = width = 0
    rows = table.css("tr")
    for y, row in enumerate(rows):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        heads += heads == y and bool(cells) and row.parent is not None and row.parent.tag == "thead"
        x = 0
        for cell in cells:
            while (y, x) in placed:
                x += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            placed |= {(y + dy, x + dx): cell for dy in range(down) for dx in range(across)}
            x += across
            width = max(width, x)
    words = {place: _words(cell) for place, cell in placed.items()}
    columns = [dict.fromkeys(words.get((y, x), "") for y in range(heads)) for x in range(width)]
    body = range(heads, len(rows))
    return Grid(
        caption=_words(caption) if caption is not None else "",
        head=tuple(" ".join(filter(None, column)) for column in columns),
        rows=tuple(tuple(words.get((y, x), "") for x in range(width)) for y in body),
        right=tuple(any(_is_right(placed.get((y, x))) for y in body) for x in range(width)),
    )


def _span(cell: LexborNode, name: str) -> int:
    count = cell.attributes.get(name) or ""
    return min(int(count), 100) if re.fullmatch("[1-9][0-9]{0,3}", count) else 1


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _is_right(cell: LexborNode | None) -> bool:
    looks = cell.attributes if cell is not None else {}
    return looks.get("align") == "right" or "align-right" in (looks.get("class") or "")


def to_markdown(grid: Grid) -> str:
    """Return a table of GitHub's Markdown."""
    rule = ["--:" if right else "---" for right in grid.right]
    return "\n".join(_row(cells) for cells in (_escaped(grid.head), rule, *map(_escaped, grid.rows)))


def _escaped(cells: tuple[str, ...]) -> list[str]:
    return [re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", cell) for cell in cells]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def data_tables(html: str) -> list[tuple[Grid, str]]:
    """Return the tables that `/// table` has made in the HTML of a text, in order, each with what stands below it in Markdown."""
    figures = LexborHTMLParser(html).css('figure.data[id^="table-"]')
    return [
        (read_table(table), _below(figure)) for figure in figures if (table := figure.css_first("table")) is not None
    ]


def _below(figure: LexborNode) -> str:
    """Return the words below a table, whose links stay."""
    caption = figure.css_first("figcaption")
    parts = [_linked(node) for node in caption.iter(include_text=True)] if caption is not None else []
    return " ".join("".join(parts).split())


def _linked(node: LexborNode) -> str:
    if node.tag == "-text":
        return re.sub(r"([\\`*_\[\]<>])", r"\\\1", node.text())
    inner = "".join(map(_linked, node.iter(include_text=True)))
    return f"[{inner}]({node.attributes.get('href')})" if node.tag == "a" else inner
