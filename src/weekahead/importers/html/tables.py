"""Tables: those that only lay a page out are told apart, and those of data are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from weekahead.importers.html.document import HtmlDocument, ancestors, attribute, classes, inner, is_blank
from weekahead.importers.html.pieces import Block
from weekahead.importers.html.raw import raw_html
from weekahead.importers.notes import Outcome, PostNotes

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from weekahead.importers.html.writer import Writer

LAYOUT = "presentation"
_BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, blockquote, pre, table, figure, hr, dl, details"
_NUMBERED = "table.highlighttable, table.rouge-table, table.lntable, table.crayon-table, figure.highlight > table, div.highlight table"
_SIDES = {"left": ":--", "center": ":-:", "right": "--:"}


def mark_layout_tables(document: HtmlDocument, notes: PostNotes) -> None:
    """Say in its role which table only lays the page out; what is in it becomes plain text."""
    for table in reversed(document.css(_NUMBERED)):  # code with its line numbers beside it
        code = table.css("pre")
        if code:
            document.replace(table, code[-1].html or "")
    count = 0
    for table in reversed(document.css("table")):
        if _is_layout(table):
            table.attrs["role"] = LAYOUT
            count += 1
        elif attribute(table, "role") in (LAYOUT, "none"):
            del table.attrs["role"]
    if count:
        message = f"the text of {count} table{'s'[: count > 1]} that only laid out the page stands by itself"
        notes.add(Outcome.CHANGED, "layout-table", message)


def _is_layout(table: LexborNode) -> bool:
    if attribute(table, "role") in (LAYOUT, "none") or len(table.css("table")) > 1:
        return True
    rows = rows_of(table)
    if table.css("th, caption, thead"):
        return not rows
    widest = max(map(len, rows), default=0)
    if widest < 2:
        return True
    cells = [cell for row in rows for cell in row]
    return len(rows) == 1 and any(cell.css("img, h1, h2, h3, p, div") for cell in cells)


def rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """Return the cells of each row of a table, without those of tables in it. Rows without cells are left out."""
    rows: list[list[LexborNode]] = []
    for row in table.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        if cells and next(above for above in ancestors(row) if above.tag == "table").mem_id == table.mem_id:
            rows.append(cells)
    return rows


def is_layout(table: LexborNode) -> bool:
    """Return whether a table was found to only lay out the page."""
    return attribute(table, "role") == LAYOUT


def needs_html(table: LexborNode) -> bool:
    """Return whether a table has what ours in Markdown have no form for."""
    if table.css_first("caption") is not None or (table.css("tfoot tr") and not table.css("tbody tr")):
        return True
    cells = [cell for row in rows_of(table) for cell in row]
    if any(attribute(cell, name) not in ("", "1", "0") for cell in cells for name in ("colspan", "rowspan")):
        return True
    return (
        any(_has_blocks(cell) for cell in cells)
        or sum(all(cell.tag == "th" for cell in row) for row in rows_of(table)) > 1
    )


def _has_blocks(cell: LexborNode) -> bool:
    blocks = cell.css(_BLOCKS)
    return any(block.tag not in ("p", "div") for block in blocks)


def raw_table(table: LexborNode) -> Block:
    """Return a table as HTML."""
    return Block(raw_html(table))


def write_table(table: LexborNode, writer: Writer) -> Block:
    """Return a table as Markdown. One without a row of headings gets an empty one (GFM 4.10)."""
    rows = rows_of(table)
    width = max(map(len, rows))
    has_head = all(cell.tag == "th" for cell in rows[0]) or table.css_first("thead td") is not None
    written = [[_cell(cell, writer) for cell in row] + [""] * (width - len(row)) for row in rows]
    head, body = (written[0], written[1:]) if has_head else ([""] * width, written)
    sides = [_SIDES.get(_side(rows, column), "---") for column in range(width)]
    return Block("\n".join(f"| {' | '.join(row)} |" for row in (head, sides, *body)))


def _cell(cell: LexborNode, writer: Writer) -> str:
    html = inner(cell)
    if cell.css("p, div"):
        html = re.sub(r"(?:</(?:p|div)>\s*)+(?=\S)(?!</)", "<br>", html)
        html = re.sub(r"</?(?:p|div)\b[^>]*>", "", html).strip()
    return writer.line(html).replace("|", "\\|")


def _side(rows: list[list[LexborNode]], column: int) -> str:
    """Return to which side most cells of a column are set."""
    for row in rows[-1:]:
        if column < len(row):
            style = re.search(r"text-align:\s*(left|center|right)", attribute(row[column], "style"))
            named = next(
                (
                    name[-len(side) :]
                    for name in classes(row[column])
                    for side in _SIDES
                    if name.endswith(f"align-{side}")
                ),
                "",
            )
            return style[1] if style else attribute(row[column], "align").lower() or named
    return ""


def is_empty(table: LexborNode) -> bool:
    """Return whether a table shows nothing."""
    return not rows_of(table) or (is_blank(table.text()) and not table.css("img"))
