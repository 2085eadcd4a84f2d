"""The order of references: by the keys of a style, letters without their accents, numbers by their size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from typing import Any


def sorted_places(layout: Any, items: Sequence[Any]) -> list[int]:
    """Return the places of items in the order that a layout's style asks for."""
    from weekahead.references.citeproc_elements import begin

    order = list(range(len(items)))
    sort = layout.getparent().find("cs:sort", layout.nsmap)
    for key in reversed(sort.findall("cs:key", sort.nsmap) if sort is not None else []):
        values = [_collated(value) for value in key.sort_keys(list(items), layout)]
        for item in items:
            begin(item.reference)
        descends = key.get("sort") == "descending"
        missing = [place for place in order if values[place] is None]
        order = sorted(
            (place for place in order if values[place] is not None), key=lambda n: values[n] or "", reverse=descends
        )
        order += missing
    return order


_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


def _collated(value: Any) -> str | None:
    """Return what a value sorts as: letters without their accents, numbers by their size."""
    if value is None:
        return None
    text = unescape(re.sub("\ue000[^\ue001]*\ue001", "", str(value))).casefold().translate(_FOLDED)
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = " ".join(re.sub(r"[^\w\s,;-]", "", text).split())
    return re.sub(r"\d+", lambda match: match[0].zfill(12), text)
