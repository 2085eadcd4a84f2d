"""The e-mail edition of an issue: what its page says, as HTML that mail programs show and as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import msgspec
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from weekahead.mail.mail_text import to_mail_text
from weekahead.model.config import MailConfig
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Text, format_duration
from weekahead.site.aspects import IssueCard, IssueDetails
from weekahead.site.context import RenderContext
from weekahead.site.groups import series_path
from weekahead.site.html_text import sanitize_for_mail, sanitize_for_mail_text
from weekahead.site.issue_page import author_names
from weekahead.site.named_in_config import footer_links
from weekahead.site.page_context import SeriesLine, direction, upcoming_issue
from weekahead.site.published import PublishedIssue
from weekahead.site.templates import render_page
from weekahead.site.whats_next import UpcomingRow
from weekahead.theme.colors import by_day
from weekahead.theme.fonts import mail_fonts

WAY_OUT = "WEEKAHEADxWAYxOUT"
"""What stands in an edition for the address at which one reader leaves. Only we write it."""

TEMPLATE = "email.html"


class Edition(Struct, frozen=True, kw_only=True):
    """An issue as an e-mail for everybody: WAY_OUT stands wherever a reader's own address to leave goes."""

    key: str
    """That of the issue."""
    number: int | None
    title: str
    subject: str
    html: str
    text: str
    date: datetime
    """The instant of publication, aware of its zone."""
    page: str
    """The absolute address of its page."""
    digest: str
    """Of all of the above."""


# -- what the template is given


class MailColors(Struct, frozen=True, kw_only=True):
    """Colors as #rrggbb."""

    paper: str
    ink: str
    accent: str
    faint: str
    line: str
    tint: str


class MailFonts(Struct, frozen=True, kw_only=True):
    """Font stacks, as CSS has them."""

    text: str
    headings: str


class MailLetter(Struct, frozen=True, kw_only=True):
    """What an edition shows of the letter: `letter` in email.html. Addresses are absolute."""

    title: str
    language: str
    direction: str
    home: str
    archive: str
    copyright: str | None
    colors: MailColors
    fonts: MailFonts


class MailAudio(Struct, frozen=True, kw_only=True):
    """The audio edition as a link."""

    address: str
    duration: str | None
    size: str | None


class MailPicture(Struct, frozen=True, kw_only=True):
    address: str
    alt: str


class MailSlot(Struct, frozen=True, kw_only=True):
    """A line of what's next."""

    label: str
    title: str
    date: date
    address: str | None
    outcome: str | None


class MailCorrection(Struct, frozen=True, kw_only=True):
    date: date
    what: str


class MailIssue(Struct, frozen=True, kw_only=True):
    """The issue: `issue` in email.html. Texts are HTML for mail programs; addresses are absolute."""

    language: str | None
    """That of the issue, with its direction, if not the letter's."""
    direction: str | None
    label: str
    title: str
    date: date
    summary: str | None
    address: str
    authors: list[str]
    series: SeriesLine | None
    cover: MailPicture | None
    audio: MailAudio | None
    note: Markup | None
    body: Markup
    corrections: list[MailCorrection]
    signoff: Markup | None
    discussion: str | None


class EditionPage(Struct, frozen=True, kw_only=True):
    """email.html"""

    letter: MailLetter
    issue: MailIssue
    upcoming: list[MailSlot]
    subject: str
    footer: Markup | None
    way_out: str
    """What becomes the address at which a reader leaves."""


# -- making it


def edition_of(context: RenderContext, published: PublishedIssue, mail: MailConfig) -> Edition:
    """Return the edition of an issue, published or not. Raises BuildError when its template or a text fails."""
    card, page = context.card(published.source.file), edition_page(context, published, mail, sanitize_for_mail)
    made = Edition(
        key=published.issue.key,
        number=card.number,
        title=card.title,
        subject=page.subject,
        html=_inlined(html_with_rules(context, page)),
        text=to_mail_text(edition_page(context, published, mail, sanitize_for_mail_text), context.translator),
        date=context.published_at(card.file),
        page=page.issue.address,
        digest="",
    )
    return replace(made, digest=hash_value(made))


def html_with_rules(context: RenderContext, page: EditionPage) -> str:
    """Return the HTML of an edition whose rules are still in its style element. Raises BuildError."""
    return render_page(context.theme(TEMPLATE), TEMPLATE, page, context.texts, context.translator).decode()


