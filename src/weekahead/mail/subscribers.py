"""The readers of a letter that is mailed by SMTP: one SQLite file outside git."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from msgspec import Struct


class WayOut(Struct, frozen=True, kw_only=True):
    """How one reader leaves."""

    mailto: str
    https: str | None = None


class Recipient(Struct, frozen=True, kw_only=True):
    """A reader: an opaque id that never changes, an address, and the way out."""

    id: str
    address: str
    way_out: WayOut


class Subscribers:
    """The file of readers, opened by path."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        os.chmod(path, 0o600)
        table = "reader (id TEXT PRIMARY KEY, address TEXT, state TEXT DEFAULT 'active', refusals INTEGER DEFAULT 0)"
        self._database.execute(f"CREATE TABLE IF NOT EXISTS {table}")

    def active(self) -> list[Recipient]:
        """Return who gets the letter, in a stable order."""
        rows = self._database.execute("SELECT id, address FROM reader WHERE state = 'active' ORDER BY id")
        return [Recipient(id=id, address=address, way_out=_way_out(id)) for id, address in rows]

    def add(self, id: str, address: str) -> None:
        with self._database:
            self._database.execute("INSERT INTO reader (id, address) VALUES (?, ?)", (id, address))

    def leave(self, id: str) -> None:
        with self._database:
            self._database.execute("UPDATE reader SET state = 'left' WHERE id = ?", (id,))

    def may_receive(self, id: str) -> bool:
        """Return whether a reader is still one."""
        found = self._database.execute("SELECT state FROM reader WHERE id = ?", (id,)).fetchone()
        return bool(found) and found[0] == "active"

    def refused(self, id: str, code: int, text: str) -> None:
        """Count an address that its host refused."""
        with self._database:
            self._database.execute("UPDATE reader SET refusals = refusals + 1 WHERE id = ?", (id,))

    def close(self) -> None:
        self._database.close()


def _way_out(id: str) -> WayOut:
    return WayOut(mailto=f"mailto:leave@localhost?subject={id}")
