"""Run git as the desk does: no hook of the repository runs, and nobody is asked for anything."""

from __future__ import annotations

from pathlib import Path

from weekahead.source.git import GitFailed, git
from weekahead.source.schedule_editor import EditError

QUIETLY = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "--literal-pathspecs")


def quiet_git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git says. `given` is its input. Raise GitFailed."""
    return git(root, *QUIETLY, *arguments, given=given, asks=False)


def run_git(root: Path, *arguments: str, given: bytes = b"") -> str:
    """Return what git says. Raise EditError in git's own words."""
    try:
        return quiet_git(root, *arguments, given=given).decode("utf-8", "replace")
    except GitFailed as error:
        raise EditError(f"git: {git_words(error)}") from None


def git_words(error: GitFailed) -> str:
    """Return what git said, in one line."""
    return " ".join(str(error).split())[:300].rstrip(".")


def succeeds(root: Path, *arguments: str) -> bool:
    """Return whether git does something without an error."""
    try:
        quiet_git(root, *arguments)
    except GitFailed:
        return False
    return True
