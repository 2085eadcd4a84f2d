"""Rules about what a text or title says of its own issue: its number and its part of a series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, TitleProblem, text_rule, title_rule
from weekahead.lint.rules.text_helpers import COUNT, excerpt, find_each, is_in_link, is_quoted, parse_count
from weekahead.lint.scanned_markdown import ScannedMarkdown

AGREE_HINT = "Change one of the two."

_UNITS = r"part|week|edition|episode|lecture|instal?lment|chapter|issue|number"
_PART_OF = re.compile(rf"(?i)\b({_UNITS})\s+{COUNT}\s*(?:of|/|out of)\s*{COUNT}\b(?![.,]\d)")
_PART_IN_TITLE = re.compile(rf"(?i)(?:\b(?:{_UNITS})\s+|\()(\d{{1,2}})\s*(?:/|of)\s*(\d{{1,2}})\b(?![./]\d)")
_REFERS_TO_OTHER = re.compile(
    r"(?i)\b(?:(?:in|from|since|after|before|see|was|with|until|by)\s+(?:week['’]s\s+)?\W*"
    r"|(?:last|next|previous(?:ly)?|earlier|yesterday|tomorrow|then|ago|coming|upcoming)\b(?:(?!\bthis\b)[^.!?\n\d]){0,40})$"
)
"""Words before "part 7 of 8" that make it another part than this one."""
_TOLD_OF_OTHER = re.compile(
    r"(?i)\W{0,3}(?:(?:was|were|had|will|came|comes|follow(?:s|ed)|appeared|covered|showed|explained|introduced)\b"
    r"|(?:out\s+)?(?:last|next)\s+(?:week|month|time)\b)"
)
"""Words after it that do the same."""


@text_rule("part-disagrees", WARNING)
def check_part_in_text(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield "part 7 of 8" in a text whose front matter says part 8."""
    if facts.part is None:
        return
    for match in _PART_OF.finditer(text.prose):
        part, of = parse_count(match[2]), parse_count(match[3])
        is_same_total = facts.of is None or of == facts.of
        if part == facts.part and is_same_total:
            continue
        before, after = _around(text.prose, match.start(), match.end())
        is_other = _REFERS_TO_OTHER.search(before) or _TOLD_OF_OTHER.match(after)
        if is_in_link(text, match.span()) or is_quoted(text, match.start()) or (is_same_total and is_other):
            continue
        message = f'the text says "{excerpt(match[0])}", but front matter says {_part_in_front_matter(facts)}'
        yield match.start(), message, AGREE_HINT


def _around(prose: str, start: int, end: int) -> tuple[str, str]:
    """Return some words before and after a place."""
    return prose[max(0, start - 60) : start], prose[end : end + 60]


@title_rule("part-disagrees", WARNING)
def check_part_in_title(facts: IssueFacts) -> Iterator[TitleProblem]:
    """Yield "(7/8)" in a title whose front matter says part 8."""
    for match in _PART_IN_TITLE.finditer(facts.title) if facts.part is not None else ():
        part, of = int(match[1]), int(match[2])
        if part != facts.part or (facts.of is not None and of != facts.of):
            message = f'the title says "{excerpt(match[0])}", but front matter says {_part_in_front_matter(facts)}'
            yield message, AGREE_HINT


def _part_in_front_matter(facts: IssueFacts) -> str:
    return f"part {facts.part}" + (f" of {facts.of}" if facts.of else "")


_NUMBER = r"(\d{1,4})(?![\w%]|[.,:/×–-]\d|[\s'’]\d{3}\b)"
"""A number of an issue, and not the beginning of a version, of a date, of thousands or of a range."""
_ORDINAL = r"(\d{1,4})(?:st|nd|rd|th)"
_KINDS = r"week|issue|edition|(?:news)?letter"
_NUMBERED = rf"(?:(?P<kind>{_KINDS})(?:\s+(?:number|no\.?))?\s*\#?\s*|(?P<sign>number\s+|no\.\s*|\#))"
"""What stands before the number of an issue."""
_OPENINGS = (
    "his is",
    "his issue #",
    "his Issue #",
    "his edition #",
    "elcome to",
    "elcome back to",
    "ou're reading",
    "ou’re reading",
    "ou are reading",
    "ere is",
)
"""How a letter begins to speak of itself, without the first letter, which may be a capital."""
_OPENING = (
    r"(?:this(?: is|(?= (?:issue|edition) \#))|welcome (?:back )?to|you(?:['’]re| are) reading|here is)\s+"
    r"(?:(?:the|our|my|your|an?|another|this|just|only|already|now|finally|special|double|new|latest|very|late|belated)\s+){0,3}"
)
_HEADLINE_END = r"(?=\W*(?:\n|\Z)|[*_)”\"]*\s*[:;,.!|·•—–-]|\s+is\s+(?:here|out|about|late|ready|finally)\b)"
_TITLE_END = r"(?=\s*(?:\Z|[^\w\s])|(?-i:\s+[A-Z]))"


