"""The line that a note is about."""

from __future__ import annotations

import pytest

from weekahead.importers.located import line_of

TEXT = "---\ntitle: About a\naudio: {url: x}\n---\n\nOne *two*\nthree a.\n\n![x](https://h.example/a_b.png)\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("audio:", 3), ("title:", 2), ("a", 7), ("two three", 6), ("https://h.example/a_b.png", 9), ("About", 2), ("never", 1),
        ("", 1), ("draft:", 1), ("***", 1),
    ],
)  # fmt: skip
def test_a_line_is_found_by_its_words(words: str, line: int) -> None:
    assert line_of(words, TEXT) == line


def test_a_text_without_front_matter_has_lines_too() -> None:
    assert line_of("b", "a\nb\n") == 2
