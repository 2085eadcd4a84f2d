"""The direction of a text that is not written in that of its letter."""

from __future__ import annotations

import unicodedata

LANGUAGES = frozenset(
    [
        "apc",
        "ar",
        "arc",
        "ary",
        "bal",
        "bgn",
        "bqi",
        "brh",
        "ckb",
        "dv",
        "fa",
        "he",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "ps",
        "rhg",
        "sd",
        "sdh",
        "skr",
        "syr",
        "trw",
        "ug",
        "ur",
        "yi",
    ]
)
"""The languages written from right to left, as the CLDR has them. Babel takes longer to import than a text to convert."""
SCRIPTS = frozenset(["Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"])
"""The scripts written from right to left, which a tag may name."""


def direction_of(text: str, from_right: bool) -> dict[str, str]:
    """Return the attribute `dir="auto"` if a text begins in the other direction than that of the language around it, else none.

    `from_right` is whether that language is written from right to left. A browser then goes by the first letter of the text
    (HTML standard, 3.2.6.4).
    """
    if text.isascii() and not from_right:
        return {}
    letter = next((sign for sign in text if sign.isalpha()), "")
    runs_from_right = unicodedata.bidirectional(letter) in ("R", "AL") if letter else from_right
    return {"dir": "auto"} if runs_from_right != from_right else {}


def is_from_right(language: str) -> bool:
    """Return whether a language, given as a tag such as fa or pa-Arab-PK, is written from right to left."""
    name, _, rest = language.replace("_", "-").partition("-")
    script = rest.partition("-")[0].title()
    return script in SCRIPTS if len(script) == 4 and script.isalpha() else name.lower() in LANGUAGES
