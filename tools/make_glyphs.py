"""Makes src/weekahead/site/glyphs.bin, the letters of the social cards, from fonts under the SIL Open Font License.

    pip install pillow
    python tools/make_glyphs.py NotoSerif-Bold.ttf NotoSans-Bold.ttf NotoSans-Regular.ttf

Run once and kept in the repository, so that a card needs neither a font engine nor a font where it is made, and has the
same bytes on every machine. The file is LZMA around: the length of a JSON index (four bytes), the index, and the bitmaps,
each row of a glyph as pixels of two bits.
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x384, 0x3CE), (0x400, 0x45F), (0x490, 0x491), (0x1E9E, 0x1E9E)]
SIGNS = "–—‘’‚“”„†•…‹›€™№−′″"
KERNED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,’‘“”-–—:"


def characters() -> str:
    """Latin, Greek and Cyrillic, with the marks of their texts."""
    found = "".join(chr(code) for first, last in RANGES for code in range(first, last + 1))
    return "".join(sign for sign in found + SIGNS if sign.isprintable() and sign not in "\xa0\xad")


def face(font_file: str, size: int, pixels: bytearray) -> dict[str, object]:
    """One font at one size: each glyph's advance, box and place among the pixels, and the kerning of pairs."""
    font = ImageFont.truetype(font_file, size)
    ascent, descent = font.getmetrics()
    glyphs: dict[str, list[int]] = {}
    for sign in characters():
        left, top, right, bottom = font.getbbox(sign, anchor="ls")
        box = (int(left), int(top), int(right) + 1, int(bottom) + 1)
        image = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(image).text((-box[0], -box[1]), sign, fill=255, font=font, anchor="ls")
        levels = [min(3, (value * 3 + 127) // 255) for value in image.get_flattened_data()]
        glyphs[sign] = [round(font.getlength(sign)), box[0], box[1], image.width, image.height, len(pixels)]
        for start in range(0, len(levels), image.width):
            row = levels[start : start + image.width]
            row += [0] * (-len(row) % 4)
            pixels.extend(
                row[at] << 6 | row[at + 1] << 4 | row[at + 2] << 2 | row[at + 3] for at in range(0, len(row), 4)
            )
    kerning = {}
    for one in KERNED:
        for other in KERNED:
            off = round(font.getlength(one + other) - font.getlength(one) - font.getlength(other))
            if off:
                kerning[one + other] = off
    return {"ascent": ascent, "descent": descent, "glyphs": glyphs, "kerning": kerning}


def main() -> None:
    serif, bold, plain = sys.argv[1:]
    pixels = bytearray()
    faces = {
        "title": face(serif, 80, pixels),
        "long": face(serif, 58, pixels),
        "name": face(bold, 32, pixels),
        "small": face(plain, 30, pixels),
    }
    index = json.dumps(faces, ensure_ascii=False, separators=(",", ":")).encode()
    data = len(index).to_bytes(4, "big") + index + bytes(pixels)
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
    target = Path(__file__).parents[1] / "src/weekahead/site/glyphs.bin"
    target.write_bytes(packed)
    print(f"{target}: {len(packed)} bytes of {len(data)}")


if __name__ == "__main__":
    main()
