"""The days on which a letter comes out: rules such as "friday" or "first monday of the month"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.schedule.local_time import WEEK, resolve_wall_time

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


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
