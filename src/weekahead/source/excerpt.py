"""Read the author's lines around a location, to show them with a finding."""

from __future__ import annotations

from pathlib import Path

from weekahead.model.findings import Location
from weekahead.source.folder import LARGEST


def lines_around(root: Path, where: Location, distance: int = 0) -> list[tuple[int, str]]:
    """Return number and text of a line and of those up to `distance` lines away.

    Return nothing if the location is not in a line, or the file is unreadable, too long or outside the letter.
    """
    path = root / where.file
    try:
        if not where.line or not path.resolve().is_relative_to(root.resolve()) or path.stat().st_size > LARGEST:
            return []
        lines = path.read_text("utf-8-sig", "replace").split("\n")
    except OSError:
        return []
    numbers = range(max(1, where.line - distance), min(len(lines), where.line + distance) + 1)
    return [(number, lines[number - 1]) for number in numbers]
