"""Findings in a terminal show the author's line, and carets under the words in question."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands.conftest import OnATerminal
from tests.conftest import SCHEDULE, Folder, issue_text

from weekahead.commands.source_line import cell_width, mark_words
from weekahead.commands.streams import printable


@pytest.mark.parametrize(
    ("text", "column", "length", "width", "line", "carets"),
    [
        ("state: reviw", 8, 5, 80, "state: reviw", "       ^^^^^"),
        ("state: reviw", 0, 1, 80, "state: reviw", ""),
        ("\ta\tb", 4, 1, 80, "    a   b", "        ^"),
        ("漢字: x", 5, 1, 80, "漢字: x", "      ^"),
        ("漢字", 2, 1, 80, "漢字", "  ^^"),
        ("cafe\u0301: x", 8, 1, 80, "cafe\u0301: x", "      ^"),
        ("\u1112\u1161\u11ab: x", 6, 1, 80, "\u1112\u1161\u11ab: x", "    ^"),
        ("a\x1b[2Jb\x7f\x9b", 6, 1, 80, "a␛[2Jb␡\ufffd", "     ^"),
        ("a\u202eb", 3, 1, 80, "a\ufffdb", "  ^"),
        ("title:", 8, 1, 80, "title:", "       ^"),
        ("0123456789abcdef", 1, 2, 10, "012345678…", "^^"),
        ("0123456789abcdef", 9, 2, 10, "…5678 9abc…".replace(" ", ""), "    ^^"),
        ("0123456789abcdef", 16, 1, 10, "…789abcdef", "         ^"),
        ("漢字漢字漢字漢字", 4, 1, 9, "漢字漢字…", "      ^^"),
        ("漢字漢字漢字漢字", 6, 1, 9, "…漢字漢…", "   ^^"),
    ],
)
def test_carets_are_under_the_words(text: str, column: int, length: int, width: int, line: str, carets: str) -> None:
    assert mark_words(text, column, length, width) == (line, carets)


def width_of(text: str) -> int:
    """The cells of a line without tabs, as Unicode has them."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)


@given(st.text("ab \t漢é\u0301\u200d👩\x00\x1b\x85\u2028\u202e", max_size=120), st.data(), st.integers(20, 90))
def test_any_line_fits_with_its_carets_under_the_character_of_the_column(
    text: str, data: st.DataObject, width: int
) -> None:
    visible = len(text.rstrip())
    column = data.draw(st.integers(1, visible + 1))
    line, carets = mark_words(text, column, 1, width)
    assert width_of(line) <= width
    assert len(carets) <= width
    assert line.isprintable() or "\u200d" in line
    character = text[column - 1 : column].strip()
    if column <= visible and character and cell_width(printable(character)):
        before = carets.index("^")
        starts = [index for index in range(len(line)) if width_of(line[:index]) == before and width_of(line[index])]
        assert line[starts[0]] == printable(character)


def with_a_slip(folder: Folder) -> Folder:
    """A letter with an unknown key behind wide characters."""
    slip = "{number: 6, title: 読み方 é, state: review, note: x}"
    folder.write("schedule.yaml", SCHEDULE.replace("{number: 6, title: Reading a loss curve, state: review}", slip))
    return folder


def test_a_terminal_shows_column_line_and_carets_between_finding_and_hint(
    folder: Folder, on_a_terminal: OnATerminal
) -> None:
    assert on_a_terminal(with_a_slip(folder), "check", "--quiet", NO_COLOR="1").startswith(
        'schedule.yaml:5: error: unknown key "note" [unknown-key]\n'
        "    5:46 |   - {number: 6, title: 読み方 é, state: review, note: x}\n"
        "         |                                                 ^^^^\n"
        '    Did you mean "notes"?\n'
    )


def test_a_narrow_terminal_shows_the_part_of_the_line_around_the_column(
    folder: Folder, on_a_terminal: OnATerminal
) -> None:
    said = on_a_terminal(with_a_slip(folder), "build", columns=38, NO_COLOR="1")
    assert "    5:46 | …é, state: review, note: x}\n         |                    ^^^^\n" in said


def test_colours_are_for_terminals_that_want_them(folder: Folder, on_a_terminal: OnATerminal) -> None:
    said = on_a_terminal(with_a_slip(folder), "check", "--quiet")
    assert "schedule.yaml:5: \x1b[31m\x1b[1merror\x1b[0m: " in said
    assert "\x1b[31m^^^^\x1b[0m\n" in said
    assert "\x1b" not in on_a_terminal(with_a_slip(folder), "check", "--quiet", NO_COLOR="1")


def test_no_character_of_the_author_steers_the_terminal(folder: Folder, on_a_terminal: OnATerminal) -> None:
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Six", "See [\x9b2J\u202ex](\x07.png) now.\x1b[2J"))
    said = on_a_terminal(folder, "check", NO_COLOR="1")
    assert "issues/0006-x.md:8" in said
    assert not {"\x07", "\x1b", "\x9b", "\u202e"} & {*said}


@pytest.mark.parametrize("command", [("check", "--quiet"), ("build",), ("plan",)])
def test_every_command_shows_the_line(folder: Folder, command: tuple[str, ...], on_a_terminal: OnATerminal) -> None:
    assert "                                                 ^^^^\n" in on_a_terminal(
        with_a_slip(folder), *command, NO_COLOR="1"
    )


def test_a_line_outside_the_letter_is_not_shown(folder: Folder, tmp_path: Path, on_a_terminal: OnATerminal) -> None:
    (tmp_path / "secret.yaml").write_text("cadence: {every: fryday}\n")
    (folder.root / "schedule.yaml").unlink()
    (folder.root / "schedule.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "fryday" not in on_a_terminal(folder, "check")
