"""Tables as plain rows, as Markdown, and as pictures."""

from __future__ import annotations

import struct

import pytest
from selectolax.lexbor import LexborHTMLParser

from weekahead.exporters.table_picture import draw_table
from weekahead.exporters.tables import Grid, read_table, to_markdown
from weekahead.theme.colors import by_day

COLOURS = by_day({})


def table(html: str) -> Grid:
    found = LexborHTMLParser(f"<table>{html}</table>").css_first("table")
    assert found is not None
    return read_table(found)


def grid(*rows: tuple[str, ...], head: tuple[str, ...] = ("A", "B")) -> Grid:
    return Grid(caption="", head=head, rows=rows, right=tuple(False for _ in head))


def test_a_cell_that_spans_others_is_in_each_and_heads_are_joined() -> None:
    found = table(
        "<thead><tr><th rowspan=2>P</th><th colspan=2>Stars</th></tr><tr><th>then</th><th>now</th></tr></thead>"
        "<tbody><tr><th>a</th><td align=right>1</td><td class='align-right'>2</td></tr><tr><td colspan=3>all</td></tr></tbody>"
    )
    assert found.head == ("P", "Stars then", "Stars now")
    assert found.rows == (("a", "1", "2"), ("all", "all", "all"))
    assert found.right == (False, True, True)


@pytest.mark.parametrize(
    "html", ["", "<tr></tr>", "<caption>x</caption>", "<tr><td colspan='x' rowspan='99999'>a</td></tr>"]
)
def test_a_poor_table_is_a_small_one(html: str) -> None:
    assert len(table(html).right) <= 1


def test_a_table_without_a_head_has_an_empty_one() -> None:
    assert to_markdown(table("<tr><td>a</td><td>b</td></tr>")) == "|  |  |\n| --- | --- |\n| a | b |"


def test_what_markdown_reads_as_marks_is_escaped() -> None:
    assert r"| \*a\* \| \[b\]\(c | \`d\` \<e\> |".replace(r"\(", "(") in to_markdown(grid(("*a* | [b](c", "`d` <e>")))


def test_a_picture_is_as_wide_as_its_words() -> None:
    small, large = (
        draw_table(grid(("a", "b")), COLOURS),
        draw_table(grid(("a", "some more words"), ("c", "d")), COLOURS),
    )
    assert small
    assert large
    for data, width, height in (small, large):
        assert struct.unpack(">II", data[16:24]) in {(width * 2 + x, height * 2 + y) for x in (0, 1) for y in (0, 1)}
    assert large[1] > small[1]
    assert large[2] > small[2]
    assert draw_table(grid(("a", "b")), COLOURS) == small


@pytest.mark.parametrize(
    "rows",
    [[("语言", "b")], [("a", "🎉")], [(f"{n}", "x") for n in range(300)], []],
    ids=["script", "emoji", "long", "empty"],
)
def test_what_cannot_be_drawn_has_no_picture(rows: list[tuple[str, ...]]) -> None:
    found = grid(*rows) if rows else Grid(caption="", head=(), rows=(), right=())
    assert draw_table(found, COLOURS) is None


def test_a_long_cell_has_several_lines() -> None:
    found = draw_table(grid(("many words " * 30, "b")), COLOURS)
    assert found
    assert found[1] < 500
