"""Substack's pictures, galleries, recordings and files, whose addresses stand in attributes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from weekahead.importers.html import shapes
from weekahead.importers.html.data_attributes import address as address_in
from weekahead.importers.html.data_attributes import items, read_data, said
from weekahead.importers.html.document import HtmlDocument, ancestors, attribute, is_blank, words
from weekahead.importers.html.pictures import original_address
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import html_of, link_card, words_of
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from selectolax.lexbor import LexborNode

_AUDIO = ".native-audio-embed, [data-component-name=AudioPlaceholder]"
_VIDEO = ".native-video-embed, [data-component-name=VideoPlaceholder]"


# -- recordings


def recording_seconds(html: str) -> int | None:
    """Return the length of the first recording that stands in a text, where it says one."""
    if "native-audio-embed" not in html and "AudioPlaceholder" not in html:
        return None
    return next((length for node in HtmlDocument(html).css(_AUDIO) if (length := _seconds(read_data(node)))), None)


def _seconds(data: Mapping[str, Any]) -> int | None:
    duration = data.get("duration")
    return round(duration) if isinstance(duration, int | float) and 0 < duration < 10**6 else None


def tell_recordings(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out the players of Substack's own recordings and videos, which are not in an export, and say so."""
    for selector, what, rule in ((_AUDIO, "recording", "recording"), (_VIDEO, "video", "video")):
        for node in reversed(document.css(selector)):
            data = read_data(node)
            seconds, label = _seconds(data), said(data, "label") or said(data, "title")
            length = f" of {seconds // 60}:{seconds % 60:02d}" if seconds else ""
            named = f' "{label}"' if label else ""
            message = f"a {what}{named}{length} is not in the export; it stood in the text (upload {said(data, 'mediaUploadId') or '?'})"
            notes.add(Outcome.ELSEWHERE, rule, message, hint="Download it from the post's page.")
            node.decompose()


# -- pictures


def bring_in_pictures(document: HtmlDocument, notes: PostNotes) -> None:
    """Give each picture its address, words and link from its attributes; make pictures of galleries."""
    for gallery in document.css(".image-gallery-embed"):
        _gallery(document, gallery, notes)
    for image in document.css(".image3"):
        data = read_data(image)
        if src := address_in(data, "src"):
            caption = escape(said(data, "title"), quote=False)
            document.replace(image, shapes.picture(src, said(data, "alt"), caption, href=address_in(data, "href")))
    for link in document.css("a.image-link"):
        if link.css_first("img") is None:
            document.append(link, f'<img src="{escape(original_address(attribute(link, "href")))}">')
    for img in document.css("img[data-attrs]"):
        _from_data(document, img)
    for img in document.css("img:not([src])"):
        if not attribute(img, "srcset") and not attribute(img, "data-src"):
            notes.add(
                Outcome.DROPPED, "picture", f'left out a picture without an address ("{attribute(img, "alt")[:60]}")'
            )
            img.decompose()
    for thumbnail in document.css(
        "img.file-embed-thumbnail-default, img.embedded-post-publication-logo, img.tweet-header-avatar"
    ):
        thumbnail.decompose()
    _files(document, notes)


def _from_data(document: HtmlDocument, img: LexborNode) -> None:
    data = read_data(img)
    if src := address_in(data, "src"):
        img.attrs["src"] = src
        for name in ("srcset", "data-src"):
            if name in img.attributes:
                del img.attrs[name]
    if said(data, "alt") and not attribute(img, "alt"):
        img.attrs["alt"] = said(data, "alt")
    if said(data, "title") and not attribute(img, "title"):
        img.attrs["title"] = said(data, "title")
    link = next((above for above in ancestors(img) if above.tag == "a"), None)
    if (
        (href := address_in(data, "href"))
        and link is not None
        and original_address(attribute(link, "href")) == original_address(address_in(data, "src"))
    ):
        link.attrs["href"] = href


def _gallery(document: HtmlDocument, node: LexborNode, notes: PostNotes) -> None:
    gallery = read_data(node).get("gallery")
    images = [image for image in items(gallery, "images") if address_in(image, "src")]
    caption, alt = escape(said(gallery, "caption"), quote=False), said(gallery, "alt")
    if not images:
        if not node.css("img"):
            notes.add(Outcome.ASK, "gallery", "the addresses of the pictures of a gallery cannot be read")
        return
    shown = [
        shapes.picture(address_in(image, "src"), said(image, "alt") or alt, caption if image is images[-1] else "")
        for image in images
    ]
    document.replace(node, "".join(shown))
    message = (
        f"a gallery is {counted(len(images), 'picture')} now, one below the other; its caption belongs to the last one"
    )
    notes.add(Outcome.CHANGED, "gallery", message, words=address_in(images[0], "src"))


# -- files


def _files(document: HtmlDocument, notes: PostNotes) -> None:
    for node in document.css(".file-embed-wrapper"):
        link = node.css_first("a.file-embed-button, a[href]")
        address = attribute(link, "href") if link is not None else ""
        title = words_of(node, ".file-embed-details-h1") or said(read_data(node), "title")
        about, more = words_of(node, ".file-embed-details-h2"), html_of(node, ".file-embed-description")
        more = words_of(node, ".file-embed-description") if not is_blank(more) else ""
        document.replace(node, link_card(address, title or words(node), about, more))
        message = f'the file "{title}" is not in the export: {address or "its address is unknown"}'
        notes.add(
            Outcome.ELSEWHERE, "file", message, words=address, hint="Download it, and write its name for the address."
        )
