"""Add to the front matter of an issue or a page, in the way that its author writes it."""

from __future__ import annotations

import re

from weekahead.model.issue import format_duration
from weekahead.source.front_matter import Header
from weekahead.source.value_types import TEXT, ListOf
from weekahead.source.yaml_edit import YamlEdit
from weekahead.source.yaml_map import YamlSource, read_yaml_map
from weekahead.source.yaml_values import quoted

ALIASES = ListOf(TEXT)
BELOW = ("slug", "title")
"""The keys below which a new list of aliases is put, the first that is there; else it is put at the end."""


def with_alias(text: str, alias: str) -> str:
    """Return a file's text with one more alias in its front matter; as it was where that cannot be done safely."""
    header = Header(YamlSource("", []), text)
    written = alias if re.fullmatch(r"/[\w/.~-]+", alias) else quoted(alias, inline=True)
    if not header.first:
        return f"---\naliases: [{written}]\n---\n\n{text}"
    try:
        head, _ = header.split(text)
    except ValueError:
        return text
    fields = read_yaml_map(head, YamlSource("", []), "")
    if fields is None or not fields.pairs:
        return text
    keys = [name.value for name, _ in fields.pairs]
    edit = YamlEdit(head, fields)
    edit.append_text("aliases", written, next((key for key in BELOW if key in keys), keys[-1]))
    changed = edit.apply()
    if _aliases(changed) != (*_aliases(head), alias):
        return text
    return text[: header.start] + changed + text[header.start + len(head) :]


def _aliases(head: str) -> tuple[str, ...]:
    fields = read_yaml_map(head, YamlSource("", []), "")
    return (fields.get("aliases", ALIASES) or ()) if fields else ()


def with_audio_facts(text: str, *, size: int, seconds: int) -> str:
    """Return an issue's text with the size and length of its audio where its front matter has none; 0 is not known."""
    for key, value in (("bytes", str(size)), ("duration", f'"{format_duration(seconds)}"')):
        if value not in ("0", '"0:00"'):
            text = _with_audio_key(text, key, value)
    return text


def _with_audio_key(text: str, key: str, value: str) -> str:
    header = Header(YamlSource("", []), text)
    try:
        head, _ = header.split(text)
    except ValueError:
        return text
    fields = read_yaml_map(head, YamlSource("", []), "")
    audio = fields.map("audio") if fields else None
    if fields is None or audio is None or audio.has(key):
        return text
    edit = YamlEdit(head, fields)
    edit.add_key(audio, key, value)
    changed = edit.apply()
    read = read_yaml_map(changed, YamlSource("", []), "")
    found = read.map("audio") if read else None
    if found is None or found.get(key, TEXT) != value.strip('"'):
        return text
    return text[: header.start] + changed + text[header.start + len(head) :]
