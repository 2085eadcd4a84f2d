"""The examples of CommonMark's specification, and examples of our own for what GitHub adds: the right structure of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import needs
from tests.markdown import cmark
from tests.markdown.compare import ours
from tests.markdown.structure import difference

SPECIFICATION = Path(__file__).parents[2] / ".venv/node/node_modules/commonmark-spec/spec.txt"
EXAMPLES = 652
ENOUGH = 640

ALLOWED: dict[str, str] = {
    "Autolinks 602": "GFM links the bare address at the beginning of what is no link in angles",
    "Autolinks 606": "GFM links the bare mail address",
    "Autolinks 608": "GFM links the bare address between angles that are none",
    "Autolinks 611": "GFM links the bare address",
    "Autolinks 612": "GFM links the bare mail address",
}
"""The examples that we read in another way, by section and number, with the reason. docs/writing.md names them as well."""


@dataclass(frozen=True)
class Example:
    """An example of the specification."""

    name: str
    text: str
    html: str


def examples(text: str) -> Iterator[Example]:
    """Yield the examples of the specification's text, which are counted throughout and have tabs written as arrows."""
    fence = "`" * 32
    pattern = re.compile(rf"(?ms)^#{{1,6}} ([^\n]*)$|^{fence} example\n(.*?)^\.\n(.*?)^{fence}$")
    section, number = "", 0
    for found in pattern.finditer(text.replace("→", "\t")):
        if found[1]:
            section = found[1]
        else:
            number += 1
            yield Example(f"{section} {number}", found[2], found[3])


def test_what_commonmark_says_of_its_examples() -> None:
    needs(SPECIFICATION.is_file(), "commonmark-spec")
    found = [*examples(SPECIFICATION.read_text("utf-8"))]
    assert len(found) == EXAMPLES
    differs = {example.name: difference(ours(example.text), example.html) for example in found}
    wrong = {name: diff for name, diff in differs.items() if diff}
    report = "\n".join(f"== {name}\n{diff}" for name, diff in wrong.items() if name not in ALLOWED)
    assert not report, f"{len(wrong)} of {EXAMPLES} differ; these are not allowed to:\n{report}"
    assert len(found) - len(wrong) >= ENOUGH
    assert not ALLOWED.keys() - wrong.keys(), "these are right by now; take them off the list"


# -- what GitHub adds, in examples of our own


