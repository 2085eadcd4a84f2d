"""The schedule that an archive kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from weekahead.importers.arrangement.days import Clock
from weekahead.importers.arrangement.fit import Fitted, fit
from weekahead.importers.arrangement.plan_text import ScheduleFacts
from weekahead.importers.arrangement.rhythm import cadence_of, find_rhythm
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.placed import PlacedPost
from weekahead.model.counts import counted
from weekahead.model.schedule import LONGEST_PAUSE, Cadence, Schedule

_FRIDAY = date(1900, 1, 5)


def known_rhythm(days: Sequence[date], clock: Clock) -> Cadence:
    """Return the cadence of some days, which are in order; its time of day is not that of the posts."""
    return cadence_of(find_rhythm(days), clock.time_of_day(()), clock.zone)


def schedule_of(
    issues: Sequence[PlacedPost], kept: Sequence[tuple[int, date]], clock: Clock, now: datetime, notes: Notes
) -> ScheduleFacts:
    """Return the schedule that numbered issues kept, with those that the letter has already; a weekly one on Fridays where there is none."""
    numbered = sorted((issue.number, issue.day) for issue in issues if issue.number is not None and issue.day)
    at = clock.time_of_day(issue.post for issue in issues if issue.is_public)
    dated = sorted({**dict(kept), **dict(numbered)}.items())
    if not dated:
        return _unknown(clock, now, notes)
    stretches = find_rhythm(sorted(day for _, day in dated))
    cadence = cadence_of(stretches, at, clock.zone)
    found = fit(cadence, dated)
    idle = _days_since(cadence, found, max(dated)[0], now)
    newest = max(
        (issue for issue in issues if issue.is_public and issue.number is not None),
        key=lambda each: each.number or 0,
        default=None,
    )
    known = {number for number, _ in dated}
    coming = [(line.number, line.title) for line in (newest.next if newest else ()) if line.number not in known]
    facts = ScheduleFacts(
        cadence=cadence, anchor=found.anchor, pauses=(*found.pauses, *idle), slips=found.slips, upcoming=coming
    )
    _tell(facts, len(dated), notes)
    if idle:
        first, last = idle[0]
        days = f"{first}" if first == last else f"{first} to {last}"
        message = f"no issue has come out since number {max(dated)[0]}: skip: has the letter's days since ({days}), so that the next issue is number {max(dated)[0] + 1}"
        hint = (
            "If newer issues came out, import a newer export: schedule.yaml is written anew unless you have edited it."
        )
        notes.add(Outcome.ASK, "skip", message, hint=hint)
    return facts


def _days_since(cadence: Cadence, found: Fitted, newest: int, now: datetime) -> list[tuple[date, date]]:
    """Return, as one pause, the days of a cadence since that of the newest number, up to an instant."""
    schedule = Schedule(cadence=cadence, anchor=found.anchor, skip=found.skip)
    last = schedule.cadence_day(newest)
    later = cadence.days_from(last + timedelta(days=1)) if last else iter(())
    days = [*takewhile(lambda day: cadence.instant(day) <= now, islice(later, LONGEST_PAUSE))]
    return [(days[0], days[-1])] if days else []


def _unknown(clock: Clock, now: datetime, notes: Notes) -> ScheduleFacts:
    notes.add(
        Outcome.ASK,
        "cadence",
        "no issue has a number and a day, so the letter is weekly, on Fridays: say when it comes out",
    )
    cadence = cadence_of(find_rhythm([_FRIDAY]), clock.time_of_day(()), clock.zone)
    today = now.astimezone(clock.zone).date()
    return ScheduleFacts(cadence=cadence, anchor=(1, today + timedelta(days=(4 - today.weekday()) % 7)))


def _tell(facts: ScheduleFacts, count: int, notes: Notes) -> None:
    """Add notes that say what was worked out of the schedule, and from what."""
    rules = facts.cadence.rules
    changes = "".join(f", from {rule.since} on every {_spoken(rule.wording)}" for rule in rules[1:])
    on_time = count - len(facts.slips)
    message = f"the letter comes out every {_spoken(rules[0].wording)}{changes}, at {rules[0].at:%H:%M} ({facts.cadence.zone.key}): {on_time} of {counted(count, 'issue')} did"
    outcome = Outcome.INFERRED if 2 * on_time >= count else Outcome.ASK
    notes.add(outcome, "cadence", message, hint="Correct cadence: in schedule.yaml if that is wrong.")
    notes.add(Outcome.INFERRED, "anchor", f"number {facts.anchor[0]} of {facts.anchor[1]} is the anchor")
    if facts.pauses:
        message = f"{counted(len(facts.pauses), 'pause')} without an issue, under skip: in schedule.yaml"
        notes.add(Outcome.INFERRED, "skip", message)
    if facts.slips:
        message = f"{counted(len(facts.slips), 'issue')} came out on another day, under slips: in schedule.yaml"
        notes.add(Outcome.INFERRED, "slips", message)
    if facts.upcoming:
        numbers = ", ".join(str(number) for number, _ in facts.upcoming)
        message = f"the newest issue announced {numbers}, under upcoming: in schedule.yaml"
        notes.add(Outcome.INFERRED, "upcoming", message)


def _spoken(wording: str) -> str:
    """Return a pattern of schedule.yaml as a sentence has it: names of days begin with a capital."""
    return re.sub(r"\b[a-z]+day\b(?<!\bday)", lambda match: match[0].capitalize(), wording)
