"""Find where links, code, tags and the like are in the paragraphs, headings and cells of a Markdown text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from weekahead.lint.html_tags import TagFinder
from weekahead.lint.leaf import Leaf, cell_leaf, lines_leaf
from weekahead.lint.scanned_markdown import LinkSpan, Span
from weekahead.markdown.block import note_key
from weekahead.markdown.block_parser import BlockParser
from weekahead.markdown.emphasis import Run
from weekahead.markdown.inline_parser import InlineParser
from weekahead.markdown.inline_spans import InlineSpan

_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_ADDRESS_REST = re.compile(r"[^\s<>\"`]+")
_OPEN_ADDRESS = re.compile(r"\s*<?(?:https?://|www\.|mailto:)")


class InlineScanner:
    """Collects the inline parts of one text, whose blocks have been parsed."""

    def __init__(self, text: str, parser: BlockParser, maths: bool) -> None:
        self._text = text
        self._spans: list[InlineSpan | Run] = []
        """Of the leaf that is being read."""
        definitions, notes = parser.definitions, parser.notes
        self._inline = InlineParser(
            definitions.references,
            lambda label: {} if note_key(label) in notes else None,
            (lambda formula: formula.tex) if maths else None,
            self._spans,
        )
        self.links: list[LinkSpan] = []
        self.unlinked: list[Span] = []
        self.undefined: list[tuple[int, str]] = []
        self.comments: list[Span] = []
        self.tags = TagFinder(text)
        self.code: list[Span] = []
        self.hidden: list[Span] = []
        """What is no prose, beside code, comments and tags."""
        self.open: dict[str, list[int]] = defaultdict(list)
        """Offsets of what never ends, by the fields of Unclosed."""
        for start, definition in definitions.places:
            span = definition.start, definition.end
            self.links.append(LinkSpan("definition", text[slice(*span)], "", start, span[1], span))
            self.hidden.append((start, span[1]))
        self._known = len(self.links)

    def add_lines(self, lines: list[str], starts: list[int]) -> None:
        """Read the lines of a leaf, which begin at some offsets of the source."""
        text = lines[0] if len(lines) == 1 else "\n".join(lines)
        self._inline.parse(text)
        if self._spans:
            self._place_spans(lines_leaf(text, lines, starts))

    def add_cell(self, cell: str, start: int) -> None:
        """Read a cell of a table."""
        leaf = cell_leaf(cell, start)
        self._inline.parse(leaf.text)
        self._place_spans(leaf)

    def add_html(self, lines: list[str], starts: list[int]) -> None:
        """Read a block of HTML."""
        leaf = lines_leaf("\n".join(lines), lines, starts)
        for start, end in self.tags.read_block(leaf):
            self.comments.append((leaf.source(start), leaf.source(end)))
            if not leaf.text.endswith(("-->", "<!-->", "<!--->"), start, end):
                self.open["comments"].append(leaf.source(start))

    def _place_spans(self, leaf: Leaf) -> None:
        """Collect what the inline parser recorded of a leaf."""
        bold: list[int] = []
        for span in self._spans:
            if isinstance(span, InlineSpan):
                _ADDERS[span.kind](self, leaf, span)
            elif span.count and span.length == 2 and span.sign == "*":
                bold.append(leaf.source(span.place))
        if len(bold) == 1:
            self.open["bold"] += bold
        self._spans.clear()

    def _leave(self, leaf: Leaf, span: InlineSpan) -> None:
        """Leave an instruction or declaration that never ends: it is text."""

    def _hide(self, leaf: Leaf, span: InlineSpan) -> None:
        self.hidden += leaf.spans(span.start, span.end)

    def _add_code(self, leaf: Leaf, span: InlineSpan) -> None:
        self.code += leaf.spans(span.start, span.end)

    def _add_raw(self, leaf: Leaf, span: InlineSpan) -> None:
        if leaf.text.startswith("<!--", span.start):
            self.comments.append((leaf.source(span.start), leaf.source(span.end)))
        elif not self.tags.add(leaf, span.start, span.end):
            self._hide(leaf, span)

    def _add_link(self, leaf: Leaf, span: InlineSpan) -> None:
        """Add a link or picture in brackets."""
        source, (words, close) = leaf.source, span.words
        start, end = source(span.start), source(span.end)
        first, last = span.address
        if span.kind == "inline":
            first, last = source(first), source(last)
        if len(self.links) > self._known and self.links[-1].start > start:
            self._drop_inner_links(start, span.is_image)
        while self.undefined and self.undefined[-1][0] > start:
            self.undefined.pop()
        address = self._text[first:last]
        self.links.append(
            LinkSpan(span.kind, address, leaf.text[words:close], start, end, (first, last), span.is_image)
        )
        self.hidden += leaf.spans(close + 1, span.end)

    def _drop_inner_links(self, start: int, is_image: bool) -> None:
        """Remove what is no link, because it is in the words of a link or image; an image in a link is one."""
        place = len(self.links)
        while place > self._known and self.links[place - 1].start > start:
            place -= 1
        self.links[place:] = [link for link in self.links[place:] if link.is_picture and not is_image]

    def _add_address(self, leaf: Leaf, span: InlineSpan) -> None:
        """Add an address that is a link by itself."""
        start, end = leaf.source(span.start), leaf.source(span.end)
        brackets = span.kind == "angle"
        bounds = start + brackets, end - brackets
        address = self._text[slice(*bounds)]
        self.links.append(LinkSpan(span.kind, address, address, start, end, bounds))
        self._hide(leaf, span)

    def _add_unlinked(self, leaf: Leaf, span: InlineSpan) -> None:
        """Add an address that is part of a word."""
        place = leaf.source(span.start)
        scheme = _SCHEME.search(self._text, max(0, place - 5), place)
        rest = _ADDRESS_REST.match(self._text, place + 3)
        if scheme and rest:
            self.unlinked.append((scheme.start(), rest.end()))
            self.hidden.append((scheme.start(), rest.end()))

    def _add_undefined(self, leaf: Leaf, span: InlineSpan) -> None:
        label = " ".join(leaf.text[slice(*span.words)].lower().split())
        self.undefined.append((leaf.source(span.start), label))

    def _add_undefined_note(self, leaf: Leaf, span: InlineSpan) -> None:
        label = leaf.text[slice(*span.words)]
        if len(label) > 1 and not re.search(r"\s", label):
            self.undefined.append((leaf.source(span.start), label))

    def _add_open_link(self, leaf: Leaf, span: InlineSpan) -> None:
        if _OPEN_ADDRESS.match(leaf.text, span.end):
            self.open["links"].append(leaf.source(span.start))

    def _add_open_comment(self, leaf: Leaf, span: InlineSpan) -> None:
        self.open["shown_comments"].append(leaf.source(span.start))

    def _add_open_code(self, leaf: Leaf, span: InlineSpan) -> None:
        """Add the first backticks of a leaf that begin no code."""
        code = self.open["code"]
        if not code or code[-1] < leaf.source(0):
            code.append(leaf.source(span.start))


_ADDERS: dict[str, Callable[[InlineScanner, Leaf, InlineSpan], None]] = {
    "code": InlineScanner._add_code,
    "formula": InlineScanner._add_code,
    "raw": InlineScanner._add_raw,
    "inline": InlineScanner._add_link,
    "reference": InlineScanner._add_link,
    "angle": InlineScanner._add_address,
    "bare": InlineScanner._add_address,
    "address": InlineScanner._hide,
    "unlinked": InlineScanner._add_unlinked,
    "undefined": InlineScanner._add_undefined,
    "undefined-note": InlineScanner._add_undefined_note,
    "open-link": InlineScanner._add_open_link,
    "open-<!--": InlineScanner._add_open_comment,
    "open-code": InlineScanner._add_open_code,
    "open-<?": InlineScanner._leave,
    "open-<!": InlineScanner._leave,
    "open-<![CDATA[": InlineScanner._leave,
}
