"""Exports that are not read, and what their authors are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.importers.exports import one_page_each as exports
from tests.importers.rooms import write_zip

from weekahead.importers.platforms.registry import platform_of, platforms
from weekahead.importers.platforms.unsupported import advice
from weekahead.importers.source_files import open_source
from weekahead.model.findings import BuildError


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("subscribers.csv", "id,email,first_name,status,created_at,tags\n1,a@x.example,A,active,2024,x\n", "Kit"),
        ("list.csv", "Email Address,First Name\na@x.example,A\n", "Export the posts"),
        ("posts/html/12345.html", "<p>x</p>", "Tumblr"),
        ("Articles/Articles/one.html", "<p>x</p>", "LinkedIn"),
        ("page.html", '<img src="https://static.wixstatic.com/x.png">', "Wix"),
        ("page.html", '<img src="https://images.squarespace-cdn.com/x.png">', "Squarespace"),
        ("inner/substack.zip", "PK", "unpack it"),
        ("ghost.json", '{"db": [', "ghost.json is damaged"),
        ("One 0123456789abcdef0123456789abcdef.html", "<p>x</p>", "Notion"),
    ],
)
def test_a_known_system_has_advice(tmp_path: Path, name: str, text: str, words: str) -> None:
    with open_source(write_zip(tmp_path / "export.zip", {"folder.txt": "x", name: text})) as files:
        assert words in (advice(files) or "")


@pytest.mark.parametrize("members", [exports.medium(), {"posts.csv": exports.beehiiv()}, {"notes.md": "# Notes"}])
def test_others_have_none(tmp_path: Path, members: exports.Members) -> None:
    with open_source(write_zip(tmp_path / "export.zip", members)) as files:
        assert advice(files) is None


@pytest.mark.parametrize("members", [{}, {"a.txt": ""}])
def test_an_empty_export_is_called_so(tmp_path: Path, members: exports.Members) -> None:
    with (
        open_source(write_zip(tmp_path / "export.zip", members)) as files,
        pytest.raises(BuildError, match="this is empty"),
    ):
        platform_of(files, "", platforms())
