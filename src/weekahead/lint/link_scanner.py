"""Find the links of a Markdown text: inline, by reference, in angle brackets, in HTML tags, and bare addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.scanned_markdown import LinkSpan, Span

TAG = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>|<(?:https?://|mailto:)[^<>\s]+>")
_DEFINITION = re.compile(r"(?m)^ {0,3}\[(?!\^)([^\]\n]+)\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<]\S*)([^\n]*)$")
_DESTINATION = re.compile(
    r"\(\s*(<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n")
_ATTRIBUTE = re.compile(r"(?i)\s(href|src)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_ADDRESS = re.compile(r"https?://[^\s<>\"`]+")
_PUNCTUATION = "?!.,:;*_~'’”»…"


def _label(text: str) -> str:
    return " ".join(text.lower().split())


def find_definitions(text: str) -> Iterator[tuple[str, LinkSpan]]:
    """Yield the label and address of each line `[label]: address`."""
    if "]:" not in text:
        return
    for match in _DEFINITION.finditer(text):
        address = match[2].strip("<>")
        start = match.start(2) + match[2].startswith("<")
        yield _label(match[1]), LinkSpan("definition", address, match[1], match.start(), (start, start + len(address)))


class BracketLinks:
    """The links in brackets of a text, from one pass over its brackets; a picture within a link is found as well."""

    def __init__(self, text: str, source: str, definitions: dict[str, LinkSpan]) -> None:
        self.links: list[LinkSpan] = []
        self.destinations: list[Span] = []
        """What follows the text of each link: `(address)` or `[label]`."""
        self.undefined: list[tuple[int, str]] = []
        self.open: list[int] = []
        """Offsets of links whose parenthesis never closes."""
        self._text, self._source, self._definitions = text, source, definitions
        open_brackets: list[int] = []
        for bracket in _BRACKET.finditer(text):
            if bracket[0] == "[":
                open_brackets.append(bracket.start())
            elif bracket[0] == "]":
                if open_brackets:
                    self._close(open_brackets.pop(), bracket.start())
            elif bracket[0].startswith("\n"):
                open_brackets.clear()

    def _close(self, start: int, end: int) -> None:
        """Add the link whose text is in the brackets at `start` and `end`, if it is one."""
        text = self._text
        is_picture = text[start - 1 : start] == "!" and text[start - 2 : start - 1] != "\\"
        begin = start - is_picture
        link_text = self._source[start + 1 : end]
        after = text[end + 1 : end + 2]
        if after == "(":
            match = _DESTINATION.match(text, end + 1)
            if match:
                address = match[1].strip("<>")
                address_start = match.start(1) + match[1].startswith("<")
                span = (address_start, address_start + len(address))
                self.links.append(LinkSpan("inline", address, link_text, begin, span, is_picture))
                self.destinations.append((end + 1, match.end()))
            elif re.match(r"\(\s*<?(https?://|www\.|mailto:)", text[end + 1 : end + 20]):
                self.open.append(start)
        elif after == "[" and not link_text.startswith("^"):
            close = text.find("]", end + 2)
            name = text[end + 2 : close] if close >= 0 else "\n\n"
            if "\n\n" in name or "[" in name or len(name) > 300:
                return
            label = _label(name or link_text)
            if definition := self._definitions.get(label):
                self._add_reference(definition, link_text, begin, is_picture)
                self.destinations.append((end + 1, close + 1))
            elif (
                link_text.strip()
                and not name.startswith("^")
                and not re.match(r"\(|\s?\[", text[close + 1 : close + 3])
            ):
                self.undefined.append((begin, label))
        elif definition := self._definitions.get(_label(link_text)):
            self._add_reference(definition, link_text, begin, is_picture)

    def _add_reference(self, definition: LinkSpan, link_text: str, begin: int, is_picture: bool) -> None:
        span = definition.address_span
        self.links.append(LinkSpan("reference", definition.address, link_text, begin, span, is_picture))


def find_html_links(text: str, tags: list[Span]) -> Iterator[LinkSpan]:
    """Yield the links and pictures among some tags, and the addresses in angle brackets."""
    for start, end in tags:
        tag = text[start:end]
        if re.match(r"<(https?:|mailto:)", tag):
            yield LinkSpan("angle", tag[1:-1], tag[1:-1], start, (start + 1, end - 1))
            continue
        name = tag[1:].split()[0].strip("/>").lower()
        if name not in ("a", "img"):
            continue
        for attribute in _ATTRIBUTE.finditer(tag):
            if (name == "a") == (attribute[1].lower() == "href"):
                address = attribute[2].strip("\"'")
                address_start = start + attribute.start(2) + (attribute[2][0] in "\"'")
                span = (address_start, address_start + len(address))
                yield LinkSpan("html", address, tag, start, span, name == "img")


def find_bare_links(text: str) -> Iterator[LinkSpan]:
    """Yield addresses in plain text, up to the next space: what is glued to them is reported to the author."""
    if "://" not in text:
        return
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_PUNCTUATION)
        while address.endswith((")", "]")) and address.count(address[-1]) > address.count(
            "(["[")]".index(address[-1])]
        ):
            address = address[:-1].rstrip(_PUNCTUATION)
        yield LinkSpan("bare", address, address, match.start(), (match.start(), match.start() + len(address)))
