"""Tables of the keys that a YAML map may have: one line for a key reads, documents and describes it to editors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar, cast, overload

from weekahead.model.findings import Location, nearest
from weekahead.source.value_types import BadValue, ListOf, Schema, ValueType
from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_tree import MappingNode, Node, ScalarNode, YamlSource, excerpt, is_blank, is_null

BLANK: Schema = {"anyOf": [{"type": "null"}, {"type": "string", "pattern": r"^\s*$"}]}
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Incomplete(Exception):
    """A required key has no valid value, and a finding says so: nothing can be made of its map."""


class Key(Generic[T]):
    """A key of a table; as an attribute of a table that was read, the value of the key."""

    def __init__(self, kind: ValueType[Any], doc: str, default: Any, name: str, required: bool = False) -> None:
        self.kind, self.doc, self.default, self.required = kind, doc, default, required
        self.name, self.attribute = name, ""

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute, self.name = attribute, self.name or attribute

    @overload
    def __get__(self, table: None, owner: type) -> Key[T]: ...
    @overload
    def __get__(self, table: Table[Any], owner: type) -> T: ...
    def __get__(self, table: Table[Any] | None, owner: type) -> Any:
        """Return the default; a value that was read is an attribute of the table itself, which goes before this."""
        if table is None:
            return self
        if self.required:
            raise Incomplete(self.name)
        return self.default

    def schema(self) -> Schema:
        """Return a JSON Schema of what may be written after the colon."""
        schema = {**self.kind.schema(), "not": BLANK} if self.required else nullable(self.kind.schema())
        without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", self.doc)
        return {**schema, "description": without_links.replace("`", "")}


def nullable(schema: Schema) -> Schema:
    """Return a schema that takes null as well."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": list(dict.fromkeys([*types, "null"]))}


def required(kind: ValueType[T], doc: str, *, name: str = "") -> Key[T]:
    """Return a key that must be there. `name` is for a key that cannot be an attribute."""
    return Key(kind, doc, None, name, required=True)


@overload
def optional(kind: ValueType[T], doc: str, *, name: str = "") -> Key[T | None]: ...
@overload
def optional(kind: ValueType[T], doc: str, default: T, *, name: str = "") -> Key[T]: ...
def optional(kind: ValueType[Any], doc: str, default: Any = None, *, name: str = "") -> Key[Any]:
    """Return a key that may be absent."""
    return Key(kind, doc, default, name)


class Table(Generic[T_co]):
    """The keys of a map, as attributes, and the value that is made of them.

    Creating a table reads a map and adds a finding for each fault in it.
    """

    keys: ClassVar[Mapping[str, Key[Any]]] = {}
    required: ClassVar[tuple[str, ...]] = ()
    renamed: ClassVar[Mapping[str, str]] = {}
    """The names of keys by what they were called in earlier versions."""

    def __init_subclass__(cls) -> None:
        cls.keys = {key.name: key for key in vars(cls).values() if isinstance(key, Key)}
        cls.required = tuple(key.name for key in cls.keys.values() if key.required)

    def __init__(self, yaml: YamlMap) -> None:
        self.yaml = yaml
        for name, node in yaml.pairs:
            key = self.keys.get(name.value)
            if self.refuses(name, node):
                continue
            if key is None:
                now = self.renamed.get(name.value)
                hint = f'It is now called "{now}".' if now else nearest(name.value, self.keys)
                yaml.source.find(name, "unknown-key", f'unknown key "{excerpt(name.value)}"', hint)
            elif key.required and is_blank(node):
                self._report_missing(key.name, node, "empty")
            else:
                value = key.kind.empty if is_null(node) else key.kind.read(key.name, node, yaml.source)
                if value is not None:
                    vars(self)[key.attribute] = value
        for missing in self.required:
            if missing not in yaml:
                self._report_missing(missing, yaml.where, "missing")

    def refuses(self, name: ScalarNode, node: Node) -> bool:
        """Return whether a key is not read at all, with a finding that says why."""
        return False

    def _report_missing(self, key: str, where: Location | Node, what: str) -> None:
        self.yaml.source.find(where, "key-missing", f'"{key}" is {what}', f"Add a line such as {key}: ...")

    @classmethod
    def of_nothing(cls) -> Self:
        """Return the table of an empty map: all defaults."""
        return cls(YamlMap([], Location(""), YamlSource("", [])))

    def build(self) -> T_co | None:
        """Return what the keys mean, by default the table itself, or None and a finding. Raise Incomplete."""
        return cast("T_co", self)

    @classmethod
    def schema(cls) -> Schema:
        """Return a JSON Schema of the map."""
        properties = {key.name: key.schema() for key in cls.keys.values()}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**schema, "required": [*cls.required]} if cls.required else schema


class MapOf(ValueType[T]):
    """A map with the keys of a table."""

    def __init__(self, table: type[Table[T]], wanted: str = "a map", hint: str = "Write KEY: {key: value}.") -> None:
        self.table, self.wanted, self.hint = table, wanted, hint

    def value(self, key: str, node: Node, source: YamlSource) -> T | None:
        if not isinstance(node, MappingNode):
            raise BadValue
        try:
            return self.table(YamlMap.of(node, source)).build()
        except Incomplete:
            return None

    def schema(self) -> Schema:
        return self.table.schema()


def maps_of(table: type[Table[T]]) -> ListOf[T]:
    """Return the type of lists of maps with the keys of a table."""
    return ListOf(MapOf(table, "a list of maps", "Write each as {key: value, ...}."), "Write one after each dash.")


def build_sound(yaml: YamlMap | None, build: Callable[[YamlMap], T | None]) -> T | None:
    """Return what `build` makes of a map, or None if there is no map, or there are errors in it."""
    if yaml is None:
        return None
    before = len(yaml.source.findings)
    try:
        value = build(yaml)
    except Incomplete:
        return None
    return None if yaml.source.has_errors(before) else value
