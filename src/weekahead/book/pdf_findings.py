"""What stands in the way of a book's PDF: no engine, no fonts of the letter's own, characters that no font has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from weekahead.book.fonts import coverage, is_drawn
from weekahead.book.pdf import engine, what_is_missing
from weekahead.model.book import Book
from weekahead.model.findings import Finding, Location, warning
from weekahead.site.context import RenderContext
from weekahead.site.pages import Site

SHOWN = 6
"""Characters that a finding names."""


def pdf_findings(site: Site) -> Iterator[Finding]:
    """Yield warnings about the books that are to be made as PDF."""
    books = [book for book in site.view.books if "pdf" in book.formats and book.name in site.groups.books]
    if not books:
        return
    config, context = site.view.config.file, site.context
    if not engine():
        for book in books:
            message = f"the book {book.name} has no PDF, because what makes it is not installed"
            yield warning(Location(config, book.line), "book-engine", message, what_is_missing())
        return
    fonts = {name: site.theme.assets[name].data for name, _ in context.book_fonts}
    if not fonts:
        message = f"the PDF of the book {books[0].name} is set in the fonts of this machine, and differs on another"
        hint = "Put the fonts of text and code into templates/assets/fonts/, as .ttf or .otf."
        yield warning(Location(config, books[0].line), "book-fonts", message, hint)
    with coverage(fonts) as has_glyph:
        yield from _missing_glyphs(context, _files(site, books), has_glyph)


def _files(site: Site, books: Iterable[Book]) -> list[str]:
    """Return the files of the issues and pages in some books, each once."""
    chapters = [file for book in books for file in site.groups.books[book.name]]
    return list(dict.fromkeys([*chapters, *(book.preface for book in books if book.preface)]))


def _missing_glyphs(
    context: RenderContext, files: Iterable[str], has_glyph: Callable[[str], bool]
) -> Iterator[Finding]:
    known: dict[str, bool] = {}
    for file in files:
        texts = context.all_texts(file)
        words = "".join(context.texts.html(context.unplaced(text)) for text in texts)
        signs = sorted(sign for sign in {*words} if not sign.isascii() and is_drawn(sign))
        for sign in signs:
            if sign not in known:
                known[sign] = has_glyph(sign)
        if missing := [sign for sign in signs if not known[sign]]:
            named = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:SHOWN])
            more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
            message = f"no font of the PDF has {named}{more}"
            hint = "Put a font that has it into templates/assets/fonts/; a PDF shows a box in its place."
            yield warning(Location(file, 1), "book-glyph", message, hint)
