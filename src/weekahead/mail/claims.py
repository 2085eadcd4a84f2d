"""The issue book: which issues were sent, and by whom.

It is a branch of the letter's repository, one file an issue, so that two machines share it: a push that is not a
fast-forward is refused by any host, and that is the lock between them. Without a remote it is a folder of the letter's state.
A claim has a nonce: with equal bytes the second of two pushes would be told that all is up to date.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from weekahead.mail.books import books_folder, make_books_folder
from weekahead.mail.journal import Counts
from weekahead.runtime.atomic_file import write_synced
from weekahead.runtime.files import open_unlinked
from weekahead.source.git import GitFailed, git
from weekahead.source.git_branch import explain_git_error, fetch_tip, list_blobs, push_commit, read_blobs

BRANCH = "weekahead-sent"
LARGEST = 100_000
"""Bytes of an entry."""
TRIES = 5
"""Pushes, while others push to the branch about other issues."""


class Claim(Struct, frozen=True, kw_only=True):
    """The entry of an issue in the book."""

    letter: str
    issue: str
    edition: str
    """The digest of what is sent."""
    list: str
    """The digest of who gets it."""
    nonce: str
    """Names the journal that goes with it."""
    state: Literal["claimed", "finished"] = "claimed"
    claimed: str = ""
    """When, in UTC."""
    session: str = ""
    """The nonce of the last run that sent."""
    opened: float = 0.0
    """When that run began, in seconds since 1970."""
    journal: str = ""
    """The checksum of the journal when that run ended; empty while it is sending, and if it was killed."""
    counts: Counts = Counts()


class BookError(Exception):
    """The book cannot be read or written: then nothing is sent."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class IssueBook(Protocol):
    """Where claims are."""

    place: str
    is_shared: bool
    """Do other machines have it too? Then an old copy of the letter's folder does no harm."""

    def read(self) -> dict[str, Claim]:
        """Return every entry by the key of its issue. Raise BookError."""

    def write(self, claim: Claim, before: Claim | None) -> bool:
        """Put an entry in place of the one that was read; False if it is not there any more. Raise BookError."""


class FileBook:
    """A book in the letter's state folder. Whoever writes has the lock of the books."""

    is_shared = False

    def __init__(self, root: Path) -> None:
        self.place = "/".join(books_folder(root).relative_to(root).parts)
        self._root = root

    def read(self) -> dict[str, Claim]:
        claims: dict[str, Claim] = {}
        folder = books_folder(self._root)
        if not os.path.lexists(folder):
            return claims
        try:
            make_books_folder(self._root)
            for path in sorted(folder.glob("*.json")):
                with open_unlinked(path, LARGEST) as file:
                    claims[path.stem] = decode_claim(file.read(), f"{self.place}/{path.name}")
        except OSError as error:
            raise unreadable(self.place, error) from error
        return claims

    def write(self, claim: Claim, before: Claim | None) -> bool:
        if self.read().get(claim.issue) != before:
            return False
        try:
            path = make_books_folder(self._root) / f"{claim.issue}.json"
            write_synced(path, encode_claim(claim), mode=0o600)
        except OSError as error:
            raise unreadable(self.place, error) from error
        return True


