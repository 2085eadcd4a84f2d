"""What each file of the last build was made from, so that one whose aspects are unchanged need not be made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from struct import pack, unpack
from sys import intern
from typing import Any
from zlib import crc32

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
    """How a file was made: its recipe, its fingerprint, and the numbers of the aspects that were handed out, packed."""

    recipe: str
    fingerprint: str
    inputs: bytes

    @property
    def numbers(self) -> tuple[int, ...]:
        return unpack(f"<{len(self.inputs) // 4}I", self.inputs)


class Traces(Struct, array_like=True):
    """In which parts of the store the digests of all aspects are, by their names and keys, and the traces by path."""

    digests: dict[str, list[str]] = {}
    files: list[str] = []
    size: int = 0
    compact: int = 0
    """How many digests there are, and were when every one was of an aspect that a trace has."""


class TraceLog:
    """The traces of the last build and of this one. `key` tells sites of one letter apart."""

    def __init__(self, store: Store, key: str, context: RenderContext) -> None:
        self._store, self._key, self._context = store, key, context
        self._saved = store.load("traces", key, Traces) or Traces()
        self._files = store.load_map(self._saved.files, Trace) or {}
        self._new: dict[str, Trace] = {}
        self._handed_out: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """The numbers of the aspects of new traces, by name and key."""
        self._changed: dict[int, Aspect] = {}
        """The aspects that are not what they were, by their numbers."""
        self._digests: dict[str, dict[str, str]] = {}
        """What the digests of aspects were, by name and key."""
        for name, parts in self._saved.digests.items():
            known, digest = store.load_map(parts, str), context.digester(name)
            if known is None:  # a part is lost
                self._saved, self._files, self._changed, self._digests = Traces(), {}, {}, {}
                return
            self._changed |= {_number(name, key): (name, key) for key in known if digest(key) != known[key]}
            self._digests[name] = known

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
        alive, saved = frozenset(files), self._saved
        if not self._new and not self._changed and self._files.keys() == alive:
            return
        kept = {path: trace for path, trace in (self._files | self._new).items() if path in alive}
        is_overdue = saved.size and saved.size + sum(map(len, self._handed_out.values())) > 2 * saved.compact + 1000
        used = {n for trace in kept.values() for n in trace.numbers} if is_overdue else None
        digests, size = dict[str, list[str]](), 0
        for name in saved.digests | self._handed_out:
            before = self._digests.get(name, {})
            now = self._digests_now(name, before, used)
            digests[name] = self._store.save_map(now, before, saved.digests.get(name, []))
            size += len(now)
        compact = saved.compact if saved.size and used is None else size
        self._saved = Traces(digests, self._store.save_map(kept, self._files, saved.files), size, compact)
        self._store.save("traces", self._key, self._saved)

    def _digests_now(self, name: str, before: dict[str, str], used: set[int] | None) -> dict[str, str]:
        """Return the digests of the aspects of one name; with `used`, of those with these numbers alone."""
        new = dict.fromkeys(key for key in self._handed_out[name] if key not in before)
        new |= dict.fromkeys(key for kind, key in self._changed.values() if kind == name)
        now = before | {key: self._digest(name, key) for key in new}
        return now if used is None else {key: now[key] for key in now if _number(name, key) in used}

    def _digest(self, name: str, key: str) -> str:
        """Return the digest of an aspect that is new or changed, and remember its fields."""
        aspect = name, key
        if name in EXPLAINED:
            self._store.save("aspects", self._field_key(aspect), fields_of(self._context.value(aspect)))
        return self._context.digest(aspect)

    def field_keys(self) -> set[str]:
        """Return the keys under which fields are kept for the next build."""
        return {
            self._field_key((name, key))
            for name, parts in self._saved.digests.items()
            for key in self._store.load_map(parts, str) or {}
        }

    def _field_key(self, aspect: Aspect) -> str:
        return f"{self._key} {' '.join(aspect)}"


def fields_of(value: object) -> object:
    """Return the fields of an aspect's value by name; None if what it is about is gone."""
    return asdict(value) if isinstance(value, Struct) else value


def _number(name: str, key: str) -> int:
    """Return a number for an aspect. Two that share one have their files made again together."""
    return crc32(f"{name} {key}".encode("utf-8", "surrogatepass"))
