"""Whether a build has anything to do, told from file stats alone.

Such a build is the most frequent of all, where a site is built by the clock. So it reads no file of the letter or of the
site: a record has the stats of all of them, and until when the same site is due.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from pathlib import Path
from time import time, time_ns

from msgspec import Struct

from weekahead.build.state import SitePaths, UpToDateRecord, read_state, site_paths
from weekahead.model.hashing import hash_value
from weekahead.runtime.code_version import code_files, file_stat
from weekahead.runtime.files import is_below
from weekahead.source.folder import DEEPEST, GRAIN, Listing, is_shared_file
from weekahead.theme.lookup import starter


def find_record(stats: InputStats, site: Path, wanted: str, as_of: str | None) -> UpToDateRecord | None:
    """Return the record of the last build, if another with the options `wanted` would change nothing; else None."""
    paths = site_paths(site)
    record = read_state(paths).record
    if record is None or record.options != wanted or paths.is_interrupted or not _is_due(record, as_of):
        return None
    if not record.inputs or stats.name != record.inputs:
        return None
    return record if _output_stats(paths, record.paths.split("\n")) == record.outputs else None


def _is_due(record: UpToDateRecord, as_of: str | None) -> bool:
    """Return whether the same site is due at the instant that is asked for."""
    if as_of is not None or record.as_of is not None:
        return as_of == record.as_of
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not (epoch.isdecimal() and len(epoch) < 20):
        return False
    now = int(epoch) if epoch else time()
    return now == record.since or record.since <= now < record.until


class InputStats(Struct, frozen=True):
    """The stats of every file that a site is made from: the letter's, the theme's, our own and the libraries'."""

    name: str = ""
    """A digest of them; empty when a file has none."""
    settled: str = ""
    """The same; empty as well when a file changed within the clock's grain: it may change again without showing it."""
    listing: Listing | None = None
    """The folders that were listed, for the reading that follows."""


def stat_inputs(root: Path) -> InputStats:
    """Return the stats of all files now."""
    seen, listing = list[tuple[str, int, int, int, int]](), Listing()
    try:
        for path in (f"{root}/letter.yaml", f"{root}/schedule.yaml", *code_files()):
            seen.append(file_stat(path, os.stat(path)))
        seen += [
            file_stat(entry.path, entry.stat()) for entry in listing.entries(str(root)) if is_shared_file(entry.name)
        ]
        for folder in (root / "issues", root / "pages", root / "books", root / "templates", starter() / "templates"):
            seen += _stats_below(str(folder), listing)
    except OSError:
        return InputStats()
    is_fresh = max(max(one[2], one[3]) for one in seen) + GRAIN >= time_ns()
    name = hash_value(seen)
    return InputStats(name, "" if is_fresh else name, listing)


def _stats_below(folder: str, listing: Listing, depth: int = 0) -> Iterator[tuple[str, int, int, int, int]]:
    if not os.path.isdir(folder):
        return
    if depth > DEEPEST or (os.path.islink(folder) and not is_below(folder, os.path.dirname(folder))):
        raise OSError  # reading says what is wrong
    for entry in listing.entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _stats_below(entry.path, listing, depth + 1)
        else:
            yield file_stat(entry.path, entry.stat())


def _output_stats(paths: SitePaths, files: list[str]) -> bytes:
    """Return size and modification time of each file of a site; -1 for one that is missing."""
    stats, base = array("q"), f"{paths.site}/"
    for path in files:
        try:
            found = os.lstat(base + path)
            stats.extend((found.st_size, found.st_mtime_ns))
        except OSError:
            stats.extend((-1, -1))
    return stats.tobytes()
