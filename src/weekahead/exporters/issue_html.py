"""An issue as HTML that stands by itself: as feeds have it, with addresses led to where a system has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from weekahead.exporters.site_source import ExportSource
from weekahead.feeds.items import content, item
from weekahead.model.issue import format_duration
from weekahead.site.html_text import sanitize_for_feed
from weekahead.site.published import Place, PublishedIssue

Lead = Callable[[str], str]
"""Gives the address for one within the letter's site, which it gets as a path: "issues/87-mlops/", "issues/87-mlops/a.png"."""


def issue_html(source: ExportSource, place: Place, link: Lead, picture: Lead, *, cover: bool) -> LexborHTMLParser:
    """Return the body of an issue or a page, with a link to its audio, to be changed and then written by `inner_html`.

    `link` and `picture` lead its links and its pictures.
    """
    context, file = source.context, place.source.file
    if isinstance(place, PublishedIssue):
        found = item(context, file)
        own = tuple((name, replace(text, prefix="")) for name, text in found.content)  # there is one issue on a page
        found = replace(found, content=own, picture=found.picture if cover else None)
        html = _audio(source, place) + content(found, context.texts)
    else:
        placed = context.text(file, place.page.body)
        html = sanitize_for_feed(context.texts.html(placed), context.absolute(place.path)) if placed else ""
    tree = LexborHTMLParser(f"<!doctype html><html><body>{html}</body></html>")
    home, here = context.absolute(""), context.absolute(place.path)
    for name, lead in (("href", link), ("src", picture)):
        for element in tree.css(f"[{name}]"):
            address = element.attributes.get(name) or ""
            if address.startswith(f"{here}#"):
                element.attrs[name] = address.removeprefix(here)
            elif address.startswith(home):
                path = re.split("[#?]", address.removeprefix(home), maxsplit=1)[0]
                element.attrs[name] = lead(path) + address[len(home) + len(path) :]
    return tree


def inner_html(tree: LexborHTMLParser) -> str:
    """Return the HTML within the body."""
    body = tree.body
    return "".join(node.html or "" for node in body.iter(include_text=True)).strip() if body is not None else ""


def _audio(source: ExportSource, place: PublishedIssue) -> str:
    audio, context = place.issue.audio, source.context
    if audio is None:
        return ""
    address = context.absolute(context.file_path(place.source.file, audio.file)) if audio.file else audio.url or ""
    length = "" if audio.duration is None else f" ({format_duration(audio.duration)})"
    words = f"{context.translator.translate('listen')}{length}"
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>\n'


def node_of(html: str) -> LexborNode:
    """Return an element that is written as HTML."""
    body = LexborHTMLParser(f"<!doctype html><html><body>{html}</body></html>").body
    assert body is not None
    node = body.child
    assert node is not None
    return node
