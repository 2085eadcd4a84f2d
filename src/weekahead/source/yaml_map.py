"""A YAML map in which keys are looked up by name, with the places of keys and values in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.source.value_types import WHOLE, ValueType
from weekahead.source.yaml_tree import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    YamlSource,
    compose,
    is_blank,
    is_null,
)

__all__ = ["YamlMap", "YamlSource", "read_yaml_map"]

T = TypeVar("T")
Span = tuple[int, int]
"""Where something begins and ends in the text, in characters."""


def read_yaml_map(text: str, source: YamlSource, what: str) -> YamlMap | None:
    """Return the top-level map of a YAML text, or None and findings. `what` names the text in messages."""
    source = source.of_text(text)
    node = compose(text, source, what)
    return None if node is None else YamlMap.of(node, source)


class YamlMap(Struct):
    """A map as its author wrote it."""

    pairs: list[tuple[ScalarNode, Node]]
    where: Location
    source: YamlSource
    extent: Span = (0, 0)

    @classmethod
    def of(cls, node: MappingNode, source: YamlSource) -> YamlMap:
        return cls(node.value, source.at(node.start_mark), source, _span(node))

    def __contains__(self, key: str) -> bool:
        return self._node(key) is not None

    def has(self, key: str) -> bool:
        """Return whether something is written after the colon of a key, valid or not."""
        return not is_blank(self._node(key))

    def get(self, key: str, kind: ValueType[T]) -> T | None:
        """Return the value of a key; None when it has none, or has one of another type and a finding."""
        node = self._node(key)
        if node is None:
            return kind.empty
        return kind.blank(key, node, self.source) if is_null(node) else kind.read(key, node, self.source)

    def whole(self, key: str) -> int | None:
        return self.get(key, WHOLE)

    def maps(self, key: str) -> Iterator[YamlMap]:
        """Yield the maps of a list, in order."""
        return (YamlMap.of(item, self.source) for item in self._items(key) if isinstance(item, MappingNode))

    def map(self, key: str) -> YamlMap | None:
        """Return the map that is the value of a key."""
        node = self._node(key)
        return YamlMap.of(node, self.source) if isinstance(node, MappingNode) else None

    @property
    def names(self) -> list[str]:
        """The keys, in order."""
        return [name.value for name, _ in self.pairs]

    def words(self, key: str) -> str:
        """Return the characters of a value as its author typed them, without its quotes; "" for a list, a map or none."""
        node = self._node(key)
        return node.value if isinstance(node, ScalarNode) and not is_null(node) else ""

    def item_words(self, key: str) -> list[str]:
        """Return the same for each item of a list that has some."""
        return [item.value for item in self._items(key) if isinstance(item, ScalarNode) and not is_null(item)]

    def is_list(self, key: str) -> bool:
        return isinstance(self._node(key), SequenceNode)

    def find(self, key: str, rule: str, message: str, hint: str = "") -> None:
        """Add an error at the value of a key."""
        self.source.find(self.at(key), rule, message, hint)

    def at(self, key: str) -> Location:
        """Return where the value of a key begins; where the map begins when the key is absent."""
        node = self._node(key)
        return self.where if node is None else self.source.at(node.start_mark)

    def span(self, key: str) -> Span | None:
        """Return the span of the value of a key."""
        node = self._node(key)
        return None if node is None else _span(node)

    def key_span(self, key: str) -> Span | None:
        """Return the span of a key itself."""
        return next((_span(name) for name, _ in self.pairs if name.value == key), None)

    def item_spans(self, key: str) -> list[Span]:
        """Return the span of each item of a list."""
        return [_span(item) for item in self._items(key)]

    def is_inline(self, key: str) -> bool:
        """Return whether the list or map of a key is written in brackets or braces."""
        node = self._node(key)
        return isinstance(node, SequenceNode | MappingNode) and bool(node.flow_style)

    def text_before(self, place: int) -> tuple[str, str] | None:
        """Return the key and the value without quotes that a comma in braces parts from the key at a place, if it does."""
        (key, node), (name, _) = self.pairs[place - 1], self.pairs[place]
        if not place or not isinstance(node, ScalarNode) or node.style:
            return None
        between = self.source.text[node.end_mark.index : name.start_mark.index]
        return (key.value, node.value) if between.strip() == "," else None

    def places(self) -> dict[str, tuple[int, int]]:
        """Return line and column of the value of each key, and of those in the maps below ("audio.file")."""
        nodes: dict[str, Node] = {}
        for key, node in self.pairs:
            nodes[key.value] = node
            if isinstance(node, MappingNode):
                nodes |= {f"{key.value}.{name.value}": each for name, each in node.value}
        locations = {key: self.source.at(node.start_mark) for key, node in nodes.items()}
        return {key: (where.line, where.column) for key, where in locations.items()}

    def _node(self, key: str) -> Node | None:
        return next((node for name, node in self.pairs if name.value == key), None)

    def _items(self, key: str) -> list[Node]:
        node = self._node(key)
        return node.value if isinstance(node, SequenceNode) else []


def _span(node: Node) -> Span:
    return node.start_mark.index, node.end_mark.index
