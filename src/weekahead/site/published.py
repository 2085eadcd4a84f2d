"""What readers may know as of an instant. Nothing reaches a page or a feed but through here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import islice, takewhile

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.book import Book, BookLimits, KeptEdition, SeriesNote
from weekahead.model.config import Config
from weekahead.model.issue import Correction, Issue, Page, Source, Status, Text
from weekahead.model.letter import Letter
from weekahead.model.marks import plain_marks
from weekahead.model.picture_size import PictureFacts
from weekahead.model.schedule import DAYS, CadenceRule, Promise, Schedule, compute_promise, fix_offset
from weekahead.site.whats_next import UpcomingRow, whats_next

MARKS = {Status.DRAFT: "Draft", Status.REVIEW: "In review", Status.READY: "Not out yet"}

LISTS = ("series/", "tags/", "authors/", "book/")
"""Folders of pages that list issues, or have them."""


class Cadence(Struct, frozen=True, kw_only=True):
    """How days, instants and numbers are spoken of."""

    noun: str
    """ "Week" in a weekly letter, else "Issue"."""
    words: str
    """The days on which issues come out: "Friday", "2 weeks on Tuesday"."""
    zone: str
    rules: tuple[CadenceRule, ...]


class PublishedIssue(Struct, frozen=True, kw_only=True, dict=True):
    """An issue that is out, with its page's path in the site. `mark` is set in previews of what is not."""

    issue: Issue
    source: Source
    path: str
    day: date
    label: str
    mark: str | None = None
    is_undated: bool = False
    """Whether it is a draft with neither number nor date; `day` is then one that it might come out on."""
    _letter: Letter

    @property
    def number(self) -> int | None:
        return self.issue.number

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.issue.texts

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.issue.aliases

    @property
    def own_language(self) -> str | None:
        """The language of its title and texts, if that is not the letter's."""
        tag = self.issue.language
        return tag if tag and tag.lower() != self._letter.config.language.lower() else None

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


class PublishedPage(Struct, frozen=True, kw_only=True):
    """A page beside the issues, with its path in the site. `mark` is set in previews of one that is a draft."""

    page: Page
    path: str
    mark: str | None = None

    @property
    def source(self) -> Source:
        return self.page.source

    @property
    def texts(self) -> tuple[Text, ...]:
        return (self.page.body,)

    @property
    def aliases(self) -> tuple[str, ...]:
        return self.page.aliases


Place = PublishedIssue | PublishedPage
"""Where the author's texts stand."""


