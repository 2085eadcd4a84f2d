"""What the files of the site are made from: aspects of the letter as of an instant, recorded as they are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.markdown.renderer import RenderedText
from weekahead.model.config import Config
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Audio, Correction, Cover, Page, SeriesPart, StampedPromise, Text, slugify
from weekahead.model.schedule import CadenceRule
from weekahead.site.groups import Groups
from weekahead.site.links import file_path, internal_links
from weekahead.site.published import PublishedIssue, PublishedPage, PublishedView
from weekahead.site.resolved_links import LinkResolver, ResolvedLinks
from weekahead.site.whats_next import UpcomingRow, whats_next
from weekahead.theme.i18n import Translator, load_translator
from weekahead.theme.lookup import Theme

T = TypeVar("T")

Aspect = tuple[str, str]
"""A kind and a key, such as ("card", "issues/0012-small.md")."""


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


class RenderContext:
    """Hands out aspects of the letter to whatever builds the context of a file, and records which.

    An aspect is a plain value. Its digest is that of the value, or of the source that the value was parsed from. Nothing
    else of the letter can be reached through this class.
    """

    def __init__(
        self, view: PublishedView, groups: Groups, theme: Theme, texts: RenderedTexts, links: LinkResolver
    ) -> None:
        self._view, self._groups, self._theme, self._links = view, groups, theme, links
        self.texts = texts
        """Places texts by the references that `text` hands out."""
        self._recorded: dict[Aspect, None] = {}
        self._digests: dict[Aspect, str] = {}
        self._values: dict[str, Callable[[str], Any]] = {
            "config": lambda key: view.config,
            "language": lambda key: self._translator,
            "cadence": self._cadence,
            "site": self._site,
            "template": theme.fingerprint,
            "issues": lambda key: self._files,
            "newest": lambda key: self._files[: int(key)],
            "newest public": lambda key: self._public_files[: int(key)],
            "count": lambda key: len(self._files),
            "neighbours": lambda key: self._neighbours.get(key),
            "card": self._card,
            "front matter": self._details,
            "feed id": lambda key: self._of(key, lambda issue: issue.identity),
            "moves": lambda key: self._of(key, view.moves),
            "text": self._text,
            "texts": lambda key: self._of(key, lambda issue: issue.texts),
            "links": lambda key: links.of(view.by_file[key]) if key in view.by_file else None,
            "series": lambda key: tuple(groups.series.get(key, ())),
            "series names": lambda key: tuple(groups.series),
            "tag slugs": lambda key: tuple(groups.tags),
            "author names": lambda key: tuple(groups.authors),
            "page paths": lambda key: tuple(page.path for page in view.pages if page.mark is None),
            "tag": lambda key: tuple(groups.tags.get(key, ())),
            "author": lambda key: tuple(groups.authors.get(key, ())),
            "number": self._number,
            "title": view.number_titled,
            "plan": self._plan,
            "page": lambda key: found.page if isinstance(found := view.by_file.get(key), PublishedPage) else None,
            "page path": lambda key: view.by_file[key].path if key in view.by_file else None,
        }

    # -- recording

    @contextmanager
    def recording(self) -> Iterator[dict[Aspect, None]]:
        """Record what is handed out within the block, in order."""
        before, self._recorded = self._recorded, {}
        try:
            yield self._recorded
        finally:
            self._recorded = before

    def digest(self, aspect: Aspect) -> str:
        """Return a string that is equal for equal values of an aspect, on any machine."""
        found = self._digests.get(aspect)
        if found is None:
            kind, key = aspect
            short = self._short_digest(kind, key)
            found = self._digests[aspect] = hash_value(self._values[kind](key)) if short is None else short
        return found

    def value(self, aspect: Aspect) -> Any:
        """Return the value of an aspect without recording it: to explain what changed."""
        return self._values[aspect[0]](aspect[1])

    def _short_digest(self, kind: str, key: str) -> str | None:
        """Return a known digest of an aspect's value, for kinds of which there are thousands; None where it has none."""
        place = self._view.by_file.get(key) if kind in ("front matter", "text", "texts", "links") else None
        if kind == "front matter" and isinstance(place, PublishedIssue):
            audio = place.issue.audio
            return f"{place.issue.head} {hash_value(audio)}" if audio else place.issue.head
        if kind == "text" and place:
            return place.texts[-1].digest
        if kind == "texts" and place:
            return " ".join(text.digest for text in place.texts)
        if kind == "links" and place:
            return self._links.of(place).name
        if kind in ("template", "language", "number"):
            value = self._values[kind](key)
            return value if isinstance(value, str) else value.digest if isinstance(value, Translator) else None
        return None

    def _hand_out(self, kind: str, key: str = "") -> Any:
        self._recorded[kind, key] = None
        return self._values[kind](key)

    # -- what is about the whole letter

    @property
    def config(self) -> Config:
        """What letter.yaml says."""
        return self._hand_out("config")  # type: ignore[no-any-return]

    @property
    def translator(self) -> Translator:
        """What the site says around the letter, in its language."""
        return self._hand_out("language")  # type: ignore[no-any-return]

    @property
    def cadence(self) -> Cadence:
        return self._hand_out("cadence")  # type: ignore[no-any-return]

    @property
    def site(self) -> SiteParts:
        return self._hand_out("site")  # type: ignore[no-any-return]

    @property
    def plan(self) -> PlanStatus:
        return self._hand_out("plan")  # type: ignore[no-any-return]

    def template(self, name: str) -> Theme:
        """Return the theme for rendering one template, with all that it extends, includes or imports."""
        self._hand_out("template", name)
        return self._theme

    def label(self, number: int | None) -> str:
        """Return what readers call an issue, in the letter's language: "Week 87", "Special edition"."""
        return self.translator.issue_label(self.cadence.noun, number)

    def address(self, path: str) -> str:
        """Return the root-relative address of a path of the site."""
        return self.config.address(path)

    def absolute(self, path: str) -> str:
        """Return the address of a path of the site with scheme and host."""
        return self.config.absolute(self.config.address(path))

    # -- which issues there are

    @property
    def files(self) -> tuple[str, ...]:
        """The files of all published issues, newest first."""
        return self._hand_out("issues")  # type: ignore[no-any-return]

    @property
    def count(self) -> int:
        return self._hand_out("count")  # type: ignore[no-any-return]

    def newest(self, count: int) -> tuple[str, ...]:
        """Return the files of the newest issues, at most `count`."""
        return self._hand_out("newest", str(count))  # type: ignore[no-any-return]

    def newest_public(self, count: int) -> tuple[str, ...]:
        """As `newest`, without what only previews show."""
        return self._hand_out("newest public", str(count))  # type: ignore[no-any-return]

    def neighbours(self, file: str) -> tuple[str | None, str | None]:
        """Return the files of the issues before and after one."""
        return self._hand_out("neighbours", file)  # type: ignore[no-any-return]

    def series(self, name: str) -> tuple[str, ...]:
        """Return the files of the published parts of a series, in order."""
        return self._hand_out("series", name)  # type: ignore[no-any-return]

    @property
    def series_names(self) -> tuple[str, ...]:
        return self._hand_out("series names")  # type: ignore[no-any-return]

    @property
    def tag_slugs(self) -> tuple[str, ...]:
        return self._hand_out("tag slugs")  # type: ignore[no-any-return]

    @property
    def author_names(self) -> tuple[str, ...]:
        return self._hand_out("author names")  # type: ignore[no-any-return]

    @property
    def page_paths(self) -> tuple[str, ...]:
        """The paths of the pages beside the issues that are published."""
        return self._hand_out("page paths")  # type: ignore[no-any-return]

    def tagged(self, slug: str) -> tuple[str, ...]:
        """Return the files of the issues with a tag, newest first."""
        return self._hand_out("tag", slug)  # type: ignore[no-any-return]

    def written_by(self, name: str) -> tuple[str, ...]:
        """Return the files of an author's issues, newest first."""
        return self._hand_out("author", name)  # type: ignore[no-any-return]

    # -- one issue or page

    def card(self, file: str) -> IssueCard:
        return self._hand_out("card", file)  # type: ignore[no-any-return]

    def details(self, file: str) -> IssueDetails:
        return self._hand_out("front matter", file)  # type: ignore[no-any-return]

    def page(self, file: str) -> Page:
        """Return a page beside the issues."""
        return self._hand_out("page", file)  # type: ignore[no-any-return]

    def path(self, file: str) -> str:
        """Return the path of an issue's or a page's own page in the site."""
        return self._hand_out("page path", file)  # type: ignore[no-any-return]

    def body(self, file: str) -> Text:
        return self._hand_out("text", file)  # type: ignore[no-any-return]

    def file_path(self, file: str, name: str) -> str:
        """Return the path in the site of a file of the letter that is published beside an issue's page."""
        self._recorded["card", file] = None
        return file_path(self._issue(file), name)

    def texts_of(self, file: str) -> tuple[Text, ...]:
        """Return the texts of an issue, as a reader meets them."""
        return self._hand_out("texts", file)  # type: ignore[no-any-return]

    def feed_id(self, file: str) -> str:
        return self._hand_out("feed id", file)  # type: ignore[no-any-return]

    def moves(self, file: str) -> int:
        """Return how many declared exceptions bear on the day on which an issue was published."""
        return self._hand_out("moves", file)  # type: ignore[no-any-return]

    def published_at(self, file: str) -> datetime:
        """Return the instant of publication."""
        self._recorded["cadence", ""] = self._recorded["card", file] = None
        return self._issue(file).instant

    def updated_at(self, file: str) -> datetime:
        """Return the instant of the last correction, else that of publication."""
        self._recorded["cadence", ""] = self._recorded["card", file] = self._recorded["front matter", file] = None
        return self._issue(file).updated

    def facts(self, text: Text) -> RenderedText:
        """Return links, headings, words and first words of a text that was handed out."""
        return self.texts.facts(text)

    def text(self, file: str, text: Text | None, *, feed: bool = False) -> TextRef | None:
        """Return a reference to a text on the page of an issue, its addresses led to where they go from there.

        With `feed` addresses are absolute, and ids have a prefix of the issue's own.
        """
        if text is None:
            return None
        config, links = self.config, self._links_of(file)
        number = links.texts.index(text.digest)
        addresses = {each.address: each.target.address for each in links.led if each.text == number}
        prefix = ""
        if feed:
            card, page = self.card(file), self.absolute(self.card(file).path)
            addresses |= {a: a for a in internal_links(self.facts(text), config.url) if a.startswith("#")}
            for address, target in addresses.items():
                if target.startswith("#"):
                    addresses[address] = page + target
                elif target.startswith("/") and not target.startswith("//"):
                    addresses[address] = config.absolute(target)
            label = "Special edition" if card.number is None else f"{self.cadence.noun} {card.number}"
            prefix = f"{slugify(label)}-{card.slug}-"
        changed = {address: target for address, target in addresses.items() if target != address}
        return TextRef(key=text.digest, addresses=changed, prefix=prefix, language=self.translator.digest)

    def unplaced(self, text: Text) -> TextRef:
        """Return a reference to a text whose addresses are as its author wrote them."""
        self._recorded["language", ""] = None
        return self.texts.unplaced(text)

    def _links_of(self, file: str) -> ResolvedLinks:
        return self._hand_out("links", file)  # type: ignore[no-any-return]

    def upcoming(self, file: str) -> tuple[UpcomingRow, ...]:
        """Return the "what's next" list of an issue."""
        return whats_next(self, self.card(file).number, self.details(file).stamped, self.config.whats_next)

    def row(self, number: int) -> UpcomingRow | None:
        """Return what readers may know of a number: its issue once that is out, else its planned title."""
        known = self._hand_out("number", str(number))
        if isinstance(known, str):
            card = self.card(known)
            return UpcomingRow(number=number, date=card.day, title=card.title, path=card.path)
        if not known.planned or known.day is None:
            return None
        return UpcomingRow(number=number, date=known.day, title=known.title)

    def day(self, number: int) -> date | None:
        """Return the day of a number without a published issue."""
        known = self._hand_out("number", str(number))
        return self.card(known).day if isinstance(known, str) else known.day

    def number_titled(self, title: str) -> int | None:
        """Return the number that has a title now."""
        return self._hand_out("title", title)  # type: ignore[no-any-return]

    # -- values

    @cached_property
    def _translator(self) -> Translator:
        return load_translator(self._theme, self._view.config.language)

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return tuple(issue.source.file for issue in self._view.issues)

    @cached_property
    def _public_files(self) -> tuple[str, ...]:
        return tuple(issue.source.file for issue in self._view.issues if issue.mark is None)

    @cached_property
    def _neighbours(self) -> dict[str, tuple[str | None, str | None]]:
        files = (None, *self._files, None)
        return {file: (files[n + 2], files[n]) for n, file in enumerate(self._files)}

    def _issue(self, file: str) -> PublishedIssue:
        found = self._view.by_file[file]
        assert isinstance(found, PublishedIssue)
        return found

    def _of(self, file: str, value: Callable[[PublishedIssue], T]) -> T | None:
        """Return a value of a published issue; None if there is no such issue any more."""
        found = self._view.by_file.get(file)
        return value(found) if isinstance(found, PublishedIssue) else None

    def _card(self, file: str) -> IssueCard | None:
        return self._of(file, _card_of)

    def _details(self, file: str) -> IssueDetails | None:
        return self._of(file, _details_of)

    def _text(self, file: str) -> Text | None:
        found = self._view.by_file.get(file)
        return found.texts[-1] if found else None

    def _number(self, key: str) -> str | PlannedNumber:
        number = int(key)
        published = self._view.by_number.get(number)
        if published:
            return published.source.file
        row = self._view.row(number)
        if row is None:
            return PlannedNumber(day=self._view.day(number))
        return PlannedNumber(day=row.date, planned=True, title=row.title)

    def _cadence(self, key: str) -> Cadence:
        view = self._view
        return Cadence(noun=view.noun, words=view.cadence, zone=str(view.zone), rules=view.rules)

    def _site(self, key: str) -> SiteParts:
        return SiteParts(
            pages=tuple((found.path, found.page.title) for found in self._view.pages),
            has_audio=self._view.has_audio,
            has_authors=bool(self._groups.authors),
            own_styles="own.css" in self._theme.assets,
        )

    def _plan(self, key: str) -> PlanStatus:
        promise, rows = self._view.promise, self._view.upcoming
        return PlanStatus(
            rows=rows,
            horizon=promise.horizon,
            weeks_planned=promise.weeks_planned,
            kept=promise.kept,
            last=promise.last_planned.date if promise.last_planned else None,
            promised=tuple(row.number for row in rows if row.at is not None and row.at <= promise.horizon_ends),
        )


def _card_of(published: PublishedIssue) -> IssueCard:
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


def _details_of(published: PublishedIssue) -> IssueDetails:
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
