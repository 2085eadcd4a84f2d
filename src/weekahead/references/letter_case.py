"""The case of letters as a style asks for it (CSL, "Text-case"), but for words that keep theirs and for markup."""

from __future__ import annotations

import re
from collections.abc import Callable

from weekahead.references.formatter import CLOSE, KEPT, KEPT_END, OPEN

_STOP = frozenset(
    [
        "a",
        "according",
        "across",
        "afore",
        "after",
        "against",
        "along",
        "alongside",
        "amid",
        "among",
        "an",
        "and",
        "anenst",
        "anti",
        "apropos",
        "around",
        "as",
        "at",
        "athwart",
        "before",
        "behind",
        "below",
        "beneath",
        "beside",
        "besides",
        "between",
        "beyond",
        "but",
        "by",
        "circa",
        "despite",
        "down",
        "during",
        "ere",
        "except",
        "for",
        "forenenst",
        "from",
        "if",
        "in",
        "inside",
        "into",
        "nor",
        "of",
        "off",
        "on",
        "onto",
        "or",
        "over",
        "per",
        "plus",
        "pro",
        "qua",
        "save",
        "since",
        "so",
        "than",
        "the",
        "through",
        "throughout",
        "till",
        "to",
        "toward",
        "towards",
        "under",
        "until",
        "up",
        "upon",
        "upside",
        "versus",
        "via",
        "vis",
        "with",
        "within",
        "without",
        "yet",
        "vs",
        "v",
        "vs.",
        "v.",
        "et",
        "al",
        "de",
        "la",
        "le",
        "du",
        "van",
        "von",
    ]
)
"""Words that stay small in a title in title case, but at its beginning, its end and behind a colon."""
_PIECE = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}|{KEPT}[^{KEPT_END}]*{KEPT_END}")
_WORD = re.compile(r"[^\W_]+(?:[’'.][^\W_]+)*")


def cased(text: str, how: str, language: str) -> str:
    """Return a text in the case that a style asks for: lowercase, uppercase, capitalize-first, capitalize-all, title, sentence."""
    if how == "title":
        return _each(text, _titled(text)) if language == "en" else text
    change = {
        "lowercase": _lower,
        "uppercase": _upper,
        "capitalize-first": _first,
        "sentence": _first,
        "capitalize-all": _all,
    }
    return _each(text, change[how](text)) if how in change else text


def _each(text: str, change: Callable[[re.Match[str], str], str]) -> str:
    """Return a text with each word changed that may be; `change` gets the words before it as well."""
    made: list[str] = []
    seen, place = "", 0
    for piece in [*_PIECE.finditer(text), None]:
        part = text[place : piece.start() if piece else len(text)]
        before = seen
        made.append(_WORD.sub(lambda match, before=before: change(match, before), part))  # type: ignore[misc]
        seen += part
        if piece:
            made.append(piece[0])
            seen += piece[0][1:-1] if piece[0].startswith(KEPT) else ""
            place = piece.end()
    return "".join(made)


def _lower(text: str) -> Callable[[re.Match[str], str], str]:
    return lambda match, before: match[0].lower()


def _upper(text: str) -> Callable[[re.Match[str], str], str]:
    return lambda match, before: match[0].upper()


def _all(text: str) -> Callable[[re.Match[str], str], str]:
    return lambda match, before: match[0][:1].upper() + match[0][1:]


def _first(text: str) -> Callable[[re.Match[str], str], str]:
    def change(match: re.Match[str], before: str) -> str:
        is_first = not _WORD.search(before + match.string[: match.start()])
        return match[0][:1].upper() + match[0][1:] if is_first else match[0]

    return change


def _titled(text: str) -> Callable[[re.Match[str], str], str]:
    def change(match: re.Match[str], before: str) -> str:
        word, above = match[0], before + match.string[: match.start()]
        begins = not _WORD.search(above) or re.search(r"[:?!.—][”’\"')]*\s+[“‘\"'(]*$", above)
        if not word.islower() or (word in _STOP and not begins):
            return word
        return word[:1].upper() + word[1:]

    return change
