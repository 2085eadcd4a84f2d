"""What a platform's room offers, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from weekahead.importers.notes import Notes, PostNotes
from weekahead.importers.post import Publication
from weekahead.importers.source_files import SourceFiles

if TYPE_CHECKING:
    from weekahead.importers.html.document import HtmlDocument

HtmlPass = Callable[["HtmlDocument", PostNotes], None]
"""Rewrites the tree of a post's HTML: takes furniture out, brings hidden content in, or turns an embed into one of our kinds."""

MarkdownPass = Callable[[str, PostNotes], str]
"""Rewrites a text in another dialect of Markdown. Code is left alone by the passes that `markdown/` offers for it."""


class ReadOptions(Struct, frozen=True, kw_only=True):
    """What the author said on the command line that the readers need."""

    now: datetime
    """The instant of the import, aware: what is dated later is scheduled."""
    url: str = ""
    """The address that the author has written into letter.yaml, for exports that do not contain the one of their site."""


class Platform(Protocol):
    """A system whose exports can be read."""

    name: str
    """As `--format` takes it: "substack"."""
    label: str
    """As a sentence has it: "a Substack export"."""
    needs: str
    """What an export must have to be read at all: "posts.csv with Substack's columns"; nothing if any files can be tried."""
    html_passes: Sequence[HtmlPass]
    """Its own passes, before the shared ones."""
    markdown_passes: Sequence[MarkdownPass]
    """Its own passes over Markdown, before the shared ones."""

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether an export is of this system, told by its content and never by its name alone."""

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts of an export, whatever is wrong with some of them; what cannot be read is a note.

        Raise BuildError where the export as a whole cannot be read.
        """
