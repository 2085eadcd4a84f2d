"""The length of an MP3 file without a header that says it: the sum of its frames (ISO 11172-3 and 13818-3, layer III)."""

from __future__ import annotations

import os
from typing import BinaryIO

from msgspec import Struct

KILOBITS = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
"""Of MPEG-1, and of MPEG-2 and 2.5, by the index in a frame's header."""
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second, by the version in a frame's header."""
SEARCHED = 200_000
"""Bytes in which the first frame is looked for."""
SAMPLE = 60
"""Frames that tell whether the rate is constant: one and a half seconds, in some 25,000 bytes."""
IN_A_ROW = 4
"""Frames that must follow one another before the first is believed to be one."""


class Frame(Struct):
    size: int
    seconds: float


def count_mp3_seconds(file: BinaryIO, start: int = 0) -> float:
    """Return the length of an open MP3 file whose tags end at `start`; 0 where the frames end long before the file does."""
    size = file.seek(0, os.SEEK_END)
    place = _first_frame(file, start)
    seconds = 0.0
    while frame := _frame_at(file, place):
        seconds += frame.seconds
        place += frame.size
    return seconds if place > 0.98 * size - 100_000 and place > size / 2 else 0.0


def has_constant_bitrate(file: BinaryIO, start: int = 0) -> bool:
    """Return whether the first frames of an open MP3 file have one bit rate, as far as a good sample tells."""
    place, sizes = _first_frame(file, start), set[int]()
    for _ in range(SAMPLE):
        frame = _frame_at(file, place)
        if frame is None:
            return False
        sizes.add(frame.size)
        place += frame.size
    return max(sizes) - min(sizes) <= 1  # some have a byte more


def _first_frame(file: BinaryIO, start: int) -> int:
    """Return where the first frame begins, with others behind it; where the search began if there is none."""
    file.seek(start)
    data = file.read(SEARCHED)
    at = data.find(b"\xff")
    while at >= 0:
        place = start + at
        for _ in range(IN_A_ROW):
            frame = _frame_at(file, place)
            if frame is None:
                break
            place += frame.size
        else:
            return start + at
        at = data.find(b"\xff", at + 1)
    return start


def _frame_at(file: BinaryIO, place: int) -> Frame | None:
    """Return the frame whose header is at a place; None if there is none."""
    file.seek(place)
    head = file.read(4)
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # sync, and layer III
        return None
    version, rate, kilobits = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or kilobits in (0, 15):
        return None
    is_first = version == 3
    hertz = RATES[version][rate]
    bits = KILOBITS[not is_first][kilobits] * 1000
    samples = 1152 if is_first else 576
    return Frame(samples // 8 * bits // hertz + (head[2] >> 1 & 1), samples / hertz)
