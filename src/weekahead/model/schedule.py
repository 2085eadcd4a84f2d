"""The promise as arithmetic: which number comes out when, what is planned, and how long that holds.

Numbers map to the cadence's days in order from the anchor, both ways, leaving out skipped days. A day that
was given to one issue alone moves that issue and no other.

Local times follow RFC 5545, section 3.3.5: a time that a clock change leaves out is read with the offset
before the change (02:30 comes out at what the new clock calls 03:30), one that happens twice is its first.
"""

from __future__ import annotations

import heapq
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.issue import SeriesPart

WEEK = timedelta(weeks=1)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class State(StrEnum):
    """How far a planned issue is. All but an idea count towards the promise."""

    IDEA = "idea"
    PLANNING = "planning"
    RESEARCH = "research"
    DRAFTING = "drafting"
    REVIEW = "review"
    RECORDING = "recording"
    READY = "ready"

    @property
    def counts(self) -> bool:
        return self is not State.IDEA

    @property
    def rank(self) -> int:
        return list(State).index(self)


class Weekly(Struct, frozen=True, kw_only=True, tag=True):
    """Some days of every n-th week; `phase` is a Monday of a week that counts."""

    days: tuple[int, ...]
    weeks: int = 1
    phase: date = date(1900, 1, 1)

    def period(self, day: date) -> int:
        return (_monday(day) - self.phase) // (WEEK * self.weeks)

    def days_in(self, period: int) -> list[date]:
        monday = self.phase + period * self.weeks * WEEK
        return [monday + timedelta(days=day) for day in self.days]


class Monthly(Struct, frozen=True, kw_only=True, tag=True):
    """Some days of every month: `days` by number, `weekdays` as (which, weekday). -1 is the last.

    A month without such a day (the 31st, a fifth Friday) has no issue for it.
    """

    days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()

    def period(self, day: date) -> int:
        return day.year * 12 + day.month - 1

    def days_in(self, period: int) -> list[date]:
        first = date(period // 12, period % 12 + 1, 1) if 12 <= period < 120_000 else None
        if first is None:
            raise OverflowError("the calendar ends here")
        length = monthrange(first.year, first.month)[1]
        numbers = {day if day > 0 else length + 1 + day for day in self.days}
        for which, weekday in self.weekdays:
            early = 1 + (weekday - first.weekday()) % 7
            numbers.add(early + 7 * (which - 1) if which > 0 else length - (length - early) % 7)
        return [first.replace(day=number) for number in sorted(numbers) if 1 <= number <= length]


Pattern = Weekly | Monthly

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}


def pattern(words: str, phase: date = date(1900, 1, 1)) -> Pattern | None:
    """The pattern that words mean; None when they mean none. `phase` is a day of a week that counts.

    friday; tuesday and friday; 2 weeks on tuesday; first monday of the month; first and third friday of the
    month; 15th of the month; 1st and 15th of the month; last day of the month.
    """
    words = re.sub(r"^every ", "", " ".join(words.lower().split()))
    if words.endswith(" of the month"):
        return _monthly(words.removesuffix(" of the month"))
    match = re.fullmatch(r"(?:(?:(\d{1,2}) weeks|week) on )?([a-z, ]+)", words)
    names = _listed(match[2]) if match else []
    if match is None or not all(name in DAYS for name in names) or not (weeks := int(match[1] or 1)):
        return None
    return Weekly(days=tuple(sorted({DAYS.index(name) for name in names})), weeks=weeks, phase=_monday(phase))


def _monthly(words: str) -> Monthly | None:
    *before, last = _listed(words)
    which, _, name = last.partition(" ")
    if name in DAYS and all(word in ORDINALS for word in [*before, which]):
        return Monthly(weekdays=tuple((ORDINALS[word], DAYS.index(name)) for word in [*before, which]))
    numbers = [_day_number(word) for word in [*before, last]]
    return Monthly(days=tuple(number for number in numbers if number)) if all(numbers) else None


def _day_number(words: str) -> int | None:
    if words == "last day":
        return -1
    match = re.fullmatch(r"([1-9]|[12]\d|3[01])(st|nd|rd|th)?", words)
    return int(match[1]) if match else None


