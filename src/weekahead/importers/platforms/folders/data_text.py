"""Texts of settings in YAML, TOML and JSON, from elsewhere: what can be read of them, and what cannot, by its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from msgspec import Struct

from weekahead.importers.json_text import sound_json
from weekahead.source.free_map import FreeMap
from weekahead.source.yaml_tree import MAX_DEPTH, YamlSource, compose

_YAML_KEY = re.compile(r"(?m)^(\"[^\"\n]+\"|'[^'\n]+'|[^\s#\-\[\]{}\"'|>,&*!%@`:][^:\n]*?)[ \t]*:(?=[ \t\n]|$)[ \t]*")
_TOML_KEY = re.compile(r"(?m)^(?:\[\[?[^\]\n]+\]\]?[ \t]*(?:#[^\n]*)?$|[\w\"'.-]+[ \t]*=)")


DEEPEST = MAX_DEPTH - 4
"""Levels of a value: what holds it in front matter of ours comes on top."""
LONGEST_RAW = 500
"""Characters that are kept of a value that is not valid."""


class Fault(Struct, frozen=True):
    """What could not be read: its line in the text, from 1, and why."""

    line: int
    message: str


class Data(Struct, frozen=True):
    """The keys of a text, and its faults."""

    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()


def read_yaml(text: str) -> Data:
    """Return the map in a YAML text. Where it is not valid, each key that can be read is; of others, the words behind them."""
    whole = _yaml(text)
    if not whole.faults:
        return whole
    values: dict[str, Any] = {}
    faults = list[Fault]()
    keys = list(_YAML_KEY.finditer(text))
    for key, following in pairwise([*keys, None]):
        assert key is not None
        chunk = text[key.start() : following.start() if following else len(text)]
        name, line = key[1].strip("\"'"), text.count("\n", 0, key.start()) + 1
        part = _yaml(chunk)
        if part.faults:
            faults.append(Fault(line, f'the value of "{name}" is not valid: {part.faults[0].message}'))
            part = Data({name: _raw(chunk[key.end() - key.start() :])})
        if name in values:
            faults.append(Fault(line, f'"{name}" is given twice; the last one holds'))
        values |= part.values
    if not faults and not values:
        return Data({}, whole.faults)
    return Data(values, tuple(faults) or whole.faults)


def _yaml(text: str) -> Data:
    findings: list[Any] = []
    source = YamlSource("", findings).of_text(text)
    node = compose(text, source, "it")
    if node is None:
        line, message = (findings[0].where.line, findings[0].message) if findings else (1, "it cannot be read")
        return Data({}, (Fault(max(line, 1), message),))
    return _without_depths(Data(FreeMap().value("", node, source)))


def _raw(words: str) -> str:
    """Return the words of a value that is not valid, without a pair of quotation marks around them."""
    words = " ".join(words.split())[:LONGEST_RAW]
    return words[1:-1] if len(words) > 1 and words[0] == words[-1] and words[0] in "\"'" else words


def read_toml(text: str) -> Data:
    """Return the keys of a TOML text. Where it is not valid, each key or table that can be read is."""
    try:
        return _without_depths(Data(tomllib.loads(text)))
    except (ValueError, RecursionError) as error:
        fault = Fault(_line_in(str(error)), f"it is not valid TOML: {str(error) or 'too deep'}")
    values: dict[str, Any] = {}
    starts = [match.start() for match in _TOML_KEY.finditer(text)]
    for table, chunk in _toml_chunks(text, starts):
        try:
            part = tomllib.loads(chunk)
        except (ValueError, RecursionError):
            continue
        below = values
        for name in table:
            below = below.setdefault(name, {}) if isinstance(below, dict) else {}
        if isinstance(below, dict):
            below.update(part)
    return Data(values, (fault,))


def _toml_chunks(text: str, starts: list[int]) -> Iterator[tuple[list[str], str]]:
    """Yield each key with its value, and the names of the table that it is in."""
    table: list[str] = []
    for start, end in pairwise([*starts, len(text)]):
        chunk = text[start:end]
        if chunk.startswith("["):
            table = [name.strip(" \"'") for name in chunk.strip().strip("[]").split("]")[0].split(".")]
        else:
            yield table, chunk


def _line_in(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 1


def read_json(text: str) -> tuple[Data, int]:
    """Return the object that a JSON text begins with, and where it ends."""
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(sound_json(text))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return Data({}, (Fault(line, f"it is not valid JSON: {getattr(error, 'msg', 'too deep')}"),)), len(text)
    return (_without_depths(Data(value)) if isinstance(value, dict) else Data({}, (Fault(1, "it is not a map"),))), end


def _without_depths(data: Data) -> Data:
    """Return data without the values that no front matter of ours can have, for they are nested too deep."""
    deep = [name for name, value in data.values.items() if _is_deep(value)]
    message = f"was left out: lists and maps are nested more than {DEEPEST} levels deep"
    faults = tuple(Fault(1, f'the value of "{name}" {message}') for name in deep)
    return Data({name: value for name, value in data.values.items() if name not in deep}, (*data.faults, *faults))


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        maps = [each.values() for each in level if isinstance(each, dict)]
        level = [inner for each in (*maps, *(each for each in level if isinstance(each, list))) for inner in each]
    return bool(level)


def read_data(name: str, text: str) -> Data:
    """Return the keys of a file of settings, told by the end of its name."""
    readers: dict[str, Callable[[str], Data]] = {"toml": read_toml, "json": lambda words: read_json(words)[0]}
    return readers.get(name.rpartition(".")[2].lower(), read_yaml)(text)
