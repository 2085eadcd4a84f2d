"""What an import says of each post: what was changed, dropped, held back, is still elsewhere, or wants the author's eye."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from weekahead.model.findings import Location


class Outcome(StrEnum):
    """What became of a thing. The report lists the first ones first."""

    ASK = "needs your eye"
    HELD = "held back"
    DROPPED = "left out"
    ELSEWHERE = "still elsewhere"
    CHANGED = "changed"
    INFERRED = "worked out"


class Note(Struct, frozen=True, kw_only=True):
    """One line of the report."""

    outcome: Outcome
    rule: str
    """A stable name, as those of findings: `unknown-shortcode`."""
    message: str
    post: str = ""
    """The id of the post; nothing for the letter as a whole."""
    source: Location | None = None
    """The place in the export."""
    words: str = ""
    """Words of the text that was made, by which its line is found."""
    hint: str = ""


class Notes:
    """Collects the notes of an import, in order."""

    def __init__(self) -> None:
        self.all: list[Note] = []

    def add(
        self,
        outcome: Outcome,
        rule: str,
        message: str,
        *,
        post: str = "",
        source: Location | None = None,
        words: str = "",
        hint: str = "",
    ) -> None:
        """Add a note."""
        self.all.append(
            Note(outcome=outcome, rule=rule, message=message, post=post, source=source, words=words, hint=hint)
        )

    def extend(self, notes: Iterable[Note]) -> None:
        """Add notes of another collection."""
        self.all.extend(notes)


class PostNotes:
    """The notes of one post: what its text is made by adds to them without naming the post."""

    def __init__(self, notes: Notes, post: str, source: Location) -> None:
        self._notes, self._post, self._source = notes, post, source

    def add(self, outcome: Outcome, rule: str, message: str, *, words: str = "", hint: str = "", line: int = 0) -> None:
        """Add a note. `line` counts from 1 in the text of the export, where that is known."""
        source = Location(self._source.file, line) if line else self._source
        self._notes.add(outcome, rule, message, post=self._post, source=source, words=words, hint=hint)