def _listed(words: str) -> list[str]:
    return re.split(r",\s*(?:and )?| and ", words.strip())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class CadenceRule(Struct, frozen=True, kw_only=True):
    """A cadence from a day on: its days and the time of day. The first era has no beginning."""

    pattern: Pattern
    at: time
    words: str
    """The rule as the author wrote it: "friday", "2 weeks on tuesday"."""
    since: date = date.min


class Cadence(Struct, frozen=True, kw_only=True, dict=True):
    """The days on which issues come out, and the time of day in a zone: one era after another."""

    eras: tuple[CadenceRule, ...]
    zone: ZoneInfo

    @property
    def words(self) -> str:
        return self.eras[-1].words

    @property
    def is_weekly(self) -> bool:
        found = self.eras[-1].pattern
        return isinstance(found, Weekly) and found.weeks == 1 and len(found.days) == 1

    def era(self, day: date) -> CadenceRule:
        """The era that a day lies in."""
        return next(era for era in reversed(self.eras) if era.since <= day)

    def _spans(self) -> list[tuple[CadenceRule, date]]:
        """Each era with the first day after it."""
        ends = [*(era.since for era in self.eras[1:]), date.max]
        return list(zip(self.eras, ends, strict=True))

    def days_from(self, day: date) -> Iterator[date]:
        """The cadence's days from a day on, that day included, to the end of the calendar."""
        for era, end in self._spans():
            first, period = max(day, era.since), era.pattern.period(max(day, era.since))
            try:
                while first < end:
                    found = era.pattern.days_in(period)
                    yield from (each for each in found if first <= each < end)
                    period += 1
                    if found and found[-1] >= end:
                        break
                    if not found and self._begins(era, period) >= end:
                        break
            except OverflowError:
                return

    def days_before(self, day: date) -> Iterator[date]:
        """The cadence's days before a day, latest first, to the beginning of the calendar."""
        for era, end in reversed(self._spans()):
            last = min(day, end)
            if last <= era.since:
                continue
            period = era.pattern.period(last)
            try:
                while True:
                    found = era.pattern.days_in(period)
                    yield from (each for each in reversed(found) if era.since <= each < last)
                    if self._begins(era, period) <= era.since:
                        break
                    period -= 1
            except OverflowError:
                return

    @staticmethod
    def _begins(era: CadenceRule, period: int) -> date:
        """The first day of a period of an era's pattern."""
        if isinstance(era.pattern, Weekly):
            return era.pattern.phase + period * era.pattern.weeks * WEEK
        return date(period // 12, period % 12 + 1, 1)

    def includes(self, day: date) -> bool:
        found = self.era(day).pattern
        return day in found.days_in(found.period(day))

    def instant(self, day: date) -> datetime:
        """The instant of publication on a day, in the cadence's zone."""
        return resolve_wall_time(datetime.combine(day, self.era(day).at), self.zone)


def fix_offset(instant: datetime, zone: ZoneInfo) -> datetime:
    """An instant as the zone's clocks show it, with its offset fixed.

    Python compares two times of one zone by their clocks alone, so that the second half past one of an autumn
    night is not later than the first (PEP 495). Times with fixed offsets compare as instants.
    """
    local = instant.astimezone(UTC).astimezone(zone)  # by way of UTC, or a time that no clock shows stays as it is
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)


def resolve_wall_time(wall: datetime, zone: ZoneInfo) -> datetime:
    """A local time as one that its zone's clocks show (RFC 5545, 3.3.5), with its offset fixed by fold=0."""
    return fix_offset(wall.replace(tzinfo=zone, fold=0), zone)


class Entry(Struct, frozen=True, kw_only=True):
    """One planned issue of schedule.yaml. `date` moves this issue and no other."""

    number: int
    title: str
    state: State
    where: Location
    date: date | None = None
    series: str | None = None
    notes: str | None = None
    secret: bool = False


class Idea(Struct, frozen=True, kw_only=True):
    """A topic without a week. `since` is the day it came to mind."""

    title: str
    notes: str | None = None
    tags: tuple[str, ...] = ()
    since: date | None = None