class PublishedView(Struct, frozen=True, kw_only=True, dict=True):
    """The letter as of an instant, without anything withheld. Issues are newest first."""

    config: Config
    issues: tuple[PublishedIssue, ...]
    pages: tuple[PublishedPage, ...]
    upcoming: tuple[UpcomingRow, ...]
    promise: Promise
    cadence: Cadence
    books: tuple[Book, ...]
    book_limits: BookLimits
    series_notes: tuple[SeriesNote, ...]
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
        return (*self.issues, *self.pages)

    @cached_property
    def by_file(self) -> dict[str, Place]:
        return {found.source.file: found for found in self.places}

    @cached_property
    def by_path(self) -> dict[str, Place]:
        """The issues and pages by their paths in the site."""
        return {found.path: found for found in self.places}

    @cached_property
    def folder_issues(self) -> dict[str, Place]:
        """Those that are folders with their files, by their paths in the site."""
        return {path: place for path, place in self.by_path.items() if place.source.is_folder_issue}

    def is_page(self, path: str) -> bool:
        """Return whether this may be the path of a page, "issues/87-mlops/", of a list or of a redirect."""
        is_list = path in ("archive/", "next/", "tags/") or (path.startswith(LISTS) and path.count("/") == 2)
        return is_list or path in self.by_path or path in self.redirects

    @cached_property
    def redirects(self) -> frozenset[str]:
        """The paths, with a slash behind each, of the old addresses that lead to a page."""
        texts = (place.issue if isinstance(place, PublishedIssue) else place.page for place in self.places)
        aliases = (alias for text in texts for alias in text.aliases)
        return frozenset(f"{alias}/" for alias in aliases if not alias.endswith((".html", ".htm")))

    def stored(self, name: str) -> str:
        """Return the name that a file of the letter has on the disk."""
        return self._letter.stored(name)

    def picture(self, name: str) -> PictureFacts | None:
        """Return what is known of a picture of the letter."""
        return self._letter.pictures.get(name)

    def waived(self, file: str) -> tuple[str, ...]:
        return self._letter.waived(file)

    def may_have(self, address: str) -> bool:
        """Return whether an address may exist because of a file that cannot be read."""
        return self._letter.doubts.may_have(address)

    def moves(self, published: PublishedIssue) -> int:
        """Return how many declared exceptions bear on the day on which an issue was published."""
        number = published.number
        return 0 if number is None else self._letter.schedule.exceptions(number, published.day)

    @cached_property
    def skipped(self) -> tuple[date, ...]:
        """The coming days without an issue, to the end of the horizon or the last slot that is shown."""
        schedule, promise = self._letter.schedule, self.promise
        end = max([promise.horizon_ends, *(row.at for row in self.upcoming if row.at)])
        days = schedule.skipped(promise.as_of.date(), end.astimezone(schedule.zone).date())
        return tuple(day for day in days if promise.as_of < schedule.instant(day) <= end)

    def upcoming_of(self, published: PublishedIssue) -> tuple[UpcomingRow, ...]:
        """Return the "what's next" list of an issue: the list it was stamped with, else the numbers that follow."""
        return whats_next(self, published.number, published.issue.next, self.config.whats_next)

    def row(self, number: int) -> UpcomingRow | None:
        if out := self.by_number.get(number):
            return UpcomingRow(number=number, date=out.day, title=out.issue.title, path=out.path)
        entry = self._letter.schedule.entries.get(number)
        day = self._letter.schedule.day(number)
        if day is None or entry is None or not entry.state.counts:
            return None
        return UpcomingRow(number=number, date=day, title=None if entry.secret else entry.title)

    def day(self, number: int) -> date | None:
        return self._letter.schedule.day(number)

    def kept_editions(self, book: str) -> tuple[KeptEdition, ...]:
        """Return the kept editions of a book that say nothing of an issue that is not published, newest first."""
        out = {found.issue.key for found in self.issues if found.mark is None}
        kept = (each for each in self._letter.editions if each.book == book and out.issuperset(dict(each.chapters)))
        return tuple(sorted(kept, key=lambda each: each.day, reverse=True))

    def corrections(self, file: str) -> tuple[Correction, ...]:
        """Return the corrections of an issue that are not dated later than the site is as of."""
        found = self.by_file[file]
        made = found.issue.corrected if isinstance(found, PublishedIssue) else ()
        today = self.promise.as_of.astimezone(self._letter.schedule.zone).date() if made else None
        return tuple(each for each in made if today and each.date <= today)

    def planned_parts(self, series: str) -> tuple[UpcomingRow, ...]:
        """Return the coming issues that the public plan names and its author has put into a series, in order."""
        entries = self._letter.schedule.entries
        return tuple(
            row for row in self.upcoming if row.title and (entry := entries.get(row.number)) and entry.series == series
        )

    def number_titled(self, title: str) -> int | None:
        return self._titles.get(plain_marks(title))

    @cached_property
    def _titles(self) -> dict[str, int]:
        """The number of every title that readers may know."""
        entries = self._letter.schedule.entries.values()
        planned = {
            plain_marks(e.title): e.number
            for e in entries
            if e.state.counts and not e.secret and e.number not in self.by_number
        }
        return planned | {plain_marks(found.issue.title): number for number, found in self.by_number.items()}


