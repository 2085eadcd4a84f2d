"""Which pages the site has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.site.context import RenderContext
from weekahead.site.front_page import front_page
from weekahead.site.groups import Groups
from weekahead.site.issue_page import issue_page
from weekahead.site.listings import archive_page, author_page, series_page, tag_page
from weekahead.site.other_pages import next_page, not_found_page, redirects, standing_page
from weekahead.site.output import Output, WriteOrder
from weekahead.site.page_context import LETTER_CARD, card_path, theme_css
from weekahead.site.published import PublishedIssue, PublishedView
from weekahead.site.resolved_links import LinkResolver
from weekahead.site.sitemap import search_engine_files
from weekahead.theme.colors import by_day
from weekahead.theme.lookup import Theme


class Site(Struct, frozen=True, kw_only=True):
    """What the files of a site are planned from. What is *in* them comes from `context` alone."""

    view: PublishedView
    groups: Groups
    theme: Theme
    links: LinkResolver
    context: RenderContext

    def source(self, file: str, key: str) -> Location:
        """Return where a key of an issue's front matter is."""
        return self.view.by_file[file].source.at(key)


def pages(site: Site) -> Iterator[Output]:
    """Yield every page of the site, and the pictures for those who share them."""
    context, groups = site.context, site.groups
    yield from _theme_styles(site)
    yield from _social_cards(site)
    yield front_page(context)
    for issue in site.view.issues:
        yield issue_page(context, issue)
    yield archive_page(context)
    for name, files in groups.series.items():
        yield series_page(context, name, site.source(files[0], "series"))
    for slug, files in groups.tags.items():
        yield tag_page(context, slug, groups.tag_names[slug], site.source(files[0], "tags"))
    for name, files in groups.authors.items():
        yield author_page(context, name, site.source(files[0], "authors"))
    yield next_page(context)
    for page in site.view.pages:
        yield standing_page(context, page)
    yield not_found_page(context)
    for place in site.view.places:
        yield from redirects(context, place)
    yield from search_engine_files(context)


def _theme_styles(site: Site) -> Iterator[Output]:
    """Yield the style sheet of what the author has set of the theme, if anything."""
    if theme_css(site.view.config):
        yield Output(
            path="assets/theme.css",
            source=Location(site.view.config.file, 1),
            order=WriteOrder.FILE,
            recipe="theme.css",
            context=lambda: theme_css(site.context.config),
            render=str.encode,
        )


def _social_cards(site: Site) -> Iterator[Output]:
    """Yield the picture of each issue that has no cover, and one of the letter."""
    config = site.view.config
    if not config.social_cards:
        return
    yield _picture(LETTER_CARD, Location(config.file, 1), "letter card", partial(_letter_card, site.context))
    for issue in site.view.issues:
        if not issue.issue.cover:
            yield _issue_picture(site.context, issue)


def _issue_picture(context: RenderContext, issue: PublishedIssue) -> Output:
    file = issue.source.file
    return _picture(card_path(issue.path), Location(file, 1), f"card {file}", partial(_issue_card, context, file))


def _picture(path: str, source: Location, recipe: str, context: Any) -> Output:
    return Output(
        path=path,
        source=source,
        order=WriteOrder.FILE,
        recipe=recipe,
        context=context,
        render=lambda given: _draw(*given),
    )


def _draw(title: str, letter: str, number: str, line: str, colors: Any) -> bytes:
    from weekahead.site.social_cards import card

    return card(title, letter, number, line, colors)


def _letter_card(context: RenderContext) -> tuple[str, str, str, str, Any]:
    config = context.config
    return config.title, config.title, "", config.tagline or "", by_day(config.theme.light)


def _issue_card(context: RenderContext, file: str) -> tuple[str, str, str, str, Any]:
    config, card = context.config, context.card(file)
    line = " · ".join((context.label(card.number), context.translator.format_date(card.day)))
    number = "" if card.number is None else str(card.number)
    return card.title, config.title, number, line, by_day(config.theme.light)
