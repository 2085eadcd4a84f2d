"""What stands in the way of a book's PDF: no engine, no fonts of the letter's own, characters that no font has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import unescape

from weekahead.book.fonts import coverage, fonts_beside_ours, is_drawn, our_signs
from weekahead.book.pdf import engine, what_is_missing
from weekahead.book.printing import fonts_of_texts, own_fonts
from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.book import Book
from weekahead.model.findings import Finding, Location, warning
from weekahead.site.context import RenderContext
from weekahead.site.pages import Site

SHOWN = 6
"""Characters that a finding names of one chapter."""
FILES = 3
"""Chapters that a finding names."""
_BACK = re.compile(r'<a [^>]*class="[^"]*-back(?:ref)?"[^>]*>[^<]*</a>')
"""A link back from a note or a reference, which a PDF does not have."""
HELD = 50_000
"""Texts whose characters are remembered."""
_held: dict[tuple[str, str], str] = {}
_FONTS_HINT = "Put fonts that have them into templates/assets/fonts/, as .ttf, .otf or .ttc: those of Noto are free."


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
    names = [name for name, _ in context.book_fonts]
    signs = {file: _signs(context, file) for file in _files(site, books)}
    ours = our_signs(fonts_of_texts(site.theme))
    short = {file: "".join(sign for sign in signs[file] if sign not in ours) for file in signs}
    short = {file: missing for file, missing in short.items() if missing}
    if not short:
        return
    fonts = fonts_beside_ours(own_fonts(site.theme, names))
    if fonts.with_machine:
        where = Location(config, books[0].line)
        message = f"the PDF of a book needs fonts of this machine, and differs on another: {_places(short)}"
        yield warning(where, "book-fonts", message, _FONTS_HINT)
    with coverage(fonts) as has_glyph:
        yield from _missing_glyphs(short, has_glyph)


def _files(site: Site, books: Iterable[Book]) -> list[str]:
    """Return the files of the issues and pages in some books, each once."""
    chapters = [file for book in books for file in site.groups.books[book.name]]
    return list(dict.fromkeys([*chapters, *(book.preface for book in books if book.preface)]))


def _signs(context: RenderContext, file: str) -> str:
    """Return the characters of an issue or a page that are not ASCII and need a glyph, each once, in order."""
    title = context.page(file).title if file.startswith("pages/") else context.card(file).title
    texts = (_signs_of_text(context, context.unplaced(text)) for text in context.all_texts(file))
    return "".join(sorted({*_drawn(title)}.union(*texts)))


def _signs_of_text(context: RenderContext, text: TextRef) -> str:
    """Return the characters of a text, which are looked for once in a process: `serve` plans the site after each save."""
    key = text.key, text.language
    if key not in _held:
        if len(_held) >= HELD:
            _held.clear()
        _held[key] = _drawn(_BACK.sub("", context.texts.html(text)))
    return _held[key]


def _drawn(words: str) -> str:
    return "".join(sign for sign in {*unescape(words)} if not sign.isascii() and is_drawn(sign))


def _places(short: Mapping[str, Sequence[str]]) -> str:
    """Return which chapters have which characters, as far as a line has room."""
    named = [f"{file} has {_named(missing)}" for file, missing in short.items()]
    more = f", and {len(named) - FILES} more chapters have others" if len(named) > FILES else ""
    return "; ".join(named[:FILES]) + more


def _named(signs: Sequence[str]) -> str:
    more = f" and {len(signs) - SHOWN} more" if len(signs) > SHOWN else ""
    return ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in signs[:SHOWN]) + more


def _missing_glyphs(signs: Mapping[str, str], has_glyph: Callable[[str], bool]) -> Iterator[Finding]:
    known = {sign: has_glyph(sign) for sign in {*"".join(signs.values())}}
    for file, needed in signs.items():
        if missing := [sign for sign in needed if not known[sign]]:
            message = f"no font of the PDF has {_named(missing)}"
            hint = "A PDF shows a box in its place. Put a font that has it into templates/assets/fonts/, as .ttf, .otf or .ttc."
            yield warning(Location(file, 1), "book-glyph", message, hint)
