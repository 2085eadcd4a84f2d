"""Write values of a YAML file anew in one line each: what they are stays, comments and layout do not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from weekahead.source.yaml_tree import MappingNode, Node, ScalarNode, SequenceNode, is_null
from weekahead.source.yaml_values import in_quotes

_PLAIN = re.compile(r"(?:[A-Za-z0-9]|[.+-](?=[0-9.]))(?:[A-Za-z0-9_.+/-]|:(?=[0-9]))*")
"""What needs no quotes anywhere: words, numbers, days, times."""


def flow(node: Node, *, is_text: bool = False) -> str:
    """Return a value as YAML in one line. What its author wrote without quotes stays so where it may be no text."""
    if isinstance(node, MappingNode):
        return "{" + ", ".join(f"{flow(key)}: {flow(value, is_text=is_text)}" for key, value in node.value) + "}"
    if isinstance(node, SequenceNode):
        return "[" + ", ".join(flow(each, is_text=is_text) for each in node.value) + "]"
    assert isinstance(node, ScalarNode)
    if is_null(node):
        return "null"
    is_plain = not (node.style or is_text) and _PLAIN.fullmatch(node.value)
    return node.value if is_plain else in_quotes(node.value)


def flow_of(value: object) -> str:
    """Return plain data, such as JSON can hold, as YAML in one line."""
    if isinstance(value, str):
        return in_quotes(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_quotes(str(key))}: {flow_of(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow_of, value)) + "]"
    return json.dumps(value)
