"""The front page: the newest issue, the head of the archive, what's next."""

from __future__ import annotations

from msgspec.structs import asdict

from weekahead.site.context import RenderContext
from weekahead.site.issue_page import reading_minutes
from weekahead.site.page_context import (
    Card,
    PageContext,
    UpcomingIssue,
    in_schema,
    issue_card,
    letter_info,
    page_info,
    shortened,
    upcoming_issue,
)

HEAD_OF_ARCHIVE = 10
"""How many issues stand below the newest."""


class NewestIssue(Card, frozen=True, kw_only=True):
    minutes: int


class FrontPage(PageContext, frozen=True, kw_only=True):
    """index.html"""

    newest: NewestIssue | None
    lead: str | None
    issues: list[Card]
    count: int
    upcoming: list[UpcomingIssue]
    next_due: UpcomingIssue | None


def front_page(context: RenderContext) -> FrontPage:
    config, files = context.config, context.newest(str(1 + HEAD_OF_ARCHIVE))
    planned = [row for row in context.plan.rows if row.planned][: config.whats_next]
    upcoming = [upcoming_issue(context, row) for row in planned]
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
    return NewestIssue(**asdict(card), minutes=reading_minutes(facts)), lead
