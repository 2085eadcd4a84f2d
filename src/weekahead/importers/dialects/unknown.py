"""Marks of other systems that have no form here."""

from __future__ import annotations

import re

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.notes import Outcome, PostNotes

_LINK_BEFORE = re.compile(r"!?\[([^\[\]]*)\]\([ \t]*<?$")
_LINK_AFTER = re.compile(r"[^\s)>]*>?(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)")
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


def without_target(view: View, start: int, end: int, notes: PostNotes) -> Edit:
    """Return the edit for a mark that leads to a post which is not there: a link around it is taken off, and its words stay."""
    text, mark = view.text, cut(view.text[start:end])
    line_start = text.rfind("\n", 0, start) + 1
    before = _LINK_BEFORE.search(text[line_start:start])
    after = _LINK_AFTER.match(text, end) if before else None
    words = before[1] if before and after else mark
    message = f'"{mark}" leads to a post that is not in this export; {"the words stay, without a link" if after else "it stays as it is"}'
    notes.add(Outcome.ASK, "link-target", message, words=words, line=view.line(start))
    if before and after:
        shown = view.stretch(line_start + before.start(1), line_start + before.end(1))
        return Edit(line_start + before.start(), after.end(), shown, shown)
    shown = "#" if _BEFORE_ADDRESS.search(text[line_start:start]) else text[start:end]
    return Edit(start, end, shown, shown)


def cut(words: str) -> str:
    """Return words on one line of at most 80 characters."""
    words = " ".join(words.split())
    return words if len(words) <= 80 else f"{words[:77]}..."
