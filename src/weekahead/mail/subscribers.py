"""The readers of a letter that is mailed by SMTP: one SQLite file, outside git and for its owner alone."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from msgspec import Struct

from weekahead.mail.tickets import Signer, WayOut, new_id

REFUSALS = 2
"""Issues that a host refuses for good before the reader gets no more."""
SOFT_BOUNCES, SOFT_DAYS = 5, timedelta(days=30)
"""Passing failures, and within which time, before the reader gets no more."""
ANSWER_EVERY, MOST_ANSWERS = timedelta(days=1), 300
"""An address is asked to confirm at most once in this time, and all together at most so many."""
UNCONFIRMED_DAYS = timedelta(days=30)
"""Who asked by mail and did not confirm within this time is removed."""

SCHEMA = """\
CREATE TABLE IF NOT EXISTS reader (
  id TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE COLLATE NOCASE, state TEXT NOT NULL, since TEXT NOT NULL, how TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS failure (
  id TEXT NOT NULL, at TEXT NOT NULL, hard INTEGER NOT NULL, what TEXT NOT NULL, letter TEXT, UNIQUE (id, hard, letter)
);
CREATE TABLE IF NOT EXISTS forgotten (hash TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, at TEXT NOT NULL, is_sent INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS handled (digest TEXT PRIMARY KEY);
"""
TABLES = frozenset(re.findall(r"EXISTS (\w+)", SCHEMA))


class ReaderState(StrEnum):
    """What a reader is to the letter. Only an active one gets it."""

    PENDING = "pending"
    """Has not confirmed yet."""
    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


GONE = frozenset({ReaderState.LEFT, ReaderState.BOUNCED, ReaderState.COMPLAINED})
"""States that no import changes."""


class Recipient(Struct, frozen=True, kw_only=True):
    """Who gets a letter: an opaque id that never changes, the address, and the way out."""

    id: str
    address: str
    way_out: WayOut


class Reader(Struct, frozen=True, kw_only=True):
    """A row of the list of readers."""

    id: str
    address: str
    state: ReaderState
    since: datetime
    how: str
    """How the address came here: import, hand, mail."""


class ReadersUnusable(Exception):
    """The file of readers cannot be used; the message says why."""


class Subscribers:
    """The file of readers. Close it, or use it in a `with` statement."""

    def __init__(self, path: Path, signer: Signer, ways_out: Callable[[str], WayOut]) -> None:
        """Open the file, which is made if it is not there. Raise ReadersUnusable."""
        self.path, self._signer, self._ways_out = path, signer, ways_out
        try:
            _make_private(path)
            self._database = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._database.executescript("PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL;")
            known = self._database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if not {name for (name,) in known} >= TABLES:
                self._database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        except (OSError, sqlite3.Error) as error:
            raise ReadersUnusable(f"{path} cannot be used: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def saved(self) -> Iterator[None]:
        """Save all that is done within the block, or nothing of it."""
        if self._database.in_transaction:
            yield
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # -- who gets a letter

    def active(self) -> list[Recipient]:
        """Return who gets the letter, in an order that stays."""
        rows = self._database.execute("SELECT id, address FROM reader WHERE state = 'active' ORDER BY id")
        return [Recipient(id=id, address=address, way_out=self._ways_out(id)) for id, address in rows]

    def may_receive(self, id: str) -> bool:
        """Return whether a reader still gets the letter, as of now."""
        row = self._database.execute("SELECT state FROM reader WHERE id = ?", (id,)).fetchone()
        return row is not None and row[0] == ReaderState.ACTIVE

    def readers(self) -> Iterator[Reader]:
        """Yield all readers by address."""
        yield from map(_reader, self._database.execute(f"{READERS} ORDER BY address"))

    def counts(self) -> dict[ReaderState, int]:
        """Return how many readers there are in each state."""
        rows = self._database.execute("SELECT state, count(*) FROM reader GROUP BY state")
        return {ReaderState(state): count for state, count in rows}

    def by_address(self, address: str) -> Reader | None:
        """Return the reader with an address."""
        row = self._database.execute(f"{READERS} WHERE address = ?", (address,)).fetchone()
        return _reader(row) if row else None

    def by_id(self, id: str) -> Reader | None:
        """Return the reader with an id."""
        row = self._database.execute(f"{READERS} WHERE id = ?", (id,)).fetchone()
        return _reader(row) if row else None

    def address_of(self, id: str) -> str | None:
        """Return the address of a reader."""
        row = self._database.execute("SELECT address FROM reader WHERE id = ?", (id,)).fetchone()
        return row[0] if row else None

    # -- coming and going

    def add(self, address: str, state: ReaderState, how: str) -> ReaderState | None:
        """Add a reader, or make a pending one active. Return the state that there was before; None for a new one.

        Whoever has gone stays gone: they join again themselves, or by `set_state`.
        """
        known = self.by_address(address)
        with self.saved():
            if known is None:
                if state is ReaderState.ACTIVE:
                    self._remember_again(address)
                row = (new_id(), address, state, _now(), how)
                self._database.execute("INSERT INTO reader VALUES (?, ?, ?, ?, ?)", row)
                return None
        if known.state is ReaderState.PENDING and state is ReaderState.ACTIVE:
            self.set_state(known.id, state)
        return known.state

    def is_forgotten(self, address: str) -> bool:
        """Return whether somebody with this address asked to be forgotten."""
        row = (self._signer.forgotten(address),)
        return self._database.execute("SELECT 1 FROM forgotten WHERE hash = ?", row).fetchone() is not None

    def _remember_again(self, address: str) -> None:
        self._database.execute("DELETE FROM forgotten WHERE hash = ?", (self._signer.forgotten(address),))

    def set_state(self, id: str, state: ReaderState) -> bool:
        """Change the state of a reader; return whether there is such a reader."""
        with self.saved():
            if state is ReaderState.ACTIVE:
                self._database.execute("DELETE FROM failure WHERE id = ?", (id,))
                self._remember_again(self.address_of(id) or "")
            row = (state, _now(), id, state)
            self._database.execute("UPDATE reader SET state = ?, since = ? WHERE id = ? AND state <> ?", row)
        return self.address_of(id) is not None

    def forget(self, address: str) -> bool:
        """Remove all that is known of an address but a keyed hash, which keeps it out of imports.

        Return whether the address was known.
        """
        known = self.by_address(address)
        with self.saved():
            self._database.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (self._signer.forgotten(address),))
            if known:
                self._delete(known.id)
        if not self._database.in_transaction:
            self._database.execute("VACUUM")  # else the address would stay in the file
        return known is not None

    def _delete(self, id: str) -> None:
        for table in ("failure", "answer", "reader"):
            self._database.execute(f"DELETE FROM {table} WHERE id = ?", (id,))

    # -- failures

    def refused(self, id: str, code: int, text: str) -> None:
        """Note that a host refused a reader's address for good; after two issues the reader gets no more."""
        self.failed(id, f"{code} {text}", hard=True)

    def failed(self, id: str, what: str, *, hard: bool, letter: str | None = None) -> None:
        """Note a failure; too many make a reader bounced. `letter` names what failed: it counts once, however often it is told."""
        with self.saved():
            row = (id, _now(), hard, what[:200], letter)
            self._database.execute("INSERT OR IGNORE INTO failure VALUES (?, ?, ?, ?, ?)", row)
            since = "" if hard else _now(SOFT_DAYS)
            count = "SELECT count(*) FROM failure WHERE id = ? AND hard = ? AND at >= ?"
            found = self._database.execute(count, (id, hard, since)).fetchone()[0]
            if found >= (REFUSALS if hard else SOFT_BOUNCES):
                change = (
                    "UPDATE reader SET state = 'bounced', since = ? WHERE id = ? AND state IN ('active', 'pending')"
                )
                self._database.execute(change, (_now(), id))

    # -- what came by mail

    def is_handled(self, digest: str) -> bool:
        """Return whether a mail or an event was handled, by its digest."""
        return self._database.execute("SELECT 1 FROM handled WHERE digest = ?", (digest,)).fetchone() is not None

    def set_handled(self, digest: str) -> None:
        """Note that a mail or an event was handled."""
        self._database.execute("INSERT OR IGNORE INTO handled VALUES (?)", (digest,))

    def answer(self, id: str) -> Answer:
        """Return how far the last question to confirm is that a reader was sent within a day."""
        query = "SELECT is_sent FROM answer WHERE id = ? AND at > ?"
        row = self._database.execute(query, (id, _now(ANSWER_EVERY))).fetchone()
        return Answer.NONE if row is None else Answer.SENT if row[0] else Answer.BEGUN

    def begin_answer(self, id: str) -> bool:
        """Claim the right to ask a reader to confirm. Return False if somebody has it, or too many were asked today."""
        with self.saved():
            count = "SELECT count(*) FROM answer WHERE at > ?"
            today = self._database.execute(count, (_now(ANSWER_EVERY),)).fetchone()[0]
            if today >= MOST_ANSWERS or self.answer(id) is not Answer.NONE:
                return False
            self._database.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, 0)", (id, _now()))
        return True

    def end_answer(self, id: str, *, is_sent: bool) -> None:
        """Note that the question was sent, or that it certainly was not."""
        change = "UPDATE answer SET is_sent = 1 WHERE id = ?" if is_sent else "DELETE FROM answer WHERE id = ?"
        self._database.execute(change, (id,))

    def remove_unconfirmed(self) -> int:
        """Remove who asked by mail and did not confirm in time; return how many those are."""
        with self.saved():
            query = "SELECT id FROM reader WHERE state = 'pending' AND how = 'mail' AND since < ?"
            late = self._database.execute(query, (_now(UNCONFIRMED_DAYS),)).fetchall()
            for (id,) in late:
                self._delete(id)
        return len(late)


class Answer(StrEnum):
    """How far a question to confirm is."""

    NONE = "none"
    BEGUN = "begun"
    """It may have been sent."""
    SENT = "sent"


READERS = "SELECT id, address, state, since, how FROM reader"


def _reader(row: tuple[str, str, str, str, str]) -> Reader:
    id, address, state, since, how = row
    return Reader(id=id, address=address, state=ReaderState(state), since=datetime.fromisoformat(since), how=how)


def _now(before: timedelta = timedelta()) -> str:
    return f"{datetime.now(UTC) - before:%Y-%m-%dT%H:%M:%S}+00:00"


def count_active(path: Path) -> int | None:
    """Return how many readers a file has that get the letter; None if it cannot be read. Nothing is written."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as database:
            found = database.execute("SELECT count(*) FROM reader WHERE state = 'active'").fetchone()
    except (OSError, sqlite3.Error):
        return None
    return int(found[0])


def _make_private(path: Path) -> None:
    """Make a file for its owner alone, or require that it is one. Raise OSError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise OSError("it is a link or no file") from None
        if mode & 0o077:
            os.chmod(path, 0o600)


# -- many at once


class ImportReport(Struct, kw_only=True):
    """What came of an import: how many, and who did not come in."""

    added: int = 0
    confirmed: int = 0
    """Who was pending and is active now."""
    known: int = 0
    gone: int = 0
    """Who has left, bounced or complained here, and stays so."""
    forgotten: int = 0
    pending: int = 0
    left: int = 0
    """Who came by an import before, and has gone elsewhere since."""


def import_readers(readers: Subscribers, rows: Iterable[tuple[str, ReaderState]], *, confirmed: bool) -> ImportReport:
    """Add addresses with the states they had elsewhere. Without `confirmed` who was active there is pending here."""
    report = ImportReport()
    with readers.saved():
        for address, state in rows:
            if readers.is_forgotten(address):
                report.forgotten += 1
                continue
            wanted = ReaderState.PENDING if state is ReaderState.ACTIVE and not confirmed else state
            before = readers.add(address, wanted, "import")
            if before and before not in GONE and wanted in GONE and _has_gone(readers, address, wanted):
                report.left += 1
            else:
                _count(report, before, wanted)
    return report


def _has_gone(readers: Subscribers, address: str, state: ReaderState) -> bool:
    """Take a reader's leaving elsewhere for leaving here, unless the reader joined here, and return whether it was."""
    known = readers.by_address(address)
    return known is not None and known.how == "import" and readers.set_state(known.id, state)


def _count(report: ImportReport, before: ReaderState | None, wanted: ReaderState) -> None:
    if before is None:
        report.added += 1
        report.pending += wanted is ReaderState.PENDING
    elif before in GONE:
        report.gone += 1
    elif before is ReaderState.PENDING and wanted is ReaderState.ACTIVE:
        report.confirmed += 1
    else:
        report.known += 1
