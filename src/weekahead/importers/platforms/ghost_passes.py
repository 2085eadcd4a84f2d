"""What Ghost's cards become: pictures, notes, links, and what only Ghost can show is left out aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from selectolax.lexbor import LexborNode

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, classes, inner, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.ghost_cards import MARKDOWN_ATTRIBUTE
from weekahead.importers.platforms.markup import (
    attribute_of,
    cut,
    drop,
    figure_pictures,
    html_of,
    link_card,
    words_of,
)
from weekahead.model.name_set import name_set

_PLAIN_CARDS = name_set("kg-image-card kg-embed-card kg-code-card kg-html-card kg-width-full kg-width-wide")
"""Cards that are plain HTML, which the shared passes read."""


def convert_cards(document: HtmlDocument, notes: PostNotes) -> None:
    """Put plain HTML and shapes in the place of Ghost's cards, and name those that are unknown."""
    for kind, convert in _CARDS.items():
        for card in reversed(document.css(f".{kind}")):
            convert(document, card, notes)
    for card in document.css(".kg-unknown-card"):
        name = attribute(card, "data-kind")
        notes.add(Outcome.ASK, "unknown-card", f'the card "{name}" is unknown; nothing of it was brought over')
        card.decompose()
    for card in document.css(".kg-card"):
        unknown = sorted(name for name in classes(card) if re.fullmatch("kg-[a-z-]+-card", name)) or ["kg-card"]
        if _PLAIN_CARDS.isdisjoint(classes(card)):
            message = f'the card "{unknown[0]}" is unknown; its text was brought over as it is'
            notes.add(Outcome.ASK, "unknown-card", message, words=cut(words(card)))


