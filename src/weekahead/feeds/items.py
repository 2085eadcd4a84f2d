"""What every feed says, before it has a format: the letter as a channel of items, each with one id, one date, one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from msgspec import Struct

from weekahead.markdown.rendered_texts import RenderedTexts, TextRef
from weekahead.model.config import Config
from weekahead.site.context import RenderContext
from weekahead.site.html_text import sanitize_for_feed, strip_illegal_xml
from weekahead.site.issue_page import transcripts
from weekahead.site.page_context import direction, rhythm, shortened, upcoming_issue
from weekahead.site.whats_next import UpcomingRow


class Enclosure(Struct, frozen=True, kw_only=True):
    """The audio edition of an issue, as a feed carries it."""

    address: str
    bytes: int
    type: str
    duration: int | None
    season: int
    """The year it came out."""
    episode: int | None
    """The number of the issue; None for a special edition."""
    transcripts: tuple[tuple[str, str], ...]
    """Address and media type of each."""
    chapters: str | None


class Item(Struct, frozen=True, kw_only=True):
    """One issue as a feed shows it. `content` are its texts in order; addresses are absolute."""

    id: str
    title: str
    address: str
    published: datetime
    updated: datetime
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    said: tuple[str, ...]
    """The letter's words for: research note, corrections, what's next, read the whole issue on the site."""
    content: tuple[tuple[str, TextRef], ...]
    upcoming: tuple[tuple[str, str, str | None, str | None], ...]
    """What's next: what each is called, its title, its address once it is out, how the promise turned out."""
    corrections: tuple[tuple[str, str], ...]
    """The day of each correction, and what was put right."""
    picture: tuple[str, str] | None
    """The address of the cover, and its words."""
    enclosure: Enclosure | None
    language: str | None
    """That of the issue, if not the letter's."""
    direction: str
    """Of its language: ltr or rtl."""


class Channel(Struct, frozen=True, kw_only=True):
    """What a feed says of itself in every format."""

    id: str
    title: str
    description: str
    address: str
    config: Config
    stylesheet: str
    icon: str
    updated: datetime
    items: tuple[Item, ...]

    @property
    def author(self) -> str:
        """Whose letter it is, for formats that must have an author."""
        return self.config.author_name or self.title


def channel(context: RenderContext, files: Iterable[str], about: str = "", path: str = "") -> Channel:
    """Return a feed of some issues: the whole letter's, or that of one of its pages (`about` what, at which `path`)."""
    config = context.config
    items = tuple(item(context, file) for file in files)
    first = datetime(1970, 1, 1, tzinfo=UTC)
    return Channel(
        id=config.identity(f"feed/{path}"),
        title=f"{config.title}: {about}" if about else config.title,
        description=config.tagline or rhythm(context),
        address=context.absolute(path),
        config=config,
        stylesheet=context.address("assets/feed.css"),
        icon=context.absolute("assets/favicon.svg"),
        updated=max((found.updated for found in items), default=first),
        items=items,
    )


def item(context: RenderContext, file: str) -> Item:
    """Return an issue as every feed shows it."""
    card, details, config = context.card(file), context.details(file), context.config
    body = context.body(file)
    texts = {
        "note": context.text(file, details.note, feed=True),
        "body": context.text(file, body, feed=True),
        "signoff": context.text(file, config.signoff, feed=True),
    }
    lead = strip_illegal_xml(context.facts(body).lead)
    cover, said = details.cover, ("research_note", "corrections", "whats_next", "read_whole")
    return Item(
        id=context.feed_id(file),
        title=card.title,
        address=context.absolute(card.path),
        published=_whole_minutes(context.published_at(file)),
        updated=_whole_minutes(context.updated_at(file)),
        summary=card.summary or shortened(lead, 300) or card.title,
        authors=card.authors or ((config.author_name,) if config.author_name else ()),
        tags=card.tags,
        said=tuple(map(context.translator.translate, said)),
        content=tuple((name, html) for name, html in texts.items() if html),
        upcoming=tuple(_coming(context, row) for row in context.upcoming(file)),
        corrections=tuple((context.translator.format_date(made.date), made.what) for made in details.corrections),
        picture=(context.absolute(context.file_path(file, cover.file)), cover.alt) if cover else None,
        enclosure=_enclosure(context, file),
        language=card.language,
        direction=direction(card.language) or context.translator.direction,
    )


def _whole_minutes(instant: datetime) -> datetime:
    """Return an instant that feeds can write: before there were time zones, clocks were off by odd seconds (RFC 3339, 4.3)."""
    offset = instant.utcoffset()
    return instant.astimezone(UTC) if offset is not None and offset.total_seconds() % 60 else instant


