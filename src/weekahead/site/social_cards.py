"""Draw social cards: the letter's name and a title. What the font does not have is left out rather than shown as boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from weekahead.site.bitmap import ACCENT, FAINT, INK, Canvas, Face, faces

WIDTH, HEIGHT = 1200, 630
MARGIN = 84
LEADING = {"title": 98, "long": 72}
"""Pixels from one line of a title to the next."""
WEEKS, PROMISED = 9, 5
"""Boxes of the row of weeks that replaces a title the font cannot show, and how many of them are filled."""


def card(title: str, name: str, number: str, line: str, colours: Mapping[str, str]) -> bytes:
    """Return a PNG of 1200 by 630 pixels: the newsletter's name, the title, and a line below it.

    The name replaces a title that the font cannot show; the number and a row of weeks replace a name that it cannot show.
    """
    fonts = faces()
    canvas = Canvas(WIDTH, HEIGHT)
    for place in range(3):  # the squares that stand for weeks
        canvas.fill(MARGIN + 28 * place, MARGIN, 18, 18, ACCENT + 2)
    wanted = (_plain(fonts["title"], words) for words in (title, name, number))
    headline = next((words for words in wanted if words and fonts["title"].can_set(words)), "")
    if fonts["name"].can_set(name) and headline != name:
        x = MARGIN + 28 * 3 + 14
        canvas.write("name", fonts["name"].cut(name, WIDTH - x - MARGIN), x, MARGIN + 21, ACCENT)
    face, lines = _fitted(headline)
    middle = HEIGHT // 2 + LEADING[face] * 3 // 10  # of the baselines; a capital is 0.6 of a line high
    for place, words in enumerate(lines):
        canvas.write(face, words, MARGIN, middle + (2 * place + 1 - len(lines)) * LEADING[face] // 2, INK)
    if headline in ("", number):  # a letter in another script: weeks in a row, the promised ones filled, say what it is
        for place in range(WEEKS):
            colour = ACCENT + 2 if place < PROMISED else ACCENT
            canvas.fill(MARGIN + place * 116, HEIGHT - MARGIN - 96, 96, 96, colour)
    elif fonts["small"].can_set(line):
        canvas.write("small", fonts["small"].cut(line, WIDTH - 2 * MARGIN), MARGIN, HEIGHT - MARGIN, FAINT)
    return canvas.png(colours)


def _plain(face: Face, words: str) -> str:
    """Return text without emoji, and what joins and varies them, that the font does not have."""
    signs = unicodedata.normalize("NFC", words)
    pictures = ("So", "Sk", "Cf", "Mn")
    return "".join(sign for sign in signs if sign in face.glyphs or unicodedata.category(sign) not in pictures).strip()


def _fitted(words: str) -> tuple[str, list[str]]:
    """Return font and lines of a title: at most three large lines, or four smaller ones, shortened if necessary."""
    fonts = faces()
    width = WIDTH - 2 * MARGIN
    for name, most in (("title", 3), ("long", 4)):
        lines = fonts[name].lines(words, width)
        if len(lines) <= most:
            return name, _balanced(fonts[name], words, lines)
    return "long", [*lines[:3], fonts["long"].cut(" ".join(lines[3:]), width)]


def _balanced(face: Face, words: str, lines: list[str]) -> list[str]:
    """Return the same number of lines, as even as possible: those of the narrowest column that fits them."""
    least, most = 0, WIDTH - 2 * MARGIN
    while most - least > 8:
        middle = (least + most) // 2
        found = face.lines(words, middle)
        fits = len(found) <= len(lines) and not any(line.endswith("…") for line in found)
        least, most, lines = (least, middle, found) if fits else (middle, most, lines)
    return lines
