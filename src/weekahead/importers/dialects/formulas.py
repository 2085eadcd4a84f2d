"""Whether a text has formulas; and where it has, what only looks like one stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.lint.scanner import scan_markdown

_TEX = re.compile(r"\\[A-Za-z]{2,}|\^[\w{\\(]|(?<![A-Za-z0-9\\])[A-Za-z]_(?:\{|\\|\w(?!\w))")
"""What only formulas have: a command, something raised, a letter with an index."""
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")


def has_formulas(text: str) -> bool:
    """Return whether a text of Markdown has what only formulas have, between the marks of one."""
    if not re.search(r"\$|\\[(\[]", text):
        return False
    return any(_TEX.search(text, start + 1, end - 1) for start, end in _formulas(text))


def settle_formulas(text: str) -> str:
    """Return a text in pieces, in which what would be read as a formula, and has words like no formula, is text."""
    view = View(text)
    return view.edited(_edits(view))


def _edits(view: View) -> Iterator[Edit]:
    for start, end in _formulas(view.text):
        words = view.text[start:end]
        if _TEX.search(words[1:-1]) or len(_WORD.findall(words)) < 2:
            continue
        mark = words[:2] if words.startswith(("$$", "\\")) else words[:1]
        opening, closing = {"$": ("\\$", "\\$"), "$$": ("\\$\\$", "\\$\\$"), "\\(": ("(", ")")}.get(
            mark, ("&#91;", "&#93;")
        )
        yield Edit(start, start + len(mark), opening, opening)
        yield Edit(end - len(mark), end, closing, closing)


def _formulas(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the formulas of a text are, with their marks: code with formulas on, and none without."""
    plain, read = scan_markdown(text).without_code, scan_markdown(text, maths=True).without_code
    if plain == read:
        return
    place = 0
    for match in re.finditer(r"\$\$?|\\[(\[]", plain):
        start = match.start()
        if start < place or read[start] != " ":
            continue
        end = start
        while end < len(text) and (read[end] in " \n" and (plain[end] != read[end] or text[end] in " \n")):
            end += 1
        end = start + len(text[start:end].rstrip())
        closing = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}[match[0]]
        found = text.find(closing, match.end(), end)
        if found >= 0:
            place = found + len(closing)
            yield start, place
