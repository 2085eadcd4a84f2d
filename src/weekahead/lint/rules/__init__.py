"""Lint rules by subject. A new rule is a decorated function in one of these modules, and a section of docs/rules.md."""

from weekahead.lint.rules import (  # noqa: F401
    across_issues,
    claims,
    dates,
    foreign,
    frames,
    item_links,
    links,
    markup,
    references,
    structure,
    wording,
)
from weekahead.lint.rules.registry import RULES as RULES
from weekahead.lint.rules.registry import IssueFacts as IssueFacts
from weekahead.lint.rules.registry import lint_text as lint_text
from weekahead.lint.rules.registry import lint_title as lint_title
