"""What one run leaves for the next: values by key in one SQLite file, which may be lost at any time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import islice, zip_longest
from pathlib import Path
from time import monotonic
from typing import TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

from weekahead.model.hashing import hash_bytes
from weekahead.runtime.files import discard, is_file, is_folder, own_folder

T = TypeVar("T")

BUFFER = 1_000_000
"""Bytes that are held before they are written, so that two runs at once hardly ever wait for one another."""
CACHED_PAGES = 64
"""Pages of the file that SQLite holds in memory, in each process; hardly any is read twice."""
PART = 512
"""Values of a long map that are written together."""
SPARE_PAGES = 4096
"""Pages of 4,096 bytes that are never too many."""
LONGEST_VALUE = 100_000_000
"""Bytes; a made-up file could have one without end."""
TIME_LIMIT = 20.0
"""Seconds of reading the whole file, which could be made up so that it never ends."""
SCHEMA = "(kind TEXT, key TEXT, sum INTEGER, data BLOB, UNIQUE (kind, key))"
TABLES = {("table", "held", f"CREATE TABLE held {SCHEMA}"), ("index", "sqlite_autoindex_held_1", None)}
"""All that the file may have: a view or a trigger is not ours."""


class Store:
    """A store of values. Whatever happens to its file, the worst is that something is computed again.

    Every key is preceded by `version`, which names our code and the libraries, so that another version finds nothing.
    Every value carries a checksum and is decoded into its type, so that damaged data is not found. Without a path
    nothing is loaded, and without `keep` nothing is written.
    """

    def __init__(self, path: Path | None = None, *, keep: bool = True) -> None:
        self.version = ""
        self._waiting: dict[tuple[str, str], bytes] = {}
        self._parts: set[str] = set()
        self._size = 0
        self._keep = keep
        self._path = path
        self._database = _open(path, keep) if path else None

    def memo(
        self,
        kind: str,
        key: str,
        type: type[T],
        compute: Callable[[], T],
        *,
        keep: Callable[[T], bool] = lambda value: True,
    ) -> T:
        """Return the value remembered under a key, else compute it and remember it if it is one to `keep`."""
        found = self.load(kind, key, type)
        if found is None:
            found = compute()
            if keep(found):
                self.save(kind, key, found)
        return found

    def load(self, kind: str, key: str, type: type[T]) -> T | None:
        """Return a remembered value; None if there is none, or one of another shape."""
        data = self.load_bytes(kind, key)
        if data is None:
            return None
        try:
            return msgspec.msgpack.decode(data, type=type, dec_hook=lambda _, key: ZoneInfo(key))
        except (msgspec.MsgspecError, ValueError, KeyError, OSError):
            return None

    def save(self, kind: str, key: str, value: object) -> None:
        self.save_bytes(kind, key, msgspec.msgpack.encode(value, enc_hook=to_plain))

    def load_map(self, parts: Iterable[str], type: type[T]) -> dict[str, T] | None:
        """Return the map that was saved in parts; None when one of them is lost."""
        values: dict[str, T] = {}
        for key in parts:
            part = self.load("part", key, dict[str, type])  # type: ignore[valid-type]
            if part is None:
                return None
            values.update(part)
            self._parts.add(key)
        return values

    def save_map(self, values: Mapping[str, object], before: Mapping[str, object], parts: Sequence[str]) -> list[str]:
        """Remember a long map in parts, each under its digest, and return their keys. What changed alone is written.

        `before` was loaded from `parts`.
        """
        if values == before:
            return [*parts]
        pairs = zip_longest(_parts(values), _parts(before), parts)
        return [key if key and now == then else self._save_part(now) for now, then, key in pairs if now]

    def _save_part(self, part: object) -> str:
        data = msgspec.msgpack.encode(part, enc_hook=to_plain)
        key = hash_bytes(data)
        if key not in self._parts:
            self._parts.add(key)
            self.save_bytes("part", key, data)
        return key

    def load_bytes(self, kind: str, key: str) -> bytes | None:
        key = self.version + key
        found = self._waiting.get((kind, key))
        if found is None and self._database:
            try:
                row = self._database.execute(
                    "SELECT sum, data FROM held WHERE kind = ? AND key = ?", (kind, key)
                ).fetchone()
                found = row[1] if row and isinstance(row[1], bytes) and row[0] == _sum(kind, key, row[1]) else None
            except sqlite3.Error as error:
                self._give_up(error)
        return found

    def save_bytes(self, kind: str, key: str, data: bytes) -> None:
        self._waiting[kind, self.version + key] = data
        self._size += len(data)
        if self._size > BUFFER:
            self._flush()

    def reopen(self) -> None:
        """Use the store in a forked process, which saves nothing: a connection is never shared by two processes."""
        self._database, self._keep = None, False
        if self._path:
            self._database = _open(self._path, keep=False)

    def sweep(self, alive: Callable[[], Mapping[str, Set[str]]]) -> None:
        """Forget other versions, and of some kinds all but the keys alive, once the file has doubled since last time."""
        self._flush()
        if self._database is None or not self._keep:
            return
        try:
            used, before = self._used(), self.load("swept", "pages", int)
            if before and used <= 2 * before + SPARE_PAGES:
                return
            if before:
                with _time_limit(self._database), self._database:
                    self._forget(self._database, {**alive(), "part": self._parts})
                used = self._used()
        except sqlite3.Error as error:
            self._give_up(error)
        else:
            self.save("swept", "pages", used)

    def _forget(self, database: sqlite3.Connection, alive: Mapping[str, Set[str]]) -> None:
        rows = database.execute("SELECT kind, key FROM held WHERE kind != 'code version'").fetchall()
        dead = [
            (kind, key)
            for kind, key in rows
            if not key.startswith(self.version) or (kind in alive and key[len(self.version) :] not in alive[kind])
        ]
        database.executemany("DELETE FROM held WHERE kind = ? AND key = ?", dead)

    def _used(self) -> int:
        """Return the pages of the file that hold something; SQLite uses those of what was deleted again."""
        assert self._database is not None
        whole, free = (
            self._database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count")
        )
        return int(whole - free)

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without the file; begin another one if it is damaged, or no run would ever find anything again."""
        assert self._database is not None
        assert self._path is not None
        self._database.close()
        self._database = None
        self._parts.clear()
        if self._keep and _is_damage(error) and _remove(self._path):
            self._database = _open(self._path, self._keep)

    def close(self) -> None:
        """Write what was saved."""
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
        except sqlite3.Error as error:
            self._give_up(error)
        else:
            self._waiting.clear()
        self._size = 0


