"""The keys of books/NAME/editions.yaml: the editions of a book that are kept."""

from __future__ import annotations

from typing import Any

from weekahead.model.book import KeptEdition
from weekahead.source import value_types as types
from weekahead.source.free_map import FreeMap
from weekahead.source.key_table import Table, build_sound, maps_of, optional, required
from weekahead.source.value_types import ListOf, matching
from weekahead.source.yaml_map import YamlMap

FILE = matching(r"[^/\\]+\.(epub|pdf)", "the name of an EPUB or a PDF beside editions.yaml", schema=types.ANY_TEXT)


class EditionKeys(Table[KeptEdition]):
    day = required(types.DAY, "The day of the edition; its files are in the folder of that name.")
    files = required(ListOf(FILE), "The files.")
    chapters = required(FreeMap(), "What each issue in it said: a digest, by its number or slug.")
    changed = optional(types.LINE, "What changed since the edition before, for you.")

    def build(self) -> KeptEdition:
        folder = self.yaml.source.file.rpartition("/")[0]
        return KeptEdition(
            book=folder.rpartition("/")[2],
            day=self.day,
            files=tuple(f"{folder}/{self.day}/{name}" for name in self.files),
            chapters=tuple((key, str(value)) for key, value in self.chapters.items()),
            where=self.yaml.where,
        )


class EditionsKeys(Table[Any]):
    editions = required(maps_of(EditionKeys), "Each edition that is kept, the oldest first.")

    def build(self) -> tuple[KeptEdition, ...]:
        return self.editions


def parse_editions(yaml: YamlMap) -> tuple[KeptEdition, ...] | None:
    """Return the editions that a file lists, or None and findings."""
    return build_sound(yaml, lambda yaml: EditionsKeys(yaml).build())
