"""The text of a leaf of the tree of blocks, and where each of its characters is in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from weekahead.lint.scanned_markdown import Span


class Leaf(Protocol):
    """A text with places in the source."""

    text: str

    def source(self, place: int) -> int:
        """Return where a place of the text is in the source."""

    def spans(self, start: int, end: int) -> Iterable[Span]:
        """Return the spans of the source that a span of the text is made of."""


class _Line:
    """A leaf of one line, as most are; `start` is where it begins in the source."""

    __slots__ = ("start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start = text, start

    def source(self, place: int) -> int:
        """Return where a place of the text is in the source."""
        return self.start + place

    def spans(self, start: int, end: int) -> Iterable[Span]:
        """Return the span of the source that a span of the text is."""
        return ((self.start + start, self.start + end),)


class _Pieces:
    """A leaf in pieces: the one that begins at `bounds[n]` of the text begins at `starts[n]` of the source."""

    def __init__(self, text: str, bounds: Sequence[int], starts: Sequence[int]) -> None:
        self.text, self._bounds, self._starts = text, bounds, starts

    def source(self, place: int) -> int:
        """Return where a place of the text is in the source."""
        piece = bisect_right(self._bounds, place) - 1
        return self._starts[piece] + place - self._bounds[piece]

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """Yield the spans of the source that hold a span of the text, without what stands before its lines."""
        bounds, starts = self._bounds, self._starts
        last = bisect_right(bounds, end) - 1
        for piece in range(bisect_right(bounds, start) - 1, last + 1):
            shift = starts[piece] - bounds[piece]
            stop = end if piece == last else bounds[piece + 1]
            yield max(start, bounds[piece]) + shift, stop + shift


class _Cell(_Pieces):
    def spans(self, start: int, end: int) -> Iterator[Span]:
        yield self.source(start), self.source(end)


def lines_leaf(text: str, lines: Sequence[str], starts: Sequence[int]) -> Leaf:
    """Return the leaf of some lines, which the text is made of."""
    if len(lines) == 1:
        return _Line(text, starts[0])
    return _Pieces(text, tuple(accumulate((len(line) + 1 for line in lines[:-1]), initial=0)), starts)


def cell_leaf(cell: str, start: int) -> Leaf:
    r"""Return the leaf of a cell of a table, in which `\|` is a `|`."""
    if "\\|" not in cell:
        return _Line(cell, start)
    pieces = cell.split("\\|")  # each but the first begins behind a |, which belongs to the one before
    bounds = accumulate((len(piece) + 1 for piece in pieces[:-1]), initial=0)
    starts = accumulate((len(piece) + 2 for piece in pieces[:-1]), initial=start)
    return _Cell("|".join(pieces), tuple(bounds), tuple(starts))
