"""What may stand in letter.yaml, in schedule.yaml and in an issue's front matter, as JSON Schemas for editors.

Nothing of it is written down twice. The readers themselves are run on a map that has every key: it notes of which type
each is asked for. What a key means is taken from docs/reference.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from weekahead.model.findings import Location
from weekahead.source.config_file import parse_config
from weekahead.source.front_matter import Header, front_matter_of
from weekahead.source.schedule_file import parse_schedule
from weekahead.source.yaml_map import CLOCK, DURATION, YamlMap, YamlSource
from weekahead.theme.lookup import starter

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know best."""

TEXT = ["string", "number", "boolean"]
"""Text is what the author typed, also where YAML sees a number or a truth."""


def schema(name: str) -> Schema:
    """The schema of "letter", "schedule" or "issue".

    Whatever the reader takes, it takes. What only the whole letter can tell, such as a number that is given twice, is
    beyond it: that is what `check` is for.
    """
    read, heading, title = KINDS[name]
    asked = SchemaRecorder([], Location("issues/0001-x.md"), YamlSource("issues/0001-x.md", []))
    read(asked)
    found = asked.schema()
    for key, told in found["properties"].items():
        _describe(told, meanings(heading).get(key, ""))
    return {"$schema": DRAFT, "title": title, **found}


def _read_front_matter(fields: YamlMap) -> object:
    return front_matter_of(fields, Header(fields.origin, ""))


KINDS: dict[str, tuple[Callable[[YamlMap], object], str, str]] = {
    "issue": (_read_front_matter, "An issue", "The front matter of an issue"),
    "letter": (parse_config, "letter.yaml", "letter.yaml of weekahead"),
    "schedule": (parse_schedule, "schedule.yaml", "schedule.yaml of weekahead"),
}
"""The reader of each kind, where the reference has its keys, and its title."""


