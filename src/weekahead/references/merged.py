"""One list of the references of several texts, as a book has it, and what the texts then call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from weekahead.references.bibtex import Item
from weekahead.references.library import Work
from weekahead.references.style import Entry, Formatted, format_text
from weekahead.references.syntax import Cite

FORMS = 3
"""How a reference may be cited: whole, without its author, and with its author as part of the sentence."""


class MergedReferences(Struct, frozen=True):
    """The list, and the id of the entry to which the citation of a key in a text leads, by the text's name and the key."""

    entries: tuple[Entry, ...]
    ids: Mapping[tuple[str, str], str]
    items: tuple[Item, ...] = ()
    """The references, each with its id, in the order in which they are cited first."""

    def cited_in(self, entry: Entry) -> tuple[str, ...]:
        """Return the names of the texts that cite an entry, in their order."""
        return tuple(text for (text, _), key in self.ids.items() if key == entry.key)


def merge_references(
    cited: Mapping[str, Sequence[Work]], style: bytes | None = None, language: str = "en"
) -> MergedReferences:
    """Return the references that some texts cite, by the texts' names, as one list in one style (APA, or a CSL file's bytes).

    The key of an entry is its id: that of the reference, with a number where another text has another reference of that key.
    The ids of a text's references stay while the texts before it stay. Raise BadStyle or CannotFormat.
    """
    items: dict[str, Item] = {}
    ids: dict[tuple[str, str], str] = {}
    for text, works in cited.items():
        for work in works:
            key, number = work.key, 1
            while key in items and items[key] != {**work.item, "id": key}:
                number += 1
                key = f"{work.key}-{number}"
            items[key] = {**work.item, "id": key}
            ids[text, work.key] = key
    made = _formatted(msgspec.json.encode([*items.values()]), style, language)
    return MergedReferences(made.entries, ids, tuple(items.values()))


def words_cited(items: Sequence[Item], style: bytes | None, language: str) -> Mapping[str, tuple[str, ...]]:
    """Return what a text with just these references calls each, by their ids: HTML, in each of the FORMS.

    Raise BadStyle or CannotFormat.
    """
    made = _formatted(msgspec.json.encode([*items]), style, language).citations
    forms = (next((html for html, key in parts if key), "") for parts in made)
    return dict(zip((str(item["id"]) for item in items), zip(*[forms] * FORMS, strict=True), strict=True))


@lru_cache(maxsize=16)
def _formatted(items: bytes, style: bytes | None, language: str) -> Formatted:
    """Return references as a list, and a citation of each in each of the FORMS. A book asks once for each of its files."""
    decoded: list[Item] = msgspec.json.decode(items)
    cites = [Cite(str(item["id"])) for item in decoded]
    citations = [
        form
        for cite in cites
        for form in (((cite,), False), ((msgspec.structs.replace(cite, without_author=True),), False), ((cite,), True))
    ]
    return format_text(decoded, citations, style, language)