class IssueSummary(Struct, frozen=True, kw_only=True):
    """What the schedule must know of an issue that has a file: its state, title and own day."""

    number: int
    title: str
    state: State
    date: date | None = None
    part: SeriesPart | None = None


class Slot(Struct, frozen=True, kw_only=True):
    """A number with the day and instant it comes out, and what is planned for it, if anything."""

    number: int
    date: date
    at: datetime
    title: str | None = None
    state: State | None = None
    secret: bool = False
    written: bool = False
    part: SeriesPart | None = None

    @property
    def planned(self) -> bool:
        return self.state is not None and self.state.counts


class Schedule(Struct, frozen=True, kw_only=True, dict=True):
    """When the letter comes out and what is coming. `written` are the issues that have files, by number."""

    cadence: Cadence
    anchor: tuple[int, date]
    horizon: int = 5
    skip: frozenset[date] = frozenset()
    slips: Mapping[int, date] = {}
    """Numbers that came out on another day than the cadence's, in the past."""
    entries: Mapping[int, Entry] = {}
    backlog: tuple[Idea, ...] = ()
    buffer: int = 0
    """Finished issues that the letter promises to have ready; 0 promises none."""
    written: Mapping[int, IssueSummary] = {}

    @property
    def zone(self) -> ZoneInfo:
        return self.cadence.zone

    @property
    def noun(self) -> str:
        """What a number counts: weeks of a weekly letter, else issues."""
        return "Week" if self.cadence.is_weekly else "Issue"

    # -- numbers and days

    def cadence_day(self, number: int) -> date | None:
        """The cadence's day for a number, whatever day the issue was given of its own; None beyond the calendar."""
        return self._calendar.day(number)

    def number_on(self, day: date) -> int | None:
        """The number whose cadence day this is; None for a day off the cadence or skipped."""
        return self._calendar.number(day)

    def day(self, number: int) -> date | None:
        """The day on which a number comes out: its file's own, else its entry's own, else the cadence's."""
        return self._moves.get(number) or self.cadence_day(number)

    def instant(self, day: date) -> datetime:
        """The instant of publication on a day."""
        return self.cadence.instant(day)

    @cached_property
    def _moves(self) -> dict[int, date]:
        """The numbers that have a day of their own, and which."""
        planned = {number: entry.date for number, entry in self.entries.items() if entry.date}
        written = {number: issue.date for number, issue in self.written.items() if issue.date}
        return {**self.slips, **planned, **written}

    @cached_property
    def _calendar(self) -> _Calendar:
        return _Calendar(self)

    def exceptions(self, number: int, day: date) -> int:
        """How many declared exceptions bear on a number's day: skips between it and the anchor, a day of its own."""
        first, last = sorted((self.anchor[1], day))
        return sum(first <= skipped <= last for skipped in self.skip) + (number in self._moves)

    # -- slots

    def slot(self, number: int, day: date) -> Slot:
        """What a number on a day holds: the file's word before the plan's, but the finer state of the two."""
        written, entry = self.written.get(number), self.entries.get(number)
        return Slot(
            number=number,
            date=day,
            at=self.instant(day),
            title=written.title if written else entry.title if entry else None,
            state=_state(written, entry),
            secret=entry.secret if entry else False,
            written=written is not None,
            part=self.parts.get(number),
        )

    @cached_property
    def parts(self) -> dict[int, SeriesPart]:
        """The place of each number in its series: as its file says, and the planned ones after those in order."""
        found = {number: written.part for number, written in self.written.items() if written.part}
        last: dict[str, int] = {}
        totals: dict[str, int | None] = {}
        for part in found.values():
            last[part.name] = max(part.part, last.get(part.name, 0))
            totals[part.name] = part.of or totals.get(part.name)
        for number, entry in sorted(self.entries.items()):
            if entry.series and entry.state.counts and number not in self.written:
                place = last[entry.series] = last.get(entry.series, 0) + 1
                of = totals.get(entry.series)
                found[number] = SeriesPart(name=entry.series, part=place, of=of if of and of >= place else None)
        return found

    def slots(self, after: datetime) -> Iterator[Slot]:
        """The slots later than an instant, soonest first, to the end of the calendar."""
        first = after.astimezone(self.zone).date() - timedelta(days=2)
        regular = ((day, number) for number, day in self._calendar.from_day(first) if number not in self._moves)
        own = sorted((day, number) for number, day in self._moves.items() if number >= 0 and day >= first)
        merged = (self.slot(number, day) for day, number in heapq.merge(regular, own))
        return (slot for slot in merged if slot.at > after)

    def due(self, until: datetime, least: int) -> Iterator[tuple[int, date]]:
        """The numbers from `least` on that came out, or should have, at or before an instant, with their days."""
        today = until.astimezone(self.zone).date()
        near = timedelta(days=2)  # no zone's clocks are two days from another's: before that, the day alone decides
        regular = takewhile(lambda found: found[1] <= today + near, self._calendar.from_number(least))
        every = dict(regular) | {number: day for number, day in self._moves.items() if number >= least}
        for number, day in sorted(every.items()):
            if day < today - near or (day <= today + near and self.instant(day) <= until):
                yield number, day


