"""Furniture out: what a platform puts around a text, such as buttons to subscribe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from weekahead.importers.html.document import HtmlDocument
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import HtmlPass


class Furniture(Struct, frozen=True):
    """A kind of furniture: the selector of its elements, what one is called, and what several are called."""

    selector: str
    one: str
    several: str = ""
    rule: str = "furniture"


def furniture(kinds: Sequence[Furniture]) -> HtmlPass:
    """Return a pass that takes furniture out and says, in one note for each kind, how much of it there was.

    A kind without a name is taken out without a word: only for what no reader of the old site could see.
    """

    def take_out(document: HtmlDocument, notes: PostNotes) -> None:
        counts: Counter[Furniture] = Counter()
        for kind in kinds:
            for node in reversed(document.css(kind.selector)):  # what is within another one goes first
                node.decompose()
                counts[kind] += 1
        for kind, count in counts.items():
            if kind.one:
                named = f"1 {kind.one}" if count == 1 else f"{count} {kind.several or kind.one + 's'}"
                notes.add(Outcome.DROPPED, kind.rule, f"left out {named}")

    return take_out
