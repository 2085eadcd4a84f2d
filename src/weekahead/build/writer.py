"""From plan to disk: only what changed, whole files only, and nothing that is not ours.

Everything is made and staged beside the site before the site changes. Then the renames are recorded in a journal, and
carried out in order. A build killed before the journal is written has changed nothing; one killed after it is finished by
the next command.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.state import (
    Manifest,
    ManifestEntry,
    SitePaths,
    SiteState,
    UpToDateRecord,
    encode_state,
    is_as_made,
    read_state,
)
from weekahead.build.transaction import Journal, cannot_write, clear_stage, commit, finish, folders_of, site_lock
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import write_synced
from weekahead.site.output import CopiedFile, SiteFile, WriteOrder


class MadeFile(Struct, array_like=True):
    """A file that was made: its bytes, or None where the site has them."""

    fingerprint: str
    data: bytes | None


class Maker(Protocol):
    """Makes files, and says which of them are unchanged since a build."""

    def fingerprint(self, file: SiteFile) -> str | None:
        """Return the fingerprint of a file; None if it can be told only by making the file."""

    def make(self, files: Sequence[SiteFile], expected: Sequence[str]) -> Iterator[MadeFile | BuildError]:
        """Make files, in order. A file with the expected fingerprint needs no bytes."""

    def reason(self, file: SiteFile) -> str:
        """Return in a sentence why the fingerprint of a file is not what it was."""


class CopyMaker:
    """Copies files as they are."""

    def fingerprint(self, file: SiteFile) -> str | None:
        return file.digest if isinstance(file, CopiedFile) else None

    def make(self, files: Sequence[SiteFile], expected: Sequence[str]) -> Iterator[MadeFile | BuildError]:
        for file in files:
            try:
                yield MadeFile(self.fingerprint(file) or "", file.make())
            except BuildError as error:
                yield error

    def reason(self, file: SiteFile) -> str:
        return f"{file.source.file} changed"


class Change(Struct, frozen=True):
    """One file that a build writes or removes, and why."""

    path: str
    why: str


class Changes(Struct, frozen=True):
    """What a build did, or would do."""

    written: tuple[Change, ...]
    removed: tuple[Change, ...]
    kept: int
    made: Manifest = {}
    """Every file of the site that we made."""


def unchanged(paths: SitePaths, snapshot: str, record: UpToDateRecord | None) -> Changes | None:
    """Return no changes, if the site shows a snapshot already and no one has touched its files; else None.

    The record of the new build takes the place of the last one's.
    """
    state = read_state(paths)
    if paths.is_interrupted or state.snapshot != snapshot or not state.manifest:
        return None
    manifest = state.entries()
    if not all(is_as_made(paths, path, entry) for path, entry in manifest.items()):
        return None
    _save_record(paths, snapshot, manifest, record)
    return Changes((), (), len(manifest), manifest)


def _save_record(paths: SitePaths, snapshot: str, manifest: Manifest, record: UpToDateRecord | None) -> None:
    """Save the record, which only spares later builds some work: an error is no matter."""
    if record is None:
        return
    try:
        with site_lock(paths, dry_run=False):
            if not paths.is_interrupted:  # another build was killed, and what it staged waits for the next
                write_synced(paths.state, encode_state(snapshot, manifest, record))
    except (OSError, BuildError):
        return


def write(
    files: Iterable[SiteFile],
    paths: SitePaths,
    snapshot: str = "",
    *,
    maker: Maker | None = None,
    record: UpToDateRecord | None = None,
    clean: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make the site equal to the files of a plan. Raises BuildError, before anything has changed, when it cannot."""
    with site_lock(paths, dry_run):
        if not dry_run:
            finish(paths)
        state = read_state(paths)
        before = state.entries()
        known = {} if clean else before
        session = _Session(list(files), paths, maker or CopyMaker(), known, sorted(before), clean, dry_run)
        try:
            changes = session.run()
            if not dry_run:
                session.commit(state, snapshot, record)
            return changes
        except OSError as error:
            raise BuildError([cannot_write(paths, error)]) from error
        finally:
            if not dry_run and not paths.journal.exists():
                clear_stage(paths.stage)