def _state(written: IssueSummary | None, entry: Entry | None) -> State | None:
    """The further of the two states; but only a file is ready, for a plan publishes nothing."""
    if written and entry:
        if written.state is State.READY or entry.state is State.READY:
            return written.state
        return max(written.state, entry.state, key=lambda state: state.rank)
    return written.state if written else entry.state if entry else None


class _Calendar:
    """The cadence's days by number, remembered as far as anyone has asked, in both directions."""

    def __init__(self, schedule: Schedule) -> None:
        number, day = schedule.anchor
        self.number0, self.skip, self.cadence = number, schedule.skip, schedule.cadence
        self.later: list[date] = []
        self.earlier: list[date] = []
        self._after = (found for found in self.cadence.days_from(day) if found not in self.skip)
        self._before = (found for found in self.cadence.days_before(day) if found not in self.skip)

    def day(self, number: int) -> date | None:
        place = number - self.number0
        days, source = (self.later, self._after) if place >= 0 else (self.earlier, self._before)
        index = place if place >= 0 else -place - 1
        while len(days) <= index and (found := next(source, None)):
            days.append(found)
        return days[index] if index < len(days) else None

    def number(self, day: date) -> int | None:
        return (
            next((number for number, found in self.from_day(day) if found == day), None) if self._regular(day) else None
        )

    def _regular(self, day: date) -> bool:
        return day not in self.skip and self.cadence.includes(day)

    def from_number(self, number: int) -> Iterator[tuple[int, date]]:
        """Numbers from one on with their days."""
        while day := self.day(number):
            yield number, day
            number += 1

    def from_day(self, day: date) -> Iterator[tuple[int, date]]:
        """Numbers from 0 on whose days are not before a day."""
        return self.from_number(max(0, self._first_on_or_after(day)))

    def _first_on_or_after(self, day: date) -> int:
        number = self.number0
        if (anchor := self.day(number)) is None:
            return number
        if day <= anchor:
            while (before := self.day(number - 1)) and before >= day:
                number -= 1
        else:
            while (found := self.day(number)) and found < day:
                number += 1
        return number


class Promise(Struct, frozen=True, kw_only=True):
    """How the promise stands as of an instant. See contract: every slot of the next `horizon` weeks is planned."""

    as_of: datetime
    horizon: int
    kept: bool
    weeks_planned: int
    last_planned: Slot | None
    first_gap: Slot
    breaks: datetime
    buffer: int
    horizon_ends: datetime
    slots: tuple[Slot, ...]
    """From the next slot to the first gap or the horizon's end, whichever is later."""
    skipped: tuple[date, ...] = ()
    """The days of the cadence among those slots that were declared to have no issue."""


