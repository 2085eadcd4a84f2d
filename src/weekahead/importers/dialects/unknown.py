"""Marks of other systems that have no form here."""

from __future__ import annotations

import re

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.notes import Outcome, PostNotes

_BEFORE_ADDRESS = re.compile(r"(?:\]\(\s*<?[^\s)]*|(?:href|src)\s*=\s*[\"']?[^\s\"'>]*|\]:[ \t]*\S*)$")


def left_over(view: View, start: int, end: int, words: str, notes: PostNotes) -> Edit:
    """Return the edit for a mark that has no form here: it is left out, or shown as code if its `words` are prose."""
    mark, line = view.text[start:end], view.line(start)
    if forms.has_prose(words):
        span = forms.code_span(mark)
        message = f'"{cut(mark)}" has no form here; it stays as code, because it has words'
        notes.add(Outcome.ASK, "unknown-shortcode", message, words=cut(mark), line=line)
        return Edit(start, end, span, span)
    notes.add(Outcome.DROPPED, "unknown-shortcode", f'"{cut(mark)}" has no form here and is left out', line=line)
    return Edit(start, end, "", "")


def is_in_address(text: str, place: int) -> bool:
    """Return whether a place is in the address of a link or a picture."""
    return _BEFORE_ADDRESS.search(text[max(0, place - 300) : place]) is not None


def cut(words: str) -> str:
    """Return words on one line of at most 80 characters."""
    words = " ".join(words.split())
    return words if len(words) <= 80 else f"{words[:77]}..."
