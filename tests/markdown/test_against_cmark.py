"""Made documents, and real ones where there are any: ours have the structure that GitHub's own converter gives them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from tests.markdown.compare import difference_of, is_newer, made_documents, real_documents, smallest
from tests.markdown.documents import documents, marks

DOCUMENTS = int(os.environ.get("DOCUMENTS", "400"))
"""`make markdown` makes thousands."""
REAL = os.environ.get("REAL", "")
"""A folder of Markdown files with front matter."""
ENOUGH = 0.99


def nearly_all_agree(found: Iterable[tuple[str, str]]) -> None:
    """Raise unless nearly all have the structure of cmark-gfm's, or what differs is as markdown-it has it.

    cmark-gfm is of CommonMark 0.29; where 0.31 says something else, markdown-it follows it.
    """
    differs = [(name, text, difference_of(text)) for name, text in found]
    wrong = [f"== {name}: {text!r}\n{diff}" for name, text, diff in differs if diff and not is_newer(smallest(text))]
    assert len(wrong) <= (1 - ENOUGH) * len(differs), f"{len(wrong)} of {len(differs)} differ:\n" + "\n".join(wrong)


def test_made_documents() -> None:
    nearly_all_agree([*made_documents(DOCUMENTS)])


@pytest.mark.skipif(not REAL, reason="REAL names no folder of real letters")
def test_real_documents() -> None:
    nearly_all_agree([*real_documents(Path(REAL))])


def agrees(text: str) -> None:
    """Raise unless one of two judges has the structure that we have; no one of them is without faults."""
    if diff := difference_of(text):
        assert is_newer(text), diff


@pytest.mark.skipif("DOCUMENTS" not in os.environ, reason="make markdown searches on")
@given(documents())
def test_any_made_document(text: str) -> None:
    agrees(text)


@pytest.mark.skipif("DOCUMENTS" not in os.environ, reason="make markdown searches on")
@given(marks())
def test_marks_in_any_order(text: str) -> None:
    agrees(text)
