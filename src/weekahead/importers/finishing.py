"""Finish an import that was killed while its files were put in place."""

from __future__ import annotations

from pathlib import Path

from weekahead.importers.staging import finish, is_unfinished
from weekahead.source.text_edit import letter_lock, naming_errors


def finish_import(root: Path) -> None:
    """Put in place what is left of an import that was killed. Raise BuildError."""
    if is_unfinished(root):
        with letter_lock(root, "letter.yaml"), naming_errors("letter.yaml", "written"):
            finish(root)
