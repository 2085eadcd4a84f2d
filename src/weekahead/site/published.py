"""What readers may know as of an instant. Nothing reaches a page or a feed but through here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from weekahead.model.config import Config
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Page, Source, StampedPromise, Status, Text
from weekahead.model.letter import Letter
from weekahead.model.schedule import DAYS, Promise, fix_offset, promise

MARKS = {Status.DRAFT: "Draft", Status.REVIEW: "In review", Status.READY: "Not out yet"}


Fate = tuple[str, str | date | int | None]
"""How a promise turned out, and what says more about it."""


class PublishedIssue(Struct, frozen=True, kw_only=True, dict=True):
    """An issue that is out, with its page's path in the site. `mark` is set in previews of what is not."""

    issue: Issue
    path: str
    day: date
    label: str
    mark: str | None = None
    _letter: Letter

    @property
    def number(self) -> int | None:
        return self.issue.number

    @property
    def source(self) -> Source:
        return self.issue.source

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.issue.texts

    @property
    def body(self) -> str:
        """Names its text, and where in its file that begins."""
        body = self.issue.body
        return f"{body.digest}\n{body.line}"

    @cached_property
    def instant(self) -> datetime:
        """When it came out, or will."""
        return self._letter.schedule.instant(self.day)

    @cached_property
    def updated(self) -> datetime:
        """The instant of its last correction, else that of its publication."""
        return self._letter.updated(self.issue)

    @cached_property
    def identity(self) -> str:
        """Its id in feeds."""
        return self._letter.identity(self.issue)

    # Names are plain strings, put together and compared thousands of times a build; a line each, for none holds a break.

    @cached_property
    def face(self) -> str:
        """Names all that a list or another page may show of it: two of one face look alike there."""
        audio = self.issue.audio
        return f"{self.issue.head}\n{self.path}\n{self.label}\n{self.day}\n{self.mark}\n{audio and audio.duration}"

    @property
    def own(self) -> str:
        """Names all that is its own: two of one name differ in nothing but what surrounds them."""
        audio = self.issue.audio
        return f"{self.face}\n{self.body}\n{hash_value(audio) if audio else None}"


class PublishedPage(Struct, frozen=True, kw_only=True):
    """A page beside the issues, with its path in the site. `mark` is set in previews of one that is a draft."""

    leaf: Page
    path: str
    mark: str | None = None

    @property
    def source(self) -> Source:
        return self.leaf.source

    @property
    def texts(self) -> tuple[Text, ...]:
        return (self.leaf.body,)


Place = PublishedIssue | PublishedPage
"""Where the author's texts stand."""


class UpcomingRow(Struct, frozen=True, kw_only=True, dict=True):
    """A coming number as readers may see it. `title` is None where nothing is planned, or nothing said yet."""

    number: int
    label: str
    date: date
    at: datetime | None
    title: str | None
    planned: bool = True
    path: str | None = None
    moves: int = 0
    """How many declared exceptions (skips, a day of its own) bear on its day."""
    fate: Fate | None = None
    """How a stamped promise turned out: kept, kept_late and the day, moved and the number, renamed or now and the
    title, dropped; None while it is open."""

    @property
    def words(self) -> str:
        """The title, or what stands for it."""
        return self.title or ("To be announced" if self.planned else "Nothing planned yet")

    @property
    def outcome(self) -> str | None:
        """The fate in English."""
        if self.fate is None:
            return None
        kind, what = self.fate
        if kind == "kept_late":
            return f"kept, on {what}"
        if kind == "moved":
            return f"moved to {self.label.rpartition(' ')[0]} {what}"
        return kind if what is None else f"{kind}: {what}"


