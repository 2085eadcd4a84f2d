"""A post's text as our Markdown, and what it is compared with."""

from __future__ import annotations

from msgspec import Struct


class ConvertedText(Struct, frozen=True, kw_only=True):
    """A text as Markdown of ours, with the addresses of its source."""

    markdown: str
    html: str
    """The source as HTML without what was left out on purpose: the proof renders `markdown` and compares words, links and
    pictures with it."""
    maths: bool = False
    """Whether it has formulas, so that its issue needs `maths: true`."""
