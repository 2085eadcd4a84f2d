"""What a book carries along: its style sheet, the picture of its first page, the pictures of its chapters."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from weekahead.book.source import BookSource
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.book import Book
from weekahead.model.findings import build_error
from weekahead.model.hashing import hash_bytes
from weekahead.theme.lookup import Theme

STYLE = "book.css"


class Cover(Struct, frozen=True):
    """The picture of the first page: its name in the theme, and its bytes."""

    name: str
    data: bytes


def style_of(theme: Theme) -> bytes:
    """Return the style sheet of books."""
    return theme.templates[STYLE].text.encode()


def cover_of(book: Book, theme: Theme) -> Cover | None:
    """Return the picture of the first page of a book."""
    return Cover(book.cover, theme.assets[book.cover].data) if book.cover else None


def picture_reader(source: BookSource, texts: RenderedTexts) -> Callable[[str], bytes]:
    """Return what reads a picture of a chapter. It raises BuildError where the file is not what it was."""
    digests = dict(source.pictures)

    def read(file: str) -> bytes:
        data = texts.file(file)
        if hash_bytes(data) != digests[file]:
            message = "this file changed while the letter was being built"
            raise build_error(file, "changed-meanwhile", message, "Build again.")
        return data

    return read
