"""A file of the site: where it goes, what asks for it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, BinaryIO

from msgspec import Struct

from weekahead.model.findings import Location

PageNotice = Callable[[int], object]
"""Told the number of each page that is made."""


class WriteOrder(IntEnum):
    """The order of renaming into the site: what is linked to comes before what links to it."""

    FILE = 0
    ISSUE = 1
    LIST = 2
    INDEX = 3
    FEED = 4


class Output(Struct, frozen=True, kw_only=True):
    """A file that is made from the letter.

    `context` builds what the file shows from the aspects that a `RenderContext` hands out, and `render` makes bytes of
    that. Both are pure, so that a file is unchanged while its recipe and all aspects that were handed out are.
    """

    path: str
    source: Location = Location("letter.yaml", 1)
    order: WriteOrder = WriteOrder.FEED
    recipe: str = ""
    """Of what it is made, where its path does not say so: "issue issues/0012-small.md"."""
    context: Callable[[], Any]
    render: Callable[[Any], bytes]
    render_pages: Callable[[Any, PageNotice], bytes] | None = None
    """Renders as `render` does, and says which page it is at."""
    is_slow: bool = False
    """Whether it may take many seconds to make, so that a server makes it apart."""

    def make(self) -> bytes:
        """Return the bytes of the file. Raises BuildError."""
        return self.render(self.context())


class CopiedFile(Struct, frozen=True):
    """A file of the letter or the theme that is published as it is; `digest` is that of its bytes."""

    path: str
    source: Location
    digest: str
    open: Callable[[], BinaryIO]
    """Opens its content, which may be longer than memory. Raises BuildError."""
    order: WriteOrder = WriteOrder.FILE

    def make(self) -> bytes:
        """Return all of its content. Raises BuildError."""
        with self.open() as file:
            return file.read()


SiteFile = Output | CopiedFile
