"""A Markdown text with the positions of its headings, links, lists and comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from weekahead.markdown.link_parts import unescape

Span = tuple[int, int]
"""Start and end of something in the text, in characters."""


class LinkSpan(Struct, frozen=True, array_like=True):
    """An address as it is written in a text, the words that link to it, and where they are.

    `kind` is inline, reference, bare, angle (`<https://...>`), html, or definition: the line that gives a reference its
    address, and is no link itself. The text of an HTML link is its tag.
    """

    kind: str
    address: str
    text: str
    start: int
    end: int
    address_span: Span
    is_picture: bool = False

    @property
    def target(self) -> str:
        """The address without escapes and entities."""
        return unescape(self.address)


class Heading(Struct, frozen=True, array_like=True):
    """A heading outside of lists and quotations, its level from 1 to 6, and where its lines begin and end."""

    level: int
    title: str
    start: int
    end: int


class Item(Struct, frozen=True, array_like=True):
    """A list item: how many lists, quotations and notes it is in, beyond its own list, and where its line begins."""

    depth: int
    start: int


class EmptyItems(Struct, frozen=True, array_like=True):
    """How many items of a list show only their marks, how many items it has, and where the line of the first empty one begins."""

    count: int
    of: int
    start: int


class BlockSpan(Struct, frozen=True, array_like=True):
    """A block outside of lists and quotations, of a kind as `markdown.block.Block` has; from its first line to the next block.

    Blocks of a content kind (`/// note`) stand beside the others.
    """

    kind: str
    start: int
    end: int
    is_empty: bool = False
    """Whether it is a list or a quotation in which readers see nothing but marks."""


class KindSpan(Struct, frozen=True, array_like=True):
    """A content kind (`/// note`), and where it is."""

    kind: str
    start: int
    end: int


class Tag(Struct, frozen=True, array_like=True):
    """An HTML tag, by its name in small letters."""

    name: str
    start: int
    end: int


class Unclosed(Struct, frozen=True):
    """Offsets of what begins in a text and never ends."""

    fences: tuple[int, ...] = ()
    code: tuple[int, ...] = ()
    """The first backticks of each paragraph that begin no code."""
    bold: tuple[int, ...] = ()
    """`**` that are the only ones of their paragraph to be read as asterisks."""
    links: tuple[int, ...] = ()
    """The first bracket of `[text](address` without a parenthesis at its end."""
    comments: tuple[int, ...] = ()
    shown_comments: tuple[int, ...] = ()
    """Comments in a line of text that do not end before the next empty line, and so are text."""


class ScannedMarkdown(Struct, frozen=True, kw_only=True):
    """A text, two versions of it in which some characters are blanked, and the positions of its parts.

    All offsets are the same in the three versions.
    """

    text: str
    prose: str
    """The text with everything blanked that is not prose: code, comments, tags, addresses."""
    without_code: str
    """The text with code and comments blanked; Markdown markup and tags stay."""
    line_starts: tuple[int, ...]
    blocks: tuple[BlockSpan, ...] = ()
    kinds: tuple[KindSpan, ...] = ()
    headings: tuple[Heading, ...] = ()
    items: tuple[Item, ...] = ()
    empty_items: tuple[EmptyItems, ...] = ()
    tables: int = 0
    """How many tables of Markdown there are."""
    links: tuple[LinkSpan, ...] = ()
    unlinked: tuple[Span, ...] = ()
    """Addresses that are no links, because there is no space before them."""
    tags: tuple[Tag, ...] = ()
    comments: tuple[Span, ...] = ()
    undefined: tuple[tuple[int, str], ...] = ()
    """Offset and label of each reference or footnote mark without a definition."""
    unclosed: Unclosed = Unclosed()

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character, counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int, *, without_code: bool = False) -> str:
        """Return a line, counted from 1, without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return (self.without_code if without_code else self.text)[start:end]

    def sections(self) -> Iterator[tuple[Heading, Span]]:
        """Yield each heading with the span below it, up to the next heading of its level or above."""
        ends = [len(self.text)] * 7  # by level
        sections = []
        for heading in reversed(self.headings):
            sections.append((heading, (heading.end, ends[heading.level])))
            ends[heading.level :] = [heading.start] * (7 - heading.level)
        yield from reversed(sections)


def blank(text: str, spans: Iterable[Span]) -> str:
    """Return the text with spaces in place of some spans; line ends stay."""
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        start = max(start, end)
        pieces.append(text[end:start])
        hidden = text[start:stop]
        pieces.append(re.sub(r"[^\n]", " ", hidden) if "\n" in hidden else " " * len(hidden))
        end = stop
    return "".join([*pieces, text[end:]]) if pieces else text
