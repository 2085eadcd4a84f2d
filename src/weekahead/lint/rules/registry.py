"""The table of lint rules: their names, severities and the functions that check for them.

A check yields problems; it opens no file and never stops a build. `@text_rule` declares a check of one Markdown text,
`@title_rule` one of an issue's title, `@letter_rule` one that compares issues or looks at their files. Each rule was made
from a mistake in a real letter; docs/rules.md explains it to authors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from msgspec import Struct

from weekahead.lint.scanned_markdown import ScannedMarkdown
from weekahead.model.findings import Location, Severity
from weekahead.model.issue import Issue, Text
from weekahead.model.letter import Letter

NOTE, WARNING = Severity.NOTE, Severity.WARNING


class IssueFacts(Struct, frozen=True, array_like=True):
    """The facts about a text's issue that rules compare it with; None or empty where there are none."""

    language: str = "en"
    letter_title: str = ""
    title: str = ""
    number: int | None = None
    day: date | None = None
    part: int | None = None
    of: int | None = None
    maths: bool = False
    """Whether `$` encloses formulas in it."""
    lines_above: int = 0
    """Lines of the file above the text, for messages that name another line."""
    frames: bool = False
    """Whether frames of videos stay in it."""


Fix = tuple[int, int, str]
"""Start and end of a span of the text, and its replacement."""


class LintFinding(Struct, frozen=True, array_like=True):
    """A problem in a text, by line and column of the text, with a fix if one is safe."""

    rule: str
    line: int
    column: int
    message: str
    hint: str
    fix: Fix | None = None


class Link(Struct, frozen=True, array_like=True):
    """An address in a text, its line and column there, and the heading above it."""

    address: str
    line: int
    column: int
    section: str = ""


class TextScan(Struct, frozen=True, array_like=True):
    """What the linter keeps of one text: problems, pictures, and the first link of each list item, its address normalized."""

    findings: tuple[LintFinding, ...] = ()
    pictures: tuple[Link, ...] = ()
    item_links: tuple[Link, ...] = ()


class ScannedLetter(Struct, frozen=True):
    """A letter with the scans of its texts, for rules that compare issues."""

    letter: Letter
    issues: Sequence[Issue]
    """By date."""
    scan: Callable[[Text, Issue], TextScan]
    file_size: Callable[[str], int]
    """Bytes of a file of the letter, by its path from the letter's root."""


TextProblem = tuple[int, str, str] | tuple[int, str, str, Fix]
"""Offset in the text, message and hint; and a fix if one is safe."""
TitleProblem = tuple[str, str]
"""Message and hint."""
LetterProblem = tuple[Location, str, str]
"""Location, message and hint."""

TextCheck = Callable[[ScannedMarkdown, IssueFacts], Iterable[TextProblem]]
TitleCheck = Callable[[IssueFacts], Iterable[TitleProblem]]
LetterCheck = Callable[[ScannedLetter], Iterable[LetterProblem]]
Check = TypeVar("Check", TextCheck, TitleCheck, LetterCheck)


class Rule(Struct, frozen=True):
    """A rule's name and severity; in drafts, which are unfinished, some rules are milder."""

    name: str
    severity: Severity
    severity_in_drafts: Severity


RULES: dict[str, Rule] = {}
"""Every lint rule by name. All can be waived with `allow:`."""

TEXT_CHECKS: dict[str, TextCheck] = {}
TITLE_CHECKS: dict[str, TitleCheck] = {}
LETTER_CHECKS: dict[str, LetterCheck] = {}


def declare_rule(name: str, severity: Severity, in_drafts: Severity | None = None) -> Rule:
    RULES[name] = Rule(name, severity, in_drafts or severity)
    return RULES[name]


def _rule(
    checks: dict[str, Check], name: str, severity: Severity, in_drafts: Severity | None = None
) -> Callable[[Check], Check]:
    """Declare the rule that the decorated function checks for."""
    declare_rule(name, severity, in_drafts)

    def add(check: Check) -> Check:
        checks[name] = check
        return check

    return add


text_rule = partial(_rule, TEXT_CHECKS)
title_rule = partial(_rule, TITLE_CHECKS)
letter_rule = partial(_rule, LETTER_CHECKS)


def lint_text(text: ScannedMarkdown, facts: IssueFacts) -> list[LintFinding]:
    """Return the problems of every text rule, by line and column."""
    findings = []
    for name, check in TEXT_CHECKS.items():
        for offset, message, hint, *fix in check(text, facts):
            findings.append(LintFinding(name, *text.position(offset), message, hint, fix[0] if fix else None))
    return sorted(findings, key=lambda finding: (finding.line, finding.column, finding.rule))


def lint_title(facts: IssueFacts) -> list[tuple[str, str, str]]:
    """Return rule, message and hint for each problem of an issue's title."""
    return [(name, *problem) for name, check in TITLE_CHECKS.items() for problem in check(facts)]


def lint_letter(letter: ScannedLetter) -> list[tuple[str, Location, str, str]]:
    """Return rule, location, message and hint for each problem that comparing issues shows."""
    return [(name, *problem) for name, check in LETTER_CHECKS.items() for problem in check(letter)]
