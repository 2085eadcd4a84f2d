"""The size of a picture is read from the beginning of its file."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import png

from weekahead.model.picture_size import picture_size


def jpeg(wide: int, high: int, *segments: bytes) -> bytes:
    before = b"".join(b"\xff\xe1" + struct.pack(">H", 2 + len(data)) + data for data in segments)
    return b"\xff\xd8\xff\xe0\0\x04AB" + before + b"\xff\xff\xc2" + struct.pack(">HBHH", 8, 8, high, wide)


def exif(orientation: int, order: str = ">") -> bytes:
    mark = b"MM\0*" if order == ">" else b"II*\0"
    other = struct.pack(f"{order}HHII", 271, 2, 4, 0)
    entry = struct.pack(f"{order}HHIHH", 274, 3, 1, orientation, 0)
    return b"Exif\0\0" + mark + struct.pack(f"{order}IH", 8, 2) + other + entry


def webp(kind: bytes, rest: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + struct.pack("<I", len(rest)) + rest


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(1400, 1300), (1400, 1300)),
        (jpeg(1400, 1300), (1400, 1300)),
        (jpeg(1400, 1300, b"x" * 60_000, b"y" * 60_000), (1400, 1300)),
        (jpeg(1400, 1300, exif(1)), (1400, 1300)),
        (jpeg(1400, 1300, exif(3)), (1400, 1300)),
        (jpeg(1400, 1300, exif(6)), (1300, 1400)),
        (jpeg(1400, 1300, b"http://ns.adobe.com/xap/1.0/", exif(8, "<")), (1300, 1400)),
        (b"GIF89a" + struct.pack("<HH", 300, 200), (300, 200)),
        (b"GIF87a" + struct.pack("<HH", 300, 200), (300, 200)),
        (webp(b"VP8X", b"\0\0\0\0" + (299).to_bytes(3, "little") + (199).to_bytes(3, "little")), (300, 200)),
        (webp(b"VP8L", b"\x2f" + (299 | 199 << 14).to_bytes(4, "little")), (300, 200)),
        (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 300, 200 | 1 << 14)), (300, 200)),
    ],
)
def test_a_picture_has_a_size(data: bytes, size: tuple[int, int]) -> None:
    assert picture_size(data) == size
    assert picture_size(data + b"the rest") == size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"png",
        b"\x89PNG\r\n\x1a\n",
        png(0, 3),
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\0\x04",
        b"\xff\xd8" + b"\xff" * 1000,
        b"GIF89a",
        webp(b"VP8X", b""),
        webp(b"VP9 ", b"\0" * 40),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"<svg width='3' height='4'/>",
    ],
)
def test_what_is_no_picture_has_none(data: bytes) -> None:
    assert picture_size(data) is None


@given(st.sampled_from([png(3, 4), jpeg(3, 4, exif(6)), webp(b"VP8L", b"\x2f" + b"\1" * 4)]), st.data())
def test_a_damaged_picture_is_no_crash(data: bytes, drawn: st.DataObject) -> None:
    place = drawn.draw(st.integers(0, len(data)))
    picture_size(data[:place] + drawn.draw(st.binary(max_size=4)) + data[place + drawn.draw(st.integers(0, 4)) :])
