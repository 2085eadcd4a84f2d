"""Lists of sources, in which a DOI, an arXiv id or an ISBN is a link. What is malformed is a fault."""

from __future__ import annotations

import re

from weekahead.markdown.inline_parser import Token
from weekahead.markdown.kinds.forms import with_breaks
from weekahead.markdown.kinds.kind import Kind
from weekahead.model.findings import TextFinding

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
    """Sources, a paragraph each."""

    names = ("references",)
    looks = "references"
    selector = "div.references"
    mail = staticmethod(with_breaks)

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
        for match in _NAME.finditer(words):
            kind = match.lastgroup or ""
            found = trim_name(match[kind])
            shown_end = match.end() - (len(match[kind]) - len(found))
            address, name = _address(kind, found)
            if address is None:
                self._malformed(found, name, line + words.count("\n", 0, match.start()))
                continue
            made += [words[end : match.start()], ("a", {"href": address}, words[match.start() : shown_end])]
            end = shown_end
        return [*made, words[end:]]

    def _malformed(self, words: str, name: str, line: int) -> None:
        message = f'"{words[:60]}" is not a valid {name}'
        fault = TextFinding(rule="reference", words=words, message=message, hint=_HINTS[name], line=line)
        self.faults.append(fault)


def _address(kind: str, words: str) -> tuple[str | None, str]:
    """Return where a name leads, or None if it is malformed, and what such a name is called."""
    if kind == "arxiv":
        return f"https://arxiv.org/abs/{words}" if is_arxiv(words) else None, "arXiv id"
    if kind == "isbn":
        digits = re.sub(r"[^0-9X]", "", words.upper())
        return f"https://openlibrary.org/isbn/{digits}" if is_isbn(digits) else None, "ISBN"
    return f"https://doi.org/{words}" if is_doi(words) else None, "DOI"


def trim_name(words: str) -> str:
    """Return a name without what belongs to the sentence around it."""
    end = len(words)
    while end:
        last = words[end - 1]
        opening = {")": "(", "]": "["}.get(last)
        if last not in ".,;:!?'’”»*_" and (
            opening is None or words.count(last, 0, end) <= words.count(opening, 0, end)
        ):
            break
        end -= 1
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
