"""HTML that stays HTML: only elements and attributes that mean something, on as few lines as it can be."""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

from weekahead.importers.html.shapes import PREFIX

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TOKEN = re.compile(r"<(/?)([a-z][^\s/>]*)((?:\s[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>|<[!?][^>]*>")
_ATTRIBUTE = re.compile(r"\s([^\s=>\"]+)(?:=\"([^\"]*)\")?")
_KEPT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "caption",
            "tbody",
            "thead",
            "tfoot",
            "tr",
            "table",
            "p",
            "br",
            "hr",
            "ul",
            "li",
            "dl",
            "dt",
            "dd",
            "blockquote",
            "pre",
        ),
        (),
    ),
    **dict.fromkeys(
        ("b", "strong", "i", "em", "s", "del", "ins", "u", "mark", "sub", "sup", "kbd", "small", "code", "q"), ()
    ),
    **dict.fromkeys(
        ("cite", "var", "samp", "dfn", "ruby", "rt", "rp", "figure", "figcaption", "details", "summary"), ()
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), ()),
    "td": ("colspan", "rowspan", "align"),
    "th": ("colspan", "rowspan", "align", "scope"),
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "ol": ("start",),
    "abbr": ("title",),
    "bdo": ("dir",),
}
_ROWS = re.compile(r"(?<=[^\n])(?=<(?:tr|thead|tbody|tfoot|figcaption|/table|/figure|img)\b)")
_SPACES = re.compile(r"[ \t\n\r\f]+")


def raw_html(node: LexborNode) -> str:
    """Return an element as HTML that may stand in our Markdown: without blank lines, which would end it."""
    html = _plain(node.html or "")
    if node.tag == "pre":
        return html
    return _ROWS.sub("\n", _SPACES.sub(" ", html)).replace(" \n", "\n").strip()


def inline_html(html: str) -> str:
    """Return HTML of some words on one line."""
    return _SPACES.sub(" ", _plain(html)).strip()


def _plain(html: str) -> str:
    return _TOKEN.sub(_written, html)


def _written(match: re.Match[str]) -> str:
    name = match[2] or ""
    if name.startswith(PREFIX):
        return _shape(match)
    if name not in _KEPT:
        return ""
    if match[1]:
        return f"</{name}>"
    values = _ATTRIBUTE.findall(match[3] or "")
    kept = "".join(f' {key}="{value}"' for key, value in values if key in _KEPT[name] and value)
    return f"<{name}{kept}>"


def _shape(match: re.Match[str]) -> str:
    """Return the HTML of the tag of a shape: a picture is one, of the others only the content stays."""
    if match[2] != f"{PREFIX}picture" or match[1]:
        return " " if match[1] else ""
    values = {key: entities.unescape(value) for key, value in _ATTRIBUTE.findall(match[3] or "")}
    alt = entities.escape(values.get("alt", ""))
    img = f'<img src="{entities.escape(values.get("src", ""))}" alt="{alt}">'
    return f'<a href="{entities.escape(values["href"])}">{img}</a> ' if values.get("href") else f"{img} "
