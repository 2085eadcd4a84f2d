"""Texts that run against their letter's direction say so."""

from __future__ import annotations

import pytest
from babel import Locale, localedata

from weekahead.markdown.directions import direction_of, is_from_right
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert, place


def test_right_to_left_languages_are_those_of_the_cldr() -> None:
    for name in localedata.locale_identifiers():
        assert is_from_right(name) == (Locale.parse(name).text_direction == "rtl"), name


@pytest.mark.parametrize(
    ("text", "language", "is_marked"),
    [
        ("Plain words", "en", False),
        ("שלום world", "en", True),
        ("world שלום", "en", False),
        ("«سلام»", "de", True),
        ("什么", "en", False),
        ("12 %", "fa", False),
        ("English words", "fa", True),
        ("سلام", "fa", False),
        ("", "he", False),
    ],
)
def test_a_text_is_marked_if_its_first_letter_runs_the_other_way(text: str, language: str, is_marked: bool) -> None:
    assert direction_of(text, is_from_right(language)) == ({"dir": "auto"} if is_marked else {})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("שלום", '<p dir="auto">שלום</p>'),
        ("# שלום", '<h2 dir="auto" id="שלום">שלום</h2>'),
        ("- שלום\n- words", '<ul>\n<li dir="auto">שלום</li>\n<li>words</li>\n</ul>'),
        ("> שלום", '<blockquote>\n<p dir="auto">שלום</p>\n</blockquote>'),
    ],
)
def test_paragraphs_headings_and_items_are_marked(text: str, html: str) -> None:
    assert place(convert(text), {}) == html


def test_a_letter_from_right_to_left_marks_what_is_not() -> None:
    rendered = convert("سلام\n\nEnglish", options=TextOptions(language="fa"))
    assert place(rendered, {}) == '<p>سلام</p>\n<p dir="auto">English</p>'
