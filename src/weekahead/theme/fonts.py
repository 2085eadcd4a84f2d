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

_IN_MAIL = ('Georgia, "Times New Roman", serif', 'Literata, Charter, Georgia, "Times New Roman", serif')
"""The stacks of `serif` for text and headings in mail, where no font is loaded."""
_FILES = {"Latn": "literata-latin", "Cyrl": "literata-cyrillic", "Grek": "literata-greek"}
"""The file with most letters of a script (ISO 15924), for the scripts that Literata has."""


def is_font(words: str) -> bool:
    """Return whether this is a list of font families and nothing else."""
    family = r"(?:[\w -]+|\"[\w -]+\"|'[\w -]+')"
    return bool(re.fullmatch(rf"\s*{family}\s*(?:,\s*{family}\s*)*", words))


def first_font(script: str, font: str | None) -> str | None:
    """Return the file in assets/fonts/, without its extension, that has most letters of a text in a script (ISO 15924).

    None if the theme has another font, or Literata lacks the script.
    """
    return None if FONTS.get(font or "serif", font) else _FILES.get(script)


def font_rules(font: str | None, headings: str | None) -> str:
    """Return the rules for fonts that an author has set; nothing where they are the theme's own."""
    rules = []
    for name, stack in (("reading", font), ("heading", headings)):
        if stack and (families := FONTS.get(stack, stack)):
            rules.append(f"--{name}: {families}; --{name}-ex: none;")
    return f":root {{ {' '.join(rules)} }}\n" if rules else ""


def mail_fonts(font: str | None, headings: str | None) -> tuple[str, str]:
    """Return the stacks for text and headings in mail: those that an author has set, else of fonts that readers have."""
    text = FONTS.get(font or "serif", font)
    of_headings = FONTS.get(headings, headings) if headings else text
    return text or _IN_MAIL[0], of_headings or _IN_MAIL[1]
