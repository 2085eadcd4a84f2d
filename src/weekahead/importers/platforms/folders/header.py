"""A text with front matter: YAML between lines of dashes, TOML between `+++`, JSON, or Pelican's `Key: value`."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from weekahead.importers.platforms.folders.data_text import Data, Fault, read_json, read_toml, read_yaml
from weekahead.lint.rules.text_helpers import split_words

_YAML = re.compile(r"\s*---[ \t]*\n")
_YAML_END = re.compile(r"(?m)^(?:---|\.\.\.)[ \t]*$")
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n")
_TOML_END = re.compile(r"(?m)^\+\+\+[ \t]*$")
_PELICAN = re.compile(r"([A-Za-z][\w -]{0,30}):(?:[ \t]+(.*)|[ \t]*)$")
_KNOWN = frozenset(
    split_words(
        "title date category tags slug author authors summary modified status lang translation keywords template"
    )
)


class Header(Struct, frozen=True):
    """What stands above a text, and the text. `kind` is yaml, toml, json, keys, or nothing where nothing stands there."""

    kind: str
    values: dict[str, Any]
    body: str
    """Behind as many empty lines as there are lines above it, so that its lines are those of the file."""
    faults: tuple[Fault, ...] = ()
    """Their lines are those of the file."""


def read_header(text: str) -> Header:
    """Return the front matter and the body of a text."""
    if opening := _YAML.match(text):
        return _between(text, opening.end(), _YAML_END, "yaml")
    if opening := _TOML.match(text):
        return _between(text, opening.end(), _TOML_END, "toml")
    if re.match(r"\s*\{\s*(?:\"[^\"\n]+\"\s*:|\})", text):
        start = len(text) - len(text.lstrip())
        data, end = read_json(text[start:])
        if not data.values and data.faults:  # it ends nobody knows where: no word of the text may be lost
            found = re.compile(r"(?m)^\}[ \t]*$|\}[ \t]*\n(?=\n|[^\s\"}\],])").search(text, start)
            end = found.end() - start if found else 0
        return _header("json", data, text, start, start + end)
    return Header("", {}, text)


def _between(text: str, start: int, closing: re.Pattern[str], kind: str) -> Header:
    end = closing.search(text, start)
    if end is None:
        data = read_yaml(text[start:].partition("\n\n")[0])
        if kind != "yaml" or not data.values:
            return Header("", {}, text)  # a line across the page
        stop = start + len(text[start:].partition("\n\n")[0])
        fault = Fault(text.count("\n", 0, start), "the front matter begins here and never ends")
        header = _header(kind, data, text, start, stop)
        return Header(kind, header.values, header.body, (fault, *header.faults))
    head = text[start : end.start()]
    data = read_yaml(head) if kind == "yaml" else read_toml(head)
    if kind == "yaml" and not data.values and data.faults and not re.search(r"(?m)^\w[\w -]*:", head):
        return Header("", {}, text)  # words between two lines across the page
    return _header(kind, data, text, start, end.end())


def _header(kind: str, data: Data, text: str, start: int, end: int) -> Header:
    above = text.count("\n", 0, start)
    faults = tuple(Fault(fault.line + above, fault.message) for fault in data.faults)
    return Header(kind, data.values, "\n" * text.count("\n", 0, end) + text[end:], faults)


def read_keys(text: str) -> Header:
    """Return the headers of a text of Pelican: `Key: value` up to the first empty line, with lines that go on indented.

    YAML between lines of dashes is read as such.
    """
    if _YAML.match(text):
        return read_header(text)
    values: dict[str, list[str]] = {}
    key, lines = "", text.lstrip("\n").split("\n")
    above = len(text) - len(text.lstrip("\n"))
    for number, line in enumerate(lines):
        match = _PELICAN.match(line)
        if not line.strip() or (match is None and not (key and line.startswith((" ", "\t")))):
            lines = lines[number:]
            above += number
            break
        if match and not line.startswith((" ", "\t")):
            key = match[1].strip().lower()
            values.setdefault(key, []).append((match[2] or "").strip())
        else:
            values[key].append(line.strip())
    else:
        above, lines = above + len(lines), []
    if not _KNOWN.intersection(values):
        return Header("", {}, text)
    joined = {name: " ".join(filter(None, words)) for name, words in values.items()}
    return Header("keys", joined, "\n" * above + "\n".join(lines))


def has_keys(text: str) -> bool:
    """Return whether a text begins as one of Pelican does."""
    header = read_keys(text)
    return header.kind == "keys" and "title" in header.values
