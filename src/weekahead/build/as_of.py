"""The time that a command is as of."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from weekahead.model.schedule import Schedule, fix_offset


class InvalidTime(ValueError):
    """What is given for --as-of or SOURCE_DATE_EPOCH is not a date or time."""


def instant(words: str | None, schedule: Schedule | None) -> datetime:
    """Return the instant a command is as of: what is given, else SOURCE_DATE_EPOCH, else now.

    A bare date means the end of that day, and a time without an offset is meant, in the cadence's zone.
    Raises InvalidTime.
    """
    zone = schedule.zone if schedule else UTC
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if words is not None:
            found = _parsed(words, zone)
        elif epoch:
            found = datetime.fromtimestamp(int(epoch), zone)
        else:
            found = datetime.now(zone).replace(microsecond=0)
        if not 1900 <= found.year <= 9980:
            raise ValueError
        return fix_offset(found, zone) if isinstance(zone, ZoneInfo) else found
    except (ValueError, OverflowError, OSError):
        raise InvalidTime(_message(words, epoch)) from None


def _message(words: str | None, epoch: str) -> str:
    if words is None:
        return f'SOURCE_DATE_EPOCH "{epoch[:60]}" is not a date or time; write whole seconds since 1970'
    from weekahead.source.hints import meant_days

    days = meant_days(words)
    if words in days:
        return f'"{words}" is not from the years 1900 to 9980'
    example = " or ".join(days) or "2022-09-23 or 2022-09-23T12:00:00-06:00"
    return f'"{words[:60]}" is not a date or time; write {example}'


def _parsed(words: str, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(words), time(23, 59, 59), zone)
    except ValueError:
        pass
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=zone)
