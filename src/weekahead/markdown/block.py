"""A block of a Markdown text: a paragraph, a list, a quotation, as the block parser builds them."""

from __future__ import annotations

DEEPEST = 50
"""Containers in one another."""


class TooDeep(Exception):
    """Raised for containers nested deeper than DEEPEST; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Block:
    """A node of the tree of blocks. Containers have `children`; leaves have `lines` of text without their indentation.

    `kind` is one of document, quote, list, item, note (a footnote), terms, term, meaning (a definition list), section (a
    content kind), paragraph, heading, code, html, break, table, maths. `line` counts from 1; `starts` has the offset in
    the source at which each line of a leaf begins.
    """

    __slots__ = ("children", "data", "indent", "info", "kind", "line", "lines", "loose", "marker", "number", "starts")

    def __init__(self, kind: str, line: int, *, marker: str = "", number: int = 0, indent: int = 0) -> None:
        self.kind = kind
        self.line = line
        self.children: list[Block] = []
        self.lines: list[str] = []
        self.starts: list[int] = []
        self.marker = marker
        """The bullet of a list, the delimiter of its numbers, or the fence of a code block."""
        self.number = number
        """The level of a heading, the first number of a list, the kind of an HTML block (CommonMark 4.6), how many lines
        of a content kind are keys."""
        self.indent = indent
        """Columns that a container takes from each line, or that a fence is indented by."""
        self.info = ""
        """The info string of a fence, the label of a footnote."""
        self.loose = False
        """Whether the items of a list are separated by blank lines (CommonMark 5.3)."""
        self.data: object = None
        """The alignments of a table's columns, the keys of a content kind."""

    def add_line(self, text: str, start: int) -> None:
        """Add a line of a leaf, and the offset in the source at which it begins."""
        self.lines.append(text)
        self.starts.append(start)


def note_key(label: str) -> str:
    """Return the label of a footnote as it is compared with others: in any case."""
    return label.casefold()


def join_terms(container: Block, paragraph: Block) -> Block:
    """Return the definition list that a paragraph's lines become terms of: the one right before it, or a new one."""
    before = container.children[-1] if container.children else None
    terms = before if before is not None and before.kind == "terms" else Block("terms", paragraph.line)
    if terms is not before:
        container.children.append(terms)
    for number, line in enumerate(paragraph.lines):
        term = Block("term", paragraph.line + number)
        term.add_line(line, paragraph.starts[number])
        terms.children.append(term)
    paragraph.lines = []
    return terms
