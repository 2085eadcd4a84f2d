"""One file of the site: where it goes, who asked for it, what it is made from, and how to make it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from msgspec import Struct

from weekahead.digests import digest
from weekahead.findings import Where


class Rank(IntEnum):
    """The order of renaming into the site: what is linked to comes before what links to it."""

    FILE = 0
    ISSUE = 1
    LIST = 2
    INDEX = 3
    FEED = 4


class Output(Struct, frozen=True, kw_only=True):
    """A file of the site. Two outputs of one path and fingerprint have the same bytes."""

    path: str
    source: Where
    rank: Rank
    fingerprint: str
    reasons: tuple[tuple[str, str], ...]
    """What the fingerprint is made from: (what, digest), so that a change can be explained."""
    make: Callable[[], bytes]


def output(path: str, source: Where, rank: Rank, make: Callable[[], bytes], **made_from: Any) -> Output:
    """An output whose fingerprint covers everything named in `made_from`."""
    reasons = tuple((what, digest(value)) for what, value in made_from.items())
    return Output(path=path, source=source, rank=rank, fingerprint=digest(reasons), reasons=reasons, make=make)
