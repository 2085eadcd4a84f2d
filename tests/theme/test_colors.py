"""Colours that can be read, and the style sheet that an author's choices make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder

from weekahead.theme.colors import CHOSEN, DARK, LEAST, LIGHT, by_day, by_night, contrast, readable

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
    light, dark = STYLE.split("@media screen and (prefers-color-scheme: dark)")[:2]
    for text, colours in ((light, LIGHT), (dark, DARK)):
        for name, colour in colours.items():
            assert f"--{name}: {colour};" in text


def test_the_style_sheet_is_small() -> None:
    assert len(STYLE.encode()) < 29_000


def assert_readable(said: Mapping[str, str]) -> None:
    """Every text of the theme can be read on all that may be behind it."""
    for name in ("ink", "faint", "accent", "key", "text", "number", "name", "care"):
        for ground in ("paper", "tint"):
            assert contrast(said[name], said[ground]) >= LEAST, (name, ground)
    assert contrast(said["on-accent"], said["accent"]) >= LEAST
    assert contrast(said["ink"], said["mark"]) >= LEAST


def variables(rules: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", rules))


def test_the_colours_of_the_theme_can_be_read_day_and_night_and_on_paper() -> None:
    light, dark = STYLE.split("@media screen and (prefers-color-scheme: dark)")[:2]
    paper = STYLE.split("@media print {")[1].split("\n", 2)[1]
    assert_readable(variables(light))
    assert_readable(variables(dark.split("}\n}")[0]))
    assert variables(paper)["paper"] == "#fff"
    assert_readable(variables(light) | variables(paper))


@given(st.dictionaries(st.sampled_from(CHOSEN), COLOURS, min_size=1), st.dictionaries(st.sampled_from(CHOSEN), COLOURS))
@example({"accent": "#8a6a3a"}, {})
@example({"paper": "#767676", "ink": "#ffffff"}, {})
@example({"paper": "#f4ecd8", "ink": "#433422"}, {})
def test_what_follows_from_readable_colours_can_be_read(light: dict[str, str], dark: dict[str, str]) -> None:
    for _ in range(2):  # the first round mends what check would report
        for colours, given_ones in ((by_day(light), light), (by_night(light, dark), dark)):
            for name in ("ink", "accent"):
                if contrast(colours[name], colours["paper"]) < LEAST:
                    given_ones[name] = readable(colours[name], colours["paper"])
    assert_readable(by_day(light))
    assert_readable(by_night(light, dark))


@pytest.mark.parametrize(
    ("theme", "night"),
    [
        ('{paper: "#ffffff", ink: "#111111"}', {}),
        ('{paper: "#f4ecd8"}', {}),
        ('{ink: "#433422"}', {}),
        ('{paper: "#202020", ink: "#eeeeee", accent: "#f0a583"}', {}),
        ('{paper: "#ffffff", paper_dark: "#102030"}', {"paper": "#102030"}),
        ('{paper_dark: "#102030", ink_dark: "#e0e0ff"}', {"paper": "#102030", "ink": "#e0e0ff"}),
    ],
)
def test_colours_of_the_day_do_not_reach_the_night_or_paper(folder: Folder, theme: str, night: dict[str, str]) -> None:
    folder.write("letter.yaml", LETTER + f"theme: {theme}\n")
    assert folder.rules() == []
    folder.build()
    rules = dict(re.findall(r"(?m)^@media screen and \(prefers-color-scheme: (\w+)\) \{ (.*) \}$", sheet(folder)))
    assert len(rules) == sheet(folder).count("\n")  # nothing is for every medium
    dark = DARK | variables(rules.get("dark", ""))
    assert_readable(LIGHT | variables(rules.get("light", "")))
    assert_readable(dark)
    assert {name: dark[name] for name in ("paper", "ink")} == {name: DARK[name] for name in ("paper", "ink")} | night
    assert f'content="{dark["paper"]}" media="(prefers-color-scheme: dark)"' in folder.read("index.html")


def sheet(folder: Folder) -> str:
    return folder.read("assets/theme.css")


def test_an_accent_brings_one_for_the_night_and_a_style_sheet(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + 'theme: {accent: "#1d4a73", font: humanist}\n')
    folder.build()
    fonts, day, night = sheet(folder).split("@media")
    assert "--accent: #1d4a73;" in day
    assert "--on-accent: #ffffff;" in day
    assert "--reading: Seravek" in fonts
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
        ('{paper: "#777777", ink: "#222222", accent: "#000000"}', "contrast"),
        ('{accent: "#1d4a73", accent_dark: "#1d4a73"}', "contrast"),
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
    (message, hint) = next((each.message, each.hint) for each in folder.check().findings if each.rule == "contrast")
    assert message == "accent #ffcc00 on #fdfbf7 has a contrast of 1.5; text needs 4.5"
    shade = re.search(r"#\w{6}", hint)
    assert shade
    assert contrast(shade[0], LIGHT["paper"]) >= LEAST
