"""Markdown as authors expect it; lists are held to a CommonMark engine."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.markdown.renderer import RenderedText, convert, place
from weekahead.model.issue import Text
from weekahead.runtime.store import Store

COMMONMARK = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def html(text: str, prefix: str = "") -> str:
    return place(convert(text), {}, prefix, lambda key, number=0: f"{key} {number}")


def structure(page: str) -> list[str]:
    """Lists, items, quotations and code blocks, with their depth and an item's first words."""
    found: list[str] = []

    def walk(node: object, depth: int) -> None:
        child = node.child  # type: ignore[attr-defined]
        while child is not None:
            if child.tag in ("ul", "ol", "li", "blockquote", "pre"):
                found.append(f"{depth} {child.tag} {child.attributes.get('start', '')}")
                walk(child, depth + 1)
            else:
                walk(child, depth)
            child = child.next

    walk(LexborHTMLParser(f"<div>{page}</div>", is_fragment=True).root, 0)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "- a\n  - b\n    - c\n- d",
        "1. a\n   - b\n   - c\n2. d",
        "- a\n\n  second paragraph\n\n- b",
        "- a\n    - four spaces\n        - eight",
        "* a\n\t* tab\n\t\t* tabs",
        "Text straight before\n- a\n- b",
        "Text before\n1. one\n2. two",
        "The year was\n1986. A great year.",
        "1) one\n2) two",
        "3. three\n4. four",
        "> quoted\n> - a\n>   - b\n- after",
        "- > quoted in an item\n  > more\n- b",
        "- a\n  ```\n  - not an item\n    - nor this\n  ```\n- b",
        "- a\n\n      indented code\n\n- b",
        "```\n- a\n  - b\n```",
        "- a\nlazy line\n- b",
        "- a\n  1. one\n  2. two\n     - deep\n- b",
        "10. ten\n    - a\n11. eleven",
        "- a\n\n\n- b\n\n\n  - c",
        "- a\n- - -\n- b",
        "* * *\n\n- a",
        "- a\n# Heading\n- b",
        "<pre>\n- a\n  - b\n</pre>",
        "- [link](x)\n  - **b**\n\nafter",
    ],
)
def test_lists_have_the_shape_they_have_on_github(text: str) -> None:
    assert structure(html(text)) == structure(COMMONMARK.render(text))


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> str:
    """Nested lists indented by the width of their markers, as people type them."""
    lines = []
    ordered = draw(st.booleans())
    for number in range(1, draw(st.integers(1, 3)) + 1):
        marker = f"{number}. " if ordered else "- "
        lines.append(f"{marker}item {depth} {number}")
        width = " " * len(marker)
        if draw(st.integers(0, 3)) == 0:
            lines += ["", f"{width}second paragraph"]
        if depth < 3 and draw(st.booleans()):
            lines += [width + line if line else "" for line in draw(lists(depth + 1)).split("\n")]
    return "\n".join(lines)


