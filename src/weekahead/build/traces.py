"""What each file of the last build was made from, so that one whose aspects are unchanged need not be made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from struct import pack, unpack
from sys import intern
from typing import Any
from zlib import crc32

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.model.hashing import hash_value
from weekahead.runtime.store import PART, Store
from weekahead.site.aspects import Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import Output

EXPLAINED = frozenset({"card", "config", "details", "page", "plan", "site", "template"})
"""Kinds of aspects whose fields are kept, so that those that changed can be named."""


Row = tuple[str, str, str]
"""An aspect and its digest."""


class Trace(Struct, frozen=True, array_like=True):
    """How a file was made: its recipe, its fingerprint, and the numbers of the aspects that were handed out, packed."""

    recipe: str
    fingerprint: str
    inputs: bytes

    @property
    def numbers(self) -> tuple[int, ...]:
        return unpack(f"<{len(self.inputs) // 4}I", self.inputs)


class Traces(Struct, array_like=True):
    """Where the traces of a build are in the store, by path, and the table of all aspects and their digests."""

    rows: list[str] = []
    files: list[str] = []
    compact: int = 0
    """The parts of the table when it held nothing but what traces use."""


class TraceLog:
    """The traces of the last build and of this one. `key` tells sites of one letter apart."""

    def __init__(self, store: Store, key: str, context: RenderContext) -> None:
        self._store, self._key, self._context = store, key, context
        self._saved = store.load("traces", key, Traces) or Traces()
        self._files = store.load_map(self._saved.files, Trace)
        self._new: dict[str, Trace] = {}
        self._handed_out: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """The numbers of the aspects of new traces, by name and key."""
        try:
            self._changed = {
                _number(name, key): (name, key)
                for name, key, known in self._rows(self._saved.rows)
                if context.digest((name, key)) != known
            }
            """The aspects that are not what they were, by their numbers."""
        except KeyError:  # a part of the table is lost
            self._saved, self._files, self._changed = Traces(), {}, {}

    def find(self, file: Output) -> str | None:
        """Return the fingerprint of a file all of whose aspects are unchanged; None for any other."""
        trace = self._files.get(file.path)
        if trace is None or trace.recipe != file.recipe or not self._changed.keys().isdisjoint(trace.numbers):
            return None
        return trace.fingerprint

    def fingerprint(self, file: Output, inputs: Iterable[Aspect]) -> str:
        """Return the fingerprint of a file that was made from some aspects."""
        version, digest = self._store.version, self._context.digest
        return hash_value([version, file.recipe, [(aspect, digest(aspect)) for aspect in inputs]])

    def put(self, file: Output, fingerprint: str, inputs: Iterable[Aspect]) -> None:
        """Remember how a file was made."""
        numbers = [self._number(name, key) for name, key in inputs]
        self._new[file.path] = Trace(file.recipe, fingerprint, pack(f"<{len(numbers)}I", *numbers))

    def _number(self, name: str, key: str) -> int:
        known = self._handed_out[name]
        return known[key] if key in known else known.setdefault(intern(key), _number(name, key))

    def recipe_before(self, file: Output) -> str | None:
        """Return the recipe of the file that the last build made at a path; None if it is not known."""
        trace = self._files.get(file.path)
        return trace.recipe if trace else None

    def changed_inputs(self, file: Output) -> list[Aspect]:
        """Return the aspects that the file at a path was made from and that are not what they were."""
        trace = self._files.get(file.path)
        return [self._changed[n] for n in trace.numbers if n in self._changed] if trace else []

    def fields_before(self, aspect: Aspect) -> dict[str, Any] | None:
        """Return the fields that an aspect had in the last build, as plain data; None if they were not kept."""
        return self._store.load("aspects", self._field_key(aspect), dict[str, Any])

    def save(self, files: Iterable[str]) -> None:
        """Remember the traces of this build for the next: those of `files`."""
        alive = frozenset(files)
        if not self._new and not self._changed and self._files.keys() == alive:
            return
        self._files = {path: trace for path, trace in (self._files | self._new).items() if path in alive}
        try:
            table = [*self._table_now()]
        except KeyError:  # a part of the table was lost meanwhile
            return
        compact = self._saved.compact or len(table)
        if len(table) > 2 * compact + 2:
            table = [*self._parts(self._used_rows(table))]
            compact = len(table)
        self._saved = Traces(table, self._store.save_map(self._files), compact)
        self._store.save("traces", self._key, self._saved)

    def _table_now(self) -> Iterator[str]:
        """Yield the parts of the table with its new digests, and with the aspects that are new."""
        changed = {*self._changed.values()}
        for part, rows in zip(self._saved.rows, self._store.load_parts(self._saved.rows, list[Row]), strict=True):
            now = [self._row(row[:2]) if row[:2] in changed else row for row in rows]
            yield part if now == rows else self._store.save_part(now)
            for name, key, _ in rows:
                self._handed_out[name].pop(key, None)
        yield from self._parts(self._row((name, key)) for name, keys in self._handed_out.items() for key in keys)

    def _row(self, aspect: Aspect) -> Row:
        """Return the row of an aspect that is new or changed, and keep its fields."""
        if aspect[0] in EXPLAINED:
            self._store.save("aspects", self._field_key(aspect), fields_of(self._context.value(aspect)))
        return (*aspect, self._context.digest(aspect))

    def _used_rows(self, table: Iterable[str]) -> Iterator[Row]:
        used = {n for trace in self._files.values() for n in trace.numbers}
        return (row for row in self._rows(table) if _number(row[0], row[1]) in used)

    def _parts(self, rows: Iterator[Row]) -> Iterator[str]:
        return (self._store.save_part(part) for part in iter(lambda: [*islice(rows, PART)], []))

    def _rows(self, table: Iterable[str]) -> Iterator[Row]:
        """Yield the rows of a table. Raises KeyError when a part of it is lost."""
        return chain.from_iterable(self._store.load_parts(table, list[Row]))

    def field_keys(self) -> set[str]:
        """Return the keys under which fields are kept for the next build."""
        with suppress(KeyError):
            return {self._field_key((name, key)) for name, key, _ in self._rows(self._saved.rows)}
        return set()

    def _field_key(self, aspect: Aspect) -> str:
        return f"{self._key} {' '.join(aspect)}"


def fields_of(value: object) -> object:
    """Return the fields of an aspect's value by name; None if what it is about is gone."""
    return asdict(value) if isinstance(value, Struct) else value


def _number(name: str, key: str) -> int:
    """Return a number for an aspect. Two that share one have their files made again together."""
    return crc32(f"{name} {key}".encode("utf-8", "surrogatepass"))
