"""The files of an export: a zip, a folder or a single file. Only what is safe to read is there; the rest is refused by name.

Exports come from elsewhere, and may be damaged or hostile. Names that climb out of the export, links, encrypted members and
members that unpack to far more than they should are refused one by one, and the rest is read.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EIO
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from msgspec import Struct

from weekahead.model.findings import build_error
from weekahead.runtime.files import Refused, open_file

LARGEST_TEXT = 100_000_000
"""Bytes of one file that is read as a whole."""

LARGEST_IN_ALL = 2_000_000_000
"""Bytes of all files together, unpacked."""

LARGEST_RATIO = 200
"""How many times larger than its packed form a member of a zip may be. Text packs to a tenth, blanks to a thousandth."""

MOST_FILES = 200_000

_SKIPPED_FOLDERS = frozenset(("__MACOSX", "node_modules"))
_SMALL = 1_000_000
"""Bytes below which the ratio says nothing."""


class RefusedFile(Struct, frozen=True):
    """A file of an export that is not read, and why."""

    name: str
    why: str


class SourceFiles(Protocol):
    """The files of an export by their names, with "/" between folders."""

    label: str
    """What its author calls it: the last part of its path."""
    names: tuple[str, ...]
    refused: tuple[RefusedFile, ...]
    hidden: frozenset[str]
    """Names of hidden files and folders, which are not read but may tell what made the export: ".obsidian"."""

    def __hash__(self) -> int:
        """Return a hash of this object, as any has: what was found out about an export is remembered by it."""

    def has(self, name: str) -> bool:
        """Return whether there is a file of a name."""

    def size(self, name: str) -> int:
        """Return the bytes of a file, unpacked."""

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading. Raise OSError."""


def read_source(files: SourceFiles, name: str) -> bytes:
    """Return the bytes of a file of an export. Raise OSError, also where it is damaged or too large."""
    if files.size(name) > LARGEST_TEXT:
        raise Refused("too-long", f"this file has more than {LARGEST_TEXT:,} bytes", name)
    with files.open(name) as file:
        data = file.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise Refused("too-long", f"this file has more than {LARGEST_TEXT:,} bytes", name)
    return data


@contextmanager
def open_source(path: Path) -> Iterator[SourceFiles]:
    """Open an export. Raise BuildError if there is none, or it cannot be read at all."""
    with ExitStack() as opened:
        try:
            files = _open(Path(os.path.realpath(path)), opened)
        except zipfile.BadZipFile as error:
            hint = "Download the export again. A zip that is not complete cannot be read."
            raise build_error(str(path), "damaged-export", f"this zip cannot be read: {error}", hint) from None
        except OSError as error:
            why = getattr(error, "message", None) or error.strerror or str(error)
            raise build_error(str(path), "no-export", f"cannot read the export: {why}") from None
        yield files


def _open(path: Path, opened: ExitStack) -> SourceFiles:
    if path.is_dir():
        return FolderSource(path)
    file = opened.enter_context(open_file(path.parent, path.name))
    if not zipfile.is_zipfile(file):
        return SingleSource(path)
    return ZipSource(path.name, opened.enter_context(zipfile.ZipFile(file)))


class FolderSource:
    """The regular files below a folder. Links, hidden folders and installed packages are left out."""

    def __init__(self, root: Path) -> None:
        self.label = root.name
        self._root = root
        refused: list[RefusedFile] = []
        hidden: set[str] = set()
        self._sizes = dict(sorted(_walk(root, "", refused, hidden)))
        self.hidden = frozenset(hidden)
        self.names, self.refused = tuple(self._sizes), tuple(refused)

    def has(self, name: str) -> bool:
        return name in self._sizes

    def size(self, name: str) -> int:
        return self._sizes[name]

    def open(self, name: str) -> BinaryIO:
        return open_file(self._root, name)


