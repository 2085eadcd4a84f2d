"""Values of others' front matter, of whatever type they were meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from weekahead.lint.rules.text_helpers import split_words

_MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?[ ]*([AaPp][Mm])?[ ]*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?: [A-Z]{3,4})?)?[ ]*"
)
_MONTHS = {
    name: number for number, name in enumerate(split_words("jan feb mar apr may jun jul aug sep oct nov dec"), 1)
}
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(?P<day>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3,9})|(?P<month2>[A-Za-z]{3,9})\s+(?P<day2>\d{1,2}))"
    r"(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:,?\s+(?:at\s+)?(?P<rest>\d{1,2}:\d{2}.*))?"
)

Moment = tuple[datetime | None, date | None]
"""An instant or local time, or else a day; neither where there is no date."""

NOWHEN: Moment = (None, None)


def text_of(value: Any) -> str:
    """Return a value as words; nothing for maps and for lists of them."""
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (text_of(each) for each in value)))
    return str(value).strip()


def list_of(value: Any, separators: str = ",") -> tuple[str, ...]:
    """Return a value as a list: a list, or words parted by some characters. In a list of maps, their names or titles."""
    if isinstance(value, Mapping):
        value = list(value) if all(flag_of(each) is not None or each is None for each in value.values()) else [value]
    if isinstance(value, list | tuple):
        items = [_name_of(each) if isinstance(each, Mapping) else text_of(each) for each in value]
    else:
        items = re.split(rf"[{re.escape(separators)}]", text_of(value)) if separators else [text_of(value)]
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _name_of(value: Mapping[str, Any]) -> str:
    return next((text_of(value[key]) for key in ("name", "title", "label", "slug") if value.get(key)), "")


def flag_of(value: Any) -> bool | None:
    """Return whether a value means yes or no; None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in ("true", "yes", "on", "1", "y"):
        return True
    return False if word in ("false", "no", "off", "0", "n") else None


def moment_of(value: Any) -> Moment:
    """Return the date in a value. A date that does not exist is none."""
    if isinstance(value, datetime):
        return value, None
    if isinstance(value, date):
        return None, value
    words = text_of(value)
    with suppress(ValueError, OverflowError):
        if match := _MOMENT.fullmatch(words):
            return _moment(match)
        if (match := _NAMED.fullmatch(words)) and (
            month := _MONTHS.get((match["month"] or match["month2"])[:3].lower())
        ):
            day = f"{match['year']}-{month:02}-{int(match['day'] or match['day2']):02}"
            return moment_of(f"{day} {match['rest']}" if match["rest"] else day)
    return NOWHEN


def _moment(match: re.Match[str]) -> Moment:
    year, month, day, hour, minute, second, half, zone = match.groups()
    on = date(int(year), int(month), int(day))
    if hour is None:
        return None, on
    hours = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    return datetime.combine(on, time(hours, int(minute), int(second or 0)), _zone(zone or "")), None


def _zone(words: str) -> timezone | None:
    if not words:
        return None
    if words in ("Z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(words[1:3]), int(words[3:].lstrip(":") or 0)
    return timezone((1 if words[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def plain(value: Any) -> Any:
    """Return a value as text, numbers, lists and maps alone."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)
