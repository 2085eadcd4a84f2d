"""Write a tree as Markdown: what html-to-markdown has no form for is put aside as pieces, and put back afterwards."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from weekahead.importers.html.document import ancestors
from weekahead.importers.html.escapes import escape_heading_end, escape_line_start
from weekahead.importers.html.flow import Flow
from weekahead.importers.html.inline import write_tokens
from weekahead.importers.html.pieces import Block, Break, Piece, Token
from weekahead.importers.html.placeholders import PIECE, piece_word, unprotect
from weekahead.model.findings import build_error

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_PREFIX = re.compile(r"(?:[ ]*(?:>|[-*+](?=[ ]|$)|\d{1,9}[.)](?=[ ]|$)|#{1,6}(?=[ ]|$)))*[ ]*")
_MARKER = re.compile(r"[-*+]|\d{1,9}[.)]|#{1,6}")
_BREAK = re.compile(r"\\\n([ >]*)")
_WITHIN = frozenset({"li", "blockquote", "td", "th", "dd", "dt"})


class Writer:
    """Writes the texts of one post. `maths` tells whether any of them has a formula."""

    def __init__(self) -> None:
        self.maths = False
        self.has_flattened = False
        self._pieces: list[Token | Block] = []

    # -- pieces

    def add(self, piece: Token | Block) -> str:
        """Keep a piece, and return the word that stands for it."""
        self._pieces.append(piece)
        return piece_word(len(self._pieces) - 1)

    def hold(self, node: LexborNode, piece: Piece | Block) -> None:
        """Put a piece in the place of an element."""
        node.replace_with(self.add(piece))

    def _is_block(self, number: int) -> bool:
        return isinstance(self._pieces[number], Block)

    def without_pieces(self, html: str) -> str:
        """Return HTML with the Markdown of its pieces as text."""

        def shown(match: re.Match[str]) -> str:
            piece = self._pieces[int(match[1])]
            return escape(piece.markdown.strip("`"), quote=False) if isinstance(piece, Piece | Block) else ""

        return PIECE.sub(shown, html)

    # -- texts

    def blocks(self, html: str) -> str:
        """Return the blocks of HTML as Markdown, without a line end at its end. Shapes in it are pieces already."""
        flow = Flow(self.add, self._is_block)
        plain = flow.write(html)
        self.has_flattened |= flow.has_flattened
        if not plain.strip():
            return ""
        return self._restored(_library_text(plain))

    def line(self, html: str) -> str:
        """Return HTML as the words of one line of Markdown."""
        return re.sub(r"\s*\\?\n\s*", " ", self.blocks(f"<h6>{html}</h6>")[6:].strip())

    def _restored(self, text: str) -> str:
        lines: list[str] = []
        blocks = text.strip("\n").split("\n")
        at = 0
        while at < len(blocks):
            first = at
            while blocks[at].endswith("\\") and at + 1 < len(blocks):
                at += 1
            at += 1
            written = self._block("\n".join(blocks[first:at]))
            if written and written[0].startswith(">") and lines and lines[-1] and not lines[-1].startswith(">"):
                lines.append("")  # a quotation right below a paragraph is hard to see
            lines += written
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")

    def _block(self, text: str) -> list[str]:
        """Return the lines of a paragraph, a heading or a rule, with the marks of their containers."""
        prefix = _PREFIX.match(text)
        assert prefix is not None, "the expression matches nothing as well"
        content = text[prefix.end() :]
        if not content or content.strip("-") == "":
            return [text.rstrip()]
        tokens = list(self._tokens(content.rstrip("\\")))
        if len(tokens) == 1 and isinstance(tokens[0], Block):
            return _indented(prefix[0], tokens[0].markdown)
        words = write_tokens([token for token in tokens if not isinstance(token, Block)], maths=self.maths)
        if not words.strip():
            return [prefix[0].rstrip()] if not prefix[0].rstrip().endswith("#") else []
        if prefix[0].rstrip().endswith("#"):
            return [prefix[0] + escape_heading_end(words.replace("\n", " "))]
        first, *others = words.split("\n")
        return [prefix[0] + escape_line_start(first), *map(_escape_continued, others)]

    def _tokens(self, content: str) -> list[Token | Block]:
        tokens: list[Token | Block] = []
        done = 0
        for match in re.finditer(rf"{PIECE.pattern}|{_BREAK.pattern}", content):
            if match.start() > done:
                tokens.append(unprotect(content[done : match.start()]))
            tokens.append(self._pieces[int(match[1])] if match[1] else Break(match[2]))
            done = match.end()
        if done < len(content):
            tokens.append(unprotect(content[done:]))
        return tokens


def _escape_continued(line: str) -> str:
    """Return a line behind a line break, which begins no block either."""
    words = line.lstrip(" >")
    return line[: len(line) - len(words)] + escape_line_start(words) if words else line


def _indented(prefix: str, markdown: str) -> list[str]:
    """Return the lines of a block, the first behind the marks of its containers, the others indented as far."""
    following = _MARKER.sub(lambda mark: " " * len(mark[0]), prefix)
    first, *others = markdown.split("\n")
    return [prefix + first, *((following + line).rstrip() if not line else following + line for line in others)]


def _library_text(html: str) -> str:
    """Return plain HTML as Markdown, by html-to-markdown. Raise BuildError if that is not installed."""
    try:
        from html_to_markdown import ConversionOptions, convert
    except ImportError:
        hint = "pip install 'weekahead[import]'"
        raise build_error("", "import-extra", "html-to-markdown is not installed", hint) from None
    options = ConversionOptions(
        newline_style="backslash",
        extract_metadata=False,
        escape_asterisks=True,
        escape_underscores=True,
        escape_misc=True,
    )
    return convert(html, options).content or ""


def is_nested(node: LexborNode) -> bool:
    """Return whether an element is within a list, a quotation or the like, where `///` begins nothing."""
    return any(above.tag in _WITHIN or (above.tag or "").startswith("weekahead-") for above in ancestors(node))