class PublishedView(Struct, frozen=True, kw_only=True, dict=True):
    """The letter as of an instant, without anything withheld. Issues are newest first."""

    config: Config
    as_of: datetime
    issues: tuple[PublishedIssue, ...]
    leaves: tuple[PublishedPage, ...]
    upcoming: tuple[UpcomingRow, ...]
    promise: Promise
    noun: str
    zone: ZoneInfo
    cadence: str
    """The days on which issues come out, as the schedule has them: "Friday", "2 weeks on Tuesday"."""
    withheld: frozenset[str]
    """The files of the issues and pages that are not public, to tell a link to one from a link to nothing."""
    _letter: Letter

    @cached_property
    def has_audio(self) -> bool:
        """Is there a podcast?"""
        return any(found.issue.audio and found.mark is None for found in self.issues)

    @cached_property
    def by_number(self) -> dict[int, PublishedIssue]:
        return {found.number: found for found in self.issues if found.number is not None}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The issues, and the pages beside them."""
        return (*self.issues, *self.leaves)

    @cached_property
    def by_file(self) -> dict[str, Place]:
        return {found.source.file: found for found in self.places}

    def moves(self, published: PublishedIssue) -> int:
        """How many declared exceptions bear on the day on which an issue came out."""
        number = published.number
        return 0 if number is None else self._letter.schedule.exceptions(number, published.day)

    def after(self, published: PublishedIssue) -> tuple[UpcomingRow, ...]:
        """The "what's next" list of an issue: the list it was stamped with, else the numbers that follow."""
        if published.issue.next is not None:
            return tuple(self._promised(line) for line in published.issue.next)
        return tuple(row for number in self._numbers_after(published) if (row := self._row(number)))

    def after_in_short(self, published: PublishedIssue) -> str:
        """Names the "what's next" list of an issue, at a tenth of the cost: two of one name show the same list."""
        if published.issue.next is None:
            numbers = list(self._numbers_after(published))
        else:
            lines = [(line.number, self._titles.get(line.title)) for line in published.issue.next]
            numbers = [number for line, there in lines for number in (line, line if there is None else there)]
        known = self._short_rows
        return "\n".join([known[number] if number in known else self._row_in_short(number) for number in numbers])

    def _numbers_after(self, published: PublishedIssue) -> range:
        first = 0 if published.number is None else published.number + 1
        return range(first, first + (0 if published.number is None else self.config.whats_next))

    def _row_in_short(self, number: int) -> str:
        """Names what readers may know of a number."""
        out, entry = self.by_number.get(number), self._letter.schedule.entries.get(number)
        said = f"\n{entry.title}\n{entry.secret}" if entry and entry.state.counts else ""
        row = out.face if out else f"{number}\n{self._letter.schedule.day(number)}{said}"
        self._short_rows[number] = row
        return row

    @cached_property
    def _short_rows(self) -> dict[int, str]:
        return {}

    @cached_property
    def heads(self) -> str:
        """Names the front matter of every issue, out or not, and which of them are public, with what their audio files say:
        all that lists and pages show of an issue but its text, as far as the schedule does not say it."""
        shown = [f"{found.source.file}\n{found.mark}" for found in self.issues]
        return hash_value([self._letter.heads, "\n".join(shown)])

    @cached_property
    def framing(self) -> tuple[object, ...]:
        """Names what every page is framed by: the masthead, and how days and numbers are spoken of."""
        cadence = self._letter.schedule.cadence
        leaves = [(found.path, found.leaf.title) for found in self.leaves]
        return self.config, self.noun, str(self.zone), cadence.eras, leaves

    def _row(self, number: int) -> UpcomingRow | None:
        """A number as readers may know it: its issue once that is out, else its planned title; None for neither."""
        label = self._letter.label(number)
        if out := self.by_number.get(number):
            return UpcomingRow(
                number=number, label=label, date=out.day, at=out.instant, title=out.issue.title, path=out.path
            )
        entry = self._letter.schedule.entries.get(number)
        day = self._letter.schedule.day(number)
        if day is None or entry is None or not entry.state.counts:
            return None
        title = None if entry.secret else entry.title
        return UpcomingRow(number=number, label=label, date=day, at=self._letter.schedule.instant(day), title=title)

    def _promised(self, line: StampedPromise) -> UpcomingRow:
        """A line that was stamped when the issue was marked ready, and what has become of it."""
        now = self._row(line.number)
        day = now.date if now else line.date or self._letter.schedule.day(line.number)
        assert day is not None, "a rule of the letter holds that a stamped number has a day"
        fate = self._fate(line, now)
        there = self._row(self._titles[line.title]) if fate and fate[0] == "moved" else now
        return UpcomingRow(
            number=line.number,
            label=self._letter.label(line.number),
            date=day,
            at=now.at if now else None,
            title=line.title,
            path=there.path if there else None,
            fate=fate,
        )

    def _fate(self, line: StampedPromise, now: UpcomingRow | None) -> Fate | None:
        if now and now.title in (line.title, None):
            late = now.path and line.date and now.date > line.date
            return None if now.path is None else ("kept_late", now.date) if late else ("kept", None)
        if (elsewhere := self._titles.get(line.title)) is not None:
            return "moved", elsewhere
        if now and now.path:
            return "renamed", now.title
        return ("now", now.title) if now else ("dropped", None)

    @cached_property
    def _titles(self) -> dict[str, int]:
        """The number of every title that readers may know."""
        entries = self._letter.schedule.entries.values()
        planned = {
            e.title: e.number for e in entries if e.state.counts and not e.secret and e.number not in self.by_number
        }
        return planned | {found.issue.title: number for number, found in self.by_number.items()}


def published_view(letter: Letter, as_of: datetime, *, drafts: bool = False) -> PublishedView:
    """Everything that is public as of an instant; with `drafts`, a preview of the rest as well, marked as such.

    Published means: ready, and the instant of publication is not later than `as_of`.
    """
    as_of = fix_offset(as_of, letter.schedule.zone)
    issues = [found for issue in letter.issues if (found := _published(letter, issue, as_of, drafts))]
    # Later days have later instants, for a day has one time of publication.
    issues.sort(
        key=lambda found: (found.day, found.number is not None, found.number or 0, found.issue.slug),
        reverse=True,
    )
    standing = promise(letter.schedule, as_of)
    leaves = tuple(
        PublishedPage(leaf=leaf, path=f"{leaf.slug}/", mark=MARKS[Status.DRAFT] if leaf.is_draft else None)
        for leaf in letter.leaves
        if drafts or not leaf.is_draft
    )
    return PublishedView(
        config=letter.config,
        as_of=as_of,
        issues=tuple(issues),
        leaves=leaves,
        upcoming=tuple(_coming(letter, standing)),
        promise=standing,
        noun=letter.schedule.noun,
        zone=letter.schedule.zone,
        cadence=cadence(letter),
        withheld=frozenset(
            [issue.source.file for issue in letter.issues] + [leaf.source.file for leaf in letter.leaves]
        )
        - {found.source.file for found in issues}
        - {found.source.file for found in leaves},
        _letter=letter,
    )


def is_published(letter: Letter, issue: Issue, as_of: datetime) -> bool:
    """The publishing rule: an issue is out when it is ready and its instant is not later than `as_of`."""
    if issue.status is not Status.READY:
        return False
    ahead = (letter.day(issue) - as_of.date()).days
    if abs(ahead) > 2:  # no zone's clocks are two days from another's, so that the days alone decide
        return ahead < 0
    return letter.instant(issue) <= as_of


def published_files(letter: Letter, as_of: datetime) -> frozenset[str]:
    """The files of the issues that are out."""
    return frozenset(issue.source.file for issue in letter.issues if is_published(letter, issue, as_of))


def _published(letter: Letter, issue: Issue, as_of: datetime, drafts: bool) -> PublishedIssue | None:
    out = is_published(letter, issue, as_of)
    if not (out or drafts):
        return None
    return PublishedIssue(
        issue=issue,
        path=letter.path(issue),
        day=letter.day(issue),
        label=letter.label(issue.number),
        mark=None if out else MARKS[issue.status],
        _letter=letter,
    )


def _coming(letter: Letter, found: Promise) -> Iterator[UpcomingRow]:
    """The coming slots, to the last one that is planned or to the end of the horizon."""
    least = len(list(takewhile(lambda slot: slot.planned, found.slots)))
    horizon = sum(1 for slot in found.slots if slot.at <= found.horizon_ends)
    for slot in islice(found.slots, max(least, horizon)):
        entry = letter.schedule.entries.get(slot.number)
        said = entry.title if entry and entry.state.counts and not entry.secret else None
        yield UpcomingRow(
            number=slot.number,
            label=letter.label(slot.number),
            date=slot.date,
            at=slot.at,
            title=said,
            planned=slot.planned,
            moves=letter.schedule.exceptions(slot.number, slot.date),
        )


def cadence(letter: Letter) -> str:
    """The days of the cadence, their names with a capital."""
    words = letter.schedule.cadence.words.lower().removeprefix("every ")
    for day in DAYS:
        words = words.replace(day, day.capitalize())
    return words
