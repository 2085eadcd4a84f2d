"""A line of a Markdown text, of which the parser takes one mark after the other (CommonMark 2.2)."""

from __future__ import annotations

SPACES = " \t"


class LineReader:
    """What is left of the current line."""

    def __init__(self) -> None:
        self.rest = self.text = ""
        """What is left, and the same without its indentation."""
        self.indent = self.column = 0
        """The columns of that indentation, and the one at which it begins."""

    def _read(self, line: str) -> None:
        """Begin a line."""
        self.rest, self.column = line, 0
        self._measure()

    def _measure(self) -> None:
        """Set `text` and `indent` by `rest`. A tab ends at the next column that is a multiple of four (2.2)."""
        rest = self.rest
        self.text = text = rest.lstrip(SPACES)
        self.indent = indent = len(rest) - len(text)
        if indent and "\t" in rest[:indent]:
            column = self.column
            for space in rest[:indent]:
                column += 4 - column % 4 if space == "\t" else 1
            self.indent = column - self.column

    def _take(self, columns: int) -> None:
        """Remove columns of indentation from the rest of the line; what is left of a tab becomes spaces (2.2)."""
        rest, begin = self.rest, self.column
        self.column += columns
        self.indent -= columns
        if "\t" not in rest[:columns]:
            self.rest = rest[columns:]
            return
        column = begin
        for place, space in enumerate(rest):
            if column >= self.column:
                self.rest = " " * (column - self.column) + rest[place:]
                return
            column += 4 - column % 4 if space == "\t" else 1
        self.rest = " " * (column - self.column)

    def _take_marker(self, width: int) -> None:
        """Remove the indentation and a marker behind it."""
        self.column += self.indent + width
        self.rest = self.text[width:]
        self._measure()
