"""Write the tables of keys in docs/reference.md from the tables of keys that the readers have.

.venv/bin/python tools/make_reference.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from weekahead.source.config_file import LetterKeys
from weekahead.source.issue_keys import IssueKeys, PageKeys
from weekahead.source.key_table import Key, MapOf, Table
from weekahead.source.schedule_file import CadenceRules, ScheduleKeys
from weekahead.source.value_types import Either, ListOf, ValueType

REFERENCE = Path(__file__).parents[1] / "docs/reference.md"
HEADINGS: Mapping[str, type[Table[Any]]] = {
    "letter.yaml": LetterKeys,
    "schedule.yaml": ScheduleKeys,
    "An issue": IssueKeys,
    "A page": PageKeys,
}


def reference(text: str) -> str:
    """Return docs/reference.md with the table below each heading made again."""
    for heading, table in HEADINGS.items():
        rows = "\n".join(["| key | value | default | meaning |", "|---|---|---|---|", *_rows(table)]) + "\n"
        before, title, after = text.partition(f"\n## {heading}\n")
        made = re.sub(r"(?m)^\| key \|.*\n(?:\|.*\n)+", rows.replace("\\", r"\\"), after, count=1)
        text = before + title + made
    return text


def _rows(table: type[Table[Any]], before: str = "") -> Iterator[str]:
    """Yield the row of each key, and after it those of the keys of its map or of the maps of its list."""
    for key in table.keys.values():
        name = before + key.name
        yield f"| `{name}` | {_value(key.kind)} | {_default(key)} | {key.doc} |"
        for suffix, below in _tables(key.kind):
            yield from _rows(below, f"{name}{suffix}.")


def _value(kind: ValueType[Any]) -> str:
    if isinstance(kind, ListOf) and "enum" in kind.item.schema():
        return f"list of {kind.item.wanted}"
    return re.sub("^(an?|the) ", "", kind.wanted)


def _default(key: Key[Any]) -> str:
    if key.required:
        return "required"
    if isinstance(key.default, bool):
        return f"`{key.default}`".lower()
    if isinstance(key.default, timedelta):
        return f"`{key.default.days} days`"
    if isinstance(key.default, tuple) and key.default:
        return f"`[{', '.join(key.default)}]`"
    return f"`{key.default}`" if isinstance(key.default, str | int | Enum) and key.default != "" else ""


def _tables(kind: ValueType[Any]) -> Iterator[tuple[str, type[Table[Any]]]]:
    match kind:
        case MapOf():
            yield "", kind.table
        case ListOf():
            yield from (("[]", table) for _, table in _tables(kind.item))
        case Either():
            yield from _tables(kind.mapping)
        case CadenceRules():
            yield "", kind.first.table
            yield "[]", kind.later.table


if __name__ == "__main__":
    REFERENCE.write_text(reference(REFERENCE.read_text("utf-8")), "utf-8")
