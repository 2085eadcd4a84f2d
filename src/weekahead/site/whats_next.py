"""The "what's next" list of an issue: what follows it, and how stamped promises turned out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from weekahead.model.issue import StampedPromise
from weekahead.model.marks import plain_marks

Fate = tuple[str, str | date | int | None]
"""How a promise turned out, and what says more about it."""


class UpcomingRow(Struct, frozen=True, kw_only=True):
    """A coming number as readers may see it. `title` is None where nothing is planned, or nothing said yet."""

    number: int
    date: date
    title: str | None
    at: datetime | None = None
    """The instant of publication of a slot of the plan."""
    planned: bool = True
    path: str | None = None
    language: str | None = None
    """That of the title of a published issue, if not the letter's."""
    moves: int = 0
    """How many declared exceptions (skips, a day of its own) bear on its day."""
    fate: Fate | None = None
    """How a stamped promise turned out: kept, kept_late and the day, moved and the number, renamed or now and the
    title, dropped; None while it is open."""


class Plan(Protocol):
    """What the list of an issue is made from."""

    def row(self, number: int) -> UpcomingRow | None:
        """Return what readers may know of a number; None where nothing is planned."""

    def day(self, number: int) -> date | None:
        """Return the day of a number; None beyond the end of the calendar."""

    def number_titled(self, title: str) -> int | None:
        """Return the number that has a title now."""


def whats_next(
    plan: Plan, number: int | None, stamped: Sequence[StampedPromise] | None, count: int
) -> tuple[UpcomingRow, ...]:
    """Return the list of an issue: the one it was stamped with, else the `count` numbers that follow it."""
    if stamped is not None:
        return tuple(_stamped_row(plan, line) for line in stamped)
    if number is None:
        return ()
    return tuple(row for n in range(number + 1, number + 1 + count) if (row := plan.row(n)))


def _stamped_row(plan: Plan, line: StampedPromise) -> UpcomingRow:
    """Return a line that was stamped when the issue was marked ready, with what has become of it."""
    now = plan.row(line.number)
    day = now.date if now else line.date or plan.day(line.number)
    assert day is not None, "a rule of the letter holds that a stamped number has a day"
    fate = _fate(plan, line, now)
    there = plan.row(fate[1]) if fate and fate[0] == "moved" and isinstance(fate[1], int) else now
    path = there.path if there else None
    language = there.language if there else None
    return UpcomingRow(number=line.number, date=day, title=line.title, path=path, language=language, fate=fate)


def _fate(plan: Plan, line: StampedPromise, now: UpcomingRow | None) -> Fate | None:
    if now and (now.title is None or plain_marks(now.title) == plain_marks(line.title)):
        late = now.path and line.date and now.date > line.date
        return None if now.path is None else ("kept_late", now.date) if late else ("kept", None)
    if (elsewhere := plan.number_titled(line.title)) is not None:
        return "moved", elsewhere
    if now and now.path:
        return "renamed", now.title
    return ("now", now.title) if now else ("dropped", None)
