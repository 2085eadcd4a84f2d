"""The keys of front matter that a form has as fields: read as their author typed them, and written in his own way.

Only what a change is about is written: comments, the order of keys, quotes and all other keys stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from weekahead.source.front_matter import split_text
from weekahead.source.schedule_editor import EditError, one_line
from weekahead.source.yaml_edit import YamlEdit
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map
from weekahead.source.yaml_values import quoted


class Field(Struct, frozen=True):
    """A key, and how it is written: as a `text` in quotes where it needs them, a `plain` word, a `list` of texts, or `lines`."""

    key: str
    kind: str = "text"

    @property
    def path(self) -> tuple[str, str]:
        """The map below the front matter in which it is, "" for none, and its name there."""
        above, _, name = self.key.rpartition(".")
        return above, name


FIELDS = (
    Field("title"),
    Field("summary"),
    Field("tags", "list"),
    Field("status", "plain"),
    Field("date", "plain"),
    Field("series.name"),
    Field("series.part", "plain"),
    Field("series.of", "plain"),
    Field("research_note", "lines"),
    Field("authors", "list"),
    Field("cover.file"),
    Field("cover.alt"),
    Field("audio.file"),
)
"""Those of an issue, in the order in which new ones are written."""
NEEDED = {"series": "name", "cover": "file", "audio": "file"}
"""The key without which the map above it means nothing, so that all of it goes with that."""


def read_fields(keys: YamlMap) -> dict[str, str]:
    """Return what each field has, "" for nothing. The items of a list are parted by commas."""
    return {field.key: _read(keys, field) for field in FIELDS}


def with_fields(name: str, text: str, wanted: Mapping[str, str]) -> str:
    """Return the text of an issue with other values in its fields; those that `wanted` does not name stay.

    Raise EditError if the file is written in a way that cannot be edited safely.
    """
    for field in FIELDS:
        value = _one_value(field, wanted[field.key]) if field.key in wanted else None
        if value is not None:
            text = _with_field(name, text, field, value)
    return text


def _with_field(name: str, text: str, field: Field, value: str) -> str:
    refused = EditError(
        f"{name} is written in a way that weekahead cannot edit safely; change `{field.key}` in its text"
    )
    parts = split_text(name, text)
    if parts is None:
        raise refused
    before = read_fields(parts.keys)
    if before[field.key] == value:
        return text
    if field.key == "title" and not value:
        raise EditError("an issue needs a title")
    (start, end), head = parts.head, text[slice(*parts.head)]
    if start == end == 0:
        raise EditError(f"{name} has no front matter; begin it with --- and its title")
    for changed in _changes(head, field, value):
        head = changed
    keys = read_yaml_map(head, YamlSource("", []), "")
    above, needed = field.path[0], NEEDED.get(field.path[0])
    goes = {f.key for f in FIELDS if needed and not value and f.path == (above, f.path[1]) and field.path[1] == needed}
    after = {**before, **dict.fromkeys(goes, ""), field.key: value}
    if keys is None or _compared(read_fields(keys)) != _compared(after):
        raise refused
    return text[:start] + head + text[end:]


def _compared(values: Mapping[str, str]) -> dict[str, object]:
    """Return values without the order of lists: an item that is new comes last, wherever the form had it."""
    lists = {field.key for field in FIELDS if field.kind == "list"}
    return {key: sorted(value.split(", ")) if key in lists else value for key, value in values.items()}


def _one_value(field: Field, value: str) -> str:
    """Return what a form sent as the file is to have it."""
    if field.kind == "lines":
        return "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").strip("\n").split("\n")).strip()
    if field.kind == "list":
        items = (one_line(item) for item in value.split(","))
        return ", ".join(dict.fromkeys(item for item in items if item))
    return one_line(value)


def _read(keys: YamlMap, field: Field) -> str:
    above, name = field.path
    item = keys.map(above) if above else keys
    if item is None:
        return ""
    if field.kind == "list":
        return ", ".join(" ".join(words.split()) for words in item.item_words(name)) or item.words(name)
    words = item.words(name)
    return words.strip() if field.kind == "lines" else " ".join(words.split())


# -- one change


def _changes(head: str, field: Field, value: str) -> list[str]:
    """Return front matter after each step of a change; the last has it all."""
    above, name = field.path
    keys = read_yaml_map(head, YamlSource("", []), "")
    assert keys, "it was read just now"
    if field.kind == "list" and keys.is_list(name) and keys.item_spans(name):
        return _list_changes(head, name, value)
    edit = YamlEdit(head, keys)
    item = keys.map(above) if above else keys
    if above and not item:
        _set(edit, keys, above, f"{{{name}: {_written(field, value, inline=True)}}}", value)
    elif above and item and not value and name == NEEDED[above]:
        edit.empty_key(keys, above)
    elif item is not None and item.has(name) and value and _is_line(field, value):
        edit.set_text(item, name, value)
    elif item is not None:
        inline = head[item.extent[0] : item.extent[0] + 1] == "{"
        _set(edit, item, name, _written(field, value, inline=inline), value)
    return [edit.apply()]


def _is_line(field: Field, value: str) -> bool:
    return field.kind == "text" or (field.kind == "lines" and "\n" not in value)


def _set(edit: YamlEdit, item: YamlMap, key: str, written: str, value: str) -> None:
    """Write the value of a key, whether or not it has one."""
    if not value:
        if item.has(key):
            edit.empty_key(item, key)
    elif item.has(key):
        edit.set_value(item, key, written, [])
    elif key in item:
        edit.fill_key(item, key, written)
    else:
        edit.add_key(item, key, written)


def _written(field: Field, value: str, *, inline: bool) -> str:
    """Return a value as YAML."""
    if field.kind == "list":
        return f"[{', '.join(quoted(item, inline=True) for item in value.split(', '))}]"
    if field.kind == "plain" and re.fullmatch(r"[\w-]+", value):
        return value
    if field.kind == "lines" and "\n" in value and not inline and not re.search(r"[\t\x85\u2028\u2029]", value):
        return "|\n" + "\n".join(f"  {line}" if line else "" for line in value.split("\n"))
    return quoted(value, inline=inline)


def _list_changes(head: str, name: str, value: str) -> list[str]:
    """Take the items out of a list that it shall not have, and put the new ones at its end, each in a step of its own."""
    wanted, steps = value.split(", ") if value else [], [head]

    def keys() -> YamlMap:
        found = read_yaml_map(steps[-1], YamlSource("", []), "")
        if found is None:
            raise EditError(f"the list `{name}` is written in a way that weekahead cannot edit safely")
        return found

    if not wanted:
        found = keys()
        edit = YamlEdit(head, found)
        if found.is_inline(name):
            edit.set_value(found, name, "[]", [])
        else:
            edit.empty_key(found, name)
        return [edit.apply()]
    for item in dict.fromkeys([*wanted, *keys().item_words(name)]):
        found = keys()
        items, edit = [" ".join(words.split()) for words in found.item_words(name)], YamlEdit(steps[-1], found)
        if item not in items:
            edit.append_text(name, quoted(item, inline=found.is_inline(name)), name)
        elif item not in wanted:
            edit.remove_item(name, items.index(item))
        else:
            continue
        steps.append(edit.apply())
    return steps
