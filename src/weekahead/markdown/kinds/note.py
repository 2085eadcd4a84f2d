"""Notes, and the alerts of GitHub, which are notes made of a quotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import as_cell, as_quotation
from weekahead.markdown.kinds.kind import Kind
from weekahead.model.findings import TextFinding, nearest

if TYPE_CHECKING:
    from weekahead.markdown.tree import TreeWriter

_MARK = re.compile(r"(\[!([A-Za-z]+)\])[ \t]*$")


class Note(Kind):
    """An aside, the author's method, a correction. What it is stands in its first line, but for a note with a title."""

    names = ("note", "research note", "correction")
    looks = "note"
    selector = 'div[role="note"]'
    feed = staticmethod(as_quotation)
    mail = staticmethod(as_cell)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write a box with a label."""
        words = "" if self.name == "note" and self.title else writer.say(self.name.replace(" ", "_"))
        looks = "note correction" if self.name == "correction" else self.looks
        writer.raw(f'<div class="{looks}" role="note">')
        writer.raw(f'<p class="label"><strong>{words}{" · " if words and self.title else ""}')
        writer.text(self.title, self.line)
        writer.raw("</strong></p>\n")
        writer.blocks(block.children)
        writer.raw("</div>")


class Alert(Note):
    """A note like GitHub's: a quotation whose first line is `[!NOTE]` or another of five marks, in any case."""

    marks = ("note", "tip", "important", "warning", "caution")

    @classmethod
    def open(cls, quote: Block, faults: list[TextFinding]) -> None:
        """Make a section of a quotation that begins with a mark. An unknown mark, or one without a text, is a fault."""
        first = quote.children[0] if quote.children else None
        mark = _MARK.match(first.lines[0]) if first is not None and first.kind == "paragraph" and first.lines else None
        if first is None or mark is None:
            return
        name = mark[2].lower()
        if name not in cls.marks:
            faults.append(_alert_fault(mark[1], "is unknown", nearest(name, cls.marks), first.line))
        elif len(quote.children) == len(first.lines) == 1:
            faults.append(_alert_fault(mark[1], "is empty", "Write its text into the next line, after >.", first.line))
        else:
            section = cls(name, "", first.line, {}, faults)
            section.looks = "note alert" if name == "note" else f"note alert {name}"
            quote.kind, quote.data = "section", section
            first.lines, first.starts, first.line = first.lines[1:], first.starts[1:], first.line + 1
            quote.children = quote.children if first.lines else quote.children[1:]


def _alert_fault(mark: str, problem: str, hint: str, line: int) -> TextFinding:
    message = f'the alert "{mark}" {problem}, so this is a quotation'
    return TextFinding(rule="alert", words=mark, message=message, hint=hint, line=line)
