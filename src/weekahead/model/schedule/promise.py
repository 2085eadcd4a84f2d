"""The promise that every slot of the next weeks is planned, and when it breaks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.schedule.local_time import WEEK, add_weeks, fix_offset, wall_time_readings
from weekahead.model.schedule.schedule import Schedule, Slot
from weekahead.model.schedule.states import State


class Promise(Struct, frozen=True, kw_only=True):
    """Whether every slot of the next `horizon` weeks is planned, as of an instant, and the figures beside that."""

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


def describe_promise(promise: Promise) -> str:
    """Return a promise and its figures in a few sentences."""
    weeks, gap, last = promise.weeks_planned, promise.first_gap, promise.last_planned
    count = "No week is planned" if not weeks else "1 week is planned" if weeks == 1 else f"{weeks} weeks are planned"
    until = f", up to number {last.number} on {last.date}" if last else ""
    sentences = [
        f"{count}{until}.",
        f"The promise of {promise.horizon} is kept; it breaks on {promise.breaks:%Y-%m-%d at %H:%M} if nothing is added."
        if promise.kept
        else f"The promise of {promise.horizon} is broken. Plan number {gap.number} to fix it.",
        f"The first empty slot is number {gap.number} on {gap.date}.",
        f"Buffer: {promise.buffer} ready." if promise.buffer else "",
    ]
    return " ".join(filter(None, sentences))


def compute_promise(schedule: Schedule, as_of: datetime) -> Promise:
    """Return the promise and its figures as of an instant. Raise OverflowError if the plan has no end."""
    as_of = fix_offset(as_of, schedule.zone)
    end = add_weeks(as_of, schedule.horizon, schedule.zone)
    slots: list[Slot] = []
    gap: Slot | None = None
    for slot in schedule.slots(as_of):
        if gap and slot.at > end:
            break
        slots.append(slot)
        if not slot.planned and gap is None:
            gap = slot
    if gap is None:
        raise OverflowError("the calendar ends before the plan does")
    planned = slots[: slots.index(gap)]
    return Promise(
        as_of=as_of,
        horizon=schedule.horizon,
        kept=gap.at > end,
        weeks_planned=_weeks_before(as_of, gap.at, schedule.zone),
        last_planned=planned[-1] if planned else None,
        first_gap=gap,
        breaks=_breaking_instant(schedule, as_of, gap),
        buffer=sum(1 for _ in takewhile(lambda slot: slot.written and slot.state is State.READY, planned)),
        horizon_ends=end,
        slots=tuple(slots),
        skipped=tuple(schedule.skipped(as_of.date(), slots[-1].date)),
    )


def _weeks_before(as_of: datetime, gap: datetime, zone: ZoneInfo) -> int:
    """Return the largest number of weeks that, counted from an instant, end before the gap."""
    weeks = max(0, (gap - as_of) // WEEK + 2)
    while weeks and add_weeks(as_of, weeks, zone) >= gap:
        weeks -= 1
    return weeks


def _breaking_instant(schedule: Schedule, as_of: datetime, gap: Slot) -> datetime:
    """Return the first instant, not before as_of, at which a gap lies within the horizon.

    That is the gap's wall-clock time `horizon` weeks earlier. Clock changes bend it: a time may be read
    twice, or never, and then the jump itself is the instant. So the few candidates are tried in order.
    """
    span = schedule.horizon * WEEK
    soon_after = takewhile(lambda slot: slot.at < gap.at + timedelta(days=2), schedule.slots(gap.at))
    gaps = [gap, *(slot for slot in soon_after if not slot.planned)]

    def fails(instant: datetime) -> bool:
        end = add_weeks(instant, schedule.horizon, schedule.zone)
        return any(instant < empty.at <= end for empty in gaps)

    candidates = {as_of}
    for empty in gaps:
        # The end of a horizon may be a time that a jump left out, read with the offset before it.
        before = fix_offset(empty.at - timedelta(hours=25), schedule.zone).tzinfo
        for wall in {
            empty.at.replace(tzinfo=None, fold=0),
            empty.at.astimezone(before).replace(tzinfo=None),
            datetime.combine(empty.date, schedule.cadence.rule_on(empty.date).at),
        }:
            candidates |= wall_time_readings(wall - span, schedule.zone)
    return next(instant for instant in sorted(candidates) if instant >= as_of and fails(instant))
