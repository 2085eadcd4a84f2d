"""One file of the site: where it goes, who asked for it, what it is made from, and how to make it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import msgspec
from msgspec import Struct

from weekahead.model.findings import Location


class WriteOrder(IntEnum):
    """The order of renaming into the site: what is linked to comes before what links to it."""

    FILE = 0
    ISSUE = 1
    LIST = 2
    INDEX = 3
    FEED = 4


class Output(Struct, frozen=True, kw_only=True):
    """A file of the site. Two outputs of one path and fingerprint have the same bytes."""

    path: str
    source: Location
    rank: WriteOrder
    fingerprint: str
    parts: str
    """A short mark for each thing it is made from, "text:1f2e3d4c next:...", so that a change can be explained."""
    make: Callable[[], bytes]
    copied: bool = False
    """Do its bytes lie in a file as they are?"""

    @property
    def key(self) -> str:
        return key_of(self.path, self.fingerprint)


def key_of(path: str, fingerprint: str) -> str:
    """Names the bytes of an output."""
    return f"{fingerprint} {path}"


class Mould:
    """What many outputs have in common, so that it is named once: template, masthead, code."""

    def __init__(self, **made_from: Any) -> None:
        self._hash = hashlib.blake2b(digest_size=16)
        self._parts = _add(self._hash, made_from)

    def output(
        self,
        path: str,
        source: Location,
        rank: WriteOrder,
        make: Callable[[], bytes],
        made_from: dict[str, Any],
        copied: bool = False,
    ) -> Output:
        """An output whose fingerprint covers what is in common and everything named in `made_from`."""
        own = self._hash.copy()
        parts = self._parts + _add(own, made_from)
        return Output(
            path=path,
            source=source,
            rank=rank,
            fingerprint=own.hexdigest(),
            parts=" ".join(parts),
            make=make,
            copied=copied,
        )


def output(path: str, source: Location, rank: WriteOrder, make: Callable[[], bytes], **made_from: Any) -> Output:
    """An output whose fingerprint covers everything named in `made_from`."""
    return Mould().output(path, source, rank, make, made_from)


def copied_output(path: str, source: Location, make: Callable[[], bytes], content: str) -> Output:
    """A file of the letter or the theme as it is; `content` names what is in it."""
    return Mould().output(path, source, WriteOrder.FILE, make, {"content": content}, copied=True)


_encode = msgspec.json.Encoder(order="deterministic").encode


def _add(whole: hashlib.blake2b, made_from: dict[str, Any]) -> list[str]:
    """Put values into a fingerprint, each with its name and length; a short mark for each."""
    marks, pieces = [], [" ".join(made_from).encode()]
    for what, value in made_from.items():
        data = value.encode("utf-8", "surrogatepass") if type(value) is str else _encode(value)
        pieces += b"%d" % len(data), data
        marks.append(f"{what}:{zlib.crc32(data):x}")
    whole.update(b" ".join(pieces))
    return marks


def changed_parts(before: str, after: str) -> list[str]:
    """The names of what differs between the parts of two outputs."""
    marks = set(before.split())
    return [mark.partition(":")[0] for mark in after.split() if mark not in marks]
