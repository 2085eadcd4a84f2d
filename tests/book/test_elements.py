"""Whatever HTML a text has, its book has sound XHTML of what it says."""

from __future__ import annotations

import xml.etree.ElementTree as xml

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weekahead.book.elements import Element, parse, write
from weekahead.book.links import sound_address
from weekahead.book.media import WHOLE_ROWS, Maker, Pictures


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("<p>a <b>b</b></p><script>x()</script><style>b{}</style>", "<p>a <b>b</b></p>"),
        ('<p onclick="x()" style="color:red" class="y">a</p>', '<p class="y">a</p>'),
        ("<center>a</center><blink>b</blink>", "ab"),
        ("<form><label>a <input name=b></label><button>c</button></form>", "a "),
        ('<audio src="a.mp3" title="Listen"></audio>', '<a href="a.mp3">Listen</a>'),
        ('<video><source src="v.mp4"></video>', '<a href="v.mp4">v.mp4</a>'),
        ('<iframe src="https://v.example/"></iframe>', '<a href="https://v.example/">https://v.example/</a>'),
        ("<svg><title>A plan</title><circle/></svg>", "A plan"),
        ("<p hidden>a</p>b", "b"),
        ("<span><div>a</div></span>", "<div>a</div>"),
        ("<span>a</span>", "<span>a</span>"),
        ("<h2><p>a</p>b</h2>", "<h2> a b</h2>"),
        ("<ul>a<li>b</li><b>c</b></ul>", '<ul><li class="loose">a</li><li>b</li><li class="loose"><b>c</b></li></ul>'),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><dd>b</dd></dl>", "<div><div>b</div></div>"),
        ("<li>a</li>", "<div>a</div>"),
        ('<td align="right">', ""),
        ('<table><tr><td align="right">1</td></tr></table>', '<table><tbody><tr><td class="align-right">1</td></tr></tbody></table>'),
        ('<img src="a.png" width="5000000" height="20">', '<img src="a.png" height="20" alt=""/>'),
        ("<img alt=a>", ""),
        ('<time datetime="soon">a</time><time datetime="2022-01-07">b</time>', '<time>a</time><time datetime="2022-01-07">b</time>'),
        ("<p lang='not a tag'>a &amp; &lt;b&gt;</p>", "<p>a &amp; &lt;b&gt;</p>"),
        ("<p>a</p><p></p><p><img src=b></p>", '<p>a</p><p><img src="b" alt=""/></p>'),
    ],
)  # fmt: skip
def test_html_as_a_book_has_it(html: str, made: str) -> None:
    assert write(parse(html)) == made


PIECES = """\
<p> </p> <ul> <li> </ul> <b> </b> <span> </span> <div> </div> <table> <tr> <td> </table> <dl> <dt> <dd> </dl> <h2> </h2> </a>
<figure> <figcaption> </figure> words &amp; &#1; <math> <mi> </math> <details> <summary> </details> <pre> <x@y> <!--a--> <br>
<ruby> <rt> </ruby> ]]> <?php <a_href=x> <img_src=a> <p_1a=b>"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=30))
@example(["<a_href=x>", "<table>", "<a_href=x>"])
def test_any_html_becomes_xml_that_stays_as_it_is(pieces: list[str]) -> None:
    made = write(parse("".join(pieces).replace("_", " ")))
    xml.fromstring(f"<body>{made}</body>")
    assert write(parse(made)) == made


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("https://a.example/b c?d=[e]#f", "https://a.example/b%20c?d=%5Be%5D#f"),
        ("//a.example/b", "https://a.example/b"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%C3%A4", "https://a.example/%C3%A4"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:x()", None),
        ("data:text/html,x", None),
        ("https://", None),
        ("https://[x/", None),
    ],
)
def test_addresses_that_programs_can_follow(address: str, sound: str | None) -> None:
    assert sound_address(address) == sound


class OneText:
    """A book of one text."""

    def __init__(self, html: str) -> None:
        self.root = parse(html)

    def roots(self) -> list[Element]:
        return [self.root]


@pytest.mark.parametrize(("rows", "is_long"), [(WHOLE_ROWS, False), (WHOLE_ROWS + 1, True)])
def test_a_page_of_a_pdf_may_end_within_a_table_of_many_rows(rows: int, is_long: bool) -> None:
    table = f"<table><tbody>{'<tr><td>1</td></tr>' * rows}</tbody></table>"
    for html in (f'<div class="table">{table}</div>', f'<figure class="data">{table}</figure>'):
        book = OneText(f'<div class="note">{html}</div>')
        Maker("print", Pictures(), str).fit(book)  # type: ignore[arg-type]
        marked = [element.tag for element in book.root.all() if "long" in element.classes]
        assert marked == ([html[1:].partition(" ")[0], "table"] if is_long else [])
