"""What a finding says to write: made of what the author wrote."""

from __future__ import annotations

import pytest
from tests.conftest import Folder
from tests.source.test_value_types import read

from weekahead.source import value_types as types
from weekahead.source.hints import list_hint, meant_days


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("25.12.2026", "Write 2026-12-25."),
        ("3.4.2026", "Write 2026-04-03."),
        ("12/25/2026", "Write 2026-12-25."),
        ("03/04/2026", "Write 2026-04-03 or 2026-03-04: year, month, day."),
        ("2026/12/25", "Write 2026-12-25."),
        ("2026-9-3", "Write 2026-09-03."),
        ("20261225", "Write 2026-12-25."),
        ("25 December 2026", "Write 2026-12-25."),
        ("Dec 25th 2026", "Write 2026-12-25."),
        ("2026-11-27 17:20:00", "Write 2026-11-27; the time of day comes from the cadence in schedule.yaml."),
        ("2026-11-27T17:20", "Write 2026-11-27; the time of day comes from the cadence in schedule.yaml."),
        ("2026-13-01", "There is no month 13. Did you mean 2026-01-13?"),
        ("2026-00-40", "There is no month 0. Check month and day."),
        ("2026-02-30", "February 2026 has 28 days."),
        ("0000-01-32", "Check the year."),
        ("31.02.2026", "Write year, month and day, such as 2026-12-25."),
        ("next week", "Write year, month and day, such as 2026-12-25."),
    ],
)
def test_a_day_written_otherwise_is_given_as_we_write_it(words: str, hint: str) -> None:
    day, (finding,) = read(types.DAY, words)
    assert day is None
    assert finding.hint == hint


def test_an_order_that_no_calendar_has_is_not_suggested() -> None:
    assert meant_days("13/25/2026") == []
    assert meant_days("5 Brumaire 2026") == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("five", "Write key: 5."),
        ("5 weeks", "Write key: 5."),
        ('"5"', "Write key: 5, without quotes."),
        ("5.5", "Write it in digits, without quotes."),
        ("0x10", "Write it in digits, without quotes."),
        ("1_000", "Write it in digits, without quotes."),
        ("many", "Write it in digits, without quotes."),
    ],
)
def test_a_number_in_words_is_given_in_digits(words: str, hint: str) -> None:
    assert read(types.WHOLE, words)[1][0].hint == hint


@pytest.mark.parametrize(("words", "meant"), [("no", "false"), ("Yes", "true"), ("True", "true"), ("off", "false")])
def test_a_truth_in_other_words_is_given(words: str, meant: str) -> None:
    assert read(types.BOOLEAN, words)[1][0].hint == f"Write key: {meant}."
    assert not read(types.BOOLEAN, "maybe")[1][0].hint


def test_a_number_that_is_too_large_is_said_to_be() -> None:
    assert "must be 999999999 or less" in read(types.WHOLE, "9" * 30)[1][0].message
    assert "must be 0 or more" in read(types.WHOLE, "-" + "9" * 30)[1][0].message


def test_words_in_place_of_a_list_are_given_as_one() -> None:
    assert list_hint("news") == "Write KEY: [news]."
    assert list_hint("news, harbour life") == "Write KEY: [news, harbour life]."
    assert list_hint("news boats").endswith("KEY: [news, boats] if they are several.")


CUT = [
    ("letter.yaml", "tagline: About #harbours\n", '"About #harbours"'),
    ("letter.yaml", "copyright: Ida # Holm\n", '"Ida # Holm"'),
    ("letter.yaml", "signoff: Bye #5\n", '"Bye #5"'),
    ("letter.yaml", "podcast:\n  category: Arts #1\n", '"Arts #1"'),
    ("schedule.yaml", "backlog:\n  - Idea #1\n", '"Idea #1"'),
    ("schedule.yaml", "backlog:\n  - #1 of all\n", '"#1 of all"'),
    ("schedule.yaml", "backlog:\n  - title: Idea #1\n", '"Idea #1"'),
    ("schedule.yaml", "upcoming:\n  - number: 6\n    title: Letter #6\n    state: ready\n", '"Letter #6"'),
    ("schedule.yaml", "upcoming:\n  - {number: 6, title: A,\n     notes: see #4\n     , state: ready}\n", '"see #4"'),
]


