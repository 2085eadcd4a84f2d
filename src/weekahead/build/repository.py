"""The letter's git repository as its author sees it: what is not committed, what others pushed, and how the two come together.

Nothing is ever lost: what is not committed is never overwritten, and a pull that meets a conflict is taken back as a whole, until its
author has said which versions to keep.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from weekahead.build.merging import Choice, Meeting, abort_merge, begin_merge, conflicts_of_merge, finish_merge
from weekahead.build.quiet_git import git_words, quiet_git, run_git, succeeds
from weekahead.model.counts import counted
from weekahead.source.git import GitFailed, git
from weekahead.source.schedule_editor import EditError, one_line
from weekahead.source.text_edit import letter_edit

KINDS = {"A": "new", "?": "new", "M": "changed", "D": "removed", "R": "renamed", "T": "changed", "U": "in conflict"}
MOST_LINES = 400
"""Lines of a difference that are shown."""

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
    is_merging: bool
    """Whether a merge was begun and waits to be ended, as after a `git pull` with a conflict."""
    is_busy: bool
    """Whether something else was begun and waits to be ended, such as a rebase."""
    refused: str = ""
    """The setting of the repository because of which it is left alone."""


BUSY = ("rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")
"""What git keeps while something is begun that is no merge."""


def is_unfinished(root: Path) -> bool:
    """Return whether a merge or the like was begun in a letter's repository and waits to be ended."""
    try:
        folder = _git_folder(root)
    except GitFailed:
        return False
    return any(os.path.lexists(os.path.join(folder, name)) for name in ("MERGE_HEAD", *BUSY))


def _git_folder(root: Path) -> str:
    return git(root, "rev-parse", "--absolute-git-dir").decode("utf-8", "surrogateescape").strip()


def repository_state(root: Path) -> RepositoryState | None:
    """Return what git says of a letter; None where it is in no repository, or git is not there."""
    try:
        folder = _git_folder(root)
        if refused := _refused_setting(root):
            return RepositoryState(
                branch="", upstream="", ahead=0, behind=0, changes=(), difference="", is_merging=False, is_busy=False,
                refused=refused,
            )  # fmt: skip
        out = git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--", ".")
        has_commit = succeeds(root, "rev-parse", "--verify", "--quiet", "HEAD")
        diff = git(
            root, "diff", "--no-ext-diff", "--no-textconv", "--no-color", *(["HEAD"] if has_commit else []), "--", "."
        )
    except GitFailed:
        return None
    heads, changes = _parsed(out.decode("utf-8", "replace").split("\0"))
    ahead, behind = re.findall(r"\d+", heads.get("branch.ab", "0 0"))
    lines = diff.decode("utf-8", "replace").split("\n")
    return RepositoryState(
        branch=heads.get("branch.head", ""),
        upstream=heads.get("branch.upstream", ""),
        ahead=int(ahead),
        behind=int(behind),
        changes=tuple(changes),
        difference="\n".join(lines[:MOST_LINES]) + ("\n…" if len(lines) > MOST_LINES else ""),
        is_merging=os.path.lexists(os.path.join(folder, "MERGE_HEAD")),
        is_busy=any(os.path.lexists(os.path.join(folder, name)) for name in BUSY),
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
    if not _require_calm(root).changes:
        raise EditError("everything is committed already")
    with letter_edit(root):  # no edit is half made in a commit
        run_git(root, "add", "--all", "--", ".")
        commit = ("commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--file=-", "--", ".")
        run_git(root, *commit, given=words.encode("utf-8", "replace"))
    return run_git(root, "rev-parse", "--short", "HEAD").strip()


def pull(root: Path) -> str:
    """Bring in what others pushed; return what came, in words. Raise EditError, and MergeConflict with nothing changed.

    What is not committed must be committed first, so that nothing of it can be lost.
    """
    state = _require_clean(root)
    run_git(root, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    count = int(run_git(root, "rev-list", "--count", "HEAD..@{upstream}"))
    if count == 0:
        return "Nothing new there."
    with letter_edit(root):  # of an edit at the same time nothing is lost
        begin_merge(root, state.upstream)
    return f"{counted(count, 'commit')} brought in."


def join(root: Path, seen: str, choices: Mapping[str, Choice]) -> str:
    """Bring in what others pushed, or end the merge that was begun, with the versions that the author chose; return in words what was done.

    `seen` is the key of the conflict that he saw. Raise MergeConflict if it is another one by now, or not all is chosen, EditError and
    BuildError if the two do not come together so. Then everything is as it was.
    """
    state = _require_calm(root, may_merge=True)
    with letter_edit(root):
        if not state.is_merging:
            _require_clean(root)
        count = finish_merge(root, state.upstream, seen, choices, is_begun=state.is_merging)
    return f"Brought together: {counted(count, 'file')}. Push it, so that others get it as well."


def leave_merge(root: Path) -> str:
    """Take back a merge that was begun; return in words what was done. Texts as they are now can be brought back. Raise EditError."""
    if not _require_calm(root, may_merge=True).is_merging:
        raise EditError("no merge is in progress any more")
    abort_merge(root)
    return "The pull is taken back: everything is as you last committed it. What others pushed is still there; pull it when you want to."


def meeting_of(root: Path, state: RepositoryState) -> Meeting | None:
    """Return the conflict of a merge that was begun; None where none was. Raise EditError."""
    return conflicts_of_merge(root, state.upstream) if state.is_merging else None


def push(root: Path) -> str:
    """Push what is committed; return what was done, in words. Raise EditError if others pushed meanwhile."""
    state = _require_upstream(root)
    remote, _, branch = state.upstream.partition("/")
    try:
        quiet_git(root, "push", "--quiet", "--no-verify", remote, f"HEAD:refs/heads/{branch}")
    except GitFailed as error:
        if re.search("rejected|fetch first|non-fast-forward", str(error)):
            raise EditError("others have pushed since; pull first") from None
        raise EditError(f"git could not push: {git_words(error)}") from None
    return f"Pushed to {state.upstream}."


# -- inner


def _require_calm(root: Path, *, may_merge: bool = False) -> RepositoryState:
    state = repository_state(root)
    if state is None:
        raise EditError("the letter is in no git repository")
    if state.refused:
        raise EditError(f"the repository has the setting {state.refused}; use git itself")
    if state.is_busy:
        raise EditError(
            "git is in the middle of something, such as a rebase; finish it there first, as git status says"
        )
    if state.is_merging and not may_merge:
        raise EditError("a merge is in progress; finish it first")
    if state.branch == "(detached)":
        raise EditError("no branch is checked out; choose one first: git switch main")
    return state


def _require_upstream(root: Path) -> RepositoryState:
    """Return the state of a branch that follows another one. Raise EditError."""
    state = _require_calm(root)
    if not state.upstream:
        raise EditError("this branch follows no other one; set it once: git push --set-upstream origin " + state.branch)
    return state


def _require_clean(root: Path) -> RepositoryState:
    """Return the state of a branch that follows another one, and on which all is committed. Raise EditError."""
    state = _require_upstream(root)
    if any(change.kind != "new" for change in state.changes):
        raise EditError("commit your changes first, so that none of them can be lost")
    return state
