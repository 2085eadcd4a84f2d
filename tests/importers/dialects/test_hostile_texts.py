"""Texts that are made to be slow are read in one go: each is done long before its test's patience ends."""

from __future__ import annotations

import pytest
from tests.importers.dialects.test_laws import DIALECTS, notes

from weekahead.importers.dialects.converter import convert_markdown
from weekahead.runtime.cpu_limit import cpu_limit

SECONDS = 20.0
"""Of the processor; what grows as the square of these texts takes minutes."""


@pytest.mark.parametrize(
    "text",
    ["^[" * 8000, "[[" * 8000, "{{< a b=" * 4000, "{% a b" * 4000, "{{ a(b" * 4000, "{% raw %}`x`{% endraw %}\n" * 1500, "{% raw %}`" * 3000, "%%" * 8001, ":::note\n" * 1500, "$a" * 8000],
    ids=["footnotes", "links", "shortcodes", "tags", "calls", "raw", "open-raw", "comments", "containers", "formulas"],
)  # fmt: skip
def test_a_hostile_text_is_read_in_one_go(text: str) -> None:
    with cpu_limit(SECONDS):
        for passes in (DIALECTS["plain"], DIALECTS["obsidian"], DIALECTS["zola"]):
            assert convert_markdown(text, passes, notes()).markdown is not None
