"""What is around words in HTML: pictures, links, embeds, tables, formulas, and what must not pass."""

from __future__ import annotations

import pytest
from tests.importers.html.conversion import conversion

from weekahead.importers.html.furniture import Furniture, furniture
from weekahead.importers.html.links import plain_address
from weekahead.importers.html.pictures import original_address
from weekahead.markdown.renderer import convert

S3 = "https://substack-post-media.s3.amazonaws.com/public/images/a_1x1.png"
ORIGINALS = {
    f"https://substackcdn.com/image/fetch/$s_!Qx9Z!,w_1456,c_limit,f_auto/{S3.replace(':', '%3A').replace('/', '%2F')}": S3,
    f"https://substackcdn.com/image/fetch/f_auto,q_auto:good/{S3.replace(':', '%3A').replace('/', '%2F')}": S3,
    f"https://cdn.substack.com/image/fetch/w_1200,h_600/{S3}": S3,
    "https://i0.wp.com/e.example/wp-content/a.jpg?resize=300%2C200&ssl=1": "https://e.example/wp-content/a.jpg",
    "https://e.example/content/images/size/w600/2024/a.png": "https://e.example/content/images/2024/a.png",
    "https://media.beehiiv.com/cdn-cgi/image/fit=scale-down,quality=80/uploads/a.png": "https://media.beehiiv.com/uploads/a.png",
    "https://x.files.wordpress.com/2020/a.jpg?w=600&h=2": "https://x.files.wordpress.com/2020/a.jpg",
    "https://e.example/_next/image?url=%2Fa.png&w=640&q=75": "/a.png",
    "//e.example/a.png": "https://e.example/a.png",
    "https://e.example/photo-100x100.png": "https://e.example/photo-100x100.png",
    "pictures/a.png": "pictures/a.png",
}


@pytest.mark.parametrize("address", ORIGINALS)
def test_a_picture_has_the_address_of_its_original(address: str) -> None:
    assert original_address(address) == ORIGINALS[address]


PLAIN = {
    "https://e.example/?utm_source=x&b=1&fbclid=y#f": "https://e.example/?b=1#f",
    "https://e.example/?utm_source=x": "https://e.example/",
    "https://www.google.com/url?q=https://e.example/%3Fa%3D1&sa=D": "https://e.example/?a=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fe.example%2F&h=x": "https://e.example/",
    "https://e.example/?q=utm_source": "https://e.example/?q=utm_source",
    "https://e.example/?a=%26&b=": "https://e.example/?a=%26&b=",
    "https://[broken": "https://[broken",
    "/p/x?utm_source=y": "/p/x?utm_source=y",
}


@pytest.mark.parametrize("address", PLAIN)
def test_tracking_is_taken_off_and_nothing_else(address: str) -> None:
    assert plain_address(address) == PLAIN[address]


