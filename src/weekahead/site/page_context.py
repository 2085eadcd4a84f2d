"""What every page is given: the letter, the page itself, and the parts that several kinds of pages show."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from msgspec import Struct

from weekahead.markdown.directions import is_from_right
from weekahead.model.config import Config, SubscribeForm
from weekahead.model.issue import Cover, SeriesPart, format_duration
from weekahead.model.schedule import DAYS
from weekahead.site.aspects import IssueCard
from weekahead.site.context import RenderContext
from weekahead.site.groups import series_path
from weekahead.site.json_ld import JsonObject
from weekahead.site.pictures import IN_TEXT, SMALL, sized_path, sources_of, widths_of
from weekahead.site.whats_next import UpcomingRow
from weekahead.theme.colors import by_day, by_night, style_sheet
from weekahead.theme.fonts import first_font

POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src * data:; media-src *; form-action *; base-uri 'none'"
"""What a browser may load for a page (Content Security Policy, level 3): no script, and no style but the theme's.
Connections to the site itself are for tools that ask for its robots.txt out of a page."""
COPY_SCRIPT = (
    "{const b=document.querySelector('.copy'),a=document.querySelector('.address');"
    "if(b&&navigator.clipboard){b.hidden=false;a.hidden=true;"
    "b.onclick=()=>navigator.clipboard.writeText(a.textContent).then("
    "()=>{b.textContent=b.dataset.copied},()=>{b.hidden=true;a.hidden=false})}}"
)
"""The script of an issue's page: a button that copies its address takes the place of the bare address, unless it fails."""
WITH_COPY_SCRIPT = POLICY.replace(
    "default-src 'none'",
    f"default-src 'none'; script-src 'sha256-{b64encode(sha256(COPY_SCRIPT.encode()).digest()).decode()}'",
)
"""The policy of an issue's page: it runs that one script, told by its digest, and no other."""
WITH_SCRIPT = POLICY.replace("default-src 'none'", "default-src 'none'; script-src 'self'")
"""The policy of the archive, whose search is a file; the page works without it."""
ABOUT = "about/"
"""The page beside the issues that the menu of every page leads to, if the letter has one."""
LETTER_CARD = "cards/letter.png"
"""The picture of the letter, for those who share one of its pages."""

# -- types


class Feed(Struct, frozen=True, kw_only=True):
    address: str
    type: str
    title: str


class MenuPage(Struct, frozen=True, kw_only=True):
    title: str
    address: str


class LetterInfo(Struct, frozen=True, kw_only=True):
    """What every page shows of the letter: `letter` in templates."""

    title: str
    tagline: str | None
    language: str
    direction: str
    author_name: str | None
    author_about: str | None
    author_picture: str | None
    subscribe_url: str | None
    subscribe_form: SubscribeForm | None
    copyright: str | None
    home: str
    archive: str
    next: str
    about: str | None
    menu: list[MenuPage]
    pages: list[MenuPage]
    feed: str
    feeds: list[Feed]
    assets: str
    styles: list[str]
    font: str | None
    """The file of the font that most letters of the text are in; None where the theme has another font."""
    paper: str
    paper_dark: str
    rhythm: str
    copy_script: str
    words: str
    """A digest of the site's words."""


class PageInfo(Struct, frozen=True, kw_only=True):
    """What a page says of itself: `page` in templates."""

    title: str
    description: str | None
    canonical: str | None
    address: str
    language: str
    direction: str
    picture: str | None
    kind: str
    linked_data: list[JsonObject]
    feed: str | None
    noindex: bool
    policy: str | None


class PageContext(Struct, frozen=True, kw_only=True):
    """The base of each page kind's context."""

    letter: LetterInfo
    page: PageInfo


class SeriesLine(Struct, frozen=True, kw_only=True):
    """ "Part 8 of 8 · ML syllabus"."""

    name: str
    part: int
    of: int | None
    address: str


class Picture(Struct, frozen=True, kw_only=True):
    address: str
    alt: str
    width: int | None
    height: int | None
    srcset: str | None = None
    """Its other sizes."""
    sizes: str = IN_TEXT


