"""The list of readers of a letter: where it is, and who may open it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from weekahead.mail.subscribers import ReadersUnusable, Subscribers, count_active
from weekahead.mail.tickets import Signer, way_out
from weekahead.model.config import Config
from weekahead.model.findings import BuildError, Finding, Location, warning
from weekahead.source.git import GitFailed, git
from weekahead.source.loader import load_letter

KEY = "WEEKAHEAD_TOKEN_KEY"
SHORTEST_KEY = 20


def open_readers(root: Path, environment: Mapping[str, str]) -> Subscribers:
    """Open the list of readers that letter.yaml names; it is made if it is not there. Raise BuildError."""
    return open_readers_of(root, load_letter(root).require_letter().config, environment)


def open_readers_of(root: Path, config: Config, environment: Mapping[str, str]) -> Subscribers:
    """Open the list of readers of a letter with these settings. Raise BuildError."""
    mail = config.mail
    if mail is None or mail.subscribers is None:
        message = "letter.yaml does not say where the list of readers is"
        hint = "Add mail: {from: ..., subscribers: ../private/readers.db}; the file is made there, outside git."
        raise _error(config, message, hint)
    path = root / Path(mail.subscribers).expanduser()
    if tracked := check_place(root, config):
        raise BuildError(tracked, "nothing was changed")
    signer = signer_of(config, environment)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Subscribers(path, signer, partial(way_out, signer, mail.sender_address, mail.unsubscribe))
    except (ReadersUnusable, OSError) as error:
        raise _error(config, str(error), "") from None


def signer_of(config: Config, environment: Mapping[str, str]) -> Signer:
    """Return what signs the tickets of a letter. Raise BuildError without a key."""
    key = environment.get(KEY, "").strip()
    if len(key) < SHORTEST_KEY:
        message = f"{KEY} is {'too short' if key else 'not set'}: links to unsubscribe are signed with it"
        hint = f"Set it once, to at least {SHORTEST_KEY} random characters, and keep it: openssl rand -hex 32"
        raise _error(config, message, hint)
    return Signer(key, config.identity("mail"))


def is_tracked(path: Path) -> bool:
    """Return whether git tracks files in the folder of a path: it is in a work tree, and no .gitignore names it."""
    folder = path.parent
    while not folder.is_dir():
        folder = folder.parent
    try:
        if git(folder, "rev-parse", "--is-inside-work-tree").strip() != b"true":
            return False
    except GitFailed:
        return False
    try:
        git(folder, "check-ignore", "--quiet", "--", os.path.abspath(path))
    except GitFailed:
        return True
    return False


def check_place(root: Path, config: Config) -> list[Finding]:
    """Return an error if git would track the list of readers: addresses never belong there."""
    mail = config.mail
    if mail is None or mail.via != "smtp" or mail.subscribers is None:
        return []
    if not is_tracked(root / Path(mail.subscribers).expanduser()):
        return []
    message = f"the list of readers would be in a folder that git tracks: {mail.subscribers}"
    hint = "Name a file outside the repository, such as ../private/readers.db, or one that .gitignore names."
    return [*_error(config, message, hint).findings]


MANY = 1_000
"""Readers from which on the large mail hosts want that one click unsubscribes."""


def check_one_click(root: Path, config: Config) -> list[Finding]:
    """Return a warning if a letter has many readers and no address that unsubscribes with one click.

    The list of readers is only looked at, without a key; one that cannot be read has none.
    """
    mail = config.mail
    if mail is None or mail.via != "smtp" or mail.unsubscribe or mail.subscribers is None:
        return []
    count = count_active(root / Path(mail.subscribers).expanduser()) or 0
    if count < MANY:
        return []
    message = f"{count:,} readers, and no way to unsubscribe with one click: a mail program sends an e-mail instead"
    hint = "Host what `weekahead endpoint DIR` writes, and name it: unsubscribe: https://letter.example/u/"
    return [warning(Location(config.file, mail.line), "mail-no-one-click", message, hint)]


def _error(config: Config, message: str, hint: str) -> BuildError:
    where = Location(config.file, config.mail.line if config.mail else 1)
    return BuildError([Finding(where, "mail-readers", message, hint)], "nothing was changed")
