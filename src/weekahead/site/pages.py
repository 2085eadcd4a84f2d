"""Which pages the site has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.site.addresses import alias_path
from weekahead.site.cited_works import bibliography_files
from weekahead.site.context import RenderContext
from weekahead.site.groups import Groups, author_path, series_path
from weekahead.site.issue_page import issue_page
from weekahead.site.listings import TAGS, archive_page, author_page, series_page, tag_page, tags_page
from weekahead.site.other_pages import front_page, next_page, not_found_page, redirect_page, standing_page
from weekahead.site.output import Output, WriteOrder
from weekahead.site.page_context import LETTER_CARD, card_path, is_shared, theme_css
from weekahead.site.page_output import page_output
from weekahead.site.published import Place, PublishedIssue, PublishedView
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
    page = partial(page_output, context)
    letter, plan = Location("letter.yaml", 1), Location("schedule.yaml", 1)
    yield from _theme_styles(site)
    yield from _social_cards(site)
    yield page("index.html", "", WriteOrder.INDEX, letter, front_page)
    for issue in site.view.issues:
        file = issue.source.file
        yield page("issue.html", issue.path, WriteOrder.ISSUE, Location(file, 1), issue_page, file)
    yield page("archive.html", "archive/", WriteOrder.LIST, letter, archive_page)
    for place in site.view.places:
        if place.texts[-1].beside:
            yield from bibliography_files(context, place)
    for name, files in groups.series.items():
        source = site.source(files[0], "series")
        yield page("series.html", series_path(name), WriteOrder.LIST, source, series_page, name)
    for slug, files in groups.tags.items():
        source = site.source(files[0], "tags")
        yield page("tag.html", f"tags/{slug}/", WriteOrder.LIST, source, tag_page, slug, groups.tag_names[slug])
    if groups.tags and TAGS not in site.view.by_path:
        yield page("tags.html", TAGS, WriteOrder.LIST, letter, tags_page)
    for name, files in groups.authors.items():
        source = site.source(files[0], "authors")
        yield page("author.html", author_path(name), WriteOrder.LIST, source, author_page, name)
    yield page("next.html", "next/", WriteOrder.INDEX, plan, next_page)
    for standing in site.view.pages:
        file, path = standing.source.file, standing.path
        yield page("page.html", path, WriteOrder.LIST, Location(file, 1), standing_page, file, path, standing.mark)
    yield page("404.html", "404.html", WriteOrder.INDEX, letter, not_found_page)
    for place in site.view.places:
        if place.aliases:
            yield from _redirects(context, place)
    yield from search_engine_files(context)


def _redirects(context: RenderContext, place: Place) -> Iterator[Output]:
    """Yield a page that redirects for each alias of an issue or a page."""
    is_issue, file = isinstance(place, PublishedIssue), place.source.file
    for alias in place.aliases:
        path, source = alias_path(alias), place.source.at("aliases")
        yield page_output(context, "redirect.html", path, WriteOrder.LIST, source, redirect_page, file, path, is_issue)


def _theme_styles(site: Site) -> Iterator[Output]:
    """Yield the style sheet of what the author has set of the theme, if anything."""
    if theme_css(site.view.config):
        context, path = site.context, "assets/theme.css"
        yield Output(path=path, order=WriteOrder.FILE, context=lambda: theme_css(context.config), render=str.encode)


def _social_cards(site: Site) -> Iterator[Output]:
    """Yield the picture of each issue without a cover that networks show, and one of the letter."""
    if not site.view.config.social_cards:
        return
    yield _picture(LETTER_CARD, "letter.yaml", partial(_letter_card, site.context))
    for issue in site.view.issues:
        if not is_shared(issue.issue.cover):
            file = issue.source.file
            yield _picture(card_path(issue.path), file, partial(_issue_card, site.context, file))


CardContents = tuple[str, str, str, str, dict[str, str]]
"""The title, the letter's name, the number, the line below the title, and the colours."""


def _picture(path: str, file: str, contents: Callable[[], CardContents]) -> Output:
    def draw(contents: CardContents) -> bytes:
        from weekahead.site.social_cards import card  # few builds draw any

        return card(*contents)

    where = Location(file, 1)
    return Output(path=path, source=where, order=WriteOrder.FILE, recipe=file, context=contents, render=draw)


def _letter_card(context: RenderContext) -> CardContents:
    config = context.config
    return config.title, config.title, "", config.tagline or "", by_day(config.theme.light)


def _issue_card(context: RenderContext, file: str) -> CardContents:
    config, card = context.config, context.card(file)
    line = " · ".join((context.label(card.number), context.translator.format_date(card.day)))
    number = "" if card.number is None else str(card.number)
    return card.title, config.title, number, line, by_day(config.theme.light)
