"""JSON Schemas, for editors, of letter.yaml, schedule.yaml and the front matter of an issue."""

from __future__ import annotations

from weekahead.source.config_file import LetterKeys
from weekahead.source.issue_keys import IssueKeys
from weekahead.source.key_table import Table
from weekahead.source.schedule_file import ScheduleKeys
from weekahead.source.value_types import Schema

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors support best."""

KINDS: dict[str, tuple[type[Table[object]], str]] = {
    "issue": (IssueKeys, "The front matter of an issue"),
    "letter": (LetterKeys, "letter.yaml of weekahead"),
    "schedule": (ScheduleKeys, "schedule.yaml of weekahead"),
}
"""The keys of each kind of file, and the title of its schema."""


def schema(name: str) -> Schema:
    """Return the schema of "letter", "schedule" or "issue".

    It accepts whatever the reader accepts. What only the whole letter can show, such as a number that is given twice, it
    cannot refuse: that is for `check`.
    """
    table, title = KINDS[name]
    return {"$schema": DRAFT, "title": title, **table.schema()}
