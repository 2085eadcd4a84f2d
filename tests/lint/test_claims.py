"""What a text says of its own number, part and day is compared with its issue; what it says of others is not."""

from __future__ import annotations

from datetime import date

import pytest

from weekahead.lint.rules import IssueFacts, lint_text, lint_title
from weekahead.lint.scanner import scan_markdown

LETTER = "The Test Letter"
DAY = date(2026, 11, 27)


def says(body: str, facts: IssueFacts, rule: str) -> list[str]:
    return [each.message for each in lint_text(scan_markdown(body), facts) if each.rule == rule]


def numbered(number: int, *, letter: str = LETTER, title: str = "", part: int | None = None) -> IssueFacts:
    return IssueFacts("en", letter, title, number, DAY, part, None)


@pytest.mark.parametrize(
    "body",
    [
        "Welcome back to week 86!",
        "This is Issue #86.",
        "Here is letter 86, and it is late.",
        "Welcome to *The Test Letter* #86!",
        "Welcome to the newsletter, week 86.",
        "This is number 86 of The Test Letter.",
        "You’re reading newsletter number 86.",
        "Issue #86\n\nWords.",
        "# Issue #86: Tides\n\nWords.",
        "**Issue 86**\n\nWords.",
        "*Issue #86*, 3 May",
        "The Test Letter · Issue 86 · 27 November\n\nWords.",
        "Hello.\n\nIssue #86 is here.",
        "Words.\n\n## Issue #86\n\nWords.",
        "One.\n\nTwo.\n\nThree.\n\nFour.\n\n*The Test Letter, issue #86*",
        "Words. In this Issue #86, tides.",
        "Words. Welcome to issue 86 of The Test Letter.",
    ],
)
def test_the_number_of_another_issue_is_found(body: str) -> None:
    assert len(says(body, numbered(87), "number-disagrees")) == 1
    assert says(body.replace("86", "87"), numbered(87), "number-disagrees") == []


@pytest.mark.parametrize("body", ["Issue #7 is here.", "Welcome to Issue #7", "Issue #7\n\nWords."])
def test_issue_7_is_found_in_number_5(body: str) -> None:
    assert len(says(body, numbered(5), "number-disagrees")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "This is version number 1.2 of the tool. Welcome to edition 1.2!",
        "Here is issue 1,234 of the tracker, and this is number 1,000.",
        "This is issue #1234 in the tracker. Here is number 7 of the list.",
        "This is bug number 86, and here is PR number 85.",
        "This is number 86.5, or 86:12, or 86–90, or 86%.",
        "This is the 5th week of spring. Welcome to week 3 of the course.",
        "This is the 31st edition of the Haskell report.",
        "In issue 86 of The Test Letter we said so. Issue 85 of The Test Letter was about tides.",
        "As I wrote in\nissue 85 of The Test Letter, it is so.",
        "See issue #86 for more. Issue #86 was fixed, and issue #88 is open.",
        "> Welcome to week 86",
        "/// post | A\ndate: 2022-09-02\nWelcome to week 86\n///",
        "[Welcome to week 86](x.md) `Welcome to week 86`",
        "This is edition 2021 of Rust. Welcome to 2026.",
        "Welcome to week 48.",
        "This is not issue 86.",
        "In this issue 86 people write. The Test Letter #85 was about tides, and so says The Test Letter #86.",
        "`This is issue 86`",
    ],
)
def test_versions_thousands_bugs_and_other_issues_are_no_numbers_of_this_one(body: str) -> None:
    assert says(body, numbered(87), "number-disagrees") == []


def test_sections_by_week_and_distant_bugs_are_no_numbers_of_an_early_issue() -> None:
    for body in ("## Week 1\n\nx\n\n## Week 2\n\nx", "Issue #1234 is open.", "Issue 1234: a leak\n\nWords."):
        assert says(body, numbered(5), "number-disagrees") == []


