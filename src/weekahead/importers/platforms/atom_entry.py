"""An entry of Atom (RFC 4287) as a post."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import datetime
from html import escape

from lxml import etree
from msgspec.structs import replace

from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.feed_item import FoundPost, ItemParts, absolute_html, make_post, plain_text
from weekahead.importers.platforms.moments import parse_moment
from weekahead.importers.platforms.numbers import whole_number
from weekahead.importers.platforms.xml_source import Element, Named
from weekahead.importers.post import MediaFile, Post, PostAudio
from weekahead.model.addresses import join_addresses
from weekahead.model.findings import Location

_KIND = "http://schemas.google.com/g/2005#kind"
"""Blogger's backup is an Atom feed in which settings, templates and comments are entries too."""


def read_entry(entry: Named, where: Location, now: datetime, notes: Notes) -> FoundPost | None:
    """Return an entry as a post; None, with a note, for what is none, such as a comment."""
    id = entry.text("atom:id")
    if what := _why_no_post(entry):
        notes.add(Outcome.DROPPED, "no-post", f"left out {what}", source=where)
        return None
    address = _alternate(entry)
    written = entry.text("atom:published") or entry.text("atom:updated")
    own = Notes()
    text = _content(entry)
    parts = ItemParts(
        id=id or address or f"{where.file} {written}",
        title=_title(entry),
        address=address,
        moment=parse_moment(written),
        text=text,
        about=(_html_of(entry.all("atom:summary")),),
        is_draft=any(Named(control).text("app:draft").lower() == "yes" for control in entry.all("app:control")),
    )
    post = make_post(entry, parts, where, now, own, written=written)
    post_notes = PostNotes(own, parts.id, where)
    if written and not entry.text("atom:published"):
        post_notes.add(Outcome.INFERRED, "only-updated", "it does not say when it came out; its last change was taken")
    return FoundPost(_with_links(entry, post, post_notes), tuple(own.all))


def _with_links(entry: Named, post: Post, notes: PostNotes) -> Post:
    """Return a post with its tags, authors and files."""
    tags = [category.get("label") or category.get("term", "") for category in entry.all("atom:category")]
    authors = [Named(author).text("atom:name") for author in entry.all("atom:author")]
    audio = None
    for link in entry.all("atom:link"):
        address, kind = link.get("href", ""), link.get("type", "")
        if link.get("rel") == "enclosure" and kind.startswith("audio/") and audio is None:
            length = link.get("length", "")
            audio = PostAudio(media=MediaFile(url=address), bytes=whole_number(length, digits=15) or 0, type=kind)
        elif link.get("rel") in ("enclosure", "via", "related"):
            notes.add(Outcome.ELSEWHERE, "enclosure", f"its link ({link.get('rel')}) has no form here: {address}")
    return replace(post, tags=tuple(filter(None, tags)), authors=tuple(filter(None, authors)), audio=audio)


def _why_no_post(entry: Named) -> str:
    """Return what an entry is if it is no post."""
    for category in entry.all("atom:category"):
        kind = category.get("term", "").rpartition("#")[2]
        if category.get("scheme") == _KIND and kind not in ("post", "page"):
            return "a comment" if kind == "comment" else f"an entry of the kind {kind}"
    return "a comment" if "thr:in-reply-to" in entry.names() else ""


def _alternate(entry: Named) -> str:
    """Return the address of the post: a link without a relation has this one (RFC 4287, 4.2.7.2)."""
    links = [link for link in entry.all("atom:link") if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in links if link.get("type", "text/html") == "text/html"] or links
    for link in pages:
        address = str(link.get("href", "")).strip()
        return join_addresses(link.base, address) if link.base else address
    return ""


def _content(entry: Named) -> str:
    """Return the text as HTML; nothing where it is elsewhere."""
    return _html_of([content for content in entry.all("atom:content") if not content.get("src")])


def _title(entry: Named) -> str:
    title = entry.all("atom:title")
    if title and title[0].get("type") in ("html", "xhtml"):
        return plain_text(_html_of(title))
    return " ".join(entry.text("atom:title").split())


def _html_of(elements: list[Element]) -> str:
    """Return the first of these text constructs as HTML (RFC 4287, 3.1)."""
    for element in elements:
        kind = element.get("type", "text")
        if kind == "xhtml" or "xhtml" in kind:
            return _from_xhtml(element)
        text = "".join(element.itertext()).strip()
        if kind in ("text", "text/plain"):
            return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n\n") if line.strip())
        return absolute_html(text, element.base or "")
    return ""


def _from_xhtml(element: Element) -> str:
    """Return the children of an XHTML text as HTML, their addresses starting from the nearest `xml:base`."""
    for child in element.iter(etree.Element):
        for name in ("href", "src"):
            if child.get(name) and child.base and not child.get(name).startswith("#"):
                child.set(name, join_addresses(child.base, child.get(name)))
    copy = deepcopy(element)
    for child in copy.iter(etree.Element):
        child.tag = re.split("[}:]", child.tag)[-1] or "span"  # a damaged file has undeclared prefixes
        for name in [name for name in child.attrib if name.startswith("{")]:
            del child.attrib[name]
    etree.cleanup_namespaces(copy)
    inner = [copy.text or "", *(etree.tostring(child, encoding="unicode", method="html") for child in copy)]
    return "".join(inner)
