"""Numbers, series and announcements, as titles and texts say them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.fake import post, run

from weekahead.importers.arrangement.title_numbers import common_form, number_of
from weekahead.importers.arrangement.whats_next import announced
from weekahead.importers.post import Access, Post, SeriesHint
from weekahead.model.issue import Issue
from weekahead.source.loader import load_letter

DAYS = [f"2024-0{1 + week // 28}-{1 + week % 28:02} 16:00" for week in range(0, 84, 7)]


@pytest.mark.parametrize(
    ("titles", "numbers", "left"),
    [
        (["Week 87: MLOps", "Week 88: Ropes"], [87, 88], ["MLOps", "Ropes"]),
        (["#5 – Tides", "#6 – Fog"], [5, 6], ["Tides", "Fog"]),
        (["Issue No. 5: Tides", "Issue No. 6: Fog"], [5, 6], ["Tides", "Fog"]),
        (["Ep. 3 Tides", "Ep. 4 Fog"], [3, 4], ["Tides", "Fog"]),
        (["Tides (no. 7)", "Fog (no. 8)"], [7, 8], ["Tides", "Fog"]),
        (["The Harbour Letter #1: Tides", "The Harbour Letter #2: Fog"], [1, 2], ["Tides", "Fog"]),
        (["12. Tides", "13. Fog"], [12, 13], ["Tides", "Fog"]),
        (["第 12 期:潮", "第 13 期:雾"], [12, 13], [":潮", ":雾"]),
        (["Ausgabe 4 | Ebbe", "Ausgabe 5 | Flut"], [4, 5], ["Ebbe", "Flut"]),
        (["Week 1", "Week 2"], [1, 2], ["", ""]),
        (["This Week in Rust 301", "This Week in Rust 302"], [301, 302], ["", ""]),
        (["TWIR 301: Borrowing", "TWIR 302 - Lending"], [301, 302], ["Borrowing", "Lending"]),
    ],
)
def test_titles_have_their_numbers_in_many_forms(titles: list[str], numbers: list[int], left: list[str]) -> None:
    form = common_form(titles)
    assert form
    found = [number_of(title, form) for title in titles]
    assert [each.number for each in found if each] == numbers
    assert [each.title.strip(":") for each in found if each] == [words.strip(":") for words in left]


@pytest.mark.parametrize(
    "titles",
    [
        ["Piers (syllabus edition 7/8)", "Piers (syllabus edition 8/8)"],
        ["Part 1 of 3: Ropes", "Part 2 of 3: Ropes"],
        ["2023: a year", "2024: a year"],
        ["Five things", "Ten things"],
        ["The 5th harbour", "The 6th harbour"],
        ["Week 9: Tides", "Week 3: Fog", "Week 7: Ice", "Week 1: Wind", "Week 2: Sun"],
        ["Week 1: Tides", "Fog", "Ice"],
        ["AT&T #1 choice", "Fog"],
        ["Top 5 films", "Top 10 books"],
        ["The best of 2022", "The best of 2023"],
        ["Top 5: films", "Top 5: books", "Top 5: songs"],
        [],
    ],
)
def test_other_numbers_in_titles_are_none(titles: list[str]) -> None:
    assert common_form(titles) is None


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_titles_can_be_looked_at(titles: Sequence[str]) -> None:
    common_form(titles)


def issues_of(root: Path, *posts: Post) -> tuple[Issue, ...]:
    run(root, *posts)
    return load_letter(root).require_letter(whole=True).issues


def notes_of(root: Path, *posts: Post) -> list[str]:
    return [f"{each.note.outcome}: {each.note.message}" for each in run(root, *posts).notes]


def titled(*titles: str) -> list[Post]:
    return [post(f"p{place}", DAYS[place], title=title) for place, title in enumerate(titles)]


def test_a_number_is_taken_off_only_if_all_have_one(tmp_path: Path) -> None:
    with_all = issues_of(tmp_path / "a", *titled("Week 3: Tides", "Week 4: Fog"))
    assert [(issue.number, issue.title) for issue in with_all] == [(3, "Tides"), (4, "Fog")]
    but_one = issues_of(tmp_path / "b", *titled("Week 3: Tides", "Week 4: Fog", "A word"))
    assert {issue.number: issue.title for issue in but_one} == {3: "Week 3: Tides", 4: "Week 4: Fog", None: "A word"}


def test_a_clash_and_a_gap_are_asked(tmp_path: Path) -> None:
    notes = notes_of(tmp_path / "a", *titled("Week 3: Tides", "Week 4: Fog", "Week 4: Ice", "Week 8: Wind"))
    assert 'needs your eye: number 4 is that of "Week 4: Fog" as well, so this one has none' in notes
    assert "needs your eye: numbers 5 to 7 are not in the export" in notes


def test_the_platforms_count_is_next(tmp_path: Path) -> None:
    posts = [post(f"p{place}", DAYS[place], number=place + 40) for place in range(3)]
    assert [issue.number for issue in issues_of(tmp_path / "a", *posts)] == [40, 41, 42]


def test_an_extra_beside_the_row_is_a_special_edition(tmp_path: Path) -> None:
    posts = [post(f"p{place}", DAYS[place]) for place in range(8)]
    issues = issues_of(tmp_path / "a", *posts, post("extra", DAYS[3].replace("16:00", "20:00")))
    assert [issue.number for issue in issues if issue.slug == "extra"] == [None]
    assert [issue.number for issue in issues if issue.slug != "extra"] == [*range(1, 9)]


def test_a_title_with_another_number_is_asked(tmp_path: Path) -> None:
    notes = notes_of(tmp_path / "a", *titled("Tides", "Week 12: Fog", "Ice"))
    assert any(note.startswith("needs your eye: its title says 12, but it is number 2") for note in notes)


# -- series


def series_of(root: Path, *posts: Post) -> list[tuple[str, int, int | None] | None]:
    found = sorted(issues_of(root, *posts), key=lambda issue: str(issue.date))
    return [(each.series.name, each.series.part, each.series.of) if each.series else None for each in found]


def test_series_are_read_from_titles_and_subtitles(tmp_path: Path) -> None:
    first = post("a", DAYS[0], title="Piers (syllabus edition 7/8)", summary="Part 7 of 8 in the piers syllabus series")
    second = post("b", DAYS[1], title="Piers (syllabus edition 8/8)")
    assert series_of(tmp_path / "a", first, second) == [("piers syllabus", 7, 8), ("piers syllabus", 8, 8)]
    other = post("c", DAYS[0], title="MLOps (ML syllabus edition 8/8)")
    assert series_of(tmp_path / "b", other) == [("ML syllabus", 8, 8)]


def test_series_are_read_from_first_lines_fields_and_tags(tmp_path: Path) -> None:
    words = [
        post("a", DAYS[0], "This is part 2 of the *Knots* series. So."),
        post("b", DAYS[1], "Part 3 of 4 in our Knots series."),
    ]
    assert series_of(tmp_path / "a", *words) == [("Knots", 2, 4), ("Knots", 3, 4)]
    fields = [post(f"p{place}", DAYS[place], series=SeriesHint(name="Fog")) for place in range(2)]
    assert series_of(tmp_path / "b", *fields) == [("Fog", 1, None), ("Fog", 2, None)]
    tags = [post(f"p{place}", DAYS[place], tags=("series: Ice", "cold")) for place in range(2)]
    assert series_of(tmp_path / "c", *tags) == [("Ice", 1, None), ("Ice", 2, None)]
    assert series_of(tmp_path / "d", post("a", DAYS[0], "A part of the world. Series of events.")) == [None]


def test_a_part_that_is_taken_is_asked(tmp_path: Path) -> None:
    twice = [post(f"p{place}", DAYS[place], title=f"Tides {place} (Ropes part 1/2)") for place in range(2)]
    assert any("part 1" in note and note.startswith("needs your eye") for note in notes_of(tmp_path / "a", *twice))


# -- what's next


@pytest.mark.parametrize(
    "heading",
    [
        "## What's next",
        "## What’s next for the letter?",
        "**Coming up:**",
        "What’s next for The Harbour Letter?",
        "# Upcoming issues",
    ],
)
def test_a_list_of_what_is_next_is_read(heading: str) -> None:
    text = f"Words.\n\n{heading}\n\n-   Week 5: Ropes\n-   **Week 6:** [Knots](https://x.example/a_(b))\n-   #7 Fog\n\nBye.\n\n- Week 9: no\n"
    assert announced(text) == [(5, "Ropes"), (6, "Knots"), (7, "Fog")]


@pytest.mark.parametrize(
    "text",
    [
        "## What's next\n\n- Week 5: Ropes\n- something else\n",
        "## Links\n\n- Week 5: Ropes\n",
        "## What's next\n\nWords.\n\n- Week 5: Ropes\n",
        "## What's next\n\n- Week 5: Ropes\n- Week 5: Knots\n",
        "What's next",
        "",
    ],
)
def test_other_lists_announce_nothing(text: str) -> None:
    assert announced(text) == []


def test_the_newest_announcement_is_planned(tmp_path: Path) -> None:
    lists = "## What's next\n\n- Week {0}: Ropes\n- Week {1}: Knots\n"
    posts = [
        post("a", DAYS[0], lists.format(2, 3), title="Week 1: Tides"),
        post("b", DAYS[1], lists.format(3, 4), title="Week 2: Fog"),
        post("c", DAYS[2], lists.format(7, 9), title="Week 3: Ice", access=Access.DRAFT),
    ]
    root = tmp_path / "a"
    run(root, *posts)
    letter = load_letter(root).require_letter(whole=True)
    assert {number: entry.title for number, entry in letter.schedule.entries.items()} == {4: "Knots"}
    assert [(line.number, line.title) for line in letter.by_number[1].next or ()] == [(2, "Ropes"), (3, "Knots")]
