"""The references of a letter, read from references.bib or references.json (CSL-JSON), and those that texts cite."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from weekahead.references.bibtex import BibEntry, BibFault, Item, read_entries, to_item
from weekahead.references.csl_json import read_items


class Work(Struct, frozen=True):
    """A reference: its key, what CSL-JSON says of it, where it stands, and the BibTeX that it was read from, if it was."""

    key: str
    item: Item
    file: str
    line: int
    entry: BibEntry | None = None


class Library(Struct, frozen=True):
    """The references of one or more files, by their keys, and what is wrong with the files, by their paths."""

    works: Mapping[str, Work]
    faults: tuple[tuple[str, BibFault], ...] = ()


def read_library(files: Sequence[tuple[str, bytes]]) -> Library:
    """Return the references of some files, paths and contents; of two with one key the first counts."""
    works: dict[str, Work] = {}
    faults: list[tuple[str, BibFault]] = []
    for path, data in files:
        found, wrong = _read_file(path, data)
        works = {**found, **works}
        faults += [(path, fault) for fault in wrong]
    return Library(works, tuple(faults))


@lru_cache(maxsize=8)
def _read_file(path: str, data: bytes) -> tuple[dict[str, Work], tuple[BibFault, ...]]:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, (BibFault(line, "this file is not UTF-8", "Save it as UTF-8."),)
    return _read_json(path, text) if path.endswith(".json") else _read_bibtex(path, text)


def _read_bibtex(path: str, text: str) -> tuple[dict[str, Work], tuple[BibFault, ...]]:
    entries, faults = read_entries(text)
    return {entry.key: Work(entry.key, to_item(entry), path, entry.line, entry) for entry in entries}, tuple(faults)


def _read_json(path: str, text: str) -> tuple[dict[str, Work], tuple[BibFault, ...]]:
    items, faults = read_items(text)
    return {key: Work(key, item, path, line) for key, (item, line) in items.items()}, faults


# -- what is published

_PRIVATE = frozenset(["file", "annote", "annotation", "owner", "groups", "timestamp", "username"])
"""Fields of programs and of their users, such as paths on a disk."""
_TYPED = "document"
"""The type of a reference that says none: CSL-JSON wants one."""


def csl_json(works: Sequence[Work]) -> bytes:
    """Return references as a file of CSL-JSON."""
    items = [{"type": _TYPED, **_public(work.item)} for work in works]
    return json.dumps(items, ensure_ascii=False, indent=1).encode() + b"\n"


def _public(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in _PRIVATE}


def _source(entry: BibEntry) -> str:
    """Return an entry as it was written, but for private fields."""
    if not _PRIVATE & entry.fields.keys():
        return entry.source
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in entry.fields.items() if name not in _PRIVATE)
    return f"@{entry.type}{{{entry.key},\n{fields}}}"


def bibtex(works: Sequence[Work]) -> bytes:
    """Return references as their author wrote them in BibTeX, with the definitions that they need; nothing without BibTeX."""
    entries = [work.entry for work in works if work.entry]
    strings = dict.fromkeys(words.strip() for entry in entries for words in entry.strings)
    blocks = dict.fromkeys([*strings, *(_source(entry) for entry in entries)])
    return "\n\n".join(blocks).encode() + b"\n" if entries else b""