@pytest.mark.parametrize(
    ("title", "number", "letter", "is_wrong"),
    [
        ("#86", 87, LETTER, True),
        ("No. 86", 87, LETTER, True),
        ("Issue #86 — Tides", 87, LETTER, True),
        ("Issue 86 Tides", 87, LETTER, True),
        ("The Test Letter, issue 86", 87, LETTER, True),
        ("The Test Letter 86", 87, LETTER, True),
        ("Ruby 3.2 is out", 87, "Ruby", False),
        ("Python 3: what is new", 57, "Python", False),
        ("Rust 2021: the edition", 87, "Rust", False),
        ("Rust-101", 87, "Rust", False),
        ("#1234: a bug", 87, LETTER, False),
        ("#100daysofcode", 87, LETTER, False),
        ("Issue 1,000", 1000, LETTER, False),
        ("No 10 reasons", 9, LETTER, False),
        ("Number 5 is alive", 7, LETTER, False),
        ("Week 48", 87, LETTER, False),
        ("Week 3 of the course", 87, LETTER, False),
    ],
)
def test_numbers_in_titles(title: str, number: int, letter: str, is_wrong: bool) -> None:
    facts = numbered(number, letter=letter, title=title)
    assert [rule for rule, _, _ in lint_title(facts)] == ["number-disagrees"] * is_wrong


def test_a_number_that_is_the_part_of_a_series_is_no_number_of_the_issue() -> None:
    facts = numbered(87, title="Week 8: MLOps", part=8)
    assert lint_title(facts) == []
    assert says("Welcome to week 8!", facts, "number-disagrees") == []


PART_2 = IssueFacts("en", LETTER, "", 87, DAY, 2, 3)


@pytest.mark.parametrize(
    "body", ["This is part 1 of 3.", "In this letter: part 3 of 3.", "Last week, part 1 of 4.", "Part one of three!"]
)
def test_another_part_is_found(body: str) -> None:
    assert len(says(body, PART_2, "part-disagrees")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Last week, part 1 of 3 was about tides.",
        "Last week (part 1 of 3) we saw tides.",
        "Two weeks ago, in the calm of July, part 1 of 3 began it.",
        "Previously: part 1 of 3.",
        "Next week: part 3 of 3.",
        "Part 1 of 3 came out a week ago, and part 3 of 3 follows next week.",
        "> This is part 1 of 3.",
    ],
)
def test_parts_that_came_before_or_will_come_are_others(body: str) -> None:
    assert says(body, PART_2, "part-disagrees") == []


@pytest.mark.parametrize(
    "body",
    [
        "Welcome to 2024!",
        "Hello, and welcome to the year 2025.",
        "Happy New Year 2024!",
        "12 June 2023\n\nWords.",
        "# 12 June 2023\n\nWords.",
        "*Friday, 12 June 2026*\n\nWords.",
        "Denver, June 12, 2023\n\nWords.",
        "Issue 87 · 12 June 2023\n\nWords.",
        "The next call is on 12 June 2023.",
        "The call takes place on 2023-06-12.",
        "Please register until June 12, 2023.",
        "Register by 12 June 2023.",
        "Applications are due\nby 12 June 2023.",
        "See you on 12 June 2023!",
        "The meeting will be on Monday, 12 June 2023.",
        "Today is 12 June 2023.",
        "It is 12 June 2023.",
        "The deadline is 12 June 2023, at noon.",
        "Next week, on 12 June 2023, we meet.",
        "The next letter comes out on 12 June 2023.",
        "The conference runs from 12 June 2023 to 14 June.",
        "Week of 12 June 2023\n\nWords.",
    ],
)
def test_a_date_of_an_earlier_year_that_is_to_come_is_found(body: str) -> None:
    assert len(says(body, IssueFacts("en", day=DAY), "stale-date")) == 1
    assert says(body, IssueFacts("de", day=DAY), "stale-date") == []


@pytest.mark.parametrize(
    "body",
    [
        "On 12 June 2023 the bank failed. It was on 12 June 2023, a Monday.",
        "The bank failed on 12 June 2023, and the next morning it was sold.",
        "The law took effect on 12 June 2023 and is still in force.",
        "We had to register by 12 June 2023. He was told the court would meet on 12 June 2023.",
        "He wrote: welcome to 2024. “Welcome to 2024” was its title.",
        "> Welcome to 2024. Register by 12 June 2023.",
        "[Register by 12 June 2023](https://example.com/)",
        "It is 12 June 2023 in the novel. The deadline was 12 June 2023.",
        "It is based on 12 June 2023 data, and the photo is from 12 June 2023.",
        "12 June 2023 was a Monday.",
        "## 12 June 2023\n\nWords.\n\n## 13 June 2023\n\nWords.",
        "Welcome to 2026! Welcome to 2027! Welcome to 1984, the book. Welcome to 2024's best.",
        "Register by 12 December 2026. The vote is on 1 December 2026.",
        "20 November 2026\n\nWords.",
    ],
)
def test_history_and_what_is_to_come_are_not_stale(body: str) -> None:
    assert says(body, IssueFacts("en", day=DAY), "stale-date") == []
