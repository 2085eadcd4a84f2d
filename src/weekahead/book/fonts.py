"""The fonts that a PDF is set in: those of the letter alone, or whatever the machine has."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


class FontNames(Struct, frozen=True, kw_only=True):
    """Lists of families, as CSS has them, for text and for code."""

    reading: str = READING
    typing: str = TYPING


def font_names(files: Mapping[str, bytes]) -> FontNames:
    """Return the families of some font files, in the order of the names of the files; the machine's if there are none."""
    from fontTools.ttLib import TTFont, TTLibError

    reading, typing = dict[str, None](), dict[str, None]()
    for data in files.values():
        try:
            with TTFont(BytesIO(data), lazy=True) as font:
                name = str(font["name"].getBestFamilyName() or "")
                name = re.sub(r"[^\w .,'+-]", "", name)  # it stands in a style sheet
                (typing if font["post"].isFixedPitch else reading)[f'"{name}"'] = None
        except (TTLibError, KeyError, OSError):  # fontconfig leaves out what is no font
            continue
    if not (reading or typing):
        return FontNames()
    return FontNames(reading=", ".join(reading or typing), typing=", ".join([*typing, *reading]))


@contextmanager
def shut_in(files: Mapping[str, bytes]) -> Iterator[None]:
    """Let programs in this process find these font files and no others; without any, those of the machine."""
    if not files:
        yield
        return
    with TemporaryDirectory(prefix="weekahead-") as folder:
        (Path(folder) / "fonts").mkdir()
        for number, (name, data) in enumerate(files.items()):
            (Path(folder) / "fonts" / f"{number:03}{Path(name).suffix.lower()}").write_bytes(data)
        config = Path(folder) / "fonts.conf"
        config.write_text(_CONFIG.format(folder=folder), "utf-8")
        with environment(FONTCONFIG_FILE=str(config), FONTCONFIG_PATH=folder):
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
def coverage(files: Mapping[str, bytes]) -> Iterator[Callable[[str], bool]]:
    """Return whether any of the fonts has a glyph for a character."""
    library = ctypes.CDLL(ctypes.util.find_library("fontconfig") or "libfontconfig.so.1")
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    with shut_in(files):
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
