"""Find where the parts of a Markdown text are, from the same blocks and inline parts that become its HTML.

What readers do not see (code, comments, tags, addresses) is blanked, so that a rule that looks for words finds only words;
every character keeps its offset.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, zip_longest
from operator import attrgetter

from weekahead.lint.inline_scanner import InlineScanner
from weekahead.lint.scanned_markdown import BlockSpan, Heading, Item, KindSpan, ScannedMarkdown, Unclosed, blank
from weekahead.markdown.attribute_lists import LAST_IN_LINE
from weekahead.markdown.block import Block, TooDeep
from weekahead.markdown.block_parser import BlockParser
from weekahead.markdown.kinds.finder import SectionFinder
from weekahead.markdown.tables import split_row

_start = attrgetter("start")


def scan_markdown(text: str, *, maths: bool = False) -> ScannedMarkdown:
    """Return a text with the positions of its parts; of one that is nested too deep, which a build reports, none.

    With `maths`, formulas are no prose.
    """
    try:
        return _Scanner(text, maths).scan()
    except TooDeep:
        nothing = blank(text, [(0, len(text))])
        return ScannedMarkdown(
            text=text, prose=nothing, without_code=nothing, line_starts=line_starts(text.split("\n"))
        )


class _Scanner:
    """Collects the parts of one text."""

    def __init__(self, text: str, maths: bool) -> None:
        parser = BlockParser(SectionFinder({}, []).open, maths=maths)
        self._text, self._document, self._lines = text, parser.parse(text), parser.lines
        self._line_starts = line_starts(parser.lines)
        self._inline = InlineScanner(text, parser, maths)
        self._blocks: list[BlockSpan] = []
        self._kinds: list[KindSpan] = []
        self._headings: list[Heading] = []
        self._items: list[Item] = []
        self._tables = 0

    def scan(self) -> ScannedMarkdown:
        """Return the parts of the text."""
        self._visit_outermost(self._document, len(self._text))
        inline = self._inline
        elements, tags, links = inline.tags.finish()
        without_code = blank(self._text, [*inline.code, *inline.comments, *elements])
        return ScannedMarkdown(
            text=self._text,
            prose=blank(without_code, [*inline.hidden, *((tag.start, tag.end) for tag in tags)]),
            without_code=without_code,
            line_starts=self._line_starts,
            blocks=tuple(self._blocks),
            kinds=tuple(self._kinds),
            headings=tuple(self._headings),
            items=tuple(self._items),
            tables=self._tables,
            links=tuple(sorted([*inline.links, *links], key=_start)),
            unlinked=tuple(inline.unlinked),
            tags=tuple(tags),
            comments=tuple(inline.comments),
            undefined=tuple(inline.undefined),
            unclosed=Unclosed(**{name: tuple(offsets) for name, offsets in inline.open.items()}),
        )

    def _line_end(self, number: int) -> int:
        """Return the offset of the end of a line, by its number from 1."""
        return self._line_starts[number - 1] + len(self._lines[number - 1])

    def _visit_outermost(self, parent: Block, end: int) -> None:
        """Collect what is in the document or a content kind, up to an offset of the source."""
        blocks = [block for block in parent.children if block.lines or block.kind != "paragraph"]
        for block, following in zip_longest(blocks, blocks[1:]):
            start = self._line_starts[block.line - 1]
            stop = self._line_starts[following.line - 1] if following else end
            if block.kind == "section":
                self._add_kind(block, start, stop)
            else:
                self._blocks.append(BlockSpan(block.kind, start, stop))
                self._visit(block, 0)

    def _visit(self, block: Block, depth: int) -> None:
        """Collect what is in a block that is in so many containers."""
        if adder := _ADDERS.get(block.kind):
            adder(self, block, depth)
        if block.children:
            depth += block.kind in _DEEPER
            for child in block.children:
                self._visit(child, depth)

    def _add_kind(self, block: Block, start: int, end: int) -> None:
        """Add a content kind; its title and its keys are read as lines of text."""
        first = block.line - 1
        kind = self._lines[first].strip("/").partition("|")[0].strip().lower()
        self._kinds.append(KindSpan(kind, start, end))
        for number in range(first, first + 1 + block.number):
            self._inline.add_lines([self._lines[number]], [self._line_starts[number]])
        self._visit_outermost(block, end)

    def _add_leaf(self, block: Block, depth: int) -> None:
        self._inline.add_lines(block.lines, block.starts)

    def _add_heading(self, block: Block, depth: int) -> None:
        self._inline.add_lines(block.lines, block.starts)
        title = LAST_IN_LINE.sub("", " ".join(block.lines).strip())
        if title and not depth:
            last = block.line + (len(block.lines) if block.marker else 0)
            self._headings.append(Heading(block.number, title, self._line_starts[block.line - 1], self._line_end(last)))

    def _add_items(self, block: Block, depth: int) -> None:
        self._items += [Item(depth, self._line_starts[item.line - 1]) for item in block.children]

    def _add_code(self, block: Block, depth: int) -> None:
        code = self._inline.code
        if block.marker:
            start = self._text.find(block.marker, self._line_starts[block.line - 1])
            code.append((start, self._line_end(block.line)))
            if isinstance(block.data, int):
                fence = self._text.find(block.marker, self._line_starts[block.data - 1])
                code.append((fence, self._line_end(block.data)))
            else:
                self._inline.open["fences"].append(start)
        first = block.line - 1 + bool(block.marker)
        for number, (line, start) in enumerate(zip(block.lines, block.starts, strict=True), first):
            # What is left of a tab are spaces that the source does not have.
            code.append((max(start, self._line_starts[number]), start + len(line)))

    def _add_html(self, block: Block, depth: int) -> None:
        self._inline.add_html(block.lines, block.starts)

    def _add_table(self, block: Block, depth: int) -> None:
        self._tables += 1
        columns = len(block.data) if isinstance(block.data, list) else 0
        for line, start in zip(block.lines, block.starts, strict=True):
            for cell, offset in split_row(line)[:columns]:
                self._inline.add_cell(cell, start + offset)


def line_starts(lines: list[str]) -> tuple[int, ...]:
    """Return the offset at which each line begins."""
    return tuple(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))


_DEEPER = frozenset({"list", "quote", "note", "terms"})
_ADDERS: dict[str, Callable[[_Scanner, Block, int], None]] = {
    "paragraph": _Scanner._add_leaf,
    "term": _Scanner._add_leaf,
    "heading": _Scanner._add_heading,
    "list": _Scanner._add_items,
    "code": _Scanner._add_code,
    "html": _Scanner._add_html,
    "table": _Scanner._add_table,
}
