"""Edits of the author's own files."""

from __future__ import annotations

import codecs
import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from weekahead.model.findings import BuildError, build_error
from weekahead.runtime.atomic_file import place_new, write_synced
from weekahead.runtime.files import Refused, lock_file, own_folder, read_bytes, require_below
from weekahead.source.folder import cannot_be_read


def edit_file(root: Path, name: str, change: Callable[[str], str]) -> tuple[str, str]:
    """Change the text of one of the author's files; the text before and after, with LF line ends.

    Byte-order mark, line ends and permissions stay. The new file takes the old one's place whole, nothing is
    written where nothing changed, and of two edits at once the second sees what the first did. Raises BuildError.
    """
    path, work = root / name, root / ".weekahead"
    try:
        own_folder(work)
        with lock_file(work / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            raw = read_bytes(root, name)
            text = raw.decode("utf-8-sig")
            ends = ["\r\n" if line.endswith("\r") else "\n" for line in text.split("\n")[:-1]]
            before = text.replace("\r\n", "\n")
            after = change(before)
            if after != before:
                mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
                mode = os.stat(path).st_mode & 0o7777
                write_synced(path.resolve(), mark + _ended(after, ends).encode(), work / "edited", mode)
            return before, after
    except UnicodeDecodeError as error:
        raise build_error(name, "not-utf-8", "this file is no longer UTF-8", "Save it as UTF-8.") from error
    except Refused as error:
        raise BuildError([cannot_be_read(name, error)]) from error
    except OSError as error:
        message = f"cannot write {name}: {(error.strerror or str(error)).lower()}"
        raise build_error(name, "cannot-write", message) from error


def create_file(root: Path, name: str, text: str | bytes) -> Path:
    """Write a new file of the letter, whole or not at all and never over one that is there. Return its path. Raise BuildError."""
    path, work = root / name, root / ".weekahead"
    try:
        require_below(root, name)
        own_folder(work)
        with lock_file(work / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path.parent.mkdir(parents=True, exist_ok=True)
            data = text.encode() if isinstance(text, str) else text
            write_synced(path, data, work / "edited", place=place_new)
    except Refused as error:
        raise BuildError([cannot_be_read(name, error)]) from error
    except OSError as error:
        message = f"cannot write {name}: {(error.strerror or str(error)).lower()}"
        raise build_error(name, "cannot-write", message) from error
    return path


def _ended(text: str, ends: Sequence[str]) -> str:
    """Return a text with the line ends it had: each line its own where no line came or went, else those it had any of."""
    lines = text.split("\n")
    if len(lines) != len(ends) + 1:
        ends = ["\r\n" if "\r\n" in ends else "\n"] * (len(lines) - 1)
    return "".join(part for pair in zip(lines, [*ends, ""], strict=True) for part in pair)
