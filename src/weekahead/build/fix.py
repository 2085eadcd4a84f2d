"""Fixing in place what is safe to fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import count
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
    """Fix the letter's texts; return the lines that changed, as they were and as they are now.

    Only the words that are fixed change, and a text that was read aloud stays as it was recorded. Raises BuildError.
    """
    with open_store(root) as store:
        loaded = load_letter(root, store)
        letter = loaded.require_letter()
        linter = linter_of(loaded, letter, store)
        changed = []
        for issue in letter.issues:
            fixes = [] if issue.audio and issue.recorded else linter.fixes(issue.body, issue)
            if fixes:
                before, after = edit_file(root, issue.source.file, partial(apply_fixes, root, issue.body, fixes))
                changed += [(Location(issue.source.file, line), old, new) for line, old, new in changes(before, after)]
        return tuple(changed)


def changes(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """Yield the number of each line that changed, as it was and as it is now; lines that became more or fewer together."""
    old, new = before.split("\n"), after.split("\n")
    for kind, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "replace" and end - start == last - first:
            yield from zip(count(start + 1), old[start:end], new[first:last], strict=False)
        elif kind != "equal":
            yield start + 1, "\n".join(old[start:end]), "\n".join(new[first:last])


def apply_fixes(root: Path, body: Text, fixes: Sequence[Fix], text: str) -> str:
    """Return a file's text with fixes of its body; as it was when the body is no longer what was looked at."""
    start = sum(len(line) + 1 for line in text.split("\n")[: body.line - 1])
    words = text[start:]
    if digest_now(root, body, words.rstrip()) != body.digest:
        return text
    for first, last, better in reversed(fixes):
        words = words[:first] + better + words[last:]
    return text[:start] + words
