"""Characters that stand for others while html-to-markdown works, so that it neither escapes nor reads them.

A mark of a text, such as `*`, becomes one character of the last private plane of Unicode; a piece of Markdown becomes its
number between two of them. What the library writes itself is then all there is in plain marks.
"""

from __future__ import annotations

import re

_BASE = 0x100200
_OPEN, _CLOSE = "\U00100000", "\U00100001"
MARKS = "\\`*_~=[]!<>&#+-.):|{$@/(^"
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff"
"""White space other than that of ASCII, which the library would make plain."""
_PROTECTED = {ord(mark): chr(_BASE + ord(mark)) for mark in MARKS} | {
    ord(space): chr(_BASE + 0x80 + number) for number, space in enumerate(SPACES)
}
PIECE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
PLANE = re.compile("[\U00100000-\U0010ffff]")


def protect(text: str) -> str:
    """Return a text whose marks are placeholders. It has no character of the last plane."""
    return text.translate(_PROTECTED)


_PLAIN = {ord(stand_in): chr(plain) for plain, stand_in in _PROTECTED.items()}


def unprotect(text: str) -> str:
    """Return a text with its marks as they were."""
    return text.translate(_PLAIN)


def piece_word(number: int) -> str:
    """Return what stands for the piece of a number."""
    return f"{_OPEN}{number}{_CLOSE}"
