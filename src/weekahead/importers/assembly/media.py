"""The files beside an issue: pictures, recordings and other files of the export, and those that were fetched."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from weekahead.importers.front_matter import clean
from weekahead.importers.source_files import SourceFiles
from weekahead.model.letter import fold_path
from weekahead.runtime.files import open_unlinked
from weekahead.runtime.pieces import digest_of, pieces

LONGEST_NAME = 150
"""Bytes of the name of a file beside an issue, so that one with a number before it is within any system's limit."""


class MediaSource(Struct, frozen=True, kw_only=True):
    """Where the bytes of a file come from: a file of the export, or one that was fetched."""

    file: str = ""
    fetched: Path | None = None

    def open(self, files: SourceFiles) -> BinaryIO:
        """Open it for reading. Raises OSError."""
        return files.open(self.file) if self.fetched is None else open_unlinked(self.fetched)


class FilesBeside:
    """The files beside one issue: names are kept and unique, and the same bytes are there once."""

    def __init__(self, files: SourceFiles, prefix: str = "") -> None:
        self._files, self._prefix = files, prefix
        self._by_digest: dict[str, str] = {}
        self._taken = {"index.md"}
        self.sources: dict[str, MediaSource] = {}
        """Where the bytes of each file come from, by its name beside the issue."""

    def add(self, source: MediaSource, name: str) -> str:
        """Return the name of a file beside the issue. Raises OSError if it cannot be read."""
        with source.open(self._files) as file:
            digest = digest_of(pieces(file))
        if digest not in self._by_digest:
            self._by_digest[digest] = self._free(self._prefix + sound_name(name))
            self.sources[self._by_digest[digest]] = source
        return self._by_digest[digest]

    def _free(self, name: str) -> str:
        stem, ending = posixpath.splitext(name)
        free, count = name, 1
        while fold_path(free) in self._taken:
            count += 1
            free = f"{stem}-{count}{ending}"
        self._taken.add(fold_path(free))
        return free


def sound_name(name: str) -> str:
    """Return a name that a file can have on any system, and that needs no thought in an address."""
    stem, ending = posixpath.splitext(clean(posixpath.basename(name)))
    sound: Callable[[str], str] = lambda words: re.sub(r'[\\/:*?"<>|#%]+', "-", words).strip("-. ")  # noqa: E731
    stem, ending = sound(stem) or "file", sound(ending)
    if len(stem.encode()) > LONGEST_NAME:
        mark = hashlib.blake2b(stem.encode(), digest_size=4).hexdigest()
        stem = f"{stem.encode()[:LONGEST_NAME].decode('utf-8', 'ignore')}-{mark}"
    return f"{stem}.{ending}" if ending else stem
