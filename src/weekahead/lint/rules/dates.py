"""The rule about dates that do not fit the day on which an issue comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from weekahead.lint.rules.registry import WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, find_each, is_english, is_in_link, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown

LEFTOVER_HINT = "Is it left over from an earlier issue?"

MONTHS = split_words("January February March April May June July August September October November December")
DAYS = split_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTH = "(" + "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 3 else name for name in MONTHS) + ")"
_DATE = re.compile(
    rf"(?:\b(?P<weekday>{'|'.join(DAYS)}),?\s+(?:the\s+)?)?"
    rf"(?:\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(\d{{4}}))?"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(\d{{4}}))?|\b(\d{{4}})-(\d\d)-(\d\d)\b)"
)
"""A date in words or digits, with its weekday if one stands before it."""
_NEAR = re.compile(
    r"(?i)\b(this|today|tomorrow|yesterday)(?:\s+(week|friday|monday|tuesday|wednesday|thursday|saturday|sunday|morning|weekend))?,?\s*(?:\(|of\s+|on\s+)?\s*$"
)
"""Words right before a date that make it one of these days."""
_NEAR_OR_WEEKDAY = re.compile(rf"\b(?:[Tt]his|[Tt]oday|[Tt]omorrow|[Yy]esterday|{'|'.join(DAYS)})\b")
_NEAR_OR_WEEKDAY_WORDS = ("This", "this", "Today", "today", "Tomorrow", "tomorrow", "Yesterday", "yesterday", *DAYS)
_THIS_YEAR = re.compile(r"(?i)\b(?:this year|so far this year)\b\s*(?:,|\(|:|in)?\s*((?:19|20)\d\d)\b")
_WEEK_OF = re.compile(r"(?i)^(?:the )?week of\b.*?\b((?:19|20)\d\d)\b")


@text_rule("stale-date", WARNING)
def check_dates(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield dates left over from another issue, dates with a wrong weekday, and last year's number in January."""
    if facts.day is None or not is_english(facts) or facts.day.year < 1900:
        return
    for match in _find_dates(text.prose, is_january=facts.day.month == 1):
        problem = _date_problem(text, match, facts.day)
        if problem and not is_in_link(text, match.span()):
            yield match.start(), *problem
    for place in find_each(text.prose, ("his year",)):
        year = _THIS_YEAR.search(text.prose, max(0, place - len("so far t")), place + 40)
        if year and int(year[1]) != facts.day.year:
            yield year.start(), f'"{excerpt(year[0])}" is in an issue of {facts.day.year}', LEFTOVER_HINT
    for heading in text.headings:
        year = _WEEK_OF.search(heading.title)
        if year and abs(int(year[1]) - facts.day.year) > 1:
            yield heading.start, f'"{excerpt(heading.title)}" is in an issue of {facts.day.year}', LEFTOVER_HINT


def _find_dates(prose: str, is_january: bool) -> Iterator[re.Match[str]]:
    """Yield the dates that can be wrong: those after a weekday or "this", and in January all of them."""
    if is_january:
        yield from _DATE.finditer(prose)
        return
    end = 0
    for place in find_each(prose, _NEAR_OR_WEEKDAY_WORDS):
        word = _NEAR_OR_WEEKDAY.match(prose, place)
        if word is None:
            continue
        match = _DATE.search(prose, max(word.start(), end), word.end() + 40)
        if match:
            end = match.end()
            yield match


def _date_problem(text: ScannedMarkdown, match: re.Match[str], issue_day: date) -> tuple[str, str] | None:
    """Return message and hint for a date that does not fit the day of its issue."""
    day, has_year = _parse_date(match, issue_day)
    if day is None:
        return None
    before = text.prose[max(0, match.start() - 30) : match.start()]
    near = _NEAR.search(before)
    weekday = match["weekday"]
    if weekday and has_year and DAYS[day.weekday()] != weekday:
        return f'"{excerpt(match[0])}" is a {DAYS[day.weekday()]}', "Correct the weekday or the date."
    if near and abs((day - issue_day).days) > 10 and (near[1].lower() != "this" or near[2] or weekday):
        distance = f"{abs((day - issue_day).days)} days {'after' if day > issue_day else 'before'}"
        return f'"{excerpt(near[0] + match[0])}" is {distance} the issue, which comes out on {issue_day}', LEFTOVER_HINT
    if has_year and weekday is None and _is_last_years_number(day, issue_day, before):
        hint = f"Did you mean {issue_day.year}? In January it is easy to write last year's number."
        return f'"{excerpt(match[0])}" is a year before the issue', hint
    return None


def _is_last_years_number(day: date, issue_day: date, before: str) -> bool:
    """Return whether a date in a January issue is a year ago within a week, and not said to be a past one."""
    return (
        issue_day.month == 1
        and day.year == issue_day.year - 1
        and abs((issue_day.replace(year=day.year) - day).days) <= 7
        and not re.search(r"(?i)\b(?:since|on|in|of|from|until|dated|published|released)\s+$", before)
    )


def _parse_date(match: re.Match[str], issue_day: date) -> tuple[date | None, bool]:
    """Return the day of a match of _DATE, nearest to the issue's if it has no year, and whether it has a year."""
    month_first, day_after, year_after, day_first, month_after, year_last, *iso = match.groups()[1:]
    try:
        if iso[0]:
            return date(*map(int, iso)), True
        abbreviation = (month_first or month_after)[:3]
        month = next(number for number, name in enumerate(MONTHS, 1) if name.startswith(abbreviation))
        number = int(day_after or day_first)
        if year := year_after or year_last:
            return date(int(year), month, number), True
        years = (issue_day.year - 1, issue_day.year, issue_day.year + 1)
        return min((date(year, month, number) for year in years), key=lambda day: abs(day - issue_day)), False
    except (ValueError, OverflowError):
        return None, False
