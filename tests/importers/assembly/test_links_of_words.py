"""Addresses that stand in a text as words, which are no paths of the old site."""

from __future__ import annotations

import pytest

from weekahead.importers.assembly.links import rewrite_links
from weekahead.lint.scanned_markdown import LinkSpan


def elsewhere(link: LinkSpan) -> str:
    return "https://new.example/"


@pytest.mark.parametrize("words", ["someone+tag@mail.example", "www.site.example", "<someone@mail.example>"])
def test_mail_and_www_addresses_of_a_text_stay(words: str) -> None:
    text = f"Write to {words} today, or see [this](page.html).\n"
    assert rewrite_links(text, elsewhere, maths=False) == text.replace("page.html", "https://new.example/")


def test_bare_addresses_with_a_scheme_are_led() -> None:
    assert rewrite_links("See https://old.example/x now.\n", elsewhere, maths=False) == (
        "See [https://old.example/x](https://new.example/) now.\n"
    )
