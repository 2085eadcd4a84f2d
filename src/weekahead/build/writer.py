"""From plan to disk: only what changed, whole files only, and nothing that is not ours.

Everything is made and staged beside the site before the site changes. Then the renames are recorded in a journal, and
carried out in order. A build killed before the journal is written has changed nothing; one killed after it is finished by
the next command.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.obstacles import Obstacles, digest_if_file
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
from weekahead.build.transaction import (
    ANNOUNCED,
    Journal,
    cannot_write,
    checked_folders,
    clear_stage,
    commit,
    finish_or_set_aside,
    folders_of,
    is_ours,
    site_lock,
)
from weekahead.model.findings import BuildError, Finding, Location, build_error, warning
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import write_synced
from weekahead.runtime.files import new_file, own_folder
from weekahead.runtime.pieces import digest_of, pieces
from weekahead.site.output import CopiedFile, SiteFile, WriteOrder


class MadeFile(Struct, array_like=True):
    """A file that was made: its bytes, or None where the site has them or they are to be copied."""

    fingerprint: str
    data: bytes | None


class Maker:
    """Makes files, and says which of them are unchanged since a build. This one copies them as they are."""

    def fingerprint(self, file: SiteFile) -> str | None:
        """Return the fingerprint of a file; None if it can be told only by making the file."""
        return file.digest if isinstance(file, CopiedFile) else None

    def make(self, files: Sequence[SiteFile], expected: Sequence[str]) -> Iterator[MadeFile | BuildError]:
        """Make files, in order. A file with the expected fingerprint needs no bytes."""
        for file in files:
            try:
                data = None if isinstance(file, CopiedFile) else file.make()
                yield MadeFile(self.fingerprint(file) or "", data)
            except BuildError as error:
                yield error

    def reason(self, file: SiteFile) -> str:
        """Return in a sentence why the fingerprint of a file is not what it was."""
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
    left: tuple[Finding, ...] = ()
    """A warning for each file that is no longer part of the site and stays, because somebody changed it."""


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
    if record:
        with suppress(OSError, BuildError), site_lock(paths, dry_run=False):  # it only spares later builds some work
            if not paths.is_interrupted:  # another build was killed, and what it staged waits for the next
                write_synced(paths.state, encode_state(snapshot, manifest, record, state.addresses))
    return Changes((), (), len(manifest), manifest)


def write(
    files: Iterable[SiteFile],
    paths: SitePaths,
    snapshot: str = "",
    *,
    maker: Maker | None = None,
    record: UpToDateRecord | None = None,
    remember: Callable[[bytes], bytes] = lambda addresses: addresses,
    clean: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make the site equal to the files of a plan. Raises BuildError when it cannot, and says whether anything has changed.

    `remember` returns the addresses to remember of the site from those that were remembered before.
    """
    with site_lock(paths, dry_run):
        try:
            if not dry_run:
                finish_or_set_aside(paths)
            state = read_state(paths)
            session = _Session(list(files), paths, maker or Maker(), state.entries(), clean, dry_run)
            changes = session.run()
            if not dry_run:
                session.commit(state, snapshot, record, remember(state.addresses))
            return changes
        except OSError as error:
            raise cannot_write(paths, error) from error
        finally:
            if not dry_run and not paths.journal.exists():
                clear_stage(paths.stage)


