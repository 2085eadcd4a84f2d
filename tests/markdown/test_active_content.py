"""Active content is a finding, however it is written; what only looks like it is none; no text reaches beyond its end."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from weekahead.markdown.renderer import convert, place


def rules(text: str) -> set[str]:
    return {fault.rule for fault in convert(text).faults}


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<script>x</script>", "<script"),
        ("<IFRAME src=x></IFRAME>", "<iframe"),
        ("<b onClick='x'>y</b>", "onclick"),
        ("[x](javascript:alert(1))", "javascript:alert(1)"),
        ('<a href="java&#10;script:x">y</a>', "java\nscript:x"),
        ("<img src='data:text/html,x'>", "data:text/html,x"),
        ("<base href='x'>", "<base"),
        ("<svg><a><set to='javascript:x'/></a></svg>", "javascript:x"),
        ("<meta http-equiv='refresh' content='0'>", "<meta"),
        ("<link rel=stylesheet href=x.css>", "<link"),
        ("<fencedframe src=x></fencedframe>", "<fencedframe"),
        ("<portal src=x></portal>", "<portal"),
        ("<hologram src=x></hologram>", "<hologram"),
        ("<a href=x ping=https://e.example>x</a>", "ping"),
        ("<div><template shadowrootmode=open><b>x</b></template></div>", "<template"),
    ],
)
def test_active_content_is_a_finding_at_its_line(html: str, words: str) -> None:
    [fault] = convert(f"a\n\n{html}").faults
    assert (fault.rule, fault.words) == ("active-content", words)
    assert fault.line == 3 or "\n" in words


@pytest.mark.parametrize(
    "html",
    [
        "<noscript><!--</noscript><img src=x onerror=x>--></noscript>",
        "<noscript><style></noscript><img src=x onerror=x></style></noscript>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x>",
        "<svg><style>&lt;img src=x onerror=x&gt;</style></svg>",
        "<svg><style>&lt;svg>&lt;script>x&lt;/script>&lt;/svg></style></svg>",
        "<math><style>&lt;/style&gt;&lt;img src=x onerror=x&gt;</style></math>",
        "<svg></p><style><a id='</style><img src=x onerror=x>'>",
        "<math><annotation-xml encoding=text/html><script>x</script></annotation-xml></math>",
        "<svg><a><animate attributeName=href values='javas&#9;cript:x'/></a></svg>",
        "<svg><a><set attributeName=href to='&#1;javas&#10;cript:x'/></a></svg>",
        "<svg><a><animate attributeName=xlink:href values='#a;javascript&colon;x'/></a></svg>",
        "<svg><a><animate attributeName=href from=java by=script:x /></a></svg>",
        "<svg><a xlink:href='JaVaScRiPt:x'><text>x</text></a></svg>",
        "<svg><use href='data:image/svg+xml,x'/></svg>",
        "<svg><use xlink:href='other.svg#x'/></svg>",
        "<svg><script href=x.js /></svg>",
        "<form action='&Tab;javascript:x'><button>x</button></form>",
        "<form><button formaction='vbscript:x'>x</button></form>",
        "<math href='javascript:x'><mi>x</mi></math>",
        "<details ontoggle=x open>x</details>",
        "<object data=x></object>",
        "<embed src=x>",
        "<b srcdoc='<script>x</script>'>x</b>",
        "<a href=x attributionsrc=https://e.example>x</a>",
        "x\n{: onclick=x }",
        "> - <b\n>   onclick=x>y</b>",
        "<svg><foreignObject><iframe src=x></iframe></foreignObject></svg>",
        "<table><tr><td><img src=x onerror=x></table>",
        "<select><option><img src=x onerror=x></select>",
    ],
)
def test_tricks_are_findings(html: str) -> None:
    assert "active-content" in rules(f"a\n\n{html}")


@pytest.mark.parametrize(
    "html",
    [
        "<img alt='' src='data:image/png;base64,AAAA'>",
        "<noscript><img alt='' src=a.png></noscript>",
        "<svg viewBox='0 0 9 9'><defs><g id=a /></defs><use href='#a'/><style>a > b { fill: red }</style></svg>",
        "<svg><circle r=9><animate attributeName=r values='1;9;1' dur=2s /></circle></svg>",
        "<p title='javascript: the good parts' data-note='javascript:x'>x</p>",
        "<a href='https://x.example/?next=javascript:x'>x</a>",
        "<my-card look=wide>x</my-card>",
        "usage: run <file name>, List<String>",
        "<details open><summary>x</summary>y</details>",
        "<video controls poster=a.png src=b.mp4></video>",
        "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics></math>",
        "`<script>x</script>` and `javascript:x`",
        "```html\n<template shadowrootmode=open><b onclick=x>\n```",
        "<form action=https://lists.example><input name=email><button>x</button></form>",
        "<pre>\n\n\n\n\n\n\n\nx</pre><!-- <pre>\n\nx -->",
    ],
)
def test_what_only_looks_active_is_no_finding(html: str) -> None:
    assert "active-content" not in rules(f"a\n\n{html}")
    assert "breaks-page" not in rules(f"a\n\n{html}")


@pytest.mark.parametrize(
    "html",
    ["<plaintext>", "<div><PLAINTEXT class=x>", "<svg><foreignObject><plaintext>", "<table><td><plaintext>\n\nx"],
)
def test_what_nothing_ends_is_refused_at_its_line(html: str) -> None:
    found = convert(f"a\n\n{html}\n\nb")
    assert [(fault.rule, fault.line) for fault in found.faults] == [("breaks-page", 3)]
    assert found.parts == ("",)


@pytest.mark.parametrize(
    "html",
    [
        "<!-- x",
        "<!--> <!-- --!> x",
        "<xmp>",
        "<textarea>",
        "<title>",
        "<style>",
        "<svg><style><!--",
        "<svg><![CDATA[ x",
        "<math><mtext><style>",
        "<script><!--<script>",
        "<noembed>",
        "<noframes>",
        "<b><i><a href=x>",
        "<table><tr><td>",
        "<div title='",
        "<?php x",
        "</div></article></main></body></html>",
        "<form><select><option>",
        "<h2><button><p>",
    ],
)
def test_what_is_left_open_ends_with_the_text(html: str) -> None:
    page = LexborHTMLParser(f"<main>{place(convert(f'a {html}'), {})}<i id=after>x</i></main>")
    assert page.css("body > main > i#after")


def test_the_empty_lines_a_pre_begins_with_stay() -> None:
    page = LexborHTMLParser(place(convert("<pre>\n\n\nx</pre>"), {}))
    assert [pre.text() for pre in page.css("pre")] == ["\n\nx"]
