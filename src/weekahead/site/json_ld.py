"""Data for machines: JSON-LD (schema.org) and JSON files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

JsonObject = dict[str, Any]
"""Data for machines: JSON-LD, JSON files."""


def in_schema(data: Mapping[str, Any]) -> JsonObject:
    """Return data for search engines (schema.org), without empty values."""
    return {"@context": "https://schema.org"} | without_none(data)


def without_none(data: Mapping[str, Any]) -> JsonObject:
    return {key: value for key, value in data.items() if value is not None}


def list_items(named: Iterable[tuple[str, str]]) -> list[JsonObject]:
    return [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(named, 1)
    ]