@cache
def meanings(heading: str) -> dict[str, str]:
    """What each key below a heading of docs/reference.md means, in plain words."""
    packed = starter() / "reference.md"
    text = (packed if packed.exists() else starter() / "docs" / "reference.md").read_text("utf-8")
    _, _, rest = text.partition(f"## {heading}\n")
    found: dict[str, str] = {}
    for keys, meaning in re.findall(r"(?m)^\| (`[^|]*`) \| (.*) \|$", rest.partition("\n## ")[0]):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", meaning).replace("`", "")
        found |= {key: words[:1].upper() + words[1:] + "." for key in re.findall(r"`(\w+)`", keys)}
    return found


def _describe(told: Schema, words: str) -> None:
    """Put the words of a key at it, for an editor to show, and at the keys of the maps below it."""
    if not words:
        return
    told["description"] = words
    for each in _maps_below(told):
        for key in each.get("properties", {}).values():
            _describe(key, words)


def _maps_below(told: Any) -> Iterator[Schema]:
    """The schemas of the maps that a value is, or is a list of."""
    if isinstance(told, list):
        for each in told:
            yield from _maps_below(each)
    elif isinstance(told, dict):
        if "properties" in told:
            yield told
        for key in ("items", "additionalItems", "anyOf"):
            yield from _maps_below(told.get(key))


class SchemaRecorder(YamlMap):
    """A map that has every key, and notes as what each is asked for. A reader of values gets none, one of maps gets one."""

    told: dict[str, Schema] = {}
    required: list[str] = []
    is_closed: bool = False
    free_keys: str = ""

    def schema(self) -> Schema:
        """What a map must be to be read without a finding, as far as keys and types tell."""
        told = {key: _finished(value, key in self.required) for key, value in self.told.items()}
        if self.free_keys:
            pattern = f"^({self.free_keys})$"
            return {"type": "object", "patternProperties": {pattern: told[PROBE]}, "additionalProperties": False}
        found: Schema = {"type": "object", "properties": told}
        if self.required:
            found["required"] = self.required
        if self.is_closed:
            found["additionalProperties"] = False
        return found

    def _note(self, key: str, told: Schema) -> None:
        self.told.setdefault(key, told)

    def _below(self) -> SchemaRecorder:
        return SchemaRecorder([], self.where, self.origin)

    def __contains__(self, key: str) -> bool:
        return True

    def require(self, key: str) -> None:
        if key not in self.required:
            self.required.append(key)

    def close(self) -> None:
        self.is_closed = True

    def text(self, key: str) -> None:
        self._note(key, {"type": TEXT})

    def shaped(
        self, key: str, pattern: str, wanted: str, hint: str = "", also: Callable[[str], bool] = bool
    ) -> str | None:
        looks_like = {"boolean": "true", "number": "1"}  # text that an editor takes for something else
        types = [kind for kind, words in looks_like.items() if re.fullmatch(pattern, words)]
        self._note(key, {"type": ["string", *types], "shape": pattern})
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        self._note(key, {"type": "array", "items": {"type": [*TEXT, "null"]}})
        return ()

    def words(self, key: str, known: Sequence[str], what: str) -> tuple[str, ...]:
        self._note(key, {"type": "array", "items": {"enum": [*known]}})
        return ()

    def whole(self, key: str, least: int = 0, most: int = 999_999_999) -> None:
        self._note(key, {"type": "integer", "minimum": least, "maximum": most})

    def truth(self, key: str) -> None:
        self._note(key, {"type": "boolean"})

    def day(self, key: str) -> None:
        self._note(key, DAY)

    def clock(self, key: str) -> None:
        self._note(key, {"type": "string", "pattern": f"^({CLOCK})$"})

    def duration(self, key: str) -> None:
        self._note(key, {"type": "string", "pattern": f"^({DURATION})$"})

    def one_of(self, key: str, words: Sequence[str]) -> None:
        self._note(key, {"enum": [*words]})

    def map(self, key: str) -> YamlMap:
        below = self._below()
        self._note(key, {"map": below})
        return below

    def maps(self, key: str) -> Iterator[YamlMap]:
        below = self._below()
        self._note(key, {"type": "array", "items": {"map": below}})
        yield below

    def mixed(self, key: str) -> Iterator[str | YamlMap]:
        below = self._below()
        self._note(key, {"type": "array", "items": {"anyOf": [{"type": [*TEXT, "null"]}, {"map": below}]}})
        yield below

    def days_and_maps(self, key: str) -> Iterator[date | YamlMap]:
        below = self._below()
        self._note(key, {"type": "array", "items": {"anyOf": [DAY, {"map": below}]}})
        yield below

    def parts(self, key: str) -> Iterator[YamlMap]:
        first, later = self._below(), self._below()
        several = {"type": "array", "items": [{"map": first}], "additionalItems": {"map": later}, "minItems": 1}
        self._note(key, {"anyOf": [{"map": first}, several]})
        yield first
        yield later

    def keys(self, pattern: str, what: str, hint: str) -> list[str]:
        self.free_keys = pattern
        return [PROBE]

    def anything(self, key: str) -> dict[str, Any]:
        self._note(key, {"type": "object"})
        return {}


PROBE = "1"
"""A key that stands for all where an author chooses them: numbers of issues."""

DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def _finished(told: Schema, required: bool) -> Schema:
    """What was noted of a key, with the maps below it; nothing is as good as no key where it is not required."""
    found = _with_maps(told)
    if "shape" in found:
        shape = found.pop("shape")
        found["pattern"] = rf"^\s*({shape})\s*$" if required else rf"^\s*({shape})?\s*$"
    if required:
        return {**found, "pattern": r"\S"} if found.get("type") == TEXT else found
    if "anyOf" in found:
        return {"anyOf": [*found["anyOf"], {"type": "null"}]}
    if "enum" in found:
        return {"enum": [*found["enum"], None]}
    types = found["type"] if isinstance(found["type"], list) else [found["type"]]
    return {**found, "type": [*types, "null"]}


def _with_maps(told: Any) -> Any:
    """A note with the schema of each map in its place, now that its reader has asked for all its keys."""
    if isinstance(told, list):
        return [_with_maps(each) for each in told]
    if not isinstance(told, dict):
        return told
    if "map" in told:
        return told["map"].schema()
    return {key: _with_maps(value) for key, value in told.items()}
