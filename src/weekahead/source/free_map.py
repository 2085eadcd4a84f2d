"""Maps of the author's own keys."""

from __future__ import annotations

import re
from typing import Any

from weekahead.source.value_types import BadValue, Schema, ValueType
from weekahead.source.yaml_tree import MappingNode, Node, SequenceNode, YamlSource, is_null


class FreeMap(ValueType[dict[str, Any]]):
    """A map of the author's own keys, as plain values: text, whole numbers, true and false, lists and maps."""

    wanted = "a map"
    hint = "Write KEY: {key: value}."

    def value(self, key: str, node: Node, source: YamlSource) -> dict[str, Any]:
        if not isinstance(node, MappingNode):
            raise BadValue
        return {name.value: _plain(value) for name, value in node.value}

    def schema(self) -> Schema:
        return {"type": "object"}


def _plain(node: Any) -> Any:
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    if is_null(node):
        return None
    if not node.style and node.value in ("true", "false"):
        return node.value == "true"
    is_whole = not node.style and re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", node.value)
    return int(node.value) if is_whole else node.value
