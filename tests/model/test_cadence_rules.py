"""A row of missed slots, or of dates off the cadence, is one finding, and the line that its hint gives settles it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from weekahead.model.cadence_rules import check_dates_against_cadence, check_missed_slots
from weekahead.model.config import Config
from weekahead.model.findings import Finding
from weekahead.model.letter import Letter
from weekahead.model.schedule import Schedule
from weekahead.source.front_matter import parse_issue
from weekahead.source.parsers import config_file, schedule_file

WEEKLY = 'cadence: {every: friday, at: "09:00", timezone: UTC}\nhorizon: 1\nanchor: {number: 1, date: 2019-01-04}\n'
CADENCES = ["friday", "tuesday and friday", "2 weeks on friday", "first friday of the month"]
NOON = "2019-06-01T12:00:00+00:00"


@cache
def config() -> Config:
    found = config_file("letter.yaml", b"title: A\nurl: https://letter.example/\n", [])
    assert found
    return found


def letter(schedule: str, issues: Mapping[int, date | None], status: str = "ready", more: str = "") -> Letter:
    """A letter of a schedule, and of issues by number, each with its date."""
    findings: list[Finding] = []
    plan = schedule_file("schedule.yaml", schedule.encode(), findings)
    assert plan, findings
    read = []
    for number, day in issues.items():
        head = (
            f"---\nnumber: {number}\ntitle: A\nstatus: {status}\n{more}" + (f"date: {day}\n" if day else "") + "---\n"
        )
        read.append(parse_issue(f"issues/{number:04}-a.md", head.encode(), findings))
    found = tuple(issue for issue in read if issue)
    plan = Schedule(
        **{name: getattr(plan, name) for name in plan.__struct_fields__ if name != "written"},
        written={issue.number: issue for issue in found if issue.number is not None},
    )
    return Letter(config=config(), schedule=plan, issues=found)


def pasted(schedule: str, hint: str) -> str:
    """A schedule with the lines that a hint gives."""
    lines = re.findall(r"skip: \[.*?\]|slips: \{.*?\}", re.split(", or (?=slips)", hint)[0])
    assert lines, hint
    return schedule + "\n".join(lines) + "\n"


def missed(found: Letter, as_of: str = NOON) -> list[Finding]:
    return [*check_missed_slots(found, datetime.fromisoformat(as_of))]


def fridays(numbers: Iterable[int], later: int = 0) -> dict[int, date | None]:
    """Dates on the weekly cadence, some weeks later."""
    return {number: date(2019, 1, 4) + timedelta(weeks=number - 1 + later) for number in numbers}


# -- missed slots


def test_slots_missed_in_a_row_are_one_finding_with_the_line_to_paste() -> None:
    (found,) = missed(letter(WEEKLY, fridays([1, 2])), "2026-11-28T00:00:00+00:00")
    assert found.message.startswith("numbers 3 to 413 were due from Friday 2019-01-18 to Friday 2026-11-27, but they")
    assert found.hint.endswith("schedule.yaml: skip: [{from: 2019-01-18, until: 2026-11-27}].")
    assert not missed(letter(pasted(WEEKLY, found.hint), fridays([1, 2])), "2026-11-28T00:00:00+00:00")


def test_one_missed_slot_is_a_day() -> None:
    (found,) = missed(letter(WEEKLY, fridays(range(1, 22))))
    assert found.message == "number 22 was due on Friday 2019-05-31, but it has no issue file"
    assert found.hint == "Publish it, or declare the pause in schedule.yaml: skip: [2019-05-31]."


def test_a_pause_is_added_to_those_that_are_declared() -> None:
    schedule = WEEKLY + "skip: [2019-02-01]\n"
    found = missed(letter(schedule, {1: date(2019, 1, 4)}))[-1]
    assert found.hint.endswith("schedule.yaml: add to skip: {from: 2019-01-11, until: 2019-05-31}.")


def test_a_slot_before_published_ones_cannot_be_skipped() -> None:
    found = missed(letter(WEEKLY, fridays([*range(1, 5), *range(7, 22)])))
    assert [each.message[:14] for each in found] == ["numbers 5 to 6", "number 22 was "]
    assert "number the later issues from 5 on" in found[0].hint


def test_the_day_of_the_anchor_cannot_be_skipped() -> None:
    found = missed(letter(WEEKLY.replace("number: 1", "number: 2").replace("01-04", "01-11"), {1: None}))
    assert "choose another anchor: its day, 2019-01-11, cannot be skipped" in found[0].hint


def test_drafts_in_a_row_are_one_finding_but_one_with_a_date_of_its_own_is_another() -> None:
    written = {1: None, 2: None, 4: date(2019, 1, 26), 5: None}
    found = missed(letter(WEEKLY, written, "draft"))
    assert "numbers 1 to 22" not in found[0].message
    assert found[0].message.startswith("21 numbers from 1 to 22 were due")
    assert found[0].message.endswith("18 of them have no issue file, and the others are not ready")
    assert found[0].where.file == "issues/0001-a.md"
    assert found[1].message == "number 4 was due on Saturday 2019-01-26, but its issue is still a draft"
    assert found[1].hint == "Publish it, or give it another date."


# -- dates off the cadence


def off(found: Letter) -> list[Finding]:
    return [*check_dates_against_cadence(found)]


def test_issues_that_one_pause_moved_are_one_finding() -> None:
    moved = fridays(range(1, 4)) | fridays(range(4, 300), later=3)
    (found,) = off(letter(WEEKLY, moved))
    assert found.message == (
        "numbers 4 to 299 are dated off the cadence: number 4 is dated Friday 2019-02-15, but the cadence has it on Friday 2019-01-25"
    )
    assert found.where.file == "issues/0004-a.md"
    assert found.hint == "Declare it in schedule.yaml: skip: [{from: 2019-01-25, until: 2019-02-08}]."
    assert not off(letter(pasted(WEEKLY, found.hint), moved))


def test_several_pauses_are_one_line() -> None:
    moved = fridays([1]) | fridays([2, 3], later=1) | fridays([4], later=3)
    (found,) = off(letter(WEEKLY, moved))
    assert found.hint == "Declare it in schedule.yaml: skip: [2019-01-11, {from: 2019-02-01, until: 2019-02-08}]."


def test_a_row_before_the_anchor_is_seen_from_there() -> None:
    schedule = WEEKLY.replace("number: 1, date: 2019-01-04", "number: 9, date: 2019-03-01")
    moved = fridays([9]) | fridays(range(1, 9), later=-2)
    (found,) = off(letter(schedule, moved))
    assert found.where.file == "issues/0008-a.md"
    assert found.hint == "Declare it in schedule.yaml: skip: [{from: 2019-02-15, until: 2019-02-22}]."
    assert not off(letter(pasted(schedule, found.hint), moved))


def test_issues_that_came_back_to_the_cadence_slipped() -> None:
    (found,) = off(letter(WEEKLY, fridays(range(1, 9)) | {4: date(2019, 1, 24), 5: date(2019, 2, 2)}))
    assert found.hint == "Declare it in schedule.yaml: slips: {4: 2019-01-24, 5: 2019-02-02}."


def test_the_last_issue_may_be_late_or_after_a_pause() -> None:
    (found,) = off(letter(WEEKLY, fridays([1, 2]) | fridays([3], later=1)))
    assert found.hint == "Declare it in schedule.yaml: skip: [2019-01-18], or slips: {3: 2019-01-25}."


def test_many_issues_on_another_day_are_another_cadence() -> None:
    thursdays = {number: day - timedelta(days=1) for number, day in fridays(range(2, 99)).items() if day}
    (found,) = off(letter(WEEKLY, thursdays))
    assert found.hint == "If the letter comes out on Thursdays, say so in cadence:, or correct the dates."


def test_a_row_goes_on_past_what_is_declared_or_waived() -> None:
    moved = fridays([1]) | fridays(range(2, 9), later=1) | {5: date(2019, 2, 7)}
    (found,) = off(letter(WEEKLY + "slips: {5: 2019-02-07}\n", moved))
    assert found.message.startswith("6 numbers from 2 to 8")
    assert found.hint == "Declare it in schedule.yaml: skip: [2019-01-11]."
    assert not off(letter(WEEKLY, moved, more="allow: [off-cadence]\n"))


@given(data=st.data())
def test_what_a_hint_gives_puts_the_row_on_the_cadence(data: st.DataObject) -> None:
    every = data.draw(st.sampled_from(CADENCES))
    anchor = data.draw(st.integers(1, 12))
    schedule = WEEKLY.replace("friday", every).replace("number: 1,", f"number: {anchor},")
    plan = letter(schedule, {}).schedule
    numbers = sorted(data.draw(st.sets(st.integers(1, 20), min_size=2)) | {anchor})
    dates: dict[int, date | None] = {anchor: plan.anchor[1]}
    for step in (1, -1):
        number, slots = anchor, plan.days_beyond(anchor, step)
        for each in (each for each in numbers[::step] if (each - anchor) * step > 0):
            extra = data.draw(st.sampled_from([0, 0, 0, 1, 3]))
            slot = [next(slots) for _ in range(abs(each - number) + extra)][-1]
            dates[each] = slot + timedelta(days=data.draw(st.sampled_from([0, 0, 0, 0, 1, -1])))
            number = each
    hints = [found.hint for found in off(letter(schedule, dates))]
    lines: dict[str, list[str]] = {"skip": [], "slips": []}
    for hint in hints:
        for key, words in re.findall(
            r"(skip|slips): [\[{](.*?)[\]}](?=\.| and|, or)", hint.partition(", or ")[0] + "."
        ):
            lines[key].append(words)
    declared = f"skip: [{', '.join(lines['skip'])}]\nslips: {{{', '.join(lines['slips'])}}}\n"
    assert not off(letter(schedule + declared, dates)), (dates, hints)


@given(
    rows=st.lists(st.tuples(st.integers(1, 5), st.integers(-9, 40)), min_size=2, max_size=8),
    anchor=st.integers(1, 5),
    more=st.sampled_from(["", "skip: [2019-01-11, 2019-01-25]\n", "slips: {2: 2019-01-12}\n"]),
)
def test_numbers_that_several_issues_have_are_told_once(rows: list[tuple[int, int]], anchor: int, more: str) -> None:
    apart = [letter(WEEKLY, {number: date(2019, 1, 4) + timedelta(days=later)}).issues for number, later in rows]
    schedule = WEEKLY.replace("number: 1,", f"number: {anchor},") + more
    twins = replace(letter(schedule, {}), issues=tuple(issue for (issue,) in apart))
    told = [int(n) for found in off(twins) for n in re.findall(r"(?:^|: )number (\d+) is dated", found.message)]
    assert len(told) == len({*told})
    assert {*told} <= {number for number, _ in rows}
    missed(twins)


@pytest.mark.parametrize("until", ["2099-01-01", "2118-01-01"])
def test_a_letter_that_ended_long_ago_may_say_so(until: str) -> None:
    assert letter(WEEKLY + f"skip: [{{from: 2019-01-11, until: {until}}}]\n", {})
