"""Bring over what is still elsewhere, with `--fetch`."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from weekahead.importers.placed import PlacedPost


class FetchedFile(Struct, frozen=True):
    """A file that was fetched: where it is, and what it is called."""

    path: Path
    name: str


class Fetcher:
    """Fetches nothing."""

    def get(self, address: str, known: str, post: PlacedPost) -> FetchedFile | None:
        """Return the file at an address; None if it is not to be had. `known` is its name from an earlier import."""
        return None
