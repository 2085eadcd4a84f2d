"""Findings: what is wrong, where, by which rule, and the next step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Location(Struct, frozen=True, order=True):
    """A position in one of the author's files. Lines and columns count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Severity(StrEnum):
    """An error stops a build; a warning does not; a note is a question that the author may answer with no."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """Something that the author can fix: where, how severe, by which rule, and the next step."""

    where: Location
    rule: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        line = f"{self.where}: {self.severity}: {self.message} [{self.rule}]"
        return f"{line}\n    {self.hint}" if self.hint else line


class TextFinding(Struct, frozen=True, kw_only=True):
    """A problem in a text that must not be published. `line` counts from 1 in the text, or in `file` if one is named."""

    rule: str
    words: str
    message: str
    hint: str
    line: int
    file: str = ""


class BuildError(Exception):
    """Raised when the letter cannot be built; carries every finding of the run, and in words what was written of it."""

    def __init__(self, findings: Iterable[Finding], outcome: str = "") -> None:
        self.findings, self.outcome = sort_findings(findings), outcome or "nothing was written"
        super().__init__("\n".join(map(str, self.findings)))


def build_error(where: Location | str, rule: str, message: str, hint: str = "") -> BuildError:
    """Return a BuildError of one finding; `where` may be the name of a file."""
    location = Location(where) if isinstance(where, str) else where
    return BuildError([Finding(location, rule, message, hint)])


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by file, line and column, each once; numbers in names as numbers, so that 9.md is before 10.md."""
    unique = dict.fromkeys(findings)
    by_file = {finding.where.file: _natural(finding.where.file) for finding in unique}

    def order(finding: Finding) -> tuple[object, ...]:
        return by_file[finding.where.file], finding.where, finding.rule, _natural(finding.message)

    return tuple(sorted(unique, key=order))


def _natural(words: str) -> list[str | int]:
    """Return words and the numbers between them in turn: two such lists compare as a person would sort them."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split("([0-9]{1,18})", words))]


def warning(where: Location, rule: str, message: str, hint: str = "") -> Finding:
    """Return a finding that does not stop a build."""
    return Finding(where, rule, message, hint, Severity.WARNING)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint: `Did you mean "title"?`, or the known words if none is near; "" if none is known."""
    from difflib import get_close_matches

    words = list(known)
    if not words:
        return ""
    match = get_close_matches(word, words, n=1, cutoff=0.6)
    return f'Did you mean "{match[0]}"?' if match else f"Known here: {', '.join(words)}."
