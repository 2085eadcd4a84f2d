"""The files that `files:` of front matter lists, by name or by pattern."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase


def select_files(pattern: str, names: Iterable[str]) -> list[str]:
    """Return those of some paths that a pattern matches: `*` and `?` stand for signs of one name, `**` for any folders.

    A name without such signs stands for the file, or for all that is in a folder of that name.
    """
    composed = unicodedata.normalize("NFC", pattern)
    parts, is_name = composed.split("/"), not {*"*?["} & {*composed}
    if is_name:
        return [name for name in names if f"{unicodedata.normalize('NFC', name)}/".startswith(f"{composed}/")]
    return [name for name in names if _matches(parts, unicodedata.normalize("NFC", name).split("/"))]


def _matches(pattern: list[str], parts: list[str]) -> bool:
    """Return whether the parts of a path are those of a pattern, in steps that grow as the one times the other."""
    reached = _behind_folders(pattern, {0})
    for part in parts:
        again = {at for at in reached if at < len(pattern) and pattern[at] == "**"}
        ahead = {at + 1 for at in reached - again if at < len(pattern) and fnmatchcase(part, pattern[at])}
        reached = _behind_folders(pattern, again | ahead)
    return len(pattern) in reached


def _behind_folders(pattern: list[str], places: set[int]) -> set[int]:
    """Return places in a pattern, with those behind each `**` there, which may stand for no folder at all."""
    found = {*places}
    for at in range(len(pattern)):
        if at in found and pattern[at] == "**":
            found.add(at + 1)
    return found
