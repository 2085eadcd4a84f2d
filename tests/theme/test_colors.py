"""Colours that can be read, and the style sheet that an author's choices make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder

from weekahead.theme.colors import DARK, LEAST, LIGHT, contrast, readable

STYLE = (Path(__file__).parents[2] / "templates/assets/style.css").read_text()
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#777777", "#777777") == 1


@given(COLOURS, st.sampled_from(["#ffffff", LIGHT["paper"], DARK["paper"], "#000000"]))
def test_every_colour_has_a_shade_that_can_be_read(colour: str, paper: str) -> None:
    assert contrast(readable(colour, paper), paper) >= LEAST


def test_the_style_sheet_and_the_palette_say_the_same() -> None:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
    for text, colours in ((light, LIGHT), (dark, DARK)):
        for name, colour in colours.items():
            assert f"--{name}: {colour};" in text


def test_the_style_sheet_is_small() -> None:
    assert len(STYLE.encode()) < 20_000


def test_the_colours_of_the_theme_can_be_read_day_and_night() -> None:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
    for text in (light, dark.split("}\n}")[0]):
        said = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        for name in ("ink", "faint", "accent", "key", "text", "number", "name", "care"):
            for ground in ("paper", "tint"):
                assert contrast(said[name], said[ground]) >= LEAST, (name, ground)
        assert contrast(said["on-accent"], said["accent"]) >= LEAST


def test_an_accent_brings_one_for_the_night_and_a_style_sheet(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + 'theme: {accent: "#1d4a73", font: humanist}\n')
    folder.build()
    sheet = folder.read("assets/theme.css")
    day, night = sheet.split("@media")
    assert "--accent: #1d4a73;" in day
    assert "--on-accent: #ffffff;" in day
    assert "--reading: Seravek" in day
    found = re.search(r"--accent: (#\w+);", night)
    assert found
    assert contrast(found[1], DARK["paper"]) >= LEAST
    assert "/assets/theme.css" in folder.read("index.html")


def test_without_a_theme_there_is_no_second_style_sheet(folder: Folder) -> None:
    folder.build()
    assert "assets/theme.css" not in folder.site()
    assert folder.read("index.html").count('rel="stylesheet"') == 1


def test_a_style_sheet_of_ones_own_is_loaded_last(folder: Folder) -> None:
    folder.write("templates/assets/own.css", ":root { --measure: 30rem; }")
    folder.write("letter.yaml", LETTER + 'theme: {paper: "#fff"}\n')
    folder.build()
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', folder.read("index.html"))
    assert sheets == ["/assets/style.css", "/assets/theme.css", "/assets/own.css"]
    assert 'content="#fff"' in folder.read("index.html")


@pytest.mark.parametrize(
    ("theme", "rule"),
    [
        ('{accent: "red"}', "value"),
        ('{accent: "#12345"}', "value"),
        ("{font: comic}", "value"),
        ('{font: "Georgia, serif; color: red"}', "value"),
        ('{accnt: "#123456"}', "unknown-key"),
        ('{accent: "#ffcc00"}', "contrast"),
        ('{paper_dark: "#f0f0f0"}', "contrast"),
    ],
)
def test_a_theme_that_cannot_be_is_a_finding_in_its_line(folder: Folder, theme: str, rule: str) -> None:
    folder.write("letter.yaml", LETTER + f"theme: {theme}\n")
    found = [finding for finding in folder.check().findings if finding.where.file == "letter.yaml"]
    assert {finding.rule for finding in found} == {rule}
    assert {finding.where.line for finding in found} == {LETTER.count("\n") + 1}
    assert all(finding.hint for finding in found)


def test_the_nearest_shade_is_named(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + 'theme: {accent: "#ffcc00"}\n')
    hint = next(finding.hint for finding in folder.check().findings if finding.rule == "contrast")
    shade = re.search(r"#\w{6}", hint)
    assert shade
    assert contrast(shade[0], LIGHT["paper"]) >= LEAST
