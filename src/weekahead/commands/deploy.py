"""The site to where readers get it: a branch of a git repository or a folder, whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from weekahead.build.pipeline import BuildOptions, build
from weekahead.build.schedule_report import instant, read
from weekahead.build.writer import ManifestEntry, folders_of, read_manifest, site_paths, write
from weekahead.model.config import Deploy
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.model.output import Output
from weekahead.source.git import GitFailed, git

RECORD = ".weekahead"
"""The file in a branch that names every file of it that we made, a line each."""

NO_JEKYLL = ".nojekyll"
"""Tells GitHub Pages to serve a branch as it is."""


class Deployed(Struct, frozen=True, kw_only=True):
    """What a deployment did, or would do."""

    place: str
    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    others: int
    """Files there that are not ours, and stay."""


def deploy(root: Path, *, dry_run: bool = False, replace: bool = False) -> Deployed:
    """Make the place that `deploy:` in letter.yaml names equal to site/.

    What we put there and is no longer in the site is removed; what others put there stays, and is replaced where it
    stands in the way only if `replace` says so. Raises BuildError, with nothing changed, if the site is not what a build
    would make now, or the place cannot take it.
    """
    reading = read(root)
    if reading.letter is None:
        raise BuildError(reading.findings)
    to = reading.letter.config.deploy
    if to is None:
        hint = "Write deploy: {branch: gh-pages} or deploy: {folder: /var/www/letter} into letter.yaml."
        raise _refused(Location("letter.yaml"), "no-deploy", "letter.yaml does not say where the site goes", hint)
    _require_fresh(root)
    site = site_paths(root / "site")
    made = read_manifest(site).made
    content = partial(_content, site.site, made)
    if to.folder:
        return _to_folder(root, to, made, content, dry_run, replace)
    seconds = int(instant(None, reading.letter.schedule).timestamp())
    try:
        return _to_branch(root, to, made, content, seconds, dry_run, replace)
    except GitFailed as failed:
        message, hint = _in_plain_words(str(failed), to)
        raise _refused(Location("letter.yaml", to.line), "deploy-git", message, hint) from failed


def _refused(where: Location, rule: str, message: str, hint: str) -> BuildError:
    return BuildError([Finding(where=where, rule=rule, message=message, hint=hint)])


def _require_fresh(root: Path) -> None:
    """Refuse a site that a build would change now."""
    built = build(BuildOptions(root=root, dry_run=True))
    if not (built.changes.written or built.changes.removed):
        return
    with_drafts = build(BuildOptions(root=root, dry_run=True, drafts=True)).changes
    why = "is not what the letter says now"
    if not (with_drafts.written or with_drafts.removed):
        why = "was built with drafts"
    raise _refused(Location("site"), "stale-site", f"site/ {why}", "Build it first: weekahead build")


def _content(site: Path, made: Mapping[str, ManifestEntry], path: str) -> bytes:
    """The bytes of a file of the site, which are still those that were built."""
    try:
        data = (site / path).read_bytes()
    except OSError:
        data = b""
    if hash_bytes(data) != made[path].digest:
        message = f"site/{path} changed while it was being deployed"
        raise _refused(Location("site"), "changed-meanwhile", message, "Build and deploy again.")
    return data


# -- a folder


def _to_folder(
    root: Path,
    to: Deploy,
    made: Mapping[str, ManifestEntry],
    content: Callable[[str], bytes],
    dry_run: bool,
    replace: bool,
) -> Deployed:
    """The site copied as a build would write it: staged, recorded, renamed in order, removals last."""
    folder = (root / Path(to.folder or "").expanduser()).resolve()
    where, here = Location("letter.yaml", to.line), root.resolve()
    own = [here / name for name in ("issues", "pages", "templates", "site", ".weekahead", ".git")]
    if folder in (here, *here.parents) or any(folder.is_relative_to(place) for place in own):
        message = f'"{to.folder}" is where the letter itself lies'
        raise _refused(where, "deploy-folder", message, "Name a folder that holds nothing but the published site.")
    if not folder.parent.is_dir():
        message = f'"{to.folder}" cannot be made: there is no folder {folder.parent}'
        raise _refused(where, "deploy-folder", message, "Is the path right, and the disk mounted?")
    outputs = [
        Output(
            path=path,
            source=Location(f"site/{path}"),
            rank=found.rank,
            fingerprint=found.digest,
            parts=f"bytes:{found.digest}",
            make=partial(content, path),
        )
        for path, found in made.items()
    ]
    changes = write(outputs, site_paths(folder), dry_run=dry_run, clean=replace)
    there = (found.relative_to(folder) for found in folder.rglob("*") if not found.is_dir())
    removed = tuple(change.path for change in changes.removed)
    names = {path.as_posix() for path in there if path.parts[0] != ".weekahead"}
    return Deployed(
        place=str(to.folder),
        written=tuple(change.path for change in changes.written),
        removed=removed,
        kept=changes.kept,
        others=len(names - made.keys() - {*removed}),
    )


# -- a branch


def _to_branch(
    root: Path,
    to: Deploy,
    made: Mapping[str, ManifestEntry],
    content: Callable[[str], bytes],
    seconds: int,
    dry_run: bool,
    replace: bool,
) -> Deployed:
    """One commit with the whole site, put on top of the branch and pushed; no file and no branch here is touched."""
    tip = _tip(root, to)
    there = _tree(root, tip)
    ours = {RECORD, *_lines(root, tip)} if RECORD in there else set()
    wanted: dict[str, Callable[[], bytes]] = {path: partial(content, path) for path in made}
    if NO_JEKYLL in ours or NO_JEKYLL not in there:
        wanted[NO_JEKYLL] = bytes
    record = "".join(f"{path}\n" for path in sorted(wanted)).encode()
    wanted[RECORD] = lambda: record
    others = there.keys() - ours
    _refuse_a_letter(to, others)
    written = [path for path in sorted(wanted) if there.get(path) != _blob(there, path, wanted[path])]
    removed = sorted(ours & there.keys() - wanted.keys())
    if not replace:
        _refuse_others(to, others, wanted.keys(), {*written})
    if (written or removed) and not dry_run:
        ref = f"refs/weekahead/{to.branch}"
        words = f"Publish the site: {len(written)} files written, {len(removed)} removed\n"
        head = [f"commit {ref}", f"committer {_committer(root)} {seconds} +0000", f"data {len(words.encode())}", words]
        head += [f"from {tip}"] if tip else []
        stream = _stream("\n".join(head) + "\n", removed, ((path, wanted[path]()) for path in written))
        git(root, "fast-import", "--quiet", "--force", "--done", given=stream)
        git(root, "push", "--quiet", "--no-verify", to.remote, f"{ref}:refs/heads/{to.branch}")
    return Deployed(
        place=f"branch {to.branch} of {to.remote}",
        written=tuple(path for path in written if path != RECORD),
        removed=tuple(removed),
        kept=len(wanted) - 1 - len([path for path in written if path != RECORD]),
        others=len(others - wanted.keys()),
    )


def _tip(root: Path, to: Deploy) -> str:
    """The newest commit of the branch on its host, which is then here as well; empty if there is no such branch."""
    git(root, "rev-parse", "--git-dir")
    said = git(root, "ls-remote", "--heads", to.remote, f"refs/heads/{to.branch}").decode().split()
    if not said:
        return ""
    shallow = git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    depth = ["--depth=1"] if shallow else []  # in a full repository it would cut off the letter's own history
    git(root, "fetch", "--quiet", "--no-tags", *depth, to.remote, f"+refs/heads/{to.branch}:refs/weekahead/{to.branch}")
    return git(root, "rev-parse", f"refs/weekahead/{to.branch}").decode().strip()


def _tree(root: Path, tip: str) -> dict[str, str]:
    """Every file of a commit, with the name that git has for its content."""
    said = git(root, "ls-tree", "-r", "-z", "--full-tree", tip) if tip else b""
    rows = (row.partition(b"\t") for row in said.split(b"\0") if row)
    return {path.decode("utf-8", "surrogateescape"): head.split()[2].decode() for head, _, path in rows}


def _lines(root: Path, tip: str) -> list[str]:
    return git(root, "cat-file", "blob", f"{tip}:{RECORD}").decode("utf-8", "replace").splitlines()


def _blob(there: Mapping[str, str], path: str, make: Callable[[], bytes]) -> str:
    """The name that git gives some content; nothing where there is none to compare it with."""
    if path not in there:
        return ""
    data = make()
    kind = hashlib.sha256 if len(there[path]) == 64 else hashlib.sha1
    return kind(b"blob %d\0" % len(data) + data).hexdigest()


def _refuse_a_letter(to: Deploy, others: Iterable[str]) -> None:
    if any(path.rpartition("/")[2] in ("letter.yaml", "schedule.yaml") for path in others):
        message = f"branch {to.branch} of {to.remote} holds a letter, and not a site"
        hint = "Name a branch that holds nothing but the published site, such as gh-pages."
        raise _refused(Location("letter.yaml", to.line), "deploy-branch", message, hint)


def _refuse_others(to: Deploy, others: Iterable[str], wanted: Iterable[str], written: set[str]) -> None:
    """Refuse to write over files that we did not make, or to put a folder in their place or a file in their folder's."""
    wanted = set(wanted)
    folders = {folder for path in wanted for folder in folders_of(path)}
    found = [path for path in sorted(others) if path in written or path in folders or wanted & {*folders_of(path)}]
    hint = "Take it away there, or let `weekahead deploy --replace` replace it."
    if found:
        place = f"branch {to.branch} of {to.remote}"
        findings = [
            Finding(
                where=Location("letter.yaml", to.line),
                rule="not-ours",
                message=f"{path} in {place} was not made by weekahead, and the site needs its place",
                hint=hint,
            )
            for path in found
        ]
        raise BuildError(findings)


