"""HTML becomes our Markdown, and nothing of its words comes alive or is lost."""

from __future__ import annotations

import random
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.html import made_html
from tests.importers.html.conversion import conversion

from weekahead.markdown.renderer import convert
from weekahead.model.findings import BuildError

FORMS = {
    "<p>one</p>\n\n<p>two<br>lines</p>": "one\n\ntwo\\\nlines",
    "text<p>par</p>more<div>box</div>": "text\n\npar\n\nmore\n\nbox",
    "a<b>foo:</b>bar <em>x </em>y <b><i>z</i></b>": "a<strong>foo:</strong>bar *x* y **_z_**",
    "<b>one<p>two</p></b>": "**one**\n\n**two**",
    "<p>H<sub>2</sub>O, x<sup>2</sup>, <kbd>K</kbd>, <mark>m</mark>, <s>s</s></p>": (
        "H<sub>2</sub>O, x<sup>2</sup>, <kbd>K</kbd>, ==m==, ~~s~~"
    ),
    "<h3><strong>Bold</strong></h3><h2>Ends in #</h2>": "### Bold\n\n## Ends in \\#",
    "<ul><li><p>one</p><ul><li><p>in</p></li></ul></li><li><p>two</p></li></ul>": "- one\n  * in\n- two",
    "<ul><li><p>one</p><p>more</p></li><li>two</li></ul>": "- one\n\n  more\n\n- two",
    "<ul><li>a</li><ul><li>b</li></ul></ul>": "- a\n  * b",
    "<ul><li>a</li></ul><ul><li>b</li></ul>": "- a\n\n<!-- -->\n\n- b",
    "<ol start='5'><li>a<blockquote>q</blockquote></li><li></li></ol>": "5. a\n   > q",
    "<blockquote><ul><li>a</li></ul><p>b</p></blockquote><blockquote>c</blockquote>": "> - a\n>\n> b\n\n> c",
    "<pre><code class='language-python'>a\n\n\nb `</code></pre>": "```python\na\n\n\nb `\n```",
    "<p><code>a`b</code> <code> </code><code>c</code><code>d</code></p>": "``a`b`` `c`<!-- -->`d`",
    "<dl><dt>Term</dt><dd>Means</dd><dt>Other</dt><dd><p>One</p><p>Two</p></dd></dl>": (
        "Term\n:   Means\n\nOther\n:   One\n\n    Two"
    ),
    "<details><summary>A <b>b</b></summary><p>c</p></details>": (
        "<details>\n<summary>A <b>b</b></summary>\n\nc\n\n</details>"
    ),
    "<table><tr><th>a</th><th>b|</th></tr><tr><td>1</td><td style='text-align:right'>2<br>3</td></tr></table>": (
        "| a | b\\| |\n| --- | --: |\n| 1 | 2<br>3 |"
    ),
    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>": (
        "|  |  |\n| --- | --- |\n| a | b |\n| c | d |"
    ),
    "<p><a href='https://e.example/a b'>x</a> <a href='https://e.example/(c)'>y</a></p>": (
        "[x](https://e.example/a%20b) [y](https://e.example/(c))"
    ),
    "<p><a href='https://e.example'> </a>z</p>": "z",
    "<a href='https://e.example'><h3>T</h3><p>x</p></a>": "### [T](https://e.example)\n\n[x](https://e.example)",
    "<p>See https://e.example/a_b, (https://e.example).</p>": "See https://e.example/a_b, (https://e.example).",
    "<p>&lt;https://e.example&gt; <b>x</b></p>": "<<https://e.example>> **x**",
    "<p>wordhttps://x.example/a_b<i>! so</i></p>": "wordhttps\\://x.example/a_b<em>! so</em>",
    "<p>https://x.example/a_b<i>! so</i></p>": "<https://x.example/a_b>*! so*",
    "<p><a href='https://y.example'>see https://x.example/a<i>!x</i></a></p>": (
        "[see https://x.example/a<em>!x</em>](https://y.example)"
    ),
    "<p><a href='https://y.example'><i>x!</i>https://x.example</a></p>": (
        "[<em>x!</em>https://x.example](https://y.example)"
    ),
    "<p><i>x!</i>wordhttps://x.example/a</p>": "<em>x!</em>wordhttps\\://x.example/a",
    "<hr>": "---",
    "": "",
    "<p></p><p>&nbsp;</p>": "",
}


@pytest.mark.parametrize("html", FORMS)
def test_each_form_becomes_ours(html: str) -> None:
    made = conversion(html)
    assert made.markdown.removesuffix("\n") == FORMS[html]
    assert made.proof == ()


MARKS = (
    "/// note | x", "///", "[^1]", "[^1]: x", "[@key]", "@{key}", "[!NOTE]", ": x", "1984. x", "2) x", "+ x", "- x", "* x", "# x",
    "=====", "-----", "- - -", "***", "___", "> x", "| a | b |", "|---|---|", "~~~", "```", "`x`", "*x*", "_x_", "~x~", "==x==",
    "*[X]: y", "[x]: y", "[x](y)", "![x](y)", "[ ] x", ":smile:", "&amp;", "&#35;", "<b>x</b>", "<!-- x -->", "a@b.example", "www.x.example",
    "x {#id}", "{.class} x", "\\* x", "x\\", "\u00a0x", "snake_case_name", "5 * 3 * 2", "<https://x.example>", "http://x.__",
)  # fmt: skip


@pytest.mark.parametrize("words", MARKS)
@pytest.mark.parametrize(
    "around", ["<p>{}</p>", "<ul><li>a<br>{}</li></ul>", "<h2>{}</h2>", "<blockquote>{}</blockquote>"]
)
def test_no_mark_of_a_text_comes_alive(words: str, around: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    made = conversion(around.format(escaped))
    assert made.proof == (), made.markdown
    assert convert(made.markdown).faults == ()


@given(st.integers(0, 10**9))
def test_made_posts_keep_their_words_links_and_pictures(seed: int) -> None:
    html = made_html.post(random.Random(seed))
    made = conversion(html)
    assert made.proof == (), f"{html}\n{made.markdown}"


@given(st.integers(0, 10**9))
def test_dollars_and_brackets_are_no_formulas_beside_formulas(seed: int) -> None:
    words = made_html.text(random.Random(seed))
    made = conversion(f"<script type='math/tex'>x^2</script><p>{words}</p>")
    assert made.text.maths
    assert made.proof == (), made.markdown


def test_deep_nesting_is_bounded_and_said() -> None:
    for html in (
        "<ul><li>" * 500 + "x",
        "<blockquote>" * 500 + "x",
        "<div>" * 5000 + "x",
        "<table><tr><td>" * 300 + "x",
        "<table><tr><th>x<th>x<tr><td>x<td>" + "<ul><li>" * 300 + "x",
        "<table><tr><th>x<th>x<tr><td>x<td>" + "<dl><dd>" * 300 + "x",
    ):
        made = conversion(html)
        assert {*re.sub("<[^>]*>|[-+*>|\\s]", "", made.markdown)} == {"x"}
        assert convert(made.markdown).faults == ()
        assert made.proof == ()
        assert {"deep-html", "deep-list"} & {*made.rules()}


def test_a_missing_library_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "html_to_markdown", None)
    with pytest.raises(BuildError) as error:
        conversion("<p>x</p><p>y</p>")
    (finding,) = error.value.findings
    assert "pip install 'weekahead[import]'" in finding.hint
