"""The rule about dates that do not fit the day on which an issue comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from weekahead.lint.rules.registry import WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, find_each, is_english, is_in_link, is_quoted, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown, Span

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
    r"(?i)\b(this|today|tomorrow|yesterday)(?:\s+(week|friday|monday|tuesday|wednesday|thursday|saturday|sunday|morning|weekend))?,?\s*(?:\(|of\s+|on\s+|is\s+)?\s*$"
)
"""Words right before a date that make it one of these days."""
_NEAR_OR_WEEKDAY = re.compile(rf"\b(?:[Tt]his|[Tt]oday|[Tt]omorrow|[Yy]esterday|{'|'.join(DAYS)})\b")
_NEAR_OR_WEEKDAY_WORDS = ("This", "this", "Today", "today", "Tomorrow", "tomorrow", "Yesterday", "yesterday", *DAYS)
_WELCOME = re.compile(
    r"(?i)\b(?:welcome (?:back )?to|hello,?|happy(?: new year)?,?)\s+(?:the (?:new )?year\s+|a new year,?\s+)?((?:19|20)\d\d)\b"
    r"(?!['’]|\s*[-–/]\s*\d)"
)
"""How a letter greets a year."""
_WELCOME_WORDS = ("elcome to", "elcome back to", "ello", "appy")
_PAST = re.compile(r"\b(?:was|were|had|did|wrote|said|titled|called|used to|could)\b")
_ANNOUNCED = re.compile(
    r"(?i)(?:(?:\A|[.!?:,;—–(*]|\b(?:please|and|or|then|now|can|should|must|may))\s*"
    r"\b(?:join us|meet us|register|sign up|rsvp|apply|submit|send (?:us|me)|book)\b[^.!?;:\n]{0,40}?\b(?:on|by|until|before|at)"
    r"|\bsee you\b[^.!?;:\n]{0,30}?\bon"
    r"|\b(?:is|are|takes? place|meets?|happens?|will (?:be|take place|meet|start|begin|open|close|happen|come out|end))"
    r"(?:\s+(?:now|again|still|next|held|due|open|closed|scheduled|planned|back|live|here|online)){0,2}\s+(?:on|by|until|for)"
    r"|\b(?:deadline|due date|closing date|next\s+[a-z]+(?:\s+[a-z]+)?)\s+(?:is|comes out|takes place|starts|begins)(?:\s+on)?"
    r"|\b(?:comes out|coming up|next\s+(?:week|month),?) on|\b(?:conference|meeting|event|festival|course|exhibition|sale) runs (?:from|until))"
    r"\s+(?:the\s+)?\Z"
)
"""Words right before a date, in its sentence, that announce it."""
_NOW = re.compile(r"(?i)(?:\A|[.!?]|[,;:—])\s*(?:it is|it['’]s)\s+(?:now\s+)?\Z")
"""Words right before a date that is the day of writing, if the sentence or its part ends with it."""
_SENTENCE = re.compile(r"[^.!?\n]*(?:\n(?!\s*\n)[^.!?\n]*)*\Z")
_BEFORE_DATELINE = re.compile(
    r"(?i)[\W_]*(?:(?:the\s+)?week of\s+|(?:issue|edition|number|no\.?|week)\s*#?\d+\s*[,·|:—–-]\s*|[^\W\d][\w .'’]{1,40}[,·|:—–-]\s*)?[\s*_(#]*"
)
"""What may stand before the date in a first line that is only a date."""
_THIS_YEAR = re.compile(r"(?i)\b(?:this year|so far this year)\b\s*(?:,|\(|:|in)?\s*((?:19|20)\d\d)\b")
_WEEK_OF = re.compile(r"(?i)^(?:the )?week of\b.*?\b((?:19|20)\d\d)\b")


@text_rule("stale-date", WARNING)
def check_dates(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield dates left over from another issue, dates with a wrong weekday, and last year's number in January."""
    day = facts.day
    if day is None or not is_english(facts) or day.year < 1900:
        return
    reported = set()
    for match in _find_dates(text.prose, is_january=day.month == 1):
        problem = _date_problem(text, match, day)
        if problem and not is_in_link(text, match.span()):
            reported.add(match.end())
            yield match.start(), *problem
    for start, end in (*_other_years(text, day), *_dateline(text, day), *_announced_dates(text, day)):
        if end not in reported:
            reported.add(end)
            words = text.text[start:end].lstrip("# ")
            when = day if str(day.year) in words or not words[-4:].isdigit() else day.year
            yield start, f'"{excerpt(words)}" is in an issue of {when}', LEFTOVER_HINT


