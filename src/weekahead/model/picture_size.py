"""The size of a picture in pixels, as browsers show it, from the beginning of its file: PNG, JPEG, GIF and WebP.

imagesize would do for some of them, but it imports urllib.request: 30 ms and 4 MB more for every build after an edit of
schedule.yaml.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")
HEAD = 1_000_000
"""Bytes from the beginning in which a size must be. A camera and a colour profile may put half of that before it."""


class PictureFacts(Struct, frozen=True, array_like=True):
    """Width and height of a picture in pixels, and whether it is one picture, not several that move."""

    width: int
    height: int
    is_still: bool = True


def picture_facts(data: bytes) -> PictureFacts | None:
    """Return what the beginning of a picture's file says; None for anything else."""
    size = picture_size(data)
    return PictureFacts(*size, is_still=_is_still(data)) if size else None


def _is_still(data: bytes) -> bool:
    """Return whether a picture does not move. Of a GIF nobody knows before the end of its file."""
    if data.startswith(b"\x89PNG"):
        return b"acTL" not in data.partition(b"IDAT")[0]
    if data.startswith(b"RIFF"):
        return data[12:16] != b"VP8X" or not data[20] & 2  # RFC 9649, 2.7
    return data.startswith(b"\xff\xd8")


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture; None for anything else."""
    try:
        size = _size(data)
    except (struct.error, IndexError):
        return None
    return size if size and all(size) else None


def _size(data: bytes) -> tuple[int, int] | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return struct.unpack("<HH", data[6:10])
    return _webp_size(data) if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Return the size in the first chunk (RFC 9649, 2.5 to 2.7)."""
    kind = data[12:16]
    if kind == b"VP8X":
        width, more, height, rest = struct.unpack("<HBHB", data[24:30])
        return 1 + width + (more << 16), 1 + height + (rest << 16)
    if kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack("<I", data[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return the size in the first frame header (ITU T.81, B.2.2), width for height where the camera was held upright."""
    is_turned = False
    for marker, start in _segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[start + 1 : start + 5])
            return (height, width) if is_turned else (width, height)
        if marker == 0xE1 and data[start : start + 6] == b"Exif\0\0":
            is_turned = is_turned or _orientation(data[start + 6 : start + 65_536]) >= 5
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the marker of each segment of a JPEG, and where its content begins."""
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte (B.1.1.2)
            position += 1
            continue
        yield marker, position + 4
        position += 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]


def _orientation(tiff: bytes) -> int:
    """Return how a picture is turned (Exif 3.0, tag 274): from 5 on it lies on its side; 1 where that is not said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    (count,) = struct.unpack(f"{order}H", tiff[start : start + 2])
    for entry in range(start + 2, start + 2 + 12 * min(count, 200), 12):
        tag, kind = struct.unpack(f"{order}HH", tiff[entry : entry + 4])
        if (tag, kind) == (274, 3):
            return int(struct.unpack(f"{order}H", tiff[entry + 8 : entry + 10])[0])
    return 1
