"""Attribute lists behind an element or a block: `{#id .class key=value}`, also written `{: ...}`.

Braces that hold anything else are text.
"""

from __future__ import annotations

import re

_ITEM = r"""[#.][\w:-]+|[A-Za-z_][\w:.-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}=]+)"""
ATTRIBUTE_LIST = re.compile(rf"\{{:?[ ]*((?:{_ITEM})(?:[ ]+(?:{_ITEM}))*+)[ ]*\}}")
LAST_IN_LINE = re.compile(rf"(?:^|[ ]+){ATTRIBUTE_LIST.pattern}[ ]*$")
_ITEMS = re.compile(_ITEM)


def read_attributes(items: str) -> dict[str, str]:
    """Return the attributes of what stands between the braces; classes are joined."""
    attributes: dict[str, str] = {}
    for item in _ITEMS.findall(items):
        if item[0] == "#":
            attributes["id"] = item[1:]
        elif item[0] == ".":
            attributes["class"] = f"{attributes.get('class', '')} {item[1:]}".strip()
        else:
            name, _, value = item.partition("=")
            attributes[name] = value.strip("\"'")
    return attributes