class Card(Struct, frozen=True, kw_only=True):
    """An issue in a list."""

    number: int | None
    label: str
    title: str
    address: str
    date: date
    summary: str | None
    series: SeriesLine | None
    duration: str | None
    mark: str | None
    language: str | None
    """That of the title and the text, if not the letter's."""
    direction: str | None
    thumb: Picture | None
    """Its cover, small."""
    also: str | None = None
    """More words for the archive's search."""


class UpcomingIssue(Struct, frozen=True, kw_only=True):
    """A line of what's next."""

    label: str
    title: str
    date: date
    address: str | None
    outcome: str | None
    fate: str | None
    language: str | None
    direction: str | None


class Link(Struct, frozen=True, kw_only=True):
    name: str
    address: str | None


# -- building them


def letter_info(context: RenderContext) -> LetterInfo:
    config, site, translator = context.config, context.site, context.translator
    sheets = {"style.css": True, "theme.css": theme_css(config), "own.css": site.own_styles}
    return LetterInfo(
        title=config.title,
        tagline=config.tagline,
        language=config.language,
        direction=translator.direction,
        author_name=config.author_name,
        author_about=config.author_about,
        author_picture=_asset(context, config.author_picture),
        subscribe_url=config.subscribe_url,
        subscribe_form=config.subscribe_form,
        copyright=config.copyright,
        home=config.base,
        archive=context.address("archive/"),
        next=context.address("next/"),
        about=next((context.address(path) for path, _ in site.pages if path == ABOUT), None),
        menu=[MenuPage(title=title, address=address) for title, address in site.menu],
        pages=[MenuPage(title=title, address=context.address(path)) for path, title in site.pages],
        feed=context.address("feed.xml"),
        feeds=_feeds(context),
        assets=context.address("assets/"),
        styles=[context.address(f"assets/{name}") for name, is_there in sheets.items() if is_there],
        font=context.address(f"assets/fonts/{font}.woff2")
        if (font := first_font(translator.script, config.theme.font))
        else None,
        paper=by_day(config.theme.light)["paper"],
        paper_dark=by_night(config.theme.light, config.theme.dark)["paper"],
        rhythm=rhythm(context),
        copy_script=COPY_SCRIPT,
        words=translator.digest,
    )


def _asset(context: RenderContext, name: str | None) -> str | None:
    """Return the address of a file of templates/assets/; an address as it is."""
    return context.address(f"assets/{name}") if name and "://" not in name else name


def _feeds(context: RenderContext) -> list[Feed]:
    """Return the feeds that every page names for feed readers."""
    title, rss = context.config.title, "application/rss+xml"
    found = [("feed.xml", rss, title), ("atom.xml", "application/atom+xml", f"{title} (Atom)")]
    found.append(("feed.json", "application/feed+json", f"{title} (JSON)"))
    if context.site.has_audio:
        found.append(("podcast.xml", rss, f"{title} (podcast)"))
    return [Feed(address=context.address(path), type=kind, title=name) for path, kind, name in found]


def theme_css(config: Config) -> str:
    """Return the style sheet of what the author has set of the theme; empty where that is nothing."""
    return style_sheet(config.theme.light, config.theme.dark, config.theme.font, config.theme.headings)


def rhythm(context: RenderContext) -> str:
    """Return the cadence as a sentence: the weekday of a weekly letter, else what the language says of any."""
    days, translator = context.cadence.words, context.translator
    if days.lower() in DAYS:
        return translator.translate("rhythm_weekly", weekday=translator.weekday(DAYS.index(days.lower())))
    return translator.translate("rhythm", cadence=days)


def page_info(
    context: RenderContext,
    path: str,
    title: str | None = None,
    *,
    description: str | None = "",
    canonical: str | None = "",
    picture: str | None = "",
    kind: str = "website",
    linked_data: Iterable[JsonObject] = (),
    feed: str | None = None,
    noindex: bool = False,
    policy: str | None = POLICY,
    language: str | None = None,
) -> PageInfo:
    """Return what a page says of itself. Where description, canonical address or picture is "", it is the usual one."""
    config = context.config
    return PageInfo(
        title=f"{title} – {config.title}" if title else config.title,
        description=config.tagline or rhythm(context) if description == "" else description,
        canonical=context.absolute(path) if canonical == "" else canonical,
        address=context.address(path),
        language=language or config.language,
        direction=direction(language) or context.translator.direction,
        picture=(context.absolute(LETTER_CARD) if config.social_cards else None) if picture == "" else picture,
        kind=kind,
        linked_data=[*linked_data],
        feed=feed,
        noindex=noindex,
        policy=policy,
    )


