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
    """Return the first line of a file in which words stand, whatever the spaces and marks between them; 1 if there is none.

    A key, such as "audio:", is looked for in the front matter, and all else below it first.
    """
    if not words.strip():
        return 1
    closing = text.find("\n---\n")
    if words.endswith(":"):
        place = text.find(f"\n{words}", 0, closing) + 1
    else:
        body = closing + 5 if closing > 0 else 0
        place = _place_of(words, text, body) or _place_of(words, text, 0)
    return text.count("\n", 0, place) + 1


def _place_of(words: str, text: str, start: int) -> int:
    """Return where whole words stand in a text from a place on; 0 if they do not."""
    exact = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)").search(text, start)
    if exact:
        return exact.start()
    parts = re.findall(r"\w+", words)[:12]
    loose = re.compile(r"\b" + r"\W+".join(map(re.escape, parts)) + r"\b").search(text, start) if parts else None
    return loose.start() if loose else max(0, text.find(words, start))
