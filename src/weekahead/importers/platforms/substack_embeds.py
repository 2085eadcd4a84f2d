"""Substack's embeds: posts of networks, videos, other letters, formulas and mentions, which stand in attributes alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from weekahead.importers.html import shapes
from weekahead.importers.html.data_attributes import address as address_in
from weekahead.importers.html.data_attributes import items, read_data, said
from weekahead.importers.html.document import HtmlDocument, attribute, inner, words
from weekahead.importers.html.embeds import parse_day
from weekahead.importers.html.links import plain_address
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import html_of, link_card, words_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def bring_in_embeds(document: HtmlDocument, notes: PostNotes) -> None:
    """Put a shape in the place of each component that Substack shows with a script."""
    for selector, bring_in in _EMBEDS:
        for node in reversed(document.css(selector)):
            bring_in(document, node, notes)


# -- posts


def _tweet(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    """Show what a network's post said: its text is HTML in an attribute, or stands in the page as it once looked."""
    data = read_data(node)
    if not data:
        _old_tweet(document, node, notes)
        return
    address = address_in(data, "url").partition("?")[0]
    name, user = said(data, "name"), said(data, "username")
    author = f"{name} (@{user})" if name and user and name != user else name or (f"@{user}" if user else "")
    html = _paragraphs(said(data, "full_text"))
    html += "".join(
        shapes.picture(src, said(photo, "alt_text")) for photo in items(data, "photos") if (src := _photo(photo))
    )
    if said(data.get("quoted_tweet"), "full_text"):
        quoted = data["quoted_tweet"]
        html += f"<blockquote>{_paragraphs(said(quoted, 'full_text'))}<p>— {escape(said(quoted, 'name') or said(quoted, 'username'))}</p></blockquote>"
    if expanded := said(data.get("expanded_url"), "url") or address_in(data, "expanded_url"):
        html += shapes.paragraph(shapes.link(expanded, said(data.get("expanded_url"), "title") or expanded))
    if video := address_in(data, "video_url"):
        notes.add(Outcome.ELSEWHERE, "video", f"a post has a video that is not in the export: {video}", words=address)
    if not html.strip():
        notes.add(
            Outcome.ASK, "post", f"the words of a post are not in the export: {address or 'its address is unknown'}"
        )
    _put_post(document, node, author, html, said(data, "date"), address)


def _photo(photo: object) -> str:
    return address_in(photo, "img_url") or address_in(photo, "url") or (photo if isinstance(photo, str) else "")


def _put_post(document: HtmlDocument, node: LexborNode, author: str, html: str, date: str, address: str) -> None:
    if not html.strip():
        document.replace(node, shapes.paragraph(shapes.link(address, author or address)) if address else "")
        return
    document.replace(node, shapes.post(author or address, html, day=parse_day(date), address=address))


def _paragraphs(html: str) -> str:
    """Return the text of a post, which is HTML with line ends, as paragraphs."""
    parts = re.split(r"\n\s*\n", html.strip())
    return "".join(shapes.paragraph(part.strip().replace("\n", "<br>")) for part in parts if part.strip())


