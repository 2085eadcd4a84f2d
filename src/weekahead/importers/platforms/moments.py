"""Dates as exports write them: ISO with or without a zone, mail headers, milliseconds, and the broken ones."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$", re.I
)
_NUMBER = re.compile(r"-?\d{9,14}$")
_YEAR_IN_MILLISECONDS = 10_000_000_000
"""Seconds beyond this would be the year 2286, so that a larger number counts milliseconds."""


def parse_moment(value: Any) -> datetime | date | None:
    """Return an instant (aware where the export names a zone), a day where it names no time, or None where it is no date.

    WordPress and old databases write 0000-00-00 for "none".
    """
    text = str(value if value is not None else "").strip()
    if not text or text.startswith("0000-00-00"):
        return None
    with suppress(ValueError, OverflowError, OSError, TypeError, IndexError):
        if _NUMBER.match(text):
            seconds = int(text) / 1000 if abs(int(text)) > _YEAR_IN_MILLISECONDS else int(text)
            return datetime.fromtimestamp(seconds, UTC)
        if _DAY.match(text):
            return date.fromisoformat(text)
        if match := _ISO.match(text):
            return _from_iso(match)
        return _from_mail(text)
    return _from_words(text)


def instant_and_day(value: Any) -> tuple[datetime | None, date | None]:
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


def _from_iso(match: re.Match[str]) -> datetime:
    day, time, fraction, zone = match.groups()
    hours, _, rest = time.partition(":")
    zone = {"": "", "Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00"}.get((zone or "").upper(), zone or "")
    return datetime.fromisoformat(f"{day}T{hours:0>2}:{rest}{f'.{fraction[:6]:0<6}' if fraction else ''}{zone}")


def _from_words(text: str) -> datetime | date | None:
    """Return a date as American programs write it: "Jan 05, 2024 09:00 am". The order of numbers alone is not guessed."""
    words = " ".join(text.replace(",", " ").split())
    for pattern in ("%b %d %Y %I:%M %p", "%B %d %Y %I:%M %p", "%b %d %Y %H:%M", "%B %d %Y %H:%M"):
        with suppress(ValueError):
            return datetime.strptime(words, pattern)  # noqa: DTZ007 - it names no zone
    for pattern in ("%b %d %Y", "%B %d %Y"):
        with suppress(ValueError):
            return datetime.strptime(words, pattern).date()  # noqa: DTZ007
    return None


def _from_mail(text: str) -> datetime | None:
    """Return the date of a mail header. -0000 and unknown zones name no zone."""
    moment = parsedate_to_datetime(text)
    return moment if 1970 <= moment.year < 2200 else None
