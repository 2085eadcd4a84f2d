"""Helpers that several rules share."""

from __future__ import annotations

from collections.abc import Iterable

from weekahead.lint.rules.registry import IssueFacts
from weekahead.lint.scanned_markdown import ScannedMarkdown, Span


def split_words(words: str) -> list[str]:
    """Return the words of a list that is written as one string."""
    return words.split()


NUMBER_WORDS = {
    word: number
    for number, word in enumerate(split_words("one two three four five six seven eight nine ten eleven twelve"), 1)
}
COUNT = r"(\d{1,2}|" + "|".join(NUMBER_WORDS) + r")"
"""A pattern of a small number, in digits or in words."""


def parse_count(digits_or_word: str) -> int:
    """Return the number that a match of COUNT stands for."""
    return int(digits_or_word) if digits_or_word.isdigit() else NUMBER_WORDS[digits_or_word.lower()]


def find_each(text: str, words: Iterable[str]) -> list[int]:
    """Return where any of some words are in a text, in order; much faster than an expression that names them all."""
    places = []
    for word in words:
        place = text.find(word)
        while place >= 0:
            places.append(place)
            place = text.find(word, place + 1)
    return sorted(places)


def excerpt(text: str, longest: int = 60) -> str:
    """Return an author's words on one line, cut at some number of characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def is_english(facts: IssueFacts) -> bool:
    return facts.language.lower().partition("-")[0] == "en"


def is_in_link(text: ScannedMarkdown, span: Span) -> bool:
    """Return whether a span lies in a link in brackets."""
    return any(
        link.start < span[0] and span[1] <= link.end for link in text.links if link.kind in ("inline", "reference")
    )


def is_in_post(text: ScannedMarkdown, offset: int) -> bool:
    """Return whether an offset lies in a `/// post` block, whose words are somebody else's."""
    return any(kind.start < offset < kind.end for kind in text.kinds if kind.kind == "post")


def is_quoted(text: ScannedMarkdown, offset: int) -> bool:
    """Return whether an offset lies in a quotation or a `/// post` block, whose words are somebody else's."""
    line = text.line(text.position(offset)[0])
    return line.lstrip().startswith(">") or is_in_post(text, offset)
