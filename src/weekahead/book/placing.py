"""Place a text of an issue into a book: where its addresses lead from there."""

from __future__ import annotations

from collections.abc import Mapping

from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.issue import Text
from weekahead.model.picture_size import ENDINGS
from weekahead.site.context import RenderContext
from weekahead.site.links import Target

FILE_SCHEME = "letter:"
"""Begins the address of a file of the letter, until it is known what medium shows it. Behind it are its name, a line end
and its absolute address. No author's address has a line end."""
INSIDE = "book:\n"
"""Begins the address of another chapter, before the id that it leads to."""


def place_chapter_text(
    context: RenderContext, file: str, text: Text, ids: Mapping[str, str], *, is_note: bool = False
) -> TextRef:
    """Return a reference to a text of an issue or a page; `ids` are those of the chapters, by the files of their issues.

    A link to a chapter stays in the book: it leads to c8, or to c8-name for the part with that id. Any other is absolute.
    """
    links = context.links(file)
    number = links.texts.index(text.digest)
    chapters = {context.path(each): each for each in ids}
    addresses = {led.address: _address(context, led.target, chapters, ids) for led in links.led if led.text == number}
    return TextRef(
        key=context.texts.key(text),
        addresses=addresses,
        prefix=id_prefix(ids[file], is_note=is_note),
        language=context.translator.digest,
    )


def id_prefix(chapter: str, *, is_note: bool) -> str:
    """Return what every id of a chapter's text begins with; its research note has its own, for both may have a note 1."""
    return f"{chapter}n-" if is_note else f"{chapter}-"


def _address(context: RenderContext, target: Target, chapters: Mapping[str, str], ids: Mapping[str, str]) -> str:
    config, path = context.config, target.path
    if path is None:
        return target.address
    page = path if path.endswith("/") or not path else f"{path}/"
    if page in chapters and not target.file:
        return _within(context, chapters[page], ids[chapters[page]], target.fragment)
    absolute = config.absolute(target.address)
    if target.file and target.file.lower().endswith((*ENDINGS, ".svg")):
        return f"{FILE_SCHEME}{target.file}\n{absolute}"
    return absolute


def file_address(context: RenderContext, file: str, name: str) -> str:
    """Return the address, as texts in books have it, of a file that is published beside the page of an issue."""
    return f"{FILE_SCHEME}{name}\n{context.absolute(context.file_path(file, name))}"


def _within(context: RenderContext, file: str, chapter: str, fragment: str) -> str:
    """Return the address of a part of a chapter, by the text that has its id."""
    if not fragment:
        return f"{INSIDE}{chapter}"
    *notes, body = context.all_texts(file)
    is_note = any(fragment in context.facts(text).ids for text in notes) and fragment not in context.facts(body).ids
    return f"{INSIDE}{id_prefix(chapter, is_note=is_note)}{fragment}"