@settings(max_examples=150)
@given(lists())
def test_nested_lists_of_any_make_keep_their_shape(text: str) -> None:
    assert structure(html(text)) == structure(COMMONMARK.render(text))


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        (
            "See https://arxiv.org/pdf/2103.08942.pdf[Accessed 2021",
            "https://arxiv.org/pdf/2103.08942.pdf",
            "[Accessed 2021",
        ),
        ("(see https://x.example/a_(b)).", "https://x.example/a_(b)", ")."),
        ("https://x.example/a--b, and", "https://x.example/a--b", ", and"),
        ("https://x.example/?q=1&r=2.", "https://x.example/?q=1&amp;r=2", "."),
        ("www.example.org!", "http://www.example.org", "!"),
        ("“https://x.example/”", "https://x.example/", "”"),
    ],
)
def test_a_bare_address_ends_where_it_should(text: str, address: str, rest: str) -> None:
    assert f'<a href="{address}">' in html(text)
    assert f"</a>{rest}" in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "`https://x.example/a`",
        "[https://x.example/a](https://y.example)",
        '<a href="https://y.example">https://x.example/a</a>',
        "    https://x.example/a",
    ],
)
def test_an_address_in_code_or_in_a_link_stays_text(text: str) -> None:
    assert 'href="https://x.example/a"' not in html(text)
    assert "https://x.example/a" in html(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"Quoted" -- it\'s...', "“Quoted” – it’s…"),
        ("~~gone~~", "<del>gone</del>"),
        ("H~2~O", "H<del>2</del>O"),
        ("{{ 1 + 1 }} {% raw %}", "{{ 1 + 1 }} {% raw %}"),
        ("Term\n:   Meaning", "<dd>Meaning</dd>"),
        ("## A *fine* day", '<h2 id="a-fine-day">'),
        ("## Über 什么", '<h2 id="über-什么">'),
        ("# One\n\n## Two", '<h3 id="two">'),
        ("- [x] done", 'type="checkbox"'),
        ("Text[^1].\n\n[^1]: Note.", 'href="#fn:1"'),
        ('![a](b.png "Words")', "<figcaption>Words</figcaption>"),
        ("```python\nx = 1\n```", '<span class="n">x</span>'),
        ("```nosuchlanguage\nx = 1\n```", "x = 1"),
        ("a <kbd>Ctrl</kbd> b", "<kbd>Ctrl</kbd>"),
        ("x\n{: .c #y}", 'id="y"'),
    ],
)
def test_the_dialect(text: str, found: str) -> None:
    assert found in html(text)


def test_a_table_scrolls_on_its_own_and_has_no_style_attribute() -> None:
    page = html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<div class="table" role="region" tabindex="0" aria-label="table 0"><table>' in page
    assert '<td class="align-right">2</td>' in page
    assert "style=" not in page


def test_unclosed_html_ends_with_the_text() -> None:
    assert html("<div><b>x\n\n</article></section>").count("<div>") == html("<div><b>x\n\n</article>").count("</div>")
    assert "</article>" not in html("x\n\n</article>")


def test_control_characters_never_reach_the_page() -> None:
    prose = convert("one\n\ntwo \x02\x03 klzzwxh:0000 \x00 \ufffe")
    assert prose.faults[0].line == 3
    assert not set("".join(prose.parts)) & set("\x00\x02\x03\ufffe")


def test_ids_and_fragments_get_a_prefix_together() -> None:
    page = html("Text[^1].\n\n## Part\n\n[^1]: Note. [to](#part)", "w1-")
    for found in ('id="w1-fn:1"', 'href="#w1-fn:1"', 'id="w1-part"', 'href="#w1-part"'):
        assert found in page


def test_what_the_house_asks_of_a_text() -> None:
    prose = convert('# T\n\nFirst *words* here.\n\n```\ncode words\n```\n\n[a](b "t") ![c](d.png)\n\n什么什么')
    assert prose.lead == "First words here."
    assert [(link.address, link.kind) for link in prose.links] == [("b", "link"), ("d.png", "image")]
    assert prose.words == 1 + 3 + 1 + 2
    assert [(heading.level, heading.text) for heading in prose.headings] == [(2, "T")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It's \"so\" -- isn't it? A well-known song.", 7),
        ("Zoë's café, naïve… 3½ 🦀 crabs", 5),
        ("日本語 and more 한국어", 2 + 3),
        ("a--b \\-c", 3),
        ("'tis &#39;80s", 2),
    ],
)
def test_words_are_counted_as_readers_see_them(text: str, count: int) -> None:
    assert convert(text).words == count


def test_a_tab_behind_a_marker_moves_the_column_where_the_item_begins() -> None:
    assert html("- a\n- b\n  - c").count("<ul>") == 2
    assert html("- a\n- \tb\n  - c").count("<ul>") == 1


def test_prose_survives_the_cache() -> None:
    prose = convert("a [b](c)[^1]\n\n[^1]: d")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(prose), type=RenderedText) == prose


