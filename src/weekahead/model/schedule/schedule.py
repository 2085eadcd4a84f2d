"""Which number comes out when, and what is planned for it.

Numbers map to the cadence's days in order from the anchor, both ways, leaving out skipped days. A day that
was given to one issue alone moves that issue and no other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.issue import SeriesPart
from weekahead.model.schedule.cadence import Cadence
from weekahead.model.schedule.states import State


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
