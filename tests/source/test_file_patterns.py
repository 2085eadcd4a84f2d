"""Patterns of file names, as shells have them."""

from __future__ import annotations

from time import process_time

import pytest

from weekahead.source.file_patterns import select_files

NAMES = ["a.csv", "b.csv", "b.txt", "demo/a.csv", "demo/sub/a.csv", "demo2/a.csv", "x[1].png", "x1.png"]


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ("a.csv", ["a.csv"]),
        ("*.csv", ["a.csv", "b.csv"]),
        ("*", ["a.csv", "b.csv", "b.txt", "x[1].png", "x1.png"]),
        ("**", NAMES),
        ("**/*.csv", ["a.csv", "b.csv", "demo/a.csv", "demo/sub/a.csv", "demo2/a.csv"]),
        ("demo", ["demo/a.csv", "demo/sub/a.csv"]),
        ("demo/*", ["demo/a.csv"]),
        ("demo/**", ["demo/a.csv", "demo/sub/a.csv"]),
        ("demo/**/a.csv", ["demo/a.csv", "demo/sub/a.csv"]),
        ("demo?/*", ["demo2/a.csv"]),
        ("[ab].csv", ["a.csv", "b.csv"]),
        ("x[[]1].png", ["x[1].png"]),
        ("A.csv", []),
        ("dem", []),
        ("demo/sub", ["demo/sub/a.csv"]),
        (".", []),
    ],
)
def test_a_pattern_selects(pattern: str, chosen: list[str]) -> None:
    assert select_files(pattern, NAMES) == chosen


def test_no_pattern_takes_long() -> None:
    deep = "/".join(["a"] * 40) + "/b"
    start = process_time()
    assert select_files("**/*/" * 20 + "**/c", [deep] * 50) == []
    assert process_time() - start < 2
