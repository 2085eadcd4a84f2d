"""Content that stands only in attributes: JSON, whose quotes were escaped once or twice."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Any

import msgspec
from selectolax.lexbor import LexborNode

from weekahead.importers.html.document import attribute
from weekahead.importers.json_text import sound_json

NOTHING: Mapping[str, Any] = {}


def read_data(node: LexborNode, name: str = "data-attrs") -> Mapping[str, Any]:
    """Return the JSON object in an attribute; an empty one where there is none that can be read."""
    value = attribute(node, name)
    for _ in range(2):
        try:
            data = msgspec.json.decode(sound_json(value))
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            value = unescape(value)
            continue
        return data if isinstance(data, dict) else NOTHING
    return NOTHING


def said(data: Any, *names: str | int) -> str:
    """Return the words below some names of JSON, "" where there are none."""
    for name in names:
        if isinstance(data, Mapping) and isinstance(name, str):
            data = data.get(name)
        elif isinstance(data, list) and isinstance(name, int) and name < len(data):
            data = data[name]
        else:
            return ""
    return data.strip() if isinstance(data, str) else ""


def address(data: Any, *names: str | int) -> str:
    """Return an address below some names of JSON; whether its ampersands were escaped once more does not matter."""
    return unescape(said(data, *names)).strip()


def items(data: Any, *names: str) -> list[Any]:
    """Return the list below some names of JSON, [] where there is none."""
    for name in names:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data if isinstance(data, list) else []
