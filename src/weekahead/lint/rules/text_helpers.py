"""Helpers that several rules share."""

from __future__ import annotations

import re

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


def excerpt(text: str, longest: int = 60) -> str:
    """Return an author's words on one line, cut at some number of characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def is_english(facts: IssueFacts) -> bool:
    return facts.language.lower().partition("-")[0] == "en"


def is_in_link(text: ScannedMarkdown, span: Span) -> bool:
    """Return whether a span lies in the text of a link."""
    return any(
        link.start < span[0] and span[1] <= link.start + len(link.text) + 3
        for link in text.links
        if link.kind in ("inline", "reference") and link.start <= span[0]
    )


def is_in_post(text: ScannedMarkdown, offset: int) -> bool:
    """Return whether an offset lies in a `/// post` block, whose words are somebody else's."""
    posts = re.finditer(r"(?ims)^///[ \t]*post\b.*?^///[ \t]*$", text.without_code)
    return any(post.start() < offset < post.end() for post in posts)
