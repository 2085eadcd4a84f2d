"""Colours that can be read: contrast as WCAG 2.2 reckons it, and the style sheet that letter.yaml's `theme:` makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from weekahead.theme.fonts import font_rules

LIGHT = {
    "paper": "#fdfbf7",
    "ink": "#22201d",
    "faint": "#69615a",
    "line": "#e4dcd0",
    "tint": "#f5f0e7",
    "mark": "#e5d1c7",
    "accent": "#8f3a1f",
    "on-accent": "#fffdf9",
    "key": "#8a2252",
    "text": "#1f6b2e",
    "number": "#1c5a92",
    "name": "#6a3ea1",
    "care": "#7a4e00",
}
DARK = {
    "paper": "#181716",
    "ink": "#e8e3d9",
    "faint": "#a9a297",
    "line": "#39352f",
    "tint": "#24211e",
    "mark": "#48362e",
    "accent": "#f0a583",
    "on-accent": "#1c120d",
    "key": "#f29bc1",
    "text": "#9fd8a4",
    "number": "#94c5f2",
    "name": "#cbb0f5",
    "care": "#e6bd6e",
}
"""The colours of assets/style.css; a test holds that both say the same."""
CHOSEN = ("paper", "ink", "accent")
"""Those that `theme:` can set. The others follow from them."""
_OF_CODE = ("key", "text", "number", "name", "care")
"""The colours of code and of alerts."""

LEAST = 4.5
"""The contrast that text needs (WCAG 2.2, success criterion 1.4.3)."""


def rgb(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, each from 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


@lru_cache(maxsize=1024)  # every page asks for the same few
def mixed(colour: str, with_colour: str, share: float) -> str:
    """Return a colour with a share of another in it."""
    parts = (a + (b - a) * share for a, b in zip(rgb(colour), rgb(with_colour), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


@lru_cache(maxsize=1024)
def _luminance(colour: str) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, *grounds: str, least: float = LEAST) -> str:
    """Return the nearest shade of a colour, lighter or darker, that can be read on each of some others."""

    def lowest(shade: str) -> float:
        return min(contrast(shade, ground) for ground in grounds)

    towards = max(("#ffffff", "#000000"), key=lowest)
    shades = (mixed(colour, towards, step / 50) for step in range(51))
    return next((shade for shade in shades if lowest(shade) >= least), towards)


def by_day(light: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of light screens, as an author has set them and as the others follow."""
    return _palette(LIGHT, light)


def by_night(light: Mapping[str, str], dark: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of dark screens. Of those for light screens only the accent counts, in a shade that can be read."""
    if "accent" in light and "accent" not in dark:
        night = _palette(DARK, dark)
        dark = {**dark, "accent": readable(light["accent"], night["paper"], night["tint"], least=7)}
    return _palette(DARK, dark)


def _palette(standard: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return all colours. Where ink and accent can be read on the paper, every text can be read on what is behind it."""
    return dict(_worked_out(tuple(standard.items()), tuple(given.items())))


@lru_cache(maxsize=16)  # every page asks for those of its letter
def _worked_out(all_standard: tuple[tuple[str, str], ...], all_given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    standard, given = dict(all_standard), dict(all_given)
    colours = {**standard, **given}
    paper, ink, accent = (colours[name] for name in CHOSEN)
    if {"paper", "ink"} & given.keys() or contrast(accent, colours["tint"]) < LEAST:
        colours["tint"] = _ground(paper, ink, 0.045, [ink, accent])
        colours |= {name: readable(standard[name], paper, colours["tint"]) for name in _OF_CODE}
    colours["line"] = mixed(paper, ink, 0.14)
    colours["faint"] = readable(mixed(ink, paper, 0.35), paper, colours["tint"], _ground(paper, ink, 0.06, [ink]))
    if given:
        colours["mark"] = _ground(paper, accent, 0.22, [ink])
    if "accent" in given:
        colours["on-accent"] = max(("#ffffff", "#000000"), key=lambda colour: contrast(colour, accent))
    return colours


def _ground(paper: str, colour: str, share: float, texts: Sequence[str]) -> str:
    """Return the paper with a share of a colour in it, or with less if some texts could not be read on that."""
    shades = (mixed(paper, colour, share * step / 10) for step in range(10, 0, -1))
    return next((shade for shade in shades if all(contrast(text, shade) >= LEAST for text in texts)), paper)


def style_sheet(light: Mapping[str, str], dark: Mapping[str, str], font: str | None, headings: str | None) -> str:
    """Return the rules for what an author has set. Colours for light screens are for those alone, and none are for paper."""
    text = font_rules(font, headings)
    for scheme, standard, colours in (
        ("light", by_day({}), by_day(light)),
        ("dark", by_night({}, {}), by_night(light, dark)),
    ):
        changed = [f"--{name}: {colour};" for name, colour in colours.items() if colour != standard[name]]
        if changed:
            text += f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ {' '.join(changed)} }} }}\n"
    return text
