"""Local times and instants, also across clock changes.

A time that a clock change leaves out is read with the offset before the change (02:30 becomes what the new clock calls
03:30), one that happens twice is its first (RFC 5545, section 3.3.5).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


def fix_offset(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return an instant as the zone's clocks show it, with its offset fixed.

    Python compares two times of one zone by their clocks alone, so that the second half past one of an autumn
    night is not later than the first (PEP 495). Times with fixed offsets compare as instants.
    """
    local = instant.astimezone(UTC).astimezone(zone)  # by way of UTC, or a time that no clock shows stays as it is
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)


def resolve_wall_time(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time in a zone (RFC 5545, 3.3.5), with its offset fixed."""
    return fix_offset(wall.replace(tzinfo=zone, fold=0), zone)


def add_weeks(instant: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """Return the same wall-clock time some weeks later, in a zone."""
    return resolve_wall_time(instant.astimezone(zone).replace(tzinfo=None) + weeks * WEEK, zone)


def wall_time_readings(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """Return every instant at which the zone's clocks show a wall time, or the jump over it if they never do."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return {fix_offset(instant, zone) for instant in (first, second)}
    low, high = second, first
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return {fix_offset(high, zone)}
