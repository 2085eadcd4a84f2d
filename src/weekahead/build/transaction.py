"""The commit of a site: a journal of renames, carried out in order, and finished by the next command if it was killed."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.build.state import (
    ManifestEntry,
    SitePaths,
    decode_state,
    encode_state,
    is_inside,
    read_sealed,
    read_state,
    seal,
)
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import sync, sync_files, write_synced
from weekahead.runtime.files import discard, is_file, is_folder, lock_file, new_file, own_folder
from weekahead.runtime.pieces import file_digest

NEW_STATE = "state"
"""The staged file that becomes the state of the site."""


class Journal(Struct, frozen=True):
    """What is to be done to a site, in this order; the staged state takes the place of the old one last."""

    cleared: list[tuple[str, str]]
    """Files of ours that are gone and stand in the way of a new one, each with its digest."""
    announced: list[str]
    """New pages that others may link to before they are there: each is first put in as a page that says so."""
    renames: list[tuple[str, str]]
    """Staged files and where they go."""
    removed: list[tuple[str, str]]
    """Files of ours that are gone, each with its digest."""


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
ANNOUNCED = hash_bytes(ANNOUNCEMENT)


def commit(paths: SitePaths, journal: Journal, state: bytes) -> None:
    """Record what is to be done, and do it. What can fail is tried before the record. Raises OSError."""
    stage = str(paths.stage)
    own_folder(paths.stage)
    _put(f"{stage}/{NEW_STATE}", state)
    sync_files([f"{stage}/{name}" for name in (NEW_STATE, *(name for name, _ in journal.renames))])
    made: list[str] = []
    try:
        _make_folders(paths, journal, made)
        write_synced(paths.journal, seal(msgspec.msgpack.encode(journal)))
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder)
        raise
    finish(paths)


def _make_folders(paths: SitePaths, journal: Journal, made: list[str]) -> None:
    """Make the folders of new files, but for those whose place a file of ours still has, and note each in `made`."""
    cleared = {path for path, _ in journal.cleared}
    folders = {folder for _, path in journal.renames for folder in folders_of(path)}
    for folder in sorted(folders):
        if cleared.isdisjoint((folder, *folders_of(folder))):
            with suppress(FileExistsError):
                os.mkdir(f"{paths.site}/{folder}")
                made.append(f"{paths.site}/{folder}")


def finish_interrupted(root: Path) -> None:
    """Carry out the commit of a letter's site that a killed build left behind; one in progress is left alone.

    A site elsewhere is finished by the next build of it: what is recorded in a letter could be about any of its folders.
    """
    paths = SitePaths(root / "site", root / ".weekahead" / "site")
    if all(map(is_folder, (paths.site, paths.work.parent, paths.work))):
        with suppress(OSError), lock_file(paths.work / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finish(paths)


def finish(paths: SitePaths) -> None:
    """Carry out a recorded commit, as far as that has not happened yet. Raises OSError: then the rest is still open."""
    journal = _recorded(paths)
    if journal is None:
        return
    check = checked_folders(paths.site)
    for path, digest in journal.cleared:
        _remove(paths.site, path, digest, check)
    _rename_staged(paths, journal, check)
    for path, digest in journal.removed:
        _remove(paths.site, path, digest, check)
    with suppress(FileNotFoundError):
        os.replace(paths.stage / NEW_STATE, paths.state)
        sync(paths.work)
    paths.journal.unlink()
    clear_stage(paths.stage)


def finish_or_set_aside(paths: SitePaths) -> None:
    """Finish the commit of a killed build; if something is in its way, the new build goes on from what is done of it."""
    try:
        finish(paths)
    except OSError:
        _set_aside(paths)


def _set_aside(paths: SitePaths) -> None:
    """Give up a recorded commit that cannot be finished: remember what of it is done, and forget the rest. Raises OSError."""
    journal = _recorded(paths)
    if journal is None:
        return
    before = read_state(paths)
    manifest = before.entries()
    with suppress(FileNotFoundError):
        planned = decode_state(read_sealed(paths.stage / NEW_STATE)).entries()
        for name, path in journal.renames:
            if not (paths.stage / name).exists():
                manifest |= {path: planned[path]} if path in planned else {}
            elif path in journal.announced:
                manifest.setdefault(path, ManifestEntry("", ANNOUNCED, 0, 0))
        write_synced(paths.state, encode_state("", manifest, None, before.addresses))
    paths.journal.unlink()
    clear_stage(paths.stage)


def _recorded(paths: SitePaths) -> Journal | None:
    """Return the commit that is not finished yet, if there is one; a damaged record, or one not of ours, is removed."""
    try:
        journal = msgspec.msgpack.decode(read_sealed(paths.journal), type=Journal)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError):
        discard(paths.journal)
        return None
    if not _is_sound(paths, journal):
        discard(paths.journal)
        return None
    return journal


def _is_sound(paths: SitePaths, journal: Journal) -> bool:
    """Return whether a commit concerns files of the site alone, and puts nothing but files there."""
    gone = (path for path, _ in (*journal.cleared, *journal.removed))
    staged, stage = [NEW_STATE, *(name for name, _ in journal.renames)], str(paths.stage)
    return (
        all(map(is_inside, (*gone, *journal.announced, *(path for _, path in journal.renames))))
        and all(name == NEW_STATE or name.isdecimal() for name in staged)
        and (is_folder(paths.stage) or not os.path.lexists(paths.stage))
        and all(is_file(path) or not os.path.lexists(path) for path in (f"{stage}/{name}" for name in staged))
    )


Check = Callable[[str], None]
"""Raises OSError if a folder of the site is none, or a link to one."""


def checked_folders(site: Path) -> Check:
    @cache
    def check(folder: str) -> None:
        if not folder:
            return
        check(folder.rpartition("/")[0])
        if os.path.islink(f"{site}/{folder}"):
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), f"{site}/{folder}")

    return check


def _rename_staged(paths: SitePaths, journal: Journal, check: Check) -> None:
    announced, stage = dict.fromkeys(journal.announced), str(paths.stage)
    for n, (name, path) in enumerate(journal.renames):
        if path in announced:
            _announce(paths, [path for _, path in journal.renames[n:] if path in announced], check)
            announced = {}
        staged, target = f"{stage}/{name}", f"{paths.site}/{path}"
        check(path.rpartition("/")[0])
        try:
            os.replace(staged, target)
        except FileNotFoundError:
            if os.path.exists(staged):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.replace(staged, target)


def _announce(paths: SitePaths, pages: list[str], check: Check) -> None:
    """Put a page that says "one moment" wherever a new page will be, so that no page links to nothing meanwhile."""
    page = paths.stage / "announcement"
    discard(page)  # a killed build may have left it, with links to it in the site
    _put(str(page), ANNOUNCEMENT)
    for path in pages:
        target = f"{paths.site}/{path}"
        check(path.rpartition("/")[0])
        try:
            os.link(page, target)
        except FileExistsError:
            continue
        except OSError:  # its folder has gone, or the file system has no hard links
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _put(target, ANNOUNCEMENT)


def _put(path: str, data: bytes) -> None:
    with new_file(path) as file:
        file.write(data)


def clear_stage(stage: Path) -> None:
    with suppress(OSError):
        discard(stage)


def _remove(site: Path, path: str, digest: str, check: Check) -> None:
    """Remove a file that still is the one we made, and the folders that it leaves empty. Raises OSError."""
    if not is_ours(site, path, digest, check):
        return
    (site / path).unlink(missing_ok=True)
    with suppress(OSError):  # raised by the first folder that is not empty
        for folder in folders_of(path):
            os.rmdir(site / folder)


def is_ours(site: Path, path: str, digest: str, check: Check) -> bool:
    """Return whether a file of the site still has the digest that it had when we made it, and lies behind no link."""
    try:
        check(path.rpartition("/")[0])
        return file_digest(f"{site}/{path}") == digest
    except OSError:
        return False


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
        own_folder(paths.work)
        if os.path.lexists(paths.state) and not is_file(paths.state):
            discard(paths.state)
        paths.site.mkdir(parents=True, exist_ok=True)
        lock = lock_file(paths.work / "lock")
    except OSError as error:
        raise cannot_write(paths, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "the system does not allow it to be changed",
    errno.EISDIR: "there is a folder in its place",
    errno.ENOTDIR: "there is a file or a link in the place of a folder",
    errno.ENOTEMPTY: "there is a folder in its place",
}


def reason_of(error: OSError) -> str:
    """Return in words why the system refused something."""
    return REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())


def cannot_write(paths: SitePaths, error: OSError) -> BuildError:
    """Return a failed write in one line; the site is as it was, or will be finished by the next build."""
    name, where = paths.site.name, error.filename2 or error.filename
    if isinstance(where, str | bytes | os.PathLike):
        name = os.path.relpath(os.fsdecode(where), paths.site.parent)
    message, hint = f"cannot write {name}: {reason_of(error)}", "Fix this and build again; nothing is lost."
    outcome = ""
    if open_files := _open_files(paths):
        done, count = open_files
        outcome = f"the site is between two builds: {done} of {count} files are done, {count - done} open"
        hint = "Remove what is in the way and build again: the rest is done then. Nothing is lost."
    return BuildError([Finding(Location(paths.site.name), "cannot-write", message, hint)], outcome)


def _open_files(paths: SitePaths) -> tuple[int, int] | None:
    """Return how many files of a recorded commit are done, and how many there are; None if nothing is recorded."""
    with suppress(OSError):
        if journal := _recorded(paths):
            removed = {path for path, _ in (*journal.cleared, *journal.removed)}
            left = sum((paths.stage / name).exists() for name, _ in journal.renames)
            left += sum(os.path.lexists(paths.site / path) for path in removed)
            count = len(journal.renames) + len(removed)
            return count - left, count
    return None
