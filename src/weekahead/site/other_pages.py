"""The front page, what's next, the pages beside the issues, 404, and redirects of old addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.markdown.cutter import Heading
from weekahead.markdown.rendered_texts import TextRef
from weekahead.site.cited_works import bibliography_links
from weekahead.site.context import RenderContext
from weekahead.site.issue_page import policy, reading_minutes
from weekahead.site.json_ld import in_schema
from weekahead.site.page_context import (
    ABOUT,
    Card,
    Link,
    PageContext,
    Picture,
    UpcomingIssue,
    cover_picture,
    issue_card,
    letter_info,
    page_info,
    promise_sentence,
    shortened,
    upcoming_issue,
)

HEAD_OF_ARCHIVE = 10
"""How many issues stand below the newest."""


class NewestIssue(Card, frozen=True, kw_only=True):
    minutes: int
    cover: Picture | None


class FrontPage(PageContext, frozen=True, kw_only=True):
    """index.html"""

    newest: NewestIssue | None
    lead: str | None
    issues: list[Card]
    count: int
    upcoming: list[UpcomingIssue]
    next_due: UpcomingIssue | None


def front_page(context: RenderContext) -> FrontPage:
    """Return the front page. A draft that a preview lists among the issues is not in what's next as well."""
    config, files = context.config, context.newest(str(1 + HEAD_OF_ARCHIVE))
    coming = [row for row in context.plan.rows if row.planned and context.number(str(row.number)) not in files]
    upcoming = [upcoming_issue(context, row) for row in coming[: config.whats_next]]
    data = {"@type": "WebSite", "name": config.title, "url": config.url}
    newest, lead = _newest(context, files[0]) if files else (None, None)
    return FrontPage(
        letter=letter_info(context),
        page=page_info(context, "", description=config.tagline, linked_data=[in_schema(data)]),
        newest=newest,
        lead=lead,
        issues=[issue_card(context, file) for file in files[1:]],
        count=context.count,
        upcoming=upcoming,
        next_due=upcoming[0] if upcoming else None,
    )


def _newest(context: RenderContext, file: str) -> tuple[NewestIssue, str | None]:
    """Return the newest issue and, if it has no summary, its first words."""
    card, facts = issue_card(context, file), context.facts(context.body(file))
    lead = shortened(facts.lead, 320) if facts.lead and not card.summary else None
    cover = context.card(file).cover
    picture = cover_picture(context, file, cover) if cover else None
    return NewestIssue(**asdict(card), minutes=reading_minutes(facts), cover=picture), lead


class PlanSlot(UpcomingIssue, frozen=True, kw_only=True):
    number: int
    planned: bool
    promised: bool


class PlanDay(Struct, frozen=True, kw_only=True):
    """A day of the plan: that of a slot, or one that was declared to have no issue."""

    date: date
    slot: PlanSlot | None


class PromiseInfo(Struct, frozen=True, kw_only=True):
    horizon: int
    weeks_planned: int
    kept: bool
    last: date | None
    sentence: str


class NextPage(PageContext, frozen=True, kw_only=True):
    """next.html"""

    slots: list[PlanSlot]
    days: list[PlanDay]
    promise: PromiseInfo
    calendar: str
    whole: str
    data: str


def next_page(context: RenderContext) -> NextPage:
    plan, sentence = context.plan, promise_sentence(context)
    slots = []
    for row in plan.rows:
        shown, promised = upcoming_issue(context, row), row.number in plan.promised
        slots.append(PlanSlot(**asdict(shown), number=row.number, planned=row.planned, promised=promised))
    days = [PlanDay(date=slot.date, slot=slot) for slot in slots]
    days += [PlanDay(date=day, slot=None) for day in plan.skipped]
    return NextPage(
        letter=letter_info(context),
        page=page_info(context, "next/", context.translator.translate("whats_next"), description=sentence),
        slots=slots,
        days=sorted(days, key=lambda found: found.date),
        promise=PromiseInfo(
            horizon=plan.horizon, weeks_planned=plan.weeks_planned, kept=plan.kept, last=plan.last, sentence=sentence
        ),
        calendar=context.address("next.ics"),
        whole=context.address("calendar.ics"),
        data=context.address("next.json"),
    )


class StandingText(Struct, frozen=True, kw_only=True):
    title: str
    summary: str | None
    body: TextRef | None
    headings: tuple[Heading, ...]
    mark: str | None
    references: list[Link]
    extra: Mapping[str, Any]


class StandingPage(PageContext, frozen=True, kw_only=True):
    """page.html"""

    leaf: StandingText


def standing_page(context: RenderContext, file: str, path: str, mark: str | None) -> StandingPage:
    """Return what a page beside the issues shows, such as pages/about.md."""
    page, body = context.page(file), context.body(file)
    facts = context.facts(body)
    description = page.summary or shortened(facts.lead, 200) or None
    kind = "AboutPage" if path == ABOUT else "WebPage"
    data = {"@type": kind, "name": page.title, "url": context.absolute(path), "description": description}
    return StandingPage(
        letter=letter_info(context),
        page=page_info(
            context,
            path,
            page.title,
            description=description,
            linked_data=[in_schema(data | {"inLanguage": context.config.language})],
            noindex=mark is not None,
            policy=policy(context, [body]),
        ),
        leaf=StandingText(
            title=page.title,
            summary=page.summary,
            body=context.text(file, body),
            headings=facts.headings,
            mark=context.translator.translate("draft") if mark else None,
            references=bibliography_links(context, file),
            extra=dict(page.extra),
        ),
    )


class NotFoundPage(PageContext, frozen=True, kw_only=True):
    """404.html"""

    newest: Card | None


def not_found_page(context: RenderContext) -> NotFoundPage:
    newest = context.newest(str(1))
    title = context.translator.translate("not_found")
    return NotFoundPage(
        letter=letter_info(context),
        page=page_info(context, "404.html", title, canonical=None, noindex=True),
        newest=issue_card(context, newest[0]) if newest else None,
    )


class RedirectPage(PageContext, frozen=True, kw_only=True):
    """redirect.html"""

    target: str
    title: str


def redirect_page(context: RenderContext, file: str, path: str, is_issue: bool) -> RedirectPage:
    target = context.absolute(context.path(file))
    title = context.card(file).title if is_issue else context.page(file).title
    return RedirectPage(
        letter=letter_info(context),
        page=page_info(context, path, title, canonical=target, noindex=True),
        target=target,
        title=title,
    )
