"""The letter's git repository as its author sees it: what is not committed, what others pushed, and how the two come together.

Nothing is ever lost: what is not committed is never overwritten, and a pull that meets a conflict is taken back as a whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from weekahead.source.git import GitFailed, git
from weekahead.source.schedule_editor import EditError, one_line
from weekahead.source.text_edit import letter_edit

KINDS = {"A": "new", "?": "new", "M": "changed", "D": "removed", "R": "renamed", "T": "changed", "U": "in conflict"}
MOST_LINES = 400
"""Lines of a difference that are shown."""
QUIETLY = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
"""No hook of the repository runs, and nobody is asked for a key."""

_HARMLESS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol|safecrlf|quotepath)"
    r"|extensions\.(objectformat|refstorage)|user\.(name|email|useconfigonly)"
    r"|remote\..+\.(url|pushurl|fetch|prune|tagopt|gh-resolved)"
    r"|branch\..+\.(remote|merge|rebase|pushremote|description|[a-z]+-[a-z-]+)"
    r"|(advice|color|fetch|gc|init|pull|push|rerere)\.[a-z.-]+|merge\.(ff|conflictstyle|renames|stat)"
)
"""The settings of a repository with which the desk uses it: none of them names a program, or another file of settings."""


class ChangedFile(Struct, frozen=True):
    """A file that is not as it was committed: what happened to it, its name, and the one it had if it was renamed."""

    kind: str
    name: str
    before: str = ""


class Conflict(Struct, frozen=True):
    """A file that two people changed in the same place, with the two versions."""

    name: str
    here: str
    there: str


class RepositoryState(Struct, frozen=True, kw_only=True):
    """What a repository says of a letter."""

    branch: str
    upstream: str
    """The branch that others push to, such as "origin/main"; "" if there is none."""
    ahead: int
    behind: int
    """Commits that are only here, and only there as of the last look."""
    changes: tuple[ChangedFile, ...]
    difference: str
    is_busy: bool
    """Whether a merge or the like was begun elsewhere and waits to be ended."""
    refused: str = ""
    """The setting of the repository because of which it is left alone."""


class MergeConflict(Exception):
    """Two people changed the same place: nothing was changed here. `files` has both versions."""

    def __init__(self, files: list[Conflict]) -> None:
        super().__init__("two people changed the same place")
        self.files = files


def repository_state(root: Path) -> RepositoryState | None:
    """Return what git says of a letter; None where it is in no repository, or git is not there."""
    try:
        folder = git(root, "rev-parse", "--absolute-git-dir").decode("utf-8", "surrogateescape").strip()
        if refused := _refused_setting(root):
            return RepositoryState(
                branch="", upstream="", ahead=0, behind=0, changes=(), difference="", is_busy=False, refused=refused
            )
        out = git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--", ".")
        has_commit = _succeeds(root, "rev-parse", "--verify", "--quiet", "HEAD")
        diff = git(
            root, "diff", "--no-ext-diff", "--no-textconv", "--no-color", *(["HEAD"] if has_commit else []), "--", "."
        )
    except GitFailed:
        return None
    heads, changes = _parsed(out.decode("utf-8", "replace").split("\0"))
    ahead, behind = re.findall(r"\d+", heads.get("branch.ab", "0 0"))
    lines = diff.decode("utf-8", "replace").split("\n")
    busy = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")
    return RepositoryState(
        branch=heads.get("branch.head", ""),
        upstream=heads.get("branch.upstream", ""),
        ahead=int(ahead),
        behind=int(behind),
        changes=tuple(changes),
        difference="\n".join(lines[:MOST_LINES]) + ("\n…" if len(lines) > MOST_LINES else ""),
        is_busy=any(os.path.lexists(os.path.join(folder, name)) for name in busy),
    )


def _refused_setting(root: Path) -> str:
    """Return a setting of the repository itself that could run a program, as in a letter that came as an archive; "" if there is none."""
    names = git(root, "config", "--local", "--list", "--name-only", "-z").decode("utf-8", "replace").split("\0")
    return next((name for name in names if name and not _HARMLESS.fullmatch(name)), "")


def _parsed(rows: list[str]) -> tuple[dict[str, str], list[ChangedFile]]:
    """Return the heads and the files of `git status --porcelain=v2`."""
    heads: dict[str, str] = {}
    changes = []
    following: Iterator[str] = iter(rows)
    for row in following:
        kind, _, rest = row.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            heads[name] = value
        elif kind == "?":
            changes.append(ChangedFile(KINDS["?"], rest))
        elif kind in ("1", "2", "u"):
            states, count = rest[:2].replace(".", ""), {"1": 7, "2": 8, "u": 9}[kind]
            name = rest.split(" ", count)[count]
            before = next(following) if kind == "2" else ""
            what = "in conflict" if kind == "u" else "renamed" if kind == "2" else KINDS.get(states[:1], "changed")
            changes.append(ChangedFile(what, name, before))
    return heads, changes


def commit_all(root: Path, words: str) -> str:
    """Commit all changes of the letter with a message; return the new commit's short name. Raise EditError."""
    words = "\n".join(line.rstrip() for line in words.replace("\r\n", "\n").split("\n")).strip()
    if not one_line(words):
        raise EditError("say in a few words what changed")
    _require_calm(root)
    with letter_edit(root):  # no edit is half made in a commit
        _run(root, "add", "--all", "--", ".")
        _run(root, "commit", "--quiet", "--no-verify", "--cleanup=verbatim", f"--message={words}", "--", ".")
    return _run(root, "rev-parse", "--short", "HEAD").strip()


