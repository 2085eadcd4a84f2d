"""The rhythm of a row of days: the cadence, or one after another, that explains them with the fewest exceptions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.schedule import Cadence, CadenceRule, parse_pattern
from weekahead.model.schedule.cadence import DAYS, ORDINALS, Pattern, Weekly
from weekahead.model.schedule.local_time import WEEK

OFF, BESIDE, GAP, CHANGE = 2.0, 0.5, 1.0, 6.0
"""What an issue off its day costs, a second one for a day of the rhythm, a pause before one, and another rhythm."""
_ANY = date(1900, 1, 1)
MOST = 64
"""Rhythms that are tried."""


class Rhythm(Struct, frozen=True, kw_only=True):
    """A rhythm that some days may have: its words for schedule.yaml, its days around them, and what it costs to prefer it."""

    wording: str
    phase: date
    """A day of a week with an issue, which matters to what is every second week."""
    days: tuple[date, ...]
    price: float

    @property
    def pattern(self) -> Pattern:
        pattern = parse_pattern(self.wording, self.phase)
        assert pattern, "the wording is one of ours"
        return pattern

    def steps(self, before: date, day: date) -> int:
        """Return how many of its days are after one day, up to another."""
        return bisect_right(self.days, day) - bisect_right(self.days, before)

    def includes(self, day: date) -> bool:
        place = bisect_left(self.days, day)
        return place < len(self.days) and self.days[place] == day


class Stretch(Struct, frozen=True):
    """A rhythm and the first of the days that have it."""

    rhythm: Rhythm
    first: date


def find_rhythm(days: Sequence[date]) -> list[Stretch]:
    """Return the rhythms of some days, which are in order, one after another. There is at least one day."""
    rhythms = sorted(_candidates(days), key=lambda rhythm: (rhythm.price, rhythm.wording, rhythm.phase))
    costs = [rhythm.price + (0 if rhythm.includes(days[0]) else OFF) for rhythm in rhythms]
    back: list[list[int]] = [[*range(len(rhythms))]]
    for before, day in pairwise(days):
        best = min(range(len(costs)), key=costs.__getitem__)
        switched, came = costs[best] + CHANGE, []
        after = []
        for place, rhythm in enumerate(rhythms):
            comes_from = best if switched + rhythm.price < costs[place] else place
            came.append(comes_from)
            after.append(min(costs[place], switched + rhythm.price) + _cost(rhythm, before, day))
        back.append(came)
        costs = after
    return _stretches(days, [rhythms[place] for place in _path(costs, back)])


def _cost(rhythm: Rhythm, before: date, day: date) -> float:
    steps = rhythm.steps(before, day)
    cost = 0 if rhythm.includes(day) else OFF
    return cost + (BESIDE if steps == 0 else 0 if steps == 1 else GAP + min(steps, 60) / 1000)


def _path(costs: Sequence[float], back: Sequence[Sequence[int]]) -> list[int]:
    place = min(range(len(costs)), key=costs.__getitem__)
    path = [place]
    for came in reversed(back[1:]):
        place = came[place]
        path.append(place)
    return path[::-1]


def _stretches(days: Sequence[date], rhythms: Sequence[Rhythm]) -> list[Stretch]:
    """Return the rhythms of days in a row. A later one begins with a day of its own, so that what is every second week has its week."""
    stretches: list[Stretch] = []
    for rhythm, group in groupby(zip(rhythms, days, strict=True), lambda pair: pair[0]):
        row = [day for _, day in group]
        first = row[0] if not stretches else next((day for day in row if rhythm.includes(day)), None)
        if first and not (stretches and (stretches[-1].rhythm is rhythm or first <= stretches[-1].first)):
            stretches.append(Stretch(rhythm, first))
    return stretches


def cadence_of(stretches: Sequence[Stretch], at: time, zone: ZoneInfo) -> Cadence:
    """Return the cadence of rhythms, each from its first day on."""
    since = [date.min, *(stretch.first for stretch in stretches[1:])]
    rules = (
        CadenceRule(pattern=stretch.rhythm.pattern, at=at, wording=stretch.rhythm.wording, since=first)
        for stretch, first in zip(stretches, since, strict=True)
    )
    return Cadence(rules=tuple(rules), zone=zone)


def has_its_weeks(cadence: Cadence, anchor: date) -> bool:
    """Return whether an anchor leaves every rule of a cadence its weeks: those that begin before it have the anchor's."""
    return all(
        (rule.pattern.period(anchor) * rule.pattern.weeks * WEEK + rule.pattern.phase)
        == anchor - timedelta(anchor.weekday())
        for rule in cadence.rules
        if isinstance(rule.pattern, Weekly) and rule.pattern.weeks > 1 and rule.since <= anchor
    )


# -- what may be the rhythm


def _candidates(days: Sequence[date]) -> list[Rhythm]:
    """Return the rhythms that are worth trying for some days: those that most of them fit."""
    first, last = days[0] - timedelta(days=70), days[-1] + timedelta(days=70)
    unique, found = {*days}, []
    for price, wording, phase in {*_wordings(days)}:
        rhythm = Rhythm(wording=wording, phase=phase, days=(), price=price)
        within = tuple(_days_of(rhythm.pattern, first, last))
        found.append((len(unique.intersection(within)), replace(rhythm, days=within)))
    return [
        rhythm
        for _, rhythm in sorted(found, key=lambda item: (-item[0], item[1].price, item[1].wording, item[1].phase))[
            :MOST
        ]
    ]


def _days_of(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    for period in range(pattern.period(first), pattern.period(last) + 1):
        yield from (day for day in pattern.days_in(period) if first <= day <= last)


def _wordings(days: Sequence[date]) -> Iterator[tuple[float, str, date]]:
    """Yield what each rhythm costs beside others that fit as well, its words, and a day of a week with an issue."""
    weekdays = Counter(day.weekday() for day in days)
    for weekday in weekdays:
        name = DAYS[weekday]
        yield 0, name, _ANY
        for phase in {day - timedelta(days=day.weekday()) for day in days if day.weekday() == weekday}:
            for weeks in (2, 3, 4):
                yield 1 + weeks / 8, f"{weeks} weeks on {name}", _first_phase(phase, weeks)
        for ordinal in ORDINALS:
            yield 1.5, f"{ordinal} {name} of the month", _ANY
        yield 1.75, f"first and third {name} of the month", _ANY
        yield 1.75, f"second and fourth {name} of the month", _ANY
    often = [weekday for weekday, times in weekdays.most_common() if times > 1 and 5 * times >= len(days)]
    for count in range(2, len(often) + 1):
        names = [DAYS[weekday] for weekday in sorted(often[:count])]
        yield 0.5, ", ".join(names[:-1]) + f" and {names[-1]}", _ANY
    numbers = Counter(day.day for day in days)
    for number, times in numbers.most_common(4):
        if 5 * times >= len(days):
            yield 1.75, f"{number}{_ending(number)} of the month", _ANY
    if len(numbers) > 1:
        one, other = sorted(number for number, _ in numbers.most_common(2))
        yield 2, f"{one}{_ending(one)} and {other}{_ending(other)} of the month", _ANY
    yield 1.75, "last day of the month", _ANY


def _first_phase(monday: date, weeks: int) -> date:
    """Return the first Monday since 1900 that is whole periods of weeks before another."""
    return date(1900, 1, 1) + (monday - date(1900, 1, 1)) % timedelta(weeks=weeks)


def _ending(number: int) -> str:
    return "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