def _old_tweet(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    link = node.css_first("a.tweet-link-top, a.tweet-link-bottom, a[href]")
    address = attribute(link, "href").partition("?")[0] if link is not None else ""
    name, handle = words_of(node, ".tweet-author-name"), words_of(node, ".tweet-author-handle")
    author = f"{name} ({handle})" if name and handle else name or handle
    html = _paragraphs(html_of(node, ".tweet-text")) or (shapes.paragraph(escape(words(node))) if words(node) else "")
    html += "".join(
        f'<img src="{escape(attribute(img, "src"))}" alt="{escape(attribute(img, "alt"))}">'
        for img in node.css(".tweet-photos img, img.tweet-photo")
    )
    if not html.strip():
        notes.add(
            Outcome.ASK, "post", f"the words of a post are not in the export: {address or 'its address is unknown'}"
        )
    _put_post(document, node, author, html, words_of(node, ".tweet-date"), address)


def _comment(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    """Show a note or a comment that was quoted."""
    data = read_data(node)
    comment = data.get("comment")
    body = said(comment, "body") or said(data, "body")
    name = said(comment, "name") or said(comment, "user", "name") or said(data, "name")
    html = "".join(f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n+", body) if part.strip())
    if not html:
        return
    address = plain_address(address_in(data, "url"))
    _put_post(document, node, name, html, said(comment, "date") or said(data, "date"), address)


# -- videos, sounds, other letters


def _youtube(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    data = read_data(node)
    id, start = said(data, "videoId"), re.sub(r"\D", "", said(data, "startTime"))
    if not re.fullmatch(r"[\w-]{5,20}", id):
        return
    address = f"https://www.youtube.com/watch?v={id}{f'&t={start}' if start and start != '0' else ''}"
    _put_video(document, node, address, "YouTube", notes)


def _vimeo(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    id = said(read_data(node), "videoId")
    if re.fullmatch(r"\d{1,12}(?:/\w+)?", id):
        _put_video(document, node, f"https://vimeo.com/{id}", "Vimeo", notes)


def _put_video(document: HtmlDocument, node: LexborNode, address: str, title: str, notes: PostNotes) -> None:
    document.replace(node, shapes.video(address, title))
    notes.add(Outcome.CHANGED, "video", f"a video is a link now: {address}", words=address)


def _card(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    """Show something elsewhere (a song, a chart, a post of another letter) by its title, and what is said of it."""
    data = read_data(node)
    address = plain_address(
        address_in(data, "canonical_url")
        or address_in(data, "url")
        or address_in(data, "targetUrl")
        or attribute(node, "src")
    )
    title = said(data, "title") or words_of(node, ".embedded-post-title") or said(data, "author_name")
    about = [said(data, key) for key in ("subtitle", "caption", "truncated_body_text", "description")]
    people = [said(person, "name") for key in ("publishedBylines", "bylines") for person in items(data, key)]
    source = ", ".join(
        dict.fromkeys(part for part in (said(data, "publication_name"), *people, said(data, "author")) if part)
    )
    if not address and not title:
        return
    document.replace(node, link_card(address, title, *dict.fromkeys(part for part in (*about, source) if part)))
    notes.add(Outcome.CHANGED, "embed", f"an embed is a link now: {address or title}", words=address)


def _instagram(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    data = read_data(node)
    if id := said(data, "instagram_id"):
        author, title = said(data, "author_name"), said(data, "title")
        document.replace(
            node, link_card(f"https://www.instagram.com/p/{id}/", title or author, author if title else "")
        )
        notes.add(Outcome.CHANGED, "embed", f"a post on Instagram is a link now: https://www.instagram.com/p/{id}/")


def _gist(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    """Show the code of a gist, which stands as HTML in an attribute."""
    html = said(read_data(node), "innerHTML")
    lines = [line.text() for line in HtmlDocument(html).css("td.blob-code")]
    if lines:
        document.replace(node, shapes.code("\n".join(line.rstrip("\n") for line in lines)))


# -- within a text


def _formula(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    tex = said(read_data(node), "persistentExpression") or words(node)
    if tex:
        document.replace(node, shapes.formula(tex, display=node.tag == "div"))


def _mention(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    data = read_data(node)
    name, address = said(data, "name") or words(node), address_in(data, "url")
    document.replace(node, shapes.link(address, name) if address.startswith("http") else escape(name, quote=False))


def _code(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    language, code = said(read_data(node), "language"), node.css_first("pre")
    if code is not None:
        named = language if re.fullmatch(r"[\w+#.-]+", language) and language not in ("plaintext", "plain") else ""
        document.replace(node, shapes.code(code.text().removesuffix("\n"), named))


def _quotation(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    document.replace(node, f"<blockquote>{inner(node)}</blockquote>")


def _callout(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    document.replace(node, shapes.note(inner(node)))


_CARDS = (
    ".embedded-post-wrap, .digest-post-embed, .embedded-publication-wrap, .spotify-wrap, .apple-podcast-container, "
    ".soundcloud-wrap, .tiktok-wrap, .datawrapper-wrap, .prediction-market-wrap, .bandcamp-wrap, .strava-wrap"
)
_EMBEDS: tuple[tuple[str, Callable[[HtmlDocument, LexborNode, PostNotes], None]], ...] = (
    ("div.twitter-embed, div.tweet, .bluesky-wrap, .threads-wrap", _tweet),
    ("div.comment", _comment),
    (".youtube-wrap", _youtube),
    (".vimeo-wrap", _vimeo),
    (_CARDS, _card),
    ("div.instagram", _instagram),
    (".github-gist", _gist),
    (".latex-rendered", _formula),
    (".mention-wrap, .mention-user", _mention),
    (".highlighted_code_block", _code),
    ("div.pullquote", _quotation),
    (".callout-block", _callout),
)
