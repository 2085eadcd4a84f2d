"""The swift passes give what Python-Markdown's own give: byte for byte, on real, made and random text."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pymdownx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import markdown
from weekahead.markdown import renderer
from weekahead.markdown.fast import passes
from weekahead.markdown.fast.inline import Inline, _held
from weekahead.markdown.list_indent import TooDeep, four_columns
from weekahead.source.front_matter import body_of

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
REPOSITORY = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def stock() -> markdown.Markdown:
    return renderer.stock_converter()


def same(text: str) -> None:
    """Both converters give the same HTML, also for what comes out of the lists' room."""
    for words in {text, _listed(text)}:
        try:
            found = stock().reset().convert(words)
        except (RecursionError, ValueError):  # the stock passes have their limits
            stock.cache_clear()
            continue
        assert renderer._converter().reset().convert(words) == found


def _listed(text: str) -> str:
    try:
        return four_columns(text)
    except TooDeep:
        return text


MARKS = [
    *"[](){}<>*_`~|>#-+!&\\:^\"'/=. \n",
    *(
        "a",
        "b c",
        "é",
        "1.",
        "x_y",
        "'80s",
        "--",
        "---",
        "...",
        "\n\n",
        "\n    ",
        "  \n",
        "\t",
        "    ",
        "\u2014",
        "&nbsp;",
    ),
    *("[a](b)", '[a](b "c")', "[a](<b c> 'd')", "![a](b)", "[a][b]", "[b]", "[b][]", "![b]", "![a][b]", "[a [b] c](d)"),
    *("\n[b]: http://c.d 'e'\n", "[^1]", "\n[^1]: Note.\n", "\n*[abc]: Words\n", "abc", "{: .c #d e=f}", "\n{: .c }\n"),
    *("http://a.b/c", "(www.a.bc)", "<http://a.b>", "<a@b.c>", "<mailto:a@b.c>", "<b>", "</b>", "<a href='x'>", "</a>"),
    *(
        "<div>",
        "</div>",
        "<div markdown>\n",
        "\n</div>\n",
        "<!-- c -->",
        "<br/>",
        "&amp;",
        "&#38;",
        "\\*",
        "\\`",
        "\\\\",
    ),
    *("`a`", "``a`b``", "```", "\n```py\nx = 1\n```\n", "~~a~~", "**a**", "*a*", "__a__", "***a***", "**a*", "_a_b_"),
    *("\n- a", "\n  - b", "\n* [ ] c", "\n1. d", "\n> e", "\n# F", "\n## G #", "\n---\n", "\na\n===\n", "\n: def\n"),
    *("| a | b |\n|---|:-:|\n| c | d |\n", "[TOC]", '![a](b "c")', '"a"', "'a'", "\"'a'\"", "it's", '"*a*"', '*"a"*'),
    *("klzzwxh:0001", "wzxhzdk:0", "\x02klzzwxh:0000\x03", "\x02wzxhzdk:0\x03", "\x02", "\x03", "<h2>a</h2>", "{", "}"),
]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=24).map("".join))
def test_random_marks(text: str) -> None:
    same(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from([*"[]()!`*_~\"'-. \\<a>", "](", "](b)", "\n"]), max_size=40).map("".join))
def test_random_marks_within_a_line(text: str) -> None:
    same(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"*_~ a.\n", "**", "__", "~~", "***", "~~~", "`a`", "ten letters", "twelve words", "[a](b)"]),
        max_size=40,
    ).map("".join)
)
def test_random_emphasis(text: str) -> None:
    """Also of fourteen characters, the length of a placeholder."""
    same(text)


SHORTCUTS = [
    "[TOC]\n\n# A\n\n## B",
    "a\n{: .c }",
    "*a*{: .c } b",
    "*a* {: .c } {",
    "## A {: #b }",
    "- a {: .c }",
    "- a\n{: .c }",
    "* # A\nb",
    "- a\n\n    b",
    "- a\n- [ ] b\n- [x] c",
    "- [X]\tb",
    "1. a\n2 b\n3. c",
    "2 a. b",
    "2. a",
    "a\x01b\x04c",
    "a\x04",
    "a  \n*b*  \n",
    "a  \n  \n<br>",
    "    a \n\n\n\n\nb",
    "a\n\n-  -  -\n\nb\n*  *  *\n_  _  _ ",
    " - -",
    "a\\*b `c` \\\\`d`",
    "[a\\]b](c\\_d)",
    "<div markdown>\n\n[TOC]\n\n- [ ] a\\*\n\n# B {: #c }\n\n</div>",
    "a\n  : b\n\n  > c",
    "a\n:   b\n   > c",
]
"""Each of these must get past a question whether there is anything to do."""


@pytest.mark.parametrize("text", SHORTCUTS)
def test_shortcuts_leave_what_there_is_to_do(text: str) -> None:
    same(text)


EMPHASIS = [
    "**a*** b *c*",  # what is left of a run stands behind a placeholder
    "_a__*b* c",
    "~~a~~~~b~~",
    "~~~~~a~~ ~~ ~~~ a~~~a~~~a~~~~~.~~",
    "*twelve words* **a** *b* _c_",
    "_a b*twelve words***_twelve words_*_c_",  # the stock pattern goes astray
    "*a **b** _c d* *e* _f_",
]