WRITTEN = "%/:=&?~#+!$,;'@()*[]"
"""What an address may hold as it is; an enclosure holds no letter outside ASCII."""


def _enclosure(context: RenderContext, file: str) -> Enclosure | None:
    card, audio = context.card(file), context.details(file).audio
    if audio is None:
        return None
    elsewhere = quote(audio.url or "", safe=WRITTEN)
    return Enclosure(
        address=context.absolute(context.file_path(file, audio.file)) if audio.file else elsewhere,
        bytes=audio.bytes,
        type=audio.type,
        duration=audio.duration,
        season=card.day.year,
        episode=card.number,
        transcripts=tuple((context.absolute(path), kind) for path, kind in transcripts(context, file)),
        chapters=context.absolute(chapters_path(card.path)) if audio.chapters else None,
    )


def chapters_path(page: str) -> str:
    return f"{page}chapters.json"


def _coming(context: RenderContext, row: UpcomingRow) -> tuple[str, str, str | None, str | None]:
    shown = upcoming_issue(context, row)
    return shown.label, shown.title, context.absolute(row.path) if row.path else None, shown.outcome


# -- the text of an item


def content(found: Item, texts: RenderedTexts) -> str:
    """Return the full text of an item as HTML that every reader takes."""
    parts = {name: texts.html(html) for name, html in found.content}
    of_note, of_corrections, of_next, _ = map(escape, found.said)
    note, signoff, corrections = parts.get("note"), parts.get("signoff"), map(_correction, found.corrections)
    whole = [
        f'<p><img src="{escape(found.picture[0])}" alt="{escape(found.picture[1])}"></p>' if found.picture else "",
        f"<blockquote><p><strong>{of_note}</strong></p>{note}</blockquote>" if note else "",
        parts.get("body", ""),
        f"<h2>{of_corrections}</h2>\n<ul>{''.join(corrections)}</ul>" if found.corrections else "",
        f"<h2>{of_next}</h2>\n<ul>{''.join(map(_line, found.upcoming))}</ul>" if found.upcoming else "",
        f"<hr>{signoff}" if signoff else "",
    ]
    return _directed(found, sanitize_for_feed("\n".join(part for part in whole if part), found.address))


def _directed(found: Item, html: str) -> str:
    """Return HTML that runs from right to left where the language does: around it, a reader's page may run otherwise."""
    return f'<div dir="rtl">{html}</div>' if found.direction == "rtl" else html


def _line(row: tuple[str, str, str | None, str | None]) -> str:
    label, title, address, outcome = row
    words = escape(title)
    linked = f'<a href="{escape(address)}">{words}</a>' if address else words
    return f"<li>{escape(label)}: {linked}{f' ({escape(outcome)})' if outcome else ''}</li>"


def _correction(row: tuple[str, str]) -> str:
    day, what = row
    return f"<li>{escape(day)}: {escape(what, quote=False)}</li>"


def summary(found: Item) -> str:
    """Return what stands for the text of an item where the whole would make a feed too large."""
    words = escape(found.summary, quote=False)
    return _directed(found, f'<p>{words}</p>\n<p><a href="{escape(found.address)}">{escape(found.said[3])}</a></p>')


# -- what fits

FRAME, AUDIO = 600, 600
"""Bytes that an item, and its audio, take in any format besides words and addresses."""


def fitted(about: Channel, texts: RenderedTexts) -> Iterator[tuple[Item, str]]:
    """Yield the items with their texts, the newest first in full; then with summaries, and the last not at all, when all would
    be more than `feed.max_kb`. Every format has the same, for all count by the most wordy of them."""
    room = about.config.feed_max_kb * 1000 - 2 * FRAME
    short = [_size(found) + _weight(summary(found)) for found in about.items]
    while short and sum(short) > room:
        short.pop()
    spare, full = room - sum(short), True
    for found, least in zip(about.items, short, strict=False):
        whole = content(found, texts) if full else ""
        spare -= _size(found) + _weight(whole) - least
        full = full and spare >= 0
        yield found, whole if full else summary(found)


def _size(found: Item) -> int:
    words = [found.title, found.title, found.summary, *found.authors, *found.tags, *found.tags]
    frame = FRAME + 4 * len(found.address) + (AUDIO if found.enclosure else 0)
    return frame + sum(map(_weight, words)) + 60 * (len(found.tags) + len(found.authors))


def _weight(words: str) -> int:
    """Return the bytes of some words in Atom, where markup is escaped."""
    return len(words.encode()) + 3 * words.count("<") + 3 * words.count(">") + 4 * words.count("&")