GITHUB = {
    "a table": (
        "| tide | height |\n| --- | --- |\n| low | 0.4 m |\n",
        "<table><thead><tr><th>tide</th><th>height</th></tr></thead>"
        "<tbody><tr><td>low</td><td>0.4 m</td></tr></tbody></table>",
    ),
    "a table without outer pipes, its columns set to sides": (
        "low | mid | high | any\n:-- | :-: | --: | ---\n1 | 2 | 3 | 4\n",
        '<table><thead><tr><th align="left">low</th><th align="center">mid</th><th align="right">high</th><th>any</th></tr>'
        '</thead><tbody><tr><td align="left">1</td><td align="center">2</td><td align="right">3</td><td>4</td></tr></tbody>'
        "</table>",
    ),
    "a pipe in a cell is written with a backslash, in code as well": (
        "| a \\| b |\n| - |\n| `c \\| d` *e* |\n",
        "<table><thead><tr><th>a | b</th></tr></thead><tbody><tr><td><code>c | d</code> <em>e</em></td></tr></tbody></table>",
    ),
    "a pipe in code without one splits the cell": (
        "| a | b |\n| - | - |\n| `c | d` |\n",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>`c</td><td>d`</td></tr></tbody></table>",
    ),
    "a table ends where another block begins": (
        "| a |\n| - |\n| b |\n> c\n",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table><blockquote><p>c</p></blockquote>",
    ),
    "a line without a pipe is a row": (
        "| a | b |\n| - | - |\nc\n\nd\n",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td></td></tr></tbody></table><p>d</p>",
    ),
    "head and delimiter row have as many cells": (
        "| a | b |\n| - |\n| c |\n",
        "<p>| a | b |\n| - |\n| c |</p>",
    ),
    "cells too many are left out, cells too few are empty": (
        "| a | b |\n| - | - |\n| c |\n| d | e | f |\n",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        "<tbody><tr><td>c</td><td></td></tr><tr><td>d</td><td>e</td></tr></tbody></table>",
    ),
    "a table without rows": (
        "| a |\n| - |\n",
        "<table><thead><tr><th>a</th></tr></thead></table>",
    ),
    "a table interrupts a paragraph": (
        "Low water\n| a |\n| - |\n| b |\n",
        "<p>Low water</p><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    ),
    "one column needs a pipe somewhere": ("a\n-\n", "<h2>a</h2>"),
    "a table in an item": (
        "- | a |\n  | - |\n  | b |\n",
        "<ul><li><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></li></ul>",
    ),
    "a table in a quotation": (
        "> | a |\n> | - |\n> | b |\n",
        "<blockquote><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table></blockquote>",
    ),
    "struck through": ("~~low~~ and ~high~ water\n", "<p><del>low</del> and <del>high</del> water</p>"),
    "struck through within a line, in code and not": (
        "`~~a~~` b~~c~~d\n",
        "<p><code>~~a~~</code> b<del>c</del>d</p>",
    ),
    "three tildes strike nothing": ("a ~~~b~~~ c\n", "<p>a ~~~b~~~ c</p>"),
    "a strike ends with its paragraph": ("a ~~b\n\nc~~\n", "<p>a ~~b</p><p>c~~</p>"),
    "tildes of two lengths do not meet": ("~~a~ b\n", "<p>~~a~ b</p>"),
    "tasks": (
        "- [ ] low\n- [x] high\n- [X] *slack*\n",
        '<ul><li><input type="checkbox" disabled> low</li><li><input type="checkbox" checked disabled> high</li>'
        '<li><input type="checkbox" checked disabled> <em>slack</em></li></ul>',
    ),
    "tasks within tasks": (
        "- [ ] a\n  - [x] b\n",
        '<ul><li><input type="checkbox" disabled> a<ul><li><input type="checkbox" checked disabled> b</li></ul></li></ul>',
    ),
    "tasks with numbers": (
        "1. [ ] a\n2. [x] b\n",
        '<ol><li><input type="checkbox" disabled> a</li><li><input type="checkbox" checked disabled> b</li></ol>',
    ),
    "what is no task": (
        "- [y] a\n- [ ]b\n- \\[ ] c\n- d [ ] e\n",
        "<ul><li>[y] a</li><li>[ ]b</li><li>[ ] c</li><li>d [ ] e</li></ul>",
    ),
    "bare addresses": (
        "See www.tide.example/low, http://tide.example and https://tide.example/?a=b&c=d.\n",
        '<p>See <a href="http://www.tide.example/low">www.tide.example/low</a>, <a href="http://tide.example">'
        'http://tide.example</a> and <a href="https://tide.example/?a=b&amp;c=d">https://tide.example/?a=b&amp;c=d</a>.</p>',
    ),
    "a bare address in brackets of the sentence": (
        "(www.tide.example/a_(b)) (see www.tide.example/c)\n",
        '<p>(<a href="http://www.tide.example/a_(b)">www.tide.example/a_(b)</a>) '
        '(see <a href="http://www.tide.example/c">www.tide.example/c</a>)</p>',
    ),
    "what looks like an entity at an address's end is no part of it": (
        "www.tide.example/a&copy; www.tide.example/b&c=d;\n",
        '<p><a href="http://www.tide.example/a">www.tide.example/a</a>© '
        '<a href="http://www.tide.example/b&amp;c=d">www.tide.example/b&amp;c=d</a>;</p>',
    ),
    "an address ends before an angle": (
        "www.tide.example/a<b\n",
        '<p><a href="http://www.tide.example/a">www.tide.example/a</a>&lt;b</p>',
    ),
    "an address needs a beginning": (
        "awww.tide.example xhttp://tide.example www.tide\n",
        '<p>awww.tide.example xhttp://tide.example <a href="http://www.tide">www.tide</a></p>',
    ),
    "no underscore in the last two parts of a name": (
        "www.low_tide.example www.a.low_tide.b.example\n",
        '<p>www.low_tide.example <a href="http://www.a.low_tide.b.example">www.a.low_tide.b.example</a></p>',
    ),
    "mail addresses": (
        "Write to ada@tide.example, a.b+c-d_e@low.tide.example. Not to ada@tide or a@b.c_ or a@b-.\n",
        '<p>Write to <a href="mailto:ada@tide.example">ada@tide.example</a>, <a href="mailto:a.b+c-d_e@low.tide.example">'
        "a.b+c-d_e@low.tide.example</a>. Not to ada@tide or a@b.c_ or a@b-.</p>",
    ),
    "no address in code, links and marks of HTML": (
        '`www.a.example` [www.b.example](c) <b title="www.d.example">e</b>\n',
        '<p><code>www.a.example</code> <a href="c">www.b.example</a> <b title="www.d.example">e</b></p>',
    ),
}


@pytest.mark.parametrize(("text", "wanted"), GITHUB.values(), ids=list(GITHUB))
def test_what_github_adds(text: str, wanted: str) -> None:
    assert difference(ours(text), wanted) == ""


@pytest.mark.parametrize(("text", "wanted"), GITHUB.values(), ids=list(GITHUB))
def test_the_examples_are_as_github_has_them(text: str, wanted: str) -> None:
    assert difference(wanted, cmark.html(text)) == ""
