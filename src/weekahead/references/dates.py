"""The dates of bibliographies: ISO 8601-2 as biblatex has it, years, and months by name or number."""

from __future__ import annotations

import re
from typing import Any

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STATUS = frozenset(["forthcoming", "in press", "inpress", "submitted", "in preparation"])
_ISO = re.compile(r"(-?\d{1,4})(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)")
_SEASONS = {21: 1, 22: 2, 23: 3, 24: 4}

Date = dict[str, Any]


def read_date(words: str) -> Date | None:
    """Return a date or a range of dates as CSL-JSON has it; None for words that are none."""
    halves = words.strip().split("/")
    if len(halves) > 2:
        return None
    found = [_ISO.fullmatch(half.strip()) for half in halves]
    if found[0] is None:
        return None
    parts = [[int(part) for part in match.groups()[:3] if part and part != "XX"] for match in found if match]
    if any(part > most for each in parts for part, most in zip(each[1:], (24, 31), strict=False)):
        return None
    date: Date = {"date-parts": parts}
    if len(parts[0]) == 2 and parts[0][1] in _SEASONS:
        date = {"date-parts": [parts[0][:1]], "season": _SEASONS[parts[0][1]]}
    if any(match and match[4] for match in found):
        date["circa"] = True
    return date


def read_year(year: str, month: str, day: str) -> Date | None:
    """Return a date from a year, a month by its name or number, and a day; None if the year is no date."""
    year = year.strip()
    if circa := re.fullmatch(r"(?i)(?:c\.|ca\.|circa)\s*(\d{3,4})", year):
        return {"date-parts": [[int(circa[1])]], "circa": True}
    date = read_date(year.replace("--", "/").replace("–", "/"))
    number = _month(month)
    if date and number and len(date["date-parts"]) == 1 and len(date["date-parts"][0]) == 1:
        days = [int(day)] if day.strip().isdecimal() else []
        return date | {"date-parts": [[*date["date-parts"][0], number, *days]]}
    return date


def _month(words: str) -> int:
    words = words.strip().lower()
    if words.isdecimal():
        return int(words) if 1 <= int(words) <= 12 else 0
    return MONTHS.index(words[:3]) + 1 if words[:3] in MONTHS else 0


def is_status(words: str) -> bool:
    """Return whether what stands in place of a year says that a work is still to come out."""
    return words.strip().lower() in _STATUS


def is_undated(words: str) -> bool:
    """Return whether what stands in place of a year says that a work has none."""
    return bool(re.fullmatch(r"(?i)n\.?\s?d\.?|no date|undated", words.strip()))
