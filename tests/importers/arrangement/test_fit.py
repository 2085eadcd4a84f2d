"""The schedule that an archive kept, held to the house's own rule about dates off the cadence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace
from tests.conftest import EXAMPLES

from weekahead.importers.arrangement.days import Clock
from weekahead.importers.arrangement.plan import schedule_of
from weekahead.importers.arrangement.plan_text import schedule_text
from weekahead.importers.converted import ConvertedText
from weekahead.importers.notes import Notes
from weekahead.importers.placed import PlacedPost
from weekahead.importers.post import Access, Body, Form, Post
from weekahead.model.cadence_rules import check_dates_against_cadence, check_missed_slots
from weekahead.model.findings import Finding, Location
from weekahead.model.issue import Issue, Source, Status, Text
from weekahead.model.letter import Letter
from weekahead.model.schedule import Schedule
from weekahead.model.schedule.cadence import parse_pattern
from weekahead.source.config_file import parse_config
from weekahead.source.parsers import schedule_file
from weekahead.source.yaml_map import YamlSource, read_yaml_map

Archive = list[tuple[int, date]]
FIRST = date(2021, 1, 1)

PATTERNS = ("friday", "monday", "tuesday and friday", "2 weeks on tuesday", "first monday of the month",
            "last friday of the month", "15th of the month", "3 weeks on sunday")  # fmt: skip


class Part(Struct, frozen=True):
    """A stretch of an archive: its rhythm, how many issues, and by place a pause in weeks and a slip in days."""

    pattern: str
    count: int
    pauses: dict[int, int]
    slips: dict[int, int]


places = st.integers(1, 20)
parts = st.builds(
    Part,
    st.sampled_from(PATTERNS),
    st.integers(1, 25),
    st.dictionaries(places, st.integers(1, 9), max_size=2),
    st.dictionaries(places, st.sampled_from([-2, -1, 1, 2, 3]), max_size=3),
)


def archive_of(parts: list[Part], first_number: int = 1) -> Archive:
    """Return the numbers and days of an archive of some stretches."""
    found: Archive = []
    day = FIRST
    for part in parts:
        pattern = parse_pattern(part.pattern, day)
        assert pattern
        for place in range(part.count):
            day += timedelta(weeks=part.pauses.get(place, 0))
            period = pattern.period(day)
            slots = [slot for each in range(period, period + 9) for slot in pattern.days_in(each) if slot > day]
            day = slots[0]
            found.append((first_number + len(found), day + timedelta(days=part.slips.get(place, 0))))
    return found


def written_schedule(archive: Archive) -> tuple[Schedule, str]:
    """Return the schedule that is written for an archive, read by the house's own reader, and its text."""
    text = schedule_text(
        schedule_of([*map(placed, archive)], (), Clock(ZoneInfo("Europe/London")), now_of(archive), Notes())
    )
    findings: list[Finding] = []
    schedule = schedule_file("schedule.yaml", text.encode(), findings)
    assert schedule, (findings, text)
    assert not findings, text
    return schedule, text


def placed(dated: tuple[int, date]) -> PlacedPost:
    number, day = dated
    post = Post(
        id=str(number), where=Location(f"{number}.md"), title=f"Week {number}", body=Body("", Form.MARKDOWN),
        access=Access.PUBLIC, day=day,
    )  # fmt: skip
    text = ConvertedText(markdown="", html="")
    return PlacedPost(
        post=post,
        text=text,
        packed=b"",
        is_public=True,
        title=post.title,
        slug=post.id,
        stem=post.id,
        number=number,
        day=day,
    )


def now_of(archive: Archive) -> datetime:
    """Return noon on the day after the last issue."""
    return datetime.combine(max(day for _, day in archive) + timedelta(days=1), time(12), UTC)


