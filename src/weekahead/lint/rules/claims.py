"""Rules about what a text or title says of its own issue: its number and its part of a series."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, TitleProblem, text_rule, title_rule
from weekahead.lint.rules.text_helpers import COUNT, excerpt, find_each, is_in_link, parse_count
from weekahead.lint.scanned_markdown import ScannedMarkdown

AGREE_HINT = "Change one of the two."

_UNITS = r"part|week|edition|episode|lecture|instal?lment|chapter|issue|number"
_PART_OF = re.compile(rf"(?i)\b({_UNITS})\s+{COUNT}\s*(?:of|/|out of)\s*{COUNT}\b")
_PART_IN_TITLE = re.compile(rf"(?i)(?:\b(?:{_UNITS})\s+|\()(\d{{1,2}})\s*(?:/|of)\s*(\d{{1,2}})\b")
_REFERS_TO_OTHER = re.compile(
    r"(?i)\b(?:in|from|since|last|next|previous|after|before|see|was|with|until|by)\s+(?:week['’]s\s+)?\W*$"
)
"""Words before "part 7 of 8" that make it another part than this one."""


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
        before = text.prose[max(0, match.start() - 24) : match.start()]
        if is_in_link(text, match.span()) or (is_same_total and _REFERS_TO_OTHER.search(before)):
            continue
        message = f'the text says "{excerpt(match[0])}", but front matter says {_part_in_front_matter(facts)}'
        yield match.start(), message, AGREE_HINT


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


_ORDINAL = r"(\d{1,4})(?:st|nd|rd|th)"
_OPENINGS = ("his is", "elcome to", "ou're reading", "ou’re reading", "ou are reading", "ere is")
"""How a letter begins to speak of itself, without the first letter, which may be a capital."""
_THIS_ISSUE = re.compile(
    r"(?i)(?:\b(?:this is|welcome to|you(?:['’]re| are) reading|here is)\s+(?:the\s+)?(?:\w+\s+){0,2}?"
    rf"(?:(?:week|issue|edition|number|no\.|letter)\s+#?(\d{{1,4}})\b|{_ORDINAL}\s+(?:week|issue|edition|letter)\b))"
)
_OF_LETTER = re.compile(
    rf"(?i)\b(?:(?:week|issue|edition)\s+(\d{{1,4}})|{_ORDINAL}\s+(?:week|issue|edition))\s+of\s+[*_\[]*$"
)
"""What stands before the letter's title, where it says which number this is."""


@text_rule("number-disagrees", WARNING)
def check_number_in_text(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield "Welcome to week 86" in number 87."""
    if facts.number is None:
        return
    for match, end in (*_openings(text.prose), *_mentions(text.prose, facts.letter_title)):
        if int(match[1] or match[2]) != facts.number and not is_in_link(text, match.span()):
            message = f'the text says "{excerpt(text.prose[match.start() : end])}", but this is number {facts.number}'
            yield match.start(), message, AGREE_HINT


def _openings(prose: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a letter says which number this is, and where these words end."""
    for place in find_each(prose, _OPENINGS):
        if place and (match := _THIS_ISSUE.match(prose, place - 1)):
            yield match, match.end()


def _mentions(prose: str, title: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a number stands before the letter's title, and where the title ends."""
    for place in find_each(prose, {title, title.lower()} - {""}):
        if match := _OF_LETTER.search(prose, max(0, place - 60), place):
            yield match, place + len(title)


@title_rule("number-disagrees", WARNING)
def check_number_in_title(facts: IssueFacts) -> Iterator[TitleProblem]:
    """Yield a title such as "Week 86: MLOps" of number 87."""
    if facts.number is None:
        return
    letter = re.escape(facts.letter_title) if facts.letter_title else r"(?!)"
    for match in re.finditer(
        rf"(?i)(?:^(?:week|issue|no\.?|number)\s*#?|^#|^{letter}\W{{1,3}}(?:issue|week|no\.?|#)?\s*)(\d{{1,4}})\b",
        facts.title,
    ):
        if int(match[1]) != facts.number and not 1900 <= int(match[1]) <= 2100:
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
