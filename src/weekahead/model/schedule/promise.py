"""The promise: is every slot of the next weeks planned, and for how long?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.schedule.local_time import WEEK, fix_offset, wall_time_readings, weeks_on
from weekahead.model.schedule.schedule import Schedule, Slot
from weekahead.model.schedule.states import State


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
            candidates |= wall_time_readings(wall - span, schedule.zone)
    return next(instant for instant in sorted(candidates) if instant >= as_of and fails(instant))


def _near(schedule: Schedule, gap: Slot) -> Iterator[Slot]:
    return takewhile(lambda slot: slot.at < gap.at + timedelta(days=2), schedule.slots(gap.at))