@pytest.mark.parametrize("text", EMPHASIS)
def test_emphasis_beside_emphasis(text: str) -> None:
    same(text)
    same(f"{text} {text}\n{text}")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(["    a", "\n", "\n\n", "        b ", "c", "- d", "    ```\n    e\n    ```", "> "])))
def test_random_indented_code(lines: list[str]) -> None:
    same("\n".join(lines))


def test_more_blocks_than_a_list_is_good_for() -> None:
    for block in ("a {}\n\n", "    b {}\n\n", "c[^{0}]\n\n[^{0}]: d\n\n    e\n\n", "- f\n\n    g {}\n\n"):
        same("".join(block.format(number) for number in range(passes.MANY + 10)))


def made(chance: random.Random) -> str:
    """A letter as people write them, with everything in it."""
    words = (
        "the",
        "letter",
        "*week*",
        "it's",
        '"quoted"',
        "--",
        "`code`",
        "a_b_c",
        "Friday...",
        "[link](https://x.example)",
    )
    more = (
        "**bold**",
        "[two][ref]",
        "ref[^n]",
        "https://bare.example/a.",
        "x < y",
        "R&D",
        "~~no~~",
        "<kbd>K</kbd>",
        "\\*",
    )

    def line() -> str:
        return " ".join(chance.choice(words if chance.random() < 0.7 else more) for _ in range(chance.randint(3, 14)))

    blocks: list[Callable[[], str]] = [
        lambda: line() + "\n" + line(),
        lambda: "#" * chance.randint(1, 4) + " " + line(),
        lambda: "\n".join(f"{chance.choice(['-', '  -', '    -', '*'])} {line()}" for _ in range(chance.randint(2, 6))),
        lambda: "\n".join(f"{number}. {line()}" for number in range(1, 4)),
        lambda: f"> {line()}\n> - {line()}\n\n- [x] {line()}",
        lambda: "```python\nx = '1' # -- *a*\n```",
        lambda: f"| a | b |\n|---|--:|\n| {line()} | {line()} |",
        lambda: f'![alt *text*](p.png "{line()}")',
        lambda: f"<div class='x' markdown='1'>\n\n{line()}\n\n</div>",
        lambda: f"Term\n:   {line()}",
    ]
    body = "\n\n".join(chance.choice(blocks)() for _ in range(chance.randint(4, 20)))
    return f"{body}\n\n[ref]: https://r.example 'Title'\n[^n]: {line()}\n\n*[R&D]: Research\n"


def known() -> Iterator[str]:
    folders = [REPOSITORY / "issues", *([Path(os.environ["REAL"])] if "REAL" in os.environ else [])]
    for folder in folders:
        for path in sorted(folder.glob("**/*.md")):
            yield renderer._without_controls(body_of(path.name, path.read_bytes()))[0]


def test_known_letters() -> None:
    for text in known():
        same(text)


def test_prose_is_the_same_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    texts = [*known(), *(made(chance) for _ in range(20))]
    found = [renderer.convert(text) for text in texts]
    monkeypatch.setattr(renderer, "_converter", stock)
    assert [renderer.convert(text, budget=60) for text in texts] == found


def test_made_letters() -> None:
    chance = random.Random(5)
    for _ in range(max(20, EXAMPLES // 20)):
        same(made(chance))


def mutated(text: str, chance: random.Random) -> str:
    """A text after some small accidents."""
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(text) + 1)
        end = place + chance.choice([0, 0, 1, 2, 5, 40])
        text = text[:place] + chance.choice(["", chance.choice(MARKS), text[end : end + 30]]) + text[end:]
    return text


def test_mutated_letters() -> None:
    chance, texts = random.Random(6), [text[:6000] for text in known()]
    for number in range(max(20, EXAMPLES // 10)):
        same(mutated(chance.choice(texts) if number % 2 else made(chance), chance))


def test_the_passes_are_the_known_ones() -> None:
    """When this fails, Python-Markdown has changed: see what, try this file with EXAMPLES=20000, then name the version."""
    assert passes.passes(renderer.stock_converter()) == passes.KNOWN
    assert passes.VERSIONS[passes.minor(markdown.__version__)] == passes.minor(pymdownx.__version__)


def test_the_fast_passes_are_in_use() -> None:
    """`make newest` shows it of the installed wheel with the newest libraries."""
    assert isinstance(renderer._converter().treeprocessors["inline"], Inline)


def test_a_list_in_a_footnote_box_of_the_author_is_a_list() -> None:
    found = renderer.convert('a[^1] b[^1]\n\n<div class="footnote" markdown>\n\n1. c\n\n</div>\n\n[^1]: d')
    assert "<li>c</li>" in "".join(found.parts)


def test_an_unknown_converter_keeps_its_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = markdown.Markdown(extensions=["smarty"])
    assert type(passes.install_fast_passes(plain).treeprocessors["inline"]) is markdown.treeprocessors.InlineProcessor
    monkeypatch.setattr(passes, "VERSIONS", {})
    converter = passes.install_fast_passes(renderer.stock_converter())
    assert type(converter.treeprocessors["inline"]) is markdown.treeprocessors.InlineProcessor


def test_what_is_known_of_a_text_is_found_without_comparing_texts() -> None:
    asked: list[str] = []

    def measure(text: str) -> int:
        asked.append(text)
        return len(text)

    told = _held(measure)
    text, equal = "gate " * 9, "".join(["gate "] * 9)
    assert [told(text), told(text), told(equal), told(equal)] == [45] * 4
    assert [each is text for each in asked] == [True, False]