def subject_of(context: RenderContext, published: PublishedIssue, mail: MailConfig) -> str:
    """Return the subject of an issue: its own, or the letter's with what it names."""
    card = context.card(published.source.file)
    number = "" if card.number is None else str(card.number)
    own = published.issue.mail.subject
    return own or mail.subject.format(title=card.title, number=number, letter=context.config.title)


def _inlined(html: str) -> str:
    """Return the HTML with the rules of its first style element on its elements. Mail programs drop style elements."""
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False).inline(html)


def edition_page(
    context: RenderContext, published: PublishedIssue, mail: MailConfig, sanitize: Callable[..., str]
) -> EditionPage:
    """Return what an edition is made from; `sanitize` makes the HTML of a text, whose addresses are relative to a base."""
    config, card = context.config, context.card(published.source.file)
    text_font, heading_font = mail_fonts(config.theme.font, config.theme.headings)
    clean = partial(sanitize, base=context.absolute(card.path))
    return EditionPage(
        letter=MailLetter(
            title=config.title,
            language=config.language,
            direction=context.translator.direction,
            home=context.absolute(""),
            archive=context.absolute("archive/"),
            copyright=config.copyright,
            colors=msgspec.convert(by_day(config.theme.light), MailColors),
            fonts=MailFonts(text=text_font, headings=heading_font),
        ),
        issue=_issue(context, card, clean),
        upcoming=[_slot(context, row) for row in context.upcoming(card.file)],
        subject=subject_of(context, published, mail),
        footer=_footer(context, mail.footer, partial(sanitize, base=context.absolute(""))),
        way_out=WAY_OUT,
    )


def _issue(context: RenderContext, card: IssueCard, clean: Callable[[str], str]) -> MailIssue:
    file, details = card.file, context.details(card.file)
    cover = details.cover
    return MailIssue(
        language=card.language,
        direction=direction(card.language),
        label=context.label(card.number),
        title=card.title,
        date=card.day,
        summary=card.summary,
        address=context.absolute(card.path),
        authors=author_names(context, card),
        series=_series(context, card),
        cover=MailPicture(address=context.absolute(context.file_path(file, cover.file)), alt=cover.alt)
        if cover
        else None,
        audio=_audio(context, file, details),
        note=_text(context, file, details.note, clean),
        body=_text(context, file, context.body(file), clean) or Markup(),
        corrections=[MailCorrection(date=made.date, what=made.what) for made in details.corrections],
        signoff=_text(context, file, context.config.signoff, clean),
        discussion=details.discussion,
    )


def _text(context: RenderContext, file: str, text: Text | None, clean: Callable[[str], str]) -> Markup | None:
    """Return a text of an issue. Its ids are as they are: an edition has one issue."""
    placed = context.text(file, text, feed=True)
    return Markup(clean(context.texts.html(replace(placed, prefix="")))) if placed else None


def _footer(context: RenderContext, text: Text | None, clean: Callable[[str], str]) -> Markup | None:
    if text is None:
        return None
    addresses = footer_links(context.texts.facts(text), context.config.url)
    placed = replace(context.unplaced(text), addresses={each: context.from_root(each) for each in addresses})
    return Markup(clean(context.texts.html(placed)))


def _series(context: RenderContext, card: IssueCard) -> SeriesLine | None:
    if card.series is None:
        return None
    part = card.series
    return SeriesLine(name=part.name, part=part.part, of=part.of, address=context.absolute(series_path(part.name)))


def _audio(context: RenderContext, file: str, details: IssueDetails) -> MailAudio | None:
    audio = details.audio
    if audio is None:
        return None
    return MailAudio(
        address=context.absolute(context.file_path(file, audio.file)) if audio.file else audio.url or "",
        duration=None if audio.duration is None else format_duration(audio.duration),
        size=f"{audio.bytes / 1_000_000:.1f} MB" if audio.bytes else None,
    )


def _slot(context: RenderContext, row: UpcomingRow) -> MailSlot:
    shown = upcoming_issue(context, row)
    address = context.absolute(row.path) if row.path else None
    return MailSlot(label=shown.label, title=shown.title, date=shown.date, address=address, outcome=shown.outcome)
