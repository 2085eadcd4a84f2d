"""A picture drawn in a bundled bitmap font (Latin, Greek, Cyrillic), encoded as PNG.

It must have the same bytes on every machine, so no font engine draws it and no zlib compresses it: zlib and zlib-ng write
different bytes.

Measured (ms and KB a social card): this encoder 2.5 and 24, zlib at level 1 1.5 and 13, at level 6 3.6 and 6.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from weekahead.theme.colors import mixed, rgb

INK, ACCENT, FAINT = 1, 4, 7
"""Index in the palette of the first of three shades of a colour; 0 is the background."""


class Face(Struct, frozen=True):
    """A font at one size, in pixels. A glyph is: advance, left, top, width, height, offset of its data in the file."""

    ascent: int
    descent: int
    glyphs: Mapping[str, tuple[int, int, int, int, int, int]]
    kerning: Mapping[str, int]

    def can_set(self, words: str) -> bool:
        """Return whether the font has a glyph for every character."""
        return all(sign in self.glyphs for sign in words)

    def width(self, words: str) -> int:
        """Return the width of a line in pixels, with kerning."""
        return sum(self.glyphs[sign][0] for sign in words) + sum(map(self._kern, words, words[1:]))

    def placed(self, words: str) -> Iterator[tuple[str, int]]:
        """Yield each character with its x position from the start of the line."""
        x, last = 0, ""
        for sign in words:
            x += self._kern(last, sign)
            yield sign, x
            x, last = x + self.glyphs[sign][0], sign

    def cut(self, words: str, width: int) -> str:
        """Return text that fits into a width in pixels, with an ellipsis if it was shortened."""
        if self.width(words) <= width:
            return words
        while words and self.width(words.rstrip() + "…") > width:
            words = words[:-1]
        return words.rstrip() + "…"

    def lines(self, words: str, width: int) -> list[str]:
        """Return text broken into lines of at most `width` pixels; a longer word is shortened."""
        lines = [""]
        for word in words.split():
            wider = f"{lines[-1]} {word}".strip()
            if self.width(wider) <= width:
                lines[-1] = wider
            else:
                lines.append(self.cut(word, width))
        return [line for line in lines if line]

    def _kern(self, one: str, other: str) -> int:
        return self.kerning.get(one + other, 0)


@lru_cache(maxsize=1)
def _font() -> tuple[dict[str, Face], bytes]:
    """Return the fonts by name, and the pixels of all their glyphs, two bits each."""
    data = zlib.decompress(Path(__file__).with_name("glyphs.bin").read_bytes())
    length = int.from_bytes(data[:4], "big")
    index = json.loads(data[4 : 4 + length])
    faces = {name: Face(**face) for name, face in index.items()}
    return faces, data[4 + length :]


def faces() -> Mapping[str, Face]:
    """Return the fonts by name: title, long, name, small."""
    return _font()[0]


class Canvas:
    """A picture of some width and height in pixels, empty at first."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows: dict[int, bytearray] = {}

    def fill(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        """Draw a box."""
        for row in range(y, y + height):
            self._row(row)[x : x + width] = bytes([colour]) * width

    def write(self, face: str, words: str, x: int, baseline: int, colour: int) -> None:
        """Draw a line of text, all of whose characters the font has."""
        for sign, offset in faces()[face].placed(words):
            for row, start, pixels in _glyph(face, sign, colour):
                at = x + offset + start
                self._row(baseline + row)[at : at + len(pixels)] = pixels

    def _row(self, y: int) -> bytearray:
        return self._rows.setdefault(y, bytearray(self.width))

    def png(self, colours: Mapping[str, str]) -> bytes:
        """Return the picture as PNG (W3C, third edition), its data deflated with fixed codes (RFC 1951, 3.2.6)."""
        palette = [colours["paper"]]
        for name in ("ink", "accent", "faint"):
            palette += [mixed(colours["paper"], colours[name], share / 3) for share in (1, 2, 3)]
        entries = bytes(round(part * 255) for colour in palette for part in rgb(colour))
        blank = bytes(self.width + 1)
        rows = [b"\0" + bytes(self._rows[y]) if y in self._rows else blank for y in range(self.height)]
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        parts = [(b"IHDR", header), (b"PLTE", entries), (b"IDAT", deflated(rows)), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in parts
        )


@lru_cache(maxsize=4096)
def _glyph(face: str, sign: str, colour: int) -> tuple[tuple[int, int, bytes], ...]:
    """Return the rows of a glyph that are not empty: y from the baseline, x from the origin, and pixels."""
    faces, data = _font()
    _, left, top, width, height, begin = faces[face].glyphs[sign]
    stride = (width + 3) // 4
    rows = []
    for number in range(height):
        packed = data[begin + number * stride : begin + (number + 1) * stride]
        pixels = b"".join(_FOUR[byte] for byte in packed)[:width].translate(_shades(colour))
        inner = pixels.lstrip(b"\0")
        if inner:
            rows.append((top + number, left + width - len(inner), inner.rstrip(b"\0")))
    return tuple(rows)


_FOUR = [bytes([byte >> 6, byte >> 4 & 3, byte >> 2 & 3, byte & 3]) for byte in range(256)]


@lru_cache(maxsize=8)
def _shades(colour: int) -> bytes:
    return bytes([0, colour, colour + 1, colour + 2]) + bytes(252)


def deflated(rows: Sequence[bytes]) -> bytes:
    """Return rows as a zlib stream (RFC 1950). A row equal to the one above is a copy of it; within a row, runs are copies."""
    bits, above = ["110"], b""  # the last block, of fixed codes
    for row in rows:
        if row == above:
            bits.append(_copies(len(row), len(row)))
        else:
            bits += [_piece(piece) for piece in re.split(rb"(\0{8,})", row) if piece]
        above = row
    bits.append("0000000")  # the end of the block
    stream = "".join(bits)
    data = int(stream[::-1], 2).to_bytes((len(stream) + 7) // 8, "little")
    return b"\x78\x01" + data + struct.pack(">I", zlib.adler32(b"".join(rows)))


@lru_cache(maxsize=65536)
def _piece(data: bytes) -> str:
    """Return part of a row as a string of bits: single bytes, and runs of one byte."""
    found = re.finditer(rb"(.)\1{4,}|.", data, re.DOTALL)
    return "".join(_LITERALS[run[0][0]] + (_copies(len(run[0]) - 1, 1) if len(run[0]) > 1 else "") for run in found)


@lru_cache(maxsize=4096)
def _copies(length: int, distance: int) -> str:
    """Return the bits of the copies, of 3 to 258 bytes each, that make up a length."""
    bits = []
    while length:
        part = min(258, length - 3 if 258 < length < 261 else length)
        bits.append(_copy(part, distance))
        length -= part
    return "".join(bits)


def _literal(value: int) -> str:
    return f"{value + 0x30:08b}" if value < 144 else f"{value - 144 + 0x190:09b}"


_LITERALS = [_literal(value) for value in range(256)]


def _copy(length: int, distance: int) -> str:
    """Return the bits of a copy: code and extra bits of its length, then of its distance; the lowest extra bit first."""
    code, base, extra = _coded(length - 3, 4, 257) if length < 258 else (285, 255, 0)
    bits = (f"{code - 256:07b}" if code < 280 else f"{code - 280 + 0xC0:08b}") + _extra(length - 3 - base, extra)
    code, base, extra = _coded(distance - 1, 2, 0)
    return bits + f"{code:05b}" + _extra(distance - 1 - base, extra)


def _coded(value: int, group: int, first: int) -> tuple[int, int, int]:
    """Return the code for a value, the lowest value with that code, and the number of extra bits (RFC 1951, 3.2.5)."""
    extra = max(0, value.bit_length() - group.bit_length())
    step = value >> extra
    return first + extra * group + step, step << extra, extra


def _extra(value: int, count: int) -> str:
    return f"{value:0{count}b}"[::-1] if count else ""
