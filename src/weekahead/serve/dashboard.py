"""What the author's desk shows: the coming weeks, the drafts, the ideas. Out of the letter, the plan and the findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from statistics import median

from msgspec import Struct

from weekahead.model.findings import Finding
from weekahead.model.schedule import Idea, Promise, Schedule, Slot, State, describe_promise
from weekahead.site.published import PublishedIssue, PublishedView

MOST = 104
"""Weeks that the board shows at the most."""
SPARE = 3
"""Empty weeks shown after the last one that is planned, to drag into."""


class Week(Struct, frozen=True, kw_only=True):
    """A coming slot: what is planned for it, and what may be done with it."""

    number: int
    label: str
    day: date
    days: int
    """Days from now."""
    title: str | None
    state: State | None
    part: str
    """ "Part 2 of 8 of Basics", or nothing."""
    notes: str
    secret: bool
    within: bool
    """Does it lie within the weeks of the promise?"""
    is_written: bool
    is_planned_here: bool
    """Is it an entry of the plan without a file, which may be moved?"""
    page: str | None
    """The path of its page in the preview."""
    skipped: tuple[date, ...]
    """Days without an issue that come before it."""

    @property
    def is_empty(self) -> bool:
        return not (self.is_written or self.is_planned_here)


class Draft(Struct, frozen=True, kw_only=True):
    """An issue that is not out yet: how long it is, and what was found in its file."""

    file: str
    label: str
    title: str
    mark: str
    day: date
    page: str
    words: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(found.is_error for found in self.findings)


class Board(Struct, frozen=True, kw_only=True):
    """The whole desk as of an instant."""

    as_of: datetime
    promise: Promise
    weeks: tuple[Week, ...]
    drafts: tuple[Draft, ...]
    ideas: tuple[Idea, ...]
    median: int
    """Words of an issue that is out, in the middle of all of them; 0 while none is."""
    findings: tuple[Finding, ...]
    """Those of no draft: the letter's, the plan's, and of issues that are out."""

    @property
    def standing(self) -> str:
        """How the promise stands, in words."""
        return describe_promise(self.promise)


def board(
    schedule: Schedule, public: PublishedView, words: Mapping[str, int], findings: Iterable[Finding], standing: Promise
) -> Board:
    """The desk of a letter. `public` has the drafts as well, `words` counts each issue's by its file."""
    drafts = [place for place in public.issues if place.mark]
    of: dict[str, list[Finding]] = {place.issue.source.file: [] for place in drafts}
    others: list[Finding] = []
    for found in findings:
        of.get(found.where.file, others).append(found)
    lengths = [words[place.issue.source.file] for place in public.issues if not place.mark and place.number is not None]
    return Board(
        as_of=standing.as_of,
        promise=standing,
        weeks=tuple(_weeks(schedule, public, standing)),
        drafts=tuple(_draft(place, words, of) for place in reversed(drafts)),
        ideas=schedule.backlog,
        median=round(median(lengths)) if lengths else 0,
        findings=tuple(others),
    )


def _weeks(schedule: Schedule, public: PublishedView, standing: Promise) -> Iterable[Week]:
    """The slots to the horizon's end or the last thing planned, whichever is later, and some empty ones."""
    last = max([standing.slots[-1].number, *schedule.entries, *schedule.written])
    before = standing.as_of.date()
    pauses = [day for day in sorted(schedule.skip) if day > before and schedule.cadence.includes(day)]
    spare = SPARE
    for slot in islice(schedule.slots(standing.as_of), MOST):
        spare -= slot.number > last
        if spare < 0:
            return
        skipped = tuple(day for day in pauses if day < slot.date)
        pauses = pauses[len(skipped) :]
        yield _week(schedule, public, standing, slot, skipped)


def _week(schedule: Schedule, public: PublishedView, standing: Promise, slot: Slot, skipped: tuple[date, ...]) -> Week:
    entry, place = schedule.entries.get(slot.number), public.by_number.get(slot.number)
    of = f" of {slot.part.of}" if slot.part and slot.part.of else ""
    return Week(
        number=slot.number,
        label=f"{schedule.noun} {slot.number}",
        day=slot.date,
        days=(slot.date - standing.as_of.date()).days,
        title=slot.title,
        state=slot.state,
        part=f"Part {slot.part.part}{of}, {slot.part.name}" if slot.part else "",
        notes=(entry.notes if entry else None) or "",
        secret=slot.secret,
        within=slot.at <= standing.horizon_ends,
        is_written=slot.written,
        is_planned_here=entry is not None and not slot.written,
        page=place.path if place else None,
        skipped=skipped,
    )


def _draft(place: PublishedIssue, words: Mapping[str, int], of: Mapping[str, list[Finding]]) -> Draft:
    file = place.issue.source.file
    return Draft(
        file=file,
        label=place.label,
        title=place.issue.title,
        mark=place.mark or "",
        day=place.day,
        page=place.path,
        words=words[file],
        findings=tuple(of[file]),
    )
