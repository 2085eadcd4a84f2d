"""What one run leaves for the next, in .weekahead/: a store of bytes by key that may be lost at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from typing import Protocol
from zlib import crc32

BUFFER = 4_000_000
"""Bytes that are held before they are written, so that two runs at once hardly ever wait for one another."""
LEAST = 4096
"""Pages of 4,096 bytes that are never too many."""


class Store(Protocol):
    """Bytes by key, kept from one build to the next; it may forget any of them at any time."""

    def load(self, kind: str, key: str) -> bytes | None: ...

    def save(self, kind: str, key: str, data: bytes) -> None: ...

    def reopen(self) -> None:
        """Begin anew in a copy of the process: what was saved before the copy was made can be loaded."""


class Cache:
    """A store in one SQLite file. Whatever happens to the file, the worst is that it forgets.

    Each value carries a checksum, so that a damaged one is not found. Nothing in it can run code. Without `keep`,
    what is saved is forgotten at the end.
    """

    def __init__(self, path: Path | None, *, keep: bool = True) -> None:
        self._waiting: dict[tuple[str, str], bytes] = {}
        self._size = 0
        self._keep = keep
        self._path = path
        self._database = _open(path) if path and (keep or path.exists()) else None

    def load(self, kind: str, key: str) -> bytes | None:
        found = self._waiting.get((kind, key))
        if found is None and self._database:
            try:
                row = self._database.execute(
                    "SELECT sum, data FROM held WHERE kind = ? AND key = ?", (kind, key)
                ).fetchone()
                found = row[1] if row and isinstance(row[1], bytes) and row[0] == _sum(kind, key, row[1]) else None
            except sqlite3.Error:
                self._database = None
        return found

    def save(self, kind: str, key: str, data: bytes) -> None:
        self._waiting[kind, key] = data
        self._size += len(data)
        if self._size > BUFFER:
            self._flush()

    def reopen(self) -> None:
        """Use the store from a copy of the process, which saves nothing: a connection is never used by two."""
        self._database, self._keep = None, False
        if self._path and self._path.exists():
            self._database = _open(self._path)

    def sweep(self, alive: Callable[[], Mapping[str, Set[str]]]) -> None:
        """Forget the values of some kinds but those alive, by kind, once the store has doubled since the last time."""
        self._flush()
        if self._database is None or not self._keep:
            return
        try:
            used = self._used()
            before = self.load("swept", "pages")
            if before and used <= 2 * int(before) + LEAST:
                return
            if before:
                with self._database:
                    for kind, keys in alive().items():
                        there = self._database.execute("SELECT key FROM held WHERE kind = ?", (kind,)).fetchall()
                        dead = [(kind, key) for (key,) in there if key not in keys]
                        self._database.executemany("DELETE FROM held WHERE kind = ? AND key = ?", dead)
                used = self._used()
        except (sqlite3.Error, ValueError):
            self._database = None
        else:
            self.save("swept", "pages", b"%d" % used)

    def _used(self) -> int:
        """Pages of the file that hold something; SQLite uses those of what was deleted again."""
        assert self._database is not None
        whole, free = (
            self._database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count")
        )
        return int(whole - free)

    def close(self) -> None:
        """Keep what was saved."""
        self._flush()
        if self._database:
            self._database.close()
            self._database = None

    def _flush(self) -> None:
        if self._database is None or not self._keep:
            return
        rows = [(kind, key, _sum(kind, key, data), data) for (kind, key), data in self._waiting.items()]
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error:
            self._database = None
        else:
            self._waiting.clear()
        self._size = 0


def _sum(kind: str, key: str, data: bytes) -> int:
    return crc32(data, crc32(f"{kind}\0{key}\0".encode()))


def _open(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path, timeout=10, check_same_thread=False)
            database.execute("PRAGMA synchronous = OFF")
            database.execute(
                "CREATE TABLE IF NOT EXISTS held (kind TEXT, key TEXT, sum INTEGER, data BLOB, UNIQUE (kind, key))"
            )
            return database
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                return None
            path.unlink(missing_ok=True)
        except OSError:
            return None
    return None
