"""Sets of names, written as one would in a sentence."""

from __future__ import annotations


def name_set(names: str) -> frozenset[str]:
    """Return the names between spaces as a set."""
    return frozenset(names.split())
