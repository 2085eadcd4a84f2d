"""Alerts as on GitHub: quotations whose first line is a mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from weekahead.markdown.kinds.note import Alert
from weekahead.markdown.renderer import convert, place
from weekahead.source.theme_loader import load_theme
from weekahead.theme.i18n import load_translator

REPOSITORY = Path(__file__).parents[3]


def html(text: str, language: str = "en") -> str:
    return place(convert(text), {}, say=load_translator(load_theme(REPOSITORY), language).expand)


@pytest.mark.parametrize("mark", Alert.marks)
def test_each_mark_has_a_look_and_a_label(mark: str) -> None:
    page = html(f"> [!{mark.upper()}]\n> Words.")
    looks = "note alert" if mark == "note" else f"note alert {mark}"
    label = f'<p class="label"><strong>{mark.title()}</strong></p>'
    assert page.split("\n") == [f'<div class="{looks}" role="note">{label}', "<p>Words.</p>", "</div>"]


@pytest.mark.parametrize(
    ("language", "label"),
    [("de", "Warnung"), ("es", "Advertencia"), ("fr", "Avertissement"), ("fa", "هشدار"), ("zh", "警告")],
)
def test_a_label_is_in_the_letters_language(language: str, label: str) -> None:
    assert f"<strong>{label}</strong>" in html("> [!Warning]\n> Words.", language)


@pytest.mark.parametrize(
    "text",
    [
        "> [!tip]  \nlazy",
        ">[!TIP]\n> lazy",
        "- > [!TIP]\n  > lazy",
        "> [!TIP]\n>\n> lazy",
        "/// note | N\n> [!TIP]\n> lazy\n///",
    ],
)
def test_an_alert_may_stand_where_a_quotation_may(text: str) -> None:
    assert 'class="note alert tip"' in html(text)
    assert "lazy</p>" in html(text)
    assert "[!" not in html(text)
    assert not convert(text).faults


@pytest.mark.parametrize(
    "text",
    [
        "> [!NOTE] Words",
        "> Words\n> [!NOTE]",
        "> [!NOTE]: words",
        "> \\[!NOTE]\n> Words",
        "> `[!NOTE]`\n> Words",
        "> [NOTE]\n> Words",
        "> # [!NOTE]\n> Words",
        "[!NOTE]\nWords",
        "- [!NOTE]\n  Words",
    ],
)
def test_what_is_almost_an_alert_is_left_alone(text: str) -> None:
    assert "alert" not in html(text)
    assert not convert(text).faults


def test_lists_tables_and_notes_work_in_an_alert() -> None:
    page = html("> [!NOTE]\n> - one[^1]\n>\n> | a |\n> |---|\n> | b |\n\n[^1]: Said.")
    assert (
        page.index('role="note"') < page.index("<li>one") < page.index("<td>b</td>") < page.index("</div>\n<div class=")
    )
    assert 'class="footnote-ref"' in page


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Words.\n\n> [!WARN]\n> Words.", 3, 'the alert "[!WARN]" is unknown, so this is a quotation'),
        ("- one\n\n  > [!INFO]\n  > Words.", 3, 'the alert "[!INFO]" is unknown, so this is a quotation'),
        ("Words.\n> [!TIP]\n\nWords.", 2, 'the alert "[!TIP]" is empty, so this is a quotation'),
    ],
)
def test_what_is_wrong_with_an_alert_is_found_in_its_line(text: str, line: int, message: str) -> None:
    assert [(fault.rule, fault.line, fault.message) for fault in convert(text).faults] == [("alert", line, message)]


def test_what_is_wrong_in_an_alert_is_found_in_its_line() -> None:
    text = "/// references\n> [!NOTE]\n> Words,\n> doi:11.1093/x\n///"
    assert [(fault.rule, fault.line) for fault in convert(text).faults] == [("reference", 4)]


def test_the_first_words_of_a_letter_are_not_those_of_an_alert() -> None:
    assert convert("> [!TIP]\n> Subscribe.\n\nThe letter begins.").lead == "The letter begins."
