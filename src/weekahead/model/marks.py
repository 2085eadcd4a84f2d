"""Typographic marks, for comparing words that one program has set and another has not."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_DASHES = re.compile("-{2,3}")
_PLAIN = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
    "…": "...", "\u00ad": None, "\u200b": None,
})  # fmt: skip


def plain_marks(words: str) -> str:
    """Return words with the quotation marks, dashes and spaces of a keyboard, in the composed form of Unicode (NFC)."""
    if words.isascii() and "  " not in words and "--" not in words:
        return words.strip()
    plain = unicodedata.normalize("NFC", words).translate(_PLAIN)
    return _SPACES.sub(" ", _DASHES.sub("-", plain)).strip()
