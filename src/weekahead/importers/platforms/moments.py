"""Dates as exports write them: ISO with or without a zone, mail headers, milliseconds, and the broken ones."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

_MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? *([ap]m)? *(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?: [A-Z]{3,4})?)? *",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?:[A-Za-z]{3},? +)?\d{1,2} +[A-Za-z]{3} +(?:\d{4}|\d{2}) +\d{1,2}:")
"""How the date of a mail header begins (RFC 5322, 3.3), which feeds have as well."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(?P<day>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3,9})|(?P<month2>[A-Za-z]{3,9})\s+(?P<day2>\d{1,2}))"
    r"(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:,?\s+(?:at\s+)?(?P<rest>\d{1,2}:\d{2}.*))?"
)
_NUMBER = re.compile(r"-?\d{9,14}")
_YEAR_IN_MILLISECONDS = 10_000_000_000
"""Seconds beyond this would be the year 2286, so that a larger number counts milliseconds."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Exports write 0000-00-00 and 9999-12-31 for "none"."""


def parse_moment(value: Any) -> datetime | date | None:
    """Return an instant (aware where the export names a zone), a day where it names no time, or None where it is no date.

    The order of numbers alone is not guessed.
    """
    with suppress(ValueError, OverflowError, OSError, TypeError, IndexError):
        moment = value if isinstance(value, date) else _from_text(str(value if value is not None else "").strip())
        if moment is not None and _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return moment
    return None


def _from_text(text: str) -> datetime | date | None:
    if _NUMBER.fullmatch(text):
        seconds = int(text) / 1000 if abs(int(text)) > _YEAR_IN_MILLISECONDS else int(text)
        return datetime.fromtimestamp(seconds, UTC)
    if match := _MOMENT.fullmatch(text):
        return _of_numbers(*match.groups())
    if _MAIL.match(text):
        with suppress(ValueError):
            return parsedate_to_datetime(text)  # -0000 and unknown zones name no zone
    match = _NAMED.fullmatch(text)
    month = (match["month"] or match["month2"])[:3].lower() if match else ""
    if match is None or month not in _MONTHS:
        return None
    day = f"{match['year']}-{_MONTHS.index(month) + 1:02}-{match['day'] or match['day2']}"
    return _from_text(f"{day} {match['rest']}" if match["rest"] else day)


def _of_numbers(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str,
    second: str | None,
    fraction: str | None,
    half: str | None,
    zone: str | None,
) -> datetime | date:
    """Return the date of the groups of `_MOMENT`. Raise ValueError for one that does not exist."""
    on = date(int(year), int(month), int(day))
    if hour is None:
        return on
    hours = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    return datetime.combine(
        on, time(hours, int(minute), int(second or 0), int(f"{fraction or 0:0<6}"[:6])), _zone((zone or "").upper())
    )


def _zone(words: str) -> timezone | None:
    if not words:
        return None
    if words in ("Z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(words[1:3]), int(words[3:].lstrip(":") or 0)
    return timezone((1 if words[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


Moment = tuple[datetime | None, date | None]
"""An instant or local time, or else a day; neither where there is no date."""

NO_MOMENT: Moment = (None, None)


def instant_and_day(value: Any) -> Moment:
    """Return a date of an export as an instant, or else as a day: one of them, or neither."""
    moment = parse_moment(value)
    return (moment, None) if isinstance(moment, datetime) else (None, moment)


def parse_utc(value: Any) -> datetime | None:
    """Return an instant whose format says UTC without writing it, or None."""
    moment = parse_moment(value)
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC) if moment else None


def is_later(at: datetime | None, now: datetime) -> bool:
    """Return whether an instant lies after now; one without a zone counts as UTC."""
    return at is not None and (at if at.tzinfo else at.replace(tzinfo=UTC)) > now


def parse_duration(text: str) -> int | None:
    """Return the seconds of "7:28", "448", "448.0" or "00:07:28", or None."""
    parts = text.strip().split(":")
    with suppress(ValueError, OverflowError):
        numbers = [float(part) for part in parts]
        if 0 < len(numbers) <= 3 and all(0 <= number < 10**7 for number in numbers):
            return int(sum(number * 60**place for place, number in enumerate(reversed(numbers))))
    return None
