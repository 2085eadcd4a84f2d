"""Fixing in place what is safe to fix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from weekahead.build.check import linter_of
from weekahead.build.texts import digest_now
from weekahead.lint.rules.registry import Fix
from weekahead.model.findings import Location
from weekahead.model.issue import Text
from weekahead.runtime.code_version import open_store
from weekahead.source.loader import load_letter
from weekahead.source.text_edit import edit_file


def fix(root: Path) -> tuple[tuple[Location, str, str], ...]:
    """Fix the letter's texts; return each line that changed, as it was and as it is now.

    Only the words that are fixed change, and a text that was read aloud stays as it was recorded, as does a file with an error.
    Raises BuildError.
    """
    with open_store(root) as store:
        loaded = load_letter(root, store)
        linter = linter_of(loaded, loaded.partial, store)
        changed = []
        for issue in loaded.partial.issues:
            is_fixed = (issue.audio and issue.recorded) or not loaded.is_sound(issue.source.file)
            fixes = [] if is_fixed else linter.fixes(issue.body, issue)
            if fixes:
                before, after = edit_file(root, issue.source.file, partial(apply_fixes, root, issue.body, fixes))
                lines = zip(before.split("\n"), after.split("\n"), strict=True)
                changed += [
                    (Location(issue.source.file, n), old, new) for n, (old, new) in enumerate(lines, 1) if old != new
                ]
        return tuple(changed)


def apply_fixes(root: Path, body: Text, fixes: Sequence[Fix], text: str) -> str:
    """Return a file's text with fixes of its body; as it was when the body is no longer what was looked at."""
    start = sum(len(line) + 1 for line in text.split("\n")[: body.line - 1])
    words = text[start:]
    if digest_now(root, body, words.rstrip()) != body.digest:
        return text
    for first, last, better in reversed(fixes):
        words = words[:first] + better + words[last:]
    return text[:start] + words
