"""Makes src/weekahead/site/glyphs.bin, the letters of the social cards, from fonts under the SIL Open Font License.

    npm install @fontsource-variable/literata @fontsource/noto-sans
    pip install pillow fonttools brotli
    python tools/make_glyphs.py node_modules

Run once and kept in the repository, so that a card needs neither a font engine nor a font where it is made, and has the
same bytes on every machine. The file is zlib around: the length of a JSON index (four bytes), the index, and the bitmaps,
each row of a glyph as pixels of two bits.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import Image, ImageDraw, ImageFont

SCRIPTS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek")
LETTERS = [(0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC), (0x218, 0x21B)]
LETTERS += [(0x259, 0x259), (0x384, 0x3CE), (0x400, 0x45F), (0x490, 0x4E9), (0x1E62, 0x1E63), (0x1E9E, 0x1EF9)]
SIGNS = "–—‘’‚“”„†•…‹›€™№−′″₫₴"
APART = ["-liga", "-clig", "-calt"]
"""What is not drawn: two letters as one."""
KERNED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,’‘“”-–—:"

Fonts = dict[str, ImageFont.FreeTypeFont]
"""The font that has a character, one for each script."""


def load(pattern: str, size: int, **axes: float) -> Fonts:
    """Return one font at one size; it comes as a file for each script, the commonest first."""
    found: Fonts = {}
    for script in SCRIPTS:
        font = TTFont(pattern.format(script))
        if axes:
            font = instantiateVariableFont(font, axes)
        font.flavor = None
        file = io.BytesIO()
        font.save(file)
        loaded = ImageFont.truetype(io.BytesIO(file.getvalue()), size)
        found |= {sign: loaded for code in font.getBestCmap() if (sign := chr(code)) not in found and is_wanted(sign)}
    return dict(sorted(found.items()))


def is_wanted(sign: str) -> bool:
    is_letter = any(first <= ord(sign) <= last for first, last in LETTERS)
    return sign.isprintable() and (is_letter or sign in SIGNS)


def face(fonts: Fonts, pixels: bytearray) -> dict[str, object]:
    """One font at one size: each glyph's advance, box and place among the pixels, and the kerning of pairs."""
    ascent, descent = fonts["A"].getmetrics()
    glyphs: dict[str, list[int]] = {}
    for sign, font in fonts.items():
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
    return {"ascent": ascent, "descent": descent, "glyphs": glyphs, "kerning": kerning(fonts["A"])}


def kerning(font: ImageFont.FreeTypeFont) -> dict[str, int]:
    """Return by how much two characters are closer or further apart than their advances say."""
    off = {
        one + other: round(font.getlength(one + other, features=APART) - font.getlength(one) - font.getlength(other))
        for one in KERNED
        for other in KERNED
    }
    return {pair: pixels for pair, pixels in off.items() if pixels}


def main() -> None:
    packages = Path(sys.argv[1])
    literata = f"{packages}/@fontsource-variable/literata/files/literata-{{}}-opsz-normal.woff2"
    sans = f"{packages}/@fontsource/noto-sans/files/noto-sans-{{}}-400-normal.woff2"
    pixels = bytearray()
    faces = {
        "title": face(load(literata, 80, wght=700, opsz=36), pixels),
        "long": face(load(literata, 58, wght=700, opsz=36), pixels),
        "name": face(load(literata, 34, wght=700, opsz=18), pixels),
        "small": face(load(sans, 30), pixels),
    }
    index = json.dumps(faces, ensure_ascii=False, separators=(",", ":")).encode()
    data = len(index).to_bytes(4, "big") + index + bytes(pixels)
    packed = zlib.compress(data, 9)
    target = Path(__file__).parents[1] / "src/weekahead/site/glyphs.bin"
    target.write_bytes(packed)
    counts = ", ".join(f"{name} {len(found['glyphs'])}" for name, found in faces.items())  # type: ignore[arg-type]
    print(f"{target}: {len(packed)} bytes of {len(data)}; {counts}")


if __name__ == "__main__":
    main()
