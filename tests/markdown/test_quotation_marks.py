"""Quotation marks, apostrophes and dashes as a printer sets them: in text, and never in code."""

from __future__ import annotations

import pytest
from tests.markdown.compare import ours

QUOTES = {
    "a link at the end": ('"[The pier](b)"', '“<a href="b">The pier</a>”'),
    "emphasis at the end": ('"*The Harbour Book*"', "“<em>The Harbour Book</em>”"),
    "code at the end": ('Say "`low`"', "Say “<code>low</code>”"),
    "an address at the end": (
        'Ada wrote "see https://tide.example/x"',
        'Ada wrote “see <a href="https://tide.example/x">https://tide.example/x</a>”',
    ),
    "a mark at the end of the sentence": ('"*So.*"', "“<em>So.</em>”"),
    "before emphasis": ('He said "*so* and so"', "He said “<em>so</em> and so”"),
    "within emphasis": ('*"so"* "so"', "<em>“so”</em> “so”"),
    "in brackets": ('("so")', "(“so”)"),
    "one within another": ("\"He said 'so'\"", "“He said ‘so’”"),
    "behind a comma": ('sells "rope","tar"', "sells “rope”,“tar”"),
    "behind a stroke": ('"nets"/"floats"', "“nets”/“floats”"),
    "over an end of line": ('"low\nwater"', "“low\nwater”"),
    "an apostrophe": ("it's Ben's dogs'", "it’s Ben’s dogs’"),
    "an apostrophe behind emphasis": ("*Ben*'s", "<em>Ben</em>’s"),
    "an apostrophe behind a link": ("[Ben](b)'s", '<a href="b">Ben</a>’s'),
    "years": ("in '99 and the '80s", "in ’99 and the ’80s"),
    "dashes": ("a -- b --- c", "a – b — c"),
    "dots": ("a...", "a…"),
}


@pytest.mark.parametrize(("text", "wanted"), QUOTES.values(), ids=list(QUOTES))
@pytest.mark.parametrize(
    ("around", "within"),
    [("{}", "<p>{}</p>"), ("- {}", "<li>{}</li>"), ("> {}\n\na", "<p>{}</p>"), ("{}\n\nb", "<p>{}</p>")],
    ids=["a paragraph", "an item", "a quotation", "the first of two paragraphs"],
)
def test_marks_turn_the_right_way(text: str, wanted: str, around: str, within: str) -> None:
    assert within.format(wanted) in ours(around.format(text.replace("\n", "\n  ") if around[0] == "-" else text))


@pytest.mark.parametrize("text", ["the plank is 6'2\" long", "12\" and 3' deep"])
def test_feet_and_inches_open_nothing(text: str) -> None:
    assert not set(ours(text)) & set("“‘")


def test_marks_in_a_heading_and_a_cell_close_as_well() -> None:
    assert "“<em>a</em>”</h2>" in ours('## "*a*"')
    assert "<td>“<em>a</em>”</td>" in ours('| b |\n|---|\n| "*a*" |')


@pytest.mark.parametrize("tag", ["code", "kbd", "samp", "pre"])
def test_code_of_html_stays_as_it_is_written(tag: str) -> None:
    words = "tide --at \"noon\" -- it's 'so' ..."
    assert f">{words}</{tag}>" in ours(f"<{tag}>{words}</{tag}>")
    assert f"{words}</{tag}>" in ours(f'Type <{tag}>*a* {words}</{tag}> "so"') or tag == "pre"


def test_typography_goes_on_behind_code_of_html() -> None:
    assert ours('<kbd>"a"</kbd> "b" <samp>--c</samp> -- d') == '<p><kbd>"a"</kbd> “b” <samp>--c</samp> – d</p>'


@pytest.mark.parametrize(
    "text", ['`"a" -- b`', '```\n"a" -- b\n```', '    "a" -- b', "<https://a.example/--b>", '[a](b--c "d--e")']
)
def test_code_and_addresses_stay_as_they_are_written(text: str) -> None:
    assert "–" not in ours(text)
    assert "“" not in ours(text)


def test_a_mark_with_a_backslash_stays_as_it_is() -> None:
    assert ours('\\"a\\" it\\\'s \\-\\- b') == '<p>"a" it\'s -- b</p>'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Vrai : oui", "Vrai\u202f: oui"),
        ("Quoi !", "Quoi\u202f!"),
        ("Quoi ? Non ; si", "Quoi\u202f? Non\u202f; si"),
        ("*Vrai* : oui", "<em>Vrai</em>\u202f: oui"),
        ("Marée & vent : oui", "Marée &amp; vent\u202f: oui"),
        ("a :smile: b", "a 😄 b"),
        ("`a :`", "<code>a :</code>"),
    ],
)
def test_signs_of_french_get_a_narrow_space_whatever_stands_beside_them(text: str, wanted: str) -> None:
    assert ours(text, language="fr") == f"<p>{wanted}</p>"
