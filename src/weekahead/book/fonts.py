"""The fonts that a PDF is set in: those of the letter and ours behind them; without any, ours, and the machine's behind them."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

READING = (
    '"Source Serif 4", "Source Serif Pro", "Libertinus Serif", "Linux Libertine O", "EB Garamond", "Charis SIL", '
    '"Noto Serif", "Liberation Serif", "DejaVu Serif", serif'
)
TYPING = '"Source Code Pro", "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono", monospace'
"""Families that a machine may have. No font of emoji is among them: it would draw the digits and spaces of a text."""

_CONFIG = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir>{more}</fontconfig>
"""
_MACHINE = '<include ignore_missing="yes">{file}</include>'

TEXT_FONTS = tuple(
    f"fonts/literata-{script}{style}.woff2"
    for script in ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
    for style in ("", "-italic")
)
"""Our fonts of text, among the assets of the theme."""
CODE_FONTS = ("typing.woff2", "typing-bold.woff2")
"""Our fonts of code and signs, beside this module: tools/make_book_fonts.py."""
_ALWAYS = ("latin", "typing")
"""Those that every PDF has at hand, for signs that are in no text, such as the bullets of lists."""


class Fonts(Struct, frozen=True, kw_only=True):
    """Font files by their names, and lists of families, as CSS has them, for text and for code."""

    files: Mapping[str, bytes]
    reading: str
    typing: str
    with_machine: bool = False
    """Are those of the machine used as well?"""


def letter_fonts(files: Mapping[str, bytes], texts: Mapping[str, bytes], signs: Collection[str]) -> Fonts:
    """Return the fonts of a letter, their families in the order of the names of the files, with ours for characters that they
    do not have; those of Chinese characters stand last, for their Latin letters are a makeshift. The machine's if none is sound.

    `texts` are the files of TEXT_FONTS.
    """
    reading, typing, chinese = dict[str, None](), dict[str, None](), dict[str, None]()
    known = set[str]()
    for data in files.values():
        for family, is_typing, has in _faces(data):
            is_chinese = _CHINESE in has
            known |= set() if is_chinese else has
            (typing if is_typing else chinese if is_chinese else reading)[f'"{family}"'] = None
    if not (reading or typing or chinese):
        return our_fonts(texts, signs)
    ours, families = _ours_for({sign for sign in signs if is_drawn(sign)} - known, texts)
    behind = [*families, *chinese]
    return Fonts(
        files={**files, **ours},
        reading=", ".join([*reading, *behind]),
        typing=", ".join([*typing, '"Book typing"', *reading, *behind]),
    )


def fonts_beside_ours(files: Mapping[str, bytes]) -> Fonts:
    """Return the fonts that have to have what ours do not: those of the letter, or the machine's if none of these is sound."""
    is_sound = any(True for data in files.values() for _ in _faces(data))
    return Fonts(files=files if is_sound else {}, reading=READING, typing=TYPING, with_machine=not is_sound)


_CHINESE = "一"


