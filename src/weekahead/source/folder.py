"""The letter's folder: which files lie there, and what is in them. A stat can save reading a file.

Nothing is read that lies outside the folder, whatever a name or a symbolic link says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from time import time_ns
from typing import BinaryIO

from msgspec import Struct

from weekahead.model.findings import BuildError, Finding, Location, warning
from weekahead.model.hashing import hash_bytes
from weekahead.runtime import files
from weekahead.runtime.files import OUTSIDE, Refused, is_below, read_bytes
from weekahead.runtime.pieces import digest_of, pieces

LARGEST = 2_000_000
"""Bytes of one text; a very long letter has some 100,000."""

GRAIN = 2_000_000_000
"""Nanoseconds within which a file system may show two changes as one. FAT counts time in steps of two seconds."""

DEEPEST = 40
"""Folders in one another."""


class FileStat(Struct, frozen=True, array_like=True):
    """How a file looked when it was read: size, times and inode; and the digest of what was in it.

    A program can set a file's modification time back, but not the time of its last change.
    """

    size: int
    modified: int
    changed: int
    inode: int
    digest: str


class Listing:
    """What lies in folders, each looked at once: its entries by name, which remember how they looked."""

    def __init__(self) -> None:
        self.since = time_ns()
        self._found: dict[str, list[os.DirEntry[str]]] = {}

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """Return the entries of a folder in the order of their names. Raises OSError."""
        found = self._found.get(folder)
        if found is None:
            found = self._found[folder] = sorted(os.scandir(folder), key=lambda entry: entry.name)
        return found

    def take(self, folder: str) -> list[os.DirEntry[str]]:
        """Return the same and release it: thousands of entries are some megabytes."""
        found = self.entries(folder)
        del self._found[folder]
        return found


class Folder:
    """A letter's folder during one run. `known` are stats of an earlier run, `stats` those of this one; `listing` is what
    was seen of it just now.

    A stat stands for the file's content only if the file was at rest when it was read: a file that changed within the
    clock's grain may change again without showing it, so its stat is not kept.
    """

    def __init__(self, root: Path, known: Mapping[str, FileStat] | None = None, listing: Listing | None = None) -> None:
        self.root = root
        self._listing = listing or Listing()
        self.known = known or {}
        self.stats: dict[str, FileStat] = {}
        self._stats: dict[str, tuple[int, int, int, int]] = {}
        self._last: tuple[str, bytes] = ("", b"")

    def names(self, folder: str, findings: list[Finding]) -> list[str]:
        """Return the names, from the root, of every file below a folder, in order."""
        if not self.holds(folder):
            findings.append(Finding(Location(folder), "outside", OUTSIDE, "Copy the folder here."))
            return []
        return sorted(self._walk(folder, findings))

    def size(self, name: str) -> int:
        return self._stat(name)[0]

    def digest(self, name: str) -> str:
        """Return the digest of what is in a file, which is read unless its stat is known. Raises OSError."""
        found, stat = self._stat(name), self.known.get(name)
        if stat is None or (stat.size, stat.modified, stat.changed, stat.inode) != found:
            stat = FileStat(*found, self._digest_now(name, found[0]))
        if stat.changed + GRAIN < self._listing.since:
            self.stats[name] = stat
        return stat.digest

    def _digest_now(self, name: str, size: int) -> str:
        """Return the digest of a file. What was read of a text is kept; anything longer is read in pieces."""
        if size <= LARGEST:
            return hash_bytes(self.data(name))
        with files.open_file(self.root, name) as file:
            return digest_of(pieces(file))

    def data(self, name: str) -> bytes:
        """Return the bytes of a file; those last read are not read again. Raises OSError."""
        if self._last[0] != name:
            self._last = (name, read_bytes(self.root, name))
        return self._last[1]

    def _stat(self, name: str) -> tuple[int, int, int, int]:
        """Return the first four fields of the `FileStat` of a file as it is now."""
        found = self._stats.get(name)
        if found is None:
            found = self._stats[name] = _fields(os.stat(self.root / name))
        return found

    def _walk(self, folder: str, findings: list[Finding]) -> Iterator[str]:
        try:
            entries = self._listing.take(f"{self.root}/{folder}")
        except FileNotFoundError:
            return
        except OSError as error:
            findings.append(cannot_be_read(folder, error, "folder"))
            return
        for entry in entries:
            name = f"{folder}/{entry.name}"
            shown = name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()
            if shown != name:  # Python keeps bytes that are no text as lone surrogates
                findings.append(
                    Finding(Location(shown), "not-utf-8", "the name of this file is not UTF-8", "Rename it.")
                )
                continue
            if _is_leftover(entry.name.lower()):
                continue
            if entry.is_symlink() and (kind := self._refused_kind(name)):
                findings.append(Finding(Location(name), "outside", f"this is a link to {kind}", "Copy the file here."))
            elif entry.is_dir(follow_symlinks=False):
                if name.count("/") > DEEPEST:
                    message = f"this folder lies in more than {DEEPEST} others"
                    findings.append(Finding(Location(name), "too-long", message, "Move it up."))
                else:
                    yield from self._walk(name, findings)
            else:
                try:
                    found = entry.stat()
                except OSError as error:
                    findings.append(cannot_be_read(name, error))
                    continue
                if S_ISREG(found.st_mode):
                    self._stats[name] = _fields(found)
                    yield name
                else:
                    findings.append(warning(Location(name), "not-a-file", "this is neither a file nor a folder"))

    def holds(self, name: str, folder: str = "") -> bool:
        """Return whether a name, followed through every symbolic link, is still in a folder of the letter."""
        return is_below(self.root / name, self.root / folder)

    def _refused_kind(self, name: str) -> str:
        """Return to what a link leads, if that is not read: out of issues/ or pages/, or to a folder; else nothing."""
        top = name.split("/")[0]
        if not self.holds(name, top):
            return f"a place outside {top}/"
        return "a folder" if os.path.isdir(self.root / name) else ""


def is_shared_file(name: str) -> bool:
    """Return whether a file in the letter's folder may be a bibliography or a citation style, by its name."""
    return name.endswith((".bib", ".json", ".csl"))