@pytest.mark.parametrize(("name", "text", "quoted"), CUT)
def test_text_that_a_comment_cuts_is_a_finding(folder: Folder, name: str, text: str, quoted: str) -> None:
    key = text.partition(":")[0]
    kept = (folder.root / name).read_text().partition(f"\n{key}:")[0].partition("\nupcoming:")[0]
    folder.write(name, f"{kept}\n{text}")
    (found,) = [found for found in folder.check().findings if found.rule == "cut-by-comment"]
    line = next(place for place, line in enumerate(f"{kept}\n{text}".split("\n"), 1) if "#" in line)
    assert (found.where.file, found.where.line, found.is_error) == (name, line, False)
    assert found.hint == f"To keep it, use quotes: {quoted}. A comment goes on a line of its own."


def finding_rules(folder: Folder, head: str) -> list[tuple[int, str]]:
    folder.write("issues/0005-fifth.md", f"---\nnumber: 5\ndate: 2022-02-04\n{head}---\n\nWords.\n")
    return [(found.where.line, found.rule) for found in folder.check().findings]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("title: Letter #3 from the pier\n", 4),
        ("title: C # and more\n", 4),
        ("title: A\nsummary: Two lines\n  and #3\n", 6),
        ("title: A\nsummary: #3 again\n", 5),
        ("title: A\nresearch_note: Word #3\n", 5),
        ("title: A\nseries:\n  name: Tide #2\n  part: 1\n", 6),
        ("title: A\ntags:\n  - C #\n", 6),
        ("title: A\nauthors:\n  - Ida #1\n", 6),
        ("title: A\ncorrected:\n  - date: 2022-02-05\n    what: line #4\n", 7),
    ],
)
def test_front_matter_that_a_comment_cuts_is_a_finding(folder: Folder, head: str, line: int) -> None:
    assert (line, "cut-by-comment") in finding_rules(folder, head)


@pytest.mark.parametrize(
    "head",
    [
        "title: A\nstatus: draft # later\n",
        "title: A # no\n".replace("A #", '"A" #'),
        "title: A#3\n",
        'title: "Letter #3"\n',
        "title: |\n  Letter #3\n",
        "title: A\nsummary:   # to be written\n",
        "title: A\n# a comment\nsummary: B\n  # another\ntags: [a, b] # both\n",
        "title: A\nseries: {name: B, part: 1} # of two\n",
        "title: A\naliases: # old\n  - /p/old # was here\n",
        "title: A\nextra: {mood: calm} # mine\n",
        "title: A\nguid: tag:a # as it was\n",
    ],
)
def test_a_comment_that_cuts_no_text_is_a_comment(folder: Folder, head: str) -> None:
    assert "cut-by-comment" not in [rule for _, rule in finding_rules(folder, head)]


def test_a_title_that_is_all_comment_says_so(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", "---\nnumber: 5\ntitle: #1 of many\n---\n")
    (found,) = folder.check().findings
    assert (found.where.line, found.rule) == (3, "key-missing")
    assert found.hint.endswith('use quotes: title: "#1 of many"')


@pytest.mark.parametrize(
    ("theme", "line"),
    [
        ("theme:\n  accent: #0b6e6e\n", 9),
        ("theme: {accent: #0b6e6e}\n", 8),
        ("theme: {accent: #0b6, font: serif}\n", 8),
    ],
)
def test_a_colour_without_quotes_is_an_error(folder: Folder, theme: str, line: int) -> None:
    folder.write("letter.yaml", (folder.root / "letter.yaml").read_text() + theme)
    (found,) = folder.check().findings
    assert (found.where.file, found.where.line, found.is_error) == ("letter.yaml", line, True)
    assert 'accent: "#0b6' in found.hint
