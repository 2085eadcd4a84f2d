"""Map issue numbers to days, and tell what is planned for each.

Numbers map to the cadence's days in order from the anchor, both ways, leaving out skipped days. A date of an issue's own
moves that issue and no other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.issue import Issue, SeriesPart, Status
from weekahead.model.schedule.cadence import Cadence, Weekly
from weekahead.model.schedule.states import State

LONGEST_PAUSE = 36_525
"""Days: a hundred years, more than any letter that has ended."""


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


STATES = {Status.DRAFT: State.DRAFTING, Status.REVIEW: State.REVIEW, Status.READY: State.READY}
"""How far an issue with a file is, by its status."""


class Slot(Struct, frozen=True, kw_only=True):
    """A number with the day and instant at which it comes out, and what is planned for it, if anything."""

    number: int
    date: date
    at: datetime
    title: str | None = None
    state: State | None = None
    secret: bool = False
    status: Status | None = None
    """The status of its file, if it is written."""
    part: SeriesPart | None = None

    @property
    def planned(self) -> bool:
        return self.state is not None and self.state.counts

    @property
    def written(self) -> bool:
        return self.status is not None


class Schedule(Struct, frozen=True, kw_only=True, dict=True):
    """When issues come out and what is planned. `written` are the issues that have files, by number."""

    cadence: Cadence
    anchor: tuple[int, date]
    horizon: int = 5
    skip: frozenset[date] = frozenset()
    slips: Mapping[int, date] = {}
    """Numbers that came out on another day than the cadence's, in the past."""
    entries: Mapping[int, Entry] = {}
    backlog: tuple[Idea, ...] = ()
    buffer: int = 0
    """How many finished issues the author wants to have ready; 0 for no such goal."""
    written: Mapping[int, Issue] = {}

    @property
    def zone(self) -> ZoneInfo:
        return self.cadence.zone

    @property
    def noun(self) -> str:
        """What a number counts: "Week" of a weekly letter, else "Issue"."""
        pattern = self.cadence.rules[-1].pattern
        is_weekly = isinstance(pattern, Weekly) and pattern.weeks == 1 and len(pattern.days) == 1
        return "Week" if is_weekly else "Issue"

    # -- numbers and days

    def cadence_day(self, number: int) -> date | None:
        """Return the cadence's day for a number, ignoring a date of its own; None beyond the calendar."""
        return self._calendar.day(number)

    def number_on(self, day: date) -> int | None:
        """Return the number whose cadence day this is; None for a day off the cadence or skipped."""
        return self._calendar.number(day)

    def day(self, number: int) -> date | None:
        """Return the day on which a number comes out: its file's date, else its entry's, else the cadence's day."""
        return self._own_dates.get(number) or self.cadence_day(number)

    def instant(self, day: date) -> datetime:
        return self.cadence.instant(day)

    def has_own_date(self, number: int) -> bool:
        """Return whether a number comes out on a date of its own, wherever that is declared."""
        return number in self._own_dates

    def days_beyond(self, number: int, step: int) -> Iterator[date]:
        """Yield the cadence's days without skipped ones: after a number's with step 1, before it, latest first, with -1."""
        day = self.cadence_day(number)
        if day is None:
            return iter(())
        days = self.cadence.days_from(day + timedelta(days=1)) if step > 0 else self.cadence.days_before(day)
        return (each for each in days if each not in self.skip)

    @cached_property
    def _own_dates(self) -> dict[int, date]:
        """The numbers with a date of their own."""
        planned = {number: entry.date for number, entry in self.entries.items() if entry.date}
        written = {number: issue.date for number, issue in self.written.items() if issue.date}
        return {**self.slips, **planned, **written}

    @cached_property
    def _calendar(self) -> _Calendar:
        return _Calendar(self)

    def skipped(self, first: date, last: date) -> list[date]:
        """Return the days of the cadence, from one to another, that were declared to have no issue."""
        return [day for day in sorted(self.skip) if first <= day <= last and self.cadence.includes(day)]

    def exceptions(self, number: int, day: date) -> int:
        """Return how many declared exceptions bear on a number's day: skips up to the anchor, a date of its own."""
        first, last = sorted((self.anchor[1], day))
        return sum(first <= skipped <= last for skipped in self.skip) + (number in self._own_dates)

    # -- slots

    def slot(self, number: int, day: date) -> Slot:
        """Return the slot of a number on a day: the file's title before the plan's, but the further state of the two."""
        written, entry = self.written.get(number), self.entries.get(number)
        return Slot(
            number=number,
            date=day,
            at=self.instant(day),
            title=written.title if written else entry.title if entry else None,
            state=_further_state(written, entry),
            secret=entry.secret if entry else False,
            status=written.status if written else None,
            part=self.parts.get(number),
        )

    @cached_property
    def parts(self) -> dict[int, SeriesPart]:
        """Each number's part in its series: as its file says; planned ones are counted in the order in which they come out."""
        written = {number: issue.series for number, issue in self.written.items() if issue.series}
        members: dict[str, list[int]] = {}
        for number, part in written.items():
            members.setdefault(part.name, []).append(number)
        for number, entry in self.entries.items():
            if entry.series and entry.state.counts and number not in self.written:
                members.setdefault(entry.series, []).append(number)
        parts = dict(written)
        for name, numbers in members.items():
            numbers.sort(key=lambda number: (self.day(number) or date.max, number))
            parts |= _planned_parts(name, numbers, written)
        return parts

    def slots(self, after: datetime) -> Iterator[Slot]:
        """Yield the slots later than an instant, soonest first, to the end of the calendar."""
        first = after.astimezone(self.zone).date() - timedelta(days=2)
        regular = ((day, number) for number, day in self._calendar.from_day(first) if number not in self._own_dates)
        own = sorted((day, number) for number, day in self._own_dates.items() if number >= 0 and day >= first)
        merged = (self.slot(number, day) for day, number in heapq.merge(regular, own))
        return (slot for slot in merged if slot.at > after)

    def due(self, until: datetime, least: int) -> Iterator[tuple[int, date]]:
        """Yield the numbers from `least` on that were due at or before an instant, with their days."""
        today = until.astimezone(self.zone).date()
        near = timedelta(days=2)  # no zone's clocks are two days from another's: before that, the day alone decides
        regular = takewhile(lambda item: item[1] <= today + near, self._calendar.from_number(least))
        every = dict(regular) | {number: day for number, day in self._own_dates.items() if number >= least}
        for number, day in sorted(every.items()):
            if day < today - near or (day <= today + near and self.instant(day) <= until):
                yield number, day


