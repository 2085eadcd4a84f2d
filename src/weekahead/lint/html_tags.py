"""The HTML tags of a Markdown text: which are links or pictures, and between which of them there is no prose."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from weekahead.lint.leaf import Leaf
from weekahead.lint.scanned_markdown import LinkSpan, Span, Tag

_COMMENT_OR_TAG = re.compile(
    r"<!--(?:>|->|.*?(?:-->|\Z))"
    r"|</?[a-zA-Z][\w:-]*(?:\s(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*+>|(?:\s[^<>]*)?/?>)",
    re.DOTALL,
)
"""A comment, or a tag whose attributes may have angle brackets between quotation marks."""
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"(?i)\s(href|src)\s*=\s*(\"[^\"\n]*\"|'[^'\n]*'|[^\s>\"']+)")
_CODE = frozenset({"pre", "code", "script", "style", "textarea", "svg", "math"})
"""Elements whose content is not prose."""
_WITHOUT_TAGS = _CODE - {"pre", "code"}
"""Elements in which a tag is not one of the page, or belongs to another language."""


class _FoundTag(Struct, frozen=True):
    """A tag: where it is in the text of a leaf, and in the source."""

    name: str
    is_closing: bool
    leaf: Leaf
    place: Span
    start: int
    end: int


class TagFinder:
    """Collects the tags of a text in order, and pairs those of elements that hold no prose."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tags: list[_FoundTag] = []

    def add(self, leaf: Leaf, start: int, end: int) -> bool:
        """Add a tag in the text of a leaf; return False for a declaration or an instruction, which is none."""
        name = _NAME.match(leaf.text, start)
        if name:
            span = leaf.source(start), leaf.source(end)
            self._tags.append(_FoundTag(name[2].lower(), bool(name[1]), leaf, (start, end), *span))
        return bool(name)

    def read_block(self, leaf: Leaf) -> list[Span]:
        """Add the tags of an HTML block, and return where its comments are in its text."""
        comments = []
        for match in _COMMENT_OR_TAG.finditer(leaf.text):
            if match[0].startswith("<!--"):
                comments.append(match.span())
            else:
                self.add(leaf, *match.span())
        return comments

    def finish(self) -> tuple[list[Span], list[Tag], list[LinkSpan]]:
        """Return the spans of elements without prose, the tags, and the links and pictures among them."""
        elements, tags, links = list[Span](), list[Tag](), list[LinkSpan]()
        closing, skipped = self._closing_tags(), 0
        for tag in self._tags:
            if tag.start < skipped:
                continue
            tags.append(Tag(tag.name, tag.start, tag.end))
            links += self._links(tag)
            ends = closing[tag.name] if tag.name in _CODE and not tag.is_closing else []
            place = bisect_left(ends, (tag.end, 0))
            if place < len(ends):
                elements.append((tag.start, ends[place][1]))
                skipped = ends[place][0] if tag.name in _WITHOUT_TAGS else 0
        return elements, tags, links

    def _closing_tags(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = defaultdict(list)
        for tag in self._tags:
            if tag.is_closing:
                found[tag.name].append((tag.start, tag.end))
        return found

    def _links(self, tag: _FoundTag) -> Iterator[LinkSpan]:
        if tag.is_closing or tag.name not in ("a", "img"):
            return
        for match in _ATTRIBUTE.finditer(tag.leaf.text, *tag.place):
            if (tag.name == "a") == (match[1].lower() == "href"):
                quotes = match[2][0] in "\"'"
                start, end = tag.leaf.source(match.start(2) + quotes), tag.leaf.source(match.end(2) - quotes)
                words = self._text[tag.start : tag.end]
                address = self._text[start:end]
                yield LinkSpan("html", address, words, tag.start, tag.end, (start, end), tag.name == "img")
