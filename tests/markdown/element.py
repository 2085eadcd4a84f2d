"""A tree of HTML that tests may change: elements with their attributes, and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Element:
    """An element, a comment (its tag is "!--"), or a processing instruction ("?")."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def words(self) -> str:
        return "".join(child if isinstance(child, str) else child.words for child in self.children)

    def is_all(self, *tags: str) -> bool:
        """Return whether the children are elements of these tags, in this order, with nothing but white space between."""
        loose = any(isinstance(child, str) and child.strip() for child in self.children)
        return not loose and [child.tag for child in self.elements] == list(tags)


def read(node: Any) -> Iterator[Element | str]:
    """Yield a node of lexbor's and those behind it."""
    while node is not None:
        if node.is_text_node:
            yield node.text_content or ""
        elif node.is_comment_node:
            yield Element("!--", {}, [node.comment_content or ""])
        elif not node.is_element_node:
            yield Element("?", {})
        else:
            attributes = {name: value or "" for name, value in node.attributes.items()}
            yield Element(node.tag, attributes, list(read(node.child)))
        node = node.next