def _is_leftover(name: str) -> bool:
    """Return whether a file, by its name in small letters, is hidden, a backup, or what systems and programs leave behind."""
    return (
        name.startswith((".", "#", "~$"))
        or name.endswith(("~", ".swp", ".bak", ".orig", ".rej", ".tmp"))
        or name in ("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx")
    )


def _fields(stat: os.stat_result) -> tuple[int, int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def cannot_be_read(name: str, error: OSError, kind: str = "file") -> Finding:
    if isinstance(error, Refused):
        hint = "Copy the file here." if error.rule == "outside" else ""
        return Finding(Location(name), error.rule, error.message, hint)
    message = f"this {kind} cannot be read: {(error.strerror or 'unknown cause').lower()}"
    return Finding(Location(name), "unreadable", message)


def read_file(root: Path, name: str) -> bytes:
    """Return the bytes of a file that a listing named. Raises BuildError when it has gone since, or cannot be read."""
    try:
        return read_bytes(root, name)
    except OSError as error:
        raise BuildError([cannot_be_read(name, error)]) from error


def open_file(root: Path, name: str) -> BinaryIO:
    """Return a file that a listing named, open. Raises BuildError when it has gone since, or cannot be read."""
    try:
        return files.open_file(root, name)
    except OSError as error:
        raise BuildError([cannot_be_read(name, error)]) from error


def workflows(root: Path) -> dict[str, str]:
    """Return the texts of the letter's GitHub workflows by name; none that cannot be read."""
    found = {}
    for name in Folder(root).names(".github/workflows", []):
        if name.endswith((".yml", ".yaml")) and name.count("/") == 2:
            with suppress(OSError):
                found[name] = read_bytes(root, name, LARGEST).decode("utf-8", "replace")
    return found


def text_digest(folder: Folder, name: str, findings: list[Finding]) -> str | None:
    """Return the digest of a text of the letter; None, with a finding, when it is too long or cannot be read."""
    try:
        if folder.size(name) <= LARGEST:
            return folder.digest(name)
        message = f"this file has more than {LARGEST:,} bytes"
        findings.append(Finding(Location(name), "too-long", message, "Split it."))
    except OSError as error:
        findings.append(cannot_be_read(name, error))
    return None


def lines_around(root: Path, where: Location, distance: int = 0) -> list[tuple[int, str]]:
    """Return number and text of a line and of those up to `distance` lines away.

    Return nothing if the location is not in a line, or the file is unreadable, too long or outside the letter.
    """
    if not where.line:
        return []
    try:
        lines = read_bytes(root, where.file, LARGEST).decode("utf-8-sig", "replace").split("\n")
    except OSError:
        return []
    numbers = range(max(1, where.line - distance), min(len(lines), where.line + distance) + 1)
    return [(number, lines[number - 1]) for number in numbers]
