"""Change the words of inline tokens: typographic marks in the letter's language, and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import groupby

from weekahead.markdown.quotation_marks import marks_of
from weekahead.markdown.tokens import Token
from weekahead.markdown.typography import educate

MARKUP, OPAQUE = "\x1e", "\x1f"
"""What stands for the beginning or end of markup, and for what is no text, in a text of words."""

_CANDIDATE = re.compile(r"['\"]|--|\.\.\.")
_SEPARATOR = re.compile(f"[{MARKUP}{OPAQUE}]")
_LITERAL_TAG = re.compile(r"<(/?)(kbd|samp|code|pre|tt|var|script|style|svg|math)\b[^>]*>", re.IGNORECASE)


class Polish:
    """Changes tokens of one text."""

    def __init__(self, language: str, abbreviations: Mapping[str, str]) -> None:
        self._language, self._abbreviations = language, abbreviations
        self._spaces_signs = marks_of(language).spaced

    def __call__(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens with the letter's own quotation marks, dashes and ellipses, and its abbreviations."""
        words = "\n".join([token for token in tokens if token.__class__ is str])
        if self._spaces_signs or _CANDIDATE.search(words):
            tokens = self._with_marks(tokens)
        return self._with_abbreviations(_in_one_piece(tokens)) if self._abbreviations else tokens

    def _with_marks(self, tokens: list[Token]) -> list[Token]:
        """Replace the words of the tokens by those of the typographer, who sees them in one piece."""
        separators = _separators(tokens)
        pieces = [token if mark is None else mark for token, mark in zip(tokens, separators, strict=True)]
        words = iter(_SEPARATOR.split(educate("".join(pieces), self._language)))  # type: ignore[arg-type]
        made: list[Token] = [next(words)]
        for token, mark in zip(tokens, separators, strict=True):
            if mark is not None:
                made += [token, next(words)]
        return made

    def _with_abbreviations(self, tokens: list[Token]) -> list[Token]:
        made: list[Token] = []
        for token, mark in zip(tokens, _separators(tokens), strict=True):
            if mark is not None:
                made.append(token)
                continue
            for place, piece in enumerate(self._abbreviation.split(token)):  # type: ignore[arg-type]
                made.append(("abbr", {"title": self._abbreviations[piece]}, piece) if place % 2 else piece)
        return made

    @cached_property
    def _abbreviation(self) -> re.Pattern[str]:
        longest_first = sorted(self._abbreviations, key=len, reverse=True)
        return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")


def _in_one_piece(tokens: list[Token]) -> list[Token]:
    """Return the tokens with words that stand together as one token: "R", "&", "D" are one word."""
    groups = groupby(tokens, lambda token: isinstance(token, str))
    return [
        piece
        for is_words, group in groups
        for piece in (["".join(group)] if is_words else group)  # type: ignore[arg-type]
    ]


def _separators(tokens: list[Token]) -> list[str | None]:
    """Return what stands for each token in a text of words; None for the words that may change."""
    separators: list[str | None] = []
    literal = 0
    for token in tokens:
        if isinstance(token, str):
            separators.append(OPAQUE if literal else None)
        elif isinstance(token, tuple) and len(token) == 3:
            tag = _LITERAL_TAG.fullmatch(token[2]) if token[0] == "raw" else None
            literal = max(0, literal + (-1 if tag[1] else 1)) if tag else literal
            is_markup = token[0] == "raw" and not tag and not token[2].startswith("<math")
            separators.append(MARKUP if is_markup else OPAQUE)
        else:
            separators.append(MARKUP)
    return separators