BECOMES = {
    "<figure><img src='a.png' alt='A'><figcaption>Cap &amp; \"x\"</figcaption></figure>": '![A](a.png "Cap & \\"x\\"")',
    "<figure><a href='https://e.example'><img src='a.png'></a></figure>": "[![](a.png)](https://e.example)",
    "<figure><a href='a.png'><img src='a.png'></a></figure>": "![](a.png)",
    "<figure><img src='a.png'><figcaption>By <a href='https://e.example'>me</a></figcaption></figure>": (
        '<figure><img src="a.png" alt="">\n<figcaption>By <a href="https://e.example">me</a></figcaption></figure>'
    ),
    "<picture><source srcset='b.webp 1x'><img src='a.png' srcset='c.png 2x'></picture>": "![](a.png)",
    "<img data-src='a.png' src='data:image/gif;base64,R0'><noscript><img src='a.png'></noscript>": "![](a.png)",
    "<p>x <img src='a.png' alt='a [b]' title='t'></p>": 'x ![a \\[b\\]](a.png "t")',
    "<p><img src='a.png' title='tooltip'></p>": "![](a.png)",
    "<p>x<img class='emoji' alt='🎉' src='a.svg'></p>": "x🎉",
    "<p>x <img class='wp-smiley' alt=':-)' src='a.gif'></p>": "x :-)",
    "<p>x <img class='emoji' alt='tada' title=':tada:' src='a.png'></p>": "x 🎉",
    "<p>x <img class='emoji' alt=':tada:' src='a.png'></p>": "x 🎉",
    "<p>x <img class='emoji' alt='our cat' title=':our_cat:' src='a.png'></p>": 'x ![our cat](a.png ":our_cat:")',
    "<iframe src='https://www.youtube.com/embed/abcDEF12345?start=5' title='A | B'></iframe>": (
        "/// video | A | B\naddress: https://www.youtube.com/watch?v=abcDEF12345&t=5\n///"
    ),
    "<ul><li><iframe src='https://player.vimeo.com/video/76979871'></iframe></li></ul>": "- [Vimeo](https://vimeo.com/76979871)",
    "<iframe src='https://maps.example/x'></iframe>": "[https://maps.example/x](https://maps.example/x)",
    "<audio controls><source src='https://e.example/a.mp3'></audio>": "[https://e.example/a.mp3](https://e.example/a.mp3)",
    "<blockquote class='twitter-tweet'><p>T</p>&mdash; Jo (@jo) <a href='https://x.example/1?s=2'>May 2, 2021</a></blockquote>": (
        "/// post | Jo (@jo)\ndate: 2021-05-02\naddress: https://x.example/1\nT\n///"
    ),
    "<table role='presentation'><tr><td>a</td><td>b</td></tr></table>": "a\n\nb",
    "<table><caption>C</caption><tr><th colspan='2'>a</th></tr></table>": (
        '<table><caption>C</caption>\n<tbody>\n<tr><th colspan="2">a</th></tr></tbody>\n</table>'
    ),
    "<div class='highlight'><table><tr><td><pre>1\n2</pre></td><td><pre>a\nb</pre></td></tr></table></div>": "```\na\nb\n```",
    "<span class='katex'><math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math>"
    "<span class='katex-html'>x2</span></span>": "$x^2$",
    "<p>a <script type='math/tex'>b</script>1</p>": "a \\(b\\)1",
    "<script type='math/tex; mode=display'>\\frac{1}{2}</script>": "$$\n\\frac{1}{2}\n$$",
    "<p><a href='#x'>see</a></p><h2 id='x'>X</h2>": '[see](#x)\n\n## <a id="x"></a>X',
    "<p><a href='#gone'>see</a></p>": "see",
    "<pre>a <a href='https://e.example'>b</a>\n\n c</pre>": '<pre>a <a href="https://e.example">b</a>\n\n c</pre>',
}  # fmt: skip


@pytest.mark.parametrize("html", BECOMES)
def test_each_of_these_becomes_our_form(html: str) -> None:
    made = conversion(html)
    assert made.markdown.removesuffix("\n") == BECOMES[html]
    assert made.proof == ()
    assert convert(made.markdown).faults == ()


LEFT_OUT = {
    "<script>alert(1)</script>x": "active-content",
    "<form><input name='a'><button>Go</button></form>x": "form",
    "<button onclick='x()'>Go</button>x": "form",
    "<p style='display:none'>secret</p>x": "hidden-text",
    "<img src='https://t.example/p.gif' width='1' height='1'>x": "pixel",
    "<a href='javascript:alert(1)'>x</a>": "link",
    "<iframe srcdoc='y'></iframe>x": "frame",
    "<svg><text>chart</text></svg>x": "active-content",
}


@pytest.mark.parametrize("html", LEFT_OUT)
def test_what_must_not_pass_is_left_out_and_said(html: str) -> None:
    made = conversion(html)
    assert made.markdown == "x\n"
    assert made.rules() == [LEFT_OUT[html]]


def test_nothing_that_passes_is_active() -> None:
    html = (
        "<p onclick='a()'>x<img src=x onerror='a()'></p><table><caption>c</caption><tr><td onclick='a()'>y</td></tr></table><details ontoggle="
        "'a()'><summary onclick='a()'>s</summary>z</details><pre onclick='a()'>a <a href='javascript:x' onclick='b()'>k</a><img src=x></pre>"
        "<math href='javascript:x'><mi onclick='a()'>q</mi></math><object data='x.swf'>o</object><embed src='y'><base href='//evil'>"
    )
    assert [
        part for part in convert(conversion(html).markdown).parts if "onclick" in part or "javascript" in part
    ] == []


def test_furniture_is_counted_by_kind() -> None:
    passes = (furniture((Furniture(".share", "button to share", "buttons to share"), Furniture(".ad", ""))),)
    made = conversion("<p class='share'>s<b class='share'>t</b></p><p class='ad'>a</p><p>x</p>", passes)
    assert made.markdown == "x\n"
    assert [note.message for note in made.notes] == ["left out 2 buttons to share"]
