"""The fonts of the theme: the one that comes with the site, and stacks of those that readers have already."""

from __future__ import annotations

import re

FONTS = {
    "serif": "",
    "old-style": '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, serif',
    "transitional": 'Charter, "Bitstream Charter", "Sitka Text", Cambria, serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
    "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", serif',
    "mono": 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
}
"""Font stacks by the name that an author gives them; that of `serif`, Literata, is in assets/style.css."""

_CYRILLIC = frozenset(["be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"])
_WITHOUT = frozenset(
    [
        "am",
        "ar",
        "bn",
        "fa",
        "gu",
        "he",
        "hi",
        "hy",
        "ja",
        "ka",
        "km",
        "kn",
        "ko",
        "lo",
        "ml",
        "mr",
        "my",
        "ne",
        "pa",
        "ps",
        "si",
        "ta",
        "te",
        "th",
        "ur",
        "yi",
        "zh",
    ]
)
"""Languages whose letters Literata does not have."""


def is_font(words: str) -> bool:
    """Return whether this is a list of font families and nothing else."""
    family = r"(?:[\w -]+|\"[\w -]+\"|'[\w -]+')"
    return bool(re.fullmatch(rf"\s*{family}\s*(?:,\s*{family}\s*)*", words))


def first_font(language: str, font: str | None) -> str | None:
    """Return the file in assets/fonts/, without its extension, that has most letters of a text; None with another font."""
    primary = language.partition("-")[0].lower()
    if FONTS.get(font or "serif", font) or primary in _WITHOUT:
        return None
    return f"literata-{'cyrillic' if primary in _CYRILLIC else 'greek' if primary == 'el' else 'latin'}"


def font_rules(font: str | None, headings: str | None) -> str:
    """Return the rules for fonts that an author has set; nothing where they are the theme's own."""
    rules = []
    for name, stack in (("reading", font), ("heading", headings)):
        if stack and (families := FONTS.get(stack, stack)):
            rules.append(f"--{name}: {families}; --{name}-ex: none;")
    return f":root {{ {' '.join(rules)} }}\n" if rules else ""
