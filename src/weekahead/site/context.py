"""What the files of the site are made from: aspects of the letter as of an instant, recorded as they are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.markdown.renderer import RenderedText
from weekahead.model.config import Config
from weekahead.model.findings import build_error
from weekahead.model.hashing import hash_bytes, hash_value
from weekahead.model.issue import Page, Text
from weekahead.model.picture_size import PictureFacts
from weekahead.model.transcript import Paragraph, is_published_as_is, parse_transcript
from weekahead.site.aspects import (
    ASPECTS,
    Aspect,
    IssueCard,
    IssueDetails,
    PlannedNumber,
    PlanStatus,
    SiteParts,
    TagCount,
    aspect,
    whole_aspect,
)
from weekahead.site.book_aspects import BookAspects
from weekahead.site.cards import MAX_DIGESTS, card_of, details_digest, details_of
from weekahead.site.groups import Groups
from weekahead.site.html_text import to_plain_text
from weekahead.site.links import file_path, resolve_from_root
from weekahead.site.placed_text import place_text
from weekahead.site.published import Cadence, Place, PublishedIssue, PublishedPage, PublishedView
from weekahead.site.resolved_links import LinkResolver, ResolvedLinks
from weekahead.site.whats_next import UpcomingRow, whats_next
from weekahead.theme.i18n import Translator, load_translator
from weekahead.theme.lookup import Theme


class RenderContext(BookAspects):
    """Hands out aspects of the letter to whatever builds the context of a file, and records which.

    An aspect is a plain value. Its digest is that of the value, or of the source that the value was parsed from. Nothing
    else of the letter can be reached through this class.
    """

    def __init__(
        self,
        view: PublishedView,
        groups: Groups,
        theme: Theme,
        texts: RenderedTexts,
        links: LinkResolver,
        digests: Mapping[str, str],
        book_forms: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`digests` are those of the letter's files by their names, `book_forms` the files that each book is made as."""
        self._book_forms = book_forms or {}
        self._view, self._groups, self._theme, self._links, self._digests = view, groups, theme, links, digests
        self.texts = texts
        """Places texts by the references that `text` hands out."""
        self.recorded: dict[Aspect, None] = {}
        self._cards: dict[str, IssueCard] = {}
        """The cards that were handed out: several lists show most of them."""
        self.digester = cache(self._digester)

    # -- recording

    @contextmanager
    def recording(self) -> Iterator[dict[Aspect, None]]:
        """Record what is handed out within the block, in order."""
        before, self.recorded = self.recorded, {}
        try:
            yield self.recorded
        finally:
            self.recorded = before

    def value(self, aspect: Aspect) -> Any:
        """Return the value of an aspect without recording it; None if there is none."""
        try:
            return ASPECTS[aspect[0]](self, aspect[1])
        except KeyError:
            return None

    def digest(self, aspect: Aspect) -> str:
        """Return a string that is equal for equal values of an aspect, on any machine."""
        return self.digester(aspect[0])(aspect[1])

    def _digester(self, name: str) -> Callable[[str], str]:
        """Return what gives the digests of aspects of one name by their keys."""
        kept = None if name == "card" else MAX_DIGESTS  # every list asks for those of its issues
        hashed = lru_cache(kept)(lambda key: hash_value(self.value((name, key))))
        if name == "translator":
            return lambda key: self._translator.digest
        if name == "number":
            return lambda key: value if isinstance(value := self.value((name, key)), str) else hashed(key)
        links, texts, places = self._links, self.texts, self._view.by_file
        of_place: dict[str, Callable[[Place], str]] = {  # need not be computed; there are thousands
            "all_texts": lambda place: " ".join(map(texts.key, place.texts)),
            "body": lambda place: texts.key(place.texts[-1]),
            "details": details_digest,
            "links": lambda place: links.of(place).name,
        }
        if known := of_place.get(name):
            return lambda key: known(place) if (place := places.get(key)) else hashed(key)
        return hashed

    # -- aspects of the whole letter

    @whole_aspect
    def config(self) -> Config:
        """What letter.yaml says."""
        return self._view.config

    @whole_aspect
    def translator(self) -> Translator:
        """What the site says around the letter, in its language."""
        return self._translator

    @whole_aspect
    def cadence(self) -> Cadence:
        return self._view.cadence

    @whole_aspect
    def site(self) -> SiteParts:
        return SiteParts(
            pages=tuple((found.path, found.page.title) for found in self._view.pages),
            has_audio=self._view.has_audio,
            has_authors=bool(self._groups.authors),
            own_styles="own.css" in self._theme.assets,
            menu=tuple(
                (one.title, resolve_from_root(self._view, one.address).address) for one in self._view.config.menu
            ),
        )

    @whole_aspect
    def plan(self) -> PlanStatus:
        promise, rows = self._view.promise, self._view.upcoming
        return PlanStatus(
            rows=rows,
            horizon=promise.horizon,
            weeks_planned=promise.weeks_planned,
            kept=promise.kept,
            last=promise.last_planned.date if promise.last_planned else None,
            promised=tuple(row.number for row in rows if row.at is not None and row.at <= promise.horizon_ends),
            skipped=self._view.skipped,
        )

    @aspect
    def from_root(self, address: str) -> str:
        """Return where an address in letter.yaml leads, with scheme and host if that is in the site."""
        target = resolve_from_root(self._view, address)
        return address if target.path is None else self._view.config.absolute(target.address)

    @aspect
    def template(self, name: str) -> Mapping[str, str]:
        """Return the digests of a template and of every template that it extends, includes or imports."""
        return self._theme.digests(name)

    @whole_aspect
    def files(self) -> tuple[str, ...]:
        """The files of all published issues, newest first."""
        return self._files

    @whole_aspect
    def count(self) -> int:
        """How many issues are published."""
        return len(self._files)

    @aspect
    def newest(self, count: str) -> tuple[str, ...]:
        """Return the files of the newest issues, at most `count`."""
        return self._files[: int(count)]

    @aspect
    def newest_public(self, count: str) -> tuple[str, ...]:
        """As `newest`, without what only previews show."""
        return tuple(issue.source.file for issue in self._view.issues if issue.mark is None)[: int(count)]

    @whole_aspect
    def tag_slugs(self) -> tuple[str, ...]:
        return tuple(self._groups.tags)

    @whole_aspect
    def tags(self) -> tuple[TagCount, ...]:
        """Every tag, with how many published issues have it."""
        groups = self._groups
        return tuple(
            TagCount(slug=slug, name=groups.tag_names[slug], count=len(files)) for slug, files in groups.tags.items()
        )

    @whole_aspect
    def author_names(self) -> tuple[str, ...]:
        return tuple(self._groups.authors)

    @whole_aspect
    def page_paths(self) -> tuple[str, ...]:
        """The paths of the pages beside the issues that are published."""
        return tuple(page.path for page in self._view.pages if page.mark is None)

    @aspect
    def tagged(self, slug: str) -> tuple[str, ...]:
        """Return the files of the issues with a tag, newest first."""
        return tuple(self._groups.tags[slug])

    @aspect
    def written_by(self, name: str) -> tuple[str, ...]:
        """Return the files of an author's issues, newest first."""
        return tuple(self._groups.authors[name])

    @aspect
    def number(self, number: str) -> str | PlannedNumber:
        """Return what readers may know of a number: the file of its published issue, else the plan."""
        published = self._view.by_number.get(int(number))
        if published:
            return published.source.file
        row, day = self._view.row(int(number)), self._view.day(int(number))
        return PlannedNumber(day=row.date, planned=True, title=row.title) if row else PlannedNumber(day=day)

    @aspect
    def number_titled(self, title: str) -> int | None:
        return self._view.number_titled(title)

    # -- aspects of one issue or page, by its file

    @aspect
    def card(self, file: str) -> IssueCard:
        if file not in self._cards:
            self._cards[file] = card_of(self._issue(file))
        return self._cards[file]

    @aspect
    def details(self, file: str) -> IssueDetails:
        return details_of(self._issue(file).issue)

    @aspect
    def page(self, file: str) -> Page:
        found = self._view.by_file[file]
        assert isinstance(found, PublishedPage)
        return found.page

    @aspect
    def path(self, file: str) -> str:
        """Return the path of an issue's or a page's own page in the site."""
        return self._view.by_file[file].path

    @aspect
    def waived(self, file: str) -> tuple[str, ...]:
        """Return the rules that `allow:` waives for a file."""
        return self._view.waived(file)

    @aspect
    def neighbours(self, file: str) -> tuple[str | None, str | None]:
        """Return the files of the issues before and after one."""
        return self._neighbours[file]

    @aspect
    def body(self, file: str) -> Text:
        return self._view.by_file[file].texts[-1]

    @aspect
    def all_texts(self, file: str) -> tuple[Text, ...]:
        """Return the texts of an issue, as a reader meets them."""
        return self._view.by_file[file].texts

    @aspect
    def links(self, file: str) -> ResolvedLinks:
        """Return where the links in the texts of an issue or a page lead."""
        return self._links.of(self._view.by_file[file])

    @aspect
    def picture(self, name: str) -> PictureFacts | None:
        """Return width and height of a file of the letter that is a picture."""
        return self._view.picture(name)

    @aspect
    def feed_id(self, file: str) -> str:
        return self._issue(file).identity

    @aspect
    def moves(self, file: str) -> int:
        """Return how many declared exceptions bear on the day on which an issue was published."""
        return self._view.moves(self._issue(file))

    # -- put together from aspects

    def theme(self, template: str) -> Theme:
        """Return the theme, for rendering one template."""
        _ = self.template(template)
        return self._theme

    def published_at(self, file: str) -> datetime:
        _ = self.cadence, self.card(file)
        return self._issue(file).instant

    def updated_at(self, file: str) -> datetime:
        """Return the instant of the last correction, else that of publication."""
        _ = self.cadence, self.card(file), self.details(file)
        return self._issue(file).updated

    def file_path(self, file: str, name: str) -> str:
        """Return the path in the site of a file of the letter that is published beside an issue's page."""
        _ = self.card(file)
        return file_path(self._issue(file), name)

    def label(self, number: int | None) -> str:
        """Return what readers call an issue, in the letter's language: "Week 87", "Special edition"."""
        return self.translator.issue_label(self.cadence.noun, number)

    def address(self, path: str) -> str:
        """Return the root-relative address of a path of the site."""
        return self.config.address(path)

    def absolute(self, path: str) -> str:
        """Return the address of a path of the site with scheme and host."""
        return self.config.absolute(self.config.address(path))

    def facts(self, text: Text) -> RenderedText:
        """Return links, headings, words and first words of a text that was handed out."""
        _ = self.config
        return self.texts.facts(text)

    def text(self, file: str, text: Text | None, *, feed: bool = False) -> TextRef | None:
        """Return a reference to a text on the page of an issue, its addresses led to where they go from there.

        With `feed` addresses are absolute, and ids have a prefix of the issue's own.
        """
        return place_text(self, file, text, feed) if text else None

    def transcript(self, file: str) -> tuple[Paragraph, ...]:
        """Return the words of an issue's transcript; none where its text is what is read. Raise BuildError."""
        audio = self.details(file).audio
        if audio is None or audio.transcript is None:
            return ()
        name, data = audio.transcript.file, self.texts.file(audio.transcript.file)
        if hash_bytes(data) != audio.transcript.digest:
            message = "this file changed while the letter was being built"
            raise build_error(name, "changed-meanwhile", message, "Build again.")
        words = data.decode("utf-8-sig")
        if not is_published_as_is(name):
            markdown = Text(digest=hash_bytes(words.encode()), file=name, content=words)
            words = to_plain_text(self.texts.html(self.unplaced(markdown)))
        return parse_transcript(name, words)

    def unplaced(self, text: Text) -> TextRef:
        """Return a reference to a text whose addresses are as its author wrote them."""
        _ = self.translator, self.config
        return self.texts.unplaced(text)

    def upcoming(self, file: str) -> tuple[UpcomingRow, ...]:
        return whats_next(self, self.card(file).number, self.details(file).stamped, self.config.whats_next)

    def row(self, number: int) -> UpcomingRow | None:
        known = self.number(str(number))
        if isinstance(known, str):
            card = self.card(known)
            return UpcomingRow(number=number, date=card.day, title=card.title, path=card.path, language=card.language)
        if not known.planned or known.day is None:
            return None
        return UpcomingRow(number=number, date=known.day, title=known.title)

    def day(self, number: int) -> date | None:
        known = self.number(str(number))
        return self.card(known).day if isinstance(known, str) else known.day

    # -- not recorded

    @cached_property
    def _translator(self) -> Translator:
        return load_translator(self._theme, self._view.config.language)

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return tuple(issue.source.file for issue in self._view.issues)

    @cached_property
    def _neighbours(self) -> dict[str, tuple[str | None, str | None]]:
        files = (None, *self._files, None)
        return {file: (files[n + 2], files[n]) for n, file in enumerate(self._files)}

    def _issue(self, file: str) -> PublishedIssue:
        found = self._view.by_file[file]
        if not isinstance(found, PublishedIssue):
            raise KeyError(file)
        return found
