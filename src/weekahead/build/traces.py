"""What each file of the last build was made from, so that one whose aspects are unchanged need not be made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from sys import intern
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from weekahead.model.hashing import hash_value
from weekahead.runtime.store import Store
from weekahead.site.aspects import Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import Output

EXPLAINED = frozenset({"card", "config", "details", "page", "plan", "site", "template"})
"""Kinds of aspects whose fields are kept, so that those that changed can be named."""


Row = tuple[str, str, str]
"""An aspect and its digest."""
CHUNK = 1000
"""Rows of the table that are encoded, and decoded, together: a letter of 10,000 issues has 60,000."""


_encode = msgspec.msgpack.encode


class Trace(Struct, frozen=True, array_like=True):
    """How a file was made: its recipe, its fingerprint, and the aspects that were handed out, by their place in the table."""

    recipe: str
    fingerprint: str
    places: bytes

    @property
    def inputs(self) -> list[int]:
        return msgspec.msgpack.decode(self.places, type=list[int])


class Traces(Struct, array_like=True):
    """The traces of a build, by path, with a table of all aspects and their digests.

    The table and the places in it stay encoded, because they take a tenth of the memory so.
    """

    chunks: list[bytes] = []
    files: dict[str, Trace] = {}
    compact: int = 0
    """The length of the table when it held nothing but what traces use."""

    def rows(self) -> Iterator[Row]:
        """Yield the table."""
        for chunk in self.chunks:
            yield from msgspec.msgpack.decode(chunk, type=list[Row])


class TraceLog:
    """The traces of the last build and of this one. `key` tells sites of one letter apart."""

    def __init__(self, store: Store, key: str, context: RenderContext) -> None:
        self._store, self._key, self._context = store, key, context
        self._before = self._after = store.load("traces", key, Traces) or Traces()
        self._new: dict[str, Trace] = {}
        self._handed_out: dict[Aspect, int] = {}
        """The aspects that new traces have, by the number that stands for them there until they have a place."""

    @cached_property
    def _changed(self) -> dict[int, Aspect]:
        """The aspects that are not what they were, by their place."""
        digest, rows = self._context.digest, enumerate(self._before.rows())
        return {n: (name, key) for n, (name, key, known) in rows if digest((name, key)) != known}

    def find(self, file: Output) -> str | None:
        """Return the fingerprint of a file all of whose aspects are unchanged; None for any other."""
        trace = self._before.files.get(file.path)
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
        self._new[file.path] = Trace(file.recipe, fingerprint, _encode(numbers))

    def recipe_before(self, file: Output) -> str | None:
        """Return the recipe of the file that the last build made at a path; None if it is not known."""
        trace = self._before.files.get(file.path)
        return trace.recipe if trace else None

    def changed_inputs(self, file: Output) -> list[Aspect]:
        """Return the aspects that the file at a path was made from and that are not what they were."""
        trace = self._before.files.get(file.path)
        return [self._changed[n] for n in trace.inputs if n in self._changed] if trace else []

    def fields_before(self, aspect: Aspect) -> dict[str, Any] | None:
        """Return the fields that an aspect had in the last build, as plain data; None if they were not kept."""
        return self._store.load("aspects", self._field_key(aspect), dict[str, Any])

    def save(self, files: Iterable[str]) -> None:
        """Remember the traces of this build for the next: those of `files`."""
        before, alive = self._before, frozenset(files)
        if not self._new and not self._changed and before.files.keys() == alive:
            return
        place: dict[int, int] = {}
        chunks = [*_chunks(self._rows(place))]
        kept = {path: trace for path, trace in before.files.items() if path in alive and path not in self._new}
        kept |= {path: _moved(trace, place) for path, trace in self._new.items() if path in alive}
        self._after = _compact(Traces(chunks, kept, before.compact))
        self._store.save("traces", self._key, self._after)

    def _rows(self, place: dict[int, int]) -> Iterator[Row]:
        """Yield the table as it is now, and put the place of each aspect of new traces into `place`."""
        digest, n = self._context.digest, -1
        for n, (name, key, known) in enumerate(self._before.rows()):
            aspect = name, key
            if aspect in self._handed_out:
                place[self._handed_out[aspect]] = n
            if n in self._changed:
                self._keep_fields(aspect)
            yield name, key, digest(aspect) if n in self._changed else known
        for aspect, number in self._handed_out.items():
            if number not in place:
                place[number] = n = n + 1
                self._keep_fields(aspect)
                yield (*aspect, digest(aspect))

    def field_keys(self) -> set[str]:
        """Return the keys under which fields are kept for the next build."""
        return {self._field_key((name, key)) for name, key, _ in self._after.rows()}

    def _field_key(self, aspect: Aspect) -> str:
        return f"{self._key} {' '.join(aspect)}"

    def _keep_fields(self, aspect: Aspect) -> None:
        if aspect[0] in EXPLAINED:
            self._store.save("aspects", self._field_key(aspect), fields_of(self._context.value(aspect)))


def fields_of(value: object) -> object:
    """Return the fields of an aspect's value by name; None if what it is about is gone."""
    return asdict(value) if isinstance(value, Struct) else value


def _chunks(rows: Iterator[Row]) -> Iterator[bytes]:
    return map(_encode, iter(lambda: [*islice(rows, CHUNK)], []))


def _moved(trace: Trace, place: Mapping[int, int]) -> Trace:
    """Return a trace with other places."""
    return Trace(trace.recipe, trace.fingerprint, _encode([place[n] for n in trace.inputs]))


def _compact(traces: Traces) -> Traces:
    """Return traces whose table holds nothing but what they use, once that is long overdue; else the same."""
    if len(traces.chunks) * CHUNK <= 2 * traces.compact + CHUNK:
        return traces
    used = sorted({n for trace in traces.files.values() for n in trace.inputs})
    place = {n: k for k, n in enumerate(used)}
    files = {path: _moved(trace, place) for path, trace in traces.files.items()}
    return Traces([*_chunks(row for n, row in enumerate(traces.rows()) if n in place)], files, len(used))
