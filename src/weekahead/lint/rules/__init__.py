"""Lint rules by subject. A new rule is a decorated function in one of these modules, and a section of docs/rules.md."""

from weekahead.lint.rules import across_issues, claims, dates, external, foreign, links, markup, structure, wording  # noqa: F401
from weekahead.lint.rules.registry import (
    RULES,
    IssueFacts,
    Link,
    LintFinding,
    Rule,
    ScannedLetter,
    TextScan,
    lint_letter,
    lint_text,
    lint_title,
)

__all__ = [
    "RULES",
    "IssueFacts",
    "Link",
    "LintFinding",
    "Rule",
    "ScannedLetter",
    "TextScan",
    "lint_letter",
    "lint_text",
    "lint_title",
]
