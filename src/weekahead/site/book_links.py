"""Links to books, on their own pages and on those of their series."""

from __future__ import annotations

from msgspec import Struct

from weekahead.model.book import FILES, Book
from weekahead.site.context import RenderContext
from weekahead.site.page_context import Link


class BookLink(Struct, frozen=True, kw_only=True):
    """A book and the files that it can be had as."""

    title: str
    address: str
    downloads: list[Link]


def downloads(context: RenderContext, book: Book) -> list[Link]:
    """Return a link to each file of a book."""
    forms = context.book_forms(book.name)
    return [Link(name=FILES[form], address=context.address(book.file_path(form))) for form in forms]


def books_of_series(context: RenderContext, name: str) -> list[BookLink]:
    """Return the books of a series of which something is published."""
    books = (context.book(each) for each in context.books_of_series(name))
    return [
        BookLink(title=book.title, address=context.address(book.path), downloads=downloads(context, book))
        for book in books
    ]