def issue_card(context: RenderContext, file: str) -> Card:
    return card_of(context, context.card(file))


def card_of(context: RenderContext, card: IssueCard, also: str | None = None) -> Card:
    return Card(
        number=card.number,
        label=context.label(card.number),
        title=card.title,
        address=context.address(card.path),
        date=card.day,
        summary=card.summary,
        series=series_line(context, card.series) if card.series else None,
        duration=None if card.duration is None else format_duration(card.duration),
        mark=context.translator.translate(MARKS[card.mark]) if card.mark else None,
        language=card.language,
        direction=direction(card.language),
        thumb=_thumb(context, card.file, card.cover) if card.cover else None,
        also=also,
    )


def cover_picture(context: RenderContext, file: str, cover: Cover) -> Picture:
    """Return the cover of an issue as wide as the column."""
    facts, path = context.picture(cover.file), context.file_path(file, cover.file)
    return Picture(
        address=context.address(path),
        alt=cover.alt,
        width=facts.width if facts else None,
        height=facts.height if facts else None,
        srcset=sources_of(context.address, path, facts) or None if facts else None,
    )


def _thumb(context: RenderContext, file: str, cover: Cover) -> Picture | None:
    """Return the cover of an issue as lists show it; None for one that is large, where no smaller one is made."""
    facts, path = context.picture(cover.file), context.file_path(file, cover.file)
    if facts and SMALL in widths_of(facts, with_small=True):
        path = sized_path(path, SMALL)
    elif not cover.file.lower().endswith(".svg") and (facts is None or facts.width > 2 * SMALL):
        return None
    return Picture(address=context.address(path), alt="", width=None, height=None)


def direction(language: str | None) -> str | None:
    """Return the direction of a language, as HTML has it; None for that of the letter."""
    return None if language is None else "rtl" if is_from_right(language) else "ltr"


MARKS = {"Draft": "draft", "In review": "review", "Not out yet": "not_out"}


def series_line(context: RenderContext, part: SeriesPart) -> SeriesLine:
    return SeriesLine(name=part.name, part=part.part, of=part.of, address=context.address(series_path(part.name)))


def search_path(year: int) -> str:
    return f"search/{year}.json"


def card_path(path: str) -> str:
    return f"cards/{path.rstrip('/')}.png"


def is_shared(cover: Cover | None) -> bool:
    """Return whether networks show a cover where its page is shared: they take no SVG, WebP or AVIF."""
    return cover is not None and cover.file.lower().endswith((".png", ".jpg", ".jpeg", ".gif"))


def upcoming_issue(context: RenderContext, row: UpcomingRow) -> UpcomingIssue:
    return UpcomingIssue(
        label=context.label(row.number),
        title=row.title or context.translator.translate("to_be_announced" if row.planned else "nothing_planned"),
        date=row.date,
        address=None if row.path is None else context.address(row.path),
        outcome=_outcome(context, row),
        fate=row.fate[0] if row.fate else None,
        language=row.language,
        direction=direction(row.language),
    )


def _outcome(context: RenderContext, row: UpcomingRow) -> str | None:
    """Return how a promise turned out, in the letter's language."""
    if row.fate is None:
        return None
    kind, what = row.fate
    if isinstance(what, date):
        return context.translator.translate(kind, day=context.translator.format_date(what))
    return context.translator.translate(kind, label=context.label(what) if isinstance(what, int) else None, title=what)


def promise_sentence(context: RenderContext) -> str:
    count, least = context.plan.weeks_planned, context.plan.horizon
    if count:
        return context.translator.translate("promise", count=count, least=least)
    return context.translator.translate("promise_none", count=least, least=least)


def shortened(words: str, most: int) -> str:
    """Return words cut at a space, with an ellipsis, to at most `most` characters."""
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
