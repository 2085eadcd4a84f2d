"""The linter finds in a text what the site makes of it, at its place in the author's words."""

from __future__ import annotations

from collections import Counter
from html import unescape as unescape_html
from time import process_time
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import some

from weekahead.lint.scanned_markdown import LinkSpan
from weekahead.lint.scanner import scan_markdown
from weekahead.markdown.link_parts import normalize_address, unescape
from weekahead.markdown.renderer import convert

WORDS = [
    "words",
    "*a*",
    "**b",
    "`c`",
    "``d`",
    "\\[",
    "\\",
    "&amp;",
    "!",
    "[",
    "](",
    "]",
    ")",
    "<",
    ">",
    "  ",
    "\t",
    "#",
    "{#a}",
]
LINKS = [
    "[a](https://a.example/b)",
    '[a](<b c.md> "title")',
    "[a *b*](b\\_c.md 'x')",
    "![a](b.png)",
    "[![a](b.png)](c.md)",
    "[a ![b](c.png) [d](e.md)",
    "[a\nb](\nc.md\n)",
    "[a][b]",
    "[b]",
    "[b][]",
    "![c][B]",
    "[a][none]",
    "<https://a.example/?b&amp;c>",
    "<me@a.example>",
    "https://a.example/b_(c)).",
    "(www.a.example/b)",
    "me@a.example",
    "seehttps://a.example/b",
    '<a href="b.md" title="c">https://a.example/</a>',
    "<img alt='' src='b.png'>",
    "<!-- [a](b) -->",
    "[^n]",
    "[a](b.md",
]
CELLS = ["[a](b\\|c.md)", "`a\\|b` [c](d.md)", "[a\\|b](c.md) [d](e\\|f)"]
DEFINITIONS = "[b]: https://b.example/c 'title'\n[c\nd]:\n  <e f.md>\n"

INLINE = st.lists(st.sampled_from(WORDS + LINKS), min_size=1, max_size=6).map(" ".join)
PARAGRAPH = st.lists(INLINE, min_size=1, max_size=3).map("\n".join)
TABLE = st.lists(st.sampled_from(LINKS + CELLS).filter(lambda cell: "\n" not in cell), min_size=2, max_size=4).map(
    lambda cells: "| a | b |\n|---|---|\n" + "\n".join(f"| {cell} | {cell} |" for cell in cells)
)
LEAF = st.one_of(
    PARAGRAPH,
    TABLE,
    INLINE.map(lambda words: "## " + words.replace("\n", " ")),
    PARAGRAPH.map(lambda words: f"```\n{words}\n```"),
    PARAGRAPH.map(lambda words: f"<div>\n{words}\n</div>"),
    PARAGRAPH.map(lambda words: f"{words}\n---"),
    st.just(DEFINITIONS),
)


def indented(text: str, first: str, rest: str) -> str:
    return "\n".join((rest if number else first) + line for number, line in enumerate(text.split("\n")))


def contained(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        several,
        several.map(lambda text: indented(text, "> ", "> ")),
        several.map(lambda text: indented(text, "- ", "  ")),
        several.map(lambda text: indented(text, "1.\t", "\t")),
        several.map(lambda text: indented(text, "Term\n: ", "  ")),
        several.map(lambda text: indented(text, "> > ", ">\t")),
        several.map(lambda text: f"/// note | [a](b.md)\n{text}\n///"),
    )


DOCUMENTS = st.recursive(LEAF, contained, max_leaves=5).map(lambda text: f"{text}\n\n{DEFINITIONS}\n[^n]: A note.\n")


def target(link: LinkSpan) -> str:
    """The address that a browser is given for a link."""
    words = link.address
    if link.kind == "html":
        return unescape_html(words)
    if link.kind in ("inline", "reference"):
        return normalize_address(unescape(words))
    if words.startswith("www."):
        return f"http://{words}"
    return normalize_address(words if "://" in words else f"mailto:{words}")


@given(DOCUMENTS)
def test_the_links_of_a_text_are_those_of_its_html(text: str) -> None:
    scanned = [link for link in scan_markdown(text).links if link.kind != "definition"]
    shown = Counter(link.address for link in convert(text).links if not link.address.startswith("#fn"))
    assert Counter(target(link) for link in scanned) == shown


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("| a |\n|---|\n| `b\\|c` <img src='d\\|e'> https://f.example/\\|g |", ["d\\|e", "https://f.example/\\|g"]),
        ("> [a](b 'c\n> d') [e](\n> f)\n> <a\n> href=g>", ["b", "f", "g"]),
        ("1. - > [a]\n\n>\t[a]:\n>\t <b c>", ["b c", "b c"]),
        ("[a]: b\n[a]: c\n\n[a]", ["b", "c", "b"]),
        ("[[a](b)](c) ![[d](e)](f) [![g](h)](i)", ["b", "f", "h", "i"]),
        ("<script>\nlet a = '<a href=b>'\n</script>\n\n<pre><a href=c></a></pre>", ["c"]),
        ("/// video | [a](b)\naddress: https://c.example/\n///", ["b", "https://c.example/"]),
    ],
)
def test_an_address_is_as_it_is_written(text: str, addresses: list[str]) -> None:
    links = scan_markdown(text).links
    assert sorted(link.address for link in links) == sorted(addresses)
    assert all(text[slice(*link.address_span)] == link.address for link in links)