def _walk(root: Path, below: str, refused: list[RefusedFile], hidden: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the name and size of each regular file below a folder."""
    try:
        entries = sorted(os.scandir(root / below), key=lambda entry: entry.name)
    except OSError as error:
        refused.append(RefusedFile(below, error.strerror or str(error)))
        return
    for entry in entries:
        name = f"{below}{entry.name}"
        if entry.is_symlink():
            refused.append(RefusedFile(name, "it is a link"))
        elif entry.name.startswith("."):
            hidden.add(name)
        elif entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _walk(root, f"{name}/", refused, hidden)
        elif why := _why_unsafe(name):
            refused.append(RefusedFile(name, why))
        elif entry.is_file():
            yield name, entry.stat().st_size


class SingleSource:
    """A single file."""

    def __init__(self, path: Path) -> None:
        self.label = path.name
        self._path = path
        self.names: tuple[str, ...] = (path.name,)
        self.refused: tuple[RefusedFile, ...] = ()
        self.hidden = frozenset[str]()

    def has(self, name: str) -> bool:
        return name in self.names

    def size(self, name: str) -> int:
        return self._path.stat().st_size

    def open(self, name: str) -> BinaryIO:
        return open_file(self._path.parent, self._path.name)


class ZipSource:
    """The members of a zip, without a folder that holds all of them."""

    def __init__(self, label: str, archive: zipfile.ZipFile) -> None:
        self.label = label
        self._archive = archive
        refused: list[RefusedFile] = []
        members = dict(_safe_members(archive, refused))
        top = _common_folder(members)
        self._members = {name[len(top) :]: member for name, member in sorted(members.items())}
        self.names, self.refused = tuple(self._members), tuple(refused)
        self.hidden = frozenset(_hidden(member.filename.removeprefix(top) for member in archive.infolist()))

    def has(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def open(self, name: str) -> BinaryIO:
        with _damage_as_oserror():
            return BufferedReader(_Member(self._archive.open(self._members[name])))


def _hidden(names: Iterable[str]) -> Iterator[str]:
    """Yield the first hidden file or folder in each of some names."""
    for name in names:
        parts = name.split("/")
        for depth, part in enumerate(parts, 1):
            if part.startswith(".") and part not in ("..", "."):
                yield "/".join(parts[:depth])
                break


class _Member(RawIOBase):
    """A member of a zip that raises OSError where it is damaged."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with _damage_as_oserror():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def _damage_as_oserror() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise OSError(EIO, f"this member of the zip is damaged: {error}") from None


def _safe_members(archive: zipfile.ZipFile, refused: list[RefusedFile]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield the members of a zip that may be read, by their names."""
    total, seen = 0, set[str]()
    for member in archive.infolist():
        name = member.filename.replace("\\", "/")
        parts = name.split("/")
        if member.is_dir() or name.endswith("/") or not _SKIPPED_FOLDERS.isdisjoint(parts):
            continue
        why = _why_unsafe(name) or _why_unsafe_member(member)
        if not why and name in seen:
            why = "another file in this zip has the same name"
        if not why and total + member.file_size > LARGEST_IN_ALL:
            why = f"the files before it have {total:,} bytes already; more than {LARGEST_IN_ALL:,} are not read"
        if not why and len(seen) >= MOST_FILES:
            why = f"there are more than {MOST_FILES:,} files"
        if why:
            refused.append(RefusedFile(name, why))
        elif not parts[-1].startswith("."):
            total += member.file_size
            seen.add(name)
            yield name, member


def _why_unsafe(name: str) -> str:
    """Return why a name is not safe to use as a path below a folder, or nothing."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "its name leads out of the export"
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name):
        return "its name has control characters"
    if any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in parts):
        return "its name is too long"
    return ""


def _why_unsafe_member(member: zipfile.ZipInfo) -> str:
    """Return why a member of a zip is not safe to read, or nothing."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link" if kind == stat.S_IFLNK else "it is not a file"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > _SMALL and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
        return f"it unpacks to {LARGEST_RATIO} times its size and more"
    return ""


def _common_folder(names: dict[str, zipfile.ZipInfo]) -> str:
    """Return the folder, with its "/", that all members of a zip are in; nothing if there is none, or it means something.

    Folders that begin with an underscore (`_posts`), and those of known names, belong to the format.
    """
    top = {name.partition("/")[0] for name in names}
    first = next(iter(top), "")
    if len(top) != 1 or first in names or first.startswith("_") or first in ("posts", "content", "emails", "issues"):
        return ""
    return f"{first}/"


def decode_source(data: bytes) -> tuple[str, bool]:
    """Return the text in the bytes of an export, and whether it was sound UTF-8. Else it is read as Windows-1252."""
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n"), True
    return data.decode("cp1252", "replace").replace("\r\n", "\n").replace("\r", "\n"), False
