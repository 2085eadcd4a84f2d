"""The one way to open a file of a letter, whoever the letter is from: a regular file below its folder, of bounded size.

A letter of somebody else may have links, pipes, devices and endless files in any place. Nothing here follows a link out
of the folder or waits for a pipe. In our own state folder a link is not followed at all: whatever is there in place of
a file or a folder of ours is removed.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

LARGEST = 4_000_000_000
"""Bytes of one file; a recording of a day has fewer."""

OUTSIDE = "this is a link to a place outside the letter"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Refused(OSError):
    """A file that is not opened: the rule of the finding, and its message."""

    def __init__(self, rule: str, message: str, path: str) -> None:
        super().__init__(errno.EPERM, message, path)
        self.rule, self.message = rule, message


def open_file(root: Path, name: str, limit: int = LARGEST) -> BinaryIO:
    """Open a file below a folder for reading. Raises OSError: Refused for what is outside, no file, or over `limit` bytes."""
    path = f"{root}/{name}"
    return _checked(open(path, "rb", opener=partial(_open_below, root, name)), path, limit)


def open_unlinked(path: Path | str, limit: int = LARGEST) -> BinaryIO:
    """Open a file for reading that must not be a link. Raises OSError as `open_file` does."""
    return _checked(open(path, "rb", opener=_open_unlinked), str(path), limit)


def _open_unlinked(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)


def _checked(file: BinaryIO, path: str, limit: int) -> BinaryIO:
    found = os.fstat(file.fileno())
    if S_ISREG(found.st_mode) and found.st_size <= limit:
        return file
    file.close()
    if S_ISREG(found.st_mode):
        raise Refused("too-long", f"this file has more than {limit:,} bytes", path)
    raise Refused("not-a-file", "this is not a file", path)


def read_bytes(root: Path, name: str, limit: int = LARGEST) -> bytes:
    """Return the bytes of a file below a folder. Raises OSError as `open_file` does."""
    with open_file(root, name, limit) as file:
        return file.read()


def is_below(path: str | Path, root: str | Path) -> bool:
    """Return whether a path, followed through every link, is a folder or lies in it."""
    real, top = os.path.realpath(path), os.path.realpath(root)
    return real == top or real.startswith(top.rstrip("/") + "/")


def require_below(root: Path, name: str) -> Path:
    """Return the path of a file that is to be written. Raises Refused if a link leads it out of the folder."""
    path = root / name
    if not is_below(path, root):
        raise Refused("outside", OUTSIDE, str(path))
    return path


def _open_below(root: Path, name: str, path: str, flags: int) -> int:
    """Open a file without following a link, or else the one that the links lead to, if that is below the folder as well."""
    try:
        if ".." not in name.split("/"):
            return _descend(root, name, flags)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
    if not is_below(path, root):
        raise Refused("outside", OUTSIDE, path)
    return _descend(root, os.path.relpath(os.path.realpath(path), os.path.realpath(root)), flags)


def _descend(root: Path, name: str, flags: int) -> int:
    """Open a file, folder by folder, so that no link is followed whatever happens meanwhile."""
    *folders, last = name.split("/")
    at = os.open(root, _FOLDER)
    try:
        for folder in folders:
            above, at = at, os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=at)
            os.close(above)
        return os.open(last, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{root}/{name}") from None
    finally:
        os.close(at)


# -- our own state


def is_file(path: Path | str) -> bool:
    """Return whether a file is there, and no link to one."""
    return S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """Return whether a folder is there, and no link to one."""
    return S_ISDIR(_mode(path))


def _mode(path: Path | str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def own_folder(path: Path) -> None:
    """Make a state folder, .weekahead or one in it. A link, or what else has its place, is removed. Raises OSError."""
    for folder in (path.parent, path) if path.parent.name == ".weekahead" else (path,):
        if not is_folder(folder):
            with suppress(OSError):  # as when another process has made the folder meanwhile
                folder.unlink()
            folder.mkdir(parents=True, exist_ok=True)


def new_file(path: Path | str) -> BinaryIO:
    """Open a file of ours for writing, in place of whatever has its name. Raises OSError."""
    try:
        return open(path, "xb")
    except FileExistsError:
        discard(Path(path))
        return open(path, "xb")


def lock_file(path: Path) -> BinaryIO:
    """Open a file that is only locked; in place of whatever else has its name. Raises OSError."""
    if os.path.lexists(path) and not is_file(path):
        discard(path)
    return open(path, "ab", opener=_open_unlinked)


def open_kept(path: Path, flags: int) -> BinaryIO:
    """Open a file of ours that must never be lost, for its owner alone, to read and write. Raises OSError.

    Other than with a cache, whatever else has its place stays there, and is Refused.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused("not-a-file", "this is not a file", str(path))
    return os.fdopen(descriptor, "r+b", buffering=0)


def discard(path: Path) -> None:
    """Remove a file, link or folder of ours; a link's target stays. Raises OSError."""
    if is_folder(path):
        from shutil import rmtree  # which takes its time to be imported

        rmtree(path)
    elif os.path.lexists(path):
        path.unlink(missing_ok=True)
