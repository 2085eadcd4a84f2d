"""The file and line of the letter that each note is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from weekahead.importers.notes import Note
from weekahead.importers.report import ReportedNote
from weekahead.model.findings import Location


def located(notes: Iterable[Note], files: Mapping[str, str], texts: Mapping[str, str]) -> list[ReportedNote]:
    """Return notes with their places: `files` are the files of posts by their ids, `texts` what is in them."""
    return [ReportedNote(note, _where(note, files.get(note.post, ""), texts)) for note in notes]


def _where(note: Note, file: str, texts: Mapping[str, str]) -> Location | None:
    if not file:
        return None
    return Location(file, line_of(note.words, texts.get(file, "")) if note.words else 1)


def line_of(words: str, text: str) -> int:
    """Return the first line in which words stand, whatever the spaces and marks between them; 1 if there is none."""
    place = text.find(words)
    if place < 0:
        parts = re.findall(r"\w+", words)[:12]
        match = re.search(r"\W+".join(map(re.escape, parts)), text) if parts else None
        place = match.start() if match else 0
    return text.count("\n", 0, place) + 1
