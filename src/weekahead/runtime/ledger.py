"""What is remembered by name, of thousands of files, in leaves: one file that changed rewrites one leaf, not the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from weekahead.runtime.store import Store

T = TypeVar("T", bound=Struct)

LEAVES = 32


def load(
    store: Store, kind: str, name: str, of: type[T], dec_hook: Callable[[type, Any], Any] | None = None
) -> T | None:
    """What was saved last, as far as it is still there; None if nothing is.

    A structure consists of maps by name, which are kept in leaves, and of other values, its head. Leaves of another head
    than the first one's are another run's, and left aside. An entry may be one that was given up since: it must say
    itself what it holds for.
    """
    whole: T | None = None
    decoder = msgspec.msgpack.Decoder(of, dec_hook=dec_hook)
    for leaf in range(LEAVES):
        data = store.load(kind, f"{name}/{leaf}")
        try:
            found = decoder.decode(data) if data else None
        except (msgspec.MsgspecError, ValueError, KeyError, OSError):
            continue
        if found is not None and whole is None:
            whole = found
        elif found is not None and whole is not None and _head(found) == _head(whole):
            for field, entries in _maps(whole):
                entries.update(getattr(found, field))
    return whole


def save(
    store: Store, kind: str, name: str, before: T | None, after: T, enc_hook: Callable[[Any], Any] | None = None
) -> None:
    """Save the leaves in which something differs from what was loaded."""
    changed = set(range(LEAVES))
    if before is not None and _head(before) == _head(after):
        changed = {_leaf(key) for field, entries in _maps(after) for key in _differing(getattr(before, field), entries)}
    parts = {leaf: {field: dict[str, Any]() for field, _ in _maps(after)} for leaf in changed}
    for field, entries in _maps(after) if changed else ():
        for key, value in entries.items():
            if (leaf := _leaf(key)) in changed:
                parts[leaf][field][key] = value
    for leaf, maps in parts.items():
        data = msgspec.msgpack.encode(msgspec.structs.replace(after, **maps), enc_hook=enc_hook)
        store.save(kind, f"{name}/{leaf}", data)


def _leaf(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) % LEAVES


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The names of entries that came, went, or are others."""
    yield from before.keys() - after.keys()
    for key, value in after.items():
        there = before.get(key)
        if there is not value and (there != value or key not in before):
            yield key


def _maps(of: Struct) -> list[tuple[str, dict[str, Any]]]:
    return [(field, found) for field in of.__struct_fields__ if type(found := getattr(of, field)) is dict]


def _head(of: Struct) -> list[Any]:
    return [found for field in of.__struct_fields__ if type(found := getattr(of, field)) is not dict]
