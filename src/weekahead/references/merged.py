"""One list of the references of several texts, as a book has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from weekahead.references.library import Work
from weekahead.references.style import Entry, format_text


class MergedReferences(Struct, frozen=True):
    """The list, and the id of the entry to which the citation of a key in a text leads, by the text's name and the key."""

    entries: tuple[Entry, ...]
    ids: Mapping[tuple[str, str], str]

    def cited_in(self, entry: Entry) -> tuple[str, ...]:
        """Return the names of the texts that cite an entry, in their order."""
        return tuple(text for (text, _), key in self.ids.items() if key == entry.key)


def merge_references(
    cited: Mapping[str, Sequence[Work]], style: bytes | None = None, language: str = "en"
) -> MergedReferences:
    """Return the references that some texts cite, by the texts' names, as one list in one style (APA, or a CSL file's bytes).

    The key of an entry is its id: that of the reference, with a number where another text has another reference of that key.
    The ids of a text's references stay while the texts before it stay. Raise BadStyle.
    """
    items: dict[str, dict[str, object]] = {}
    ids: dict[tuple[str, str], str] = {}
    for text, works in cited.items():
        for work in works:
            key, number = work.key, 1
            while key in items and items[key] != {**work.item, "id": key}:
                number += 1
                key = f"{work.key}-{number}"
            items[key] = {**work.item, "id": key}
            ids[text, work.key] = key
    return MergedReferences(format_text(list(items.values()), (), style, language).entries, ids)
