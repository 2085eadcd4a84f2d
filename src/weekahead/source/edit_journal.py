"""The record of an edit of several files of a letter, so that one that was killed is finished by the next command.

The new texts are staged first, then the record is written, then all is renamed. What the author has changed since the edit
was killed is never written over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.runtime.atomic_file import sync, sync_files, write_synced
from weekahead.runtime.files import discard, is_below, is_file, is_folder, new_file, open_unlinked, own_folder
from weekahead.runtime.pieces import file_digest


class FolderMove(Struct, frozen=True, array_like=True):
    """A folder that gets another name. Its inode shows which of two it is, should they exchange names."""

    name: str
    new_name: str
    inode: int

    @classmethod
    def of(cls, root: Path, name: str, new_name: str) -> FolderMove:
        return cls(name, new_name, os.lstat(root / name).st_ino)


class Replacement(Struct, frozen=True, array_like=True):
    """A file that gets another text: its name once folders have moved, its new name, digests before and after, permissions."""

    name: str
    new_name: str
    before: str
    after: str
    mode: int


class EditJournal(Struct, frozen=True, array_like=True):
    """What is to be done. The text of the n-th file is staged under the name n."""

    folders: list[FolderMove]
    files: list[Replacement]


LARGEST = 10_000_000
"""Bytes of a record."""


def commit(root: Path, journal: EditJournal, texts: Sequence[bytes]) -> None:
    """Stage, record and make an edit. What can fail is tried before the record. Raises OSError."""
    stage, record = _paths(root)
    discard(stage)
    own_folder(stage)
    for number, (file, text) in enumerate(zip(journal.files, texts, strict=True)):
        with new_file(stage / str(number)) as staged:
            staged.write(text)
            os.fchmod(staged.fileno(), file.mode)
    sync_files([stage / str(number) for number in range(len(texts))])
    for folder in {os.path.dirname(root / name) for name in _names(journal)}:
        if os.path.lexists(folder) and not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13), folder)
    write_synced(record, msgspec.msgpack.encode(journal))
    finish(root)


def is_unfinished(root: Path) -> bool:
    """Return whether there is a record of an edit that was killed."""
    return os.path.lexists(_paths(root)[1])


def finish(root: Path) -> None:
    """Make what is left of a recorded edit. Raises OSError: then the rest is still to be made."""
    stage, record = _paths(root)
    journal = _recorded(root)
    if journal is None:
        return
    _move_folders(root, journal.folders)
    for number, file in enumerate(journal.files):
        if is_file(stage / str(number)) and _may_replace(root, file, journal.files):
            os.replace(stage / str(number), root / file.new_name)
    new_names = {file.new_name for file in journal.files}
    for file in journal.files:
        is_old = file.name not in new_names and _digest(root / file.name) == file.before
        if is_old and _digest(root / file.new_name) == file.after:
            (root / file.name).unlink()
    for folder in {os.path.dirname(root / name) for name in _names(journal)}:
        with suppress(OSError):
            sync(Path(folder))
    record.unlink()
    with suppress(OSError):
        discard(stage)


def _paths(root: Path) -> tuple[Path, Path]:
    work = root / ".weekahead"
    return work / "edit-stage", work / "edit-journal"


def _names(journal: EditJournal) -> Iterable[str]:
    for folder in journal.folders:
        yield from (folder.name, folder.new_name)
    for file in journal.files:
        yield from (file.name, file.new_name)


def _move_folders(root: Path, folders: Sequence[FolderMove]) -> None:
    """Rename folders. One whose new name another still has waits beside it under a hidden name."""
    names = {folder.name for folder in folders}
    for folder in folders:
        path = root / folder.name
        if is_folder(path) and os.lstat(path).st_ino == folder.inode:
            os.rename(path, _waiting(root, folder) if folder.new_name in names else root / folder.new_name)
    for folder in folders:
        if is_folder(_waiting(root, folder)):
            os.rename(_waiting(root, folder), root / folder.new_name)


def _waiting(root: Path, folder: FolderMove) -> Path:
    parent, _, name = folder.new_name.rpartition("/")
    return root / parent / f".{name}.moving"


def _may_replace(root: Path, file: Replacement, files: Sequence[Replacement]) -> bool:
    """Return whether nothing of the author's is in the place of a new text, but what was there before the edit."""
    if not os.path.lexists(root / file.new_name):
        return file.name != file.new_name
    return _digest(root / file.new_name) in {each.before for each in files if each.name == file.new_name}


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError:
        return ""


def _recorded(root: Path) -> EditJournal | None:
    """Return the edit that is not finished yet, if there is one; a record that is damaged, or not of ours, is removed."""
    stage, record = _paths(root)
    if not os.path.lexists(record):
        return None
    try:
        with open_unlinked(record, LARGEST) as file:
            journal = msgspec.msgpack.decode(file.read(), type=EditJournal)
    except (OSError, msgspec.MsgspecError):
        journal = None
    if journal is None or not is_folder(stage) or not all(_is_of_letter(root, name) for name in _names(journal)):
        discard(record)
        return None
    return journal


def _is_of_letter(root: Path, name: str) -> bool:
    """Return whether a recorded name is one of the files that are edited: a record could come with somebody else's letter."""
    return is_edited_name(name) and is_below(root / name, root)


def is_edited_name(name: str) -> bool:
    """Return whether a name, from the letter's root, may be that of a file or a folder that is edited."""
    parts = name.split("/")
    is_known = parts[0] in ("issues", "pages", "books") if len(parts) > 1 else name in ("schedule.yaml", "letter.yaml")
    return is_known and {"", ".", ".."}.isdisjoint(parts) and "\0" not in name
