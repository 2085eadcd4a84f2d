"""A post with its place in the letter."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from weekahead.importers.converted import ConvertedText
from weekahead.importers.post import Post
from weekahead.model.issue import SeriesPart, StampedPromise


class ConvertedPost(Struct, frozen=True, kw_only=True):
    """A post that comes over, with its text as Markdown. Only one that `is_public` arrives as `ready`."""

    post: Post
    text: ConvertedText
    is_public: bool


class PlacedPost(Struct, frozen=True, kw_only=True):
    """A post as an issue, or a page, of the letter."""

    post: Post
    text: ConvertedText
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
    def top(self) -> str:
        """The folder of the letter that its file is in."""
        return "pages" if self.post.is_page else "issues"
