"""Fit numbers and their days to a cadence with few words: pauses in which later issues moved, and slips of single ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice, pairwise

from msgspec import Struct

from weekahead.importers.arrangement.rhythm import has_its_weeks
from weekahead.model.schedule import Cadence, Schedule

WINDOW = 3
"""Slots before and after its day on which an issue may have been due."""
MOST = 24
"""Ways to go on that are kept."""
SLIP, PAUSE = 1.0, 1.0

Dated = Sequence[tuple[int, date]]
"""Numbers in order, each with its day."""


class Fitted(Struct, frozen=True, kw_only=True):
    """What schedule.yaml declares, so that every number has its day."""

    anchor: tuple[int, date]
    pauses: tuple[tuple[date, date], ...] = ()
    slips: Mapping[int, date] = {}

    @property
    def skip(self) -> frozenset[date]:
        """The days of the pauses."""
        return frozenset(
            first + timedelta(days=days) for first, last in self.pauses for days in range((last - first).days + 1)
        )


class _Way(Struct, frozen=True):
    """A way to give slots to the first numbers: what it costs, the slot of the last one, and the way before."""

    cost: float
    slot: int
    before: _Way | None


def fit(cadence: Cadence, dated: Dated) -> Fitted:
    """Return the pauses and slips that give each number its day."""
    slots = _slots(cadence, dated)
    chosen = _chosen(slots, dated)
    anchor = _anchor(cadence, slots, dated, chosen)
    pauses = _pauses(slots, dated, chosen)

    found = Fitted(anchor=(dated[anchor][0], slots[chosen[anchor]]), pauses=pauses)
    schedule = Schedule(cadence=cadence, anchor=found.anchor, skip=found.skip)
    slips = {number: day for number, day in dated if schedule.cadence_day(number) != day}
    return Fitted(anchor=found.anchor, pauses=pauses, slips=slips)


def _anchor(cadence: Cadence, slots: Sequence[date], dated: Dated, chosen: Sequence[int]) -> int:
    """Return the place of the newest number that came out on its day, and leaves each rule its weeks."""
    sound = [place for place in range(len(dated)) if has_its_weeks(cadence, slots[chosen[place]])]
    on_time = [place for place in sound if slots[chosen[place]] == dated[place][1]]
    return (on_time or sound or [len(dated) - 1])[-1]


def _slots(cadence: Cadence, dated: Dated) -> list[date]:
    """Return the days of a cadence around all the days, and as many beyond as there could be need of."""
    days = [day for _, day in dated]
    more = min(dated[-1][0] - dated[0][0], 20_000) + 2 * WINDOW
    before = [*islice(cadence.days_before(min(days)), WINDOW)][::-1]
    last = max(days)
    slots = [*before]
    for day in cadence.days_from(min(days)):
        if day > last:
            if more <= 0:
                break
            more -= 1
        slots.append(day)
    return slots


def _chosen(slots: Sequence[date], dated: Dated) -> list[int]:
    """Return the place among the slots of each number: in order, far enough apart, and at the least cost."""
    first = dated[0][1]
    ways = [_Way(_slip(slots[slot], first), slot, None) for slot in _near(slots, first, 0)]
    for (number, _), (after, day) in pairwise(dated):
        apart = after - number
        best: dict[int, _Way] = {}
        for way in ways:
            least = way.slot + apart
            for slot in {min(least, len(slots) - 1), *_near(slots, day, least)}:
                cost = way.cost + _slip(slots[slot], day) + (PAUSE + (slot - least) / 1000 if slot > least else 0)
                if slot not in best or cost < best[slot].cost:
                    best[slot] = _Way(cost, slot, way)
        ways = sorted(best.values(), key=lambda way: (way.cost, way.slot))[:MOST]
    last: _Way | None = min(ways, key=lambda way: (way.cost, abs((slots[way.slot] - dated[-1][1]).days)))
    chosen: list[int] = []
    while last:
        chosen.append(last.slot)
        last = last.before
    return chosen[::-1]


def _near(slots: Sequence[date], day: date, least: int) -> range:
    place = bisect_left(slots, day)
    return range(max(least, place - WINDOW), min(len(slots), place + WINDOW + 1))


def _slip(slot: date, day: date) -> float:
    return 0 if slot == day else SLIP + min(abs((slot - day).days), 300) / 1000


def _pauses(slots: Sequence[date], dated: Dated, chosen: Sequence[int]) -> tuple[tuple[date, date], ...]:
    """Return the first and last days of the slots without a number, in a row each, before the number that came after them."""
    pauses = []
    for ((number, _), slot), ((after, _), next_slot) in pairwise(zip(dated, chosen, strict=True)):
        empty = next_slot - slot - (after - number)
        if empty > 0:
            pauses.append((slots[next_slot - empty], slots[next_slot - 1]))
    return tuple(pauses)
