"""Definitions at the beginning of paragraphs: link references (CommonMark 4.7) and abbreviations."""

from __future__ import annotations

import re

from weekahead.markdown.block import Block
from weekahead.markdown.link_parts import Definition, read_definition

_ABBREVIATION = re.compile(r"\*\[([^\]\n]+)\]:[ \t]*([^\n]*)(?:\n|$)")


class Definitions:
    """The definitions of a text. Of several for a label, the first one holds."""

    def __init__(self) -> None:
        self.references: dict[str, Definition] = {}
        self.places: list[tuple[int, Definition]] = []
        """Where each definition of a reference begins in the source, and what it says; also of those that do not hold."""
        self.abbreviations: dict[str, str] = {}

    def take(self, paragraph: Block) -> None:
        """Remove the definitions that a paragraph begins with, and remember them."""
        text, place, lines = "\n".join(paragraph.lines), 0, 0
        if "]:" not in text:
            return
        while place < len(text):
            if text.startswith("*[", place) and (match := _ABBREVIATION.match(text, place)):
                self.abbreviations.setdefault(match[1], match[2].strip())
                lines, place = lines + match[0].count("\n"), match.end()
            elif text.startswith("[", place) and (found := read_definition(text, place)):
                start = paragraph.starts[lines]
                label, definition, end = found
                definition = _in_source(definition, text, place, lines, paragraph.starts)
                self.references.setdefault(label, definition)
                self.places.append((start, definition))
                lines, place = lines + text.count("\n", place, end), end
            else:
                break
        if place:
            lines += place >= len(text)
            del paragraph.lines[:lines], paragraph.starts[:lines]
            paragraph.line += lines


def _in_source(definition: Definition, text: str, place: int, line: int, starts: list[int]) -> Definition:
    """Return a definition whose address is where it is in the source; it begins at a place of a text, on a line of it."""
    if lines := text.count("\n", place, definition.start):  # the address is not on the line of the label
        place, line = text.rindex("\n", place, definition.start) + 1, line + lines
    shift = starts[line] - place
    return Definition(definition.address, definition.title, definition.start + shift, definition.end + shift)
