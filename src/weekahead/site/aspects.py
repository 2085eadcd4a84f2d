"""The values that page contexts are built from: parts of the letter as readers may know them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from weekahead.model.issue import Audio, Correction, Cover, SeriesPart, StampedPromise, Text
from weekahead.model.schedule import CadenceRule
from weekahead.site.published import PublishedIssue, PublishedView
from weekahead.site.whats_next import UpcomingRow

Aspect = tuple[str, str]
"""The name of an aspect and the key it was asked for with, such as ("card", "issues/0012-small.md")."""


class IssueCard(Struct, frozen=True, kw_only=True):
    """What lists and other pages show of an issue."""

    file: str
    number: int | None
    title: str
    slug: str
    path: str
    day: date
    summary: str | None
    series: SeriesPart | None
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    duration: int | None
    """Seconds of the audio edition."""
    mark: str | None
    """Set in previews of what is not published."""
    has_cover: bool


class IssueDetails(Struct, frozen=True, kw_only=True):
    """What only an issue's own page and feed items show of its front matter."""

    note: Text | None
    audio: Audio | None
    cover: Cover | None
    corrections: tuple[Correction, ...]
    stamped: tuple[StampedPromise, ...] | None
    discussion: str | None
    extra: Mapping[str, Any]


class Cadence(Struct, frozen=True, kw_only=True):
    """How days, instants and numbers are spoken of."""

    noun: str
    """ "Week" in a weekly letter, else "Issue"."""
    words: str
    """The days on which issues come out: "Friday", "2 weeks on Tuesday"."""
    zone: str
    rules: tuple[CadenceRule, ...]


class PlannedNumber(Struct, frozen=True, kw_only=True):
    """What readers may know of a number without a published issue."""

    day: date | None
    planned: bool = False
    title: str | None = None


class PlanStatus(Struct, frozen=True, kw_only=True):
    """The coming slots as readers may see them, and how the promise stands."""

    rows: tuple[UpcomingRow, ...]
    horizon: int
    weeks_planned: int
    kept: bool
    last: date | None
    """The day of the last planned slot before the first empty one."""
    promised: tuple[int, ...]
    """The numbers of the slots within the horizon."""


class SiteParts(Struct, frozen=True, kw_only=True):
    """Which parts the site has that every page shows: pages for the menu (path and title), and more."""

    pages: tuple[tuple[str, str], ...]
    has_audio: bool
    has_authors: bool
    """Does every author have a page, because there are several?"""
    own_styles: bool


def card_of_issue(published: PublishedIssue) -> IssueCard:
    issue = published.issue
    return IssueCard(
        file=issue.source.file,
        number=issue.number,
        title=issue.title,
        slug=issue.slug,
        path=published.path,
        day=published.day,
        summary=issue.summary,
        series=issue.series,
        tags=issue.tags,
        authors=issue.authors,
        duration=issue.audio.duration if issue.audio else None,
        mark=published.mark,
        has_cover=issue.cover is not None,
    )


def details_of_issue(published: PublishedIssue) -> IssueDetails:
    issue = published.issue
    return IssueDetails(
        note=issue.research_note,
        audio=issue.audio,
        cover=issue.cover,
        corrections=issue.corrected,
        stamped=issue.next,
        discussion=issue.discussion,
        extra=issue.extra,
    )


def plan_status(view: PublishedView) -> PlanStatus:
    promise, rows = view.promise, view.upcoming
    return PlanStatus(
        rows=rows,
        horizon=promise.horizon,
        weeks_planned=promise.weeks_planned,
        kept=promise.kept,
        last=promise.last_planned.date if promise.last_planned else None,
        promised=tuple(row.number for row in rows if row.at is not None and row.at <= promise.horizon_ends),
    )
