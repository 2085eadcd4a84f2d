"""Numbers and years that follow each other, as styles want them (CSL 1.0.2, "Cite Collapsing")."""

from __future__ import annotations

import re

import pytest

from weekahead.references.library import read_library
from weekahead.references.style import format_text
from weekahead.references.syntax import read_group

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>T</title><id>t</id><updated>2020-01-01T00:00:00+00:00</updated></info>
"""
NUMBERS = (
    HEAD
    + """<citation collapse="citation-number"><sort><key variable="citation-number"/></sort>
<layout prefix="%s" suffix="%s" delimiter=", "><group delimiter=", "><text variable="citation-number" prefix="%s" suffix="%s"/>
<text variable="locator" prefix="p. "/></group></layout></citation>
<bibliography><layout><text variable="citation-number" suffix=". "/><text variable="title"/></layout></bibliography></style>"""
)
YEARS = (
    HEAD
    + """<citation disambiguate-add-year-suffix="true" collapse="%s"%s><sort><key variable="issued"/></sort>
<layout prefix="(" suffix=")" delimiter="; "><group delimiter=", "><group delimiter=" "><names variable="author"><name form="short"/></names>
<group><date variable="issued"><date-part name="year"/></date><text variable="year-suffix"/></group></group>
<text variable="locator" prefix="p. "/></group></layout></citation>
<bibliography><sort><key variable="author"/><key variable="issued"/><key variable="title"/></sort><layout><names variable="author"/>
<date variable="issued" prefix=" "><date-part name="year"/></date><text variable="year-suffix"/></layout></bibliography></style>"""
)
WORKS = (
    "".join(
        f"@book{{k{number}, author = {{Doe, Ann}}, title = {{Title {number}}}, year = {year}, publisher = {{P}}}}\n"
        for number, year in enumerate([2000] * 6 + [2001] * 3)
    )
    + "@book{z, author = {Zed, Bo}, title = {Zz}, year = 2000, publisher = {P}}\n"
)


def cited(style: str, words: str) -> str:
    """Return a citation in a text that cites all works before, in order."""
    works = read_library([("references.bib", WORKS.encode())]).works
    made = format_text([work.item for work in works.values()], [(read_group(words), False)], style.encode(), "en")
    return re.sub("<[^>]*>", "", "".join(html for html, _ in made.citations[0])).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("words", "within", "each"),
    [
        ("@k0", "[1]", "[1]"),
        ("@k0; @k1", "[1, 2]", "[1], [2]"),
        ("@k0; @k1; @k2", "[1–3]", "[1]–[3]"),
        ("@k2; @k0; @k1", "[1–3]", "[1]–[3]"),
        ("@k0; @k2; @k3; @k4; @k6", "[1, 3–5, 7]", "[1], [3]–[5], [7]"),
        ("@k0; @k1, p. 5; @k2; @k3; @k4", "[1, 2, p. 5, 3–5]", "[1], [2], p. 5, [3]–[5]"),
        ("see @k0; @k1; @k2", "[see 1–3]", "see [1]–[3]"),
        ("@k0; @k1; see @k2", "[1, 2, see 3]", "[1], [2], see [3]"),
        ("@k0; @k1; @k2 and more", "[1, 2, 3 and more]", "[1], [2], [3] and more"),
    ],
)
def test_three_numbers_in_a_row_are_a_range(words: str, within: str, each: str) -> None:
    assert cited(NUMBERS % ("[", "]", "", ""), words) == within
    assert cited(NUMBERS % ("", "", "[", "]"), words) == each


@pytest.mark.parametrize(
    ("words", "letters", "ranged"),
    [
        ("@k0", "(Doe 2000a)", "(Doe 2000a)"),
        ("@k0; @k1", "(Doe 2000a, b)", "(Doe 2000a, b)"),
        ("@k0; @k1; @k2", "(Doe 2000a, b, c)", "(Doe 2000a–c)"),
        ("@k0; @k2; @k3; @k4; @k6", "(Doe 2000a, c, d, e; 2001a)", "(Doe 2000a, c–e; 2001a)"),
        ("@k0; @k1, p. 5; @k2", "(Doe 2000a, 2000b, p. 5, 2000c)", "(Doe 2000a, 2000b, p. 5, 2000c)"),
        ("see @k0; @k1; @k2", "(see Doe 2000a, b, c)", "(see Doe 2000a–c)"),
        ("@k0; @z; @k1", "(Doe 2000a, b; Zed 2000)", "(Doe 2000a, b; Zed 2000)"),
        ("-@k0; @k1; @k2", "(2000a, b, c)", "(2000a–c)"),
    ],
)
def test_a_year_stands_once_before_its_letters(words: str, letters: str, ranged: str) -> None:
    assert cited(YEARS % ("year-suffix", ' year-suffix-delimiter=", "'), words) == letters
    assert cited(YEARS % ("year-suffix-ranged", ' year-suffix-delimiter=", "'), words) == ranged
    years = re.sub(r"(?<=\w), (?=[b-z]\b(?!\.))", ", 2000", letters).replace("; 2001", ", 2001")
    assert cited(YEARS % ("year", ""), words) == years
