"""Edits of the author's own files, under the lock of their letter: all that belong together are made, or none."""

from __future__ import annotations

import codecs
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from msgspec import Struct

from weekahead.model.findings import BuildError, build_error
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import place_new, write_synced
from weekahead.runtime.files import Refused, lock_file, own_folder, read_bytes, require_below
from weekahead.source.edit_journal import EditJournal, FolderMove, Replacement, commit, finish, is_unfinished
from weekahead.source.folder import cannot_be_read


class FileEdit(Struct, frozen=True):
    """A file that was edited: its name before and after, and its text before and after, with LF line ends."""

    name: str
    new_name: str
    before: str
    after: str


class WrittenFile(Struct, frozen=True, array_like=True):
    """A file that an edit wrote: its name before ("" for a new one) and now, its text before, and the digests of its bytes."""

    before: str
    now: str
    text: str
    digest_before: str
    digest: str


class Change(Struct, frozen=True):
    """What one edit did to the letter: the files that it wrote, and the names of files and folders that it changed."""

    files: list[WrittenFile]
    renamed: dict[str, str]
    at: float
    """Seconds since 1970."""


_CHANGES: ContextVar[list[Change] | None] = ContextVar("changes", default=None)


@contextmanager
def noting_changes() -> Iterator[list[Change]]:
    """Collect what the edits in this block, and in this thread, do to files of the letter."""
    changes: list[Change] = []
    token = _CHANGES.set(changes)
    try:
        yield changes
    finally:
        _CHANGES.reset(token)


def _note(change: Callable[[], Change]) -> None:
    changes = _CHANGES.get()
    if changes is not None and (made := change()).files:
        changes.append(made)


class LetterEdit:
    """Collects edits of a letter's files. Nothing is written before `commit`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._before: dict[str, tuple[bytes, str]] = {}
        self._after: dict[str, str] = {}
        self._renamed: dict[str, str] = {}
        """Names of files and folders, each with its new one."""

    def data(self, name: str) -> bytes:
        """Return what is in a file before the edits. Raise BuildError."""
        with naming_errors(name):
            return self._before[name][0] if name in self._before else read_bytes(self.root, name)

    def text(self, name: str) -> str:
        """Return the text of a file as it is edited so far, with LF line ends. Raise BuildError."""
        if name not in self._before:
            raw = self.data(name)
            with naming_errors(name):
                self._before[name] = raw, raw.decode("utf-8-sig").replace("\r\n", "\n")
        return self._after.get(name, self._before[name][1])

    def change(self, name: str, text: str) -> None:
        """Give a file another text. Byte-order mark, line ends and permissions stay. Raise BuildError."""
        self.text(name)
        self._after[name] = text

    def rename(self, name: str, new_name: str) -> None:
        """Give a file or a folder another name. Raise BuildError if it is a link, or leads out of the letter."""
        with naming_errors(name):
            require_below(self.root, new_name)
            if os.path.islink(self.root / name):
                raise Refused("is-a-link", "this is a link, which weekahead does not rename", name)
        self._renamed[name] = new_name

    def change_made(self) -> Change:
        """Return what the edits do."""
        files = [
            WrittenFile(
                edit.name,
                edit.new_name,
                edit.before,
                hash_bytes(self._before[edit.name][0]),
                hash_bytes(self._bytes(edit)),
            )
            for edit in self.edits
        ]
        return Change(files, dict(self._renamed), time.time())

    def new_name(self, name: str) -> str:
        """Return the name that a file will have."""
        folder = next((folder for folder in self._renamed if name.startswith(folder + "/")), None)
        return self._renamed.get(name) or (self._renamed[folder] + name[len(folder) :] if folder else name)

    def taken_name(self) -> str | None:
        """Return a new name that something else has already, if there is one."""
        names = (name for name in self._renamed.values() if name not in self._renamed)
        return next((name for name in names if os.path.lexists(self.root / name)), None)

    @property
    def edits(self) -> list[FileEdit]:
        """The files that change, in the order in which they were edited first."""
        return [
            FileEdit(name, self.new_name(name), before, after)
            for name, (_, before) in self._before.items()
            if (after := self._after.get(name, before)) != before or self.new_name(name) != name
        ]

    def commit(self) -> None:
        """Make all edits, or none. Raise BuildError, with nothing changed if the system refuses one of them."""
        edits, work = self.edits, self.root / ".weekahead"
        if len(edits) == 1 and not self._renamed:
            with naming_errors(edits[0].name, "written"):
                path = self.root / edits[0].name
                mode = os.stat(path).st_mode & 0o7777
                write_synced(path.resolve(), self._bytes(edits[0]), work / "edited", mode)
        elif edits:
            folders = [name for name in self._renamed if (self.root / name).is_dir()]
            moves = [FolderMove.of(self.root, name, self._renamed[name]) for name in folders]
            files = [self._replacement(edit) for edit in edits]
            try:
                commit(self.root, EditJournal(moves, files), [self._bytes(edit) for edit in edits])
            except OSError as error:
                where = os.path.relpath(os.fsdecode(error.filename2 or error.filename or self.root), self.root)
                message = f"cannot write {where}: {(error.strerror or str(error)).lower()}"
                hint = (
                    "Fix this. The next command finishes the edit."
                    if is_unfinished(self.root)
                    else "Nothing was changed."
                )
                raise build_error(where, "cannot-write", message, hint) from error

    def _bytes(self, edit: FileEdit) -> bytes:
        raw, _ = self._before[edit.name]
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        lines = raw.decode("utf-8-sig").split("\n")[:-1]
        ends = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
        return mark + _ended(edit.after, ends).encode()

    def _replacement(self, edit: FileEdit) -> Replacement:
        real = os.path.relpath(os.path.realpath(self.root / edit.name), os.path.realpath(self.root))
        new_name = self.new_name(real)
        is_in_moved_folder = real not in self._renamed
        before, after = hash_bytes(self._before[edit.name][0]), hash_bytes(self._bytes(edit))
        mode = os.stat(self.root / real).st_mode & 0o7777
        return Replacement(new_name if is_in_moved_folder else real, new_name, before, after, mode)


@contextmanager
def letter_edit(root: Path, name: str = "schedule.yaml") -> Iterator[LetterEdit]:
    """Hold the lock of a letter, and make the edits that were collected meanwhile. Raise BuildError, at best about the file `name`.

    An edit of several files that was killed is finished first. Of two commands at once the second sees what the first did.
    """
    with letter_lock(root, name):
        edit = LetterEdit(root)
        yield edit
        edit.commit()
        _note(edit.change_made)


def finish_edit(root: Path) -> None:
    """Finish the edit of a letter's files that a killed command left behind. Raise BuildError."""
    with letter_lock(root, "schedule.yaml"):
        pass


