"""The addresses of links and pictures in a text of Markdown."""

from __future__ import annotations

from collections.abc import Callable

from weekahead.importers.dialects.forms import address_in_brackets
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.notes import PostNotes


def rewrite_links(address_of: Callable[[str], str | None], text: str, notes: PostNotes) -> str:
    """Return a text whose links and pictures have the addresses that `address_of` returns for theirs; None leaves one alone."""
    view = View(text)
    edits = []
    for link in view.scan.links:
        if link.kind == "reference":
            continue
        new = address_of(link.target)
        if new is not None and new != link.target:
            in_brackets = view.text[link.address_span[0] - 1 : link.address_span[0]] == "<"
            words = new if in_brackets or link.kind == "html" else address_in_brackets(new)
            edits.append(Edit(*link.address_span, words, words))
    return view.edited(edits)
