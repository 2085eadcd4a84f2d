"""HTML as it may leave the site."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from weekahead.site.html_text import plain, portable

BASE = "https://letter.example/issues/1/"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("x &amp; y", "x &amp; y"),
        ("<p>a<script>alert(1)</script>b<style>p{}</style></p>", "<p>ab</p>"),
        ('<p onclick="x()" style="color:red" class="a" data-x="1" id="i">a</p>', '<p id="i">a</p>'),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="../2/?q#f">a</a>', '<a href="https://letter.example/issues/2/?q#f">a</a>'),
        ('<img src="//x.example/a b.png" alt="A">', '<img src="https://x.example/a%20b.png" alt="A">'),
        ('<img alt="A">', ""),
        ('<form><label>L <input type="text"></label><button>B</button></form>', "L "),
        ('<li><input type="checkbox" checked> a</li><li><input type="checkbox"> b</li>', "<li>☑  a</li><li>☐  b</li>"),
        (
            '<video><source src="/v.mp4">None</video>',
            '<a href="https://letter.example/v.mp4">https://letter.example/v.mp4</a>',
        ),
        ('<iframe src="https://x.example/">x</iframe>', '<a href="https://x.example/">https://x.example/</a>'),
        ("<svg><title>A plot</title><circle r='1'/></svg>", "A plot"),
        ('<pre><code><span class="k">def</span> f</code></pre>', "<pre><code>def f</code></pre>"),
        (
            '<table><tr><td class="align-right">1</td></tr></table>',
            '<table><tbody><tr><td align="right">1</td></tr></tbody></table>',
        ),
        ("<!-- gone -->a&#2;b", "ab"),
        ("<custom-tag>stays</custom-tag>", "stays"),
        ("", ""),
    ],
)
def test_html_for_a_feed(html: str, wanted: str) -> None:
    assert portable(html, BASE) == wanted


def test_plain_words_are_paragraphs() -> None:
    html = '<h2>A <em>b</em></h2><p>One<br>two<sup><a class="footnote-ref" href="#n">1</a></sup>.</p><ul><li>x</li><li>y</li></ul>'
    assert plain(html + '<script>no</script><img src="a.png" alt="A dot">') == "A b\n\nOne two.\n\nx\n\ny\n\nA dot"


@given(st.text(alphabet="<>&\"'/=! abpiscrt:#\n\x00\x02\ufffe]", max_size=60))
def test_whatever_comes_in_a_feed_can_hold_what_goes_out(html: str) -> None:
    found = portable(html, BASE)
    root = etree.Element("content")
    root.text = found
    assert "<script" not in found
    assert portable(found, BASE) == found


@pytest.mark.parametrize(
    "html", ["<div>" * 5000, '<a href="https://' + "a" * 100_000 + ' b">x</a>', "<svg>" * 2000, "<b>" * 3000]
)
def test_no_html_takes_long(html: str) -> None:
    before = time.process_time()
    portable(html, BASE)
    plain(html)
    assert time.process_time() - before < 1
