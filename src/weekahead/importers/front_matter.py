"""Write front matter: only what a value needs of quotes, and nothing that YAML could read as something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from weekahead.source.yaml_tree import CONTROL
from weekahead.source.yaml_values import quoted


class Verbatim(str):
    """A value that is YAML already."""


def clean(words: str) -> str:
    """Return words on one line, without characters that cannot be printed."""
    return " ".join(CONTROL.sub("", words).split())


def yaml_lines(keys: Iterable[tuple[str, Any]]) -> str:
    """Return the lines of a map, without the keys that have no value."""
    lines = []
    for key, value in keys:
        if value is None or value in ("", (), [], {}):
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:\n" + "".join(f"  - {_flow(item)}\n" for item in value))
        else:
            lines.append(f"{key}: {_block(value)}\n")
    return "".join(lines)


def _block(value: Any) -> str:
    if isinstance(value, str) and not isinstance(value, Verbatim):
        return quoted(value)
    return _flow(value)


def _flow(value: Any) -> str:
    """Return a value on one line, as within braces."""
    if value is None:
        return "null"
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, str):
        return quoted(value, inline=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = (f"{_key(name)}: {_flow(each)}" for name, each in value.items() if each is not None)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False)


def _key(name: Any) -> str:
    words = clean(str(name))
    return words if re.fullmatch(r"[A-Za-z_][\w-]*|[1-9][0-9]{0,8}", words) else json.dumps(words, ensure_ascii=False)


def plain(value: Any) -> Any:
    """Return a value of somebody's front matter as what `extra` may have: text, whole numbers, truths, lists and maps."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, Mapping):
        return {clean(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(each) for each in value]
    return CONTROL.sub("", str(value))
