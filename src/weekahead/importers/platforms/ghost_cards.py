"""Ghost's cards as the HTML that Ghost itself writes, for posts that have only lexical or mobiledoc.

Both editors store a card's fields under the same names. What is made of a card is decided in ghost_passes.py, for these and
for cards that arrive as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

Fields = Mapping[str, Any]

MARKDOWN_ATTRIBUTE = "data-markdown"
"""Where the source of a Markdown card waits."""

GATE = '<!--kg-gated-block:begin nonMember:{} memberSegment:"{}" -->{}<!--kg-gated-block:end-->'


def card_html(kind: str, fields: Fields) -> str:
    """Return a card as HTML; one of an unknown kind is an empty element with its name, which a pass reports."""
    card = _CARDS.get(kind)
    html = card(fields) if card else f'<div class="kg-card kg-unknown-card" data-kind="{escape(kind)}"></div>'
    return _gated(html, fields.get("visibility"))


def _gated(html: str, visibility: Any) -> str:
    """Return a card within the marks that say who may see it, where not everybody may."""
    if not isinstance(visibility, Mapping):
        return html
    web = visibility.get("web")
    if isinstance(web, Mapping):
        public, segment = web.get("nonMember", True) is True, str(web.get("memberSegment", ""))
    else:
        public, segment = not visibility.get("emailOnly") and visibility.get("showOnWeb", True) is True, ""
    return html if public else GATE.format("false", escape(segment), html)


def _get(fields: Fields, *names: str) -> str:
    """Return the first of these fields that has a value, escaped."""
    for name in names:
        if fields.get(name) not in (None, "", False):
            return escape(str(fields[name]))
    return ""


def _raw(fields: Fields, name: str) -> str:
    """Return a field that is HTML."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _figure(kind: str, inside: str, fields: Fields) -> str:
    caption = _raw(fields, "caption")
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="kg-card kg-{kind}-card">{inside}{below}</figure>'


def _image(fields: Fields) -> str:
    title = f' title="{_get(fields, "title")}"' if _get(fields, "title") else ""
    image = f'<img src="{_get(fields, "src")}" class="kg-image" alt="{_get(fields, "alt")}"{title}>'
    href = _get(fields, "href")
    return _figure("image", f'<a href="{href}">{image}</a>' if href else image, fields) if _get(fields, "src") else ""


def _gallery(fields: Fields) -> str:
    found = fields.get("images")
    images = [image for image in (found if isinstance(found, list) else ()) if isinstance(image, Mapping)]
    inside = "".join(
        f'<div class="kg-gallery-image"><img src="{_get(image, "src")}" alt="{_get(image, "alt")}"'
        f' title="{_get(image, "title")}"></div>'
        for image in images
        if _get(image, "src")
    )
    return _figure("gallery", f'<div class="kg-gallery-container">{inside}</div>', fields)


def _bookmark(fields: Fields) -> str:
    metadata = fields.get("metadata")
    data = {**metadata, **fields} if isinstance(metadata, Mapping) else fields
    thumbnail = _get(data, "thumbnail")
    return _figure(
        "bookmark",
        f'<a class="kg-bookmark-container" href="{_get(data, "url")}"><div class="kg-bookmark-title">{_get(data, "title")}</div>'
        f'<div class="kg-bookmark-description">{_get(data, "description")}</div>'
        f'<span class="kg-bookmark-author">{_get(data, "publisher")}</span>'
        f'<span class="kg-bookmark-publisher">{_get(data, "author")}</span>'
        + (f'<div class="kg-bookmark-thumbnail"><img src="{thumbnail}" alt=""></div>' if thumbnail else "")
        + "</a>",
        fields,
    )


def _embed(fields: Fields) -> str:
    html, url = _raw(fields, "html"), _get(fields, "url")
    return _figure("embed", html or f'<a href="{url}">{url}</a>', fields)


def _code(fields: Fields) -> str:
    language = f' class="language-{_get(fields, "language")}"' if _get(fields, "language") else ""
    code = f"<pre><code{language}>{escape(_raw(fields, 'code'))}</code></pre>"
    return _figure("code", code, fields) if _raw(fields, "caption") else code


def _callout(fields: Fields) -> str:
    return (
        f'<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">{_get(fields, "calloutEmoji")}</div>'
        f'<div class="kg-callout-text">{_raw(fields, "calloutText")}</div></div>'
    )


def _toggle(fields: Fields) -> str:
    return (
        '<div class="kg-card kg-toggle-card"><div class="kg-toggle-heading"><h4 class="kg-toggle-heading-text">'
        f'{_raw(fields, "heading")}</h4></div><div class="kg-toggle-content">{_raw(fields, "content")}</div></div>'
    )


def _button(fields: Fields) -> str:
    button = f'<a href="{_get(fields, "buttonUrl")}" class="kg-btn">{_get(fields, "buttonText")}</a>'
    return f'<div class="kg-card kg-button-card">{button}</div>'


