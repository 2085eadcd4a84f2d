"""The text of a Ghost post that has no HTML: lexical, the editor's tree since 5.43, and mobiledoc before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from weekahead.importers.json_text import sound_json
from weekahead.importers.platforms.ghost_cards import card_html

_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark"))
"""The bits of a text's format, by lexical."""

_DEEPEST = 200
_TEXTS = frozenset(("text", "extended-text", "tk", "hashtag"))
_SILENT = frozenset(("zwnj", "at-link-search"))


def lexical_html(source: str) -> str:
    """Return lexical as HTML. Raise ValueError if it cannot be read."""
    document = _decoded(source)
    root = document.get("root")
    if not isinstance(root, Mapping):
        raise ValueError("it has no root")
    return _children(root, 0)


def mobiledoc_html(source: str) -> str:
    """Return mobiledoc as HTML. Raise ValueError if it cannot be read."""
    document = _decoded(source)
    try:
        return "".join(_section(section, document) for section in document.get("sections") or [])
    except (IndexError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"its parts do not fit together ({error})") from None


def lone_markdown(source: str) -> str:
    """Return the Markdown of a mobiledoc that is one Markdown card, or nothing. Raise ValueError if it cannot be read."""
    document = _decoded(source)
    sections = document.get("sections")
    shown = [section for section in sections if section != [1, "p", []]] if isinstance(sections, list) else []
    match shown, document.get("cards"):
        case [[10, *_]], [["markdown" | "card-markdown", dict() as fields]]:
            return str(fields.get("markdown") or fields.get("cardMarkdown") or "")
    return ""


def _decoded(source: str) -> Mapping[str, Any]:
    try:
        document = msgspec.json.decode(sound_json(source))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(document, Mapping):
        raise ValueError("it is not an object")
    return document


def _children(node: Mapping[str, Any], depth: int) -> str:
    if depth > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} deep")
    children = node.get("children")
    inside = (child for child in (children if isinstance(children, list) else ()) if isinstance(child, Mapping))
    return "".join(_node(child, depth + 1) for child in inside)


def _node(node: Mapping[str, Any], depth: int) -> str:
    kind = str(node.get("type") or "")
    if kind in _TEXTS or (isinstance(node.get("text"), str) and "format" in node):
        return _text(str(node.get("text") or ""), node.get("format"))
    if kind == "linebreak":
        return "<br>"
    if kind == "tab":
        return "\t"
    if kind in _SILENT:
        return ""
    inside = _children(node, depth)
    if kind in ("link", "autolink", "at-link"):
        return f'<a href="{escape(str(node.get("url") or ""))}">{inside}</a>'
    if kind in ("list", "listitem"):
        return _list(node, kind, inside)
    if tag := _tag(kind, node):
        return f"<{tag}>{inside}</{tag}>"
    return inside if "children" in node else card_html(kind, node)


def _tag(kind: str, node: Mapping[str, Any]) -> str:
    """Return the element of a block, or nothing for a card."""
    if kind in ("heading", "extended-heading"):
        tag = str(node.get("tag"))
        return tag if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
    return {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "blockquote"}.get(
        kind, ""
    )


def _list(node: Mapping[str, Any], kind: str, inside: str) -> str:
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" else "ul"
        start = (
            f' start="{node["start"]}"'
            if tag == "ol" and isinstance(node.get("start"), int) and node["start"] != 1
            else ""
        )
        return f"<{tag}{start}>{inside}</{tag}>"
    return f"<li>{inside}</li>"


def _text(text: str, bits: Any) -> str:
    html = escape(text, quote=False)
    for bit, tag in reversed(_FORMATS):
        if isinstance(bits, int) and bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html


def _section(section: Sequence[Any], document: Mapping[str, Any]) -> str:
    """Return a section of mobiledoc: 1 is text, 2 a picture, 3 a list, 10 a card."""
    match section[0]:
        case 1:
            tag = {"pull-quote": "blockquote", "aside": "blockquote"}.get(section[1], section[1])
            return f"<{tag}>{_markers(section[2], document)}</{tag}>"
        case 2:
            return card_html("image", {"src": section[1]})
        case 3:
            items = "".join(f"<li>{_markers(item, document)}</li>" for item in section[2])
            return f"<{section[1]}>{items}</{section[1]}>"
        case 10:
            name, fields = document["cards"][section[1]]
            return card_html(name, fields if isinstance(fields, Mapping) else {})
        case other:
            raise ValueError(f"it has a section of the unknown kind {other}")


def _markers(markers: Sequence[Any], document: Mapping[str, Any]) -> str:
    """Return the texts of a section: [0, opened markups, how many close, text], or [1, ...] for an atom."""
    html, opened = "", list[str]()
    for kind, opening, closing, value in markers:
        for place in opening:
            tag, *attributes = document["markups"][place]
            pairs = attributes[0] if attributes else []
            html += f"<{tag}{''.join(_attribute(pairs, at) for at in range(0, len(pairs), 2))}>"
            opened.append(tag)
        html += _atom(document["atoms"][value]) if kind == 1 else escape(value, quote=False)
        for _ in range(closing):
            html += f"</{opened.pop()}>"
    return html + "".join(f"</{tag}>" for tag in reversed(opened))


def _attribute(pairs: Sequence[Any], at: int) -> str:
    return f' {pairs[at]}="{escape(str(pairs[at + 1]))}"'


def _atom(atom: Sequence[Any]) -> str:
    return "<br>" if atom[0] == "soft-return" else escape(str(atom[1]), quote=False)
