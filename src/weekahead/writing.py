"""From plan to disk: only what changed, whole files only, and nothing that is not ours.

Everything is made and staged beside the site before the site changes. Then a record of the renames is
written, and the renames follow it in order. A build killed before the record has changed nothing; one
killed after it is finished by the next command that comes here.
"""

from __future__ import annotations

import codecs
import errno
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from weekahead.digests import digest_of
from weekahead.findings import Finding, NotReady, Where
from weekahead.output import Output


class Made(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a file we made: fingerprint and its parts, digest of its bytes, and how it looked on disk."""

    fingerprint: str
    reasons: tuple[tuple[str, str], ...]
    digest: str
    size: int
    changed: int
    """Modification time in nanoseconds."""


class Manifest(Struct, frozen=True):
    """What is remembered of a site: the edition it shows, and every file of it that we made."""

    edition: str = ""
    made: dict[str, Made] = {}


class Commit(Struct, frozen=True):
    """What is to be done to a site, in order: renames of staged files, removals, and then its new manifest."""

    renames: list[tuple[str, str]]
    gone: list[str]
    manifest: Manifest


class Change(Struct, frozen=True):
    """One file that a build writes or removes, and why."""

    path: str
    why: str


class Changes(Struct, frozen=True):
    """What a build did, or would do."""

    written: tuple[Change, ...]
    removed: tuple[Change, ...]
    kept: int


class Press(Struct, frozen=True):
    """A site's folder, and the folder beside it where its next edition is made ready."""

    site: Path
    work: Path

    @property
    def manifest(self) -> Path:
        return self.work / "manifest.json"

    @property
    def stage(self) -> Path:
        return self.work / "stage"

    @property
    def record(self) -> Path:
        return self.work / "commit.json"


def press_for(site: Path) -> Press:
    """The site's working folder lies beside it, on the same file system: .weekahead/<name of the site's folder>/."""
    site = site.absolute()
    return Press(site, site.parent / ".weekahead" / site.name)


def unchanged(press: Press, edition: str) -> Changes | None:
    """No changes, if the site shows an edition already and no one has touched its files; else None."""
    if press.record.exists():
        return None
    manifest = read_manifest(press)
    if manifest.edition != edition or not all(_as_made(press, path, made) for path, made in manifest.made.items()):
        return None
    return Changes((), (), len(manifest.made))


def _as_made(press: Press, path: str, made: Made) -> bool:
    """Does a file of the site look as it did when we made it?"""
    try:
        found = os.lstat(f"{press.site}/{path}")
    except OSError:
        return False
    return found.st_size == made.size and found.st_mtime_ns == made.changed


def write(
    outputs: Iterable[Output], press: Press, edition: str = "", *, clean: bool = False, dry_run: bool = False
) -> Changes:
    """Make the site equal to the outputs. Raises NotReady, before anything has changed, when it cannot."""
    with _only_one(press, dry_run):
        if not dry_run:
            finish(press)
        known = Manifest() if clean else read_manifest(press)
        try:
            return _write(list(outputs), press, edition, known, clean, dry_run)
        except OSError as error:
            raise NotReady([_cannot_write(press, error)]) from error
        finally:
            if not dry_run and not press.record.exists():
                _clear(press.stage)


def _write(
    outputs: list[Output], press: Press, edition: str, manifest: Manifest, clean: bool, dry_run: bool
) -> Changes:
    known = manifest.made
    kept: dict[str, Made] = {}
    changed: list[tuple[Output, str]] = []
    for output in outputs:
        made = known.get(output.path)
        why = _why(output, made, press)
        if made and not why:
            kept[output.path] = made
        else:
            changed.append((output, why))
    gone = sorted({*(read_manifest(press).made if clean else known)} - {output.path for output in outputs})
    findings = [finding for output, _ in changed if (finding := _in_the_way(output, press, known, clean))]
    written, renames, faults = _stage(changed, press, kept, dry_run)
    if findings or faults:
        raise NotReady([*findings, *faults])
    changes = Changes(
        tuple(written),
        tuple(Change(path, "no longer part of the letter") for path in gone),
        len(kept) - len(renames),
    )
    if not dry_run:
        _commit(press, renames, gone, Manifest(edition, dict(sorted(kept.items()))), manifest)
    return changes


def _why(output: Output, made: Made | None, press: Press) -> str:
    """Why an output must be made; empty when the file in the site is known to be it."""
    if made is None:
        return "new"
    if made.fingerprint != output.fingerprint:
        before = dict(made.reasons)
        parts = [what for what, value in output.reasons if before.get(what) != value]
        return f"its {' and '.join(parts) or 'making'} changed"
    if _as_made(press, output.path, made):
        return ""
    found = _digest(press.site / output.path)
    return "" if found == made.digest else "it was changed by someone else" if found else "it was missing"


def _in_the_way(output: Output, press: Press, known: Mapping[str, Made], clean: bool) -> Finding | None:
    """Does something that is not ours stand where an output wants to go?"""
    path = press.site
    for part in output.path.split("/")[:-1]:
        path = path / part
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            return _not_ours(press, path, "is not a folder of ours")
    path = press.site / output.path
    if path.is_dir() and not path.is_symlink():
        return _not_ours(press, path, "is a folder where a file must go")
    if not (path.exists() or path.is_symlink()) or output.path in known or clean:
        return None
    if not path.is_symlink() and _digest(path) == digest_of(output.make()):
        return None
    return _not_ours(press, path, "was not made by weekahead")


def _not_ours(press: Press, path: Path, what: str) -> Finding:
    name = f"{press.site.name}/{path.relative_to(press.site)}"
    return Finding(
        where=Where(name),
        rule="not-ours",
        message=f"{name} {what}, and the site needs its place",
        hint="Move it away, or let `weekahead build --clean` replace it.",
    )


def _stage(
    changed: list[tuple[Output, str]], press: Press, kept: dict[str, Made], dry_run: bool
) -> tuple[list[Change], list[tuple[str, str]], list[Finding]]:
    """Make what changed and put it beside the site. `kept` gains an entry for each."""
    written: list[Change] = []
    renames: list[tuple[str, str]] = []
    faults: list[Finding] = []
    if changed and not dry_run:
        press.stage.mkdir(parents=True, exist_ok=True)
    for place, (output, why) in enumerate(
        sorted(changed, key=lambda pair: (pair[0].rank, not _is_new(pair[1]), pair[0].path))
    ):
        try:
            data = output.make()
        except NotReady as error:
            faults += error.findings
            continue
        name, digest = str(place), digest_of(data)
        looks = (0, 0)
        if _digest(press.site / output.path) == digest:
            found = os.stat(press.site / output.path)
            looks = (found.st_size, found.st_mtime_ns)
        else:
            written.append(Change(output.path, why))
            if not dry_run:
                looks = _put(press.stage / name, data)
                renames.append((name, output.path))
        kept[output.path] = Made(output.fingerprint, output.reasons, digest, *looks)
    return written, renames, faults


def _is_new(why: str) -> bool:
    return why == "new"


def _put(path: Path, data: bytes) -> tuple[int, int]:
    """Write a whole file; its size and modification time."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _digest(path: Path) -> str | None:
    try:
        return None if path.is_symlink() else digest_of(path.read_bytes())
    except OSError:
        return None


def _commit(
    press: Press,
    renames: list[tuple[str, str]],
    gone: list[str],
    manifest: Manifest,
    before: Manifest,
) -> None:
    if not renames and not gone and manifest == before and press.manifest.exists():
        return
    press.work.mkdir(parents=True, exist_ok=True)
    _put_synced(press.record, msgspec.json.encode(Commit(renames, gone, manifest)))
    finish(press)


def edit(path: Path, change: Callable[[str], str]) -> tuple[str, str]:
    """Change the text of one of the author's files; the text before and after, with LF line ends.

    Byte-order mark, CRLF line ends and permissions stay. The new file takes the old one's place whole, and
    nothing is written where nothing changed. Raises NotReady.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        ends = "\r\n" if "\r\n" in text else "\n"
        before = text.replace("\r\n", "\n")
        after = change(before)
        if after != before:
            mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
            partial = path.with_name(f".{path.name}.partial")
            _put(partial, mark + after.replace("\n", ends).encode())
            os.chmod(partial, os.stat(path).st_mode & 0o7777)
            os.replace(partial, path)
        return before, after
    except OSError as error:
        message = f"cannot write {path.name}: {(error.strerror or str(error)).lower()}"
        raise NotReady([Finding(where=Where(path.name), rule="cannot-write", message=message)]) from error


def _put_synced(path: Path, data: bytes) -> None:
    """Write a file so that after a power cut it is there whole, or as it was before."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def finish(press: Press) -> None:
    """Carry out a recorded commit, as far as that has not happened yet."""
    try:
        record = msgspec.json.decode(press.record.read_bytes(), type=Commit)
    except FileNotFoundError:
        return
    except msgspec.MsgspecError:
        press.record.unlink()
        return
    for name, path in record.renames:
        target = press.site / path
        try:
            os.replace(press.stage / name, target)
        except FileNotFoundError:
            if (press.stage / name).exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(press.stage / name, target)
    for path in record.gone:
        _remove(press.site, path)
    _put_synced(press.manifest, msgspec.json.encode(record.manifest))
    press.record.unlink()
    _clear(press.stage)


def _clear(stage: Path) -> None:
    from shutil import rmtree

    if stage.exists():
        rmtree(stage, ignore_errors=True)


def _remove(site: Path, path: str) -> None:
    """Remove a file of ours, and the folders that it leaves empty."""
    (site / path).unlink(missing_ok=True)
    for folder in (site / path).parents:
        if folder == site or folder.is_symlink():
            return
        try:
            folder.rmdir()
        except OSError:
            return


def read_manifest(press: Press) -> Manifest:
    """What we made last time; nothing when that is not known."""
    try:
        return msgspec.json.decode(press.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return Manifest()


@contextmanager
def _only_one(press: Press, dry_run: bool) -> Iterator[None]:
    """Hold the lock of a site. The system lets it go when its holder ends, however that happens."""
    if dry_run:
        yield
        return
    try:
        press.work.mkdir(parents=True, exist_ok=True)
        press.site.mkdir(parents=True, exist_ok=True)
        lock = open(press.work / "lock", "w")  # noqa: SIM115  (held by the with below)
    except OSError as error:
        raise NotReady([_cannot_write(press, error)]) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cannot_write(press: Press, error: OSError) -> Finding:
    """A failed write in one line; the site is as it was, or will be finished by the next build."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "permission is denied",
    }
    reason = reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
    name = Path(os.fsdecode(error.filename)).name if error.filename else press.site.name
    return Finding(
        where=Where(press.site.name),
        rule="cannot-write",
        message=f"cannot write {name}: {reason}",
        hint="Mend that and build again; nothing is lost.",
    )
