"""The HTML of a post as a tree that the passes of a platform, and then the shared ones, change in place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_WHOLE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
"""In a whole document; the first scripts of a fragment would go to its head."""


class HtmlDocument:
    """A tree whose passes change it in place. What our Markdown has a form for becomes a shape (`shapes.py`)."""

    def __init__(self, html: str) -> None:
        self._parser = LexborHTMLParser(html if _WHOLE.search(html) else f"<body>{html}")

    @property
    def body(self) -> LexborNode:
        """The element that has all of the post."""
        body = self._parser.body
        assert body is not None, "the parser makes a body for any text"
        return body

    def css(self, selector: str) -> list[LexborNode]:
        """Return the elements of a selector, in order, each once."""
        return select(self.body, selector)

    def replace(self, node: LexborNode, html: str) -> None:
        """Put HTML in the place of an element; nothing removes it."""
        self.insert_before(node, html)
        node.decompose()

    def insert_before(self, node: LexborNode, html: str) -> None:
        """Put HTML before a node."""
        for child in _parse(html):
            node.insert_before(child)

    def append(self, node: LexborNode, html: str) -> None:
        """Put HTML at the end of an element."""
        for child in _parse(html):
            node.insert_child(child)

    def element(self, tag: str, html: str = "") -> LexborNode:
        """Return a new element with some HTML in it."""
        node = self._parser.create_node(tag)
        self.append(node, html)
        return node


def _parse(html: str) -> list[LexborNode]:
    if not html:
        return []
    root = LexborHTMLParser(html, is_fragment=True).root
    return list(root.iter(include_text=True)) if root is not None else []


def select(node: LexborNode, selector: str) -> list[LexborNode]:
    """Return the elements of a selector within an element or it itself, in order, each once.

    `LexborNode.css` has those twice that two parts of a list of selectors match.
    """
    return list({found.mem_id: found for found in node.css(selector)}.values())


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute of an element, "" where it has none."""
    return (node.attributes.get(name) or "").strip()


def classes(node: LexborNode) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset(attribute(node, "class").split())


def words(node: LexborNode) -> str:
    """Return the text within a node on one line."""
    return " ".join((node.text(separator="") or "").split())


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around a node, the innermost first."""
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def inner(node: LexborNode) -> str:
    """Return the HTML within an element."""
    return node.inner_html or ""


_SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]*")


def is_blank(text: str) -> bool:
    """Return whether a text has nothing that can be seen."""
    return _SPACES.fullmatch(text) is not None
