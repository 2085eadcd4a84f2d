"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from weekahead.runtime.files import new_file

FEW = 64
"""Files that are synced one by one, at some milliseconds each; of more the whole system is synced."""


def write_synced(
    path: Path,
    data: bytes,
    partial: Path | None = None,
    mode: int | None = None,
    place: Callable[[Path, Path], None] = os.replace,
) -> None:
    """Write a file so that after a power cut it is there whole, or as it was before. Raises OSError.

    It is written to `partial`, beside it by default, and then renamed by `place`; `mode` are its permissions.
    """
    partial = partial or path.with_suffix(".partial")
    try:
        with new_file(partial) as file:
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        place(partial, path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
    sync(path.parent)


def place_new(partial: Path, path: Path) -> None:
    """Rename a file, never over one that is there. Raises OSError."""
    try:
        os.link(partial, path)
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise
        os.rename(partial, path)
    else:
        with suppress(OSError):  # the file is in its place; the next use of `partial` removes it
            partial.unlink()


def sync_files(paths: Sequence[Path | str]) -> None:
    """Wait until the content of files is on the disk. Raises OSError."""
    if len(paths) > FEW:
        os.sync()
    else:
        for path in paths:
            sync(path)


def sync(path: Path | str) -> None:
    """Wait until a file's content, or a folder's names, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
