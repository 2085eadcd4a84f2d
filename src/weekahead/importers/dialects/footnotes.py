"""Footnotes within a line, `^[like this]`, as Pandoc and Obsidian have them."""

from __future__ import annotations

import re

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.counts import counted

_OPENING = re.compile(r"(?<![\\\[\^])\^\[")
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n", re.DOTALL)


def inline_footnotes(text: str, notes: PostNotes) -> str:
    """Put each footnote that stands in a line below the text, with a mark in its place."""
    if "^[" not in text:
        return text
    view = View(text)
    if view.scan.unclosed.fences:
        return text
    labels = set(re.findall(r"\[\^([^\]\[\s]{1,200})\]", view.text))
    edits, definitions, place, source = list[Edit](), list[str](), 0, view.without_code
    closings, number = _closings(source), 0
    while opening := _OPENING.search(source, place):
        place = opening.end()
        end = closings.get(place - 1, -1)
        if end < 0 or source[end + 1 : end + 2] in ("(", "[", ":") or not view.text[place:end].strip():
            continue
        number += 1
        while f"inline-{number}" in labels:
            number += 1
        label = f"inline-{number}"
        edits.append(Edit(opening.start(), end + 1, f"[^{label}]", f"[^{label}]"))
        definitions.append(f"[^{label}]: {' '.join(view.stretch(place, end).split())}")
        place = end + 1
    if not edits:
        return text
    notes.add(Outcome.CHANGED, "footnote", f"moved {counted(len(edits), 'footnote')} out of the line to below the text")
    words = "\n\n" + "\n\n".join(definitions) + "\n"
    end = len(view.text)
    return view.edited([*edits, Edit(end, end, words, words)])


def _closings(text: str) -> dict[int, int]:
    """Return the place of the bracket that closes each one, within its paragraph."""
    closings: dict[int, int] = {}
    open_brackets: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            open_brackets.append(match.start())
        elif match[0] == "]" and open_brackets:
            closings[open_brackets.pop()] = match.start()
        elif match[0][0] == "\n":
            open_brackets.clear()
    return closings