def _audio(fields: Fields) -> str:
    return (
        f'<div class="kg-card kg-audio-card"><audio src="{_get(fields, "src")}"></audio>'
        f'<div class="kg-audio-title">{_get(fields, "title")}</div>'
        f'<span class="kg-audio-duration">{_get(fields, "duration")}</span></div>'
    )


def _video(fields: Fields) -> str:
    return _figure("video", f'<video src="{_get(fields, "src")}" title="{_get(fields, "fileName")}"></video>', fields)


def _file(fields: Fields) -> str:
    return (
        f'<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="{_get(fields, "src")}">'
        f'<div class="kg-file-card-title">{_get(fields, "fileTitle")}</div>'
        f'<div class="kg-file-card-caption">{_get(fields, "fileCaption")}</div>'
        f'<div class="kg-file-card-filename">{_get(fields, "fileName")}</div></a></div>'
    )


def _product(fields: Fields) -> str:
    source, button = _get(fields, "productImageSrc"), _get(fields, "productButton")
    image = f'<img src="{source}" class="kg-product-card-image">' if source else ""
    stars = '<span class="kg-product-card-rating-star kg-product-card-rating-active"></span>'
    rating = str(fields.get("productStarRating") or "") if fields.get("productRatingEnabled") else ""
    link = f'<a href="{_get(fields, "productUrl")}" class="kg-product-card-button">{button}</a>'
    return (
        f'<div class="kg-card kg-product-card">{image}<h4 class="kg-product-card-title">{_raw(fields, "productTitle")}</h4>'
        f"{stars * (int(rating) if rating in ('1', '2', '3', '4', '5') else 0)}"
        f'<div class="kg-product-card-description">{_raw(fields, "productDescription")}</div>'
        f"{link if fields.get('productButtonEnabled') else ''}</div>"
    )


def _header(fields: Fields) -> str:
    source, button = _get(fields, "backgroundImageSrc"), _get(fields, "buttonText")
    image = f'<img class="kg-header-card-image" src="{source}">' if source else ""
    link = f'<a href="{_get(fields, "buttonUrl")}" class="kg-header-card-button">{button}</a>'
    return (
        f'<div class="kg-card kg-header-card">{image}<h2 class="kg-header-card-heading">{_raw(fields, "header")}</h2>'
        f'<p class="kg-header-card-subheading">{_raw(fields, "subheader")}</p>'
        f"{link if fields.get('buttonEnabled') else ''}</div>"
    )


def _signup(fields: Fields) -> str:
    return (
        f'<div class="kg-card kg-signup-card"><h2>{_raw(fields, "header")}</h2><p>{_raw(fields, "subheader")}</p>'
        f"<p>{_raw(fields, 'disclaimer')}</p></div>"
    )


def _call_to_action(fields: Fields) -> str:
    source, button = _get(fields, "imageUrl"), _get(fields, "buttonText")
    label = _raw(fields, "sponsorLabel") if fields.get("hasSponsorLabel") else ""
    image = f'<img src="{source}" alt="">' if source else ""
    link = f'<a href="{_get(fields, "buttonUrl")}" class="kg-cta-button">{button}</a>'
    return (
        f'<div class="kg-card kg-cta-card"><div class="kg-cta-sponsor-label">{label}</div>{image}'
        f'<div class="kg-cta-text">{_raw(fields, "textValue")}</div>'
        f"{link if fields.get('showButton') and _get(fields, 'buttonUrl') else ''}</div>"
    )


def _mail_only(fields: Fields) -> str:
    return f'<div class="kg-card kg-email-card">{_raw(fields, "html")}</div>'


def _markdown(fields: Fields) -> str:
    source = fields.get("markdown") or fields.get("cardMarkdown") or ""
    return f'<div class="kg-card kg-markdown-card" {MARKDOWN_ATTRIBUTE}="{escape(str(source))}"></div>'


_CARDS: dict[str, Callable[[Fields], str]] = {
    "image": _image,
    "gallery": _gallery,
    "bookmark": _bookmark,
    "embed": _embed,
    "html": lambda fields: f"\n<!--kg-card-begin: html-->\n{_raw(fields, 'html')}\n<!--kg-card-end: html-->\n",
    "code": _code,
    "codeblock": _code,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "audio": _audio,
    "video": _video,
    "file": _file,
    "product": _product,
    "header": _header,
    "signup": _signup,
    "call-to-action": _call_to_action,
    "email": _mail_only,
    "email-cta": _mail_only,
    "markdown": _markdown,
    "card-markdown": _markdown,
    "hr": lambda fields: "<hr>",
    "horizontalrule": lambda fields: "<hr>",
    "paywall": lambda fields: "<!--members-only-->",
}
"""The cards by the names that both editors have given them over the years."""
