"""Rules about pages elsewhere that are gone, have moved or could not be checked; see `lint.external_links`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weekahead.lint.rules.registry import NOTE, WARNING, Rule, declare_rule
from weekahead.lint.rules.text_helpers import excerpt

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkStatus

GONE = declare_rule("link-gone", WARNING)
MOVED = declare_rule("link-moved", NOTE)
UNSURE = declare_rule("link-unsure", NOTE)


def check_status(address: str, status: LinkStatus) -> tuple[Rule, str, str] | None:
    """Return rule, message and hint for the status of an address; None if it is fine."""
    shorter = excerpt(address, 120)
    match status.verdict:
        case "gone":
            return GONE, f'"{shorter}" is gone: {status.detail}', "Link to a copy in a web archive, or remove the link."
        case "moved":
            return MOVED, f'"{shorter}" has moved to {status.detail}', "Use the new address."
        case "unsure":
            return UNSURE, f'could not check "{shorter}": {status.detail}', "Open it yourself."
    return None
