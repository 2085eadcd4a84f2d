"""Marks within a line as an author knows them from GitHub: each kind that once came out otherwise, beside what is near it."""

from __future__ import annotations

import pytest
from tests.markdown import cmark
from tests.markdown.compare import ours
from tests.markdown.structure import difference

ESCAPES = {
    "money": ("the ferry costs \\$5 and the pilot \\$40", "<p>the ferry costs $5 and the pilot $40</p>"),
    "an angle": ("boats \\< 6 metres, \\> 5", "<p>boats &lt; 6 metres, &gt; 5</p>"),
    "every mark": (
        "\\!\\\"\\#\\%\\&\\'\\(\\)\\*\\+\\,\\-\\.\\/\\:\\;\\=\\?\\@\\[\\\\\\]\\^\\_\\`\\{\\|\\}\\~",
        "<p>!\"#%&amp;'()*+,-./:;=?@[\\]^_`{|}~</p>",
    ),
    "letters, figures and spaces have none": ("\\a \\1 \\é \\ b", "<p>\\a \\1 \\é \\ b</p>"),
    "not in code": ("`\\$` and `a\\`", "<p><code>\\$</code> and <code>a\\</code></p>"),
    "not in an address between angles": (
        "<https://a.example/\\_b>",
        '<p><a href="https://a.example/\\_b">https://a.example/\\_b</a></p>',
    ),
    "in an address and a title": ('[a](b\\_c "d\\"e")', '<p><a href="b_c" title="d&quot;e">a</a></p>'),
    "no emphasis": ("\\*a* \\_b_ \\`c` \\[d](e)", "<p>*a* _b_ `c` [d](e)</p>"),
    "no entity": ("\\&copy; &copy;", "<p>&amp;copy; ©</p>"),
}

BREAKS = {
    "a backslash": ("one\\\ntwo\\\nthree", "<p>one<br>two<br>three</p>"),
    "two spaces": ("one  \ntwo", "<p>one<br>two</p>"),
    "a backslash in emphasis": ("*one\\\ntwo*", "<p><em>one<br>two</em></p>"),
    "a backslash in an item": ("- one\\\n  two", "<ul><li>one<br>two</li></ul>"),
    "at a paragraph's end it is one": ("one\\", "<p>one\\</p>"),
    "at a heading's end it is one": ("# one\\\ntwo", "<h1>one\\</h1><p>two</p>"),
    "in code it is one": ("`one\\\ntwo`", "<p><code>one\\ two</code></p>"),
    "two of them are one": ("one\\\\\ntwo", "<p>one\\\ntwo</p>"),
    "one space is none": ("one \ntwo", "<p>one\ntwo</p>"),
    "two spaces at the end are none": ("one  \n\ntwo", "<p>one</p><p>two</p>"),
}

BRACKETS = {
    "brackets beside brackets": ("[a] [b]\n\n[b]: c", '<p>[a] <a href="c">b</a></p>'),
    "brackets beside brackets, both known": ("[a] [b]\n\n[a]: c\n[b]: d", '<p><a href="c">a</a> <a href="d">b</a></p>'),
    "over two lines": ("[a]\n[b]\n\n[b]: c", '<p>[a]\n<a href="c">b</a></p>'),
    "nothing known": ("[a] [b] [c][d]", "<p>[a] [b] [c][d]</p>"),
    "without a space": ("[a][b]\n\n[b]: c", '<p><a href="c">a</a></p>'),
    "an empty second": ("[a][] b\n\n[A]: c", '<p><a href="c">a</a> b</p>'),
    "a word in brackets before an address in brackets": ("[a] (b)", "<p>[a] (b)</p>"),
    "brackets in a link": ("[a [b] c](d)", '<p><a href="d">a [b] c</a></p>'),
    "a link in a link": ("[a [b](c) d](e)", '<p>[a <a href="c">b</a> d](e)</p>'),
    "a picture in a link": ("[![a](b)](c)", '<p><a href="c"><img src="b" alt="a"></a></p>'),
    "an address with brackets": ("[a](b_(c)_d)", '<p><a href="b_(c)_d">a</a></p>'),
    "an address with spaces": ("[a](<b c>)", '<p><a href="b%20c">a</a></p>'),
    "an address with spaces and no angles": ("[a](b c)", "<p>[a](b c)</p>"),
    "code binds before brackets": ("[a`](b)`", "<p>[a<code>](b)</code></p>"),
    "the first of two definitions": ("[a]\n\n[a]: b\n[a]: c", '<p><a href="b">a</a></p>'),
    "a definition in a quotation": ("[a]\n\n> [a]: b", '<p><a href="b">a</a></p><blockquote></blockquote>'),
    "a definition interrupts nothing": ("a\n[b]: c", "<p>a\n[b]: c</p>"),
}

