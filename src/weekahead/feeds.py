"""The public letter as feeds: the only room that knows feedgen."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

from msgspec import Struct

from weekahead import __version__
from weekahead.findings import Where
from weekahead.links import file_path
from weekahead.output import Output, Rank, output
from weekahead.pages import Desk, shortened
from weekahead.public import Coming, Published
from weekahead.texts import Html, Texts


class Item(Struct, frozen=True, kw_only=True):
    """One issue as a feed shows it. `content` are its texts in order; addresses are absolute."""

    id: str
    title: str
    address: str
    published: datetime
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    content: tuple[tuple[str, Html], ...]
    upcoming: tuple[tuple[str, str, str | None, str | None], ...]
    """What's next: what each is called, its title, its address once it is out, how the promise turned out."""
    enclosure: tuple[str, int, str] | None


class Channel(Struct, frozen=True, kw_only=True):
    """The feed itself."""

    title: str
    description: str
    address: str
    own_address: str
    language: str
    copyright: str | None
    author_name: str | None
    author_email: str | None
    updated: datetime
    items: tuple[Item, ...]


def feeds(desk: Desk) -> list[Output]:
    """Every feed of the site."""
    channel = _channel(desk)
    rss = output(
        "feed.xml",
        Where("letter.yaml", 1),
        Rank.FEED,
        lambda: rss_feed(channel, desk.texts),
        channel=channel,
        revision=desk.revision,
    )
    return [rss]


def _channel(desk: Desk) -> Channel:
    public, head = desk.public, desk.public.masthead
    listed = [place for place in public.issues if place.mark is None][: head.feed_items]
    first = public.as_of.replace(year=1970, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return Channel(
        title=head.title,
        description=head.tagline or public.rhythm,
        address=head.url,
        own_address=desk.absolute("feed.xml"),
        language=head.language,
        copyright=head.copyright,
        author_name=head.author_name,
        author_email=head.author_email,
        updated=max((place.instant for place in listed), default=first),
        items=tuple(_item(desk, place) for place in listed),
    )


def _item(desk: Desk, place: Published) -> Item:
    issue, head = place.issue, desk.public.masthead
    texts = {
        "note": desk.html(place, issue.research_note, feed=True),
        "body": desk.html(place, issue.body, feed=True),
        "signoff": desk.html(place, head.signoff, feed=True),
    }
    lead = desk.texts.facts(issue.body).lead
    return Item(
        id=place.identity,
        title=issue.title,
        address=desk.absolute(place.path),
        published=place.instant,
        summary=issue.summary or shortened(lead, 300) or issue.title,
        authors=issue.authors or ((head.author_name,) if head.author_name else ()),
        tags=issue.tags,
        content=tuple((name, html) for name, html in texts.items() if html),
        upcoming=tuple(_coming(desk, row) for row in desk.public.after(place)),
        enclosure=_enclosure(desk, place),
    )


def _enclosure(desk: Desk, place: Published) -> tuple[str, int, str] | None:
    audio = place.issue.audio
    if audio is None:
        return None
    address = desk.absolute(file_path(place, audio.file)) if audio.file else audio.url or ""
    return address, audio.bytes, audio.type


def _coming(desk: Desk, row: Coming) -> tuple[str, str, str | None, str | None]:
    return row.label, row.words, desk.absolute(row.path) if row.path else None, row.outcome


def content(item: Item, texts: Texts) -> str:
    """The full text of an item as HTML."""
    frames = {
        "note": "<blockquote><p><strong>Research note</strong></p>{}</blockquote>",
        "body": "{}",
        "signoff": "<hr>{}",
    }
    parts = {name: frames[name].replace("{}", texts.html(html)) for name, html in item.content}
    upcoming = f"<h2>What’s next</h2>\n<ul>{''.join(map(_line, item.upcoming))}</ul>" if item.upcoming else ""
    return "\n".join(part for part in (parts.get("note"), parts.get("body"), upcoming, parts.get("signoff")) if part)


def _line(row: tuple[str, str, str | None, str | None]) -> str:
    label, title, address, outcome = row
    words = escape(title)
    linked = f'<a href="{escape(address)}">{words}</a>' if address else words
    return f"<li>{escape(label)}: {linked}{f' ({escape(outcome)})' if outcome else ''}</li>"


def rss_feed(channel: Channel, texts: Texts) -> bytes:
    """RSS 2.0 with content:encoded (RSS Advisory Board profile)."""
    from feedgen.feed import FeedGenerator

    feed: Any = FeedGenerator()
    feed.title(channel.title)
    feed.description(channel.description)
    # The channel's link is whichever link() came last, so the feed's own address goes first.
    feed.link(href=channel.own_address, rel="self", type="application/rss+xml")
    feed.link(href=channel.address, rel="alternate")
    feed.language(channel.language)
    feed.generator("weekahead", version=__version__)
    feed.lastBuildDate(channel.updated)  # feedgen's default is the clock
    if channel.copyright:
        feed.copyright(channel.copyright)
    if channel.author_email:
        feed.managingEditor(f"{channel.author_email} ({channel.author_name or channel.title})")
    feed.load_extension("dc")
    for item in channel.items:
        entry = feed.add_entry(order="append")  # feedgen's default is to prepend
        entry.id(item.id)
        entry.guid(item.id, permalink=False)
        entry.title(item.title)
        entry.link(href=item.address)
        entry.published(item.published)
        entry.description(item.summary)
        entry.content(content(item, texts), type="CDATA")
        entry.category([{"term": tag} for tag in item.tags])
        if item.authors:
            entry.dc.dc_creator(", ".join(item.authors))
        if item.enclosure:
            address, size, kind = item.enclosure
            entry.enclosure(address, str(size), kind)
    return bytes(feed.rss_str(pretty=True))