def _parts(values: Mapping[str, object]) -> Iterator[dict[str, object]]:
    items = iter(values.items())
    return map(dict, iter(lambda: [*islice(items, PART)], []))


def _sum(kind: str, key: str, data: bytes) -> int:
    return crc32(data, crc32(f"{kind}\0{key}\0".encode()))


def to_plain(value: object) -> str:
    """Return what stands for a value that msgpack does not have."""
    assert isinstance(value, ZoneInfo), value
    return value.key


def _open(path: Path, keep: bool) -> sqlite3.Connection | None:
    """Open the file; None if that cannot be. Unless it is to `keep`, nothing is made or removed."""
    for _ in range(2):
        try:
            if not _is_ready(path, keep):
                return None
            database = sqlite3.connect(path, timeout=10, check_same_thread=False)
            with _time_limit(database):
                _prepare(database, keep)
            return database
        except sqlite3.Error as error:
            if not keep or not _is_damage(error) or not _remove(path):
                return None
        except OSError:
            return None
    return None


def _is_ready(path: Path, keep: bool) -> bool:
    """Return whether SQLite may open the file: it follows links, waits for pipes, and a journal may name any other file."""
    if keep:
        own_folder(path.parent)
        for companion in _companions(path):
            discard(companion)
        if not is_file(path):
            discard(path)
        return True
    if not (is_folder(path.parent) and is_file(path)) or any(map(os.path.lexists, _companions(path))):
        return False
    with open(path, "rb") as file:
        return file.read(20)[18:] == b"\1\1"  # file format, 1.3.3: 2 is for a log, which would be made beside it


def _prepare(database: sqlite3.Connection, keep: bool) -> None:
    """Set up a database, and make its table. Raises DatabaseError if it has anything else."""
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    for setting in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "synchronous = OFF",
        f"cache_size = {CACHED_PAGES}",
        "cache_spill = OFF",  # else a writer whose cache is full locks others out before it commits
    ):
        database.execute(f"PRAGMA {setting}")
    mode = database.execute("PRAGMA journal_mode = MEMORY").fetchone()[0]  # else a journal that we find may be ours
    if keep:
        database.execute(f"CREATE TABLE IF NOT EXISTS held {SCHEMA}")
    if mode != "memory" or {*database.execute("SELECT type, name, sql FROM sqlite_master")} != TABLES:
        raise sqlite3.DatabaseError("this database is not ours")


def _is_damage(error: sqlite3.Error) -> bool:
    """Return whether it is the file that is at fault; not a lock, a full disk, or a folder that is closed to us."""
    is_endless = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return is_endless or not isinstance(error, sqlite3.OperationalError)


@contextmanager
def _time_limit(database: sqlite3.Connection) -> Iterator[None]:
    until = monotonic() + TIME_LIMIT
    database.set_progress_handler(lambda: monotonic() > until, 100_000)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-journal", "-wal", "-shm")]


def _remove(path: Path) -> bool:
    """Remove a damaged database."""
    try:
        discard(path)
    except OSError:
        return False
    return True
