"""Emoji by the names that GitHub gives them, from the copy of its database (gemoji) in pymdown-extensions."""

from __future__ import annotations

from functools import lru_cache

NAME = "[a-z0-9_+-]+"
"""What the names are made of, as a regular expression."""


@lru_cache(maxsize=1024)
def emoji_for(name: str) -> str | None:
    """Return the characters of an emoji such as "tada", None if there is none; GitHub's own pictures have no characters."""
    from pymdownx import gemoji_db

    shortcode = f":{name}:"
    found = gemoji_db.emoji.get(gemoji_db.aliases.get(shortcode, shortcode))
    if found is None or "unicode" not in found:
        return None
    # The longer form has the joiners, and the selector that asks for colours.
    return "".join(chr(int(code, 16)) for code in found.get("unicode_alt", found["unicode"]).split("-"))
