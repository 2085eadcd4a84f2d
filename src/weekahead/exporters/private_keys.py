"""What letter.yaml and schedule.yaml say to everybody: without mail, states, notes, ideas, and comments."""

from __future__ import annotations

from collections.abc import Iterable

from weekahead.model.findings import build_error
from weekahead.model.schedule import Schedule
from weekahead.source.yaml_flow import flow
from weekahead.source.yaml_map import YamlMap, read_yaml_map
from weekahead.source.yaml_tree import YamlSource

PRIVATE = ("mail", "deploy")
"""Keys of letter.yaml that are for the author's machines alone."""
PLANNED = ("number", "title", "date", "series")
"""Keys of an entry of the plan that readers may know."""


def public_config(data: bytes) -> bytes:
    """Return letter.yaml without what is for the author alone. Raise BuildError if it cannot be read any more."""
    keys = _read("letter.yaml", data)
    return _lines(f"{name.value}: {flow(node)}" for name, node in keys.pairs if name.value not in PRIVATE)


def public_schedule(data: bytes, schedule: Schedule, out: frozenset[int]) -> bytes:
    """Return schedule.yaml with the numbers that readers know of: those that are `out`, and those planned in public."""
    keys = _read("schedule.yaml", data)
    public = {number for number, entry in schedule.entries.items() if entry.state.counts and not entry.secret} | out
    lines = [f"{name.value}: {flow(node)}" for name, node in keys.pairs if name.value not in ("upcoming", "backlog")]
    entries = []
    for entry in keys.maps("upcoming"):
        pairs = {name.value: node for name, node in entry.pairs}
        if entry.whole("number") in public:
            said = [f"{key}: {flow(pairs[key])}" for key in PLANNED if key in pairs]
            entries.append(f"  - {{{', '.join([*said, 'state: planning'])}}}")
    return _lines([*lines, *(["upcoming:", *entries] if entries else [])])


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _read(name: str, data: bytes) -> YamlMap:
    keys = read_yaml_map(data.decode("utf-8-sig"), YamlSource(name, []), name)
    if keys is None:
        message = "this file changed while the letter was being exported"
        raise build_error(name, "changed-meanwhile", message, "Export it again.")
    return keys
