"""What readers may know as of an instant. Nothing reaches a page or a feed but through here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice, takewhile

from weekahead.issue import Issue, Status
from weekahead.letter import Letter, Masthead
from weekahead.schedule import DAYS, Promise, fixed, promise

MARKS = {Status.DRAFT: "Draft", Status.REVIEW: "In review", Status.READY: "Not out yet"}


@dataclass(frozen=True, kw_only=True)
class Published:
    """An issue that is out, with its page's path in the site. `mark` is set in previews of what is not."""

    issue: Issue
    path: str
    day: date
    instant: datetime
    label: str
    identity: str
    mark: str | None = None

    @property
    def number(self) -> int | None:
        return self.issue.number


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A coming number as readers may see it. `title` is None where nothing is planned, or nothing said yet."""

    number: int
    label: str
    date: date
    at: datetime | None
    title: str | None
    planned: bool = True
    path: str | None = None

    @property
    def words(self) -> str:
        """The title, or what stands for it."""
        return self.title or ("To be announced" if self.planned else "Nothing planned yet")


@dataclass(frozen=True, kw_only=True)
class Public:
    """The letter as of an instant, without anything withheld. Issues are newest first."""

    masthead: Masthead
    as_of: datetime
    issues: tuple[Published, ...]
    upcoming: tuple[Coming, ...]
    promise: Promise
    noun: str
    rhythm: str
    withheld: frozenset[str]
    """The files of the issues that are not public, to tell a link to one from a link to nothing."""
    _letter: Letter

    @cached_property
    def by_number(self) -> dict[int, Published]:
        return {found.number: found for found in self.issues if found.number is not None}

    @cached_property
    def by_file(self) -> dict[str, Published]:
        return {found.issue.source.file: found for found in self.issues}

    def after(self, published: Published) -> tuple[Coming, ...]:
        """The "what's next" list of an issue: the numbers that follow, a path once they are public."""
        if published.number is None:
            return ()
        numbers = range(published.number + 1, published.number + 1 + self.masthead.whats_next)
        stamped = {line.number: line for line in published.issue.next or ()}
        rows = (self._row(number, stamped[number].title if number in stamped else None) for number in numbers)
        return tuple(row for row in rows if row)

    def _row(self, number: int, stamped: str | None) -> Coming | None:
        label = self._letter.label(number)
        if out := self.by_number.get(number):
            return Coming(
                number=number, label=label, date=out.day, at=out.instant, title=out.issue.title, path=out.path
            )
        entry = self._letter.schedule.entries.get(number)
        day = self._letter.schedule.day(number)
        if day is None or (stamped is None and not (entry and entry.state.counts)):
            return None
        said = None if entry and entry.secret else entry.title if entry and entry.state.counts else stamped
        return Coming(number=number, label=label, date=day, at=self._letter.schedule.instant(day), title=said)


def publish(letter: Letter, as_of: datetime, *, drafts: bool = False) -> Public:
    """Everything that is public as of an instant; with `drafts`, a preview of the rest as well, marked as such.

    Published means: ready, and the instant of publication is not later than `as_of`.
    """
    as_of = fixed(as_of, letter.schedule.zone)
    issues = [found for issue in letter.issues if (found := _published(letter, issue, as_of, drafts))]
    issues.sort(
        key=lambda found: (found.instant, found.number is not None, found.number or 0, found.issue.slug),
        reverse=True,
    )
    standing = promise(letter.schedule, as_of)
    return Public(
        masthead=letter.masthead,
        as_of=as_of,
        issues=tuple(issues),
        upcoming=tuple(_coming(letter, standing)),
        promise=standing,
        noun=letter.schedule.noun,
        rhythm=rhythm(letter),
        withheld=frozenset(issue.source.file for issue in letter.issues)
        - {found.issue.source.file for found in issues},
        _letter=letter,
    )


def is_published(letter: Letter, issue: Issue, as_of: datetime) -> bool:
    """The publishing rule."""
    return issue.status is Status.READY and letter.instant(issue) <= as_of


def _published(letter: Letter, issue: Issue, as_of: datetime, drafts: bool) -> Published | None:
    out = is_published(letter, issue, as_of)
    if not (out or drafts):
        return None
    return Published(
        issue=issue,
        path=letter.path(issue),
        day=letter.day(issue),
        instant=letter.instant(issue),
        label=letter.label(issue.number),
        identity=letter.identity(issue),
        mark=None if out else MARKS[issue.status],
    )


def _coming(letter: Letter, found: Promise) -> Iterator[Coming]:
    """The coming slots, to the last one that is planned or to the end of the horizon."""
    least = len(list(takewhile(lambda slot: slot.planned, found.slots)))
    horizon = sum(1 for slot in found.slots if slot.at <= found.horizon_ends)
    for slot in islice(found.slots, max(least, horizon)):
        entry = letter.schedule.entries.get(slot.number)
        said = entry.title if entry and entry.state.counts and not entry.secret else None
        yield Coming(
            number=slot.number,
            label=letter.label(slot.number),
            date=slot.date,
            at=slot.at,
            title=said,
            planned=slot.planned,
        )


def rhythm(letter: Letter) -> str:
    """The cadence as a sentence for readers."""
    words = letter.schedule.cadence.words.lower().removeprefix("every ")
    for day in DAYS:
        words = words.replace(day, day.capitalize())
    return f"A new issue every {words}"
