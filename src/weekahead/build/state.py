"""What is kept beside a site: its working folder, and one state file that says what we made and when it is due again."""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.model.findings import Finding
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

    def entries(self) -> dict[str, ManifestEntry]:
        """Return the manifest; empty when it cannot be read."""
        try:
            return msgspec.msgpack.decode(self.manifest, type=dict[str, ManifestEntry]) if self.manifest else {}
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
        return os.path.exists(self.journal) or os.path.exists(self.stage)


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


OWN_FOLDERS = ("issues", "pages", "templates", ".weekahead", ".git", ".github", ".vscode")


def is_of_letter(root: Path, folder: Path) -> bool:
    """Return whether a site in a folder would lie among the letter's own files, or around them."""
    folder, letter, site = (Path(os.path.realpath(path)) for path in (folder, root, root / "site"))
    own = [Path(os.path.realpath(letter / name)) for name in OWN_FOLDERS]
    is_around = folder in (letter, *letter.parents)
    return is_around or any(folder.is_relative_to(path) for path in own) or site in folder.parents


def read_state(paths: SitePaths) -> SiteState:
    """Return what is remembered of a site; nothing when that is not known."""
    try:
        return decode_state(paths.state.read_bytes())
    except OSError:
        return SiteState()


def decode_state(data: bytes) -> SiteState:
    """Return what a state file says; nothing when it is damaged."""
    try:
        return msgspec.msgpack.decode(data, type=SiteState)
    except msgspec.MsgspecError:
        return SiteState()


def encode_state(snapshot: str, manifest: Manifest, record: UpToDateRecord | None) -> bytes:
    """Return a state file. The record gets the stats of the site's files."""
    if record:
        stats = array("q", [number for entry in manifest.values() for number in (entry.size, entry.changed)])
        record = msgspec.structs.replace(record, paths="\n".join(manifest), outputs=stats.tobytes())
    return msgspec.msgpack.encode(SiteState(snapshot, msgspec.msgpack.encode(manifest), record))


def is_as_made(paths: SitePaths, path: str, entry: ManifestEntry) -> bool:
    """Return whether a file of the site has the stat it had when we made it."""
    try:
        found = os.lstat(f"{paths.site}/{path}")
    except OSError:
        return False
    return found.st_size == entry.size and found.st_mtime_ns == entry.changed