def published_view(letter: Letter, as_of: datetime, *, drafts: bool = False) -> PublishedView:
    """Return everything that is public as of an instant; with `drafts`, a preview of the rest as well, marked as such."""
    as_of = fix_offset(as_of, letter.schedule.zone)
    standing = compute_promise(letter.schedule, as_of)
    dated = (issue for issue in letter.issues if not issue.is_undated)
    issues = [found for issue in dated if (found := _published(letter, issue, as_of, drafts))]
    if drafts:
        issues += [_undated(letter, issue, standing.first_gap.date) for issue in letter.issues if issue.is_undated]
    # Later days have later instants, for a day has one time of publication.
    issues.sort(
        key=lambda found: (found.day, found.number is not None, found.number or 0, found.issue.slug),
        reverse=True,
    )
    pages = tuple(
        PublishedPage(page=page, path=f"{page.slug}/", mark=MARKS[Status.DRAFT] if page.is_draft else None)
        for page in letter.pages
        if drafts or not page.is_draft
    )
    texts: list[Issue | Page] = [*letter.issues, *letter.pages]
    places: list[Place] = [*issues, *pages]
    config = letter.config
    apart = bool(
        config.mail or config.books or config.series
    )  # pages depend on single books and series, and on no mail
    return PublishedView(
        config=replace(config, mail=None, books=(), book_limits=BookLimits(), series=()) if apart else config,
        issues=tuple(issues),
        pages=pages,
        upcoming=tuple(_coming(letter, standing)),
        promise=standing,
        cadence=_cadence(letter.schedule),
        books=_books(config.books, pages),
        book_limits=config.book_limits,
        series_notes=config.series,
        withheld=frozenset({text.source.file for text in texts} - {place.source.file for place in places}),
        _letter=letter,
    )


def _books(books: tuple[Book, ...], pages: tuple[PublishedPage, ...]) -> tuple[Book, ...]:
    """Return the books without prefaces that are not published."""
    out = {found.source.file for found in pages if found.mark is None}
    return tuple(replace(book, preface=book.preface if book.preface in out else None) for book in books)


def is_published(letter: Letter, issue: Issue, as_of: datetime) -> bool:
    """Return whether an issue is published: it is ready and its instant is not later than `as_of`."""
    if issue.status is not Status.READY:
        return False
    ahead = (letter.day(issue) - as_of.date()).days
    if abs(ahead) > 2:  # no zone's clocks are two days from another's, so that the days alone decide
        return ahead < 0
    return letter.instant(issue) <= as_of


def published_files(letter: Letter, as_of: datetime) -> frozenset[str]:
    """Return the files of the issues that are out."""
    return frozenset(issue.source.file for issue in letter.issues if is_published(letter, issue, as_of))


def _published(letter: Letter, issue: Issue, as_of: datetime, drafts: bool) -> PublishedIssue | None:
    out = is_published(letter, issue, as_of)
    if not (out or drafts):
        return None
    return PublishedIssue(
        issue=issue,
        source=issue.source,
        path=letter.path(issue),
        day=letter.day(issue),
        label=letter.label(issue.number),
        mark=None if out else MARKS[issue.status],
        _letter=letter,
    )


def _undated(letter: Letter, issue: Issue, day: date) -> PublishedIssue:
    """Return the preview of a draft with neither number nor date, as though it came out on a day."""
    return PublishedIssue(
        issue=replace(issue, date=day),
        source=issue.source,
        path=letter.path(issue),
        day=day,
        label=letter.label(None),
        mark=MARKS[issue.status],
        is_undated=True,
        _letter=letter,
    )


def _coming(letter: Letter, found: Promise) -> Iterator[UpcomingRow]:
    """Yield the coming slots, to the last one that is planned or to the end of the horizon."""
    least = len(list(takewhile(lambda slot: slot.planned, found.slots)))
    horizon = sum(1 for slot in found.slots if slot.at <= found.horizon_ends)
    for slot in islice(found.slots, max(least, horizon)):
        entry = letter.schedule.entries.get(slot.number)
        said = entry.title if entry and entry.state.counts and not entry.secret else None
        yield UpcomingRow(
            number=slot.number,
            date=slot.date,
            at=slot.at,
            title=said,
            planned=slot.planned,
            moves=letter.schedule.exceptions(slot.number, slot.date),
        )


def _cadence(schedule: Schedule) -> Cadence:
    words = schedule.cadence.wording.lower().removeprefix("every ")
    for day in DAYS:
        words = words.replace(day, day.capitalize())
    return Cadence(noun=schedule.noun, words=words, zone=schedule.zone.key, rules=schedule.cadence.rules)
