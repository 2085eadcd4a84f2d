"""The text of one file of an export, and what a post's notes say where it is not as it should be."""

from __future__ import annotations

from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.source_files import SourceFiles, decode_source, read_source


def read_text(files: SourceFiles, name: str, notes: PostNotes) -> str:
    """Return the text of a file; nothing, with a note, if it cannot be read."""
    try:
        text, sound = decode_source(read_source(files, name))
    except OSError as error:
        notes.add(Outcome.ASK, "no-text", f"its text cannot be read: {error.strerror or error}")
        return ""
    if not sound:
        message = "its text is not UTF-8; it was read as Windows-1252"
        notes.add(Outcome.ASK, "encoding", message, hint="Look at letters with accents.")
    return text
