"""The HTML of an e-mail: what only mail programs need, and what a list's program adds around the text, goes out aloud."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from weekahead.importers.html.document import HtmlDocument, attribute, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import counted, cut, drop

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|$)|mso-hide\s*:\s*all", re.I
)
_FURNITURE = re.compile(
    r"(?:view|read|see|open)\s+(?:this|it|the)?\s*(?:e-?mail|newsletter|post|issue)?\s*(?:in\s+(?:your|a|the)\s+(?:web\s*)?browser|online|on the web)"
    r"|unsubscribe(?:\s+(?:here|from this list|instantly|now))?|(?:update|manage|change)\s+(?:your\s+)?(?:e-?mail\s+)?(?:subscription\s+)?(?:preferences|subscription)"
    r"|forward\s+(?:this\s+e-?mail\s+)?to\s+a\s+friend|add\s+us\s+to\s+your\s+address\s+book|why did i get this\??",
    re.I,
)
_BLOCKS = frozenset(("p", "td", "div", "li", "table", "tr", "center"))
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
    """Take out links to the copy in a browser, to unsubscribe, and the like, with the few words around each."""
    for link in document.css("a"):
        if _FURNITURE.fullmatch(words(link).strip(" .!»›→[]()|")) and (block := _around(link)) is not None:
            notes.add(Outcome.DROPPED, "furniture", f'left out "{cut(words(block))}"')
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


def _around(link: LexborNode) -> LexborNode | None:
    """Return the smallest block around a link if little else is in it, or else the link itself."""
    node = link.parent
    while node is not None and node.tag not in _BLOCKS:
        node = node.parent
    if node is None:
        return link
    rest = len(words(node).split()) - len(words(link).split())
    return node if rest <= _LONGEST_AROUND and node.css_first("img, h1, h2, h3") is None else link
