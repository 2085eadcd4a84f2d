"""What is kept beside a site: its working folder, and one state file that says what we made and when it is due again."""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.model.findings import Finding
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.files import open_unlinked
from weekahead.site.output import WriteOrder


class ManifestEntry(Struct, frozen=True, array_like=True):
    """What is remembered of a file we made."""

    fingerprint: str
    digest: str
    """Of its bytes."""
    size: int
    changed: int
    """Modification time in nanoseconds."""
    order: WriteOrder = WriteOrder.LIST


Manifest = Mapping[str, ManifestEntry]
"""Every file of a site that we made, by its path."""


class UpToDateRecord(Struct, array_like=True, frozen=True):
    """What a build left: the stats of all that it read, what it was asked for, and what it said."""

    inputs: str
    """A digest of the stats of every file that the site is made from."""
    options: str
    as_of: str | None
    since: float
    until: float
    """Seconds since 1970 between which the same site is due."""
    issues: int
    warnings: tuple[Finding, ...] = ()
    paths: str = ""
    """Every file of the site, a line each."""
    outputs: bytes = b""
    """Size and modification time of each."""

    @property
    def kept(self) -> int:
        return self.paths.count("\n") + 1 if self.paths else 0


class SiteState(Struct, frozen=True, array_like=True):
    """The state file. The manifest is encoded apart, because most builds end before they need it."""

    snapshot: str = ""
    """The digest of the snapshot that the site shows."""
    manifest: bytes = b""
    record: UpToDateRecord | None = None
    addresses: bytes = b""
    """The addresses that were published, encoded apart for the same reason."""

    def entries(self) -> dict[str, ManifestEntry]:
        """Return the manifest; empty when it cannot be read."""
        try:
            entries = msgspec.msgpack.decode(self.manifest, type=dict[str, ManifestEntry]) if self.manifest else {}
            return entries if all(map(is_inside, entries)) else {}
        except msgspec.MsgspecError:
            return {}


class SitePaths(Struct, frozen=True):
    """A site's folder, and the working folder beside it where its next state is prepared."""

    site: Path
    work: Path

    @property
    def state(self) -> Path:
        return self.work / "state"

    @property
    def stage(self) -> Path:
        return self.work / "stage"

    @property
    def journal(self) -> Path:
        return self.work / "journal"

    @property
    def is_interrupted(self) -> bool:
        """Was a build killed, so that the next one has something to finish?"""
        return os.path.lexists(self.journal) or os.path.lexists(self.stage)


def site_paths(site: Path) -> SitePaths:
    """Return a site's folders: the working folder is .weekahead/<name of the site's folder>/ beside it.

    Renames work within one file system only. So a site that is one of its own, such as a mounted volume, or whose
    parent folder is closed to us has its working folder inside, in .weekahead/.
    """
    site = Path(os.path.realpath(site))
    beside = site.parent / ".weekahead" / site.name
    try:
        apart = os.stat(site).st_dev != os.stat(site.parent).st_dev or not os.access(site.parent, os.W_OK)
    except OSError:
        apart = False
    return SitePaths(site, site / ".weekahead" if apart and not os.path.exists(beside) else beside)


OWN_NAMES = (
    "letter.yaml",
    "schedule.yaml",
    "issues",
    "pages",
    "books",
    "templates",
    ".weekahead",
    ".git",
    ".github",
    ".vscode",
)


def is_of_letter(root: Path, path: Path) -> bool:
    """Return whether a folder or file to write would lie among the letter's own files, be one of them, or be around them."""
    path, letter, site = (Path(os.path.realpath(each)) for each in (path, root, root / "site"))
    own = [Path(os.path.realpath(letter / name)) for name in OWN_NAMES]
    is_around = path in (letter, *letter.parents)
    return is_around or any(path.is_relative_to(each) for each in own) or site in path.parents


def is_linked(root: Path, folder: Path) -> bool:
    """Return whether a site in the letter's folder is a link, or lies behind one: somebody else may have put it there."""
    path, top = os.path.abspath(folder), os.path.abspath(root)
    real = os.path.join(os.path.realpath(top), os.path.relpath(path, top))
    return path.startswith(f"{top}/") and os.path.realpath(path) != real


MAGIC = b"weekahead 1\n"
"""Begins a record of this version; its digest and the record itself follow."""
LARGEST_RECORD = 500_000_000
"""Bytes."""


def seal(record: bytes) -> bytes:
    """Return a record as it is written."""
    return MAGIC + hash_bytes(record).encode() + record


def unseal(data: bytes) -> bytes:
    """Return a record as it was sealed; nothing if it is damaged, or of another version."""
    digest, record = data[len(MAGIC) : len(MAGIC) + 32], data[len(MAGIC) + 32 :]
    return record if data.startswith(MAGIC) and hash_bytes(record).encode() == digest else b""


def read_sealed(path: Path) -> bytes:
    """Return the record in a file; nothing if it is damaged. Raises OSError."""
    with open_unlinked(path, LARGEST_RECORD) as file:
        return unseal(file.read())


def is_inside(path: str) -> bool:
    """Return whether a path of a record is one that a site may have: it leaves neither the site nor its public part."""
    return "\0" not in path and _NOT_OF_A_SITE.isdisjoint(path.lower().split("/"))


_NOT_OF_A_SITE = {"", ".", "..", ".git", ".weekahead"}


def read_state(paths: SitePaths) -> SiteState:
    """Return what is remembered of a site; nothing when that is not known."""
    try:
        return decode_state(read_sealed(paths.state))
    except OSError:
        return SiteState()


def decode_state(record: bytes) -> SiteState:
    """Return what the record of a state says; nothing when it is damaged."""
    try:
        return msgspec.msgpack.decode(record, type=SiteState)
    except msgspec.MsgspecError:
        return SiteState()


def encode_state(snapshot: str, manifest: Manifest, record: UpToDateRecord | None, addresses: bytes = b"") -> bytes:
    """Return a state file. The record gets the stats of the site's files."""
    if record:
        stats = array("q", [number for entry in manifest.values() for number in (entry.size, entry.changed)])
        record = msgspec.structs.replace(record, paths="\n".join(manifest), outputs=stats.tobytes())
    return seal(msgspec.msgpack.encode(SiteState(snapshot, msgspec.msgpack.encode(manifest), record, addresses)))


def is_as_made(paths: SitePaths, path: str, entry: ManifestEntry) -> bool:
    """Return whether a file of the site has the stat it had when we made it."""
    try:
        found = os.lstat(f"{paths.site}/{path}")
    except OSError:
        return False
    return found.st_size == entry.size and found.st_mtime_ns == entry.changed
