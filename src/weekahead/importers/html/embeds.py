"""Embeds: what a page showed of other places becomes a video, a post or a link, since nothing of it may run on our pages."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, inner, is_blank, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.markdown.kinds.frames import framed_video
from weekahead.model.addresses import split_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_QUOTED_POSTS = (
    "blockquote.twitter-tweet, blockquote.twitter-video, blockquote.bluesky-embed, blockquote.mastodon-embed"
)
_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%a %b %d %H:%M:%S %z %Y")
_FRAMES = (
    (re.compile(r"https://open\.spotify\.com/embed(?:-podcast)?/(.+)"), "https://open.spotify.com/{}"),
    (re.compile(r"https://player\.twitch\.tv/\?(?:.*&)?video=v?(\d+).*"), "https://www.twitch.tv/videos/{}"),
    (re.compile(r"https://www\.dailymotion\.com/embed/video/(\w+).*"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"https://codepen\.io/([^/]+)/embed/(?:preview/)?(\w+).*"), "https://codepen.io/{}/pen/{}"),
    (re.compile(r"https://www\.instagram\.com/(p|reel)/([\w-]+)/embed.*"), "https://www.instagram.com/{}/{}/"),
    (re.compile(r"https://fast\.wistia\.(?:net|com)/embed/iframe/(\w+).*"), "https://fast.wistia.net/embed/iframe/{}"),
    (re.compile(r"(https://[^/]+/@[^/]+/\d+)/embed"), "{}"),
)
"""Addresses of frames, and those of the pages that show the same."""


def show_embeds(document: HtmlDocument, notes: PostNotes) -> None:
    """Put a shape or a link in the place of each frame, player and quoted post."""
    for quotation in document.css(_QUOTED_POSTS):
        _show_quoted(document, quotation, notes)
    for frame in reversed(document.css("iframe, frame")):
        _show_frame(document, frame, notes)
    for player in reversed(document.css("video, audio")):
        _show_player(document, player, notes)
    for thing in reversed(document.css("object, embed")):
        _show_object(document, thing, notes)


def parse_day(text: str) -> date | None:
    """Return the day that a text begins with, as English-language sites write days."""
    text = " ".join(re.sub("[·∙•|]", " ", text).split())
    if found := re.match(r"\d{4}-\d\d-\d\d", text):
        text = found[0]
    text = re.sub(r"^\d{1,2}:\d\d (?:AM|PM)?\s*", "", text)
    for form in _DATES:
        for candidate in (text, " ".join(text.split()[:3])):
            try:
                return datetime.strptime(candidate, form).date()  # noqa: DTZ007
            except ValueError:
                continue
    return None


def _show_quoted(document: HtmlDocument, quotation: LexborNode, notes: PostNotes) -> None:
    """Make a post of a quotation as a network has people paste it: paragraphs, a dash, a name, a day that is a link."""
    links = quotation.css("a[href]")
    last = links[-1] if links else None
    body = "".join(node.html or "" for node in quotation.css("p"))
    if last is None or not body:
        return
    for node in quotation.css("p"):
        node.decompose()
    day, address = parse_day(words(last)), attribute(last, "href").partition("?")[0]
    last.decompose()
    author = words(quotation).strip(" —–-·")
    document.replace(
        quotation, shapes.post(author or split_address(address).hostname or "", body, day=day, address=address)
    )


def _show_frame(document: HtmlDocument, frame: LexborNode, notes: PostNotes) -> None:
    source = attribute(frame, "src") or attribute(frame, "data-src") or attribute(frame, "data-lazy-src")
    if not source or source.startswith(("about:", "javascript:", "data:")):
        said = words(frame)[:60] or attribute(frame, "title")[:60]
        notes.add(Outcome.DROPPED, "frame", f"left out a frame without an address{f' ({said})' if said else ''}")
        frame.decompose()
        return
    source = f"https:{source}" if source.startswith("//") else source
    title = attribute(frame, "title")
    if (video := framed_video({"src": source, "title": title})) is not None:
        document.replace(frame, shapes.video(video.address, video.title))
        notes.add(Outcome.CHANGED, "video", f"a video is a link now: {video.address}", words=video.address)
        return
    put_link(document, frame, _page_of(source), title, notes, "a frame")


def _page_of(source: str) -> str:
    """Return the address of the page that shows what a frame showed."""
    for pattern, page in _FRAMES:
        if found := pattern.fullmatch(source):
            return page.format(*found.groups())
    return source


def put_link(document: HtmlDocument, node: LexborNode, address: str, title: str, notes: PostNotes, what: str) -> None:
    """Put a link in the place of something that was shown there; without a title, its words are its address."""
    made = shapes.link(address, title or address)
    document.replace(node, made if node.parent and node.parent.tag == "p" else shapes.paragraph(made))
    notes.add(Outcome.CHANGED, "embed", f"{what} is a link now: {address}", words=address)


def _show_player(document: HtmlDocument, player: LexborNode, notes: PostNotes) -> None:
    sources = (attribute(node, "src") for node in (player, *player.css("source")))
    address = next((source for source in sources if source), "")
    what = "a recording" if player.tag == "audio" else "a video"
    if not address:
        said = words(player)[:60]
        notes.add(Outcome.DROPPED, player.tag or "", f"left out {what} without an address{f': {said}' if said else ''}")
        player.decompose()
        return
    put_link(document, player, address, attribute(player, "title") or attribute(player, "aria-label"), notes, what)


def _show_object(document: HtmlDocument, thing: LexborNode, notes: PostNotes) -> None:
    """Show what stands in an object for those who cannot see it, and a link to it."""
    address = attribute(thing, "data") or attribute(thing, "src")
    inside = inner(thing) if thing.tag == "object" and not is_blank(thing.text()) else ""
    named = shapes.paragraph(shapes.link(address, attribute(thing, "title") or address)) if address else ""
    notes.add(
        Outcome.CHANGED, "embed", f"an embedded object is a link now: {escape(address)[:200] or 'it had no address'}"
    )
    document.replace(thing, named + inside)
