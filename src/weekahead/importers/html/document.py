"""The HTML of a post as a tree, in which pieces of Markdown can stand for elements that HTML has no form for."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode


class HtmlDocument:
    """A tree whose passes change it in place.

    `hold` puts a word in the place of an element, which becomes the held Markdown once all else is converted.
    """

    def __init__(self, html: str) -> None:
        self._parser = LexborHTMLParser(html)
        self._word = _unused_word(html)
        self.held: dict[str, str] = {}
        """The Markdown that each word stands for."""

    @property
    def body(self) -> LexborNode:
        """The element that has all of the post."""
        body = self._parser.body
        assert body is not None, "the parser makes a body for any text"
        return body

    def hold(self, node: LexborNode, markdown: str, *, block: bool) -> None:
        """Put Markdown in the place of an element: as a block of its own, or within a line."""
        word = f"{self._word}{len(self.held)}x"
        self.held[word] = markdown
        new = LexborHTMLParser(f"<p>{word}</p>" if block else word, is_fragment=True).root
        node.replace_with(new if new is not None else word)


def _unused_word(text: str) -> str:
    """Return letters that do not occur in a text."""
    number = 0
    while re.search(word := f"heldmarkdown{number or ''}q", text, re.IGNORECASE):
        number += 1
    return word
