"""The promise, held to an oracle that walks the calendar one day at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conftest import EXAMPLES

from weekahead.model.findings import Location
from weekahead.model.issue import Issue, Source, Status, Text
from weekahead.model.schedule import (
    Cadence,
    CadenceRule,
    Entry,
    Schedule,
    State,
    compute_promise,
    parse_pattern,
)
from weekahead.model.schedule.cadence import Monthly, Weekly
from weekahead.model.schedule.local_time import add_weeks

DENVER = ZoneInfo("America/Denver")
HERE = Location("schedule.yaml", 1)


def entry(number: int, state: State = State.PLANNING, day: date | None = None) -> Entry:
    return Entry(number=number, title=f"Title {number}", state=state, where=HERE, date=day)


def issue(number: int, title: str = "", status: Status = Status.READY) -> Issue:
    file = f"issues/{number}.md"
    return Issue(
        number=number, title=title, slug=f"{number}", source=Source(file=file), body=Text("", file), status=status
    )


def weekly(day: int = 4, at: time = time(9), zone: ZoneInfo = DENVER, weeks: int = 1) -> Cadence:
    phase = date(2022, 9, 19)
    return Cadence(
        rules=(CadenceRule(pattern=Weekly(days=(day,), weeks=weeks, phase=phase), at=at, wording="friday"),), zone=zone
    )


def seed(**changes: object) -> Schedule:
    """The schedule of a real letter: week 87 on 23 September 2022, weeks 88 to 95 planned."""
    values: dict[str, object] = {
        "cadence": weekly(),
        "anchor": (87, date(2022, 9, 23)),
        "entries": {number: entry(number) for number in range(88, 96)},
        "written": {87: issue(87, "MLOps")},
    }
    return Schedule(**(values | changes))  # type: ignore[arg-type]


def at(words: str) -> datetime:
    return datetime.fromisoformat(words)


# -- the example everyone can follow


def test_the_seed_is_planned_for_eight_weeks() -> None:
    standing = compute_promise(seed(), at("2022-09-23T12:00:00-06:00"))
    assert standing.kept
    assert standing.weeks_planned == 8
    assert standing.last_planned
    assert (standing.last_planned.number, standing.last_planned.date) == (95, date(2022, 11, 18))
    assert (standing.first_gap.number, standing.first_gap.date) == (96, date(2022, 11, 25))
    assert standing.breaks == at("2022-10-21T09:00:00-06:00")


def test_the_promise_holds_to_the_second_before_it_breaks() -> None:
    assert compute_promise(seed(), at("2022-10-21T08:59:59-06:00")).kept
    assert not compute_promise(seed(), at("2022-10-21T09:00:00-06:00")).kept


def test_a_broken_promise_broke_now() -> None:
    now = at("2022-12-01T00:00:00-07:00")
    assert compute_promise(seed(), now).breaks == now


def test_an_idea_does_not_count() -> None:
    entries = {88: entry(88), 89: entry(89, State.IDEA)}
    assert compute_promise(seed(entries=entries), at("2022-09-23T12:00:00-06:00")).first_gap.number == 89


def test_the_buffer_counts_finished_issues_in_a_row() -> None:
    written = {
        n: issue(n, status=status)
        for n, status in [(88, Status.READY), (89, Status.READY), (90, Status.REVIEW), (91, Status.READY)]
    }
    assert compute_promise(seed(written=written), at("2022-09-23T12:00:00-06:00")).buffer == 2


def test_a_skip_moves_dates_and_no_number() -> None:
    skipping = seed(skip=frozenset({date(2022, 10, 7)}))
    assert [skipping.day(number) for number in (88, 89, 90)] == [
        date(2022, 9, 30),
        date(2022, 10, 14),
        date(2022, 10, 21),
    ]
    assert skipping.number_on(date(2022, 10, 7)) is None


def test_an_entry_with_a_date_moves_alone() -> None:
    moved = seed(entries={88: entry(88), 89: entry(89, day=date(2022, 10, 6)), 90: entry(90)})
    shown = [(slot.number, slot.date) for slot in islice(moved.slots(at("2022-09-23T12:00:00-06:00")), 3)]
    assert shown == [(88, date(2022, 9, 30)), (89, date(2022, 10, 6)), (90, date(2022, 10, 14))]


def test_the_title_and_state_of_a_file_win_over_the_plan() -> None:
    schedule = seed(written={88: issue(88, "As written", Status.REVIEW)})
    slot = next(schedule.slots(at("2022-09-23T12:00:00-06:00")))
    assert (slot.title, slot.state, slot.written) == ("As written", State.REVIEW, True)


def test_a_plan_alone_is_never_ready() -> None:
    schedule = seed(entries={88: entry(88, State.READY)}, written={88: issue(88, status=Status.DRAFT)})
    assert next(schedule.slots(at("2022-09-23T12:00:00-06:00"))).state is State.DRAFTING


@pytest.mark.parametrize(
    ("words", "days", "weeks"),
    [
        ("friday", (4,), 1),
        ("Every Friday", (4,), 1),
        ("2 weeks on tuesday", (1,), 2),
        ("every 3 weeks on monday", (0,), 3),
        ("tuesday and friday", (1, 4), 1),
        ("monday, wednesday, friday", (0, 2, 4), 1),
    ],
)
def test_a_cadence_is_parsed(words: str, days: tuple[int, ...], weeks: int) -> None:
    found = parse_pattern(words)
    assert isinstance(found, Weekly)
    assert (found.days, found.weeks) == (days, weeks)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "fryday",
        "0 weeks on monday",
        "weekly",
        "friday friday",
        "every",
        "32nd of the month",
        "sixth friday of the month",
        "of the month",
    ],
)
def test_other_words_are_not_a_cadence(words: str) -> None:
    assert parse_pattern(words) is None


def test_a_skipped_local_time_is_an_hour_later() -> None:
    night = weekly(day=6, at=time(2, 30))
    assert night.instant(date(2022, 3, 13)).isoformat() == "2022-03-13T03:30:00-06:00"


def test_a_repeated_local_time_is_the_first() -> None:
    assert weekly(day=6, at=time(1, 30)).instant(date(2022, 11, 6)).isoformat() == "2022-11-06T01:30:00-06:00"


def test_nine_o_clock_stays_nine_o_clock_over_a_clock_change() -> None:
    assert add_weeks(at("2022-11-04T09:00:00-06:00"), 1, DENVER).isoformat() == "2022-11-11T09:00:00-07:00"


# -- the laws, against the oracle


def oracle_rule(cadence: Cadence, day: date) -> CadenceRule:
    return [rule for rule in cadence.rules if rule.since <= day][-1]


def oracle_is_day(cadence: Cadence, day: date) -> bool:
    """Is this one day of the calendar a day of the cadence?"""
    rule = oracle_rule(cadence, day).pattern
    if isinstance(rule, Weekly):
        weeks = (day - timedelta(days=day.weekday()) - rule.phase).days // 7
        return day.weekday() in rule.days and weeks % rule.weeks == 0
    is_last_day = (day + timedelta(days=1)).day == 1
    if day.day in rule.days or (is_last_day and -1 in rule.days):
        return True
    is_last_of_its_name = (day + timedelta(days=7)).month != day.month
    which = {(day.day - 1) // 7 + 1} | ({-1} if is_last_of_its_name else set())
    return any(weekday == day.weekday() and number in which for number, weekday in rule.weekdays)


def oracle_days(schedule: Schedule, until: date) -> dict[int, date]:
    """Every number's day, forward from the anchor, by looking at each day of the calendar in turn."""
    number, day = schedule.anchor
    found = {}
    while day <= until:
        if oracle_is_day(schedule.cadence, day) and day not in schedule.skip:
            found[number] = day
            number += 1
        day += timedelta(days=1)
    for number, given_entry in schedule.entries.items():
        if given_entry.date:
            found[number] = given_entry.date
    for number, written in schedule.written.items():
        if written.date:
            found[number] = written.date
    return found


