"""The journal of one sending: who gets the letter, and how far each is.

A file outside git that only grows, one JSON line for each thing that happened, with ids in place of addresses. The checksum
of a line covers those before it, so that a line that was changed, lost or moved is noticed. `handing` is on the disk before
the first byte of a letter leaves; so whoever has no `handing` has no letter, and who has one without an outcome may have one.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from weekahead.mail.transport import Accepted, InDoubt, Outcome, Refused, TryLater
from weekahead.model.hashing import hash_bytes, hash_value
from weekahead.runtime.atomic_file import sync
from weekahead.runtime.files import open_kept, open_unlinked

LARGEST = 1_000_000_000
"""Bytes."""
AS_LEFT = 0.5
"""Seconds between the time in the last line and the change time of a journal that nobody has put back since."""


class State(StrEnum):
    """How far one letter is."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    LEFT = "left"
    WAITING = "waiting"


class Counts(Struct, frozen=True, kw_only=True):
    """How many letters are how far. The others always add up to `intended`."""

    intended: int = 0
    accepted: int = 0
    refused: int = 0
    in_doubt: int = 0
    left: int = 0
    waiting: int = 0


def describe_counts(counts: Counts) -> str:
    """Return how many letters are how far, in words; what is none is left out."""
    states = [(state.replace("_", " "), getattr(counts, state)) for state in State]
    parts = [f"{number} {words}" for words, number in states if number]
    letters = f"{counts.intended} letter{'' if counts.intended == 1 else 's'}"
    return f"{letters}: {', '.join(parts)}" if parts else letters


def count_states(states: Sequence[State]) -> Counts:
    """Return how many letters are in each state."""
    found = Counter(states)
    return Counts(intended=len(states), **{state.value: found[state] for state in State})


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a journal."""

    event: str
    at: float = 0.0
    id: str = ""
    code: int = 0
    text: str = ""
    nonce: str = ""
    issue: str = ""
    edition: str = ""
    list: str = ""
    ids: tuple[str, ...] = ()
    inode: int = 0


class JournalDamaged(Exception):
    """A line before the last was changed, lost or moved: what was sent cannot be told any more."""


class Record(Struct, kw_only=True):
    """What a journal says."""

    first: Entry
    """Which issue was sent to whom, and the nonce of its claim."""
    states: dict[str, State]
    sessions: set[str]
    """The nonces of the runs that sent."""
    chains: set[str]
    """The checksum of every line."""
    inode: int = 0
    """The number of the file when its last run began."""
    last: float = 0.0
    chain: str = ""
    """The checksum of the last line, and so of the whole."""
    size: int = 0
    """Bytes of whole lines; what follows was torn off when the machine stopped."""
    is_torn: bool = False
    draft: str = ""
    """The engine's id of the draft."""
    said: dict[str, str]
    """The last answer about each letter."""

    @classmethod
    def of(cls, first: Entry) -> Record:
        """Return the record of a journal that has only its first line."""
        return cls(first=first, states=dict.fromkeys(first.ids, State.WAITING), sessions=set(), chains=set(), said={})

    def add(self, entry: Entry, chain: str, size: int) -> None:
        """Take up a line. Raise JournalDamaged."""
        if entry.event == "session":
            self.sessions.add(entry.nonce)
        elif entry.event == "draft":
            self.draft = entry.text
        elif entry.event in AFTER:
            if entry.id not in self.states:
                raise JournalDamaged(f'"{entry.id}" is not on its list')
            self.states[entry.id] = AFTER[entry.event]
            self.said[entry.id] = f"{entry.code or ''} {entry.text}".strip()
        self.chains.add(chain)
        self.chain, self.size, self.last, self.inode = chain, size, entry.at, entry.inode or self.inode

    @property
    def counts(self) -> Counts:
        return count_states([*self.states.values()])

    def having(self, state: State) -> list[str]:
        """Return the ids of the letters in a state, in the order of the list."""
        return [id for id, found in self.states.items() if found is state]


AFTER = {
    "handing": State.IN_DOUBT,  # until its outcome is known
    "accepted": State.ACCEPTED,
    "refused": State.REFUSED,
    "later": State.WAITING,
    "in_doubt": State.IN_DOUBT,
    "left": State.LEFT,
    "resend": State.WAITING,
}
"""The state of a letter after an event."""


def read_journal(data: bytes) -> Record | None:
    """Return what a journal says, or None if not even its first line is whole. Raise JournalDamaged."""
    record = None
    for entry, chain, end in _entries(data):
        record = record or Record.of(entry)
        record.add(entry, chain, end)
    if record:
        record.is_torn = record.size < len(data)
    return record


def _entries(data: bytes) -> Iterator[tuple[Entry, str, int]]:
    """Yield each line with its checksum and where it ends, as far as lines are whole. Raise JournalDamaged."""
    chain, end = "", 0
    for line in data.splitlines(keepends=True):
        entry, chain = _checked(line, chain)
        if entry is None:
            if any(_looks_whole(rest) for rest in data[end + len(line) :].splitlines(keepends=True)):
                number = data.count(b"\n", 0, end) + 1
                raise JournalDamaged(f"line {number} does not follow from those before it")
            return
        end += len(line)
        yield entry, chain, end


