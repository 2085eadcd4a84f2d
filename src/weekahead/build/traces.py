"""What each file of the last build was made from, so that one whose aspects are unchanged need not be made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.model.hashing import hash_value
from weekahead.runtime.store import Store
from weekahead.site.aspects import Aspect
from weekahead.site.context import RenderContext
from weekahead.site.output import Output

EXPLAINED = frozenset({"card", "config", "details", "page", "plan", "site", "template"})
"""Kinds of aspects whose fields are kept, so that those that changed can be named."""


class Trace(Struct, frozen=True, array_like=True):
    """How a file was made: its recipe, its fingerprint, and the aspects that were handed out, by their place in the table."""

    recipe: str
    fingerprint: str
    inputs: tuple[int, ...]


class Traces(Struct, array_like=True):
    """The traces of a build, by path, with a table of all aspects and their digests."""

    aspects: list[Aspect] = []
    digests: list[str] = []
    files: dict[str, Trace] = {}
    compact: int = 0
    """The length of the table when it held nothing but what traces use."""


class TraceLog:
    """The traces of the last build and of this one. `key` tells sites of one letter apart."""

    def __init__(self, store: Store, key: str, context: RenderContext) -> None:
        self._store, self._key, self._context = store, key, context
        self._before = store.load("traces", key, Traces) or Traces()
        self._new: dict[str, tuple[Output, str, list[Aspect]]] = {}
        self._aspects = self._before.aspects

    @cached_property
    def _changed(self) -> frozenset[int]:
        """The places of the aspects that are not what they were."""
        digest, before = self._context.digest, self._before
        return frozenset(
            n
            for n, (aspect, known) in enumerate(zip(before.aspects, before.digests, strict=True))
            if digest(aspect) != known
        )

    def find(self, file: Output) -> str | None:
        """Return the fingerprint of a file all of whose aspects are unchanged; None for any other."""
        trace = self._before.files.get(file.path)
        if trace is None or trace.recipe != file.recipe or not self._changed.isdisjoint(trace.inputs):
            return None
        return trace.fingerprint

    def fingerprint(self, file: Output, inputs: Iterable[Aspect]) -> str:
        """Return the fingerprint of a file that was made from some aspects."""
        version, digest = self._store.version, self._context.digest
        return hash_value([version, file.recipe, [(aspect, digest(aspect)) for aspect in inputs]])

    def put(self, file: Output, fingerprint: str, inputs: Sequence[Aspect]) -> None:
        """Remember how a file was made."""
        self._new[file.path] = file, fingerprint, list(inputs)

    def recipe_before(self, file: Output) -> str | None:
        """Return the recipe of the file that the last build made at a path; None if it is not known."""
        trace = self._before.files.get(file.path)
        return trace.recipe if trace else None

    def changed_inputs(self, file: Output) -> list[Aspect]:
        """Return the aspects that the file at a path was made from and that are not what they were."""
        trace = self._before.files.get(file.path)
        return [self._before.aspects[n] for n in trace.inputs if n in self._changed] if trace else []

    def fields_before(self, aspect: Aspect) -> dict[str, Any] | None:
        """Return the fields that an aspect had in the last build, as plain data; None if they were not kept."""
        return self._store.load("aspects", self._field_key(aspect), dict[str, Any])

    def save(self, files: Iterable[str]) -> None:
        """Remember the traces of this build for the next: those of `files`."""
        before, alive = self._before, frozenset(files)
        if not self._new and not self._changed and before.files.keys() == alive:
            return
        table = dict(zip(before.aspects, range(len(before.aspects)), strict=True))
        digests = [
            self._context.digest(aspect) if n in self._changed else known
            for n, (aspect, known) in enumerate(zip(before.aspects, before.digests, strict=True))
        ]
        kept = {path: trace for path, trace in before.files.items() if path in alive and path not in self._new}
        for path, (file, fingerprint, inputs) in self._new.items():
            for aspect in inputs:
                if aspect not in table:
                    table[aspect] = len(table)
                    digests.append(self._context.digest(aspect))
            if path in alive:
                kept[path] = Trace(file.recipe, fingerprint, tuple(table[aspect] for aspect in inputs))
        self._keep_fields([aspect for aspect, n in table.items() if n >= len(before.aspects) or n in self._changed])
        after = Traces([*table], digests, kept, before.compact)
        if len(after.aspects) > 2 * before.compact + 1000:
            after = _compact(after)
        self._aspects = after.aspects
        self._store.save("traces", self._key, after)

    def field_keys(self) -> set[str]:
        """Return the keys under which fields are kept for the next build."""
        return {self._field_key(aspect) for aspect in self._aspects}

    def _field_key(self, aspect: Aspect) -> str:
        return f"{self._key} {' '.join(aspect)}"

    def _keep_fields(self, aspects: Iterable[Aspect]) -> None:
        for aspect in aspects:
            if aspect[0] in EXPLAINED:
                self._store.save("aspects", self._field_key(aspect), fields_of(self._context.value(aspect)))


def fields_of(value: object) -> object:
    """Return the fields of an aspect's value by name; None if what it is about is gone."""
    return asdict(value) if isinstance(value, Struct) else value


def _compact(traces: Traces) -> Traces:
    """Return traces whose table holds nothing but what they use."""
    used = sorted({n for trace in traces.files.values() for n in trace.inputs})
    place = {n: k for k, n in enumerate(used)}
    files = {
        path: Trace(trace.recipe, trace.fingerprint, tuple(place[n] for n in trace.inputs))
        for path, trace in traces.files.items()
    }
    return Traces([traces.aspects[n] for n in used], [traces.digests[n] for n in used], files, len(used))