def findings_of(schedule: Schedule, archive: Archive) -> list[Finding]:
    """Return what the house says of an archive with a schedule, on the day after its last issue."""
    issues = tuple(
        Issue(
            title=f"Week {number}", slug=f"w{number}", number=number, date=day, status=Status.READY,
            source=Source(file=f"issues/{number:04}.md"), body=Text("", f"issues/{number:04}.md"),
        )
        for number, day in archive
    )  # fmt: skip
    fields = read_yaml_map("title: T\nurl: https://t.example/\n", YamlSource("letter.yaml", []), "")
    config = parse_config(fields) if fields else None
    assert config
    letter = Letter(
        config=config,
        schedule=replace(schedule, written={issue.number: issue for issue in issues if issue.number}),
        issues=issues,
    )
    return [*check_dates_against_cadence(letter), *check_missed_slots(letter, now_of(archive))]


@given(st.lists(parts, min_size=1, max_size=4), st.sampled_from([0, 1, 87]))
@settings(max_examples=EXAMPLES // 2)
def test_any_archive_is_on_its_cadence(parts: list[Part], first: int) -> None:
    archive = archive_of(parts, first)
    schedule, text = written_schedule(archive)
    assert findings_of(schedule, archive) == [], text


@given(st.lists(st.dates(date(2020, 1, 1), date(2023, 1, 1)), min_size=1, max_size=40))
@settings(max_examples=EXAMPLES // 4)
def test_days_without_any_rhythm_are_declared_as_well(days: list[date]) -> None:
    archive = [*enumerate(sorted(days), 1)]
    schedule, text = written_schedule(archive)
    assert [finding for finding in findings_of(schedule, archive) if finding.rule == "off-cadence"] == [], text


@given(st.lists(parts, min_size=1, max_size=3), st.sets(st.integers(2, 40), max_size=6))
@settings(max_examples=EXAMPLES // 4)
def test_numbers_that_are_missing_keep_their_slots(parts: list[Part], missing: set[int]) -> None:
    archive = [(number, day) for number, day in archive_of(parts) if number not in missing] or [(1, FIRST)]
    schedule, text = written_schedule(archive)
    findings = findings_of(schedule, archive)
    assert [finding for finding in findings if finding.rule == "off-cadence"] == [], text


def lines_of(text: str) -> int:
    return sum(line.startswith(("skip", "slips", "  ", "cadence")) for line in text.split("\n"))


def test_a_regular_year_has_one_rule_and_nothing_else() -> None:
    schedule, text = written_schedule(archive_of([Part("friday", 52, {}, {})]))
    assert schedule.cadence.wording == "friday"
    assert (schedule.skip, schedule.slips, schedule.anchor) == (frozenset(), {}, (52, date(2021, 12, 31)))
    assert lines_of(text) == 1


def test_a_pause_and_a_slip_take_a_line_each() -> None:
    archive = archive_of([Part("friday", 40, {10: 3}, {20: 1})])
    schedule, text = written_schedule(archive)
    assert schedule.slips == {21: archive[20][1]}
    assert len(schedule.skip) > 7
    assert lines_of(text) == 3
    assert findings_of(schedule, archive) == []


def test_another_weekday_is_another_rule() -> None:
    archive = archive_of([Part("friday", 30, {}, {}), Part("tuesday", 30, {}, {})])
    schedule, _ = written_schedule(archive)
    assert [rule.wording for rule in schedule.cadence.rules] == ["friday", "tuesday"]
    assert schedule.slips == {}
    assert findings_of(schedule, archive) == []


def test_every_second_week_keeps_its_weeks_after_a_change() -> None:
    parts = [Part("2 weeks on tuesday", 20, {}, {}), Part("friday", 21, {}, {}), Part("2 weeks on tuesday", 15, {}, {})]
    archive = archive_of(parts)
    schedule, text = written_schedule(archive)
    assert [rule.wording for rule in schedule.cadence.rules] == ["2 weeks on tuesday", "friday", "2 weeks on tuesday"]
    assert len(schedule.slips) <= 1, text
    assert [finding for finding in findings_of(schedule, archive) if finding.rule == "off-cadence"] == []