def _planned_parts(name: str, numbers: Sequence[int], written: Mapping[int, SeriesPart]) -> dict[int, SeriesPart]:
    """Return the parts of those numbers of a series that have no file, each after the parts before it."""
    total = max((part.of or 0 for number in numbers if (part := written.get(number))), default=0)
    first = next((place for place, number in enumerate(numbers) if number in written), None)
    last = 0 if first is None else max(0, written[numbers[first]].part - first - 1)  # earlier parts may be elsewhere
    parts = {}
    for number in numbers:
        if number in written:
            last = max(last, written[number].part)
        else:
            last += 1
            parts[number] = SeriesPart(name=name, part=last, of=total if total >= last else None)
    return parts


def _further_state(written: Issue | None, entry: Entry | None) -> State | None:
    """Return the further of two states; but only a file can be ready, for a plan publishes nothing."""
    state = STATES[written.status] if written else None
    if state is None or entry is None:
        return state or (entry.state if entry else None)
    return state if State.READY in (state, entry.state) else max(state, entry.state, key=list(State).index)


class _Calendar:
    """The cadence's days by number, in both directions from the anchor, computed as far as they are needed."""

    def __init__(self, schedule: Schedule) -> None:
        self._anchor_number, anchor_day = schedule.anchor
        self._skip, self._cadence = schedule.skip, schedule.cadence
        self._later: list[date] = []
        """Days of the anchor's number and those after it."""
        self._earlier: list[date] = []
        self._days_from = (day for day in self._cadence.days_from(anchor_day) if day not in self._skip)
        self._days_before = (day for day in self._cadence.days_before(anchor_day) if day not in self._skip)

    def day(self, number: int) -> date | None:
        distance = number - self._anchor_number
        if abs(distance) > date.max.toordinal():  # more than there are days
            return None
        days, more = (self._later, self._days_from) if distance >= 0 else (self._earlier, self._days_before)
        index = distance if distance >= 0 else -distance - 1
        while len(days) <= index and (day := next(more, None)):
            days.append(day)
        return days[index] if index < len(days) else None

    def number(self, day: date) -> int | None:
        if day in self._skip or not self._cadence.includes(day):
            return None
        return next((number for number, other in self.from_day(day) if other == day), None)

    def from_number(self, number: int) -> Iterator[tuple[int, date]]:
        """Yield numbers from one on with their days."""
        while day := self.day(number):
            yield number, day
            number += 1

    def from_day(self, day: date) -> Iterator[tuple[int, date]]:
        """Yield the numbers from 0 on whose days are not before a day."""
        number = self._anchor_number
        while (before := self.day(number - 1)) and before >= day:
            number -= 1
        while (current := self.day(number)) and current < day:
            number += 1
        return self.from_number(max(0, number))
