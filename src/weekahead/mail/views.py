"""How mail programs show an edition: as Gmail leaves its HTML, and with its colours inverted."""

from __future__ import annotations

from weekahead.mail.edition import Edition
from weekahead.model.name_set import name_set
from weekahead.site.html_text import MAIL_ATTRIBUTES, MAIL_ELEMENTS, SCHEMES

WARN_ABOVE, MOST = 80 * 1024, 100 * 1024
"""Bytes of HTML above which there is a warning, and an error: Gmail cuts a mail at about 102 KB."""

GMAIL_STYLES = name_set(
    "background-color border border-bottom border-collapse border-color border-left border-right border-spacing border-top "
    "color font-family font-size font-style font-weight height line-height list-style-type margin max-width padding "
    "text-align text-decoration vertical-align white-space width word-break"
)
"""The properties of our editions that Gmail keeps."""

SAMPLE_WAY_OUT = "https://way-out.example/your-own-address"
"""What stands in an edition that goes to nobody."""


def as_gmail(html: str) -> str:
    """Return the HTML of an edition as Gmail's web page shows it: no head, no classes, the properties that it knows."""
    import nh3

    body = nh3.clean(
        html,
        tags=MAIL_ELEMENTS | {"center", "font"},
        clean_content_tags={"title", "style", "script"},
        attributes=MAIL_ATTRIBUTES,
        filter_style_properties=GMAIL_STYLES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="margin:0">{body}</body></html>'


def as_inverted(html: str) -> str:
    """Return the HTML as a program shows it that inverts all colours but those of pictures."""
    turn = "filter: invert(1) hue-rotate(180deg)"
    return html.replace("</head>", f"<style>html {{ {turn}; background: #fff }} img {{ {turn} }}</style></head>", 1)


def size_of(edition: Edition) -> int:
    """Return the bytes of the HTML of an edition."""
    return len(edition.html.encode())
