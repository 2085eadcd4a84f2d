"""HTML for feed readers, and plain text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from weekahead.markdown.renderer import convert, place
from weekahead.site.html_text import sanitize_for_feed, to_plain_text

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
        ('<img alt="A"><img src="javascript:x()" alt="A">', '<img alt="A">'),
        (
            '<a href="data:text/html,x">a</a><a href=" d&#10;ata:text/html,x">b</a><img src="data:image/png;base64,eA">',
            '<a>a</a><a>b</a><img src="data:image/png;base64,eA">',
        ),
        ('<form><label>L <input type="text"></label><button>B</button></form>', "L "),
        ('<li><input type="checkbox" checked> a</li><li><input type="checkbox"> b</li>', "<li>☑  a</li><li>☐  b</li>"),
        (
            '<video><source src="/v.mp4">None</video>',
            '<a href="https://letter.example/v.mp4">https://letter.example/v.mp4</a>',
        ),
        ('<video src="http://[x"></video>', "<a>http://[x</a>"),
        ('<iframe src="https://x.example/">x</iframe>', '<a href="https://x.example/">https://x.example/</a>'),
        (
            '<object data="/o"><video src="/v"></video></object><embed>',
            '<a href="https://letter.example/o">https://letter.example/o</a>',
        ),
        ("<svg><title>A plot &lt;</title><circle r='1'/></svg>", "A plot &lt;"),
        ('<pre><span></span><code><span class="k">def</span> f</code></pre>', "<pre><code>def f</code></pre>"),
        ('<span>a<span class="k"><span lang="de">b</span></span></span>', 'a<span lang="de">b</span>'),
        ('<span title="a>b">c</span>', '<span title="a&gt;b">c</span>'),
        (
            '<div><div class="note" role="note"><div>a</div></div></div>b',
            "<div><blockquote><div>a</div></blockquote></div>b",
        ),
        (
            '<table><tr><td class="align-right">1</td><td style="text-align: left">2</td></tr></table>',
            '<table><tbody><tr><td align="right">1</td><td align="left">2</td></tr></tbody></table>',
        ),
        ('<code> class="align-right"</code> &nbsp;&amp;nbsp;', '<code> class="align-right"</code> \xa0&amp;nbsp;'),
        ("<!-- gone -->a&#2;b", "ab"),
        ("<custom-tag>stays</custom-tag>", "stays"),
        ("", ""),
    ],
)
def test_feed_html_keeps_what_readers_show(html: str, wanted: str) -> None:
    assert sanitize_for_feed(html, BASE) == wanted


def test_plain_text_is_paragraphs() -> None:
    html = '<h2>A <em>b</em></h2><p>One<br>two<sup><a class="footnote-ref" href="#n">1</a></sup>.</p><ul><li>x</li><li>y</li></ul>'
    assert (
        to_plain_text(html + '<script>no</script><img src="a.png" alt="A dot">') == "A b\n\nOne two.\n\nx\n\ny\n\nA dot"
    )


@given(st.text(alphabet="<>&\"'/=! abpiscrt:#\n\x00\x02\ufffe]", max_size=60))
def test_sanitized_html_is_stable_and_legal_in_xml(html: str) -> None:
    found = sanitize_for_feed(html, BASE)
    root = etree.Element("content")
    root.text = found
    assert "<script" not in found
    assert sanitize_for_feed(found, BASE) == found


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000,
        '<a href="https://' + "a" * 100_000 + ' b">x</a>',
        "<svg>" * 2000,
        "<b>" * 3000,
        '<div role="note"><span>' * 125,
    ],
)
def test_hostile_html_takes_less_than_a_second(html: str) -> None:
    before = time.process_time()
    sanitize_for_feed(html, BASE)
    to_plain_text(html)
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<p hidden>no</p>", ""),
        ('<p style="color: red; Display:None">no</p>\n\n<p style="display: none">no</p>\n\nyes', "yes"),
        ("<p hidden>no</p>\n\nyes", "yes"),
        ("yes <span hidden>no</span>", "yes"),
        ("<div hidden>\n\nno <b>no</b>\n\n<p hidden>no</p>\n\n</div>\n\nyes", "yes"),
        ("<ul><li hidden>no<li>yes</ul>", "yes"),
        ('<p hidden="until-found">yes</p>', "yes"),
        ("<p>yes <code>hidden</code></p>", "yes hidden"),
    ],
)
def test_what_a_page_hides_is_in_no_feed_transcript_or_count(markdown: str, shown: str) -> None:
    found = convert(markdown)
    html = place(found, {})
    assert re.sub("<[^>]*>", "", sanitize_for_feed(html, "https://letter.example/")).strip() == shown
    assert to_plain_text(html) == shown
    assert found.words == len(shown.split())
    assert "no" not in found.lead