def drop_furniture(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out what only works on a Ghost site: forms, and buttons that open its portal."""
    drop(document, notes, ".kg-signup-card", "sign-up form")
    drop(document, notes, ".kg-email-card, .kg-email-cta-card", "card that was in e-mail only", "mail-only")
    drop(document, notes, ".kg-transistor-card", "player for members (Transistor)", "members-only")
    for link in document.css('a[href*="#/portal"], a[href*="#/share"], a[href*="#/support"]'):
        notes.add(Outcome.DROPPED, "furniture", f'left out a link to the portal of the Ghost site: "{words(link)}"')
        if "kg-btn" in attribute(link, "class"):
            link.decompose()
        else:
            link.unwrap()


def move_audio(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out the first recording, which the room has read into the post."""
    for card in document.css(".kg-audio-card")[:1]:
        if attribute_of(card, "audio", "src"):
            title = words_of(card, ".kg-audio-title")
            named = f' "{title}"' if title else ""
            notes.add(Outcome.CHANGED, "audio", f"the recording{named} stands in the front matter now")
            card.decompose()


def _gallery(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    figure_pictures(document, card, card.css("img"), html_of(card, "figcaption"))


def _bookmark(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    """Put a link in the place of a bookmark. Its picture is the other page's own."""
    address = attribute_of(card, "a", "href")
    title, description = words_of(card, ".kg-bookmark-title"), words_of(card, ".kg-bookmark-description")
    # Ghost itself writes the publisher into `author` and the author into `publisher`.
    byline = " · ".join(filter(None, (words_of(card, ".kg-bookmark-author"), words_of(card, ".kg-bookmark-publisher"))))
    if image := attribute_of(card, ".kg-bookmark-thumbnail img", "src"):
        message = f'left out the preview picture of a link card ("{cut(title or address)}"): {image}'
        notes.add(Outcome.DROPPED, "card-picture", message)
    caption = html_of(card, "figcaption")
    document.replace(
        card, link_card(address, title, description, byline) + (shapes.paragraph(caption) if caption else "")
    )


def _callout(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    emoji, text = words_of(card, ".kg-callout-emoji"), html_of(card, ".kg-callout-text")
    document.replace(card, shapes.note(shapes.paragraph(f"{escape(emoji)} {text}".strip())))


def _toggle(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    heading = html_of(card, ".kg-toggle-heading-text") or html_of(card, ".kg-toggle-heading")
    content = html_of(card, ".kg-toggle-content")
    document.replace(card, f"<details><summary>{heading}</summary>{content}</details>" if heading else content)


def _button(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    link = card.css_first("a")
    address, text = (attribute(link, "href"), words(link)) if link is not None else ("", words(card))
    document.replace(card, shapes.paragraph(shapes.link(address, text) if address else escape(text)) if text else "")


def _audio(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    address, title = attribute_of(card, "audio", "src"), words_of(card, ".kg-audio-title")
    document.replace(card, link_card(address, title or address.rpartition("/")[2]))


def _video(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    address, caption = attribute_of(card, "video", "src"), html_of(card, "figcaption")
    title = attribute_of(card, "video", "title") or address.rpartition("/")[2]
    document.replace(card, link_card(address, title) + (shapes.paragraph(caption) if caption else ""))


def _file(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    title, name = words_of(card, ".kg-file-card-title"), words_of(card, ".kg-file-card-filename")
    size = words_of(card, ".kg-file-card-filesize")
    about = " · ".join(filter(None, (name if title else "", size)))
    address = attribute_of(card, "a", "href")
    document.replace(card, link_card(address, title or name, words_of(card, ".kg-file-card-caption"), about))


def _product(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    title = html_of(card, ".kg-product-card-title")
    if stars := len(card.css(".kg-product-card-rating-active")):
        notes.add(Outcome.DROPPED, "rating", f'left out the {stars} of 5 stars of "{cut(words_of(card, "h4"))}"')
    parts = [
        _image(card, ".kg-product-card-image"),
        f"<h4>{title}</h4>" if title else "",
        html_of(card, ".kg-product-card-description"),
        _link(card, ".kg-product-card-button"),
    ]
    document.replace(card, "".join(parts))


def _header(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    heading = html_of(card, ".kg-header-card-heading") or html_of(card, ".kg-header-card-header")
    below = html_of(card, ".kg-header-card-subheading") or html_of(card, ".kg-header-card-subheader")
    background = attribute(card, "data-kg-background-image")
    image = shapes.picture(background) if background else _image(card, ".kg-header-card-image")
    parts = [image, f"<h2>{heading}</h2>" if heading else "", shapes.paragraph(below) if below else ""]
    document.replace(card, "".join(parts) + _link(card, ".kg-header-card-button"))


def _call_to_action(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    label, text = html_of(card, ".kg-cta-sponsor-label"), html_of(card, ".kg-cta-text")
    document.replace(card, shapes.note(label + _image(card, "img") + text + _link(card, ".kg-cta-button")))


def _markdown(document: HtmlDocument, card: LexborNode, notes: PostNotes) -> None:
    """Convert the source of a Markdown card, where a post has no HTML. Elsewhere Ghost has converted it already."""
    from weekahead.markdown.renderer import convert, place

    source = card.attributes.get(MARKDOWN_ATTRIBUTE)
    document.replace(card, place(convert(source), {}) if source is not None else inner(card))


def _image(card: LexborNode, selector: str) -> str:
    source = attribute_of(card, selector, "src")
    return shapes.picture(source, attribute_of(card, selector, "alt")) if source else ""


def _link(card: LexborNode, selector: str) -> str:
    address, text = attribute_of(card, selector, "href"), words_of(card, selector)
    return shapes.paragraph(shapes.link(address, text)) if address and text else ""


_CARDS: dict[str, Callable[[HtmlDocument, LexborNode, PostNotes], None]] = {
    "kg-markdown-card": _markdown,
    "kg-gallery-card": _gallery,
    "kg-bookmark-card": _bookmark,
    "kg-callout-card": _callout,
    "kg-toggle-card": _toggle,
    "kg-button-card": _button,
    "kg-audio-card": _audio,
    "kg-video-card": _video,
    "kg-file-card": _file,
    "kg-product-card": _product,
    "kg-header-card": _header,
    "kg-cta-card": _call_to_action,
}
