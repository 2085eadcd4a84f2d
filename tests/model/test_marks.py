"""Words compare alike however their marks are set."""

from __future__ import annotations

import pytest

from weekahead.model.marks import plain_marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim’s letter", "Kim's letter"),
        ("“Tides”", '"Tides"'),
        ("Tides – and more", "Tides - and more"),
        ("Tides -- and more", "Tides — and more"),
        ("So it goes…", "So it goes..."),
        ("A\u00a0b  c ", "A b c"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_marks_are_plain(one: str, other: str) -> None:
    assert plain_marks(one) == plain_marks(other)


@pytest.mark.parametrize(("one", "other"), [("Tides", "tides"), ("Kims", "Kim's"), ("C++", "C"), ("A b", "Ab")])
def test_words_stay_apart(one: str, other: str) -> None:
    assert plain_marks(one) != plain_marks(other)
