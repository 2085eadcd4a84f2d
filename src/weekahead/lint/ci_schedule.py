"""When scheduled jobs run, and whether one of them publishes what is ready when it is due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.findings import Finding, Location, warning
from weekahead.model.letter import Letter

PATIENCE = timedelta(hours=1)
"""How long after its instant an issue may come out by a scheduled job."""

SLOTS = 53
"""The coming slots that are looked at: a year of a weekly letter, with both changes of the clocks."""

_NAMES = {name: place for place, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))} | {
    name: place
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class Cron(Struct, frozen=True, kw_only=True):
    """A line of a crontab: when it runs, by the clocks of a zone."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """Sunday is 0."""
    either: bool
    """Does a day or a weekday do, because both are named (POSIX, crontab)?"""
    zone: tzinfo

    def runs(self, at: datetime) -> bool:
        """Does it run in the minute of an instant?"""
        local = at.astimezone(self.zone)
        if local.minute not in self.minutes or local.hour not in self.hours or local.month not in self.months:
            return False
        day, weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        return day or weekday if self.either else day and weekday


def cron(words: str, zone: str = "UTC") -> Cron | None:
    """Five fields of POSIX cron, with names and steps as GitHub takes them; None when they are none."""
    fields = words.split()
    try:
        minutes, hours, days, months, weekdays = (
            _values(field.lower(), least, most)
            for field, (least, most) in zip(fields, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7)), strict=True)
        )
        return Cron(
            minutes=minutes,
            hours=hours,
            days=days,
            months=months,
            weekdays=frozenset(day % 7 for day in weekdays),
            either=not fields[2].startswith("*") and not fields[4].startswith("*"),
            zone=UTC if zone == "UTC" else ZoneInfo(zone),
        )
    except (ValueError, KeyError, OSError):
        return None


def _values(field: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            low, high = least, most
        else:
            low = _number(first)
            high = _number(last) if dash else most if step else low
        if not (least <= low <= high <= most) or (step and int(step) < 1):
            raise ValueError(field)
        found.update(range(low, high + 1, int(step or 1)))
    return frozenset(found)


def _number(word: str) -> int:
    return _NAMES[word] if word in _NAMES else int(word)


def check_late_builds(workflows: Mapping[str, str], letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """A warning if workflows build the letter and none of them does so within an hour of an instant of publication.

    `workflows` are the texts of GitHub's workflow files by name.
    """
    building = {name: text for name, text in workflows.items() if re.search(r"weekahead build|build\.py", text)}
    if not building:
        return
    crons = [found for text in building.values() for found in _crons(text)]
    late = next((at for at in _instants(letter, as_of) if not any(_in_time(at, crons))), None)
    if late is None:
        return
    name, text = next(iter(building.items()))
    line = next((n for n, words in enumerate(text.split("\n"), 1) if "cron:" in words), 1)
    zone, soon = letter.schedule.zone, late + timedelta(minutes=3)
    yield warning(
        Location(name, line),
        "late-build",
        f"no scheduled build publishes what comes out on {late:%A %Y-%m-%d at %H:%M} ({zone}) within an hour",
        f'Write under schedule: - cron: "{soon.minute} {soon.hour} * * *" and below it timezone: {zone}.',
    )


def _crons(text: str) -> list[Cron]:
    """What stands under `schedule:` in a workflow."""
    found = []
    for item in re.split(r"(?m)^\s*-\s+(?=cron:|timezone:)", text)[1:]:
        words, zone = (re.search(rf"(?m)\b{key}:\s*[\"']?([^\"'#\n]+)", item) for key in ("cron", "timezone"))
        if words and (one := cron(words[1], zone[1].strip() if zone else "UTC")):
            found.append(one)
    return found


def _instants(letter: Letter, as_of: datetime) -> Iterator[datetime]:
    """When something may come out: the coming slots, and the days of those that have one of their own."""
    yield from (slot.at for slot in islice(letter.schedule.slots(as_of), SLOTS))
    yield from (at for issue in letter.issues if (at := letter.instant(issue)) > as_of)


def _in_time(at: datetime, crons: Iterable[Cron]) -> Iterator[bool]:
    minutes = int(PATIENCE.total_seconds() // 60)
    return (one.runs(at + timedelta(minutes=later)) for one in crons for later in range(minutes))
