"""What's next, the pages beside the issues, 404, and redirects of old addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct

from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.findings import Location
from weekahead.site.context import RenderContext
from weekahead.site.issue_page import Heading, headings, policy
from weekahead.site.output import Output, WriteOrder
from weekahead.site.page_context import (
    ABOUT,
    Card,
    PageContext,
    UpcomingIssue,
    in_schema,
    issue_card,
    letter_info,
    page_info,
    page_output,
    promise_sentence,
    shortened,
    upcoming_issue,
)
from weekahead.site.published import Place, PublishedIssue, PublishedPage


class PlanSlot(UpcomingIssue, frozen=True, kw_only=True):
    number: int
    planned: bool
    promised: bool


class PromiseInfo(Struct, frozen=True, kw_only=True):
    horizon: int
    weeks_planned: int
    kept: bool
    last: date | None
    sentence: str


class NextPage(PageContext, frozen=True, kw_only=True):
    """next.html"""

    slots: list[PlanSlot]
    promise: PromiseInfo
    calendar: str
    whole: str
    data: str


def next_page(context: RenderContext) -> Output:
    """Return the public plan."""
    where = Location("schedule.yaml", 1)
    return page_output(context, "next.html", "next/", WriteOrder.INDEX, where, partial(_next, context))


def _next(context: RenderContext) -> NextPage:
    plan, sentence = context.plan, promise_sentence(context)
    slots = []
    for row in plan.rows:
        shown = upcoming_issue(context, row)
        fields = {name: getattr(shown, name) for name in shown.__struct_fields__}
        promised = row.number in plan.promised
        slots.append(PlanSlot(**fields, number=row.number, planned=row.planned, promised=promised))
    return NextPage(
        letter=letter_info(context),
        page=page_info(context, "next/", context.translator.translate("whats_next"), description=sentence),
        slots=slots,
        promise=PromiseInfo(
            horizon=plan.horizon,
            weeks_planned=plan.weeks_planned,
            kept=plan.kept,
            last=plan.last,
            sentence=sentence,
        ),
        calendar=context.address("next.ics"),
        whole=context.address("calendar.ics"),
        data=context.address("next.json"),
    )


class StandingText(Struct, frozen=True, kw_only=True):
    title: str
    summary: str | None
    body: TextRef | None
    headings: list[Heading]
    mark: str | None
    extra: Mapping[str, Any]


class StandingPage(PageContext, frozen=True, kw_only=True):
    """page.html"""

    leaf: StandingText


def standing_page(context: RenderContext, published: PublishedPage) -> Output:
    """Return a page beside the issues, such as pages/about.md."""
    where, file = Location(published.source.file, 1), published.source.file
    build = partial(_standing, context, file, published.path, published.mark)
    key = f"{file} {published.mark}"
    return page_output(context, "page.html", published.path, WriteOrder.LIST, where, build, key)


def _standing(context: RenderContext, file: str, path: str, mark: str | None) -> StandingPage:
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
            headings=headings(facts),
            mark=context.translator.translate("draft") if mark else None,
            extra=dict(page.extra),
        ),
    )


class NotFoundPage(PageContext, frozen=True, kw_only=True):
    """404.html"""

    newest: Card | None


def not_found_page(context: RenderContext) -> Output:
    """Return the page for addresses that do not exist."""
    where = Location("letter.yaml", 1)
    return page_output(context, "404.html", "404.html", WriteOrder.INDEX, where, partial(_not_found, context))


def _not_found(context: RenderContext) -> NotFoundPage:
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


def redirects(context: RenderContext, place: Place) -> Iterator[Output]:
    """Yield a page that redirects for each alias of an issue or a page."""
    is_issue = isinstance(place, PublishedIssue)
    text, file = place.issue if isinstance(place, PublishedIssue) else place.page, place.source.file
    for alias in text.aliases:
        path = alias if alias.endswith((".html", ".htm")) else alias + "/"
        where, build = place.source.at("aliases"), partial(_redirect, context, file, path, is_issue)
        yield page_output(context, "redirect.html", path, WriteOrder.LIST, where, build, file)


def _redirect(context: RenderContext, file: str, path: str, is_issue: bool) -> RedirectPage:
    target = context.absolute(context.path(file))
    title = context.card(file).title if is_issue else context.page(file).title
    return RedirectPage(
        letter=letter_info(context),
        page=page_info(context, path, title, canonical=target, noindex=True),
        target=target,
        title=title,
    )
