"""Citations in which numbers or years that follow each other are written shorter (CSL 1.0.2, "Cite Collapsing")."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from weekahead.references.syntax import Cite

_YEAR_SUFFIX = re.compile(r"(.*\d)([a-z]{1,2})")


class Piece(Struct, frozen=True):
    """One reference of a citation: its words, what of them says no author, what stands before them, and whether the author of
    the one before is meant."""

    cite: Cite
    words: str
    rest: str
    between: str
    is_same: bool


def as_ranges(pieces: list[Piece], number: Callable[[Cite], int]) -> list[Piece]:
    """Return a citation in which three and more numbers in a row are a range."""
    return _ranged(pieces, lambda one, other: number(other.cite) == number(one.cite) + 1)


def as_suffixes(pieces: list[Piece], delimiter: str, after: str, *, are_ranged: bool) -> list[Piece]:
    """Return a citation in which a year stands once before its letters: "2020a, b", and "2020a–c" where letters are ranged.

    `delimiter` stands between letters, `after` between them and what the same authors wrote in another year.
    """
    found = [_YEAR_SUFFIX.fullmatch(piece.rest) for piece in pieces]
    years = {piece.cite.key: (match[1], match[2]) for piece, match in zip(pieces, found, strict=True) if match}

    def are_of_a_year(one: Piece, other: Piece) -> bool:
        first, second = years.get(one.cite.key), years.get(other.cite.key)
        return other.is_same and first is not None and second is not None and first[0] == second[0]

    def are_neighbours(one: Piece, other: Piece) -> bool:
        first, second = years[one.cite.key][1], years[other.cite.key][1]
        return len(first) == len(second) == 1 and ord(second) == ord(first) + 1

    made: list[Piece] = []
    is_collapsed = False
    for row in _rows(pieces, are_of_a_year):
        first, *rest = [replace(row[0], between=after) if is_collapsed and row[0].is_same else row[0], *row[1:]]
        is_collapsed = bool(rest)
        short = [first, *(replace(each, words=years[each.cite.key][1], between=delimiter) for each in rest)]
        made += _ranged(short, are_neighbours) if are_ranged else short
    return made


def _ranged(pieces: list[Piece], follow: Callable[[Piece, Piece], bool]) -> list[Piece]:
    """Return pieces in which three and more that follow each other are the first and the last; others keep no words."""
    made: list[Piece] = []
    for row in _rows(pieces, follow):
        if len(row) < 3:
            made += row
        else:
            within = (replace(each, words="", between="") for each in row[1:-1])
            made += [row[0], *within, replace(row[-1], between="–")]
    return made


def _rows(pieces: list[Piece], follow: Callable[[Piece, Piece], bool]) -> list[list[Piece]]:
    """Return pieces in rows in which each follows the one before. No words but those before the first are within a row."""
    rows: list[list[Piece]] = []
    for piece in pieces:
        cite, last = piece.cite, rows[-1][-1] if rows else None
        is_bare = not (cite.prefix or cite.suffix or cite.locator)
        if last and is_bare and not (last.cite.suffix or last.cite.locator) and follow(last, piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows
