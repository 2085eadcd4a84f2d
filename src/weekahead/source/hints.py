"""What to write in place of a value that cannot be read: hints made of the author's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import takewhile

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_quotes(words: str) -> str:
    """Return words as a YAML value in quotes, those that are easier to read."""
    words = cut(words)
    return f"'{words}'" if '"' in words and "'" not in words else json.dumps(words, ensure_ascii=False)


def cut(words: str) -> str:
    """Return words of at most 200 characters."""
    return words if len(words) <= 200 else words[:197] + "..."


def day_hint(words: str) -> str:
    """Return what to write in place of words that are no day: each day that they could mean, year first."""
    times = re.split(r"(?<=\d)[ T]+(?=\d\d?:\d\d)", words.strip(), maxsplit=1)
    days = meant_days(times[0])
    if not days:
        return "Write year, month and day, such as 2026-12-25."
    hint = f"Write {' or '.join(days)}"
    if len(times) > 1:
        return f"{hint}; the time of day comes from the cadence in schedule.yaml."
    return f"{hint}: year, month, day." if len(days) > 1 else f"{hint}."


def meant_days(words: str) -> list[str]:
    """Return each day that words may mean, as we write days."""
    return list(dict.fromkeys(str(day) for day in _days(words)))


def _days(words: str) -> Iterator[date]:
    """Yield the days that words may mean. With full stops the day comes before the month, else it may be either."""
    if match := re.fullmatch(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)", words):
        orders = [(match[1], match[3], match[4])]
        orders += [(match[1], match[4], match[3])] if int(match[3]) > 12 else []
    elif match := re.fullmatch(r"(\d\d?)([-/.]) ?(\d\d?)\2 ?(\d\d|\d{4})", words):
        orders = [(match[4], match[3], match[1])]
        orders += [(match[4], match[1], match[3])] if match[2] != "." else []
    else:
        orders = _with_a_name(words)
    for year, month, day in orders:
        try:
            yield date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            continue


def _with_a_name(words: str) -> list[tuple[str, str, str]]:
    """Return the year, month and day of "25 December 2026" or "Dec 25th, 2026"."""
    name = re.search(r"[A-Za-z]{3,}", words)
    day, year = re.search(r"(?<!\d)\d\d?(?!\d)", words), re.search(r"\d{4}", words)
    if not (name and day and year) or name[0][:3].lower() not in MONTHS:
        return []
    return [(year[0], str(MONTHS.index(name[0][:3].lower()) + 1), day[0])]


def no_such_day_hint(words: str) -> str:
    """Return why there is no day of a year, a month and a day in digits, and the day that was meant where that is clear."""
    year, month = (int(part) for part in words.split("-")[:2])
    if not 1 <= month <= 12:
        meant = next(_days(words), None)
        return f"There is no month {month}. " + (f"Did you mean {meant}?" if meant else "Check month and day.")
    last = sum(1 for _ in takewhile(lambda each: _is_day(year, month, each), range(1, 32)))
    return f"{date(2000, month, 1):%B} {year:04} has {last} days." if last else "Check the year."


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def number_hint(words: str) -> str:
    """Return how to write a number in digits. A hint's KEY is the key."""
    digits = re.match(r"-?[0-9]+(?!\w|[.,:])", words)
    if words.lower() in NUMBERS:
        return f"Write KEY: {NUMBERS.index(words.lower())}."
    if digits and digits[0] == words:
        return f"Write KEY: {cut(words)}, without quotes."
    return f"Write KEY: {cut(digits[0])}." if digits else "Write it in digits, without quotes."


def list_hint(words: str) -> str:
    """Return how to write words as a list. A hint's KEY is the key."""
    parts = [part.strip() for part in cut(words).split(",") if part.strip()]
    whole = f"Write KEY: [{', '.join(parts)}]"
    if len(parts) == 1 and " " in parts[0]:
        return f"{whole} if that is one, or KEY: [{', '.join(parts[0].split())}] if they are several."
    return f"{whole}."