def promise_words(standing: Promise) -> str:
    """How the promise stands, as a person says it."""
    planned, gap = standing.weeks_planned, standing.first_gap
    ahead = (
        "No week is planned" if not planned else "1 week is planned" if planned == 1 else f"{planned} weeks are planned"
    )
    until = (
        f", to number {standing.last_planned.number} on {standing.last_planned.date}" if standing.last_planned else ""
    )
    empty = f"The first empty slot is number {gap.number} on {gap.date}."
    buffer = f"Buffer: {standing.buffer} ready." if standing.buffer else ""
    if standing.kept:
        outlook = f"The promise of {standing.horizon} is kept; it breaks on {standing.breaks:%Y-%m-%d at %H:%M} if nothing is added."
    else:
        outlook = f"The promise of {standing.horizon} is broken. Plan number {gap.number} to mend it."
    return " ".join(part for part in (f"{ahead}{until}.", outlook, empty, buffer) if part)


def promise(schedule: Schedule, as_of: datetime) -> Promise:
    """The promise and its figures as of an instant."""
    as_of = fix_offset(as_of, schedule.zone)
    end = weeks_on(as_of, schedule.horizon, schedule.zone)
    shown: list[Slot] = []
    gap: Slot | None = None
    for slot in schedule.slots(as_of):
        if gap and slot.at > end:
            break
        shown.append(slot)
        if not slot.planned and gap is None:
            gap = slot
    if gap is None:
        raise OverflowError("the calendar ends before the plan does")
    ahead = shown[: shown.index(gap)]
    return Promise(
        as_of=as_of,
        horizon=schedule.horizon,
        kept=gap.at > end,
        weeks_planned=_weeks_before(as_of, gap.at, schedule.zone),
        last_planned=ahead[-1] if ahead else None,
        first_gap=gap,
        breaks=_breaks(schedule, as_of, gap),
        buffer=sum(1 for _ in takewhile(lambda slot: slot.written and slot.state is State.READY, ahead)),
        horizon_ends=end,
        slots=tuple(shown),
        skipped=tuple(
            day
            for day in sorted(schedule.skip)
            if as_of.date() <= day <= shown[-1].date and schedule.cadence.includes(day)
        ),
    )


def weeks_on(instant: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """The same wall-clock time some weeks later, in a zone."""
    return resolve_wall_time(instant.astimezone(zone).replace(tzinfo=None) + weeks * WEEK, zone)


def _weeks_before(as_of: datetime, gap: datetime, zone: ZoneInfo) -> int:
    """The largest number of weeks on from an instant that ends before the gap."""
    weeks = max(0, (gap - as_of) // WEEK + 2)
    while weeks and weeks_on(as_of, weeks, zone) >= gap:
        weeks -= 1
    return weeks


def _breaks(schedule: Schedule, as_of: datetime, gap: Slot) -> datetime:
    """The first instant, not before as_of, at which a gap lies within the horizon.

    That is the gap's wall-clock time `horizon` weeks earlier. Clock changes bend it: a time may be read
    twice, or never, and then the jump itself is the instant. So the few candidates are tried in order.
    """
    span = schedule.horizon * WEEK
    gaps = [gap] + [s for s in _near(schedule, gap) if not s.planned]

    def fails(instant: datetime) -> bool:
        end = weeks_on(instant, schedule.horizon, schedule.zone)
        return any(instant < empty.at <= end for empty in gaps)

    candidates = {as_of}
    for empty in gaps:
        # The end of a horizon may be a time that a jump left out, read with the offset before it.
        before = fix_offset(empty.at - timedelta(hours=25), schedule.zone).tzinfo
        for wall in {
            empty.at.replace(tzinfo=None, fold=0),
            empty.at.astimezone(before).replace(tzinfo=None),
            datetime.combine(empty.date, schedule.cadence.era(empty.date).at),
        }:
            candidates |= _readings(wall - span, schedule.zone)
    return next(instant for instant in sorted(candidates) if instant >= as_of and fails(instant))


def _near(schedule: Schedule, gap: Slot) -> Iterator[Slot]:
    return takewhile(lambda slot: slot.at < gap.at + timedelta(days=2), schedule.slots(gap.at))


def _readings(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """Every instant at which the zone's clocks show a wall time; the jump over it when they never do."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return {fix_offset(instant, zone) for instant in (first, second)}
    low, high = second, first
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return {fix_offset(high, zone)}
