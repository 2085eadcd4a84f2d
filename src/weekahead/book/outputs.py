"""The files of the site that are books: a page for each, its EPUB and its PDF, and the editions that are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from weekahead.book.carried import STYLE, cover_of, picture_reader, style_of
from weekahead.book.epub import make_epub
from weekahead.book.pdf import engine
from weekahead.book.printing import PrintSource, print_source, render_pdf
from weekahead.book.shown import BookContents, BookInfo, book_info, made_contents
from weekahead.book.source import BookSource, book_head, book_source
from weekahead.model.book import FILES, Book
from weekahead.model.findings import Location
from weekahead.site.book_links import downloads
from weekahead.site.context import RenderContext
from weekahead.site.json_ld import JsonObject, in_schema
from weekahead.site.output import Output, PageNotice, WriteOrder
from weekahead.site.page_context import Link, PageContext, letter_info, page_info
from weekahead.site.pages import Site
from weekahead.site.templates import render_page

MANY_CHAPTERS = 30
"""Chapters from which on a page or an EPUB may take seconds to make; a PDF always may."""

_NOTHING = BookContents(preface=None, chapters=[], missing=[], references=None, with_sections=False)


class KeptDownloads(Struct, frozen=True, kw_only=True):
    """An edition that is kept, with its files."""

    day: date
    downloads: list[Link]


class BookPage(PageContext, frozen=True, kw_only=True):
    """book.html"""

    book: BookInfo
    contents: BookContents
    whole: bool
    """Is the text of the book on the page, and not only its table of contents?"""
    downloads: list[Link]
    editions: list[KeptDownloads]


class EpubPage(Struct, frozen=True, kw_only=True):
    """book-epub.html"""

    part: str
    title: str
    language: str
    direction: str
    book: BookInfo
    contents: BookContents
    chapter: Any


def made_formats(book: Book) -> tuple[str, ...]:
    """Return the files that a book is made as here: without an engine there is no PDF."""
    return tuple(form for form in FILES if form in book.formats and (form != "pdf" or engine()))


def book_outputs(site: Site) -> Iterator[Output]:
    """Yield the files of every book of which something is published."""
    context = site.context
    for book in site.view.books:
        if book.name not in site.groups.books:
            continue
        forms, is_long = made_formats(book), len(site.groups.books[book.name]) >= MANY_CHAPTERS
        yield replace(_page(context, book), is_slow=is_long)
        yield _editions(context, book)
        if "epub" in forms:
            epub = _output(context, book, "epub", partial(_epub_parts, context, book.name), render_epub)
            yield replace(epub, is_slow=is_long)
        if "pdf" in forms:
            yield _output(
                context,
                book,
                f"pdf {engine()}",
                partial(print_source, context, book.name),
                partial(render_pdf, where=Location("letter.yaml", book.line)),
                partial(_pdf_in_pages, Location("letter.yaml", book.line)),
            )
    if site.groups.books:
        yield Output(
            path=f"assets/{STYLE}",
            order=WriteOrder.FILE,
            context=lambda: context.theme(STYLE),
            render=style_of,
        )


def _pdf_in_pages(where: Location, given: PrintSource, notice: PageNotice) -> bytes:
    return render_pdf(given, where, notice)


def _output(
    context: RenderContext,
    book: Book,
    recipe: str,
    parts: Callable[[], Any],
    render: Callable[[Any], bytes],
    render_pages: Callable[[Any, PageNotice], bytes] | None = None,
) -> Output:
    where = Location("letter.yaml", book.line)
    return Output(
        path=book.file_path(recipe[:4].strip()),
        source=where,
        order=WriteOrder.FILE,
        recipe=recipe,
        context=parts,
        render=render,
        render_pages=render_pages,
        is_slow=render_pages is not None,
    )


# -- the page


def _page(context: RenderContext, book: Book) -> Output:
    def parts() -> Any:
        source = book_source(context, book.name)
        page = book_page(context, source)
        return context.theme("book.html"), "book.html", page, context.texts, context.translator, source

    return Output(
        path=f"{book.path}index.html",
        source=Location("letter.yaml", book.line),
        order=WriteOrder.LIST,
        recipe=f"book.html {book.name}",
        context=parts,
        render=_rendered_page,
    )


def book_page(context: RenderContext, source: BookSource) -> BookPage:
    """Return what the page of a book shows; its text is put in when it is rendered."""
    book = source.book
    data: JsonObject = {"@type": "Book", "name": source.title, "url": source.address, "inLanguage": source.language}
    data |= {
        "datePublished": source.day.isoformat(),
        "author": [{"@type": "Person", "name": one} for one in source.authors],
    }
    return BookPage(
        letter=letter_info(context),
        page=page_info(context, book.path, source.title, description=source.about, linked_data=[in_schema(data)]),
        book=book_info(source),
        contents=_NOTHING,
        whole="html" in book.formats,
        downloads=downloads(context, book),
        editions=[
            KeptDownloads(day=kept.day, downloads=[_kept_link(context, book, kept.day, name) for name in kept.files])
            for kept in context.kept_editions(book.name)
        ],
    )


def _kept_link(context: RenderContext, book: Book, day: date, file: str) -> Link:
    name = file.rpartition("/")[2]
    return Link(name=FILES[name.rpartition(".")[2]], address=context.address(f"{book.path}{day}/{name}"))


def _rendered_page(given: Any) -> bytes:
    theme, template, page, texts, translator, source = given
    contents, _, _ = made_contents(source, texts, translator, "page")
    return render_page(theme, template, replace(page, contents=contents), texts, translator)


def _editions(context: RenderContext, book: Book) -> Output:
    def listed() -> Any:
        page = book_page(context, book_head(context, book.name))
        files = [context.absolute(book.file_path(form)) for form in context.book_forms(book.name)]
        newest = {"day": page.book.day.isoformat(), "address": page.book.address, "files": files}
        kept = [
            {
                "day": one.day.isoformat(),
                "files": [context.config.absolute(link.address or "") for link in one.downloads],
            }
            for one in page.editions
        ]
        return {"title": page.book.title, "newest": newest, "kept": kept}

    return Output(
        path=f"{book.path}editions.json",
        source=Location("letter.yaml", book.line),
        context=listed,
        render=lambda data: (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode(),
    )


# -- the EPUB


def _epub_parts(context: RenderContext, name: str) -> Any:
    """Return what an EPUB is made from."""
    source = book_source(context, name)
    theme = context.theme("book-epub.html")
    _ = context.template(STYLE), context.asset(source.book.cover or "")
    return source, theme, context.texts, context.translator


def render_epub(given: Any) -> bytes:
    """Return the EPUB of a book."""
    source, theme, texts, translator = given
    contents, _, pictures = made_contents(source, texts, translator, "epub")

    def page(part: str, *, title: str, **more: Any) -> bytes:
        given = {"language": source.language, "direction": source.direction, "chapter": None} | more
        shown = EpubPage(part=part, title=title, book=book_info(source), contents=contents, **given)
        return render_page(theme, "book-epub.html", shown, texts, translator)

    return make_epub(
        source, contents, pictures, page, style_of(theme), picture_reader(source, texts), cover_of(source.book, theme)
    )
