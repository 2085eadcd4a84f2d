"""What a text's own words do not say of how they become HTML."""

from __future__ import annotations

from msgspec import Struct


class TextOptions(Struct, frozen=True, kw_only=True):
    """The language of a text, as in letter.yaml, and whether dollar signs enclose mathematics."""

    language: str = "en"
    maths: bool = False