def _faces(data: bytes) -> Iterator[tuple[str, bool, frozenset[str]]]:
    """Yield the family of each font in a file, whether its characters have equal widths, and which it has; none of no font."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        fonts = (
            TTCollection(BytesIO(data), lazy=True).fonts if data[:4] == b"ttcf" else [TTFont(BytesIO(data), lazy=True)]
        )
        for font in fonts:
            name = re.sub(r"[^\w .,'+-]", "", str(font["name"].getBestFamilyName() or ""))  # it stands in a style sheet
            yield name, bool(font["post"].isFixedPitch), frozenset(map(chr, font.getBestCmap()))
    except (TTLibError, KeyError, OSError):  # fontconfig leaves out what is no font
        return


def our_fonts(texts: Mapping[str, bytes], signs: Collection[str]) -> Fonts:
    """Return our fonts as far as some signs need them; those of the machine stand behind them where they have not all.

    `texts` are the files of TEXT_FONTS.
    """
    wanted = {sign for sign in signs if is_drawn(sign)}
    files, families = _ours_for(wanted, texts)
    is_short = not wanted <= our_signs(texts)
    reading = ", ".join([*families, *([READING] if is_short else [])])
    typing = ", ".join(['"Book typing"', *families, *([TYPING] if is_short else [])])
    return Fonts(files=files, reading=reading, typing=typing, with_machine=is_short)


def _ours_for(signs: Collection[str], texts: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """Return those of our fonts that some signs need, and those that are always there, by file names, and their families."""
    files, families = dict[str, bytes](), dict[str, None]()
    for name, data in {**texts, **_code_fonts()}.items():
        part = re.sub(r"fonts/literata-|-italic|-bold|\.woff2", "", name)
        if part in _ALWAYS or not _signs(data).isdisjoint(signs):
            files[name], families[f'"Book {part}"'] = _unpacked(data, f"Book {part}"), None
    return files, [*families]


def our_signs(texts: Mapping[str, bytes]) -> frozenset[str]:
    """Return the characters that our fonts have; `texts` are the files of TEXT_FONTS."""
    return frozenset[str]().union(*map(_signs, {**texts, **_code_fonts()}.values()))


def _code_fonts() -> dict[str, bytes]:
    return {name: Path(__file__).with_name(name).read_bytes() for name in CODE_FONTS}


@lru_cache(maxsize=32)
def _signs(data: bytes) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(data), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=32)  # each takes a fifth of a second
def _unpacked(data: bytes, family: str) -> bytes:
    """Return a WOFF2 as TrueType, under another family: WeasyPrint takes files of one family and style for one font."""
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(data), recalcTimestamp=False) as font:
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family
        font.flavor, made = None, BytesIO()
        font.save(made)
    return made.getvalue()


@contextmanager
def shut_in(fonts: Fonts) -> Iterator[None]:
    """Let programs in this process find some fonts, and those of the machine only if they are to be used as well."""
    with TemporaryDirectory(prefix="weekahead-") as folder:
        (Path(folder) / "fonts").mkdir()
        for number, (name, data) in enumerate(fonts.files.items()):
            ending = ".ttf" if name.endswith(".woff2") else Path(name).suffix.lower()
            (Path(folder) / "fonts" / f"{number:03}{ending}").write_bytes(data)
        config = Path(folder) / "fonts.conf"
        machine = _MACHINE.format(file=escape(os.environ.get("FONTCONFIG_FILE", "fonts.conf")))
        config.write_text(_CONFIG.format(folder=folder, more=machine if fonts.with_machine else ""), "utf-8")
        alone = {} if fonts.with_machine else {"FONTCONFIG_PATH": folder}
        with environment(FONTCONFIG_FILE=str(config), **alone):
            yield


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set variables of the environment for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# -- which characters they have


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("size", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p))]


@contextmanager
def coverage(fonts: Fonts) -> Iterator[Callable[[str], bool]]:
    """Return whether any of the fonts has a glyph for a character."""
    library = ctypes.CDLL(ctypes.util.find_library("fontconfig") or "libfontconfig.so.1")
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    with shut_in(fonts):
        config = ctypes.c_void_p(library.FcInitLoadConfigAndFonts())
        found, sets = library.FcConfigGetFonts(config, 0), list[ctypes.c_void_p]()
        for place in range(found.contents.count if found else 0):
            charset = ctypes.c_void_p()
            pattern = ctypes.c_void_p(found.contents.fonts[place])
            if not library.FcPatternGetCharSet(pattern, b"charset", 0, ctypes.byref(charset)):
                sets.append(charset)
        yield lambda sign: any(library.FcCharSetHasChar(charset, ord(sign)) for charset in sets)
        library.FcConfigDestroy(config)


def is_drawn(sign: str) -> bool:
    """Return whether a character needs a glyph: spaces, controls, joiners and variation selectors do not."""
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cn", "Zs", "Zl", "Zp") and not "\ufe00" <= sign <= "\ufe0f"
