"""A post with its place in the letter."""

from __future__ import annotations

import zlib
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.converted import ConvertedText
from weekahead.importers.post import Post
from weekahead.model.issue import SeriesPart, StampedPromise


class ConvertedPost(Struct, frozen=True, kw_only=True):
    """A post that comes over, with its text as Markdown. Only one that `is_public` arrives as `ready`."""

    post: Post
    text: ConvertedText
    """Without its HTML, which is packed."""
    packed: bytes
    is_public: bool


def packed(html: str) -> bytes:
    """Return HTML in few bytes: that of a whole archive waits for the proof."""
    return zlib.compress(html.encode("utf-8", "surrogatepass"), 1)


class PlacedPost(Struct, frozen=True, kw_only=True):
    """A post as an issue, or a page, of the letter."""

    post: Post
    text: ConvertedText
    packed: bytes
    is_public: bool
    title: str
    slug: str
    stem: str
    """The name of its file or folder, without `.md`."""
    number: int | None = None
    day: date | None = None
    series: SeriesPart | None = None
    next: tuple[StampedPromise, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def whole_text(self) -> ConvertedText:
        """Its text with its HTML."""
        return replace(self.text, html=zlib.decompress(self.packed).decode("utf-8", "surrogatepass"))

    @property
    def top(self) -> str:
        """The folder of the letter that its file is in."""
        return "pages" if self.post.is_page else "issues"