def _other_years(text: ScannedMarkdown, day: date) -> Iterator[Span]:
    """Yield "this year (2021)", "welcome to 2021" and "week of September 9, 2020" in an issue of 2022."""
    prose = text.prose
    for place in find_each(prose, ("his year",)):
        year = _THIS_YEAR.search(prose, max(0, place - len("so far t")), place + 40)
        if year and int(year[1]) != day.year:
            yield year.span()
    for place in find_each(prose, _WELCOME_WORDS):
        year = _WELCOME.match(prose, place - 1) if place else None
        if year is None or _is_told(text, year) or prose[place - 2 : place - 1] in tuple("\"'“‘"):
            continue
        later = int(year[1]) - day.year
        if -10 <= later < 0 or (later == 1 and day.month <= 10):
            yield year.span()
    for heading in text.headings:
        year = _WEEK_OF.search(heading.title)
        if year and abs(int(year[1]) - day.year) > 1:
            yield heading.start, text.text.index(year[1], heading.start) + len(year[1])


def _is_told(text: ScannedMarkdown, match: re.Match[str]) -> bool:
    """Return whether a sentence is in the past up to a match, or somebody else's."""
    sentence = _SENTENCE.search(text.prose, max(0, match.start() - 120), match.start())
    return bool(
        (sentence and _PAST.search(sentence[0])) or is_quoted(text, match.start()) or is_in_link(text, match.span())
    )


def _dateline(text: ScannedMarkdown, day: date) -> Iterator[Span]:
    """Yield the date of an earlier issue that is all there is in the first line; not the first day of a diary."""
    first = text.blocks[0] if text.blocks and text.blocks[0].kind in ("paragraph", "heading") else None
    if first is None or sum(bool(_DATE.fullmatch(heading.title)) for heading in text.headings) > 1:
        return
    match = _DATE.search(text.prose, first.start, first.end)
    if match is None or re.search(r"\w", text.prose[match.end() : first.end]):
        return
    if not _BEFORE_DATELINE.fullmatch(text.prose, first.start, match.start()):
        return
    said, _ = _parse_date(match, day)
    if said and 10 < (day - said).days < 10 * 366:
        yield match.span()


def _announced_dates(text: ScannedMarkdown, day: date) -> Iterator[Span]:
    """Yield dates of earlier years that are announced: "register by 12 June 2023" in an issue of 2026."""
    prose = text.prose
    for place in find_each(prose, [str(year) for year in range(day.year - 9, day.year + 1)]):
        if prose.startswith("-", place + 4) and not prose[max(0, place - 2) : place - 1].isalpha():
            continue  # a date such as 2023-06-12 that no word stands before, as in lists of events
        match = _DATE.search(prose, max(0, place - 30), place + 10)
        said = _parse_date(match, day)[0] if match and match.start() <= place < match.end() else None
        if match is None or said is None or (day - said).days <= 31:
            continue
        sentence = _SENTENCE.search(prose, max(0, match.start() - 120), match.start())
        before = " ".join(sentence[0].split()) + " " if sentence else ""
        is_now = prose[match.end() : match.end() + 1] in (*".,!;\n", "") and _NOW.search(before)
        if (is_now or _ANNOUNCED.search(before)) and not _is_told(text, match):
            yield match.span()


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
