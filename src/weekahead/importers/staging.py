"""Put the files of an import in place: staged and tried first, then recorded, then renamed, whole or not at all.

What is staged is the whole letter as it is to be, with links to the files that it has already, so that the house's own loader
and checks can try it. An import that was killed once the record is written is finished by the next command; one that was killed
before has changed nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import place_new, sync, sync_files, write_synced
from weekahead.runtime.files import discard, is_below, is_file, is_folder, new_file, open_unlinked
from weekahead.runtime.pieces import file_digest

PARTS = ("letter.yaml", "schedule.yaml", "issues", "pages", "templates")
"""What of a letter its loader and its checks read, and an import writes."""
CITED = re.compile(r".+\.(bib|json|csl)")
"""The names of the bibliographies in the letter's folder, and of the styles that letter.yaml may name."""
TOPS = (*PARTS, "imports", ".gitignore", ".github", ".vscode", "requirements.txt")
"""What of a letter an import may write."""
LARGEST_RECORD = 100_000_000
"""Bytes."""


class Move(Struct, frozen=True, array_like=True):
    """A file that is put in place: its name in the letter, and its digests before, if it was there, and after."""

    name: str
    before: str
    after: str


class Stage:
    """The letter as it is to be, in a folder of its own."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.letter = folder / "letter"

    def mirror(self) -> None:
        """Make the stage anew, with the files that the letter has. Raises OSError."""
        discard(self.folder)
        self.letter.mkdir(parents=True)
        for name in _files_below(self.root):
            _link(self.root / name, self._new(name))

    def write(self, name: str, data: bytes) -> str:
        """Stage a file in place of the one that the letter has, if it does, and return its digest. Raises OSError."""
        with new_file(self._new(name)) as file:
            file.write(data)
        return hash_bytes(data)

    def copy(self, name: str, source: BinaryIO) -> str:
        """Stage a copy of an open file and return its digest. Raises OSError."""
        path = self._new(name)
        with new_file(path) as file:
            shutil.copyfileobj(source, file, 1 << 20)
        return file_digest(path)

    def restore(self, name: str) -> None:
        """Let a file be as the letter has it, or not be there where it has none. Raises OSError."""
        discard(self.letter / name)
        if is_file(self.root / name):
            _link(self.root / name, self._new(name))

    def _new(self, name: str) -> Path:
        path = self.letter / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _files_below(root: Path) -> Iterator[str]:
    """Yield the names of the regular files that a letter's loader and checks read."""
    cited = [name for name in os.listdir(root) if CITED.fullmatch(name)] if is_folder(root) else []
    for part in (*PARTS, "books", *cited):
        if is_file(root / part):
            yield part
        elif is_folder(root / part):
            for folder, _, names in os.walk(root / part):
                yield from (os.path.relpath(f"{folder}/{name}", root) for name in names if is_file(Path(folder, name)))


def _link(path: Path, new: Path) -> None:
    try:
        os.link(path, new)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(path, new)


def digest_of(root: Path, name: str) -> str:
    """Return the digest of a file of the letter; nothing if it is not there, or cannot be read."""
    try:
        return file_digest(root / name) if is_below(root / name, root) else ""
    except OSError:
        return ""


def _paths(root: Path) -> tuple[Path, Path]:
    work = root / ".weekahead"
    return work / "import.partial", work / "import"


def stage_folder(root: Path) -> Path:
    """Return the folder of a letter in which an import is staged."""
    return _paths(root)[0]


def commit(stage: Stage, moves: Sequence[Move]) -> None:
    """Record what is staged, and put it in place. Raises OSError: before the record, with nothing changed."""
    partial, ready = _paths(stage.root)
    sync_files([stage.letter / move.name for move in moves])
    write_synced(partial / "journal", msgspec.msgpack.encode(list(moves)))
    discard(ready)
    partial.rename(ready)
    sync(ready.parent)
    finish(stage.root)


def is_unfinished(root: Path) -> bool:
    """Return whether a killed import has left files that are to be put in place."""
    return is_file(_paths(root)[1] / "journal")


def finish(root: Path) -> None:
    """Put in place what is left of a recorded import. Raises OSError: then the rest is still to be done.

    A file that the author has changed, or made, since it was recorded stays as it is.
    """
    ready = _paths(root)[1]
    folders = set[Path]()
    for move in _recorded(ready):
        staged, path = ready / "letter" / move.name, root / move.name
        if not is_file(staged):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(path):
            place_new(staged, path)
        elif move.before and digest_of(root, move.name) == move.before:
            os.replace(staged, path)
        folders.add(path.parent)
    for folder in folders:
        with suppress(OSError):
            sync(folder)
    discard(ready)


def _recorded(ready: Path) -> list[Move]:
    """Return what a record says; nothing where it is damaged, or names files that an import does not write."""
    try:
        with open_unlinked(ready / "journal", LARGEST_RECORD) as file:
            moves = msgspec.msgpack.decode(file.read(), type=list[Move])
    except (OSError, msgspec.MsgspecError):
        return []
    root = ready.parent.parent
    return [move for move in moves if _is_ours(move.name) and is_below(root / move.name, root)]


def _is_ours(name: str) -> bool:
    parts = name.split("/")
    is_report = len(parts) == 1 and re.fullmatch(r"import-report(-[0-9]+)?\.md", name)
    return (parts[0] in TOPS or bool(is_report)) and {"", ".", ".."}.isdisjoint(parts) and "\0" not in name
