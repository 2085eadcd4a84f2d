"""Write a tree as Markdown: what html-to-markdown has no form for is put aside as pieces, and put back afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from weekahead.importers.html.document import ancestors
from weekahead.importers.html.escapes import escape_heading_end, escape_line_start
from weekahead.importers.html.flow import Flow
from weekahead.importers.html.inline import LINE_START, write_tokens
from weekahead.importers.html.pieces import Block, Break, Piece, Token
from weekahead.importers.html.placeholders import PIECE, piece_word, unprotect
from weekahead.model.findings import build_error

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_PREFIX = re.compile(r"(?:[ ]*(?:>|[-*+](?=[ ]|$)|\d{1,9}[.)](?=[ ]|$)|#{1,6}(?=[ ]|$)))*[ ]*")
_ITEM = re.compile(r"[-*+]|\d{1,9}[.)]")
_MARKER = re.compile(r"[-*+]|\d{1,9}[.)]|#{1,6}")
_RULE = re.compile("-+|_+|[*]+")
_BREAK = re.compile(r"\\\n([ >]*)")
_WITHIN = frozenset({"ul", "ol", "li", "blockquote", "td", "th", "dd", "dt"})


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

    def held(self, node: LexborNode) -> str:
        """Return the Markdown of the piece that an element holds and nothing else, "" where there is none."""
        match = PIECE.fullmatch(node.text().strip())
        piece = self._pieces[int(match[1])] if match else ""
        return piece.markdown if isinstance(piece, Piece) else ""

    # -- texts

    def blocks(self, html: str) -> str:
        """Return the blocks of HTML as Markdown, without a line end at its end. Shapes in it are pieces already."""
        flow = Flow(self.add, self._is_block)
        plain = flow.write(html)
        self.has_flattened |= flow.has_flattened
        if not plain.strip():
            return ""
        is_paragraph = plain.startswith("<p>") and plain.endswith("</p>") and plain.count("<") == 2
        return self._restored(plain[3:-4] if is_paragraph else _library_text(plain))

    def line(self, html: str) -> str:
        """Return HTML as the words of one line of Markdown."""
        plain = Flow(self.add, self._is_block).write(f"<h6>{html}</h6>").replace("<br>", self.add(Piece("<br>")))
        tokens = (token for token in self._tokens(re.sub("</?h6>", "", plain)) if not isinstance(token, Block))
        return re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", write_tokens(tokens, maths=self.maths).strip())

    def _restored(self, text: str) -> str:
        lines: list[str] = []
        before = ""
        blocks = text.strip("\n").split("\n")
        at = 0
        while at < len(blocks):
            first = at
            while blocks[at].endswith("\\") and at + 1 < len(blocks):
                at += 1
            at += 1
            block = "\n".join(blocks[first:at])
            prefix = _prefix(block)
            written = self._block(block, prefix)
            if lines and not lines[-1].strip(" >"):
                if not block.strip(" >") or not "".join(written).strip(" >"):
                    continue
            elif lines and written and block.strip(" >") and _needs_gap(before, prefix, lines[-1]):
                lines.append(_common(before, prefix).rstrip())
            before = _following(prefix) if block else before
            lines += written
        return "\n".join(lines).strip("\n")

    def _block(self, text: str, prefix: str) -> list[str]:
        """Return the lines of a paragraph, a heading or a rule, behind the marks of their containers."""
        content = text[len(prefix) :]
        if not content or _RULE.fullmatch(content):
            return [text.rstrip()]
        tokens = list(self._tokens(content.rstrip("\\")))
        if len(tokens) == 1 and isinstance(tokens[0], Block):
            return _indented(prefix, tokens[0].markdown)
        words = write_tokens([token for token in tokens if not isinstance(token, Block)], maths=self.maths)
        if not words.strip():
            return [prefix.rstrip()] if not prefix.rstrip().endswith("#") else []
        if prefix.rstrip().endswith("#"):
            return [prefix + escape_heading_end(words.replace("\n", " ").replace(LINE_START, ""))]
        first, *others = words.split("\n")
        return [prefix + escape_line_start(first), *map(_escape_continued, others)]

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


def _prefix(line: str) -> str:
    """Return the marks that a line begins with, as the library wrote them."""
    match = _PREFIX.match(line)
    return match[0] if match else ""


def _following(prefix: str) -> str:
    """Return what the following lines begin with: the marks of quotations, and spaces for those of items."""
    return _MARKER.sub(lambda mark: " " * len(mark[0]), prefix)


def _needs_gap(before: str, prefix: str, last: str) -> bool:
    """Return whether a blank line must stand before a block, by what the line above it begins with and is.

    The library leaves it out behind a tight list, where a paragraph would go on in the last item.
    """
    begins_quotation = prefix.count(">") > before.count(">")
    if _ITEM.search(prefix):
        return begins_quotation
    return not (begins_quotation and before.strip(">")) or last.endswith(">")


def _common(first: str, second: str) -> str:
    """Return what two strings begin with."""
    length = next((at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), None)
    return first[:length] if length is not None else min(first, second, key=len)


def _escape_continued(line: str) -> str:
    """Return a line behind a line break, which begins no block either."""
    prefix, _, words = line.partition(LINE_START)
    return prefix + escape_line_start(words) if words else prefix.rstrip()


def _indented(prefix: str, markdown: str) -> list[str]:
    """Return the lines of a block, the first behind the marks of its containers, the others indented as far."""
    following = _following(prefix)
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