def test_a_text_does_not_depend_on_the_one_before() -> None:
    first = convert("a[^1] *[HTML]: x\n\n[^1]: b")
    convert("[^1]: other\n\n*[HTML]: y\n\n[r]: https://x.example")
    assert convert("a[^1] *[HTML]: x\n\n[^1]: b") == first


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1500,
        "![" * 800,
        "*" * 4000,
        ">" * 300 + "x",
        "\n".join(" " * 2 * n + "- a" for n in range(200)),
        "<" * 3000,
        "`" * 3000,
        "- " * 500,
    ],
)
def test_hostile_shapes_end(text: str) -> None:
    convert(text)


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from(list("ab 1.-*+>#`~[]()!_|:&<\"'=/\n\t \\{}^")) | st.characters(), max_size=120))
def test_any_text_converts_and_ids_are_unique(text: str) -> None:
    prose = convert(text)
    assert len(set(prose.ids)) == len(prose.ids)
    assert sum(part.startswith("@") for part in prose.parts[1::2]) == len(prose.links)


@pytest.mark.parametrize("rest", ["", "wa-", "wa-0123456789abcdef-0-", "wa-0-", "\x02klzzwxh:0\x03", "~[]", "@#~"])
def test_a_text_may_imitate_our_marks(rest: str) -> None:
    page = html(f"[a](b) {rest}\n\n- [ ] task\n\n## {rest or 'x'}")
    assert 'href="b"' in page
    assert html(page)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Hypothesis listens to the collector, and what is raised while it does, such as an overrun, is lost."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("Fine.\n\n" + ">" * 4000 + " a", "text-too-deep", 3),
        ("Fine.\n\n" + "- " * 4000 + "a", "text-too-deep", 3),
        ("Fine.\n\n" + "".join("  " * depth + f"- item {depth}\n" for depth in range(400)), "text-too-deep", 53),
    ],
)
def test_a_text_that_would_not_end_is_refused_in_its_line(text: str, rule: str, line: int) -> None:
    found = convert(text)
    assert [(fault.rule, fault.line) for fault in found.faults] == [(rule, line)]
    assert place(convert("*Fine.*"), {}) == "<p><em>Fine.</em></p>"


@pytest.mark.usefixtures("no_collector")
def test_a_text_that_takes_too_long_is_refused_near_where_it_was() -> None:
    text = "Fine.\n\n" + "\n".join(f"{number} *[a](b)* " for number in range(2000))
    [found] = convert(text, budget=0.01).faults
    assert found.rule == "too-slow"
    assert found.line >= 1
    assert place(convert("*Fine.*"), {}) == "<p><em>Fine.</em></p>"


@pytest.mark.usefixtures("no_collector")
def test_what_was_too_slow_once_may_have_more_time_later() -> None:
    store = Store()
    text = Text(digest="x", file="issues/0001-a.md", content="*[a](b)* " * 10000)
    texts = RenderedTexts(store, str, budget=0.005)
    assert [fault.rule for fault in texts.facts(text).faults] == ["too-slow"]
    assert store.load_bytes("facts", texts.key(text)) is None
    assert not RenderedTexts(store, str, budget=60).facts(text).faults


@given(
    st.lists(
        st.sampled_from([*"[](){}<>*_`~|>#-+!&\\:^\"'/=\n\t ", "a", "1.", "http://a.b", "[^1]", "é", "\u202e"]),
        max_size=60,
    ).map("".join)
)
def test_any_marks_at_all_end_and_give_sound_html(text: str) -> None:
    found = convert(text)
    html = place(found, {})
    again = LexborHTMLParser(html, is_fragment=True)
    # A quotation mark in an address may be written in two ways.
    assert (again.html or "") == html.replace("&#x27;", "'")
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [("2 3 3 2", "2 3 3 2"), ("1 2 2", "2 3 3"), ("3 3", "2 2"), ("2 4 2 4 5", "2 3 2 3 4"), ("4 3 2", "2 2 2")],
)
def test_headings_leave_no_level_out(levels: str, wanted: str) -> None:
    found = convert("\n\n".join(f"{'#' * int(level)} Heading" for level in levels.split()))
    assert [heading.level for heading in found.headings] == [int(level) for level in wanted.split()]


def test_every_table_has_a_name_of_its_own_and_no_heading_without_words() -> None:
    page = html("| | B |\n|--|--|\n| 1 | 2 |\n\nWords.\n\n| A | B |\n|--|--|\n| 1 | 2 |\n")
    assert 'aria-label="table 0"' in page
    assert 'aria-label="table_number 2"' in page
    assert page.count("<th>") == 3