def pull(root: Path) -> str:
    """Bring in what others pushed; return what came, in words. Raise EditError, and MergeConflict with nothing changed.

    What is not committed must be committed first, so that nothing of it can be lost.
    """
    state = _require_calm(root)
    if not state.upstream:
        raise EditError("this branch follows no other one; set it once: git push --set-upstream origin " + state.branch)
    if any(change.kind != "new" for change in state.changes):
        raise EditError("commit your changes first, so that none of them can be lost")
    before = _run(root, "rev-parse", "HEAD").strip()
    _run(root, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    if _run(root, "rev-list", "--count", "HEAD..@{upstream}").strip() == "0":
        return "Nothing new there."
    with letter_edit(root):  # of an edit at the same time nothing is lost
        _merge(root)
    count = _run(root, "rev-list", "--count", f"{before}..@{{upstream}}").strip()
    return f"{count} {'commit' if count == '1' else 'commits'} brought in."


def _merge(root: Path) -> None:
    try:
        _git(root, "merge", "--quiet", "--no-edit", "--no-verify", "@{upstream}")
    except GitFailed as error:
        conflicts = _conflicts(root)
        if _succeeds(root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD"):
            _run(root, "merge", "--abort")
        if conflicts:
            raise MergeConflict(conflicts) from None
        raise EditError(f"git did not bring the two together: {_words(error)}; nothing was changed") from None


def push(root: Path) -> str:
    """Push what is committed; return what was done, in words. Raise EditError if others pushed meanwhile."""
    state = _require_calm(root)
    if not state.upstream:
        raise EditError("this branch follows no other one; set it once: git push --set-upstream origin " + state.branch)
    remote, _, branch = state.upstream.partition("/")
    try:
        _git(root, "push", "--quiet", "--no-verify", remote, f"HEAD:refs/heads/{branch}")
    except GitFailed as error:
        if re.search("rejected|fetch first|non-fast-forward", str(error)):
            raise EditError("others have pushed since; pull first") from None
        raise EditError(f"git could not push: {_words(error)}") from None
    return f"Pushed to {state.upstream}."


# -- inner


def _require_calm(root: Path) -> RepositoryState:
    state = repository_state(root)
    if state is None:
        raise EditError("the letter is in no git repository")
    if state.refused:
        raise EditError(f"the repository has the setting {state.refused}; use git itself")
    if state.is_busy:
        raise EditError("a merge was begun elsewhere; end it there first, as git status says")
    if state.branch == "(detached)":
        raise EditError("no branch is checked out; choose one first: git switch main")
    return state


def _conflicts(root: Path) -> list[Conflict]:
    """Return the files in conflict with their two versions, where both are text."""
    names = _run(root, "diff", "--name-only", "--diff-filter=U", "-z", "--relative").split("\0")
    return [Conflict(name, _version(root, 2, name), _version(root, 3, name)) for name in names if name]


def _version(root: Path, stage: int, name: str) -> str:
    try:
        return _git(root, "show", "--no-textconv", f":{stage}:./{name}").decode("utf-8")
    except GitFailed:
        return "(removed)"
    except UnicodeDecodeError:
        return "(not a text)"


def _git(root: Path, *arguments: str) -> bytes:
    return git(root, *QUIETLY, *arguments, asks=False)


def _run(root: Path, *arguments: str) -> str:
    """Return what git says. Raise EditError in git's own words."""
    try:
        return _git(root, *arguments).decode("utf-8", "replace")
    except GitFailed as error:
        raise EditError(f"git: {_words(error)}") from None


def _words(error: GitFailed) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")


def _succeeds(root: Path, *arguments: str) -> bool:
    try:
        _git(root, *arguments)
    except GitFailed:
        return False
    return True
