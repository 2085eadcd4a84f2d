"""The HTML of an e-mail: what only mail programs need, and what a list's program adds around the text, goes out aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from weekahead.importers.html.document import HtmlDocument, ancestors, attribute, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut, drop
from weekahead.model.counts import counted

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|$)|mso-hide\s*:\s*all", re.I
)
_FURNITURE = re.compile(
    r"(?:view|read|see|open)\s+(?:this|it|the)?\s*(?:e-?mail|newsletter|post|issue)?\s*(?:in\s+(?:your|a|the)\s+(?:web\s*)?browser|online|on the web)"
    r"|unsubscribe(?:\s+(?:here|from this list|instantly|now))?|(?:update|manage|change)\s+(?:your\s+)?(?:e-?mail\s+)?(?:subscription\s+)?(?:preferences|subscription)"
    r"|forward\s+(?:this\s+e-?mail\s+)?to\s+a\s+friend|add\s+us\s+to\s+your\s+address\s+book|why did i get this\??",
    re.I,
)
_LIST_ADDRESS = re.compile(
    r"\*\||\{\{|%7b%7b|\[%?unsub"
    r"|^https?://(?:[\w-]+\.)*(?:list-manage\.com|campaign-archive\.com|mailchi\.mp|beehiiv\.com|buttondown\.(?:com|email)|convertkit-mail\d?\.com)/"
    r"|^https?://[^?#]*[/_-](?:unsubscribe|opt-?out|unsub|forward-to-friend|email-preferences)\b",
    re.I,
)
"""Addresses of what programs for lists make of each mail."""
_BLOCKS = frozenset(("p", "td", "div", "li", "table", "tr", "center"))
_LONGEST_HEAD = 20
_LONGEST_FOOT = 60
"""Words of what stands above and below the text of a mail, such as the address of its sender."""
_LONGEST_AROUND = 12
"""Words that may stand beside a link to unsubscribe, such as "No longer want these?", for all of it to be furniture."""


def drop_hidden(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out what mail programs do not show: the line for the list of mails, and pictures that report an opening."""
    for node in reversed(document.css("[style]")):
        if _HIDDEN.search(attribute(node, "style")) and node.tag not in ("html", "body"):
            if said := words(node):
                notes.add(Outcome.DROPPED, "hidden", f'left out what is hidden in the mail: "{cut(said)}"')
            node.decompose()
    drop(document, notes, ".preheader, .mcnPreviewText, [data-open-tracking]", "line for the list of mails", "hidden")
    pixels = [image for image in document.css("img") if _is_pixel(image)]
    for pixel in pixels:
        pixel.decompose()
    if pixels:
        notes.add(
            Outcome.DROPPED, "tracking", f"left out {counted(len(pixels), 'picture')} for reporting who opened the mail"
        )


def drop_list_links(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out a mail's links to its copy in a browser, to unsubscribe, and the like, with the few words around each.

    They are above or below the text, or lead to a program for lists: "Read it online" within the text belongs to it.
    """
    said = words(document.body)
    found = [link for link in _list_links(document) if _leads_to_list(link) or _is_around_text(link, said)]
    _take_out(found, notes)


def drop_addressed_list_links(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out such links of a text that may be no mail: only those that lead to a program for lists."""
    _take_out([link for link in _list_links(document) if _leads_to_list(link)], notes)


def _list_links(document: HtmlDocument) -> list[LexborNode]:
    return [link for link in document.css("a") if _FURNITURE.fullmatch(words(link).strip(" .!»›→[]()|"))]


def _leads_to_list(link: LexborNode) -> bool:
    return bool(_LIST_ADDRESS.search(attribute(link, "href")))


def _is_around_text(link: LexborNode, text: str) -> bool:
    """Return whether a link stands among the first words of a mail, or among the last ones if only a mail says what it says."""
    block = words(_around(link))
    before = len(text[: text.find(block)].split())
    after = len(text[text.rfind(block) + len(block) :].split())
    return before <= _LONGEST_HEAD or (after <= _LONGEST_FOOT and not re.search("online|on the web", words(link), re.I))


def _take_out(links: Sequence[LexborNode], notes: PostNotes) -> None:
    """Take out the blocks around links, each once: one may be within another."""
    blocks = {block.mem_id: block for block in map(_around, links)}
    for block in blocks.values():
        notes.add(Outcome.DROPPED, "furniture", f'left out "{cut(words(block))}"')
    outer = [block for block in blocks.values() if not any(node.mem_id in blocks for node in ancestors(block))]
    for block in outer:
        block.decompose()


def drop_title(document: HtmlDocument, title: str, notes: PostNotes) -> None:
    """Take out a first heading that says the title again."""
    for heading in document.css("h1, h2, h3")[:1]:
        if title and words(heading).casefold() == " ".join(title.split()).casefold():
            notes.add(Outcome.DROPPED, "repeated-title", "left out its title, which stands again above the text")
            heading.decompose()


def _is_pixel(image: LexborNode) -> bool:
    sizes = [attribute(image, name).removesuffix("px") for name in ("width", "height")]
    source = attribute(image, "src")
    return all(size in ("0", "1") for size in sizes) or bool(
        re.search(r"/(?:track|open)[/.](?:open|php)|pixel\.gif", source)
    )


def _around(link: LexborNode) -> LexborNode:
    """Return the smallest block around a link if little else is in it, or else the link itself."""
    node = link.parent
    while node is not None and node.tag not in _BLOCKS:
        node = node.parent
    if node is None:
        return link
    rest = len(words(node).split()) - len(words(link).split())
    return node if rest <= _LONGEST_AROUND and node.css_first("img, h1, h2, h3") is None else link
