"""The "what's next" list of an issue: the numbers and titles that it announces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.importers.arrangement.title_numbers import numbers_in
from weekahead.importers.front_matter import clean

_HEADING = re.compile(
    r"(?im)^(?:#{1,6}[ \t]+|\*\*|__)?(?=[^\n]{0,80}$)[^\n]*?\b(?:what[’']?s (?:next|coming|ahead)|coming (?:up|next|soon)|upcoming|next weeks?|"
    r"in the next|up next|the weeks ahead|the next (?:few )?(?:issues|letters|weeks)|editorial calendar)\b[^\n]*$"
)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?P<words>.+)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()]*)*\)")
_MARKS = re.compile(r"[*_`]{1,3}|\\(?=[!-/:-@\[-`{-~])")


def announced(markdown: str) -> list[tuple[int, str]]:
    """Return the numbers and titles of the last "what's next" list of a text; nothing where an item has no number."""
    found: list[tuple[int, str]] = []
    for heading in _HEADING.finditer(markdown):
        items = [*_items(markdown[heading.end() :])]
        lines = [line for item in items if (line := _line(item))]
        if len(lines) == len(items) and len({number for number, _ in lines}) == len(lines) and lines:
            found = lines
    return found


def _items(text: str) -> Iterator[str]:
    """Yield the items of the list that a text begins with."""
    has_begun = False
    for line in text.split("\n"):
        match = _ITEM.fullmatch(line)
        if match:
            has_begun = True
            yield match["words"]
        elif line.strip() and (not has_begun or not line.startswith((" ", "\t"))):
            return


def _line(words: str) -> tuple[int, str] | None:
    """Return the number and the title in an item: "Week 88: The future of publishing"."""
    plain = clean(_MARKS.sub("", _LINK.sub(r"\1", words)))
    for found in numbers_in(plain):
        if found.form[0] == "bare" or (found.form[0] == "before" and not found.form[1]):
            return (found.number, found.title) if found.title else None
    return None
