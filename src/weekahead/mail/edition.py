"""An issue as an e-mail for everybody."""

from __future__ import annotations

from datetime import datetime
from html import escape

from msgspec import Struct

from weekahead.feeds.items import item
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue
from weekahead.model.letter import Letter
from weekahead.site.context import RenderContext
from weekahead.site.html_text import sanitize_for_feed, to_plain_text

WAY_OUT = "WEEKAHEADWAYOUT"
"""Stands wherever a reader's own address to leave goes."""


class Edition(Struct, frozen=True, kw_only=True):
    """An issue as an e-mail for everybody: WAY_OUT stands wherever a reader's own address to leave goes."""

    key: str
    """Names the issue in the books."""
    number: int | None
    title: str
    subject: str
    html: str
    text: str
    date: datetime
    page: str
    digest: str


def edition_of(context: RenderContext, letter: Letter, issue: Issue) -> Edition:
    """Return the edition of a published issue."""
    file, mail = issue.source.file, letter.config.mail
    found = item(context, file)
    html = "\n".join(context.texts.html(text) for _, text in found.content)
    html = sanitize_for_feed(html, found.address)
    names = {
        "title": issue.title,
        "number": "" if issue.number is None else issue.number,
        "letter": letter.config.title,
    }
    subject = issue.mail.subject or (mail.subject if mail else "{title}").format(**names)
    links = f'<p><a href="{escape(found.address)}">{escape(found.title)}</a> <a href="{WAY_OUT}">Unsubscribe</a></p>'
    text = f"{found.title}\n{found.address}\n\n{to_plain_text(html)}\n\nUnsubscribe: {WAY_OUT}\n"
    values = [subject, html, text, found.address]
    return Edition(
        key=str(issue.number) if issue.number is not None else issue.slug, number=issue.number, title=issue.title,
        subject=subject, html=links + html + links, text=text, date=letter.instant(issue), page=found.address,
        digest=hash_value(values),
    )  # fmt: skip
