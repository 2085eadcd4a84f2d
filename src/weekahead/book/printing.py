"""The PDF of a book: its text as HTML for print, and that as pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import unescape

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from weekahead.book.carried import STYLE, Cover, cover_of, picture_reader, style_of
from weekahead.book.fonts import TEXT_FONTS, Fonts, letter_fonts
from weekahead.book.formulas import drawn
from weekahead.book.media import Maker, Pictures
from weekahead.book.pdf import TooLarge, html_to_pdf
from weekahead.book.shown import BookContents, BookInfo, book_info, made_contents
from weekahead.book.source import BookSource, book_source
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.book import BookLimits
from weekahead.model.findings import Location, build_error
from weekahead.site.context import RenderContext
from weekahead.site.output import PageNotice
from weekahead.site.templates import render_page
from weekahead.theme.i18n import Translator
from weekahead.theme.lookup import Theme

TEMPLATE = "book-print.html"


class PrintPage(Struct, frozen=True, kw_only=True):
    """book-print.html"""

    book: BookInfo
    contents: BookContents
    cover: str | None
    style: Markup
    reading: Markup
    typing: Markup
    """The families of fonts for text and for code."""


class PrintSource(Struct, frozen=True, kw_only=True):
    """What a PDF is made from."""

    source: BookSource
    theme: Theme
    texts: RenderedTexts
    translator: Translator
    limits: BookLimits
    fonts: tuple[str, ...]
    """The names of the assets that are fonts."""


def print_source(context: RenderContext, name: str) -> PrintSource:
    """Return what the PDF of a book is made from."""
    source = book_source(context, name)
    theme = context.theme(TEMPLATE)
    _ = context.template(STYLE), context.asset(source.book.cover or "")
    return PrintSource(
        source=source,
        theme=theme,
        texts=context.texts,
        translator=context.translator,
        limits=context.book_limits,
        fonts=tuple(font for font, _ in context.book_fonts),
    )


def render_pdf(given: PrintSource, where: Location, notice: PageNotice = lambda page: None) -> bytes:
    """Return the PDF of a book. Raise BuildError about `where` if it would be too large, or if a picture has changed meanwhile."""
    source, cover = given.source, cover_of(given.source.book, given.theme)
    carried, read = Pictures(), picture_reader(source, given.texts)
    html, fonts = _html(given, carried, cover)
    pictures = {name: read(file) for file, name in carried.names.items()}
    if cover:
        pictures[cover.name] = cover.data
    try:
        return html_to_pdf(html, fonts, source.day, pictures, given.limits, notice)
    except TooLarge as error:
        message = f"the PDF of the book {source.book.name} takes more than {error}"
        hint = f"Allow more, book: {{pages: {2 * given.limits.pages}, seconds: {2 * given.limits.seconds}}}, or make a book of each year."
        raise build_error(where, "book-too-large", message, hint) from None


def own_fonts(theme: Theme, names: Sequence[str]) -> dict[str, bytes]:
    """Return the fonts of the letter by their names; `names` are those of the assets that are fonts."""
    return {name: theme.assets[name].data for name in names if name not in TEXT_FONTS}


def fonts_of_texts(theme: Theme) -> dict[str, bytes]:
    """Return our fonts of text by their names."""
    return {name: theme.assets[name].data for name in TEXT_FONTS if name in theme.assets}


def _html(given: PrintSource, pictures: Pictures, cover: Cover | None) -> tuple[str, Fonts]:
    """Return the HTML of a book for print, and the fonts for all that is in it."""
    source, translator = given.source, given.translator
    back = partial(translator.translate, "back_to_note")
    maker = Maker("print", pictures, lambda number: back(number=number), drawn)
    contents, _, _ = made_contents(source, given.texts, translator, "print", maker)
    page = PrintPage(
        book=book_info(source),
        contents=contents,
        cover=cover.name if cover else None,
        style=Markup(style_of(given.theme).decode()),
        reading=Markup(),
        typing=Markup(),
    )
    html = render_page(given.theme, TEMPLATE, page, given.texts, translator).decode()
    fonts = letter_fonts(own_fonts(given.theme, given.fonts), fonts_of_texts(given.theme), {*unescape(html)})
    named = replace(page, reading=Markup(fonts.reading), typing=Markup(fonts.typing))
    return render_page(given.theme, TEMPLATE, named, given.texts, translator).decode(), fonts