class _Session:
    """One run of `write`."""

    def __init__(
        self, files: list[SiteFile], paths: SitePaths, maker: Maker, before: Manifest, clean: bool, dry_run: bool
    ) -> None:
        self.files, self.paths, self.maker = files, paths, maker
        self.stage = str(paths.stage)
        self.clean, self.dry_run = clean, dry_run
        self.before, self.known = before, {} if clean else before
        gone, check = sorted(before.keys() - {file.path for file in files}), checked_folders(paths.site)
        self.gone = {
            path: before[path].digest for path in gone if is_ours(paths.site, path, before[path].digest, check)
        }
        self.left = [path for path in gone if path not in self.gone and os.path.lexists(f"{paths.site}/{path}")]
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
        self.new = {file.path for file, _ in changed if self._is_new(file.path)}
        obstacles = Obstacles(self.paths, self.known, frozenset(self.gone), self.clean)
        findings = [found for file, _ in changed if (found := obstacles.find(file, file.path in self.new))]
        if not self.dry_run:
            obstacles.refuse_closed([*(file.path for file, _ in changed), *self.gone])
        findings += self._stage(changed)
        if findings:
            raise BuildError(findings)
        return Changes(
            tuple(Change(file.path, why) for file, why in self.staged),
            tuple(Change(path, "no longer part of the site") for path in self.gone),
            len(self.manifest) - len(self.staged),
            self.manifest,
            tuple(map(self._left_behind, self.left)),
        )

    def _left_behind(self, path: str) -> Finding:
        name = f"{self.paths.site.name}/{path}"
        message = f"{name} is no longer part of the site, but somebody changed it, so it stays"
        return warning(Location(name), "not-ours", message, "Delete it, if nobody is to see it.")

    def _is_new(self, path: str) -> bool:
        """Return whether readers have not seen a file yet, but for a page that announces it."""
        entry = self.before.get(path)
        return (entry is not None and entry.digest == ANNOUNCED) or not os.path.lexists(f"{self.paths.site}/{path}")

    def commit(self, before: SiteState, snapshot: str, record: UpToDateRecord | None, addresses: bytes) -> None:
        """Put what was staged in place, with the new state."""
        manifest = dict(sorted(self.manifest.items()))
        state = encode_state(snapshot, manifest, record, addresses)
        if not (self.staged or self.gone or self.left) and self.paths.state.exists():
            known = before.snapshot, before.entries(), before.addresses
            if known != (snapshot, manifest, addresses) or record:
                write_synced(self.paths.state, state)
            return
        pages = [f.path for f, _ in self.staged if f.path in self.new and WriteOrder.FILE < f.order < WriteOrder.FEED]
        staged = {file.path for file, _ in self.staged}
        folders = {folder for path in staged for folder in folders_of(path)}
        cleared = {path for path in self.gone if path in folders or not staged.isdisjoint(folders_of(path))}
        journal = Journal(
            cleared=[(path, digest) for path, digest in self.gone.items() if path in cleared],
            announced=pages,
            renames=[(str(n), file.path) for n, (file, _) in enumerate(self.staged)],
            removed=[(path, digest) for path, digest in self.gone.items() if path not in cleared],
        )
        commit(self.paths, journal, state)

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
        path = f"{self.paths.site}/{file.path}"
        found = digest_if_file(path)
        if found == entry.digest:  # a copy of the site has new times
            size, changed = _stat(path)
            return "", replace(entry, size=size, changed=changed)
        return "somebody changed it in the site" if found else "it was missing in the site", None

    def _stage(self, changed: list[tuple[SiteFile, str]]) -> list[Finding]:
        """Make what changed and put it beside the site, each under its place in the order of renaming.

        Files that turn out to be in the site already are not staged.
        """
        findings: list[Finding] = []
        if changed and not self.dry_run:
            own_folder(self.paths.stage)
        ordered = sorted(changed, key=lambda pair: _order(pair[0], pair[0].path in self.new))
        expected = [self._expected(file) for file, _ in ordered]
        made = self.maker.make([file for file, _ in ordered], expected)
        for (file, why), one in zip(ordered, made, strict=True):
            if isinstance(one, BuildError):
                findings += one.findings
            elif isinstance(file, CopiedFile):
                findings += self._copy(file, one.fingerprint, why)
            elif one.data is None:
                self.manifest[file.path] = self.known[file.path]
            else:
                self._put(file, one.fingerprint, hash_bytes(one.data), one.data, why)
        return findings

    def _expected(self, file: SiteFile) -> str:
        """Return the fingerprint of what the site has in place of a file; empty if that is not what we made."""
        entry = self.known.get(file.path)
        return entry.fingerprint if entry and is_as_made(self.paths, file.path, entry) else ""

    def _copy(self, file: CopiedFile, fingerprint: str, why: str) -> list[Finding]:
        """Stage a file of the letter a piece at a time. Return a finding if it is no longer what was read."""
        try:
            with file.open() as source:
                self._put(file, fingerprint, file.digest, pieces(source), why)
        except BuildError as error:
            return [*error.findings]
        return []

    def _put(self, file: SiteFile, fingerprint: str, digest: str, content: bytes | Iterable[bytes], why: str) -> None:
        """Stage a file, unless the site has its bytes already. Raises BuildError if pieces that are read have another digest."""
        target, size, changed = f"{self.paths.site}/{file.path}", 0, 0
        if file.path not in self.new and digest_if_file(target) == digest:
            self.manifest[file.path] = ManifestEntry(fingerprint, digest, *_stat(target), file.order)
            return
        if not self.dry_run:
            try:
                staged, size, changed = _write(f"{self.stage}/{len(self.staged)}", content, digest)
            except OSError as error:
                raise OSError(error.errno, error.strerror, target) from error
            if staged != digest:
                message = "this file changed while it was being copied"
                raise build_error(file.source.file, "changed-meanwhile", message, "Run the command again.")
        self.staged.append((file, why or self.maker.reason(file)))
        self.manifest[file.path] = ManifestEntry(fingerprint, digest, size, changed, file.order)


def _order(file: SiteFile, is_new: bool) -> tuple[bool, int, bool, str]:
    """Return the order of renaming: files; feeds that nobody reads yet; pages by order, new ones first; the other feeds."""
    first = file.order is WriteOrder.FILE or (is_new and file.order is WriteOrder.FEED)
    return not first, file.order, not is_new, file.path


def _write(path: str, content: bytes | Iterable[bytes], digest: str) -> tuple[str, int, int]:
    """Write a whole file and return its digest, size and modification time. Bytes have the given digest."""
    with new_file(path) as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            digest = digest_of(content, file.write)
        file.flush()
        return digest, *_stat(file.fileno())


def _stat(path: str | int) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns
