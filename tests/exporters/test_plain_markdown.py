"""Texts written out and put back, whatever they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.exporters.plain_markdown import Surroundings, write_out
from weekahead.source.plain_folder import is_read_as_is, put_back
from weekahead.source.theme_loader import load_theme
from weekahead.theme.i18n import load_translator

PIECES = [
    "/// note\n", "/// note | A *title*\n", "/// links\n", "/// references\n", "/// post | Ann\n", "/// table | T\n", "/// video | V\n",
    "///\n", "file: a.csv\n", "date: 2022-01-03\n", "address: https://x.example/\n", "\n", "\n\n", "Words. ", "Words.\n", "> ", "- ", "    ", "\t",
    "[a](b.md)", "[a](<b.md>)", "![a](b.md 'c')", "[a]: b.md\n", "[a][a]", "[a]", "`[a](b.md)`", "```\n", "<a href='b.md'>", "b.md",
    "doi:10.1093/comjnl/27.2.97 ", "[b.md](b.md)", "é🎉", "<!-- [a](b.md) -->", "[x](b.md#y)", "| a | b |\n|---|---|\n", "# ", "$[a](b.md)$",
]  # fmt: skip


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    addresses = {"b.md": "/issues/1-b/", "b.md#y": "/issues/1-b/#y"}
    translator = load_translator(load_theme(tmp_path_factory.mktemp("theme")), "en")
    return Surroundings(addresses=addresses, tables=(), translator=translator, maths=True)


@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=20))
def test_what_was_written_out_is_put_back(around: Surroundings, pieces: list[str]) -> None:
    text = "".join(pieces).strip("\n").rstrip()
    plain, changes = write_out(text, around)
    assert put_back(plain, changes) == text
    assert is_read_as_is(plain) or not changes


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[a](b.md) `[a](b.md)`", "[a](/issues/1-b/) `[a](b.md)`"),
        ("[a](b.md#y) b.md", "[a](/issues/1-b/#y) b.md"),
        ("/// note\nOne\n\n- two\n///\nThree", "> **Note**\n>\n> One\n>\n> - two\n\nThree"),
        ("One\n/// links\n- [x](b.md)\n///", "One\n\n- [x](/issues/1-b/)"),
        ("/// note | T\n///", "> **T**"),
        ("/// links\n\n///", "/// links\n\n///"),
        ("/// post | Ann\nHi.\n///", "> Hi.\n>\n> — Ann"),
        ("/// post | Ann\naddress: https://x.example/\nHi.\n///", "> Hi.\n>\n> — [Ann](https://x.example/)"),
        ("/// note\nnever ends", "/// note\nnever ends"),
    ],
)
def test_what_is_written(around: Surroundings, text: str, plain: str) -> None:
    assert write_out(text, around)[0] == plain
