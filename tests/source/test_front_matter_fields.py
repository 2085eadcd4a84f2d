"""Fields of front matter: each change writes what it is about, and every other character stays."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.source.front_matter import split_text
from weekahead.source.front_matter_fields import FIELDS, read_fields, with_fields
from weekahead.source.schedule_editor import EditError, one_line

BRACES = """\
---
# about the number
number: 87
title: 'MLOps'  # mine
status: draft # not yet
series: {name: ML syllabus,  part: 8, of: 8}
tags: [mlops, "big data"]
summary:
research_note: ~ # later
# end
---

Body
"""
BLOCKS = """\
---
number: 87
title: "It's"
tags:
  - one  # first
  # about two
  - two
research_note: |
  Old note
  # a heading

extra: {x: 1}
---
Body"""


def values(text: str) -> dict[str, str]:
    parts = split_text("x.md", text)
    assert parts
    return read_fields(parts.keys)


def changed(text: str, **wanted: str) -> list[str]:
    """The lines that a change takes away and adds."""
    after = with_fields("x.md", text, {key.replace("__", "."): value for key, value in wanted.items()})
    return [line for line in difflib.ndiff(text.split("\n"), after.split("\n")) if line[0] in "+-"]


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({"title": "Ops: the end"}, ["- title: 'MLOps'  # mine", "+ title: 'Ops: the end'  # mine"]),
        ({"status": "review"}, ["- status: draft # not yet", "+ status: review # not yet"]),
        ({"summary": "A # b: c"}, ["- summary:", '+ summary: "A # b: c"']),
        ({"summary": " A\nb "}, ["- summary:", "+ summary: A b"]),
        ({"research_note": "One line"}, ["- research_note: ~ # later", "+ research_note: One line # later"]),
        ({"tags": "mlops, big data, a: b"}, ['- tags: [mlops, "big data"]', '+ tags: [mlops, "big data", "a: b"]']),
        ({"tags": "new,, mlops ,new"}, ['- tags: [mlops, "big data"]', "+ tags: [mlops, new]"]),
        ({"tags": ""}, ['- tags: [mlops, "big data"]', "+ tags: []"]),
        (
            {"series__of": ""},
            ["- series: {name: ML syllabus,  part: 8, of: 8}", "+ series: {name: ML syllabus,  part: 8}"],
        ),
        ({"series__name": ""}, ["- series: {name: ML syllabus,  part: 8, of: 8}", "+ series:"]),
        ({"date": "2022-10-01"}, ["+ date: 2022-10-01"]),
        ({"cover__file": "x.png", "cover__alt": "A, b"}, ['+ cover: {file: x.png, alt: "A, b"}']),
        ({"title": "MLOps", "status": "draft", "summary": ""}, []),
    ],
)
def test_a_change_writes_what_it_is_about(wanted: dict[str, str], lines: list[str]) -> None:
    assert changed(BRACES, **wanted) == lines


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({"tags": "two, three"}, ["-   - one  # first", "+   - three"]),
        (
            {"research_note": "New: x"},
            ["- research_note: |", '+ research_note: "New: x"', "-   Old note", "-   # a heading"],
        ),
        ({"research_note": "New\n\nx"}, ["-   Old note", "-   # a heading", "+   New", "+ ", "+   x"]),
        ({"title": "It's not"}, ['- title: "It\'s"', '+ title: "It\'s not"']),
        ({"series__name": "B", "series__part": "2"}, ["+ series: {name: B, part: 2}"]),
    ],
)
def test_blocks_stay_blocks(wanted: dict[str, str], lines: list[str]) -> None:
    assert [line for line in changed(BLOCKS, **wanted) if line != "- "] == lines


@pytest.mark.parametrize("text", ["Body without front matter", "---\ntitle: [x\n---\nBody", "---\ntitle: x\n"])
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        with_fields("x.md", text, {"title": "New"})


@given(
    st.sampled_from([BRACES, BLOCKS]),
    st.sampled_from([field.key for field in FIELDS if field.kind in ("text", "lines")]),
    st.text(st.characters(codec="utf-8"), max_size=40),
)
def test_any_words_are_read_back_or_refused(text: str, key: str, words: str) -> None:
    before = values(text)
    try:
        after = values(with_fields("x.md", text, {key: words}))
    except EditError:
        return
    if key in ("series.name", "cover.file", "audio.file") and not after[key]:
        return  # the whole map goes with it
    assert {other: value for other, value in after.items() if other != key} == {
        other: value for other, value in before.items() if other != key
    }
    assert after[key].split() in (words.split(), [])
    if key != "research_note":
        assert after[key] == one_line(words)
