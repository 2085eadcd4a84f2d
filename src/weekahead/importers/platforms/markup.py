"""Small things that several rooms do with the tree of a post's HTML, and say in notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from selectolax.lexbor import LexborNode

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, inner, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.counts import counted

_LONGEST_QUOTE = 80
_MOST_QUOTES = 5


def words_of(node: LexborNode, selector: str) -> str:
    """Return the words of the first element below a node that a selector finds; nothing if there is none."""
    found = node.css_first(selector)
    return words(found) if found is not None else ""


def html_of(node: LexborNode, selector: str) -> str:
    """Return the HTML within the first element below a node that a selector finds; nothing if there is none."""
    found = node.css_first(selector)
    return inner(found).strip() if found is not None else ""


def attribute_of(node: LexborNode, selector: str, name: str) -> str:
    """Return an attribute of the first element below a node that a selector finds; nothing if there is none."""
    found = node.css_first(selector)
    return attribute(found, name) if found is not None else ""


def drop(document: HtmlDocument, notes: PostNotes, selector: str, what: str, rule: str = "furniture") -> None:
    """Take elements out that mean nothing in a letter, with one note that counts them and quotes their words."""
    said = []
    for node in reversed(document.css(selector)):
        said.append(words(node))
        node.decompose()
    if said:
        notes.add(Outcome.DROPPED, rule, f"left out {counted(len(said), what)}{quoted(reversed(said))}")


def quoted(said: Iterable[str]) -> str:
    """Return `: "Subscribe", "Share"` for the end of a note; nothing without words. Long and many ones are cut."""
    unique = [word for word in dict.fromkeys(said) if word]
    shown = ", ".join(f'"{cut(word)}"' for word in unique[:_MOST_QUOTES])
    return f": {shown}{' and more' if len(unique) > _MOST_QUOTES else ''}" if shown else ""


def cut(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return words for a note, cut where they are long."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def link_card(address: str, title: str, *lines: str) -> str:
    """Return a card that leads to a page: its title as a link, and what it says of it, as a list of one link."""
    rest = "<br>".join(escape(line, quote=False) for line in lines if line.strip())
    if address and not rest:
        return shapes.paragraph(shapes.link(address, title or address))
    if not address:
        return shapes.paragraph("<br>".join(part for part in (escape(title, quote=False), rest) if part))
    return shapes.links([(address, title or address, rest)])


def figure_pictures(document: HtmlDocument, figure: LexborNode, images: Iterable[LexborNode], caption: str) -> None:
    """Put the pictures of a gallery in its place, one below the other; its caption (HTML) stands below the last one."""
    pictures = [image for image in images if attribute(image, "src")]
    caption = re.sub(r"</p>\s*<p>", "<br>", caption.removeprefix("<p>").removesuffix("</p>"))
    shown = [
        shapes.picture(
            attribute(image, "src"),
            attribute(image, "alt"),
            caption if image is pictures[-1] else escape(attribute(image, "title")),
            href=_link_around(image),
        )
        for image in pictures
    ]
    document.replace(figure, "".join(shown) or (shapes.paragraph(caption) if caption else ""))


def _link_around(image: LexborNode) -> str:
    parent = image.parent
    return attribute(parent, "href") if parent is not None and parent.tag == "a" else ""
