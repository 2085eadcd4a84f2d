"""Write an element tree as HTML, for Python-Markdown.

Its own serializer takes "&copy;" in a text for an entity. By CommonMark (2.5) entities have become characters when the tree is
built, so that every ampersand in it is one.
"""

from __future__ import annotations

import xml.etree.ElementTree as xml
from collections.abc import Callable
from html import escape

RAW = "raw"
"""The tag of an element whose text is HTML."""
_VOID = frozenset({"br", "hr", "img", "input"})
"""Elements without content."""


def serialize(root: xml.Element) -> str:
    """Return the HTML of an element and all it holds."""
    pieces: list[str] = []
    _write(root, pieces.append)
    return "".join(pieces)


def _write(element: xml.Element, put: Callable[[str], None]) -> None:
    tag, text, tail = element.tag, element.text, element.tail
    if tag == RAW:
        put(text or "")
    else:
        if element.attrib:
            attributes = "".join([f' {name}="{escape(value)}"' for name, value in element.attrib.items()])
            put(f"<{tag}{attributes}>")
        else:
            put(f"<{tag}>")
        if text:
            put(escape(text, quote=False))
        for child in element:
            _write(child, put)
        if tag not in _VOID:
            put(f"</{tag}>")
    if tail:
        put(escape(tail, quote=False))
