"""Pieces of Markdown within a line: code, pictures, links, emphasis, and what stays HTML."""

from __future__ import annotations

import re

from msgspec import Struct

from weekahead.importers.html.escapes import destination, escape_text, title


class Piece(Struct, frozen=True):
    """Markdown that is written as it is."""

    markdown: str


class Block(Struct, frozen=True):
    """Markdown that is a block of its own."""

    markdown: str


class Begin(Struct, frozen=True):
    """Where an element begins. `sign` is its delimiter, which tags stand for where it would mean nothing; a link and what
    stays HTML have none."""

    sign: str
    raw: str
    end: str
    is_link: bool = False


class End(Struct, frozen=True):
    """Where an element ends, the innermost one unless it is said which."""

    begin: Begin | None = None


class Break(Struct, frozen=True):
    """A line break, and what the next line begins with."""

    prefix: str = ""


EMPHASIS = {
    **dict.fromkeys(("strong", "b"), Begin("**", "<strong>", "</strong>")),
    **dict.fromkeys(("em", "i"), Begin("*", "<em>", "</em>")),
    **dict.fromkeys(("del", "s", "strike"), Begin("~~", "<del>", "</del>")),
    "mark": Begin("==", "<mark>", "</mark>"),
}

_BACKTICKS = re.compile("`+")


def code(text: str) -> str:
    """Return a span of code (6.1). White space in it is one space, as a browser shows it."""
    text = re.sub(r"[ \t\r\n]+", " ", text)
    longest = {len(run) for run in _BACKTICKS.findall(text)}
    fence = next("`" * length for length in range(1, len(longest) + 2) if length not in longest)
    pad = " " if text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip()) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fence(text: str, info: str = "") -> str:
    """Return a block of code (4.5)."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{info}\n{text}\n{mark}" if text else f"{mark}{info}\n{mark}"


def picture(src: str, alt: str, caption: str = "", *, maths: bool) -> str:
    """Return a picture; with a caption, and alone in a paragraph, it is a figure."""
    words = escape_text(" ".join(alt.split()), "[", "]", in_brackets=True, maths=maths)
    return f"![{words}]({destination(src)}{title(caption)})"


def begin_link(address: str, tooltip: str = "") -> Begin:
    """Return where a link begins."""
    return Begin("", "[", f"]({destination(address)}{title(tooltip)})", is_link=True)


def begin_raw(tag: str, attributes: str = "") -> Begin:
    """Return where an element begins that stays HTML."""
    return Begin("", f"<{tag}{attributes}>", f"</{tag}>")


Token = Piece | Begin | End | Break | str
