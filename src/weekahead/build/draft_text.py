"""Change the keys of a draft's front matter that follow the plan; every other character stays."""

from __future__ import annotations

from collections.abc import Sequence

from weekahead.model.findings import Finding
from weekahead.model.issue import Issue
from weekahead.source.front_matter import parse_issue, split_text
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import LetterEdit
from weekahead.source.yaml_edit import YamlEdit


def change_front_matter(edit: LetterEdit, before: Issue, after: Issue) -> None:
    """Give a draft's file the number, date, title and series part that the draft has after an edit.

    Raise EditError if the file is written in a way that cannot be edited safely, and BuildError if it cannot be read.
    """
    name = before.source.file
    text = edit.text(name)
    parts = split_text(name, text)
    if parts:
        start, end = parts.head
        changes, keys = YamlEdit(text[start:end], parts.keys), parts.keys
        if before.number != after.number:
            changes.set_plain(keys, "number", str(after.number))
        if before.date != after.date:
            changes.set_plain(keys, "date", str(after.date))
        if before.title != after.title:
            changes.set_text(keys, "title", after.title)
        if (series := keys.map("series")) and after.series and before.series != after.series:
            changes.set_plain(series, "part", str(after.series.part))
        text = text[:start] + changes.apply() + text[end:]
    _require(name, text, after)
    edit.change(name, text)


def _require(name: str, text: str, wanted: Issue) -> None:
    """Raise EditError if a text does not say what it should."""
    findings: list[Finding] = []
    found = parse_issue(name, text.encode(), findings)
    if found is None or _plan_keys(found) != _plan_keys(wanted):
        raise EditError(f"{name} is written in a way that weekahead cannot edit safely; change it by hand")


def _plan_keys(issue: Issue) -> Sequence[object]:
    return issue.number, issue.date, issue.title, issue.series
