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
        self.abbreviations: dict[str, str] = {}

    def take(self, paragraph: Block) -> None:
        """Remove the definitions that a paragraph begins with, and remember them."""
        text, place = "\n".join(paragraph.lines), 0
        while place < len(text):
            if text.startswith("*[", place) and (match := _ABBREVIATION.match(text, place)):
                self.abbreviations.setdefault(match[1], match[2].strip())
                place = match.end()
            elif text.startswith("[", place) and (found := read_definition(text, place)):
                label, definition, place = found
                self.references.setdefault(label, definition)
            else:
                break
        if place:
            lines = text.count("\n", 0, place) + (place >= len(text))
            del paragraph.lines[:lines], paragraph.starts[:lines]
            paragraph.line += lines
