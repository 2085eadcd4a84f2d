"""Files of any size, read and copied a piece at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from weekahead.runtime.files import open_unlinked

PIECE = 1 << 20
"""Bytes that are held at once."""


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of an open file."""
    while piece := file.read(PIECE):
        yield piece


def digest_of(content: Iterable[bytes], use: Callable[[bytes], object] = len) -> str:
    """Return what `hash_bytes` returns for the content as a whole, and give each piece to `use`."""
    digest = hashlib.blake2b(digest_size=16)
    for piece in content:
        digest.update(piece)
        use(piece)
    return digest.hexdigest()


def file_digest(path: Path | str) -> str:
    """Return the digest of a file, which must not be a link. Raises OSError."""
    with open_unlinked(path) as file:
        return digest_of(pieces(file))