def oracle_instant(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, oracle_rule(schedule.cadence, day).at, schedule.zone).astimezone(UTC)


def oracle_gaps(schedule: Schedule, after: datetime, until: date) -> list[datetime]:
    """The instants of the empty slots after an instant."""
    planned = {n for n, e in schedule.entries.items() if e.state is not State.IDEA} | set(schedule.written)
    days = oracle_days(schedule, until)
    return sorted(i for n, d in days.items() if n not in planned and (i := oracle_instant(schedule, d)) > after)


def oracle_end(schedule: Schedule, instant: datetime, weeks: int) -> datetime:
    wall = instant.astimezone(schedule.zone).replace(tzinfo=None) + timedelta(days=7 * weeks)
    return wall.replace(tzinfo=schedule.zone).astimezone(UTC)


def oracle_kept(schedule: Schedule, instant: datetime, weeks: int) -> bool:
    until = (instant + timedelta(days=7 * weeks + 9)).date()
    return not any(gap <= oracle_end(schedule, instant, weeks) for gap in oracle_gaps(schedule, instant, until))


ZONES = [
    "America/Denver",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Tehran",
    "UTC",
    "America/Sao_Paulo",
    "Pacific/Kiritimati",
]


@st.composite
def patterns(draw: st.DrawFn, day: date) -> Weekly | Monthly:
    """A pattern whose weeks count from a day."""
    if draw(st.booleans()):
        days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=2))))
        return Weekly(days=days, weeks=draw(st.integers(1, 3)), phase=day - timedelta(days=day.weekday()))
    if draw(st.booleans()):
        return Monthly(days=tuple(draw(st.sets(st.sampled_from([-1, 1, 15, 29, 31]), min_size=1, max_size=2))))
    which = st.tuples(st.sampled_from([-1, 1, 3, 5]), st.integers(0, 6))
    return Monthly(weekdays=tuple(draw(st.sets(which, min_size=1, max_size=2))))


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    """A schedule with skips, moved entries and gaps, and an instant not before its anchor."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    start = draw(st.dates(date(1950, 1, 1), date(2090, 1, 1)) | st.dates(date(2011, 12, 1), date(2012, 1, 20)))
    times = st.sampled_from([time(9), time(0), time(2, 30), time(1, 30), time(23, 59)])
    rules = [CadenceRule(pattern=draw(patterns(start)), at=draw(times), wording="x")]
    if draw(st.booleans()):
        later = start + timedelta(days=draw(st.integers(40, 100)))
        rules.append(CadenceRule(pattern=draw(patterns(later)), at=draw(times), wording="y", since=later))
    cadence = Cadence(rules=tuple(rules), zone=zone)
    anchor = next(day for day in (start + timedelta(days=n) for n in range(400)) if oracle_is_day(cadence, day))
    near = st.integers(1, 120).map(lambda n: anchor + timedelta(days=n))
    skip = frozenset(draw(st.sets(near, max_size=4)))
    number = draw(st.integers(0, 400))
    planned = draw(st.sets(st.integers(number, number + 12), max_size=12))
    moved = {n: draw(near) for n in draw(st.sets(st.sampled_from(sorted(planned)), max_size=2))} if planned else {}
    entries = {n: entry(n, draw(st.sampled_from(list(State))), moved.get(n)) for n in planned}
    schedule = Schedule(
        cadence=cadence, anchor=(number, anchor), horizon=draw(st.integers(1, 7)), skip=skip, entries=entries
    )
    wall = datetime.combine(anchor, time()) + timedelta(seconds=draw(st.integers(0, 86400 * 60)))
    exact = draw(st.booleans())
    now = (
        cadence.instant(draw(st.sampled_from(sorted(oracle_days(schedule, anchor + timedelta(days=400)).values()))))
        if exact
        else wall.replace(tzinfo=zone, fold=draw(st.integers(0, 1)))
    )
    return schedule, now.astimezone(UTC)


@given(schedules())
def test_the_promise_is_what_the_oracle_says(given_: tuple[Schedule, datetime]) -> None:
    schedule, now = given_
    standing = compute_promise(schedule, now)
    assert standing.kept == oracle_kept(schedule, now, schedule.horizon)
    assert oracle_kept(schedule, now, standing.weeks_planned)
    assert not oracle_kept(schedule, now, standing.weeks_planned + 1)
    assert standing.kept == (standing.weeks_planned >= schedule.horizon)


@given(schedules())
def test_the_promise_breaks_at_its_instant_and_not_before(given_: tuple[Schedule, datetime]) -> None:
    schedule, now = given_
    breaks = compute_promise(schedule, now).breaks
    assert breaks >= now
    assert not oracle_kept(schedule, breaks, schedule.horizon)
    if breaks > now:
        assert oracle_kept(schedule, breaks - timedelta(seconds=1), schedule.horizon)
        span = int((breaks - now).total_seconds())
        for part in range(0, span, max(1, span // 8)):
            assert oracle_kept(schedule, now.astimezone(UTC) + timedelta(seconds=part), schedule.horizon)


@given(schedules())
def test_slots_are_the_oracles_slots(given_: tuple[Schedule, datetime]) -> None:
    schedule, now = given_
    until = (now + timedelta(days=90)).date()
    days = oracle_days(schedule, until)
    wanted = sorted((oracle_instant(schedule, day), day, number) for number, day in days.items() if day <= until)
    wanted = [row for row in wanted if row[0] > now]
    # The oracle counts from the anchor on; where a zone lost the anchor's day, the slot before it may still be to come.
    slots = (slot for slot in schedule.slots(now) if slot.number >= schedule.anchor[0])
    assert [(slot.at, slot.date, slot.number) for slot in islice(slots, len(wanted))] == wanted


@given(schedules(), st.integers(0, 3000))
def test_numbers_and_days_map_both_ways(given_: tuple[Schedule, datetime], number: int) -> None:
    schedule, _ = given_
    day = schedule.cadence_day(number)
    assert day
    assert schedule.number_on(day) == number
    following = schedule.cadence_day(number + 1)
    assert following
    assert following > day


@given(schedules(), st.integers(0, 20))
def test_planning_more_never_makes_a_figure_worse(given_: tuple[Schedule, datetime], ahead: int) -> None:
    schedule, now = given_
    number = schedule.anchor[0] + ahead
    assume(number not in schedule.entries)
    more = Schedule(
        cadence=schedule.cadence,
        anchor=schedule.anchor,
        horizon=schedule.horizon,
        skip=schedule.skip,
        entries={**schedule.entries, number: entry(number)},
    )
    before, after = compute_promise(schedule, now), compute_promise(more, now)
    assert after.weeks_planned >= before.weeks_planned
    assert after.breaks >= before.breaks
    assert after.kept >= before.kept


@settings(max_examples=EXAMPLES // 20)  # an example looks at every week for up to 8,000 years
@given(st.dates(date(1900, 1, 1), date(9980, 1, 1)), st.sampled_from(ZONES))
def test_every_year_has_a_promise(day: date, zone: str) -> None:
    schedule = seed(cadence=weekly(zone=ZoneInfo(zone)), anchor=(9000, date(2022, 9, 23)), entries={}, written={})
    standing = compute_promise(schedule, datetime.combine(day, time(12), ZoneInfo(zone)))
    assert not standing.kept
    assert standing.first_gap.at > standing.as_of


def test_an_autumn_night_has_two_half_past_ones() -> None:
    """A letter due at the second 01:45 by the clock came out at the first one."""
    night = seed(cadence=weekly(day=6, at=time(1, 45)), anchor=(1, date(2022, 11, 6)), entries={}, written={})
    second = at("2022-11-06T01:30:00-07:00")
    assert next(night.slots(second)).number == 2
    assert next(night.slots(second - timedelta(hours=1))).number == 1


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("first monday of the month", [(2026, 11, 2), (2026, 12, 7), (2027, 1, 4)]),
        ("first and third friday of the month", [(2026, 11, 6), (2026, 11, 20), (2026, 12, 4)]),
        ("last friday of the month", [(2026, 11, 27), (2026, 12, 25), (2027, 1, 29)]),
        ("1st and 15th of the month", [(2026, 11, 1), (2026, 11, 15), (2026, 12, 1)]),
        ("31 of the month", [(2026, 12, 31), (2027, 1, 31), (2027, 3, 31)]),
        ("last day of the month", [(2026, 11, 30), (2026, 12, 31), (2027, 1, 31)]),
        ("fifth friday of the month", [(2027, 1, 29), (2027, 4, 30), (2027, 7, 30)]),
    ],
)
def test_months_have_their_days(words: str, days: list[tuple[int, int, int]]) -> None:
    found = parse_pattern(words)
    assert found
    cadence = Cadence(rules=(CadenceRule(pattern=found, at=time(9), wording=words),), zone=DENVER)
    assert list(islice(cadence.days_from(date(2026, 11, 1)), 3)) == [date(*day) for day in days]


def test_a_cadence_that_changes_keeps_its_numbers() -> None:
    friday, tuesday = parse_pattern("friday"), parse_pattern("2 weeks on tuesday", date(2022, 10, 11))
    assert friday
    assert tuesday
    rules = (
        CadenceRule(pattern=friday, at=time(9), wording="friday"),
        CadenceRule(pattern=tuesday, at=time(7), wording="tuesday", since=date(2022, 10, 8)),
    )
    changed = seed(cadence=Cadence(rules=rules, zone=DENVER))
    assert [changed.day(number) for number in range(88, 92)] == [
        date(2022, 9, 30),
        date(2022, 10, 7),
        date(2022, 10, 11),
        date(2022, 10, 25),
    ]
    assert changed.day(86) == date(2022, 9, 16)
    assert changed.cadence.instant(date(2022, 10, 11)).isoformat() == "2022-10-11T07:00:00-06:00"
