"""Makes the fonts of code and signs in books, src/weekahead/book/typing*.woff2, from DejaVu Sans Mono 2.37.

    pip install fonttools brotli
    python tools/make_book_fonts.py /usr/share/fonts/truetype/dejavu

Run once and kept in the repository. The text of books is set in the fonts of templates/assets/fonts/; what those do not
have, such as arrows, the boxes of tasks and Greek with its old accents, is taken from here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

BOOK = Path(__file__).parents[1] / "src/weekahead/book"
WORDS = [
    (0x20, 0x24F),
    (0x2B0, 0x2FF),
    (0x300, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x4FF),
    (0x1E00, 0x1FFF),
    (0x2000, 0x20CF),
]
SIGNS = [(0x2100, 0x23FF), (0x2500, 0x27BF), (0x27E6, 0x27EF), (0x2A00, 0x2AFF), (0xFFFD, 0xFFFD)]
STYLES = {"": ("DejaVuSansMono.ttf", WORDS + SIGNS), "-bold": ("DejaVuSansMono-Bold.ttf", WORDS)}


def make(source: Path, ranges: list[tuple[int, int]], target: Path) -> None:
    """Write the part of a font that has the signs of some ranges."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features, options.hinting = ["ccmp", "mark", "mkmk"], False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[sign for first, last in ranges for sign in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    print(target.name, target.stat().st_size, "bytes")


def main() -> None:
    for ending, (name, ranges) in STYLES.items():
        make(Path(sys.argv[1]) / name, ranges, BOOK / f"typing{ending}.woff2")


if __name__ == "__main__":
    main()