def _committer(root: Path) -> str:
    """Who commits: the person git knows, else weekahead."""
    try:
        words = git(root, "var", "GIT_COMMITTER_IDENT").decode("utf-8", "replace")
    except GitFailed:
        return "weekahead <weekahead@localhost>"
    return re.sub(r"\s+\d+\s+[+-]\d+\s*$", "", words)


def _stream(head: str, removed: Iterable[str], written: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A commit as `git fast-import` reads it. Without its last line git takes nothing of it."""
    yield head.encode("utf-8", "surrogateescape")
    for path in removed:
        yield b"D " + _quoted(path) + b"\n"
    for path, data in written:
        yield b"M 100644 inline " + _quoted(path) + b"\ndata %d\n" % len(data)
        yield data
        yield b"\n"
    yield b"done\n"


def _quoted(path: str) -> bytes:
    words = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{words}"'.encode("utf-8", "surrogateescape")


TROUBLES = (
    (
        r"not a git repository",
        "the letter's folder is not in a git repository",
        "Make it one with `git init`, or deploy to a folder: deploy: {folder: ...}",
    ),
    (
        r"could not read (Username|Password)|Authentication failed|Permission denied|Permission to .* denied|\b403\b",
        "{remote} does not let you in",
        "A `git push` by hand must work first: check your key or token.",
    ),
    (
        r"Could not resolve host|unable to access|Connection (refused|timed out|reset)|Network is unreachable|unable to connect",
        "{remote} cannot be reached",
        "Is the network there? Nothing has changed; deploy again later.",
    ),
    (
        r"does not appear to be a git repository|No such remote|[Rr]epository .*not found|does not exist",
        'there is no repository at "{remote}"',
        "Give the name of a remote (`git remote -v` lists them) or an address: deploy: {branch: gh-pages, remote: origin}",
    ),
    (
        r"\[remote rejected\]|protected branch|hook declined",
        "{remote} refuses what is pushed to {branch}",
        "Is the branch protected, or checked out there?",
    ),
    (
        r"\[rejected\]|fetch first|non-fast-forward|cannot lock ref",
        "somebody else published to {branch} at the same time",
        "Nothing of theirs was overwritten. Deploy again.",
    ),
    (r"^git is not there$", "git is not installed", "Install it, or deploy to a folder: deploy: {folder: ...}"),
)
"""What git says, what it means, and what to do."""


def _in_plain_words(said: str, to: Deploy) -> tuple[str, str]:
    """A message and a hint for what git said."""
    words = " ".join(line.strip() for line in said.splitlines() if line.strip())[:300]
    for pattern, message, hint in TROUBLES:
        if re.search(pattern, said):
            return message.format(remote=to.remote, branch=to.branch), f"{hint} git says: {words}"
    return f"git could not publish to {to.branch} of {to.remote}", f"git says: {words}"
