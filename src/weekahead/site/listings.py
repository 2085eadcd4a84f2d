"""Pages that list issues: the archive, series, tags, authors."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from msgspec import Struct

from weekahead.site.aspects import IssueCard
from weekahead.site.book_links import BookLink, books_of_series
from weekahead.site.context import RenderContext
from weekahead.site.groups import author_path, series_path
from weekahead.site.issue_page import parts_in_all, series_progress
from weekahead.site.json_ld import in_schema, list_items
from weekahead.site.page_context import (
    WITH_SCRIPT,
    Card,
    Link,
    PageContext,
    card_of,
    issue_card,
    letter_info,
    page_info,
    search_path,
)

TAGS = "tags/"
"""The page of all tags."""


class Year(Struct, frozen=True, kw_only=True):
    year: int
    words: str | None
    """The address of the words that the search looks through."""
    issues: list[Card]


class ArchivePage(PageContext, frozen=True, kw_only=True):
    """archive.html"""

    years: list[Year]
    count: int
    series: list[Link]
    tags: str | None


def archive_page(context: RenderContext) -> ArchivePage:
    cards = [context.card(file) for file in context.files]
    searched = context.config.search
    years = [
        Year(
            year=year,
            words=context.address(search_path(year)) if searched else None,
            issues=[card_of(context, card, _also(card)) for card in of_year],
        )
        for year, of_year in groupby(cards, key=lambda card: card.day.year)
    ]
    return ArchivePage(
        letter=letter_info(context),
        page=page_info(context, "archive/", context.translator.translate("archive"), policy=WITH_SCRIPT),
        years=years,
        count=len(cards),
        series=[Link(name=name, address=context.address(series_path(name))) for name in context.series_names],
        tags=context.address(TAGS) if context.tag_slugs else None,
    )


def _also(card: IssueCard) -> str | None:
    """Return what the archive's search looks at beside the line of an issue."""
    return " ".join([*card.tags, *card.authors, *([card.series.name] if card.series else [])]) or None


class SeriesInfo(Struct, frozen=True, kw_only=True):
    name: str
    of: int | None
    issues: list[Card]
    count: int
    reached: int
    """The last part that is published."""
    complete: bool
    progress: str
    about: str | None
    """What letter.yaml says that it is."""
    books: list[BookLink]
    feed: str | None


class SeriesPage(PageContext, frozen=True, kw_only=True):
    """series.html"""

    series: SeriesInfo


def series_page(context: RenderContext, name: str) -> SeriesPage:
    cards = [context.card(file) for file in context.series(name)]
    of, parts = parts_in_all(cards), [card.series.part for card in cards if card.series]
    feed = context.address(f"{series_path(name)}feed.xml") if context.config.series_feeds else None
    items = list_items((card.title, context.absolute(card.path)) for card in cards)
    note = context.series_note(name)
    data = in_schema({"@type": "ItemList", "name": name, "itemListElement": items})
    return SeriesPage(
        letter=letter_info(context),
        page=page_info(
            context,
            series_path(name),
            name,
            description=note.about if note else "",
            feed=feed,
            linked_data=[data],
        ),
        series=SeriesInfo(
            name=name,
            of=of,
            issues=[card_of(context, card) for card in cards],
            count=len(cards),
            reached=max(parts),
            complete=of == len(cards),
            progress=series_progress(context, parts, of),
            about=note.about if note else None,
            books=books_of_series(context, name),
            feed=feed,
        ),
    )


class TagInfo(Struct, frozen=True, kw_only=True):
    name: str


class TagPage(PageContext, frozen=True, kw_only=True):
    """tag.html"""

    tag: TagInfo
    tags: str
    issues: list[Card]


def tag_page(context: RenderContext, slug: str, name: str) -> TagPage:
    path = f"tags/{slug}/"
    feed = context.address(f"{path}feed.xml") if context.config.tag_feeds else None
    return TagPage(
        letter=letter_info(context),
        page=page_info(context, path, name, feed=feed),
        tag=TagInfo(name=name),
        tags=context.address(TAGS),
        issues=[issue_card(context, file) for file in context.tagged(slug)],
    )


class CountedTag(TagInfo, frozen=True, kw_only=True):
    address: str
    count: int


class TagsPage(PageContext, frozen=True, kw_only=True):
    """tags.html"""

    tags: list[CountedTag]


def tags_page(context: RenderContext) -> TagsPage:
    """Return all tags by their names."""
    tags = sorted(context.tags, key=lambda tag: (unicodedata.normalize("NFKD", tag.name).casefold(), tag.name))
    return TagsPage(
        letter=letter_info(context),
        page=page_info(context, TAGS, context.translator.translate("tags")),
        tags=[
            CountedTag(name=tag.name, address=context.address(f"{TAGS}{tag.slug}/"), count=tag.count) for tag in tags
        ],
    )


class AuthorInfo(Struct, frozen=True, kw_only=True):
    name: str
    count: int


class AuthorPage(PageContext, frozen=True, kw_only=True):
    """author.html"""

    author: AuthorInfo
    issues: list[Card]


def author_page(context: RenderContext, name: str) -> AuthorPage:
    files = context.written_by(name)
    return AuthorPage(
        letter=letter_info(context),
        page=page_info(context, author_path(name), name),
        author=AuthorInfo(name=name, count=len(files)),
        issues=[issue_card(context, file) for file in files],
    )
