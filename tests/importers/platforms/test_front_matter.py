"""Front matter of others, as deep as somebody cares to nest it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.importers.exports.every import write
from tests.importers.rooms import NOW

from weekahead.importers.options import ImportOptions
from weekahead.importers.pipeline import import_export
from weekahead.importers.platforms.folders.header import read_header
from weekahead.importers.platforms.plain_markdown import PLATFORM
from weekahead.importers.source_files import open_source


def nested(levels: int) -> str:
    return "[" * levels + '"x"' + "]" * levels


@pytest.mark.parametrize("levels", [17, 90, 500, 5000])
@pytest.mark.parametrize(
    "head", ["---\ntitle: T\na: {}\n---\n", '{{"title": "T", "a": {}}}\n', '+++\ntitle = "T"\na = {}\n+++\n']
)
def test_what_is_nested_too_deep_is_a_fault_and_the_rest_is_read(head: str, levels: int) -> None:
    header = read_header(head.format(nested(levels)) + "Words.\n")
    assert header.faults
    assert "Words." in header.body
    assert isinstance(header.values.get("a", ""), str)
    assert header.values.get("title", "T") == "T"


@pytest.mark.parametrize("levels", [1, 16, 20_000])
def test_a_nested_value_costs_no_post(levels: int, tmp_path: Path) -> None:
    path = write(tmp_path, {"a.md": f"---\ntitle: T\ndate: 2024-01-01\na: {nested(levels)}\n---\nWords.\n"})
    with open_source(path) as files:
        options = ImportOptions(source=path, root=tmp_path / "letter", now=NOW)
        report = import_export(options, PLATFORM, files, lambda *what: None)
    assert sum(report.counts.values()) == 1
    assert "refused" not in {each.note.rule for each in report.notes}
