"""Which file of the theme's font a page loads first."""

from __future__ import annotations

from pathlib import Path

import pytest

from weekahead.theme.fonts import FONTS, first_font
from weekahead.theme.i18n import find_script

REPOSITORY = Path(__file__).parents[2]


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
    assert file is None or (REPOSITORY / f"templates/assets/fonts/{file}.woff2").is_file()


def test_a_page_loads_no_file_of_a_font_that_the_theme_does_not_have() -> None:
    assert first_font("Latn", "serif") == "literata-latin"
    assert not {first_font("Latn", name) for name in [*FONTS, "Georgia, serif"] if name != "serif"} - {None}
