"""Split a Markdown text into blocks, by the algorithm in the appendix of CommonMark 0.31 ("A parsing strategy").

Each line first continues the open containers as far as it can, then opens new blocks; what is left of it goes to the open
leaf. Numbers in comments are sections of CommonMark; GFM is GitHub's extension of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from weekahead.markdown.block import DEEPEST, Block, TooDeep, join_terms, note_key
from weekahead.markdown.definitions import Definitions
from weekahead.markdown.html_blocks import ends_html_block, html_block_kind
from weekahead.markdown.line_reader import SPACES, LineReader
from weekahead.markdown.maths import end_of_formula
from weekahead.markdown.tables import alignments, is_row, split_row

_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_HEADING_END = re.compile(r"(?:^|(?<=[ \t]))#+$")
_SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(.*)$")
_MARKER = re.compile(r"(?:[-+*]|(\d{1,9})([.)]))(?=[ \t]|$)")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]:")


class BlockParser(LineReader):
    """The state of parsing one text: the open containers, the open leaf, and what is left of the current line."""

    def __init__(
        self,
        open_section: Callable[[list[str], int], tuple[Block, int] | None] | None = None,
        *,
        maths: bool = False,
    ) -> None:
        """`open_section` returns the content kind that begins at a line, by its index, and how many lines of keys follow.
        With `maths`, the lines of a formula begin no block."""
        super().__init__()
        self._open_section, self._maths = open_section, maths
        self.root = Block("document", 1)
        self.containers = [self.root]
        self.leaf: Block | None = None
        """The open leaf, in the innermost open container."""
        self.definitions = Definitions()
        self.notes: dict[str, Block] = {}
        """The footnotes by their labels. Of several for a label, the first one holds."""
        self._defining: list[Block] = []
        """Paragraphs that may begin with definitions, in order."""
        self._blank_before, self._blank_from = False, 0
        """Whether the line before was blank, and from which depth of containers inwards."""
        self._formula_end = 0
        """The last line of a formula that is open."""
        self._keys = 0
        """How many lines that follow are keys of a section."""
        self.number = self.end = 0
        """The line, from 1, and the offset of its end in the source."""

    def parse(self, text: str) -> Block:
        """Return the document of a text. Raise TooDeep."""
        self.lines = text.removesuffix("\n").split("\n")
        for line in self.lines:
            self.number += 1
            self.end += len(line)
            if self._keys:
                self._keys -= 1
            else:
                self._add_line(line)
            self.end += 1
        self._take_definitions()
        return self.root

    def _take_definitions(self) -> None:
        for paragraph in self._defining:
            self.definitions.take(paragraph)
        self._defining.clear()

    # -- one line

    def _add_line(self, line: str) -> None:
        self._read(line)
        matched = self._continue_containers() if len(self.containers) > 1 else 1
        leaf = self.leaf
        if leaf is not None and matched == len(self.containers) and leaf.kind in _VERBATIM and self._continue(leaf):
            return
        if not self.text:
            self._add_blank_line(matched)
            return
        if self.number <= self._formula_end:
            self._add_text(matched)
        elif matched := self._open_blocks(matched):
            self._add_text(matched)
            if self._maths and self.text.startswith(("$$", "\\[")):
                self._formula_end = end_of_formula(self.lines, self.number, self.text)
        self._blank_before = False

    def _add_text(self, matched: int) -> None:
        leaf = self.leaf
        if leaf is not None and leaf.kind == "table" and matched == len(self.containers) and is_row(self.text):
            leaf.add_line(self.text, self.end - len(self.text))
            return
        if leaf is None or leaf.kind != "paragraph":  # else it goes on, even without its containers' marks (5.1)
            self._close(matched)
            leaf = self.leaf = self._add(Block("paragraph", self.number))
            if self.text[0] in "[*":
                self._defining.append(leaf)
        leaf.add_line(self.text, self.end - len(self.text))

    def _add_blank_line(self, matched: int) -> None:
        self._close(matched)
        within = (depth for depth in range(matched - 1, 0, -1) if self.containers[depth].kind == "quote")
        self._blank_before, self._blank_from = True, next(within, 0)  # in a quotation, not around it

    # -- containers (5)

    def _continue_containers(self) -> int:
        """Return how many of the open containers the line continues, and take their marks off it."""
        containers = self.containers
        for depth in range(1, len(containers)):
            container = containers[depth]
            if container.kind == "quote":
                if self.indent > 3 or not self.text.startswith(">"):
                    return depth
                self._take_quote_mark()
            elif container.kind != "section":
                if self.indent >= container.indent:
                    self._take(container.indent)
                elif self.text or not container.children:  # an item may begin with one blank line (5.2)
                    return depth
                else:
                    self._take(self.indent)
        return len(containers)

    def _take_quote_mark(self) -> None:
        self._take_marker(1)
        if self.indent:
            self._take(1)

    def _close(self, matched: int) -> None:
        """Close the open leaf, and the containers that the line does not continue."""
        self.leaf = None
        del self.containers[matched:]

    def _is_separated(self) -> bool:
        """Return whether a blank line stands before this one in the innermost open container."""
        return self._blank_before and len(self.containers) > self._blank_from

    def _add(self, block: Block) -> Block:
        """Add a block to the innermost open container."""
        parent = self.containers[-1]
        if parent.children and self._is_separated():
            parent.loose = True
        parent.children.append(block)
        return block

    def _enter(self, container: Block) -> bool:
        if len(self.containers) > DEEPEST:
            raise TooDeep(self.number)
        self.containers.append(container)
        return False

    # -- opening blocks

    def _open_blocks(self, matched: int) -> int:
        """Open the blocks that the rest of the line begins. Return how many containers are open then, and 0 if nothing of
        the line is left."""
        while self.text:
            if self.indent > 3:
                if self.leaf is not None and self.leaf.kind == "paragraph":
                    return matched
                self._close(matched)
                self._open_indented_code()
                return 0
            for opener in _OPENERS.get(self.text[0], ()):
                is_done = opener(self, matched)
                if is_done is not None:
                    break
            else:
                return matched
            if is_done:
                return 0
            matched = len(self.containers)
        return 0

    def _is_in_paragraph(self, matched: int) -> bool:
        """Return whether the line goes on a paragraph, with the marks of all its containers."""
        return self.leaf is not None and self.leaf.kind == "paragraph" and matched == len(self.containers)

    def _open_quote(self, matched: int) -> bool | None:
        self._close(matched)
        quote = self._add(Block("quote", self.number))
        self._take_quote_mark()
        return self._enter(quote)

    def _open_item(self, matched: int) -> bool | None:
        marker = _MARKER.match(self.text)
        if marker is None:
            return None
        content = self.text[marker.end() :].strip(SPACES)
        if self._is_in_paragraph(matched) and (not content or marker[1] not in (None, "1")):
            return None  # what may be a number at the beginning of a line of prose (5.2)
        self._close(matched)
        before, indent = self.containers[-1], self.indent
        sign = marker[2] or marker[0]
        siblings = before.children[-1] if before.children else None
        if siblings is None or siblings.kind != "list" or siblings.marker != sign:
            siblings = self._add(Block("list", self.number, marker=sign, number=int(marker[1] or -1)))
        elif self._is_separated():
            siblings.loose = True
        self._take_marker(marker.end())
        padding = self.indent if content and self.indent < 5 else 1
        if self.indent:
            self._take(padding if content else self.indent)
        item = Block("item", self.number, indent=indent + marker.end() + padding)
        siblings.children.append(item)
        return self._enter(item)

    def _open_note(self, matched: int) -> bool | None:
        """Open a footnote, which goes on in lines indented by four columns, as on GitHub."""
        mark = _NOTE.match(self.text)
        if mark is None:
            return None
        self._close(matched)
        note = self._add(Block("note", self.number, indent=4))
        note.info = mark[1]
        self.notes.setdefault(note_key(note.info), note)
        self._take_marker(mark.end())
        self._take(self.indent)
        return self._enter(note)

    def _open_meaning(self, matched: int) -> bool | None:
        """Open the meaning of a term, `: meaning` below the lines of its terms, as in PHP Markdown Extra."""
        container = self.containers[matched - 1]
        if self.text[1:2] not in (" ", "\t") or not container.children:
            return None
        terms = container.children[-1]
        if terms.kind == "paragraph" and (self._is_in_paragraph(matched) or self.leaf is None):
            container.children.pop()
            terms = join_terms(container, terms)
        elif terms.kind != "terms":
            return None
        self._close(matched)
        meaning = Block("meaning", self.number)
        meaning.loose = self._is_separated()
        indent = self.indent
        self._take_marker(1)
        padding = min(self.indent, 4) if self.text else 1
        self._take(min(padding, self.indent))
        meaning.indent = indent + 1 + padding
        terms.children.append(meaning)
        return self._enter(meaning)

    def _open_or_close_section(self, matched: int) -> bool | None:
        """Open a content kind, `/// kind | title`, or close it with `///`. Neither is indented."""
        if self._open_section is None or not self.text.startswith("///") or self.indent:
            return None
        inside = len(self.containers) > 1 and self.containers[1].kind == "section"
        if inside and self.text.rstrip() == "///" and self.column == 0:
            self._close(1)
            return True
        found = None if inside or matched > 1 else self._open_section(self.lines, self.number - 1)
        if found is None:
            return None
        self._close(1)
        section, self._keys = found
        section.number = self._keys
        self._add(section)
        self._enter(section)
        return True

    # -- leaves (4)

    def _open_heading(self, matched: int) -> bool | None:
        mark = _HEADING.match(self.text)
        if mark is None:
            return None
        self._close(matched)
        words = _HEADING_END.sub("", self.text[mark.end() :].rstrip(SPACES)).rstrip(SPACES)
        heading = self._add(Block("heading", self.number, number=len(mark[1])))
        heading.add_line(words, self.end - len(self.text) + mark.end())
        return True

    def _underline(self, matched: int) -> bool | None:
        """Make a heading of the paragraph above a line of = or - (4.3)."""
        leaf = self.leaf
        if leaf is None or not self._is_in_paragraph(matched) or not _SETEXT.match(self.text):
            return None
        if leaf in self._defining:
            self._take_definitions()
            if not leaf.lines:
                return None
        leaf.kind, leaf.number, leaf.marker = "heading", 1 if self.text[0] == "=" else 2, self.text[0]
        self.leaf = None
        return True

    def _add_break(self, matched: int) -> bool | None:
        sign = self.text[0]  # one of * - _, three times or more, with nothing but spaces around them (4.1)
        if self.text.count(sign) < 3 or self.text.strip(sign + SPACES):
            return None
        self._close(matched)
        self._add(Block("break", self.number))
        return True

    def _open_fence(self, matched: int) -> bool | None:
        fence = _FENCE.match(self.text)
        if fence is None or (fence[1][0] == "`" and "`" in fence[2]):
            return None
        self._close(matched)
        self.leaf = self._add(Block("code", self.number, marker=fence[1], indent=self.indent))
        self.leaf.info = fence[2].rstrip(SPACES)
        return True

    def _open_indented_code(self) -> None:
        self.leaf = self._add(Block("code", self.number))
        self._add_code_line(self.leaf, 4)

    def _add_code_line(self, leaf: Block, columns: int) -> None:
        """Add the line to a code block, without its indentation up to some columns."""
        if self.indent and columns:
            self._take(min(columns, self.indent))
        leaf.add_line(self.rest, self.end - len(self.rest))

    def _open_html(self, matched: int) -> bool | None:
        leaf = self.leaf
        kind = html_block_kind(self.text, in_paragraph=leaf is not None and leaf.kind == "paragraph")
        if not kind:
            return None
        self._close(matched)
        self.leaf = self._add(Block("html", self.number, number=kind))
        self._continue(self.leaf)
        return True

    def _continue(self, leaf: Block) -> bool:
        """Add the line to open code or HTML; return False for a line that it ends before."""
        if leaf.kind == "html":
            if leaf.number > 5 and not self.text:
                return False
            leaf.add_line(self.rest, self.end - len(self.rest))
            if ends_html_block(leaf.number, self.text):
                self.leaf = None
        elif leaf.marker:
            self._continue_fence(leaf)
        elif self.indent > 3 or not self.text:
            self._add_code_line(leaf, 4)
            quotes = (depth for depth, each in enumerate(self.containers) if each.kind == "quote")
            self._blank_before, self._blank_from = not self.text, next(quotes, 0)
            return True
        else:
            self.leaf = None
            return False
        self._blank_before = False
        return True

    def _continue_fence(self, leaf: Block) -> None:
        text, fence = self.text.rstrip(SPACES), leaf.marker
        if self.indent < 4 and text.startswith(fence) and not text.strip(fence[0]):
            self.leaf = None
            leaf.data = self.number
        else:
            self._add_code_line(leaf, leaf.indent)

    def _open_table(self, matched: int) -> bool | None:
        """Make a table of the last line of a paragraph and the row of delimiters below it (GFM 4.10)."""
        leaf = self.leaf
        if leaf is None or not leaf.lines or not self._is_in_paragraph(matched) or not is_row(leaf.lines[-1]):
            return None
        aligned = alignments(self.text)
        if aligned is None or len(split_row(leaf.lines[-1])) != len(aligned):
            return None
        table = Block("table", self.number - 1)
        table.data = aligned
        table.add_line(leaf.lines.pop(), leaf.starts.pop())
        if not leaf.lines:
            self.containers[-1].children.pop()
        self.leaf = self._add(table)
        return True


_VERBATIM = frozenset({"code", "html"})
_Opener = Callable[[BlockParser, int], bool | None]
"""Tries to open a block: None if the line does not begin one, else whether nothing of the line is left."""

_OPENERS: dict[str, tuple[_Opener, ...]] = {
    ">": (BlockParser._open_quote,),
    "#": (BlockParser._open_heading,),
    "`": (BlockParser._open_fence,),
    "~": (BlockParser._open_fence,),
    "<": (BlockParser._open_html,),
    "=": (BlockParser._underline,),
    "-": (BlockParser._underline, BlockParser._add_break, BlockParser._open_item, BlockParser._open_table),
    "*": (BlockParser._add_break, BlockParser._open_item),
    "_": (BlockParser._add_break,),
    "+": (BlockParser._open_item,),
    **dict.fromkeys("0123456789", (BlockParser._open_item,)),
    "[": (BlockParser._open_note,),
    ":": (BlockParser._open_table, BlockParser._open_meaning),
    "|": (BlockParser._open_table,),
    "/": (BlockParser._open_or_close_section,),
}