BRACES = {
    "a set": ("{1, 2} and {spring, neap}", "<p>{1, 2} and {spring, neap}</p>"),
    "a name": ("*Dear* {name}, `code` {name}", "<p><em>Dear</em> {name}, <code>code</code> {name}</p>"),
    "right behind emphasis": ("_A_{1} grows into {2} and stops.", "<p><em>A</em>{1} grows into {2} and stops.</p>"),
    "words right behind emphasis": (
        "Take *B*{see below} and `c`{d}.",
        "<p>Take <em>B</em>{see below} and <code>c</code>{d}.</p>",
    ),
    "right behind a link": ("[a](b){c, d} e {f} g", '<p><a href="b">a</a>{c, d} e {f} g</p>'),
    "right behind a picture": ("![a](b){c, d} e", '<p><img src="b" alt="a">{c, d} e</p>'),
    "of a template": ("*Dear*{{ name }}", "<p><em>Dear</em>{{ name }}</p>"),
    "in a heading": ("## The set {1, 2, 3}", "<h2>The set {1, 2, 3}</h2>"),
    "in a cell": (
        "| a {b, c} | d |\n|---|---|\n| e {f} | {g} |",
        "<table><thead><tr><th>a {b, c}</th><th>d</th></tr></thead><tbody><tr><td>e {f}</td><td>{g}</td></tr></tbody></table>",
    ),
    "on a line of its own": ("a\n{b, c}", "<p>a\n{b, c}</p>"),
    "in an item": ("- a {b}\n- {c}", "<ul><li>a {b}</li><li>{c}</li></ul>"),
    "empty": ("*a*{} b{}", "<p><em>a</em>{} b{}</p>"),
    "half of them": ("*a*{ b and c} d", "<p><em>a</em>{ b and c} d</p>"),
    "formulas": (
        "$x_j + x_{j,i}$ and $\\mathbf{x}_j)) x_{j,i}$.",
        "<p>$x_j + x_{j,i}$ and $\\mathbf{x}<em>j)) x</em>{j,i}$.</p>",
    ),
}

PLACEHOLDERS = {
    "verse": ("_  \n**a**_b_ _  \n_c d_", "<p>_<br><strong>a</strong><em>b</em> _<br><em>c d</em></p>"),
    "their names": ("klzzwxh:0001 wzxhzdk:0 *a* qLzzwx", "<p>klzzwxh:0001 wzxhzdk:0 <em>a</em> qLzzwx</p>"),
    "their names in code": ("`klzzwxh:0000` `a`", "<p><code>klzzwxh:0000</code> <code>a</code></p>"),
    "a lone mark beside pairs": ("_ **a** _b_ **", "<p>_ <strong>a</strong> <em>b</em> **</p>"),
    "marks within marks": ("**a*b*c** ***d** e*", "<p><strong>a<em>b</em>c</strong> <em><strong>d</strong> e</em></p>"),
    "within a word": ("a*b*c a_b_c snake_case_name", "<p>a<em>b</em>c a_b_c snake_case_name</p>"),
}

KINDS = {
    f"{kind}: {name}": example
    for kind, found in {
        "escapes": ESCAPES,
        "breaks": BREAKS,
        "brackets": BRACKETS,
        "braces": BRACES,
        "placeholders": PLACEHOLDERS,
    }.items()
    for name, example in found.items()
}


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=list(KINDS))
def test_lines_are_as_on_github(text: str, wanted: str) -> None:
    assert difference(ours(text), wanted) == ""


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=list(KINDS))
def test_what_is_wanted_is_what_github_makes(text: str, wanted: str) -> None:
    assert difference(wanted, cmark.html(text)) == ""


@pytest.mark.parametrize(
    "mark",
    ["\x02klzzwxh:0000\x03", "\x02wzxhzdk:0\x03", "\x02amp\x03", "\x0342\x02", "&#2;klzzwxh:0000&#3;", "\x02", "\x03"],
)
def test_no_placeholder_reaches_the_page(mark: str) -> None:
    for text in (mark, f"*a* {mark} `b`", f"[a]({mark})", f"- {mark}\n\n```\n{mark}\n```", f'<b title="{mark}">'):
        found = ours(text)
        assert not set(found) & {"\x02", "\x03"}
        assert found.count("klzzwxh") == text.count("klzzwxh")
