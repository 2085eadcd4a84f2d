"""Lists as authors indent them on GitHub, rewritten for Python-Markdown, which wants four columns a level.

Python-Markdown flattens a list nested by two or three spaces, throws an item's second paragraph out of its
list, and takes a list straight after a line of text for more text. Authors expect CommonMark there, so this
room reads a text's lists as CommonMark does and writes the same lists with four columns a level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_MARKER = re.compile(r"([-+*]|\d{1,9}[.)])( +|$)")
_RULE = re.compile(r"([-*_])( *\1){2,} *$")
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
_BLOCK = re.compile(r"#{1,6}( |$)|>|</?[a-zA-Z!][^>]*>\s*$")
_BULLETS = frozenset("-+*")
_SIGNS = frozenset("-+*_`~#><")
"""What a rule, a fence, a marker, a heading, a quotation and raw HTML begin with, but for a digit."""
_RAW = re.compile(r"<(pre|script|style|textarea)\b|<!--", re.IGNORECASE)


DEEPEST = 50
"""Lists in one another; nobody writes more by hand."""


class TooDeep(Exception):
    """A list is nested too deep to be read; carries the words of its line."""


class _Item(Struct):
    """An open list item: the columns of its marker and of its content."""

    marker: int
    content: int
    several: bool = False
    """Has it begun a second block? Then Python-Markdown wants an empty line before the next item."""


_TOP = [_Item(0, 2)]
"""What is open behind an item of a list at the margin that has no gaps."""


class _Reader(Struct):
    """The state of one pass over the lines of a text."""

    out: list[str] = []
    items: list[_Item] = []
    in_text: bool = False
    """Is the line before a line of a paragraph, so that text may go on without indentation?"""

    def put(self, line: str, depth: int | None = None) -> None:
        self.out.append("    " * (len(self.items) if depth is None else depth) + line if line else "")

    def gap(self) -> None:
        if self.out and self.out[-1].strip():
            self.out.append("")
            self.loosen()

    def loosen(self) -> None:
        for item in self.items:
            item.several = True


def four_columns(text: str) -> str:
    """The text with every list indented by four columns a level; everything else as it was."""
    if not re.search(r"(?m)^[ >\t]*([-+*]|\d{1,9}[.)])([ \t]|$)", text):
        return text
    return "\n".join(_lines(text.split("\n")))


def _lines(lines: list[str]) -> list[str]:
    reader, rest = _Reader(), iter(lines)
    for line in rest:
        if reader.in_text and reader.items == _TOP and _is_plain_item(line):
            reader.out.append(line)  # one more item of a list at the margin
        else:
            _line(reader, _spaces(line), rest)
    return reader.out


def _spaces(line: str) -> str:
    """The line with the tabs of its indentation, and those after its markers, as spaces."""
    if "\t" not in line:
        return line
    head = re.match(r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*", line)
    end = head.end() if head else 0
    return line[:end].expandtabs(4) + line[end:]


def _line(reader: _Reader, line: str, rest: Iterator[str]) -> None:
    words = line.lstrip(" ")
    indent = len(line) - len(words)
    if not words:
        reader.out.append("")
        reader.in_text = False
        reader.loosen()
        return
    depth = _depth(reader, indent)
    inner = indent - (reader.items[depth - 1].content if depth else 0)
    is_item = inner < 4 and _is_plain_item(words)
    starts = is_item or (inner < 4 and _starts_block(words, reader.in_text and depth == len(reader.items)))
    if reader.in_text and not starts and (depth < len(reader.items) or inner >= 4):
        reader.put(words if reader.items else line, 0 if depth < len(reader.items) else None)
        return
    closing = depth < len(reader.items)
    loose = bool(reader.items) and reader.items[depth if closing else -1].several
    del reader.items[depth:]
    if is_item:
        apart = loose or (reader.in_text and not reader.items and not closing)
        _begin(reader, words, words[0], words[2:], indent, 1, apart)
    elif inner >= 4:
        reader.put(" " * inner + words)
        reader.in_text = False
    elif words[0] not in _SIGNS and not words[0].isdigit():
        reader.put(words if reader.items else line)
        reader.in_text = True
    elif _RULE.match(words):
        _block(reader, words)
    elif _MARKER.match(words) and starts:
        _item(reader, words, indent, rest, loose or (reader.in_text and not reader.items and not closing))
    elif fence := _FENCE.match(words):
        _block(reader, words)
        _verbatim(
            reader,
            rest,
            indent,
            lambda text: bool(re.match(re.escape(fence[1]) + re.escape(fence[1][0]) + "*\\s*$", text.strip())),
        )
    elif words.startswith(">"):
        _quotation(reader, words, rest)
    elif raw := _RAW.match(words):
        end = "-->" if raw[0] == "<!--" else f"</{raw[1].lower()}"
        reader.put(words)
        if end not in words.lower():
            _verbatim(reader, rest, indent, lambda text: end in text.lower())
        reader.in_text = False
    else:
        if starts:
            reader.gap()
        reader.put(words if reader.items else line)
        reader.in_text = not words.startswith("#")


def _depth(reader: _Reader, indent: int) -> int:
    """How many of the open items a line of this indentation belongs to."""
    depth = 0
    while depth < len(reader.items) and indent >= reader.items[depth].content:
        depth += 1
    return depth


def _starts_block(words: str, interrupting: bool) -> bool:
    """Does a line begin a block of its own, also straight after a line of text?"""
    if words[0] not in _SIGNS and not words[0].isdigit():
        return False
    if _RULE.match(words) or _FENCE.match(words) or _BLOCK.match(words):
        return True
    marker = _MARKER.match(words)
    if marker is None:
        return False
    return not interrupting or (len(words) > marker.end() and (marker[1] in "-+*" or marker[1][:-1] == "1"))


def _is_plain_item(words: str) -> bool:
    """Is a line a bullet, a space, and a text that makes no rule of the three, and is no code?"""
    return words[:1] in _BULLETS and words[1:2] == " " and words[2:3] not in ("", " ", "\t", "`", "~", words[0])


def _block(reader: _Reader, words: str) -> None:
    reader.gap()
    reader.put(words)
    reader.in_text = False


def _item(reader: _Reader, words: str, indent: int, rest: Iterator[str], apart: bool) -> None:
    marker = _MARKER.match(words)
    assert marker is not None
    after = len(marker[2])
    text = words[marker.end() :]
    if after >= 5:  # the content begins one column after the marker, with indented code
        text, after = " " * (after - 1) + text, 1
    _begin(reader, words, marker[1], text, indent, after, apart)
    first = text.lstrip(" ")
    if fence := _FENCE.match(first):
        _verbatim(
            reader,
            rest,
            indent + len(marker[1]) + after,
            lambda line: bool(re.match(re.escape(fence[1]) + "+\\s*$", line.strip())),
        )
        reader.in_text = False


def _begin(reader: _Reader, words: str, marker: str, text: str, indent: int, after: int, apart: bool) -> None:
    """Put the first line of an item, so many columns after its marker."""
    if len(reader.items) >= DEEPEST:
        raise TooDeep(words)
    if apart:
        reader.gap()
    sign = marker if marker in "-+*" else marker[:-1] + "."
    reader.put(f"{sign} {text}")
    reader.items.append(_Item(indent, min(indent + len(marker) + max(after, 1), indent + 4)))
    reader.in_text = bool(text.strip())


def _verbatim(reader: _Reader, rest: Iterator[str], indent: int, is_last: object) -> None:
    """Lines up to the last of a block, moved with the item they stand in and otherwise as they are."""
    for line in rest:
        line = line.expandtabs(4) if line[: len(line) - len(line.lstrip())].count("\t") else line
        stripped = line[min(indent, len(line) - len(line.lstrip(" "))) :] if reader.items else line
        reader.put(stripped)
        if is_last(line):  # type: ignore[operator]
            break
    reader.in_text = False


def _quotation(reader: _Reader, words: str, rest: Iterator[str]) -> None:
    """A quotation is a text of its own: its lists are read without its marks."""
    inside = [_unquoted(words)]
    after: str | None = None
    for line in rest:
        found = line.strip()
        if found.startswith(">"):
            inside.append(_unquoted(found))
        elif found and not _starts_block(found, True) and inside[-1].strip():
            inside.append(found)
        else:
            after = line
            break
    reader.gap()
    for line in _lines(inside):
        reader.put(f"> {line}".rstrip())
    reader.in_text = False
    if after is not None:
        if after.strip():
            reader.gap()
        _line(reader, _spaces(after), rest)


def _unquoted(words: str) -> str:
    return words[2:] if words[1:2] == " " else words[1:]
