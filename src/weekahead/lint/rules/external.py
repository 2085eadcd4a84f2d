"""Rules about addresses elsewhere that a server says are gone or have moved; see `lint.external_links`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weekahead.lint.rules.registry import NOTE, WARNING, Rule, declare_rule
from weekahead.lint.rules.text_helpers import excerpt

if TYPE_CHECKING:
    from weekahead.lint.external_links import Answer

GONE, MOVED, UNSURE = (
    declare_rule("link-gone", WARNING),
    declare_rule("link-moved", NOTE),
    declare_rule("link-unsure", NOTE),
)


def check_answer(address: str, answer: Answer) -> tuple[Rule, str, str] | None:
    """Return rule, message and hint for what a server said of an address; None if the page is there."""
    shorter = excerpt(address, 120)
    match answer.verdict:
        case "gone":
            return GONE, f'"{shorter}" is gone: {answer.detail}', "Look for it in a web archive, or leave it out."
        case "moved":
            return MOVED, f'"{shorter}" has moved to {answer.detail}', "Write the new address."
        case "unsure":
            return UNSURE, f'whether "{shorter}" is there cannot be told: {answer.detail}', "Open it yourself."
    return None
