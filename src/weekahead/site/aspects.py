"""The values that page contexts are built from, parts of the letter as readers may know them, and how each is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from weekahead.model.issue import Audio, Correction, Cover, SeriesPart, StampedPromise, Text
from weekahead.site.whats_next import UpcomingRow

T = TypeVar("T")

Aspect = tuple[str, str]
"""The name of an aspect and the key it was asked for with, such as ("card", "issues/0012-small.md")."""

ASPECTS: dict[str, Callable[[Any, str], Any]] = {}
"""How each aspect is computed, by its name. A KeyError means that there is no such value (any more)."""


class Recorder(Protocol):
    recorded: dict[Aspect, None]


def aspect(method: Callable[[Any, str], T]) -> Callable[[Any, str], T]:
    """Make a method of a key an aspect: its result is recorded as handed out."""
    name = method.__name__
    ASPECTS[name] = method

    @wraps(method)
    def hand_out(self: Recorder, key: str) -> T:
        self.recorded[name, key] = None
        return method(self, key)

    return hand_out


class whole_aspect(Generic[T]):
    """Make a method without a key a property that is an aspect."""

    def __init__(self, method: Callable[[Any], T]) -> None:
        self._method, self._name = method, method.__name__
        ASPECTS[self._name] = lambda context, key: method(context)

    def __get__(self, context: Recorder, owner: type) -> T:
        context.recorded[self._name, ""] = None
        return self._method(context)


class IssueCard(Struct, frozen=True, kw_only=True):
    """What lists and other pages show of an issue."""

    file: str
    number: int | None
    title: str
    slug: str
    path: str
    day: date
    summary: str | None
    language: str | None
    """That of its title and texts, if not the letter's."""
    series: SeriesPart | None
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    duration: int | None
    """Seconds of the audio edition."""
    cover: Cover | None
    mark: str | None
    """Set in previews of what is not published."""


class IssueDetails(Struct, frozen=True, kw_only=True):
    """What only an issue's own page and feed items show of its front matter."""

    note: Text | None
    audio: Audio | None
    cover: Cover | None
    corrections: tuple[Correction, ...]
    stamped: tuple[StampedPromise, ...] | None
    discussion: str | None
    extra: Mapping[str, Any]


class TagCount(Struct, frozen=True, kw_only=True):
    """A tag: the segment of its address, its name, and how many issues have it."""

    slug: str
    name: str
    count: int


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
    skipped: tuple[date, ...]
    """The days of the cadence, within the horizon or among the rows, that were declared to have no issue."""


class SiteParts(Struct, frozen=True, kw_only=True):
    """Which parts the site has that every page shows: pages for the menu (path and title), and more."""

    pages: tuple[tuple[str, str], ...]
    has_audio: bool
    has_authors: bool
    """Does every author have a page, because there are several?"""
    own_styles: bool
    menu: tuple[tuple[str, str], ...]
    """Entries of the author's own: title and address."""
