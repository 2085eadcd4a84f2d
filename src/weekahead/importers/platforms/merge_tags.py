"""Mailchimp's merge tags, `*|FNAME|*`, and the parts between `*|IF:...|*` and `*|END:IF|*` that only some readers saw."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut
from weekahead.model.counts import counted

_TAG = re.compile(r"\*\|([^|*<>]{1,200})\|\*")
_OPENING = ("IF:", "IFNOT:", "INTERESTED:", "GROUP:", "UNLESS:")


class _Part(Struct):
    condition: str
    pieces: list[str] = []


def without_merge_tags(html: str, subject: str, notes: PostNotes) -> str:
    """Return HTML without merge tags. What depends on a reader is held back; of `*|ELSE:|*`, what all others saw is kept."""
    parts, at = [_Part("")], 0
    left_out: dict[str, int] = {}
    for match in _TAG.finditer(html):
        parts[-1].pieces.append(html[at : match.start()])
        at, name = match.end(), match[1].strip()
        if name.upper().startswith(_OPENING):
            parts.append(_Part(name))
        elif name.upper().startswith(("ELSE:", "ELSEIF:")) and len(parts) > 1:
            _close(parts, notes)
            parts.append(_Part("" if name.upper().startswith("ELSE:") else name))
        elif name.upper().startswith("END:") and len(parts) > 1:
            _close(parts, notes)
        elif name.upper() == "MC:SUBJECT":
            parts[-1].pieces.append(subject)
        else:
            left_out[match[0]] = left_out.get(match[0], 0) + 1
    parts[-1].pieces.append(html[at:])
    while len(parts) > 1:
        _close(parts, notes)
    for tag, count in left_out.items():
        notes.add(Outcome.DROPPED, "merge-tag", f"left out {cut(tag)}{f' {count} times' if count > 1 else ''}")
    return "".join(parts[0].pieces)


def _close(parts: list[_Part], notes: PostNotes) -> None:
    """End the last part: it is kept where all saw it, or all but some, or else held back."""
    part = parts.pop()
    text = "".join(part.pieces)
    if not part.condition or part.condition.upper().startswith(("IFNOT:", "IF:MC_PREVIEW_TEXT")):
        parts[-1].pieces.append(text)
    elif text.strip():
        count = counted(len((LexborHTMLParser(text).text() or "").split()), "word")
        message = f"a part of {count} was for some readers only ({cut(part.condition)}), and was left out"
        notes.add(Outcome.HELD, "members-only-part", message)
