"""Parts of a text between an opening and its end, such as a comment, found in time that grows as the text does.

A regular expression with `.*?` between the two begins anew at each opening that has no end, and reads to the end of the text
every time: a hostile export of some hundred kilobytes would take minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct


class Span(Struct, frozen=True):
    """A part of a text: the match of its opening, what is inside, and where the part begins and ends."""

    opening: re.Match[str]
    inside: str
    start: int
    end: int


def spans(text: str, opening: re.Pattern[str], ending: Callable[[re.Match[str]], str]) -> Iterator[Span]:
    """Yield the parts that begin with `opening` and have an end, which is a pattern that depends on the opening."""
    at, missing = 0, set[str]()
    while match := opening.search(text, at):
        pattern = ending(match)
        end = None if pattern in missing else re.compile(pattern, re.I).search(text, match.end())
        if end is None:
            missing.add(pattern)
            at = match.end()
            continue
        yield Span(match, text[match.end() : end.start()], match.start(), end.end())
        at = max(end.end(), match.end())


def replace_spans(
    text: str, opening: re.Pattern[str], ending: Callable[[re.Match[str]], str], replace: Callable[[Span], str]
) -> str:
    """Return a text with something else in the place of each part."""
    out, at = [], 0
    for span in spans(text, opening, ending):
        out += [text[at : span.start], replace(span)]
        at = span.end
    return "".join([*out, text[at:]])


def closing_tag(opening: re.Match[str]) -> str:
    """Return the pattern of the end of an element whose name is the opening's first group, or else of a comment."""
    return rf"</{opening[1]}\s*>" if opening[1] else "-->"