class _Session:
    """One run of `write`."""

    def __init__(
        self,
        files: list[SiteFile],
        paths: SitePaths,
        maker: Maker,
        known: Mapping[str, ManifestEntry],
        made_before: list[str],
        clean: bool,
        dry_run: bool,
    ) -> None:
        self.files, self.paths, self.maker, self.known = files, paths, maker, known
        self.clean, self.dry_run = clean, dry_run
        wanted = {file.path for file in files}
        self.gone = [path for path in made_before if path not in wanted]
        self.manifest: dict[str, ManifestEntry] = {}
        self.new: set[str] = set()
        self.staged: list[tuple[SiteFile, str]] = []

    def run(self) -> Changes:
        """Stage what changed."""
        changed = []
        for file in self.files:
            why, entry = self._kept(file)
            if entry:
                self.manifest[file.path] = entry
            else:
                changed.append((file, why))
        self.new = {file.path for file, _ in changed if not os.path.lexists(f"{self.paths.site}/{file.path}")}
        obstacles = Obstacles(self.paths, self.known, self.gone, self.clean)
        findings = [found for file, _ in changed if (found := obstacles.find(file, file.path in self.new))]
        findings += self._stage(changed)
        if findings:
            raise BuildError(findings)
        return Changes(
            tuple(Change(file.path, why) for file, why in self.staged),
            tuple(Change(path, "no longer part of the site") for path in self.gone),
            len(self.manifest) - len(self.staged),
            self.manifest,
        )

    def commit(self, before: SiteState, snapshot: str, record: UpToDateRecord | None) -> None:
        """Put what was staged in place, with the new state."""
        manifest = dict(sorted(self.manifest.items()))
        state = encode_state(snapshot, manifest, record)
        if not self.staged and not self.gone and self.paths.state.exists():
            if (before.snapshot, before.entries()) != (snapshot, manifest) or record:
                write_synced(self.paths.state, state)
            return
        pages = [f.path for f, _ in self.staged if f.path in self.new and WriteOrder.FILE < f.order < WriteOrder.FEED]
        staged = {file.path for file, _ in self.staged}
        folders = {folder for path in staged for folder in folders_of(path)}
        cleared = [path for path in self.gone if path in folders or not staged.isdisjoint(folders_of(path))]
        journal = Journal(
            cleared=cleared,
            announced=pages if len(pages) > 1 else [],
            renames=[(str(n), file.path) for n, (file, _) in enumerate(self.staged)],
            removed=self.gone,
            state=state,
        )
        commit(self.paths, journal)

    def _kept(self, file: SiteFile) -> tuple[str, ManifestEntry | None]:
        """Return why a file must be made; or no reason, and its entry, when the one in the site is known to be it."""
        entry = self.known.get(file.path)
        if entry is None:
            return "it is new", None
        fingerprint = self.maker.fingerprint(file)
        if fingerprint != entry.fingerprint:
            return "", None
        if is_as_made(self.paths, file.path, entry):
            return "", entry
        found = _digest(self.paths.site / file.path)
        if found == entry.digest:  # a copy of the site has new times
            size, changed = _stat(self.paths.site / file.path)
            return "", replace(entry, size=size, changed=changed)
        return "somebody changed it in the site" if found else "it was missing in the site", None

    def _stage(self, changed: list[tuple[SiteFile, str]]) -> list[Finding]:
        """Make what changed and put it beside the site, each under its place in the order of renaming.

        Files that turn out to be in the site already are not staged.
        """
        findings: list[Finding] = []
        if changed and not self.dry_run:
            self.paths.stage.mkdir(parents=True, exist_ok=True)
        ordered = sorted(changed, key=lambda pair: _order(pair[0], pair[0].path in self.new))
        expected = [self._expected(file) for file, _ in ordered]
        made = self.maker.make([file for file, _ in ordered], expected)
        for (file, why), one in zip(ordered, made, strict=True):
            if isinstance(one, BuildError):
                findings += one.findings
            elif one.data is None:
                self.manifest[file.path] = self.known[file.path]
            else:
                self.manifest[file.path] = self._put(file, one.fingerprint, one.data, why)
        return findings

    def _expected(self, file: SiteFile) -> str:
        """Return the fingerprint of what the site has in place of a file; empty if that is not what we made."""
        entry = self.known.get(file.path)
        return entry.fingerprint if entry and is_as_made(self.paths, file.path, entry) else ""

    def _put(self, file: SiteFile, fingerprint: str, data: bytes, why: str) -> ManifestEntry:
        """Stage a file, unless the site has its bytes already."""
        digest, target = hash_bytes(data), self.paths.site / file.path
        if file.path not in self.new and _digest(target) == digest:
            return ManifestEntry(fingerprint, digest, *_stat(target), file.order)
        size, changed = (0, 0) if self.dry_run else _write(self.paths.stage / str(len(self.staged)), data)
        self.staged.append((file, why or self.maker.reason(file)))
        return ManifestEntry(fingerprint, digest, size, changed, file.order)


class Obstacles:
    """What is not ours and stands where a file wants to go."""

    def __init__(self, paths: SitePaths, known: Mapping[str, ManifestEntry], gone: Sequence[str], clean: bool) -> None:
        self._paths, self._known, self._gone, self._clean = paths, known, frozenset(gone), clean
        self._is_no_folder: Callable[[str], bool] = lru_cache(maxsize=None)(
            lambda folder: _is_no_folder(f"{paths.site}/{folder}")
        )

    def find(self, file: SiteFile, is_new: bool) -> Finding | None:
        """Return a finding if something that is not ours is in the way of a file."""
        site = self._paths.site
        if obstacle := next(filter(self._is_no_folder, reversed([*folders_of(file.path)])), None):
            return (
                None if obstacle in self._gone else self._foreign(site / obstacle, "is not a folder made by weekahead")
            )
        if is_new:
            return None
        path = site / file.path
        if path.is_dir() and not path.is_symlink():
            inside = {found.relative_to(site).as_posix() for found in path.rglob("*") if not found.is_dir()}
            return None if inside <= self._gone else self._foreign(path, "is a folder, not a file,")
        if file.path in self._known or self._clean:
            return None
        if not path.is_symlink() and _digest(path) == hash_bytes(file.make()):
            return None
        hint = "Move it away, or overwrite it with `build --clean` or `deploy --force`."
        return self._foreign(path, "was not made by weekahead", hint)

    def _foreign(self, path: Path, what: str, hint: str = "Move it away.") -> Finding:
        name = f"{self._paths.site.name}/{path.relative_to(self._paths.site)}"
        return Finding(
            where=Location(name),
            rule="not-ours",
            message=f"{name} {what} and is in the way",
            hint=hint,
        )


def _is_no_folder(path: str) -> bool:
    """Return whether something is there that is no folder, or a link to one."""
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _order(file: SiteFile, is_new: bool) -> tuple[bool, int, bool, str]:
    """Return the order of renaming: files; feeds that nobody reads yet; pages by order, new ones first; the other feeds."""
    first = file.order is WriteOrder.FILE or (is_new and file.order is WriteOrder.FEED)
    return not first, file.order, not is_new, file.path


def _write(path: Path, data: bytes) -> tuple[int, int]:
    """Write a whole file and return its size and modification time."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _stat(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def _digest(path: Path) -> str | None:
    try:
        return None if path.is_symlink() else hash_bytes(path.read_bytes())
    except OSError:
        return None
