"""Is everything as the last build left it? Told by looks alone, for the build that has nothing to do.

Such a build is the most frequent of all, where a site is built by the clock. So it reads no file of the letter or of the
site, and knows nothing of either: a record says how all of them looked, and until when the same site is due.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import time, time_ns

import msgspec
from msgspec import Struct

from weekahead.build.writer import ManifestEntry, SitePaths, record, site_paths
from weekahead.model.findings import Finding
from weekahead.model.hashing import hash_value
from weekahead.runtime.code_version import file_stat, sources
from weekahead.source.folder import GRAIN, Listing
from weekahead.theme.lookup import starter


class UpToDateRecord(Struct, array_like=True, frozen=True):
    """What a build left: how everything looked, what it was asked for, and what it said."""

    letter: str
    """Names how every file looked that the site is made from; empty if one had changed so lately that it may again."""
    options: str
    as_of: str | None
    since: float
    until: float
    """Seconds since 1970 between which the same site is due."""
    issues: int
    warnings: tuple[Finding, ...]
    paths: str
    """Every file of the site, a line each."""
    site: bytes
    """Size and modification time of each."""

    @property
    def kept(self) -> int:
        return self.paths.count("\n") + 1 if self.paths else 0


def options(*, drafts: bool, base_url: str | None) -> str:
    """Names what a build is asked for, as far as it bears on the site."""
    return f"{drafts} {base_url}"


def find_record(seen: InputStats, site: Path, wanted: str, as_of: str | None) -> UpToDateRecord | None:
    """The record of the last build, if another with the options `wanted` of a letter that looks so would change
    nothing; else None."""
    press = site_paths(site)
    try:
        found = msgspec.msgpack.decode((press.work / "rest").read_bytes(), type=UpToDateRecord)
    except (OSError, msgspec.MsgspecError):
        return None
    if found.options != wanted or press.record.exists() or press.stage.exists() or not _is_due(found, as_of):
        return None
    if not found.letter or seen.name != found.letter:
        return None
    return found if _looks_of_site(press, found.paths.split("\n")) == found.site else None


def save_record(press: SitePaths, found: UpToDateRecord) -> None:
    """Record what a build left. The record may be lost: it only spares the next build some work."""
    record(press, "rest", msgspec.msgpack.encode(found))


def site_of(made: Mapping[str, ManifestEntry]) -> tuple[str, bytes]:
    """The files of a site, a line each, and how they look."""
    return "\n".join(made), array("q", [look for each in made.values() for look in (each.size, each.changed)]).tobytes()


def _is_due(found: UpToDateRecord, as_of: str | None) -> bool:
    """Is the instant that is asked for one at which the same site is due?"""
    if as_of is not None or found.as_of is not None:
        return as_of == found.as_of
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not epoch.isdecimal():
        return False
    now = int(epoch) if epoch else time()
    return now == found.since or found.since <= now < found.until


class InputStats(Struct, frozen=True):
    """How every file looks that a site is made from: the letter's, the theme's, our own and the libraries'."""

    name: str = ""
    """Empty when one of them cannot be looked at."""
    settled: str = ""
    """The same; empty as well when one of them changed within the clock's grain: it may change again without showing it."""
    listing: Listing | None = None
    """The folders that were looked into, for whoever reads the letter now."""


def stat_inputs(root: Path) -> InputStats:
    """How everything looks now."""
    seen, listing = list[tuple[str, int, int, int, int]](), Listing()
    try:
        for path in (root / "letter.yaml", root / "schedule.yaml", *sources()):
            seen.append(file_stat(str(path), os.stat(path)))
        for folder in (root / "issues", root / "pages", root / "templates", starter() / "templates"):
            seen += _looks_below(str(folder), listing)
    except OSError:
        return InputStats()
    is_fresh = max(max(one[2], one[3]) for one in seen) + GRAIN >= time_ns()
    name = hash_value(seen)
    return InputStats(name, "" if is_fresh else name, listing)


def _looks_below(folder: str, listing: Listing) -> Iterator[tuple[str, int, int, int, int]]:
    if not os.path.isdir(folder):
        return
    for entry in listing.entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _looks_below(entry.path, listing)
        else:
            yield file_stat(entry.path, entry.stat())


def _looks_of_site(press: SitePaths, paths: list[str]) -> bytes:
    """How the files of a site look; what is not there looks like nothing."""
    seen, base = array("q"), f"{press.site}/"
    for path in paths:
        try:
            found = os.lstat(base + path)
            seen.extend((found.st_size, found.st_mtime_ns))
        except OSError:
            seen.extend((-1, -1))
    return seen.tobytes()
