"""Pictures in several sizes, so that a phone need not load what a large screen can show. The only module that imports Pillow.

Pillow is an extra, `weekahead[pictures]`. Without it pages show each picture as its author saved it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from weekahead.model.picture_size import PictureFacts

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 960, 1600)
"""Pixels: a phone, the column, the column on a screen with small pixels."""
SMALL = 240
"""Pixels of the width of a cover in a list."""
WORTH = 0.8
"""A picture is made where it has at most this part of the original's width."""
WIDEST = 2400
"""Pixels of the widest original that a page names beside the sizes that were made of it."""
MOST_PIXELS = 80_000_000
"""Larger pictures are left alone; each pixel takes four bytes of memory."""
QUALITIES = (80, 65, 50)
"""The quality of JPEG and WebP, and lower ones for an original that has fewer bytes."""
NOTES = frozenset({"comment", "photoshop", "xmp", "XML:com.adobe.xmp"})
"""Where else than in Exif a camera or a program may have noted a place."""
IN_TEXT = "(min-width: 42rem) 38rem, 94vw"
"""How wide a picture is in the column, for the browser to choose."""


@cache
def can_resize() -> bool:
    """Return whether Pillow is installed."""
    try:
        import PIL
    except ImportError:
        return False
    return bool(PIL.__version__)


def widths_of(facts: PictureFacts, *, with_small: bool = False) -> list[int]:
    """Return the widths that are made of a picture, smallest first; none of one that moves or that is small already."""
    if not facts.is_still or facts.width * facts.height > MOST_PIXELS or not can_resize():
        return []
    return [width for width in ((SMALL, *WIDTHS) if with_small else WIDTHS) if width <= WORTH * facts.width]


def sized_path(path: str, width: int) -> str:
    """Return the path in the site of a picture made smaller: "issues/7-x/p.480w.png"."""
    stem, _, ending = path.rpartition(".")
    return f"{stem}.{width}w.{ending}"


def sources_of(address: Callable[[str], str], path: str, facts: PictureFacts) -> str:
    """Return the value of srcset for a picture at a path; empty where there is one size alone."""
    widths = widths_of(facts)
    sources = [f"{_in_srcset(address(sized_path(path, width)))} {width}w" for width in widths]
    if widths and facts.width <= WIDEST:
        sources.append(f"{_in_srcset(address(path))} {facts.width}w")
    return ", ".join(sources)


def _in_srcset(address: str) -> str:
    """Return an address whose commas do not end it (HTML standard, 4.8.4.2.1)."""
    return address.replace(",", "%2C")


def resize(data: bytes, width: int) -> bytes:
    """Return a picture made smaller, upright, without what its camera noted; the original where Pillow cannot read it, or where
    it has fewer bytes and nothing of a camera."""
    from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    plugins = (JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile, WebPImagePlugin.WebPImageFile)
    try:
        with Image.open(BytesIO(data), formats=[plugin.format for plugin in plugins]) as picture:
            return _resized(picture, data, width)
    except Exception:  # a damaged file may raise anything
        return data


def _resized(picture: Image, data: bytes, width: int) -> bytes:
    from PIL import Image, ImageOps

    if picture.mode[0] in "IF":  # 16 bits a channel, which Pillow cuts off rather than converts
        return data
    kind = "JPEG" if picture.format == "MPO" else picture.format
    has_notes = bool(picture.getexif()) or not NOTES.isdisjoint(picture.info)
    has_palette, profile = picture.mode == "P", picture.info.get("icc_profile")
    picture.draft(picture.mode, (2 * width, 2 * width))
    upright = ImageOps.exif_transpose(picture)
    height = max(1, round(upright.height * width / upright.width))
    made = upright.convert(_mode(upright, kind)).resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    made.info.clear()
    for quality in QUALITIES[:1] if kind == "PNG" else QUALITIES:
        found = _encoded(made, kind, data, quality, profile, has_palette)
        if len(found) < len(data):
            break
    return data if len(found) >= len(data) and not has_notes else found


def _mode(picture: Image, kind: str | None) -> str:
    if kind == "JPEG":
        return "L" if picture.mode in ("1", "L") else "RGB"
    return "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L") else "RGB"


def _encoded(
    made: Image, kind: str | None, data: bytes, quality: int, profile: bytes | None, has_palette: bool
) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        (made.quantize(256) if has_palette else made).save(out, "PNG", icc_profile=profile)
    elif kind == "WEBP":
        made.save(out, "WEBP", lossless=b"VP8L" in data[:64], quality=quality, method=2, icc_profile=profile)
    else:
        made.save(out, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=profile)
    return out.getvalue()
