"""Convert a text as an import does, and keep its notes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from weekahead.importers.converted import ConvertedText
from weekahead.importers.html.converter import convert_html
from weekahead.importers.notes import Note, Notes, PostNotes
from weekahead.importers.platforms.platform import HtmlPass
from weekahead.importers.proof import prove
from weekahead.model.findings import Location


class Conversion(Struct, frozen=True):
    """A text that was converted, the notes of that, and those of its proof."""

    text: ConvertedText
    notes: tuple[Note, ...]
    proof: tuple[Note, ...]

    @property
    def markdown(self) -> str:
        return self.text.markdown

    def rules(self) -> list[str]:
        """Return the rules of the notes."""
        return [note.rule for note in self.notes]


def conversion(html: str, passes: Sequence[HtmlPass] = ()) -> Conversion:
    """Convert and prove a text."""
    notes = Notes()
    post = PostNotes(notes, "post", Location("post.html"))
    text = convert_html(html, passes, post)
    said = tuple(notes.all)
    prove(text, text.markdown, post)
    return Conversion(text, said, tuple(notes.all[len(said) :]))


def differences(text: ConvertedText, markdown: str, addresses: dict[str, str] | None = None) -> list[Note]:
    """Return what the proof says of other Markdown for a text."""
    notes = Notes()
    prove(text, markdown, PostNotes(notes, "post", Location("post.html")), addresses or {})
    return notes.all
