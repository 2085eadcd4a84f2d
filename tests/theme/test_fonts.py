"""Which file of the theme's font a page loads first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from weekahead.book.fonts import TEXT_FONTS
from weekahead.theme.fonts import FONTS, first_font, mail_fonts
from weekahead.theme.i18n import find_script

ASSETS = Path(__file__).parents[2] / "templates/assets"
RULES = dict(re.findall(r"url\((fonts/[^)]+)\); unicode-range: ([^;]+);", (ASSETS / "style.css").read_text()))
"""The characters for which a browser fetches a file of the font."""


@pytest.mark.parametrize(
    ("language", "script", "file"),
    [
        ("en", "Latn", "literata-latin"),
        ("vi", "Latn", "literata-latin"),
        ("uk", "Cyrl", "literata-cyrillic"),
        ("kk", "Cyrl", "literata-cyrillic"),
        ("kk-CN", "Arab", None),
        ("sr", "Cyrl", "literata-cyrillic"),
        ("sr-Latn", "Latn", "literata-latin"),
        ("sr_latn_RS", "Latn", "literata-latin"),
        ("sr-ME", "Latn", "literata-latin"),
        ("uz", "Latn", "literata-latin"),
        ("uz-Cyrl-UZ", "Cyrl", "literata-cyrillic"),
        ("el", "Grek", "literata-greek"),
        ("EL-gr", "Grek", "literata-greek"),
        ("pa-PK-x-mine", "Arab", None),
        ("el-x-abcd", "Grek", "literata-greek"),
        ("ca-valencia", "Latn", "literata-latin"),
        ("en-GB-oxendict", "Latn", "literata-latin"),
        ("zh-Hant", "Hant", None),
        ("zh-TW", "Hant", None),
        ("zh", "Hans", None),
        ("ja", "Jpan", None),
        ("ko", "Kore", None),
        ("he", "Hebr", None),
        ("ar", "Arab", None),
        ("pa-PK", "Arab", None),
        ("hi", "Deva", None),
        ("hi-Latn", "Latn", "literata-latin"),
        ("tlh", "Latn", "literata-latin"),
        ("x", "Latn", "literata-latin"),
    ],
)
def test_a_page_loads_the_file_of_the_script_that_its_language_is_written_in(
    language: str, script: str, file: str | None
) -> None:
    assert find_script(language) == script
    assert first_font(script, None) == file
    assert file is None or f"fonts/{file}.woff2" in RULES


def test_a_page_loads_no_file_of_a_font_that_the_theme_does_not_have() -> None:
    assert first_font("Latn", "serif") == "literata-latin"
    assert not {first_font("Latn", name) for name in [*FONTS, "Georgia, serif"] if name != "serif"} - {None}


def test_every_file_of_the_font_is_used_by_pages_and_books() -> None:
    assert {*RULES} == {*TEXT_FONTS} == {f"fonts/{path.name}" for path in (ASSETS / "fonts").glob("*.woff2")}


@pytest.mark.parametrize(
    ("file", "some_letters"), [("cyrillic-ext", "әғқңүһө"), ("cyrillic", "ієґўџ"), ("greek", "άςϊ")]
)
def test_a_browser_fetches_a_file_for_letters_that_are_in_it(file: str, some_letters: str) -> None:
    for name in (f"fonts/literata-{file}.woff2", f"fonts/literata-{file}-italic.woff2"):
        spans = [part[2:].split("-") for part in RULES[name].split(",")]
        claimed = {chr(code) for span in spans for code in range(int(span[0], 16), int(span[-1], 16) + 1)}
        with TTFont(ASSETS / name) as font:
            assert {*some_letters} <= claimed & {*map(chr, font.getBestCmap())}


@pytest.mark.parametrize(
    ("font", "headings", "first"),
    [
        (None, None, ("Georgia", "Literata")),
        ("serif", None, ("Georgia", "Literata")),
        ("sans", None, ("system-ui", "system-ui")),
        (None, "slab", ("Georgia", "Rockwell")),
        ("sans", "serif", ("system-ui", "Literata")),
        ("Lora, serif", "Georgia", ("Lora", "Georgia")),
    ],
)
def test_mail_has_the_fonts_that_the_author_chose(
    font: str | None, headings: str | None, first: tuple[str, str]
) -> None:
    assert tuple(stack.partition(",")[0] for stack in mail_fonts(font, headings)) == first