@pytest.mark.parametrize("opening", ["<?", "<!X", "<![CDATA[", "<!--"])
def test_what_opens_and_never_ends_is_text(opening: str) -> None:
    scan = scan_markdown(f"Before {opening} after [words](address).\n")
    assert [link.target for link in scan.links] == ["address"]


@given(DOCUMENTS)
def test_blanked_text_keeps_its_lines(text: str) -> None:
    scanned = scan_markdown(text)
    for blanked in (scanned.prose, scanned.without_code):
        assert len(blanked) == len(text)
        assert all(new == old or (new == " " and old != "\n") for old, new in zip(text, blanked, strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> a `b\n> c` d", "> a > d"),
        ("- ```\n  a\n  ```\n  b", "- b"),
        ("\ta\n\n>\t\tb\n>\n> c", "> > > c"),
        ("a <b>c</b> <code>*d*</code> <!-- e\nf --> g", "a c g"),
        ("<div>\na <svg>\nb\n</svg>\n</div>", "a"),
        ("[a](b) ![c](d \"e\") [f]\n\n[f]: g 'h'", "[a] ![c] [f] 'h'"),
        ("| a \\| `b\\|c` |\n|---|\n| d |", "| a \\| | |---| | d |"),
        ("a https://b.example/ <c@d.example> ehttps://f.example/", "a e"),
    ],
)
def test_what_is_no_prose_is_blanked(text: str, words: str) -> None:
    assert scan_markdown(text).prose.split() == words.split()


def test_blocks_headings_and_items_are_found() -> None:
    text = "# A {#b}\n\nC\nD\n---\n\n- e\n  - f\n\n> ## G\n\n/// note | H\n## I\n///\n\n| j |\n|---|"
    scanned = scan_markdown(text)
    assert [(each.level, each.title) for each in scanned.headings] == [(1, "A"), (2, "C D"), (2, "I")]
    assert [text[each.start : each.end] for each in scanned.headings] == ["# A {#b}", "C\nD\n---", "## I"]
    assert [(each.depth, text[each.start : each.start + 5]) for each in scanned.items] == [(0, "- e\n "), (1, "  - f")]
    assert [each.kind for each in scanned.blocks] == ["heading", "heading", "list", "quote", "heading", "table"]
    assert [(each.kind, text[each.start : each.end].strip()) for each in scanned.kinds] == [
        ("note", "/// note | H\n## I\n///")
    ]
    assert scanned.tables == 1


def test_formulas_are_no_prose_where_they_are_wanted() -> None:
    text = "a $b [c][d]$ \\(e\\)\n\n$$\n[f][g]\n- `h\n$$"
    assert scan_markdown(text, maths=True).prose.split() == ["a"]
    assert scan_markdown(text, maths=True).undefined == ()
    assert [label for _, label in scan_markdown(text).undefined] == ["d", "g"]


def test_a_text_nested_too_deep_has_no_parts() -> None:
    scanned = scan_markdown("> " * 200 + "[a](b)\nc")
    assert (scanned.links, scanned.prose.split()) == ((), [])


@pytest.mark.parametrize(
    "piece",
    some(
        [
            "[",
            "![",
            "[a](",
            "[a](b) ",
            "[a][b] ",
            "`",
            "``a` ",
            "**a ",
            "<a ",
            "<!-- ",
            "<code>",
            "> ",
            "- a\n",
            "| a |",
            "](b)",
            "<pre>\n\n",
        ],
        4,
    ),
)
def test_the_time_grows_with_the_text(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        return min(timeit(lambda: scan_markdown(text), timer=process_time, number=1) for _ in range(3))

    assert seconds(40_000 // len(piece)) < 4 * seconds(20_000 // len(piece)) + 0.05


@given(st.lists(st.integers(1, 6), max_size=12))
def test_a_section_ends_at_the_next_heading_of_its_level_or_above(levels: list[int]) -> None:
    scanned = scan_markdown("".join(f"{'#' * level} Heading\n\nWords.\n\n" for level in levels))
    found = scanned.headings
    ends = [
        next((other.start for other in found[place:] if other.level <= heading.level), len(scanned.text))
        for place, heading in enumerate(found, 1)
    ]
    assert [*scanned.sections()] == [(each, (each.end, end)) for each, end in zip(found, ends, strict=True)]
