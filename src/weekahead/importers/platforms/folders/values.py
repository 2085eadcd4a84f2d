"""Values of others' front matter, of whatever type they were meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def text_of(value: Any) -> str:
    """Return a value as words; nothing for maps and for lists of them."""
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (text_of(each) for each in value)))
    return str(value).strip()


def list_of(value: Any, separators: str = ",") -> tuple[str, ...]:
    """Return a value as a list: a list, or words parted by some characters. In a list of maps, their names or titles."""
    if isinstance(value, Mapping):
        value = list(value) if all(flag_of(each) is not None or each is None for each in value.values()) else [value]
    if isinstance(value, list | tuple):
        items = [_name_of(each) if isinstance(each, Mapping) else text_of(each) for each in value]
    else:
        items = re.split(rf"[{re.escape(separators)}]", text_of(value)) if separators else [text_of(value)]
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _name_of(value: Mapping[str, Any]) -> str:
    return next((text_of(value[key]) for key in ("name", "title", "label", "slug") if value.get(key)), "")


def flag_of(value: Any) -> bool | None:
    """Return whether a value means yes or no; None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in ("true", "yes", "on", "1", "y"):
        return True
    return False if word in ("false", "no", "off", "0", "n") else None


def plain(value: Any) -> Any:
    """Return a value as text, numbers, lists and maps alone."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)
