"""Lists of sources, in which a DOI, an arXiv id or an ISBN is a link. What is malformed is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import Forms, with_breaks
from weekahead.markdown.kinds.kind import Kind
from weekahead.markdown.tokens import Token
from weekahead.model.findings import TextFinding
from weekahead.model.issue import BIBLIOGRAPHY

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from weekahead.markdown.tree import TreeWriter

_NAME = re.compile(
    r"\bdoi:[ ]?(?P<doi>[^\s<>\"]+)|(?<![\w/.])(?P<bare>10\.[0-9]{4,9}/[^\s<>\"]+)"
    r"|\barxiv:[ ]?(?P<arxiv>[^\s<>\"\]),;]+)"
    r"|\bisbn(?:-1[03])?:?[ ]?(?P<isbn>[0-9][0-9xX\u2010-\u2012-]*(?:[ ][0-9xX-]+){0,4})",
    re.IGNORECASE,
)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(.*)", re.IGNORECASE)
_HINTS = {
    "DOI": "A DOI is 10., a number, a slash and a name: 10.1093/comjnl/27.2.97.",
    "arXiv id": "An arXiv id is year and month, a point, and four or five digits: 2102.07750.",
    "ISBN": "Its last digit is a check digit and does not fit: a digit is wrong or missing.",
}


class References(Kind):
    """Sources, a paragraph each; an empty one is the place of the list of what the text cites."""

    names = ("references",)
    looks = "references"
    selector = "div.references"
    mail = staticmethod(with_breaks)

    def parse(self, lines: list[str]) -> int:
        """Read the lines below the first, of which there need be none where the text has a bibliography."""
        if not any(words.strip() for words in lines) and any(name.startswith(BIBLIOGRAPHY) for name in self.files):
            return len(lines)
        return super().parse(lines)

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write the sources, or the list of what the text cites."""
        if writer.citations and not block.children:
            writer.citations.write_list(writer)
        else:
            super().html(writer, block)

    def edit(self, tokens: list[Token], line: int) -> list[Token]:
        """Make links of the names in a paragraph."""
        made: list[Token] = []
        words, is_linked = "", False
        for token in [*tokens, None]:
            if isinstance(token, str):
                words += token
                continue
            made += [words] if is_linked else self._link_names(words, line)
            line += words.count("\n")
            words = ""
            if isinstance(token, tuple) and len(token) == 3:
                if (doi := _DOI_ADDRESS.match(token[2])) and not is_doi(doi[1]):
                    self._malformed(token[2], "DOI", line)
            else:
                is_linked = isinstance(token, tuple) or (is_linked and token is not None)
            made.append(token)
        return made[:-1]

    def _link_names(self, words: str, line: int) -> list[Token]:
        made: list[Token] = []
        end = 0
        for named in names_in(words):
            if not named.address:
                self._malformed(named.words, named.kind, line + words.count("\n", 0, named.start))
                continue
            made += [words[end : named.start], ("a", {"href": named.address}, words[named.start : named.end])]
            end = named.end
        return [*made, words[end:]]

    def _malformed(self, words: str, name: str, line: int) -> None:
        message = f'"{words[:60]}" is not a valid {name}'
        fault = TextFinding(rule="reference", words=words, message=message, hint=_HINTS[name], line=line)
        self.faults.append(fault)


class NamedSource(Struct, frozen=True):
    """A DOI, an arXiv id or an ISBN in a text: what it is, its words, its place with what belongs to it, and its address."""

    kind: str
    words: str
    start: int
    end: int
    address: str
    """Empty if it is malformed."""


def names_in(words: str) -> Iterator[NamedSource]:
    """Yield the names of sources in some words, in order."""
    for match in _NAME.finditer(words):
        kind = match.lastgroup or ""
        found = trim_name(match[kind])
        name = re.sub(r"[^0-9X]", "", found.upper()) if kind == "isbn" else found
        called, site, is_valid = _SITES[kind]
        end = match.end() - (len(match[kind]) - len(found))
        yield NamedSource(called, found, match.start(), end, site + name if is_valid(name) else "")


class CitationLink(Forms):
    """A citation, which leads to its reference on the page."""

    selector = "a.citation"

    @staticmethod
    def feed(link: LexborNode) -> None:
        """Leave its words."""
        link.unwrap()

    mail = feed

    @staticmethod
    def text(link: LexborNode) -> None:
        """Leave its words, raised numbers in brackets."""
        for raised in link.css("sup"):
            raised.replace_with(f"[{raised.text()}]")
        link.unwrap()


class BackLink(Forms):
    """The link from a reference to where it is cited."""

    selector = "a.reference-back"

    @staticmethod
    def feed(link: LexborNode) -> None:
        """Leave it out."""
        link.decompose()

    mail = text = feed


def trim_name(words: str) -> str:
    """Return a name without what belongs to the sentence around it."""
    surplus = {close: words.count(close) - words.count(open) for open, close in ("()", "[]")}
    end = len(words)
    while end and (words[end - 1] in ".,;:!?'’”»*_" or surplus.get(words[end - 1], 0) > 0):
        end -= 1
        surplus[words[end]] = surplus.get(words[end], 0) - 1
    return words[:end]


def is_doi(words: str) -> bool:
    """Return whether some words are a DOI: a prefix 10.NNNN, perhaps with subdivisions, a slash, a suffix (ISO 26324)."""
    return bool(re.fullmatch(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+", words))


def is_arxiv(words: str) -> bool:
    """Return whether some words are an id of arXiv, of the scheme since April 2007 or the one before."""
    new = re.fullmatch(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}(v[0-9]+)?", words)
    return bool(new or re.fullmatch(r"[a-z-]+(\.[A-Z]{2})?/[0-9]{2}(0[1-9]|1[0-2])[0-9]{3}(v[0-9]+)?", words))


def is_isbn(digits: str) -> bool:
    """Return whether an ISBN of ten or thirteen digits has the right check digit (ISO 2108)."""
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if not re.fullmatch(r"97[89][0-9]{10}", digits):
        return False
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


_SITES = {
    "doi": ("DOI", "https://doi.org/", is_doi),
    "bare": ("DOI", "https://doi.org/", is_doi),
    "arxiv": ("arXiv id", "https://arxiv.org/abs/", is_arxiv),
    "isbn": ("ISBN", "https://openlibrary.org/isbn/", is_isbn),
}
"""What each kind of name is called, where it leads, and whether one is well formed."""
