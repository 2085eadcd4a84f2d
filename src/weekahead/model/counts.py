"""Numbers with their nouns."""

from __future__ import annotations

import re


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 file, 2 files, 1,000 addresses."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of an English noun with a regular ending; "button (a)" becomes "buttons (a)"."""
    word, gap, rest = noun.partition(" (")
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies{gap}{rest}"
    return f"{word}{'es' if re.search('(s|x|ch|sh)$', word) else 's'}{gap}{rest}"
