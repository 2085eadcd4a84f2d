"""Lists of readers for the tests of sending, with ids that a test can name."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from weekahead.mail.subscribers import ReaderState, Subscribers
from weekahead.mail.tickets import Signer, way_out

KEY = "a key of the tests, long enough"
"""What `WEEKAHEAD_TOKEN_KEY` is in the tests."""


class Readers:
    """A file of readers."""

    def __init__(self, path: Path) -> None:
        signer = Signer(KEY, "urn:uuid:1")
        self._path = path
        self._readers = Subscribers(path, signer, partial(way_out, signer, "ida@letter.example", None))

    def add(self, id: str, address: str) -> None:
        """Add an active reader with an id."""
        self._readers.add(address, ReaderState.ACTIVE, "hand")
        with sqlite3.connect(self._path) as database:
            database.execute("UPDATE reader SET id = ? WHERE address = ?", (id, address))

    def leave(self, id: str) -> None:
        """Let a reader leave."""
        self._readers.set_state(id, ReaderState.LEFT)

    def close(self) -> None:
        """Close the file."""
        self._readers.close()
