"""What lies ahead and how the past was kept: the promise, the plan and its edits, without making a page."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path

from msgspec import Struct

from weekahead.build.as_of import instant
from weekahead.model.addresses import is_web_address
from weekahead.model.findings import Finding, Location, sort_findings
from weekahead.model.issue import Issue
from weekahead.model.schedule import Promise, Slot, compute_promise
from weekahead.runtime.code_version import open_store
from weekahead.runtime.files import read_bytes
from weekahead.site.published import PublishedView, is_published, published_view
from weekahead.site.whats_next import UpcomingRow
from weekahead.source.folder import LARGEST
from weekahead.source.loader import LoadedLetter, load_letter


class Checked(Struct, frozen=True, kw_only=True):
    """What a check came to; `promise` is None when the schedule cannot be read."""

    as_of: datetime
    promise: Promise | None
    findings: tuple[Finding, ...]
    undated: tuple[Issue, ...] = ()
    """The drafts with neither number nor date, which no week counts."""

    @property
    def is_fine(self) -> bool:
        return self.promise is not None and self.promise.kept and not any(finding.is_error for finding in self.findings)


def read(root: Path) -> LoadedLetter:
    """Return the letter, with what is remembered of the files that have not changed."""
    with open_store(root) as store:
        return load_letter(root, store)


class Moment(Struct, frozen=True, kw_only=True):
    """What would be so at a coming instant of publication, if nothing were done."""

    slot: Slot
    out: bool
    standing: Promise


def simulate(root: Path, as_of: str | None, count: int) -> list[Moment]:
    """Return the next instants of publication: is the issue out, and does the promise hold? Raises BuildError."""
    letter = read(root).require_letter()
    moments = []
    for slot in islice(letter.schedule.slots(instant(as_of, letter.schedule)), count):
        issue = letter.by_number.get(slot.number)
        out = issue is not None and is_published(letter, issue, slot.at)
        moments.append(Moment(slot=slot, out=out, standing=compute_promise(letter.schedule, slot.at)))
    return moments


def mailed(root: Path) -> tuple[str, ...]:
    """Return a line for each of the issues that were mailed last. Raises BuildError."""
    from weekahead.build.sent_issues import sent_issues

    return sent_issues(root, read(root).require_letter())


class PublicationHistory(Struct, frozen=True, kw_only=True):
    """How the author has kept the promises of the past: days by number, on time or not, and the stamped lists."""

    issues: tuple[tuple[int, date | None, date], ...]
    """Number, the cadence's day, and the day it came out, oldest first."""
    outcomes: tuple[str, ...]
    leads: tuple[int, ...] = ()
    """Days from the commit that first planned a number to the day it came out, where git tells."""

    @property
    def streak(self) -> int:
        """How many of the newest issues came out on their day, without a break."""
        return sum(1 for _ in takewhile(lambda row: row[1] == row[2], reversed(self.issues)))


def history(root: Path, as_of: str | None) -> PublicationHistory:
    """Return the author's own record as of an instant. Raises BuildError."""
    letter = read(root).require_letter()
    public = published_view(letter, instant(as_of, letter.schedule))
    numbered = sorted((place.number, place.day) for place in public.issues if place.number is not None)
    outcomes = [
        _outcome(row, letter.schedule.noun)
        for published in public.issues
        if published.issue.next
        for row in public.upcoming_of(published)
        if row.fate
    ]
    return PublicationHistory(
        issues=tuple((number, letter.schedule.cadence_day(number), day) for number, day in numbered),
        outcomes=tuple(outcomes),
        leads=_leads(root, public),
    )


def _outcome(row: UpcomingRow, noun: str) -> str:
    """Return how a promise turned out."""
    kind, what = row.fate or ("", None)
    if kind == "kept_late":
        return f"kept, on {what}"
    if kind == "moved":
        return f"moved to {noun} {what}"
    return kind if what is None else f"{kind}: {what}"


def _leads(root: Path, public: PublishedView) -> tuple[int, ...]:
    from weekahead.source.git import first_planned

    planned = first_planned(root)
    found = ((place.instant - planned[place.number]).days for place in public.issues if place.number in planned)
    return tuple(days for days in found if days >= 0)


def private_calendar(root: Path, as_of: str | None) -> bytes:
    """Return the plan as a private calendar: states, notes, and the day by which the next is due. Raises BuildError."""
    from weekahead.feeds.calendars import own_plan

    letter = read(root).require_letter()
    return own_plan(letter, compute_promise(letter.schedule, instant(as_of, letter.schedule)))


GRACE = timedelta(hours=1)
"""How late a published plan may be before it is missed: a scheduled job may start some minutes late."""


def live(source: str, as_of: str | None) -> tuple[Finding, ...]:
    """Return what a published next.json, at an address or in a file, says of a slot that was missed."""
    import json
    from http.client import HTTPException
    from urllib.request import urlopen

    is_address = source.startswith(("http://", "https://"))
    if is_address and not is_web_address(source):
        return _unreadable(source, "it is not a web address")
    try:
        if is_address:
            with urlopen(source, timeout=20) as answer:
                found = json.loads(answer.read(LARGEST))
        else:
            path = Path(os.path.realpath(source))  # not resolve(), which raises RuntimeError for a loop of links
            found = json.loads(read_bytes(path.parent, path.name, LARGEST))
        due = found["next"]
        label, at = (str(due["label"]), _instant_of(due["at"])) if due else ("", None)
    except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError) as error:
        return _unreadable(source, _reason(error))
    if at is None or instant(as_of, None) < at + GRACE:
        return ()
    message = f"{label} was due on {at:%Y-%m-%d at %H:%M} but is not on the published site"
    hint = "Find out why the scheduled build did not run, then run it."
    return (Finding(Location(source), "live-missed", message, hint),)


def _unreadable(source: str, reason: str) -> tuple[Finding, ...]:
    hint = "Give the address or file of a next.json that weekahead built."
    return (Finding(Location(source), "live-unreadable", f"cannot read the published plan: {reason}", hint),)


def _instant_of(words: str) -> datetime:
    """Return the instant that a next.json gives. Raise ValueError if it names no zone, or is beyond the calendar."""
    at = datetime.fromisoformat(words)
    if at.tzinfo is None or not 1900 <= at.year <= 9990:
        raise ValueError
    return at


def _reason(error: Exception) -> str:
    """Return why a next.json could not be read, in the words of the system or the server."""
    from http.client import HTTPException

    if isinstance(error, HTTPException):
        return "its server's answer is not HTTP"
    if not isinstance(error, OSError):
        return "it is not a next.json"
    cause = getattr(error, "reason", error)  # urllib puts the cause there
    return str(getattr(cause, "strerror", None) or cause).lower()


def check_schedule(root: Path, as_of: str | None) -> Checked:
    """Return the promise and the findings of schedule.yaml alone."""
    reading = read(root)
    now = instant(as_of, reading.schedule)
    promise = compute_promise(reading.schedule, now) if reading.schedule else None
    findings = sort_findings(finding for finding in reading.findings if finding.where.file == "schedule.yaml")
    undated = tuple(issue for issue in reading.partial.issues if issue.is_undated)
    return Checked(as_of=now, promise=promise, findings=findings, undated=undated)
