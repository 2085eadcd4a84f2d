"""JSON as programs write it that cut texts in the middle of a sign."""

from __future__ import annotations

import re

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:u(?P<whole>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def sound_json(text: str) -> str:
    """Return JSON in which half of a surrogate pair (RFC 8259, 8.2) is U+FFFD: no text of ours can have it. The length stays."""
    if not _HALF.search(text):
        return text
    return _ESCAPE.sub(lambda match: "\\ufffd" if match["half"] else match[0], text)
