"""The commit of a site: a journal of renames, carried out in order, and finished by the next command if it was killed."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.build.state import SitePaths
from weekahead.model.findings import BuildError, build_error
from weekahead.runtime.atomic_file import write_synced


class Journal(Struct, frozen=True):
    """What is to be done to a site, in this order, and then its new state."""

    cleared: list[str]
    """Files of ours that are gone and stand in the way of a new one."""
    announced: list[str]
    """New pages that others may link to before they are there: each is first put in as a page that says so."""
    renames: list[tuple[str, str]]
    """Staged files and where they go."""
    removed: list[str]
    state: bytes
    """The new state file."""


ANNOUNCEMENT = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>One moment</title>
</head>
<body>
<h1>One moment</h1>
<p>This page is being published. Please reload it.</p>
</body>
</html>
"""


def commit(paths: SitePaths, journal: Journal) -> None:
    """Record what is to be done, and do it. Raises OSError."""
    paths.work.mkdir(parents=True, exist_ok=True)
    write_synced(paths.journal, msgspec.msgpack.encode(journal))
    _carry_out(paths, journal)


def finish_interrupted(root: Path) -> None:
    """Carry out the commits of a letter's sites that a killed build left behind; those in progress are left alone."""
    for journal in (root / ".weekahead").glob("*/journal"):
        paths = SitePaths(root / journal.parent.name, journal.parent)
        with suppress(OSError), open(paths.work / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finish(paths)


def finish(paths: SitePaths) -> None:
    """Carry out a recorded commit, as far as that has not happened yet."""
    try:
        journal = msgspec.msgpack.decode(paths.journal.read_bytes(), type=Journal)
    except FileNotFoundError:
        return
    except msgspec.MsgspecError:
        paths.journal.unlink()
        return
    _carry_out(paths, journal)


def _carry_out(paths: SitePaths, journal: Journal) -> None:
    for path in journal.cleared:
        _remove(paths.site, path)
    _rename_staged(paths, journal)
    for path in journal.removed:
        if path not in journal.cleared:
            _remove(paths.site, path)
    write_synced(paths.state, journal.state)
    paths.journal.unlink()
    clear_stage(paths.stage)


def _rename_staged(paths: SitePaths, journal: Journal) -> None:
    announced = dict.fromkeys(journal.announced)
    for n, (name, path) in enumerate(journal.renames):
        if path in announced:
            _announce(paths, [path for _, path in journal.renames[n:] if path in announced])
            announced = {}
        target = paths.site / path
        try:
            os.replace(paths.stage / name, target)
        except FileNotFoundError:
            if (paths.stage / name).exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(paths.stage / name, target)


def _announce(paths: SitePaths, pages: list[str]) -> None:
    """Put a page that says "one moment" wherever a new page will be, so that no page links to nothing meanwhile."""
    page = paths.work / "announcement.html"
    page.unlink(missing_ok=True)  # a killed build may have left it, with links to it in the site
    page.write_bytes(ANNOUNCEMENT)
    for path in pages:
        target = paths.site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(page, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without hard links
            target.write_bytes(ANNOUNCEMENT)
    page.unlink()


def clear_stage(stage: Path) -> None:
    from shutil import rmtree

    if stage.exists():
        rmtree(stage, ignore_errors=True)


def _remove(site: Path, path: str) -> None:
    """Remove a file of ours, and the folders that it leaves empty."""
    (site / path).unlink(missing_ok=True)
    with suppress(OSError):  # raised by the first folder that is not empty
        for folder in (site / path).parents:
            if folder == site or folder.is_symlink():
                return
            folder.rmdir()


def folders_of(path: str) -> Iterator[str]:
    """Yield every folder that a path of the site lies in."""
    while path := path.rpartition("/")[0]:
        yield path


@contextmanager
def site_lock(paths: SitePaths, dry_run: bool) -> Iterator[None]:
    """Hold the lock of a site. The system lets it go when its holder ends, however that happens."""
    if dry_run:
        yield
        return
    try:
        paths.work.mkdir(parents=True, exist_ok=True)
        paths.site.mkdir(parents=True, exist_ok=True)
        lock = open(paths.work / "lock", "w")  # noqa: SIM115  (held by the with below)
    except OSError as error:
        raise cannot_write(paths, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied",
}


def cannot_write(paths: SitePaths, error: OSError) -> BuildError:
    """Return a failed write in one line; the site is as it was, or will be finished by the next build."""
    reason = REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())
    name = Path(os.fsdecode(error.filename)).name if error.filename else paths.site.name
    hint = "Fix this and build again; nothing is lost."
    return build_error(paths.site.name, "cannot-write", f"cannot write {name}: {reason}", hint)
