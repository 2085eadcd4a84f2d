"""Rewrite the addresses in a text: each gets another one, or its link is taken off and the words stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from weekahead.importers.assembly.addresses import addresses_of
from weekahead.lint.scanned_markdown import LinkSpan
from weekahead.model.addresses import is_web_address

UNLINK = None
Rewrite = Callable[[LinkSpan], str | None]
"""Returns the address that a link is to have, the same for no change, and UNLINK to take the link off."""

_SAFE = "/~@!$&'*+,;=:#?%-._"


def rewrite_links(markdown: str, rewrite: Rewrite, *, maths: bool) -> str:
    """Return a text in which each link has the address that `rewrite` gives it."""
    edits: list[tuple[int, int, str]] = []
    for link in addresses_of(markdown, maths=maths):
        if link.kind == "bare" and markdown.rfind("\n", 0, link.start) + 1 == markdown.rfind("///", 0, link.start):
            continue  # in the head of a kind, such as /// video | https://...
        if leads_away(link):
            continue
        new = rewrite(link)
        if link.kind == "bare" and _is_value(markdown, link):
            if new and is_web_address(new):  # a key of a kind takes nothing else
                edits.append((*link.address_span, new))
            continue
        if new is UNLINK:
            edits += _unlinked(markdown, link)
        elif new != link.target:
            edits.append(_linked(markdown, link, new))
    for start, end, words in sorted(edits, reverse=True):
        markdown = markdown[:start] + words + markdown[end:]
    return markdown


def _is_value(markdown: str, link: LinkSpan) -> bool:
    """Return whether an address is the value of a key, such as `address:` of /// post."""
    start = markdown.rfind("\n", 0, link.start) + 1
    end = markdown.find("\n", link.end)
    after = markdown[link.end : end if end >= 0 else None]
    return bool(re.fullmatch(r"[ \t]*[a-z_]+:[ \t]+", markdown[start : link.start])) and not after.strip()


def leads_away(link: LinkSpan) -> bool:
    """Return whether a link is an address of mail or `www.` in the text: its address is without a scheme, but no path."""
    return link.kind in ("bare", "angle") and ":" not in link.target


def _linked(markdown: str, link: LinkSpan, address: str) -> tuple[int, int, str]:
    """Return the edit that gives a link another address."""
    written = quote(address, safe=_SAFE)
    if link.kind in ("bare", "angle"):  # which show their address: the words stay
        words = markdown[slice(*link.address_span)]
        return link.start, link.end, f"[{_as_words(words)}]({written})"
    return *link.address_span, escape(written) if link.kind == "html" else written


def _unlinked(markdown: str, link: LinkSpan) -> list[tuple[int, int, str]]:
    """Return the edits that take a link off and leave its words."""
    if link.kind in ("bare", "angle"):
        return [(link.start, link.end, f"`{markdown[slice(*link.address_span)]}`")]
    closing = markdown.rfind("](", link.start, link.address_span[0])
    caption = re.match(
        r"""\s*>?\s*(?P<sign>["'])(?P<words>.+)(?P=sign)\s*\)\Z""", markdown[link.address_span[1] : link.end], re.DOTALL
    )
    if link.is_picture and caption:  # the words under the picture say more than those in its place
        return [(link.start, link.end, caption["words"])]
    if link.kind == "inline" and closing > 0:
        return [(link.start, link.start + (2 if link.is_picture else 1), ""), (closing, link.end, "")]
    return [(*link.address_span, "#top")]


def _as_words(address: str) -> str:
    return re.sub(r"([\\\[\]*_`<])", r"\\\1", address)
