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
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import BuildError, Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.model.output import Output, WriteOrder, changed_parts
from weekahead.runtime.parallel import spread


class ManifestEntry(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a file we made: fingerprint and its parts, digest of its bytes, how it looked on disk, and its
    place in the order of renaming."""

    fingerprint: str
    parts: str
    digest: str
    size: int
    changed: int
    """Modification time in nanoseconds."""
    rank: WriteOrder = WriteOrder.LIST


class Manifest(Struct, frozen=True):
    """What is remembered of a site: the edition it shows, and every file of it that we made."""

    edition: str = ""
    made: dict[str, ManifestEntry] = {}


class Journal(Struct, frozen=True):
    """What is to be done to a site, in this order, and then its new manifest."""

    cleared: list[str]
    """Files of ours that are gone and stand in the way of a new one."""
    announced: list[str]
    """New pages that others may link to before they are there: each is first put in as a page that says so."""
    renames: list[tuple[str, str]]
    """Staged files and where they go."""
    gone: list[str]
    manifest: msgspec.Raw
    """As it will lie beside the site."""


ANNOUNCEMENT = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>One moment</title>
</head>
<body>
<h1>One moment</h1>
<p>This page is being published. Please reload it.</p>
</body>
</html>
"""


class Change(Struct, frozen=True):
    """One file that a build writes or removes, and why."""

    path: str
    why: str


class Changes(Struct, frozen=True):
    """What a build did, or would do."""

    written: tuple[Change, ...]
    removed: tuple[Change, ...]
    kept: int
    made: Mapping[str, ManifestEntry] = {}
    """Every file of the site that we made."""


class SitePaths(Struct, frozen=True):
    """A site's folder, and the folder beside it where its next edition is made ready."""

    site: Path
    work: Path

    @property
    def manifest(self) -> Path:
        return self.work / "manifest"

    @property
    def stage(self) -> Path:
        return self.work / "stage"

    @property
    def record(self) -> Path:
        return self.work / "commit"


def site_paths(site: Path) -> SitePaths:
    """The site's working folder: .weekahead/<name of the site's folder>/ beside it.

    Renames work within one file system only. So a site that is one of its own, such as a mounted volume, or whose
    parent folder is closed to us has its working folder inside, in .weekahead/.
    """
    site = site.resolve()
    beside = site.parent / ".weekahead" / site.name
    try:
        apart = os.stat(site).st_dev != os.stat(site.parent).st_dev or not os.access(site.parent, os.W_OK)
    except OSError:
        apart = False
    return SitePaths(site, site / ".weekahead" if apart and not beside.exists() else beside)


def finish_interrupted(root: Path) -> None:
    """Carry out the commits of a letter's sites that a killed build left behind; those in progress are left alone."""
    for record in (root / ".weekahead").glob("*/commit"):
        press = SitePaths(root / record.parent.name, record.parent)
        try:
            with open(press.work / "lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                finish(press)
        except OSError:
            continue


def unchanged(press: SitePaths, edition: str) -> Changes | None:
    """No changes, if the site shows an edition already and no one has touched its files; else None."""
    if press.record.exists() or press.stage.exists():  # a killed build left it
        return None
    manifest = read_manifest(press)
    if manifest.edition != edition or not all(_as_made(press, path, made) for path, made in manifest.made.items()):
        return None
    return Changes((), (), len(manifest.made), manifest.made)


def _as_made(press: SitePaths, path: str, made: ManifestEntry) -> bool:
    """Does a file of the site look as it did when we made it?"""
    try:
        found = os.lstat(f"{press.site}/{path}")
    except OSError:
        return False
    return found.st_size == made.size and found.st_mtime_ns == made.changed


Makers = Callable[[Sequence[Output]], Iterator[bytes | BuildError]]
"""Makes outputs, in their order; findings take the place of the bytes of one that cannot be made."""


def one_by_one(outputs: Sequence[Output]) -> Iterator[bytes | BuildError]:
    """Each output made here and now."""
    return spread(lambda place: outputs[place].make(), len(outputs), 1)


def write(
    outputs: Iterable[Output],
    press: SitePaths,
    edition: str = "",
    *,
    make: Makers = one_by_one,
    clean: bool = False,
    dry_run: bool = False,
) -> Changes:
    """Make the site equal to the outputs. Raises BuildError, before anything has changed, when it cannot."""
    with _only_one(press, dry_run):
        if not dry_run:
            finish(press)
        known = Manifest() if clean else read_manifest(press)
        try:
            return _write(list(outputs), press, edition, known, make, clean, dry_run)
        except OSError as error:
            raise BuildError([_cannot_write(press, error)]) from error
        finally:
            if not dry_run and not press.record.exists():
                _clear(press.stage)


def _write(
    outputs: list[Output],
    press: SitePaths,
    edition: str,
    manifest: Manifest,
    make: Makers,
    clean: bool,
    dry_run: bool,
) -> Changes:
    known = manifest.made
    kept: dict[str, ManifestEntry] = {}
    changed: list[tuple[Output, str]] = []
    for output in outputs:
        why, made = _kept(output, known.get(output.path), press)
        if made:
            kept[output.path] = made
        else:
            changed.append((output, why))
    gone = sorted({*(read_manifest(press).made if clean else known)} - {output.path for output in outputs})
    new = {output.path for output, _ in changed if not os.path.lexists(f"{press.site}/{output.path}")}
    blocked = lru_cache(maxsize=None)(lambda folder: _is_no_folder(f"{press.site}/{folder}"))
    findings = [
        finding
        for output, _ in changed
        if (finding := _in_the_way(output, press, blocked, output.path in new, known, gone, clean))
    ]
    staged, faults = _stage(changed, press, kept, new, make, dry_run)
    if findings or faults:
        raise BuildError([*findings, *faults])
    changes = Changes(
        tuple(Change(output.path, why) for output, why in staged),
        tuple(Change(path, "no longer part of the letter") for path in gone),
        len(kept) - len(staged),
        kept,
    )
    after = Manifest(edition, dict(sorted(kept.items())))
    if not dry_run and (staged or gone or after != manifest or not press.manifest.exists()):
        _commit(press, staged, new, gone, after)
    return changes


def _kept(output: Output, made: ManifestEntry | None, press: SitePaths) -> tuple[str, ManifestEntry | None]:
    """Why an output must be made; or no reason, and its entry, when the file in the site is known to be it."""
    if made is None:
        return "new", None
    if made.fingerprint != output.fingerprint:
        return f"its {' and '.join(changed_parts(made.parts, output.parts)) or 'making'} changed", None
    if _as_made(press, output.path, made):
        return "", made
    found = _digest(press.site / output.path)
    if found == made.digest:  # a copy of the site has new times
        size, changed = _look(press.site / output.path)
        return "", replace(made, size=size, changed=changed)
    return "it was changed by someone else" if found else "it was missing", None


def _is_no_folder(path: str) -> bool:
    """Does something stand there that is no folder, or a link to one?"""
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _in_the_way(
    output: Output,
    press: SitePaths,
    blocked: Callable[[str], bool],
    is_new: bool,
    known: Mapping[str, ManifestEntry],
    gone: list[str],
    clean: bool,
) -> Finding | None:
    """Does something that is not ours stand where an output wants to go?"""
    if obstacle := next(filter(blocked, reversed([*folders_of(output.path)])), None):
        return None if obstacle in gone else _not_ours(press, press.site / obstacle, "is not a folder of ours")
    if is_new:
        return None
    path = press.site / output.path
    if path.is_dir() and not path.is_symlink():
        inside = {found.relative_to(press.site).as_posix() for found in path.rglob("*") if not found.is_dir()}
        return None if inside <= {*gone} else _not_ours(press, path, "is a folder where a file must go")
    if output.path in known or clean:
        return None
    if not path.is_symlink() and _digest(path) == hash_bytes(output.make()):
        return None
    return _not_ours(press, path, "was not made by weekahead")


def _not_ours(press: SitePaths, path: Path, what: str) -> Finding:
    name = f"{press.site.name}/{path.relative_to(press.site)}"
    return Finding(
        where=Location(name),
        rule="not-ours",
        message=f"{name} {what}, and the site needs its place",
        hint="Move it away, or let `weekahead build --clean` replace it.",
    )


def _stage(
    changed: list[tuple[Output, str]],
    press: SitePaths,
    kept: dict[str, ManifestEntry],
    new: Set[str],
    make: Makers,
    dry_run: bool,
) -> tuple[list[tuple[Output, str]], list[Finding]]:
    """Make what changed and put it beside the site, each under its place in the order of renaming.

    Files that turn out to be in the site already are not staged; those that are `new` are not there. `kept` gains an entry
    for each file.
    """
    staged: list[tuple[Output, str]] = []
    faults: list[Finding] = []
    if changed and not dry_run:
        press.stage.mkdir(parents=True, exist_ok=True)
    ordered = sorted(changed, key=lambda pair: _order(pair[0], pair[0].path in new))
    for (output, why), data in zip(ordered, make([output for output, _ in ordered]), strict=True):
        if isinstance(data, BuildError):
            faults += data.findings
            continue
        digest, looks = hash_bytes(data), (0, 0)
        if output.path not in new and _digest(press.site / output.path) == digest:
            looks = _look(press.site / output.path)
        else:
            if not dry_run:
                looks = _put(press.stage / str(len(staged)), data)
            staged.append((output, why))
        kept[output.path] = ManifestEntry(output.fingerprint, output.parts, digest, *looks, output.rank)
    return staged, faults


def _order(output: Output, is_new: bool) -> tuple[bool, int, bool, str]:
    """The order of renaming: files; feeds that nobody reads yet; pages by rank, new ones first; the other feeds."""
    first = output.rank is WriteOrder.FILE or (is_new and output.rank is WriteOrder.FEED)
    return not first, output.rank, not is_new, output.path


def _put(path: Path, data: bytes) -> tuple[int, int]:
    """Write a whole file; its size and modification time."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _look(path: Path) -> tuple[int, int]:
    """Size and modification time of a file that is there."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def _digest(path: Path) -> str | None:
    try:
        return None if path.is_symlink() else hash_bytes(path.read_bytes())
    except OSError:
        return None


def _commit(
    press: SitePaths, staged: list[tuple[Output, str]], new: Set[str], gone: list[str], manifest: Manifest
) -> None:
    pages = [
        output.path for output, _ in staged if output.path in new and WriteOrder.FILE < output.rank < WriteOrder.FEED
    ]
    paths = {output.path for output, _ in staged}
    folders = {folder for path in paths for folder in folders_of(path)}
    cleared = [path for path in gone if path in folders or not paths.isdisjoint(folders_of(path))]
    commit = Journal(
        cleared=cleared,
        announced=pages if len(pages) > 1 else [],
        renames=[(str(place), output.path) for place, (output, _) in enumerate(staged)],
        gone=gone,
        manifest=msgspec.Raw(msgspec.msgpack.encode(manifest)),
    )
    press.work.mkdir(parents=True, exist_ok=True)
    _put_synced(press.record, msgspec.msgpack.encode(commit))
    finish(press)


def record(press: SitePaths, name: str, data: bytes) -> None:
    """Put a file that only spares later builds some work beside the site, whole or not at all; an error is no matter."""
    with suppress(OSError, BuildError), _only_one(press, dry_run=False):
        if press.record.exists():  # another build was killed, and what it staged waits for the next
            return
        try:
            press.stage.mkdir(exist_ok=True)
            (press.stage / name).write_bytes(data)
            os.replace(press.stage / name, press.work / name)
        finally:
            _clear(press.stage)


def folders_of(path: str) -> Iterator[str]:
    """Every folder that a path of the site lies in."""
    while path := path.rpartition("/")[0]:
        yield path


def edit_file(root: Path, name: str, change: Callable[[str], str]) -> tuple[str, str]:
    """Change the text of one of the author's files; the text before and after, with LF line ends.

    Byte-order mark, line ends and permissions stay. The new file takes the old one's place whole, nothing is
    written where nothing changed, and of two edits at once the second sees what the first did. Raises BuildError.
    """
    path, work = root / name, root / ".weekahead"
    try:
        work.mkdir(exist_ok=True)
        with open(work / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig")
            ends = ["\r\n" if line.endswith("\r") else "\n" for line in text.split("\n")[:-1]]
            before = text.replace("\r\n", "\n")
            after = change(before)
            if after != before:
                mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
                mode = os.stat(path).st_mode & 0o7777
                _put_synced(path.resolve(), mark + _ended(after, ends).encode(), work / "edited", mode)
            return before, after
    except OSError as error:
        message = f"cannot write {name}: {(error.strerror or str(error)).lower()}"
        raise BuildError([Finding(where=Location(name), rule="cannot-write", message=message)]) from error


def _ended(text: str, ends: Sequence[str]) -> str:
    """A text with the line ends it had: each line its own where no line came or went, else those it had any of."""
    lines = text.split("\n")
    if len(lines) != len(ends) + 1:
        ends = ["\r\n" if "\r\n" in ends else "\n"] * (len(lines) - 1)
    return "".join(part for pair in zip(lines, [*ends, ""], strict=True) for part in pair)


def _put_synced(path: Path, data: bytes, partial: Path | None = None, mode: int = 0o666) -> None:
    """Write a file so that after a power cut it is there whole, or as it was before."""
    partial = partial or path.with_suffix(".partial")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        if partial.name == "edited":
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def finish(press: SitePaths) -> None:
    """Carry out a recorded commit, as far as that has not happened yet."""
    try:
        commit = msgspec.msgpack.decode(press.record.read_bytes(), type=Journal)
    except FileNotFoundError:
        return
    except msgspec.MsgspecError:
        press.record.unlink()
        return
    for path in commit.cleared:
        _remove(press.site, path)
    announced = dict.fromkeys(commit.announced)
    for place, (name, path) in enumerate(commit.renames):
        if path in announced:
            _announce(press, [path for _, path in commit.renames[place:] if path in announced])
            announced = {}
        target = press.site / path
        try:
            os.replace(press.stage / name, target)
        except FileNotFoundError:
            if (press.stage / name).exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(press.stage / name, target)
    for path in commit.gone:
        if path not in commit.cleared:
            _remove(press.site, path)
    _put_synced(press.manifest, commit.manifest)
    press.record.unlink()
    _clear(press.stage)


def _announce(press: SitePaths, paths: list[str]) -> None:
    """Put a page that says "one moment" wherever a new page will be, so that no page links to nothing meanwhile."""
    page = press.work / "announcement.html"
    page.unlink(missing_ok=True)  # a killed build may have left it, with links to it in the site
    page.write_bytes(ANNOUNCEMENT)
    for path in paths:
        target = press.site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(page, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without hard links
            target.write_bytes(ANNOUNCEMENT)
    page.unlink()


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


def read_manifest(press: SitePaths) -> Manifest:
    """What we made last time; nothing when that is not known."""
    try:
        return msgspec.msgpack.decode(press.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return Manifest()


@contextmanager
def _only_one(press: SitePaths, dry_run: bool) -> Iterator[None]:
    """Hold the lock of a site. The system lets it go when its holder ends, however that happens."""
    if dry_run:
        yield
        return
    try:
        press.work.mkdir(parents=True, exist_ok=True)
        press.site.mkdir(parents=True, exist_ok=True)
        lock = open(press.work / "lock", "w")  # noqa: SIM115  (held by the with below)
    except OSError as error:
        raise BuildError([_cannot_write(press, error)]) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cannot_write(press: SitePaths, error: OSError) -> Finding:
    """A failed write in one line; the site is as it was, or will be finished by the next build."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "permission is denied",
    }
    reason = reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
    name = Path(os.fsdecode(error.filename)).name if error.filename else press.site.name
    return Finding(
        where=Location(press.site.name),
        rule="cannot-write",
        message=f"cannot write {name}: {reason}",
        hint="Mend that and build again; nothing is lost.",
    )
