"""Where the books of a letter's sending are, and how they are opened: never through a link, and never removed."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

from weekahead.runtime.files import Refused, is_folder, open_kept, open_unlinked

FOLDER = (".weekahead", "sent")
SIGNATURE = "signature"


def books_folder(root: Path) -> Path:
    """Return the folder of the books, which need not be there."""
    return root.joinpath(*FOLDER)


def make_books_folder(root: Path) -> Path:
    """Make the folder of the books, for its owner alone. Raise OSError: Refused if a link or a file has its place."""
    folder = root
    for name in FOLDER:
        folder /= name
        if os.path.lexists(folder) and not is_folder(folder):
            raise Refused("not-a-file", "this is no folder, and what was sent cannot be told without it", str(folder))
        folder.mkdir(mode=0o777 if name == FOLDER[0] else 0o700, exist_ok=True)
    return folder


class BooksLocked(Exception):
    """Another `send` has the books of this letter."""


def lock_books(root: Path) -> BinaryIO:
    """Return the locked file that keeps a second `send` out while it is open. Raise BooksLocked, OSError."""
    import fcntl

    file = open_kept(make_books_folder(root) / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise BooksLocked from None
        raise
    return file


def sign_books(root: Path, lock: BinaryIO) -> None:
    """Record which file the lock's is, so that books that are put back later are known as such. Raise OSError.

    No program can set the time of a file's last change (ctime), and this file is never written.
    """
    with open_kept(books_folder(root) / SIGNATURE, os.O_RDWR | os.O_CREAT | os.O_TRUNC) as file:
        file.write(_signature(lock))


def were_put_back(root: Path, lock: BinaryIO) -> bool:
    """Return whether the books were copied here, or restored from a backup, since they were signed. Raise OSError."""
    try:
        with open_unlinked(books_folder(root) / SIGNATURE, 100) as file:
            signed = file.read()
    except FileNotFoundError:
        return False
    return bool(signed) and signed != _signature(lock)


def _signature(lock: BinaryIO) -> bytes:
    found = os.fstat(lock.fileno())
    return f"{found.st_ino} {found.st_ctime_ns}".encode()