@lru_cache(maxsize=32)
def _patterns(title: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what an opening, a first line, the words before the letter's title, and a title look like."""
    letter = re.escape(title) if title else "(?!)"
    named = rf"(?:(?:{letter}|newsletter)[*_”\"’]*\W{{1,3}})?"
    return (
        re.compile(rf"(?i){_OPENING}[*_“\"]*{named}(?:{_NUMBERED}{_NUMBER}|{_ORDINAL}\s+(?:{_KINDS})\b)"),
        re.compile(
            rf"(?i)[\s#*_]*{named}(?P<kind>issue|edition|newsletter)\s*(?:no\.?|number)?\s*\#?\s*{_NUMBER}{_HEADLINE_END}"
        ),
        re.compile(rf"(?i)(?:(?P<kind>{_KINDS})\s+\#?{_NUMBER}|{_ORDINAL}\s+(?:week|issue|edition))\s+of\s+[*_\[]*$"),
        re.compile(
            rf"(?i){named}{_NUMBERED}{_NUMBER}{_TITLE_END}|{letter}(?!-)\W{{1,3}}{_NUMBER}(?=\s*(?:\Z|[^\w\s]))"
        ),
    )


@text_rule("number-disagrees", WARNING)
def check_number_in_text(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield "Welcome to week 86" in number 87."""
    if facts.number is None:
        return
    reported = set()
    for match, end in (*_openings(text, facts), *_first_words(text, facts), *_mentions(text.prose, facts.letter_title)):
        is_elsewhere = is_in_link(text, match.span()) or is_quoted(text, match.start())
        place = match.end(_number_group(match))
        if _is_other_number(match, facts) and not is_elsewhere and place not in reported:
            reported.add(place)
            start = match.start() + len(match[0]) - len(match[0].lstrip("#*_ \n"))
            message = f'the text says "{excerpt(text.prose[start:end])}", but this is number {facts.number}'
            yield start, message, AGREE_HINT


def _number_group(match: re.Match[str]) -> int:
    """Return which group of a match of one of the patterns has the number."""
    return next(index for index, words in enumerate(match.groups(), 1) if words and words.isdigit())


def _is_other_number(match: re.Match[str], facts: IssueFacts) -> bool:
    """Return whether a match of one of the patterns is of another number than the issue's, and likely meant as its own.

    A year, the week of the year and the part of the series are none, nor is one far away after "#" or "issue": a bug's.
    """
    said = int(match[_number_group(match)])
    kind = (match.groupdict().get("kind") or "").lower()
    if facts.number is None or said in (facts.number, facts.part) or 1900 <= said <= 2100:
        return False
    if kind == "week" and facts.day and abs(said - facts.day.isocalendar().week) <= 1:
        return False
    may_be_a_bug = "#" in match[0] or kind in ("", "issue")
    return not may_be_a_bug or abs(said - facts.number) <= max(20, facts.number // 2)


_OF_SOMETHING = re.compile(r"\s+(of|in|on|at)\s+[*_“\"\[]*")
_A_LETTER = re.compile(r"(?i)(?:[\w’']+\s+){0,4}?(?:[\w-]*letter|weekly|digest|bulletin)\b")


def _openings(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a letter says which number this is, and where these words end."""
    prose, title = text.prose, facts.letter_title
    opening = _patterns(title)[0]
    for place in find_each(prose, _OPENINGS):
        match = opening.match(prose, place - 1) if place else None
        if match is None or prose[place - 2 : place - 1].isalnum():
            continue
        something = _OF_SOMETHING.match(prose, match.end())
        rest = prose[something.end() :][:80] if something else ""
        is_of_letter = bool(title) and rest.lower().startswith(title.lower())
        if something is None or is_of_letter or _A_LETTER.match(rest):
            yield match, match.end()


def _first_words(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[tuple[re.Match[str], int]]:
    """Yield a number in the first words of one of the first three blocks, or of the first heading: "Issue #7"."""
    pattern = _patterns(facts.letter_title)[1]
    blocks = [block.start for block in text.blocks[:3] if block.kind in ("paragraph", "heading")]
    for start in sorted({*blocks, *(heading.start for heading in text.headings[:1])}):
        if match := pattern.match(text.prose, start):
            yield match, match.end()


_SENTENCE_START = re.compile(r"(?:\A|[.!?]|\n[ \t]*\n)[\s*_#\"“(]*(?:[Tt]he\s+|[Oo]ur\s+)?\Z")


def _mentions(prose: str, title: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a sentence begins with a number and the letter's title, in either order, and where these words end."""
    _, headline, before_title, _ = _patterns(title)
    for place in find_each(prose, {title, title.lower()} - {""}):
        end = place + len(title)
        match = before_title.search(prose, max(0, place - 60), place)
        if match is None and (match := headline.match(prose, place)):
            end = match.end()
        if match is None:
            continue
        before, after = _around(prose, match.start(), end)
        if _SENTENCE_START.search(before) and not _TOLD_OF_OTHER.match(after.lstrip('*_]”"')):
            yield match, end


@title_rule("number-disagrees", WARNING)
def check_number_in_title(facts: IssueFacts) -> Iterator[TitleProblem]:
    """Yield a title such as "Week 86: MLOps" of number 87."""
    match = _patterns(facts.letter_title)[3].match(facts.title)
    if match and _is_other_number(match, facts):
        message = f'the title says "{excerpt(match[0])}", but this is number {facts.number}'
        yield message, AGREE_HINT


LONGEST_TITLE = 69
"""Characters. With "Subject: " before them they fill a line of 78 (RFC 5322, 2.1.1)."""


@title_rule("long-title", NOTE)
def check_title_length(facts: IssueFacts) -> Iterator[TitleProblem]:
    """Yield a title that mail programs cut off."""
    if len(facts.title) > LONGEST_TITLE:
        message = f"the title has {len(facts.title)} characters, but mail programs show at most {LONGEST_TITLE}"
        yield message, "Shorten it, or put the important words first."
