"""What each file of the last build was made from, so that one whose aspects are unchanged need not be made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from sys import intern
from typing import Any

import msgspec
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
    """How a file was made: its recipe, its fingerprint, and the aspects that were handed out, by their place in the table."""

    recipe: str
    fingerprint: str
    places: bytes

    @property
    def inputs(self) -> list[int]:
        return msgspec.msgpack.decode(self.places, type=list[int])


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
        self._before = store.load("traces", key, Traces) or Traces()
        self._files = store.load_map(self._before.files, Trace)
        self._new: dict[str, Trace] = {}
        self._handed_out: dict[Aspect, int] = {}
        """The aspects that new traces have, by the number that stands for them there until they have a place."""
        try:
            self._changed = {
                n: (name, key)
                for n, (name, key, known) in enumerate(self._rows())
                if context.digest((name, key)) != known
            }
            """The aspects that are not what they were, by their place."""
        except KeyError:  # a part of the table is lost
            self._before, self._files, self._changed = Traces(), {}, {}

    def find(self, file: Output) -> str | None:
        """Return the fingerprint of a file all of whose aspects are unchanged; None for any other."""
        trace = self._files.get(file.path)
        if trace is None or trace.recipe != file.recipe or not self._changed.keys().isdisjoint(trace.inputs):
            return None
        return trace.fingerprint

    def fingerprint(self, file: Output, inputs: Iterable[Aspect]) -> str:
        """Return the fingerprint of a file that was made from some aspects."""
        version, digest = self._store.version, self._context.digest
        return hash_value([version, file.recipe, [(aspect, digest(aspect)) for aspect in inputs]])

    def put(self, file: Output, fingerprint: str, inputs: Iterable[Aspect]) -> None:
        """Remember how a file was made."""
        known = self._handed_out
        numbers = [known.setdefault((intern(name), intern(key)), len(known)) for name, key in inputs]
        self._new[file.path] = Trace(file.recipe, fingerprint, msgspec.msgpack.encode(numbers))

    def recipe_before(self, file: Output) -> str | None:
        """Return the recipe of the file that the last build made at a path; None if it is not known."""
        trace = self._files.get(file.path)
        return trace.recipe if trace else None

    def changed_inputs(self, file: Output) -> list[Aspect]:
        """Return the aspects that the file at a path was made from and that are not what they were."""
        trace = self._files.get(file.path)
        return [self._changed[n] for n in trace.inputs if n in self._changed] if trace else []

    def fields_before(self, aspect: Aspect) -> dict[str, Any] | None:
        """Return the fields that an aspect had in the last build, as plain data; None if they were not kept."""
        return self._store.load("aspects", self._field_key(aspect), dict[str, Any])

    def save(self, files: Iterable[str]) -> None:
        """Remember the traces of this build for the next: those of `files`."""
        alive = frozenset(files)
        if not self._new and not self._changed and self._files.keys() == alive:
            return
        place: dict[int, int] = {}
        try:
            table = self._saved_rows(self._rows_now(place))
        except KeyError:  # a part of the table was lost meanwhile
            return
        moved = {path: _moved(trace, place) for path, trace in self._new.items()}
        self._files = {path: trace for path, trace in (self._files | moved).items() if path in alive}
        self._before = Traces(table, [], self._before.compact)
        if len(table) > 2 * self._before.compact + 2:
            self._compact()
        self._before.files = self._store.save_map(self._files)
        self._store.save("traces", self._key, self._before)

    def _rows_now(self, place: dict[int, int]) -> Iterator[Row]:
        """Yield the table as it is now, and put the place of each aspect of new traces into `place`."""
        digest, n = self._context.digest, -1
        for n, row in enumerate(self._rows()):
            aspect = row[:2]
            if aspect in self._handed_out:
                place[self._handed_out[aspect]] = n
            if n in self._changed:
                self._keep_fields(aspect)
            yield (*aspect, digest(aspect)) if n in self._changed else row
        for aspect, number in self._handed_out.items():
            if number not in place:
                place[number] = n = n + 1
                self._keep_fields(aspect)
                yield (*aspect, digest(aspect))

    def _compact(self) -> None:
        """Drop what no trace uses from the table."""
        used = sorted({n for trace in self._files.values() for n in trace.inputs})
        place = {n: k for k, n in enumerate(used)}
        table = self._saved_rows(row for n, row in enumerate(self._rows()) if n in place)
        self._files = {path: _moved(trace, place) for path, trace in self._files.items()}
        self._before = Traces(table, [], len(table))

    def _saved_rows(self, rows: Iterator[Row]) -> list[str]:
        return [self._store.save_part(part) for part in iter(lambda: [*islice(rows, PART)], [])]

    def _rows(self) -> Iterator[Row]:
        return chain.from_iterable(self._store.load_parts(self._before.rows, list[Row]))

    def field_keys(self) -> set[str]:
        """Return the keys under which fields are kept for the next build."""
        return {self._field_key((name, key)) for name, key, _ in self._rows()}

    def _field_key(self, aspect: Aspect) -> str:
        return f"{self._key} {' '.join(aspect)}"

    def _keep_fields(self, aspect: Aspect) -> None:
        if aspect[0] in EXPLAINED:
            self._store.save("aspects", self._field_key(aspect), fields_of(self._context.value(aspect)))


def fields_of(value: object) -> object:
    """Return the fields of an aspect's value by name; None if what it is about is gone."""
    return asdict(value) if isinstance(value, Struct) else value


def _moved(trace: Trace, place: Mapping[int, int]) -> Trace:
    """Return a trace with other places."""
    return Trace(trace.recipe, trace.fingerprint, msgspec.msgpack.encode([place[n] for n in trace.inputs]))
