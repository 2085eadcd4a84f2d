"""Makes templates/assets/fonts/ and the rules of assets/style.css that name them, from Literata (SIL Open Font License).

    npm install @fontsource-variable/literata
    pip install fonttools brotli
    python tools/make_fonts.py node_modules/@fontsource-variable/literata

Run once and kept in the repository. Each file has the letters of one script, upright or italic, from regular (400) to bold
(700): a browser fetches the files whose letters are on the page.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")
FEATURES = ["calt", "ccmp", "clig", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "pnum", "tnum"]
ZERO_WIDTH_SPACE = 0x200B
FONTS = Path(__file__).parents[1] / "templates/assets/fonts"


def make(source: Path, target: Path) -> None:
    """Write the part of a font that is used."""
    narrowed = io.BytesIO()
    font = instantiateVariableFont(TTFont(source), {"wght": (400, 400, 700)})
    font.flavor = None
    font.save(narrowed)
    narrowed.seek(0)
    font = TTFont(narrowed, recalcTimestamp=False)
    options = Options()
    options.layout_features, options.hinting = FEATURES, False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={*font.getBestCmap()} - {ZERO_WIDTH_SPACE})
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    package = Path(sys.argv[1])
    rules = (package / "index.css").read_text()
    for script in SCRIPTS:
        found = re.search(rf"literata-{script}-wght-normal\.woff2.*?unicode-range: ([^;]+);", rules, re.DOTALL)
        assert found, script
        for style in ("normal", "italic"):
            name = f"literata-{script}{'-italic' if style == 'italic' else ''}.woff2"
            make(package / f"files/literata-{script}-wght-{style}.woff2", FONTS / name)
            print(
                f"@font-face {{ font: {style} 400 1em Literata; src: url(fonts/{name}); unicode-range: {found[1]}; }}"
            )
    (FONTS / "OFL.txt").write_text((package / "LICENSE").read_text())


if __name__ == "__main__":
    main()
