"""A fault of YAML is shown at the author's own line, with what to write there."""

from __future__ import annotations

import time

import pytest

from weekahead.model.findings import Finding
from weekahead.source.yaml_map import YamlSource, read_yaml_map


def fault(text: str) -> tuple[int, str]:
    """The line of the only finding, and its hint."""
    findings: list[Finding] = []
    assert read_yaml_map(text, YamlSource("schedule.yaml", findings), "schedule.yaml") is None
    (found,) = findings
    return found.where.line, found.hint


IN_QUOTES = "Put the value in quotes: "


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("title: Foo: bar\nnumber: 1\n", 1, IN_QUOTES + 'title: "Foo: bar"'),
        ("a: 1\ntitle: Why?: a\n", 2, IN_QUOTES + 'title: "Why?: a"'),
        ("up:\n  - number: 9\n    title: Foo: bar # yes\n", 3, IN_QUOTES + 'title: "Foo: bar"'),
        ("up:\n  - {n: 9, title: Foo: bar, state: x}\n  - {n: 1}\n", 2, IN_QUOTES + 'title: "Foo: bar"'),
        ("up:\n  - {n: 9,\n     title: Foo: bar}\n", 3, IN_QUOTES + 'title: "Foo: bar"'),
        ("up:\n  - {n: 4, title: Letter #3, state: x}\n  - {n: 5}\nb: []\n", 2, IN_QUOTES + 'title: "Letter #3"'),
        ("tags: [Go, C #, Rust]\nstatus: draft\n", 1, 'Put it in quotes: "C #"'),
        ("a: 1\ntheme: {accent: #0b6e6e}\nb: en\n", 2, IN_QUOTES + 'accent: "#0b6e6e"'),
        ("theme: {ink: '#222', accent: #0b6e6e}", 1, IN_QUOTES + 'accent: "#0b6e6e"'),
        ("title: @ida\n", 1, IN_QUOTES + 'title: "@ida"'),
        ("title: **bold**\n", 1, IN_QUOTES + 'title: "**bold**"'),
        ('title: "Foo" bar\n', 1, IN_QUOTES + "title: '\"Foo\" bar'"),
        ("title: 'It's'\nx: 1\n", 1, IN_QUOTES + 'title: "It\'s"'),
        ("title: [Foo] bar\n", 1, IN_QUOTES + 'title: "[Foo] bar"'),
        ("title: 50% off: %x\n", 1, IN_QUOTES + 'title: "50% off: %x"'),
        ('title "x"\nnumber: 1\n', 1, 'Write a colon and a space: title: "x"'),
        ("title:x\nnumber: 1\n", 1, "Write a colon and a space: title: x"),
        ("tags: [a, b\nstatus: x\n", 1, "Close the bracket that opens here, and put a comma after each item in it."),
        ("a: [\n  {n: 1},\n  {n: 2}\n  {n: 3}]\n", 4, "Put a comma before this item, or close the bracket before it."),
        ("up:\n  - {n: 9, title: 'It' is}\n", 2, "Put a comma before this item, or close the bracket before it."),
        ('a: 1\ntitle: "x\nnumber: 1\n', 2, "Close the quotation that begins here."),
        ('title: "C:\\q"\n', 1, "In double quotes write a backslash twice, or use single quotes."),
        ("title: x\n number: 1\n", 2, "Begin each key below the one before it, at the left edge of its map."),
        ("a: b\n\tc: d\n", 2, "Indent with spaces, not tabs."),
    ],
)
def test_a_fault_has_the_line_and_the_words_of_the_author(text: str, line: int, hint: str) -> None:
    assert fault(text) == (line, hint)


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: 1, # one, two\n  c: 2 # ]\n  }\n",
        "a: [x, # (first), {second}\n  y]\n",
        'a: "b: c"\nd: "# e"\n',
        "# [ {\na: 'it''s #1, [x]'\n",
    ],
)
def test_comments_and_quotations_are_no_fault(text: str) -> None:
    findings: list[Finding] = []
    assert read_yaml_map(text, YamlSource("letter.yaml", findings), "letter.yaml")
    assert not findings


@pytest.mark.parametrize(
    "text",
    [
        "title: " + "a " * 50_000 + " " * 100_000 + "b: c\n",
        "- - " + " " * 100_000 + "x: y: z\n",
        "a: [" + "x #1,\n" * 30_000,
        "a: [" + "'x' " * 50_000,
        "k" * 100_000 + " " * 100_000 + "v\na: b\n",
        "a" + " " * 200_000 + "\nb: c\n",
    ],
)
def test_a_long_fault_is_found_at_once(text: str) -> None:
    findings: list[Finding] = []
    start = time.process_time()
    assert read_yaml_map(text, YamlSource("letter.yaml", findings), "letter.yaml") is None
    assert time.process_time() - start < 2
    assert len(findings[0].hint) < 500
