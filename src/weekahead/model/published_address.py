"""An address that readers may have a link to."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class PublishedAddress(Struct, frozen=True, array_like=True):
    """Whose page was at an address: that of a text, by its file; or a list of texts, the first of which is in that file."""

    file: str
    day: date | None = None
    """The first day on which it was published; None for a page beside the issues."""
    title: str = ""
    """Of the text; or the name that the texts of a list share."""
    key: str = ""
    """The key of front matter that makes a list; empty for a text."""
    slug: str = ""
    number: int | None = None
