"""Check that a scheduled GitHub workflow builds the letter when an issue is due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from weekahead.model.findings import Finding, Location, warning
from weekahead.model.letter import Letter

MAX_DELAY = timedelta(hours=1)
"""How long after its instant of publication an issue may come out by a scheduled build."""

SLOTS_CHECKED = 53
"""The coming slots that are checked: a year of a weekly letter, with both clock changes."""


def check_late_builds(workflows: Mapping[str, str], letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """Yield a warning if workflows build the letter, but none does so within an hour after some issue is due.

    `workflows` are the texts of GitHub's workflow files by name.
    """
    building = {name: text for name, text in workflows.items() if re.search(r"weekahead build|build\.py", text)}
    if not building:
        return
    schedules = [schedule for text in building.values() for schedule in _schedules(text)]
    late = next((at for at in _due_times(letter, as_of) if not _is_built(at, schedules)), None)
    if late is None:
        return
    name, text = next(iter(building.items()))
    line = next((number for number, line in enumerate(text.split("\n"), 1) if "cron:" in line), 1)
    zone, soon = letter.schedule.zone, late + timedelta(minutes=3)
    yield warning(
        Location(name, line),
        "late-build",
        f"no scheduled build runs within an hour after {late:%A %Y-%m-%d %H:%M} ({zone}), when an issue comes out",
        f'Add under schedule: - cron: "{soon.minute} {soon.hour} * * *" and below it timezone: {zone}.',
    )


def run_times(cron: str, zone: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when a workflow runs, from `begin` until before `end`; never if GitHub refuses the cron line or time zone.

    GitHub takes the five fields of POSIX cron. It runs what is due in an hour that a clock change skips right after it.
    """
    from cronsim import CronSim, CronSimError

    if len(cron.split()) != 5 or re.search(r"(?i)#|\b\d*LW?\b", cron):  # cronsim takes seconds, the last Friday, ...
        return
    try:
        times = CronSim(cron, (begin - timedelta(seconds=1)).astimezone(ZoneInfo(zone)))
    except (CronSimError, LookupError, ValueError, OSError):
        return
    yield from takewhile(lambda at: at < end, times)


def _schedules(text: str) -> Iterator[tuple[str, str]]:
    """Yield each cron line of a workflow with its time zone."""
    for item in re.split(r"(?m)^\s*-\s+(?=cron:|timezone:)", text)[1:]:
        cron, zone = (re.search(rf"(?m)\b{key}:\s*[\"']?([^\"'#\n]+)", item) for key in ("cron", "timezone"))
        if cron:
            yield cron[1], zone[1].strip() if zone else "UTC"


def _due_times(letter: Letter, as_of: datetime) -> Iterator[datetime]:
    """Yield when something may come out: the coming slots, and the issues with a date of their own."""
    yield from (slot.at for slot in islice(letter.schedule.slots(as_of), SLOTS_CHECKED))
    dated = (issue for issue in letter.issues if not issue.is_undated)
    yield from (at for issue in dated if (at := letter.instant(issue)) > as_of)


def _is_built(at: datetime, schedules: list[tuple[str, str]]) -> bool:
    return any(time for cron, zone in schedules for time in run_times(cron, zone, at, at + MAX_DELAY))
