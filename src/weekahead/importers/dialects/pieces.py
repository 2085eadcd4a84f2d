"""A text on its way from one dialect of Markdown into another: what a pass changes becomes a piece with three faces.

A piece has what stands in our Markdown, what the old system showed there (as Markdown or HTML, for the proof), and its
source. So the source of a text can be told from it at any time, whatever the passes did, and no pass changes what another
one made. The faces are parted by characters that Unicode keeps free for such uses inside a program (noncharacters).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from weekahead.lint.scanned_markdown import ScannedMarkdown
from weekahead.lint.scanner import scan_markdown

_BEGIN, _SHOWN, _SOURCE, _END = "\ufdd0\ufdd1\ufdd2\ufdd3"
_PIECE = re.compile(f"{_BEGIN}([^{_SHOWN}]*){_SHOWN}([^{_SOURCE}]*){_SOURCE}([^{_END}]*){_END}")
_MARKS = re.compile("[\ufdd0-\ufdef]")
_STRUCTURE = re.compile(r"[\s>]*")
"""What gives lines their place in lists and quotations."""


class Edit(Struct, frozen=True):
    """A change of a stretch of a text: what it becomes, and what the old system showed there."""

    start: int
    end: int
    markdown: str
    shown: str


def without_marks(text: str) -> str:
    """Return a text without the characters that part faces, which no text has but by mistake."""
    return _MARKS.sub("", text)


def markdown_of(text: str) -> str:
    """Return a text as our Markdown."""
    return _PIECE.sub(lambda piece: piece[1], text)


def shown_of(text: str) -> str:
    """Return a text as the old system showed it, its marks written as plain Markdown or HTML."""
    return _PIECE.sub(lambda piece: piece[2], text)


def source_of(text: str) -> str:
    """Return the source of a text."""
    return _PIECE.sub(lambda piece: piece[3], text)


def joined(markdown: str, shown: str, source: str) -> str:
    """Return a piece of three faces."""
    return f"{_BEGIN}{markdown}{_SHOWN}{shown}{_SOURCE}{source}{_END}"


def each_piece(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text and what is between them, and whether it is a piece."""
    end = 0
    for piece in _PIECE.finditer(text):
        yield text[end : piece.start()], False
        yield piece[0], True
        end = piece.end()
    yield text[end:], False


class View:
    """A text as a pass reads it: pieces are words without a meaning, and code can be left out of sight.

    All offsets are those of `text`, which is shorter or longer than the text with its pieces.
    """

    def __init__(self, whole: str) -> None:
        self.whole = whole
        parts: list[str] = []
        self._starts, self._ends, self._places = [0], [0], [0]
        end = length = 0
        for piece in _PIECE.finditer(whole):
            filler = _filler(piece[1])
            parts += [whole[end : piece.start()], filler]
            length += piece.start() - end
            self._starts.append(length)
            length += len(filler)
            self._ends.append(length)
            end = piece.end()
            self._places.append(end)
        self.text = "".join([*parts, whole[end:]])

    @property
    def scan(self) -> ScannedMarkdown:
        """The places of its parts."""
        return _scan(self.text)

    @property
    def without_code(self) -> str:
        """The text with code, comments, scripts and styles blanked."""
        return self.scan.without_code

    def source(self, start: int, end: int) -> str:
        """Return the source of a stretch."""
        return source_of(self.whole[self._first(start) : self._last(end)])

    def stretch(self, start: int, end: int) -> str:
        """Return a stretch with its pieces."""
        return self.whole[self._first(start) : self._last(end)]

    def line(self, offset: int) -> int:
        """Return the line of the source that an offset is in, counted from 1."""
        return source_of(self.whole[: self._first(offset)]).count("\n") + 1

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text with its pieces after some edits. One that overlaps another, or cuts through a piece, is left out."""
        parts, end = [], 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            start, stop = self._first(edit.start), self._last(edit.end)
            if edit.start == edit.end:
                stop = start
            if start < end or stop < start or self._cuts(edit.start) or self._cuts(edit.end):
                continue
            piece = joined(markdown_of(edit.markdown), shown_of(edit.shown), source_of(self.whole[start:stop]))
            parts += [self.whole[end:start], piece]
            end = stop
        return "".join([*parts, self.whole[end:]]) if parts else self.whole

    def _cuts(self, offset: int) -> bool:
        """Return whether an offset is within a piece."""
        at = bisect_left(self._starts, offset) - 1
        return at > 0 and self._starts[at] < offset < self._ends[at]

    def _first(self, offset: int) -> int:
        """Return the place of a character: behind the pieces that end before it."""
        at = bisect_right(self._ends, offset) - 1
        return self._places[at] + offset - self._ends[at]

    def _last(self, offset: int) -> int:
        """Return the place at which a stretch ends: before a piece without characters that follows."""
        at = bisect_left(self._ends, offset) - 1
        if at < 0:
            return 0
        following = at + 1
        if following < len(self._starts) and self._starts[following] < offset == self._ends[following]:
            return self._places[following]
        return self._places[at] + offset - self._ends[at]


def _filler(markdown: str) -> str:
    """Return what stands for a piece in a view: its lines, without a meaning."""
    if _STRUCTURE.fullmatch(markdown):
        return markdown
    return "" if _MARKS.search(markdown) else re.sub(r"[^\n]", "x", markdown)


@lru_cache(maxsize=4)
def _scan(text: str) -> ScannedMarkdown:
    return scan_markdown(text)