class GitBook:
    """A book on a branch of a remote, with a copy in the letter's state folder for the day that the branch is lost."""

    is_shared = True

    def __init__(self, root: Path, remote: str, folder: str = "") -> None:
        self.place = f"branch {BRANCH} of {remote}"
        self._root, self._remote, self._folder, self._copy = root, remote, folder, FileBook(root)

    def read(self) -> dict[str, Claim]:
        claims = self._claims(self._fetch()[1])
        for key, copy in self._copy.read().items():
            if key in claims and claims[key].nonce != copy.nonce:
                message = f"{self.place} and {self._copy.place} disagree about who sent {key}"
                hint = f"Look who got it, and remove {self._copy.place}/{key}.json if the branch is right."
                raise BookError(message, hint)
            claims.setdefault(key, copy)
        return claims

    def write(self, claim: Claim, before: Claim | None) -> bool:
        """As IssueBook says: also if the answer to an earlier push was lost, and if others write about other issues."""
        said = ""
        for attempt in range(TRIES):
            tip, blobs = self._fetch()
            copy = self._copy.read().get(claim.issue)
            found = self._claims({key: blob for key, blob in blobs.items() if key == claim.issue}).get(claim.issue)
            if found != claim:
                if (found or copy) != before:
                    return False
                said = self._push(tip, claim, "finish" if claim.state == "finished" else "claim")
                if said and self._fetch()[0] == tip:
                    raise self._error(said)
                if said:
                    time.sleep(0.1 * attempt)
                    continue
            return self._copy.write(claim, copy)
        raise self._error(said)

    def _fetch(self) -> tuple[str, dict[str, str]]:
        """Return the newest commit of the branch, and git's id of each entry. Raise BookError."""
        try:
            tip = fetch_tip(self._root, self._remote, BRANCH)
            return tip, {key: blob for path, blob in list_blobs(self._root, tip).items() if (key := self._key(path))}
        except GitFailed as error:
            raise self._error(str(error)) from error

    def _claims(self, blobs: dict[str, str]) -> dict[str, Claim]:
        """Return the entries of some ids. Raise BookError."""
        try:
            contents = read_blobs(self._root, blobs.values())
        except GitFailed as error:
            raise self._error(str(error)) from error
        return {key: decode_claim(data, f"{key}.json") for key, data in zip(blobs, contents, strict=True)}

    def _key(self, path: str) -> str:
        """Return the issue whose entry a file of the branch is, or an empty string."""
        name = path.removeprefix(self._folder)
        is_ours = path.startswith(self._folder) and name.endswith(".json") and "/" not in name
        return name.removesuffix(".json") if is_ours else ""

    def _push(self, tip: str, claim: Claim, what: str) -> str:
        """Push an entry on top of a commit; return what git says if that fails."""
        files = {f"{self._folder}{claim.issue}.json": lambda: encode_claim(claim)}
        try:
            push_commit(self._root, self._remote, BRANCH, tip, int(time.time()), f"{claim.issue}: {what}", files)
        except GitFailed as error:
            return str(error)
        return ""

    def _error(self, said: str) -> BookError:
        return BookError(*explain_git_error(said, self._remote, BRANCH))


def open_issue_book(root: Path) -> IssueBook:
    """Return the book of a letter: on its remote, or in its state folder if it has none. Raise BookError."""
    try:
        remotes = git(root, "remote").decode().split()
        folder = git(root, "rev-parse", "--show-prefix").decode().removesuffix("\n")
    except GitFailed:
        return FileBook(root)
    if not remotes:
        return FileBook(root)
    if "origin" not in remotes and len(remotes) > 1:
        message = f"the book of what was sent belongs on one remote, and there are {', '.join(remotes)}"
        raise BookError(message, "Name the one that all machines share origin: git remote rename NAME origin")
    return GitBook(root, "origin" if "origin" in remotes else remotes[0], folder)


def encode_claim(claim: Claim) -> bytes:
    """Return an entry as it is written."""
    return msgspec.json.format(msgspec.json.encode(claim), indent=1) + b"\n"


def decode_claim(data: bytes, name: str) -> Claim:
    """Return an entry. Raise BookError."""
    try:
        return msgspec.json.decode(data, type=Claim)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = f"{name}, which says what was sent, is damaged"
        raise BookError(message, "Restore it from its history or a backup. Until then nothing is sent.") from None


def unreadable(place: str, error: OSError) -> BookError:
    """Return what to say when a book cannot be opened."""
    reason = getattr(error, "message", None) or (error.strerror or "unknown cause").lower()
    return BookError(f"{error.filename or place} cannot be used: {reason}", "Nothing is sent without the books.")
