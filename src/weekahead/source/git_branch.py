"""Read and extend a branch of a git repository without touching the working tree, the index or a local branch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from weekahead.source.git import GitFailed, git, read_objects


def push_commit(
    root: Path,
    remote: str,
    branch: str,
    tip: str,
    seconds: int,
    words: str,
    written: Mapping[str, Callable[[], bytes]],
    removed: Iterable[str] = (),
) -> None:
    """Commit files on top of `tip`, dated `seconds` since 1970, and push that, never over what others pushed. Raise GitFailed."""
    ref = f"refs/weekahead/{branch}"
    header = _commit_header(root, ref, tip, seconds, words + "\n")
    stream = fast_import_stream(header, removed, ((path, read()) for path, read in written.items()))
    git(root, "fast-import", "--quiet", "--force", "--done", given=stream)
    git(root, "push", "--quiet", "--no-verify", remote, f"{ref}:refs/heads/{branch}")


def fetch_tip(root: Path, remote: str, branch: str) -> str:
    """Fetch the branch from its host and return its newest commit, or an empty string if there is no such branch."""
    git(root, "rev-parse", "--git-dir")
    heads = git(root, "ls-remote", "--heads", remote, f"refs/heads/{branch}").decode().split()
    if not heads:
        return ""
    shallow = git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    depth = ["--depth=1"] if shallow else []  # in a full repository it would cut off the letter's own history
    git(root, "fetch", "--quiet", "--no-tags", *depth, remote, f"+refs/heads/{branch}:refs/weekahead/{branch}")
    return git(root, "rev-parse", f"refs/weekahead/{branch}").decode().strip()


def list_blobs(root: Path, commit: str) -> dict[str, str]:
    """Return every file of a commit with git's id of its content."""
    listing = git(root, "ls-tree", "-r", "-z", "--full-tree", commit) if commit else b""
    rows = (row.partition(b"\t") for row in listing.split(b"\0") if row)
    return {path.decode("utf-8", "surrogateescape"): head.split()[2].decode() for head, _, path in rows}


def read_blobs(root: Path, blobs: Iterable[str]) -> list[bytes]:
    """Return the content of files by git's ids, from one process. Raise GitFailed."""
    wanted, contents = [*blobs], list[bytes]()
    for blob, content in zip(wanted, read_objects(root, wanted), strict=True):
        if content is None:
            raise GitFailed(f"git does not have {blob}")
        contents.append(content)
    return contents


def _commit_header(root: Path, ref: str, parent: str, seconds: int, message: str) -> str:
    """Return the head of a commit in the format of `git fast-import`."""
    lines = [f"commit {ref}", f"committer {_committer(root)} {seconds} +0000", f"data {len(message.encode())}", message]
    return "\n".join([*lines, f"from {parent}"] if parent else lines) + "\n"


def _committer(root: Path) -> str:
    """Return the name and address that git would commit with, or weekahead's if it has none."""
    try:
        ident = git(root, "var", "GIT_COMMITTER_IDENT").decode("utf-8", "replace")
    except GitFailed:
        return "weekahead <weekahead@localhost>"
    return re.sub(r"\s+\d+\s+[+-]\d+\s*$", "", ident)


def fast_import_stream(header: str, removed: Iterable[str], written: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a commit in the format of `git fast-import`. Without the last line git discards all of it."""
    yield header.encode("utf-8", "surrogateescape")
    for path in removed:
        yield b"D " + _quoted(path) + b"\n"
    for path, data in written:
        yield b"M 100644 inline " + _quoted(path) + b"\ndata %d\n" % len(data)
        yield data
        yield b"\n"
    yield b"done\n"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode("utf-8", "surrogateescape")


GIT_ERRORS = (
    (
        r"not a git repository",
        "the letter's folder is not in a git repository",
        "Run `git init`, or deploy to a folder: deploy: {folder: ...}",
    ),
    (
        r"could not read (Username|Password)|Authentication failed|Permission denied|Permission to .* denied|\b403\b",
        "authentication to {remote} failed",
        "Check your key or token: `git push` must work by hand first.",
    ),
    (
        r"Could not resolve host|unable to access|Connection (refused|timed out|reset)|Network is unreachable|unable to connect",
        "could not reach {remote}",
        "Check the network and try again. Nothing has changed.",
    ),
    (
        r"does not appear to be a git repository|No such remote|[Rr]epository .*not found|does not exist",
        'there is no repository at "{remote}"',
        "Look at its address: `git remote -v` lists the remotes.",
    ),
    (
        r"\[remote rejected\]|protected branch|hook declined",
        "{remote} rejected the push to {branch}",
        "Check whether the branch is protected, or checked out there.",
    ),
    (
        r"\[rejected\]|fetch first|non-fast-forward|cannot lock ref",
        "somebody else pushed to {branch} at the same time",
        "Nothing of theirs was overwritten. Try again.",
    ),
    (r"^git is not there$", "git is not installed", "Install it, or deploy to a folder: deploy: {folder: ...}"),
)
"""A pattern of what git says, what it means, and what to do."""


def explain_git_error(output: str, remote: str, branch: str) -> tuple[str, str]:
    """Return a message and a hint for the error output of git."""
    words = " ".join(line.strip() for line in output.splitlines() if line.strip())[:300]
    for pattern, message, hint in GIT_ERRORS:
        if re.search(pattern, output):
            return message.format(remote=remote, branch=branch), f"{hint} git says: {words}"
    return f"git failed to publish to {branch} of {remote}", f"git says: {words}"
