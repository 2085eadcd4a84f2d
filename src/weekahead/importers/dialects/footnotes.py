"""Footnotes within a line, `^[like this]`, as Pandoc and Obsidian have them."""

from __future__ import annotations

import re

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.notes import Outcome, PostNotes

_OPENING = re.compile(r"(?<![\\\[\^])\^\[")
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n", re.DOTALL)


def inline_footnotes(text: str, notes: PostNotes) -> str:
    """Put each footnote that stands in a line below the text, with a mark in its place."""
    if "^[" not in text:
        return text
    view = View(text)
    if view.scan.unclosed.fences:
        return text
    labels = set(re.findall(r"\[\^([^\]\s]+)\]", view.text))
    edits, definitions, place, source = list[Edit](), list[str](), 0, view.without_code
    while opening := _OPENING.search(source, place):
        place = opening.end()
        end = _closing(source, place)
        if end < 0 or source[end + 1 : end + 2] in ("(", "[", ":") or not view.text[place:end].strip():
            continue
        label = next(name for number in range(1, len(labels) + 2) if (name := f"inline-{number}") not in labels)
        labels.add(label)
        edits.append(Edit(opening.start(), end + 1, f"[^{label}]", f"[^{label}]"))
        definitions.append(f"[^{label}]: {' '.join(view.stretch(place, end).split())}")
        place = end + 1
    if not edits:
        return text
    notes.add(Outcome.CHANGED, "footnote", f"{len(edits)} footnotes that stood in a line are below the text")
    words = "\n\n" + "\n\n".join(definitions) + "\n"
    end = len(view.text)
    return view.edited([*edits, Edit(end, end, words, words)])


def _closing(text: str, place: int) -> int:
    """Return the place of the bracket that closes one before a place; -1 where its paragraph ends before."""
    depth = 1
    for match in _BRACKET.finditer(text, place):
        if match[0] == "[":
            depth += 1
        elif match[0] == "]":
            depth -= 1
            if not depth:
                return match.start()
        elif match[0][0] == "\n":
            return -1
    return -1
