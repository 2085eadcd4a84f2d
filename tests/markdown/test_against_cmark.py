"""Made documents have the structure that GitHub's own converter gives them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tests.markdown.compare import difference_of, is_newer, made_documents, smallest

DOCUMENTS = int(os.environ.get("DOCUMENTS", "250"))
"""`make markdown` makes thousands."""
ENOUGH = 0.99


def nearly_all_agree(found: Iterable[tuple[str, str]]) -> None:
    """Raise unless nearly all have the structure of cmark-gfm's, or what differs is as markdown-it has it.

    cmark-gfm is of CommonMark 0.29; where 0.31 says something else, markdown-it follows it.
    """
    differs = [(name, text, difference_of(text)) for name, text in found]
    wrong = [f"== {name}: {text!r}\n{diff}" for name, text, diff in differs if diff and not is_newer(smallest(text))]
    assert len(wrong) <= (1 - ENOUGH) * len(differs), f"{len(wrong)} of {len(differs)} differ:\n" + "\n".join(wrong)


def test_made_documents() -> None:
    nearly_all_agree([*made_documents(DOCUMENTS)])