@contextmanager
def letter_lock(root: Path, name: str) -> Iterator[None]:
    """Hold the lock of a letter, once an edit that was killed is finished. Raise BuildError, at best about the file `name`."""
    work = root / ".weekahead"
    with naming_errors(name, "written"):
        own_folder(work)
        lock = lock_file(work / "lock")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with naming_errors(name, "written"):
            finish(root)
        yield


def edit_file(root: Path, name: str, change: Callable[[str], str]) -> tuple[str, str]:
    """Change the text of one of the author's files; the text before and after, with LF line ends. Raise BuildError."""
    with letter_edit(root, name) as edit:
        before = edit.text(name)
        edit.change(name, change(before))
        return before, edit.text(name)


def create_file(root: Path, name: str, text: str | bytes) -> Path:
    """Write a new file of the letter, whole or not at all and never over one that is there. Return its path. Raise BuildError."""
    path = root / name
    with naming_errors(name, "written"):
        require_below(root, name)
        with letter_lock(root, name):
            path.parent.mkdir(parents=True, exist_ok=True)
            data = text.encode() if isinstance(text, str) else text
            write_synced(path, data, root / ".weekahead/edited", place=place_new)
            _note(lambda: Change([WrittenFile("", name, "", "", hash_bytes(data))], {}, time.time()))
    return path


@contextmanager
def naming_errors(name: str, verb: str = "read") -> Iterator[None]:
    """Raise a BuildError that names the file for what the system refuses, and for a text that is not UTF-8."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise build_error(name, "not-utf-8", "this file is no longer UTF-8", "Save it as UTF-8.") from error
    except Refused as error:
        raise BuildError([cannot_be_read(name, error)]) from error
    except OSError as error:
        if verb == "read":
            raise BuildError([cannot_be_read(name, error)]) from error
        message = f"cannot write {name}: {(error.strerror or str(error)).lower()}"
        raise build_error(name, "cannot-write", message) from error


def _ended(text: str, ends: Sequence[str]) -> str:
    """Return a text with the line ends it had: each line its own where no line came or went, else those it had any of."""
    lines = text.split("\n")
    if len(lines) != len(ends) + 1:
        ends = ["\r\n" if "\r\n" in ends else "\n"] * (len(lines) - 1)
    return "".join(part for pair in zip(lines, [*ends, ""], strict=True) for part in pair)