_SUM = re.compile(rb',"sum":"([0-9a-f]{32})"\}\n')


def _checked(line: bytes, chain: str) -> tuple[Entry | None, str]:
    """Return what a line says and its checksum; None if it is not whole, or does not follow those before it."""
    found = _SUM.search(line)
    if not found or found.end() != len(line):
        return None, chain
    body = line[: found.start()] + b"}"
    digest = hash_bytes(chain.encode() + body)
    if digest != found[1].decode():
        return None, chain
    try:
        return msgspec.json.decode(body, type=Entry), digest
    except msgspec.MsgspecError:
        return None, chain


def _looks_whole(line: bytes) -> bool:
    return bool(_SUM.search(line))


class Journal:
    """An open journal that is written to. Whoever has one has the lock of the books."""

    def __init__(self, file: BinaryIO, record: Record) -> None:
        self._file, self.record = file, record

    @classmethod
    def create(cls, path: Path, first: Entry) -> Journal:
        """Begin a journal with the list of those who get the letter, on the disk when this returns. Raise OSError."""
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        file = open_kept(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND)
        journal = cls(file, Record.of(first))
        journal._append(first)
        journal.sync()
        os.rename(partial, path)
        sync(path.parent)
        return journal

    @classmethod
    def resume(cls, path: Path) -> Journal | None:
        """Open a journal, without its torn end; None if there is none. Raise OSError, JournalDamaged."""
        try:
            file = open_kept(path, os.O_RDWR | os.O_APPEND)
        except FileNotFoundError:
            return None
        record = read_journal(file.read(LARGEST) or b"")
        if record is None:
            file.close()
            return None
        if record.is_torn:
            file.truncate(record.size)
            os.fsync(file.fileno())
        return cls(file, record)

    def close(self) -> None:
        self._file.close()

    def begin_session(self, nonce: str) -> None:
        """Record that a run begins to send."""
        self._append(Entry(event="session", nonce=nonce))
        self.sync()

    def handing(self, id: str) -> None:
        """Record, on the disk when this returns, that the text of a letter is about to leave. Raise OSError."""
        self._append(Entry(event="handing", id=id))
        self.sync()

    def outcome(self, id: str, outcome: Outcome) -> None:
        """Record how handing over ended. It is on the disk with the next `handing`, or `sync`. Raise OSError."""
        match outcome:
            case Accepted():
                entry = Entry(event="accepted", id=id, code=outcome.code, text=without_addresses(outcome.text))
            case Refused():
                entry = Entry(event="refused", id=id, code=outcome.code, text=without_addresses(outcome.text))
            case TryLater():
                entry = Entry(event="later", id=id, code=outcome.code, text=without_addresses(outcome.text))
            case InDoubt():
                entry = Entry(event="in_doubt", id=id, text=without_addresses(outcome.why))
        self._append(entry)

    def note(self, event: str, id: str = "", text: str = "") -> None:
        """Record `left`, `resend` or `draft`, on the disk when this returns. Raise OSError."""
        self._append(Entry(event=event, id=id, text=text))
        self.sync()

    def sync(self) -> None:
        """Wait until everything is on the disk. Raise OSError."""
        os.fsync(self._file.fileno())

    def _append(self, entry: Entry) -> None:
        inode = os.fstat(self._file.fileno()).st_ino if entry.event in ("frozen", "session") else 0
        entry = msgspec.structs.replace(entry, at=round(time.time(), 3), inode=inode)
        body = msgspec.json.encode(entry)
        chain = hash_bytes(self.record.chain.encode() + body)
        line = body[:-1] + f',"sum":"{chain}"}}\n'.encode()
        if os.write(self._file.fileno(), line) != len(line):
            raise OSError(28, "the disk is full", str(self._file.name))
        self.record.add(entry, chain, self.record.size + len(line))


def without_addresses(text: str) -> str:
    """Return the words of a mail server on one line, without the addresses in them."""
    return " ".join(re.sub(r"[^\s<>]*@[^\s<>]*", "…", text).split())[:300]


def is_as_left(path: Path, record: Record) -> bool:
    """Return whether a journal is the file that its last run wrote, and not one that was copied or put back since.

    The number of the file is in the journal itself, and no program can set the time of the last change (ctime).
    """
    found = os.lstat(path)
    if record.inode and found.st_ino != record.inode:
        return False
    return record.is_torn or abs(found.st_ctime - record.last) <= AS_LEFT


def load_journal(path: Path) -> Record | None:
    """Return what a journal says, without opening it for writing; None if there is none. Raise OSError, JournalDamaged."""
    try:
        with open_unlinked(path, LARGEST) as file:
            return read_journal(file.read())
    except FileNotFoundError:
        return None


def first_entry(issue: str, nonce: str, ids: tuple[str, ...], edition: str = "") -> Entry:
    """Return the first line of a journal: who gets an issue."""
    return Entry(event="frozen", issue=issue, nonce=nonce, edition=edition, list=hash_value(sorted(ids)), ids=ids)
