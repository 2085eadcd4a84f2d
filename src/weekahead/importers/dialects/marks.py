"""Marks of ours in texts that mean something else by them, and small marks that have no use here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.importers.dialects.forms import html_block
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.markdown.attribute_lists import ATTRIBUTE_LIST
from weekahead.markdown.emoji import emoji_for

_KIND = re.compile(r"(?m)^///")
_MORE = re.compile(
    r"<!--\s*(?:more(?:[ \t][^\n>]{0,80}?)?|read-?\s?more|truncate|nextpage|(?:end[ _-]?)?excerpt|teaser|PELICAN_(?:BEGIN|END)_SUMMARY)\s*-->",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?mi)^[ \t]*(?:\[\[?_?toc_?\]\]?|\[\[toc\]\]|<!--\s*toc\s*-->)[ \t]*$")
_OURS = {
    "attributes": ATTRIBUTE_LIST,
    "highlights": re.compile(r"(?<!=)==(?=[^\s=])"),
    "definitions": re.compile(r"(?m)(?<=\n):(?=[ \t]+\S)"),
    "abbreviations": re.compile(r"(?m)^\*(?=\[[^\]\n]+\]:)"),
    "emoji": re.compile(r"(?<![\w:]):(?=[a-z0-9_+-]{1,40}:)"),
    "formulas": re.compile(r"\$"),
}
_EMOJI_NAME = re.compile(r":([a-z0-9_+-]{1,40}):")


def escape_kinds(text: str, notes: PostNotes) -> str:
    """Escape `///` where it would begin or end one of our content kinds."""
    if "///" not in text:
        return text
    view = View(text)
    edits = [Edit(match.start(), match.start() + 1, "\\/", "\\/") for match in _KIND.finditer(view.without_code)]
    return view.edited(edit for edit in edits if not html_block(view, edit.start))


def escape_marks(*names: str) -> MarkdownPass:
    """Return the pass that escapes marks which are text in a dialect: attributes, highlights, definitions, abbreviations, emoji."""

    def escape(text: str, notes: PostNotes) -> str:
        view = View(text)
        return view.edited(edit for name in names for edit in _escape_edits(view, name))

    return escape


def _escape_edits(view: View, name: str) -> Iterator[Edit]:
    if not _OURS[name].search(view.text):
        return
    prose = view.scan.prose
    source = view.without_code if name == "attributes" else prose
    for match in _OURS[name].finditer(source):
        at = match.start()
        if name == "emoji" and not ((found := _EMOJI_NAME.match(prose, at)) and emoji_for(found[1])):
            continue
        if source[at - 1 : at] != "\\" and not html_block(view, at):
            mark = f"\\{view.text[at]}"
            yield Edit(at, at + 1, mark, mark)


def summary_marks(text: str, notes: PostNotes) -> str:
    """Leave out the marks that end what lists show of a text, and those that make a table of contents."""
    if "<!--" not in text and "toc" not in text.lower():
        return text
    view = View(text)
    edits = []
    for start, end in view.scan.comments:
        if _MORE.fullmatch(view.text, start, end):
            notes.add(
                Outcome.DROPPED,
                "summary-mark",
                f'"{view.text[start:end]}" marked the end of the excerpt in lists, which comes from summary: here',
                line=view.line(start),
            )
            edits.append(Edit(start, end, "", ""))
    for match in _CONTENTS.finditer(view.without_code):
        notes.add(
            Outcome.DROPPED, "table-of-contents", f'"{match[0].strip()}" is left out', line=view.line(match.start())
        )
        edits.append(Edit(*match.span(), "", ""))
    return view.edited(edits)


def summary_at(separator: str) -> MarkdownPass:
    """Return the pass that leaves out the mark of a site's own that ends what lists show of a text."""

    def leave_out(text: str, notes: PostNotes) -> str:
        place = text.find(separator) if separator.strip() else -1
        if place < 0:
            return text
        view = View(text)
        place = view.text.find(separator)
        if place < 0:
            return text
        notes.add(
            Outcome.DROPPED,
            "summary-mark",
            f'"{cut(separator)}" marked the end of the excerpt in lists, which comes from summary: here',
            line=view.line(place),
        )
        return view.edited([Edit(place, place + len(separator), "", "")])

    return leave_out
