"""A Markdown text with the positions of its headings, links, lists and comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

Span = tuple[int, int]
"""Start and end of something in the text, in characters."""


class LinkSpan(Struct, frozen=True, array_like=True):
    """An address in a text, the text that links to it, and where both are.

    `kind` is inline, reference, bare, angle (`<https://...>`), html, or definition: the line that gives a reference its
    address, and is no link itself.
    """

    kind: str
    address: str
    text: str
    start: int
    address_span: Span
    is_picture: bool = False


class Heading(Struct, frozen=True, array_like=True):
    """A heading, its level from 1 to 6, and where its line begins and ends."""

    level: int
    title: str
    start: int
    end: int


class Item(Struct, frozen=True, array_like=True):
    """The first line of a list item: the columns before its marker, the marker, its offset and line number."""

    indent: int
    marker: str
    start: int
    line: int


class ScannedMarkdown(Struct, frozen=True, kw_only=True):
    """A text, two versions of it in which some characters are blanked, and the positions of its parts.

    All offsets are the same in the three versions.
    """

    text: str
    prose: str
    """The text with everything blanked that is not prose: code, comments, tags, addresses."""
    without_code: str
    """The text with code, comments and definitions blanked; Markdown markup and tags stay."""
    line_starts: tuple[int, ...]
    headings: tuple[Heading, ...]
    links: tuple[LinkSpan, ...]
    items: tuple[Item, ...]
    comments: tuple[Span, ...]
    undefined: tuple[tuple[int, str], ...]
    """Offset and label of each reference or footnote mark without a definition."""
    open_fences: tuple[int, ...]
    """Offsets of code fences that never close."""
    open_links: tuple[int, ...]
    """Offsets of the bracket of links whose parenthesis never closes."""

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character, counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int, *, without_code: bool = False) -> str:
        """Return a line, counted from 1, without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return (self.without_code if without_code else self.text)[start:end]

    def paragraphs(self) -> Iterator[Span]:
        """Yield the spans of adjacent lines that belong together: paragraphs, list items, quotations, headings."""
        start, offset = -1, 0
        was_quoted = False
        for line in self.without_code.split("\n"):
            stripped = line.strip()
            is_quoted = stripped.startswith(">")
            begins = bool(stripped) and (bool(_BEGINS_BLOCK.match(line)) or is_quoted != was_quoted)
            if start >= 0 and (not stripped or begins):
                yield start, offset - 1
                start = -1
            if stripped and start < 0:
                start = offset
            was_quoted = is_quoted
            offset += len(line) + 1
        if start >= 0:
            yield start, offset - 1

    def sections(self) -> Iterator[tuple[Heading, Span]]:
        """Yield each heading with the span below it, up to the next heading of its level or above."""
        for index, heading in enumerate(self.headings):
            after = (other.start for other in self.headings[index + 1 :] if other.level <= heading.level)
            yield heading, (heading.end, next(after, len(self.text)))


_BEGINS_BLOCK = re.compile(r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t])")
