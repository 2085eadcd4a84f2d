"""Which posts are issues in a row, and which came out beside the row: special editions, without a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import takewhile

from weekahead.model.schedule import Cadence

REGULAR = 0.6
"""The share of posts that come out on a day of the cadence of their own, from which on the others may be special editions."""


def regular_places(days: Sequence[date], cadence: Cadence) -> list[int]:
    """Return the places of the days, which are in order, that have a slot of the cadence: their own, or a free one near by.

    Of posts that are not regular, all places are returned.
    """
    first = days[0] - timedelta(days=31)
    slots = [*takewhile(lambda day: day <= days[-1], cadence.days_from(first))]
    on_time: dict[date, int] = {}
    for place, day in enumerate(days):
        if cadence.includes(day):
            on_time.setdefault(day, place)
    if len(on_time) < REGULAR * len(days):
        return [*range(len(days))]
    regular, free = {*on_time.values()}, [slot for slot in slots if slot not in on_time]
    bounds = _neighbours(days, on_time)
    for place, day in enumerate(days):
        if place in regular:
            continue
        after, before = bounds[place]
        near = [slot for slot in free if after < slot < before and abs((slot - day).days) <= 4]
        if near and not cadence.includes(day):
            free.remove(min(near, key=lambda slot: (abs((slot - day).days), slot)))
            regular.add(place)
    return sorted(regular)


def _neighbours(days: Sequence[date], on_time: dict[date, int]) -> list[tuple[date, date]]:
    """Return for each place the days of the regular posts before and after it."""
    bounds, before = [], date.min
    marks = {place: day for day, place in on_time.items()}
    for place in range(len(days)):
        bounds.append([before, date.max])
        before = marks.get(place, before)
    after = date.max
    for place in reversed(range(len(days))):
        bounds[place][1] = after
        after = marks.get(place, after)
    return [(first, last) for first, last in bounds]
