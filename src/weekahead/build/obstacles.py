"""What stands in the way of a site's files: files of others, folders, links, and what the system does not let us change."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from weekahead.build.state import Manifest, SitePaths
from weekahead.build.transaction import folders_of
from weekahead.model.findings import Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.pieces import file_digest
from weekahead.site.output import CopiedFile, SiteFile


class Obstacles:
    """What is not ours and stands where a file wants to go."""

    def __init__(self, paths: SitePaths, known: Manifest, gone: frozenset[str], clean: bool) -> None:
        self._paths, self._known, self._gone, self._clean = paths, known, gone, clean
        self._is_no_folder: Callable[[str], bool] = cache(lambda folder: _is_no_folder(f"{paths.site}/{folder}"))
        self._longest = os.pathconf("/", "PC_PATH_MAX")
        self._refuse_closed_folder = cache(lambda folder: _refuse_closed(f"{paths.site}/{folder}"))

    def find(self, file: SiteFile, is_new: bool) -> Finding | None:
        """Return a finding if something that is not ours is in the way of a file, or the system has no path that long."""
        site = self._paths.site
        if len(os.fsencode(f"{site}/{file.path}")) >= self._longest:
            message = f"the path of a file of the site is longer than the system allows: {file.path[:60]}..."
            return Finding(file.source, "path-too-long", message, "Shorten its names, or build into another folder.")
        if obstacle := next(filter(self._is_no_folder, reversed([*folders_of(file.path)])), None):
            what = "is not a folder made by weekahead"
            return None if obstacle in self._gone else self._foreign(site / obstacle, what)
        if is_new:
            return None
        path = site / file.path
        if path.is_dir() and not path.is_symlink():
            inside = {found.relative_to(site).as_posix() for found in path.rglob("*") if not found.is_dir()}
            return None if inside <= self._gone else self._foreign(path, "is a folder, not a file,")
        if file.path in self._known or self._clean:
            return None
        if not path.is_symlink() and digest_if_file(path) == _digest_of(file):
            return None
        hint = "Move it away, or overwrite it with `build --clean` or `deploy --force`."
        return self._foreign(path, "was not made by weekahead", hint)

    def refuse_closed(self, paths: Iterable[str]) -> None:
        """Raise OSError if the system does not let us replace or remove a file, or make one in its folder."""
        for path in paths:
            self._refuse_closed_folder(path.rpartition("/")[0])
            _refuse_closed(f"{self._paths.site}/{path}")

    def _foreign(self, path: Path, what: str, hint: str = "Move it away.") -> Finding:
        name = f"{self._paths.site.name}/{path.relative_to(self._paths.site)}"
        return Finding(Location(name), "not-ours", f"{name} {what} and is in the way", hint)


def _is_no_folder(path: str) -> bool:
    """Return whether something is there that is no folder, or a link to one."""
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _refuse_closed(path: str) -> None:
    """Raise OSError if a file or folder cannot be changed although its mode allows it: it is immutable, say.

    Another's file may be replaced in a folder of ours, and so may one of ours that is only to be read.
    """
    if os.access(path, os.W_OK, follow_symlinks=False):
        return
    try:
        found = os.lstat(path)
    except OSError:
        return
    user = os.geteuid()
    if user == 0 or stat.S_ISDIR(found.st_mode) or (found.st_uid == user and found.st_mode & stat.S_IWUSR):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)


def _digest_of(file: SiteFile) -> str:
    """Return the digest of the content of a file that is to be made."""
    return file.digest if isinstance(file, CopiedFile) else hash_bytes(file.make())


def digest_if_file(path: Path | str) -> str | None:
    """Return the digest of what is in a file; None for anything else, such as a link."""
    try:
        return file_digest(path)
    except OSError:
        return None
