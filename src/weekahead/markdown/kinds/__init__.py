"""The content kinds of a letter, one class a kind: how it is read (`parse`), its page (`html`), and what becomes of that
where there is no style sheet (`feed`, `mail`, `text`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from weekahead.markdown.kinds.forms import Aligned, Box, Code, Figure, Forms, Formula, Hidden, Task, WidePicture
from weekahead.markdown.kinds.links import Links, Post, Video
from weekahead.markdown.kinds.note import Note
from weekahead.markdown.kinds.references import BackLink, CitationLink, References
from weekahead.markdown.kinds.table import Table

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

KINDS = {name: kind for kind in (Note, References, Links, Post, Video, Table) for name in kind.names}
"""Every kind by what its author may call it."""

_SHOWN: tuple[type[Forms], ...] = (
    Hidden,
    Task,
    Formula,
    Aligned,
    Table,
    References,
    CitationLink,
    BackLink,
    Note,
    Post,
    Video,
    Figure,
    Box,
    Code,
    WidePicture,
)
"""In the order in which they change: tables of data before those that are made for their borders."""


def adapt(tree: LexborHTMLParser, medium: Literal["feed", "mail", "text"]) -> None:
    """Change what a medium without style sheets would not show as a page does."""
    for shown in _SHOWN:
        if change := getattr(shown, medium):
            for element in reversed(tree.css(shown.selector)):  # an inner one first: of an outer one a copy is made
                change(element)
