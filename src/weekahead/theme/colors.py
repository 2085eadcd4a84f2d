"""Colours that can be read: contrast as WCAG 2.2 reckons it, and the style sheet that letter.yaml's `theme:` makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

LIGHT = {"paper": "#fdfbf7", "ink": "#22201d", "accent": "#8f3a1f"}
DARK = {"paper": "#181716", "ink": "#e8e3d9", "accent": "#f0a583"}
"""The colours of assets/style.css that `theme:` can set; a test holds that both say the same."""

LEAST = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3)."""

FONTS = {
    "serif": "",
    "old-style": '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, serif',
    "transitional": 'Charter, "Bitstream Charter", "Sitka Text", Cambria, serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", sans-serif',
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
    "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", serif',
    "mono": 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
}
"""Fonts that readers have already, by the name that an author gives them."""


def is_font(words: str) -> bool:
    """Return whether this is a list of font families and nothing else."""
    family = r"(?:[\w -]+|\"[\w -]+\"|'[\w -]+')"
    return bool(re.fullmatch(rf"\s*{family}\s*(?:,\s*{family}\s*)*", words))


def rgb(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, each from 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def mixed(colour: str, with_colour: str, share: float) -> str:
    """Return a colour with a share of another in it."""
    parts = (a + (b - a) * share for a, b in zip(rgb(colour), rgb(with_colour), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, on: str, least: float = LEAST) -> str:
    """Return the nearest shade of a colour, lighter or darker, that can be read on another."""
    towards = "#ffffff" if _luminance(on) < 0.18 else "#000000"
    shades = (mixed(colour, towards, step / 50) for step in range(51))
    return next((shade for shade in shades if contrast(shade, on) >= least), towards)


def by_day(given: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of the day as an author has set them, with what follows from them."""
    whole = {**LIGHT, **given}
    return whole | _following(whole["paper"], whole["ink"])


def _following(paper: str, ink: str) -> dict[str, str]:
    return {
        "faint": readable(mixed(ink, paper, 0.35), mixed(paper, ink, 0.06)),
        "line": mixed(paper, ink, 0.14),
        "tint": mixed(paper, ink, 0.045),
    }


def style_sheet(light: Mapping[str, str], dark: Mapping[str, str], font: str | None, headings: str | None) -> str:
    """Return the rules for what an author has set. What follows from a colour is set with it."""
    rules = [*_colours(LIGHT, light)]
    rules += [
        f"--{name}: {FONTS.get(stack, stack)};"
        for name, stack in (("reading", font), ("heading", headings))
        if stack and FONTS.get(stack, stack)
    ]
    if "accent" in light:
        dark = {"accent": readable(light["accent"], dark.get("paper", DARK["paper"]), 7), **dark}
    text = f":root {{ {' '.join(rules)} }}\n" if rules else ""
    if night := " ".join(_colours(DARK, dark)):
        text += f"@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}\n"
    return text


def _colours(standard: Mapping[str, str], given: Mapping[str, str]) -> Iterator[str]:
    whole = {**standard, **given}
    yield from (f"--{name}: {colour};" for name, colour in given.items())
    if "paper" in given or "ink" in given:
        yield from (f"--{name}: {colour};" for name, colour in _following(whole["paper"], whole["ink"]).items())
    if "accent" in given:
        on = max(("#ffffff", "#000000"), key=lambda colour: contrast(colour, given["accent"]))
        yield f"--on-accent: {on};"
