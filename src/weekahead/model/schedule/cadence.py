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
    """Some days of every n-th week, Monday is 0; `phase` is the Monday of a week with an issue."""

    days: tuple[int, ...]
    weeks: int = 1
    phase: date = date(1900, 1, 1)

    def period(self, day: date) -> int:
        """Return the number of the n-week period that a day is in; 0 begins at `phase`."""
        return (_monday(day) - self.phase) // (WEEK * self.weeks)

    def days_in(self, period: int) -> list[date]:
        """Return the pattern's days in a period, in order. Raise OverflowError outside the calendar."""
        first = self.phase.toordinal() + 7 * self.weeks * period
        return [_day(first + day) for day in self.days]


def _day(ordinal: int) -> date:
    """Return a day by its number in the calendar. Raise OverflowError outside of it."""
    try:
        return date.fromordinal(ordinal)
    except ValueError:
        raise OverflowError("the calendar ends here") from None


class Monthly(Struct, frozen=True, kw_only=True, tag=True):
    """Some days of every month: `days` by number, `weekdays` as (ordinal, weekday). -1 is the last.

    A month without such a day (the 31st, a fifth Friday) has no issue for it.
    """

    days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()

    def period(self, day: date) -> int:
        """Return the number of the month that a day is in."""
        return day.year * 12 + day.month - 1

    def start(self, period: int) -> date:
        """Return the first day of a month. Raise OverflowError outside the calendar."""
        if not 12 <= period < 120_000:
            raise OverflowError("the calendar ends here")
        return date(period // 12, period % 12 + 1, 1)

    def days_in(self, period: int) -> list[date]:
        """Return the pattern's days in a month, in order. Raise OverflowError outside the calendar."""
        first = self.start(period)
        length = monthrange(first.year, first.month)[1]
        numbers = {day if day > 0 else length + 1 + day for day in self.days}
        for ordinal, weekday in self.weekdays:
            early = 1 + (weekday - first.weekday()) % 7
            numbers.add(early + 7 * (ordinal - 1) if ordinal > 0 else length - (length - early) % 7)
        return [first.replace(day=number) for number in sorted(numbers) if 1 <= number <= length]


Pattern = Weekly | Monthly

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}


def parse_pattern(wording: str, phase: date = date(1900, 1, 1)) -> Pattern | None:
    """Return the pattern that an author's wording means, or None. `phase` is a day of a week with an issue.

    friday; tuesday and friday; 2 weeks on tuesday; first monday of the month; first and third friday of the
    month; 15th of the month; 1st and 15th of the month; last day of the month.
    """
    wording = re.sub(r"^every ", "", " ".join(wording.lower().split()))
    if wording.endswith(" of the month"):
        return _parse_monthly(wording.removesuffix(" of the month"))
    match = re.fullmatch(r"(?:(?:(\d{1,2}) weeks|week) on )?([a-z, ]+)", wording)
    names = _split_list(match[2]) if match else []
    if match is None or not all(name in DAYS for name in names) or not (weeks := int(match[1] or 1)):
        return None
    return Weekly(days=tuple(sorted({DAYS.index(name) for name in names})), weeks=weeks, phase=_monday(phase))


def _parse_monthly(wording: str) -> Monthly | None:
    *others, last = _split_list(wording)
    ordinal, _, weekday = last.partition(" ")
    if weekday in DAYS and all(word in ORDINALS for word in [*others, ordinal]):
        return Monthly(weekdays=tuple((ORDINALS[word], DAYS.index(weekday)) for word in [*others, ordinal]))
    numbers = [_parse_day_number(word) for word in [*others, last]]
    return Monthly(days=tuple(number for number in numbers if number)) if all(numbers) else None


def _parse_day_number(wording: str) -> int | None:
    if wording == "last day":
        return -1
    match = re.fullmatch(r"([1-9]|[12]\d|3[01])(st|nd|rd|th)?", wording)
    return int(match[1]) if match else None


def _split_list(wording: str) -> list[str]:
    return re.split(r",\s*(?:and )?| and ", wording.strip())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class CadenceRule(Struct, frozen=True, kw_only=True):
    """The days and the time of day from a day on. The first rule of a cadence has no beginning."""

    pattern: Pattern
    at: time
    wording: str
    """The pattern as the author wrote it: "friday", "2 weeks on tuesday"."""
    since: date = date.min


class Cadence(Struct, frozen=True, kw_only=True, dict=True):
    """The days on which issues come out, and the time of day in a zone: one rule after another."""

    rules: tuple[CadenceRule, ...]
    zone: ZoneInfo

    @property
    def wording(self) -> str:
        return self.rules[-1].wording

    def rule_on(self, day: date) -> CadenceRule:
        return next(rule for rule in reversed(self.rules) if rule.since <= day)

    def _spans(self) -> list[tuple[CadenceRule, date]]:
        """Return each rule with the first day after it."""
        ends = [*(rule.since for rule in self.rules[1:]), date.max]
        return list(zip(self.rules, ends, strict=True))

    def days_from(self, day: date) -> Iterator[date]:
        """Yield the cadence's days from a day on, that day included, to the end of the calendar."""
        for rule, end in self._spans():
            first, pattern = max(day, rule.since), rule.pattern
            try:
                for period in range(pattern.period(first), pattern.period(end) + 1):
                    yield from [each for each in pattern.days_in(period) if first <= each < end]
            except OverflowError:
                return

    def days_before(self, day: date) -> Iterator[date]:
        """Yield the cadence's days before a day, latest first, to the beginning of the calendar."""
        for rule, end in reversed(self._spans()):
            last, pattern = min(day, end), rule.pattern
            try:
                for period in range(pattern.period(last), pattern.period(rule.since) - 1, -1):
                    yield from [each for each in reversed(pattern.days_in(period)) if rule.since <= each < last]
            except OverflowError:
                return

    def includes(self, day: date) -> bool:
        pattern = self.rule_on(day).pattern
        return day in pattern.days_in(pattern.period(day))

    def instant(self, day: date) -> datetime:
        """Return the instant of publication on a day, in the cadence's zone."""
        return resolve_wall_time(datetime.combine(day, self.rule_on(day).at), self.zone)
