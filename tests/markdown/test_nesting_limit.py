"""HTML that is never closed is refused before a parser is asked, and nothing else is."""

from __future__ import annotations

import random
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from weekahead.markdown import nesting_limit
from weekahead.markdown.nesting_limit import too_deep
from weekahead.markdown.renderer import convert, place

DIVS = "Fine.\n\n" + "".join(f"<div><span>gate {number}\n" for number in range(3000))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DIVS, 128),
        (DIVS + "</span></div>\n" * 3000, 128),
        ("<ul><li>\n" * 1000, 126),
        ("<blockquote>\n" * 1000, 251),
        ("<em>a</strong>\n" * 1000, 250),
        ("<div></p>\n" * 1000, 251),
        ("".join(f"<font color='{number}'>a\n\n" for number in range(1000)), 99),
        ("".join(f"<i id='{number}'><p>a\n\n" for number in range(1000)), 199),
    ],
)
def test_elements_that_never_close_are_refused_in_a_line(text: str, line: int) -> None:
    found = convert(text)
    assert [(fault.rule, fault.line) for fault in found.faults] == [("text-too-deep", line)]
    assert place(convert("*Fine.*"), {}) == "<p><em>Fine.</em></p>"


def test_a_refusal_names_the_tag_and_the_next_step() -> None:
    (fault,) = convert(DIVS).faults
    assert fault.message == "more than 250 HTML elements are open at <div>"
    assert "never closed" in fault.hint


@pytest.mark.parametrize(
    "text",
    [
        "Vec<T> and Option<T>\n\n",
        "- Vec<T>\n",
        "## Vec<T>\n\n",
        "A <b>gate\n\n",
        "<a name='x'>gate ",
        "<li>gate\n",
        "<p>gate\n",
        "<i><p>gate\n",
        "<div><span>gate</div>\n\n",
        "<div><p><b>gate</div>\n\n",
        "<b><i>gate</b></i> ",
        "<span><p>gate</p></span>\n\n",
        "<table><tr><td>gate<tr><td>paddle</table>\n\n",
        "<dl><dt>gate<dd>paddle</dl>\n\n",
        "<ruby>gate<rp>(<rt>paddle</ruby> ",
        "<select><option>gate<option>paddle</select>\n\n",
        "<svg><path d='M0 0'/><circle r='1'/></svg>\n\n",
        "<!-- <div><div> -->\n\n",
        "```html\n<div><div>\n```\n\n",
        "`<div>` ",
        "&lt;div> ",
        "<br><img src='a.png'><hr> ",
        "<style><div></style>\n\n",
    ],
)
def test_a_thousand_of_them_are_not_too_deep(text: str) -> None:
    assert not [fault for fault in convert(text * 1000, budget=60).faults if fault.rule == "text-too-deep"]


def test_what_is_refused_is_deep_for_a_parser_as_well() -> None:
    chance = random.Random(3)
    names = ["div", "p", "b", "i", "a", "span", "x-a", "li", "ul", "h2", "em", "blockquote", "dd", "dl", "font", "code"]
    refused = 0
    for _ in range(400):
        some = chance.sample(names, chance.randint(2, 5))
        tags = [f"<{chance.choice(['', '/'])}{chance.choice(some)}>" for _ in range(chance.randint(2, 7))]
        html = "".join(tag + chance.choice(["", "x"]) for tag in tags) * 300
        if too_deep(html, html):
            refused += 1
            assert depth(html) > 100, html[: len(html) // 300]
        else:
            assert depth(html) < 1000, html[: len(html) // 300]
    assert refused > 20


def depth(html: str) -> int:
    """How deep a parser nests some HTML."""
    depths = {-1: 0}
    root = LexborHTMLParser(html, is_fragment=True).root
    for node in root.traverse() if root else []:
        depths[node.mem_id] = 1 + depths.get(node.parent.mem_id if node.parent else -1, 0)
    return max(depths.values())


def test_a_text_without_tags_of_its_own_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting_limit, "_end_of_depth", None)
    assert not convert("Words with *emphasis* and [links](a.md).\n\n" * 500).faults


def test_active_content_is_found_in_its_line_also_when_there_is_much_of_it() -> None:
    begun = time.process_time()
    found = convert("".join(f"[gate](javascript:{number})\n\n" for number in range(6000)), budget=60)
    assert [fault.line for fault in found.faults] == [2 * number + 1 for number in range(6000)]
    assert time.process_time() - begun < 10
