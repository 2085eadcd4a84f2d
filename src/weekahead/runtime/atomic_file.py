"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
from pathlib import Path

from weekahead.runtime.files import new_file


def write_synced(path: Path, data: bytes, partial: Path | None = None, mode: int | None = None) -> None:
    """Write a file so that after a power cut it is there whole, or as it was before. Raises OSError.

    It is written to `partial`, beside it by default, and then renamed; `mode` are its permissions.
    """
    partial = partial or path.with_suffix(".partial")
    with new_file(partial) as file:
        file.write(data)
        file.flush()
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
