"""Shapes: elements of our own that passes put into the tree for what our Markdown has a form for and HTML has not.

A platform's pass finds a tweet in its own markup and puts a `post` in its place; the converter writes it as `/// post`. All
functions return HTML. Texts and attributes are given as they are, and escaped here; parameters named `html` are HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from weekahead.model.addresses import host_of

PREFIX = "weekahead-"
VIDEO, POST, LINKS, NOTE = f"{PREFIX}video", f"{PREFIX}post", f"{PREFIX}links", f"{PREFIX}note"
PICTURE, MARK, FOOTNOTE, FORMULA = f"{PREFIX}picture", f"{PREFIX}mark", f"{PREFIX}footnote", f"{PREFIX}formula"

ALERTS = ("note", "tip", "important", "warning", "caution")


def video(address: str, title: str, *, by: str = "", length: str = "") -> str:
    """Return a video elsewhere, by the address of its page; without a title, the name of its host is shown."""
    return _element(VIDEO, "", address=address, title=title, by=by, length=length)


_HOSTS = {"youtube.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo"}


def video_title(address: str, title: str) -> str:
    """Return the title of a video; without one, or with its address as one, the name of its host."""
    title = " ".join(title.split())
    if title and title != address:
        return title
    host = host_of(address) or address
    return _HOSTS.get(host, host)


def attribution(author: str, day: str, address: str) -> tuple[str, str]:
    """Return what stands below a post: words, and those that lead to it."""
    return f"{author}, " if author and day else "", day or author or address


def post(author: str, html: str, *, day: date | None = None, address: str = "") -> str:
    """Return what somebody wrote on a social network, with its pictures."""
    return _element(POST, html, author=author, day=day.isoformat() if day else "", address=address)


def links(items: Iterable[tuple[str, str, str]]) -> str:
    """Return a list of links, each an address, its words, and a comment as HTML, which may be empty."""
    entries = (f"<li>{link(address, text)}{f': {html}' if html else ''}</li>" for address, text, html in items)
    return _element(LINKS, f"<ul>{''.join(entries)}</ul>")


def note(html: str, *, title: str = "", alert: str = "") -> str:
    """Return a box: an aside with a title, or one of `ALERTS`, which has its label and no title."""
    return _element(NOTE, html, title=title, alert=alert if alert in ALERTS else "")


def picture(src: str, alt: str = "", html: str = "", *, href: str = "") -> str:
    """Return a picture by itself; `html` is its caption, `href` is where it leads."""
    return _element(PICTURE, html, src=src, alt=alt, href=href)


def footnote_mark(key: str) -> str:
    """Return the mark of the footnote of a key, which may be any string."""
    return _element(MARK, "", note=key)


def footnote(key: str, html: str) -> str:
    """Return the text of the footnote of a key, without its number and its way back. Its place does not matter."""
    return _element(FOOTNOTE, html, note=key)


def formula(tex: str, *, display: bool) -> str:
    """Return a formula in TeX, without its dollars."""
    return _element(FORMULA, escape(tex, quote=False), display="yes" if display else "")


def code(text: str, language: str = "") -> str:
    """Return a block of code as it is."""
    named = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{named}>{escape(text, quote=False)}</code></pre>"


def link(address: str, text: str) -> str:
    """Return a link."""
    return f'<a href="{escape(address)}">{escape(text, quote=False)}</a>'


def paragraph(html: str) -> str:
    """Return a paragraph."""
    return f"<p>{html}</p>"


def _element(name: str, html: str, **attributes: str) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{written}>{html}</{name}>"
