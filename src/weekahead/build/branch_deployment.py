"""Publish files as one commit on a branch of a git repository, without touching the working tree or a local branch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from weekahead.build.transaction import folders_of
from weekahead.build.writer import Change, Changes
from weekahead.model.config import Deploy
from weekahead.model.findings import BuildError, Finding, Location, build_error, warning
from weekahead.model.hashing import hash_bytes
from weekahead.source.git import GitFailed, git
from weekahead.source.git_branch import explain_git_error, fetch_tip, list_blobs, push_commit

RECORD = ".weekahead"
"""The file in a branch that names every file of it that we made, a line each with the digest of its content before it; a name with
control characters as JSON."""

NO_JEKYLL = ".nojekyll"
"""Tells GitHub Pages to serve a branch as it is."""


def push_branch(
    root: Path,
    to: Deploy,
    contents: Mapping[str, Callable[[], bytes]],
    digests: Mapping[str, str],
    seconds: int,
    *,
    dry_run: bool,
    force: bool,
) -> tuple[Changes, int]:
    """Make the branch equal to the files in `contents`, of these digests, dated `seconds` since 1970, and push it.

    Return what changed, and how many files of others stay. Raise BuildError, with nothing pushed, if git fails, if the
    branch holds a letter or, without `force`, if a file of others is in the way.
    """
    try:
        tip = fetch_tip(root, to.remote, to.branch)
        present = list_blobs(root, tip)
        recorded = _recorded_files(root, tip) if RECORD in present else {}
        ours = {RECORD, *recorded} if RECORD in present else set()
        others = present.keys() - ours
        _refuse_a_letter(to, others)
        wanted = _with_own_files(contents, digests, present, ours)
        written = [path for path in sorted(wanted) if present.get(path) != _blob_id(present, path, wanted[path])]
        gone = sorted(ours & present.keys() - wanted.keys())
        removed = [path for path in gone if _is_as_made(root, present[path], recorded[path])]
        _refuse_others(to, set() if force else others, {*wanted}, {*written})
        if (written or removed) and not dry_run:
            files = {path: wanted[path] for path in written}
            push_commit(root, to.remote, to.branch, tip, seconds, _subject(written, removed), files, removed)
    except GitFailed as error:
        why = explain_git_error(str(error), to.remote, to.branch)
        raise build_error(Location("letter.yaml", to.line), "deploy-git", *why) from error
    changes = Changes(
        written=tuple(Change(path, "changed" if path in present else "new") for path in written if path != RECORD),
        removed=tuple(Change(path, "no longer in the site") for path in removed),
        kept=len(wanted.keys() - {*written} - {RECORD}),
        left=tuple(_left_behind(to, path) for path in gone if path not in removed),
    )
    return changes, len(others - wanted.keys()) + len(changes.left)


def _subject(written: Sequence[str], removed: Sequence[str]) -> str:
    return f"Publish the site: {len(written)} files written, {len(removed)} removed"


def _is_as_made(root: Path, blob: str, digest: str) -> bool:
    """Return whether a file of the branch has the content that we gave it, as far as that was recorded."""
    return not digest or hash_bytes(git(root, "cat-file", "blob", blob)) == digest


def _left_behind(to: Deploy, path: str) -> Finding:
    message = f"{path} in branch {to.branch} is no longer part of the site, but somebody changed it, so it stays"
    return warning(Location("letter.yaml", to.line), "not-ours", message, "Remove it there, if nobody is to see it.")


def _with_own_files(
    contents: Mapping[str, Callable[[], bytes]], digests: Mapping[str, str], present: Mapping[str, str], ours: set[str]
) -> dict[str, Callable[[], bytes]]:
    """Return the site's files with the record of them and, unless it is somebody else's, the file .nojekyll."""
    wanted = dict(contents)
    if NO_JEKYLL in ours or NO_JEKYLL not in present:
        wanted[NO_JEKYLL] = bytes
    empty = hash_bytes(b"")
    lines = (f"{digests.get(path, empty)} {_recorded(path)}\n" for path in sorted(wanted))
    record = "".join(lines).encode("utf-8", "surrogateescape")
    wanted[RECORD] = lambda: record
    return wanted


def _recorded_files(root: Path, commit: str) -> dict[str, str]:
    """Return every file that the record of a commit names, with its digest; empty where an older version recorded none."""
    record = git(root, "cat-file", "blob", f"{commit}:{RECORD}").decode("utf-8", "surrogateescape")
    lines = (re.fullmatch(r"(?:([0-9a-f]{32}) )?(.*)", line, re.DOTALL) for line in record.split("\n") if line)
    return {_path_of(line[2]): line[1] or "" for line in lines if line}


def _recorded(path: str) -> str:
    """Return the line for a path: the path, or a string in JSON if it has a line end in it or looks like one."""
    return json.dumps(path) if path.startswith('"') or not path.isprintable() else path


def _path_of(line: str) -> str:
    with suppress(ValueError):
        return str(json.loads(line)) if line.startswith('"') else line
    return line


def _blob_id(present: Mapping[str, str], path: str, content: Callable[[], bytes]) -> str:
    """Return git's id of some content, or an empty string if the branch has no such file to compare it with."""
    if path not in present:
        return ""
    data = content()
    kind = hashlib.sha256 if len(present[path]) == 64 else hashlib.sha1
    return kind(b"blob %d\0" % len(data) + data).hexdigest()


def _refuse_a_letter(to: Deploy, others: Iterable[str]) -> None:
    """Raise BuildError if the branch holds a letter."""
    if any(path.rpartition("/")[2] in ("letter.yaml", "schedule.yaml") for path in others):
        message = f"branch {to.branch} of {to.remote} contains a letter, not a site"
        hint = "Use a branch for the published site alone, such as gh-pages."
        raise build_error(Location("letter.yaml", to.line), "deploy-branch", message, hint)


def _refuse_others(to: Deploy, others: Iterable[str], wanted: set[str], written: set[str]) -> None:
    """Raise BuildError if a file of others would be overwritten, become a folder, or is in a folder that becomes a file."""
    folders = {folder for path in wanted for folder in folders_of(path)}
    conflicts = [path for path in sorted(others) if path in written or path in folders or wanted & {*folders_of(path)}]
    if conflicts:
        where, place = Location("letter.yaml", to.line), f"branch {to.branch} of {to.remote}"
        messages = [f"{path} in {place} was not made by weekahead and is in the way" for path in conflicts]
        hint = "Remove it there, or overwrite it with `weekahead deploy --force`."
        raise BuildError(Finding(where, "not-ours", message, hint) for message in messages)
