"""Pictures: one for each, with the address of its original and its caption."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlunsplit

from weekahead.importers.html import shapes
from weekahead.importers.html.document import (
    HtmlDocument,
    ancestors,
    attribute,
    classes,
    inner,
    is_blank,
    words,
)
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.markdown.emoji import NAME, emoji_for
from weekahead.model.addresses import split_address
from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_FETCHED = re.compile(
    r"https://(?:substackcdn\.com|cdn\.substack\.com)/image/(?:fetch|upload)/(?:[^/]*,[^/]*/|\$s_![^/]*/)*(.+)"
)
_CLOUDINARY = re.compile(r"https://res\.cloudinary\.com/[^/]+/image/fetch/(?:[^/]*[_,:][^/]*/)*(https?[:%].+)")
_CLOUDFLARE = re.compile(r"(https?://[^/]+)/cdn-cgi/image/[^/]+/(.+)")
_PHOTON = re.compile(r"https?://i[0-3]\.wp\.com/([^?]+)(?:\?.*)?")
_GHOST_SIZE = re.compile(r"(/content/images)/size/w\d+(?:h\d+)?(?:/format/\w+)?(?=/)")
_WORDPRESS_SIZE = re.compile(r"(/wp-content/uploads/[^?#]+)-\d{2,4}x\d{2,4}(?=\.\w{3,4}(?:[?#]|$))")
_BY_QUERY = (("/_next/image", "url"), ("images.weserv.nl/", "url"), ("wsrv.nl/", "url"))
_SIZES = name_set("w h width height fit resize crop quality strip ssl zoom s fm auto")
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "data-full-url")
_IMAGE_FILE = re.compile(r"[^?#]*\.(?:png|jpe?g|gif|webp|avif|svg|bmp|tiff?|heic)(?:[?#].*)?", re.IGNORECASE)


def original_address(address: str, *, is_wordpress: bool = False) -> str:
    """Return the address of the original of a picture that a service shows in another size.

    `is_wordpress` says that a size in its name was added by WordPress.
    """
    address = address.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    for pattern in (_FETCHED, _CLOUDINARY):
        if found := pattern.fullmatch(address):
            inside = unquote(found[1]) if "%3A" in found[1][:10].upper() else found[1]
            return original_address(inside) if inside.startswith("http") and len(inside) < len(address) else address
    if found := _CLOUDFLARE.fullmatch(address):
        return found[2] if found[2].startswith("http") else f"{found[1]}/{found[2]}"
    if found := _PHOTON.fullmatch(address):
        address = f"https://{found[1]}"
    for place, name in _BY_QUERY:
        if place in address[:100] and (values := parse_qs(split_address(address).query).get(name)):
            return values[0] if values[0].startswith(("http", "/")) else f"https://{values[0]}"
    address = _GHOST_SIZE.sub(r"\1", address)
    return _without_size(_WORDPRESS_SIZE.sub(r"\1", address) if is_wordpress else address)


def _without_size(address: str) -> str:
    """Return the address of a file on wordpress.com without the size that is asked for."""
    parts = split_address(address)
    if not parts.query or not (parts.hostname or "").endswith((".files.wordpress.com", ".wp.com")):
        return address
    kept = [item for item in parts.query.split("&") if item.partition("=")[0] not in _SIZES]
    return urlunsplit(parts._replace(query="&".join(kept)))


def clean_pictures(document: HtmlDocument, notes: PostNotes) -> None:
    """Make one `img` of each picture, and a shape of each that has a caption."""
    _show_lazy(document)
    for picture in reversed(document.css("picture")):
        _collapse(picture)
    pixels = changed = 0
    for img in document.css("img"):
        if _is_pixel(img):
            pixels += 1
            img.decompose()
        elif classes(img) & {"emoji", "wp-smiley"} and (shown := _emoji(img)):
            img.replace_with(shown)
        else:
            changed += _clean(img)
    if pixels:
        notes.add(
            Outcome.DROPPED, "pixel", f"left out {pixels} invisible picture{'s'[: pixels > 1]} that counted readers"
        )
    if changed:
        notes.add(
            Outcome.CHANGED,
            "picture-address",
            f"{changed} picture{'s'[: changed > 1]} had the address of a copy in another size",
        )
    for figure in reversed(document.css("figure")):
        _shape(document, figure)


def _emoji(img: LexborNode) -> str:
    """Return the characters that a picture of an emoji stands for; nothing where it has only a word for them."""
    alt = attribute(img, "alt")
    if alt and not any(sign.isalnum() for sign in alt):
        return alt
    names = (attribute(img, name) for name in ("title", "alt"))
    return next((emoji_for(name[1:-1]) or "" for name in names if re.fullmatch(f":{NAME}:", name)), "")


def _show_lazy(document: HtmlDocument) -> None:
    """Put the picture of a <noscript> in the place of the one that a script would have filled."""
    for fallback in reversed(document.css("noscript")):
        if fallback.css_first("img") is None:
            fallback.decompose()
            continue
        before = fallback.prev
        while before is not None and before.is_text_node and is_blank(before.text_content or ""):
            before = before.prev
        if before is not None and before.tag == "img":
            before.decompose()
        fallback.unwrap()


def _collapse(picture: LexborNode) -> None:
    """Leave the `img` of a <picture>; where there is none, make one of its first source."""
    source = picture.css_first("source[srcset]")
    if picture.css_first("img") is None and source is not None:
        img = picture.parser.create_node("img")
        img.attrs["srcset"] = attribute(source, "srcset")
        picture.insert_child(img)
    for node in picture.css("source"):
        node.decompose()
    picture.unwrap()


def _is_pixel(img: LexborNode) -> bool:
    sizes = [attribute(img, name).removesuffix("px") for name in ("width", "height")]
    style = attribute(img, "style").replace(" ", "")
    return (all(size in ("0", "1") for size in sizes)) or bool(re.search(r"(?:^|;)(?:width|height):[01]px", style))


def _clean(img: LexborNode) -> bool:
    """Leave address, words and title of a picture. Return whether its address is another one now."""
    shown = attribute(img, "src")
    address = next((value for name in _LAZY if (value := attribute(img, name))), "") or shown
    if not address or (address.startswith("data:") and len(address) < 500):
        address = _largest(attribute(img, "srcset") or attribute(img, "data-srcset")) or address
    names = " ".join(classes(img))
    plain = original_address(address, is_wordpress="wp-image-" in names or "size-" in names)
    for name in list(img.attributes):
        if name not in ("alt", "title"):
            del img.attrs[name]
    img.attrs["src"] = plain
    return plain != shown and bool(shown) and not shown.startswith("data:")


def _largest(srcset: str) -> str:
    """Return the address of the largest picture of a set (HTML standard, 4.8.4.2.2)."""
    best, address = -1.0, ""
    for found in re.finditer(r"(?:^|[\s,])\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)[wx])?\s*(?=,|$)", srcset):
        size = float(found[2]) if found[2] and found[2].count(".") < 2 and found[2] != "." else 1.0
        if size > best:
            best, address = size, found[1]
    return address


def _shape(document: HtmlDocument, figure: LexborNode) -> None:
    """Make a shape of a figure with one picture; of any other, its content and its caption below."""
    caption = figure.css_first("figcaption")
    text = inner(caption).strip() if caption is not None and not is_blank(caption.text()) else ""
    pictures = figure.css("img")
    if caption is not None:
        caption.decompose()
    if len(pictures) == 1 and is_blank(figure.text()) and not figure.css("table, pre, iframe, video, audio, ul, ol"):
        img = pictures[0]
        title = attribute(img, "title")
        made = shapes.picture(attribute(img, "src"), attribute(img, "alt"), text or _escaped(title), href=link_of(img))
        document.replace(figure, made)
        return
    table = figure.css_first("table")
    if text and table is not None and table.css_first("caption") is None and not pictures:
        made_caption = document.element("caption", text)
        if table.first_child is None:
            table.insert_child(made_caption)
        else:
            table.first_child.insert_before(made_caption)
    elif text:
        document.append(figure, shapes.paragraph(text))
    figure.unwrap()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def link_of(img: LexborNode) -> str:
    """Return where a picture leads, but for the picture itself in another size."""
    for above in ancestors(img):
        if above.tag == "a":
            address = attribute(above, "href")
            own = original_address(address, is_wordpress=True)
            shown = attribute(img, "src")
            is_itself = own == shown or (
                _IMAGE_FILE.fullmatch(own) and own.rpartition("/")[2] == shown.rpartition("/")[2]
            )
            return "" if is_itself or not is_blank(words(above)) else address
    return ""


def unlink_pictures(document: HtmlDocument, notes: PostNotes) -> None:
    """Take the link off a picture that leads to itself."""
    for link in document.css("a[href]"):
        img = link.css_first("img")
        if img is not None and is_blank(link.text()) and not link_of(img) and len(link.css("img")) == 1:
            link.unwrap()
