"""Dates and numbers as people and programs write them in exports."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from weekahead.importers.platforms.moments import instant_and_day
from weekahead.importers.platforms.numbers import whole_number


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-08", "2024-03-08"), ("2024/3/8", "2024-03-08"), ("2024-03-08 16:00", "2024-03-08T16:00"),
        ("2024-03-08T16:00:05Z", "2024-03-08T16:00:05+00:00"), ("2024-03-08 16:00:00 -0700", "2024-03-08T16:00-07:00"),
        ("2024-03-08 4:05 pm +01:00", "2024-03-08T16:05+01:00"), ("2024-03-08T16:00:00.123456+02", "2024-03-08T16:00:00.123456+02:00"),
        ("March 8, 2024", "2024-03-08"), ("8 March 2024", "2024-03-08"), ("Jan 05, 2024 09:00 am", "2024-01-05T09:00"),
        ("Fri, 8 Mar 2024 16:00:00 +0000", "2024-03-08T16:00+00:00"), ("Fri, 08 Mar 24 16:00 EST", "2024-03-08T16:00-05:00"),
        ("Fri, 8 Mar 2024 16:00:00 -0000", "2024-03-08T16:00"), ("1709913600", "2024-03-08T16:00+00:00"),
        ("1709913600000", "2024-03-08T16:00+00:00"), (1709913600, "2024-03-08T16:00+00:00"), (date(2024, 3, 8), "2024-03-08"),
        ("1900-01-01", "1900-01-01"), ("2199-12-31", "2199-12-31"),
        ("2024-13-08", ""), ("2024-02-30", ""), ("8.3.", ""), ("03/08/2024", ""), ("soon", ""), ("", ""), (None, ""), (20240308, ""),
        (True, ""), ("0000-00-00 00:00:00", ""), ("0001-01-01", ""), ("9999-12-31T23:59:59Z", ""), ("99999-01-01", ""),
        ("2024-03-08 24:00", ""), ("2024-03-08T10:00+99:99", ""), ("Mon, 32 Foo 2024 99:99", ""), ("NaN", ""), (float("nan"), ""),
        (float("inf"), ""), (10**30, ""), ({"a": 1}, ""), (["2024-03-08"], ""), ("-62135596800000", ""), (date(9999, 1, 1), ""),
    ],
)  # fmt: skip
def test_dates_as_exports_write_them(written: object, moment: str) -> None:
    at, day = instant_and_day(written)
    wanted = datetime.fromisoformat(moment) if moment else None
    if "T" in moment:
        assert (at, day) == (wanted, None)
        assert at is not None
        assert (at.tzinfo is None) == (wanted is not None and wanted.tzinfo is None)
    else:
        assert (at, day) == (None, wanted.date() if wanted else None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12), (" 012 ", 12), (7, 7), ("0", 0), ("123456789", 123456789),
        ("1234567890", None), ("1" * 5000, None), ("²", None), ("½", None), ("٣", None), ("-1", None), ("1.0", None), (1.0, None),
        (True, None), (None, None), ([1], None), ({}, None), ("", None),
    ],
)  # fmt: skip
def test_whole_numbers_as_exports_write_them(written: object, number: int | None) -> None:
    assert whole_number(written) == number
