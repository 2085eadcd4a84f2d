"""Two versions of a text side by side: what differs is marked, and long parts that are the same are left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from msgspec import Struct

AROUND = 2
"""Lines that are shown around a difference."""
MOST_PAIRS = 4000
"""Pairs of lines, or of words, that are the same, up to which differences are looked for; of more, only beginning and end are compared."""
MOST_LINES = 60
"""Lines that differ, up to which their words are compared as well."""

Blocks = list[tuple[bool, int, int, int, int]]
"""Whether a block is the same on both sides, and where it begins and ends on each."""


class Part(Struct, frozen=True):
    """Words of a line; `is_other` where the other side has something else."""

    text: str
    is_other: bool = False


class Line(Struct, frozen=True):
    """A line of one side: its parts, `is_other` where it differs as a whole or in part, `is_gap` for lines that are left out."""

    parts: tuple[Part, ...]
    is_other: bool = False
    is_gap: bool = False


GAP = Line((Part("…"),), is_gap=True)
NOTHING = Line((Part("(nothing here)", is_other=True),), is_other=True)


def sides(here: Sequence[str], there: Sequence[str]) -> tuple[list[Line], list[Line]]:
    """Return the lines of both versions around what differs."""
    left: list[Line] = []
    right: list[Line] = []
    blocks = _blocks(here, there)
    are_few = sum(b - a for is_same, a, b, _, _ in blocks if not is_same) <= MOST_LINES
    for number, (is_same, a, b, c, d) in enumerate(blocks):
        if is_same:
            is_last = number == len(blocks) - 1
            left += _around(here[a:b], is_first=not number, is_last=is_last)
            right += _around(there[c:d], is_first=not number, is_last=is_last)
        elif are_few and b - a == d - c:
            pairs = [_words(one, other) for one, other in zip(here[a:b], there[c:d], strict=True)]
            left += [one for one, _ in pairs]
            right += [other for _, other in pairs]
        else:
            left += [_whole(line) for line in here[a:b]] or [NOTHING]
            right += [_whole(line) for line in there[c:d]] or [NOTHING]
    return left, right


def _around(lines: Sequence[str], *, is_first: bool, is_last: bool) -> list[Line]:
    """Return lines that are the same on both sides: those next to a difference, and a mark for those between."""
    first, last = 0 if is_first else AROUND, 0 if is_last else AROUND
    if len(lines) <= first + last + 1:
        return [Line((Part(line),)) for line in lines]
    kept = [Line((Part(line),)) for line in (*lines[:first], *lines[len(lines) - last :])]
    return [*kept[:first], GAP, *kept[first:]]


def _whole(line: str) -> Line:
    return Line((Part(line, is_other=True),), is_other=True)


def _words(one: str, other: str) -> tuple[Line, Line]:
    """Return two lines that stand for each other, with the words marked in which they differ."""
    here, there = (re.findall(r"\s+|\w+\s*|[^\w\s]\s*", line) for line in (one, other))
    blocks = _blocks([word.strip() for word in here], [word.strip() for word in there])
    same = sum(len("".join(here[a:b])) for is_same, a, b, _, _ in blocks if is_same)
    if same * 3 < len(one) or same == len(one):  # another line altogether, or other white space
        return _whole(one), _whole(other)
    left = tuple(Part("".join(here[a:b]), not is_same) for is_same, a, b, _, _ in blocks if b > a)
    right = tuple(Part("".join(there[c:d]), not is_same) for is_same, _, _, c, d in blocks if d > c)
    return Line(left, is_other=True), Line(right, is_other=True)


def _blocks(here: Sequence[str], there: Sequence[str]) -> Blocks:
    first, last, most = 0, 0, min(len(here), len(there))
    while first < most and here[first] == there[first]:
        first += 1
    while last < most - first and here[-1 - last] == there[-1 - last]:
        last += 1
    a, b, c, d = first, len(here) - last, first, len(there) - last
    counts = Counter(there[c:d])
    if sum(counts[each] for each in here[a:b]) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, here[a:b], there[c:d], autojunk=False)
        middle = [(tag == "equal", a + i, a + j, c + k, c + m) for tag, i, j, k, m in matcher.get_opcodes()]
    else:
        middle = [(False, a, b, c, d)]
    whole: Blocks = [(True, 0, first, 0, first), *middle, (True, b, len(here), d, len(there))]
    return [block for block in whole if block[2] > block[1] or block[4] > block[3]]
