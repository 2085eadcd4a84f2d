"""What a letter has before an import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from weekahead.importers.ledger import Ledger, LedgerEntry, read_ledger
from weekahead.model.findings import build_error
from weekahead.model.issue import Issue, Page
from weekahead.model.letter import Letter
from weekahead.source.loader import load_letter

_ALLOWED = {".git", ".weekahead", "imports"}
"""What may be in a folder that becomes a letter."""


class LetterBefore(Struct, frozen=True, kw_only=True, dict=True):
    """The letter that an import goes into; `letter` is None for a folder that is to become one."""

    root: Path
    platform: str
    letter: Letter | None = None
    ledger: Ledger = Ledger()

    def key(self, post: str) -> str:
        """Return what the ledger calls a post of the platform."""
        return f"{self.platform} {post}"

    def entry(self, post: str) -> LedgerEntry | None:
        """Return what an earlier import wrote of a post."""
        return self.ledger.posts.get(self.key(post))

    @cached_property
    def own_files(self) -> frozenset[str]:
        """The files of posts that earlier imports of the same platform wrote."""
        prefix = f"{self.platform} "
        return frozenset(entry.file for key, entry in self.ledger.posts.items() if key.startswith(prefix))

    @cached_property
    def others(self) -> tuple[Issue | Page, ...]:
        """The issues and pages that this import did not write."""
        texts: tuple[Issue | Page, ...] = (*self.letter.issues, *self.letter.pages) if self.letter else ()
        return tuple(text for text in texts if text.source.file not in self.own_files)

    @cached_property
    def taken_numbers(self) -> Mapping[int, str]:
        """The numbers of issues that this import did not write, with their files."""
        issues = (text for text in self.others if isinstance(text, Issue))
        return {issue.number: issue.source.file for issue in issues if issue.number is not None}

    @cached_property
    def known_ids(self) -> Mapping[str, str]:
        """The feed ids and aliases of texts that this import did not write, with their files."""
        known: dict[str, str] = {}
        for text in self.others:
            known |= {alias.strip("/"): text.source.file for alias in text.aliases}
            if isinstance(text, Issue) and text.guid:
                known[text.guid] = text.source.file
        return known


def letter_before(root: Path, platform: str) -> LetterBefore:
    """Return what a folder has. Raise BuildError if it is a letter with errors, or neither a letter nor empty."""
    has = [name for name in ("letter.yaml", "schedule.yaml") if os.path.lexists(root / name)]
    if not has:
        _require_empty(root)
        return LetterBefore(root=root, platform=platform, ledger=read_ledger(root) if root.is_dir() else Ledger())
    if len(has) == 1:
        missing = "schedule.yaml" if has == ["letter.yaml"] else "letter.yaml"
        hint = "Finish it, or import into an empty folder and copy your files there."
        raise build_error(missing, "file-missing", f"this letter has no {missing}", hint)
    letter = load_letter(root).require_letter(whole=True)
    return LetterBefore(root=root, platform=platform, letter=letter, ledger=read_ledger(root))


def _require_empty(root: Path) -> None:
    if not os.path.lexists(root):
        return
    if not root.is_dir() or not {path.name for path in root.iterdir()} <= _ALLOWED:
        message = f"{root} is neither a letter nor an empty folder"
        raise build_error(str(root), "not-empty", message, "Choose a letter's folder, or a new or empty one.")
