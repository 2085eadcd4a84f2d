"""`weekahead export ghost`: a file that Ghost's importer takes, read by its rules."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import NOON, Folder, Said, issue_text
from tests.harness import files

from weekahead.exporters.ghost import export_ghost

Run = Callable[..., Said]
Rows = list[dict[str, Any]]


def read(path: Path) -> tuple[dict[str, Rows], set[str]]:
    """The tables of an import file, and the names of the other files in the zip."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        [database] = json.loads(archive.read("ghost.json"))["db"]
        return database["data"], {*archive.namelist()} - {"ghost.json"}


def card(post: dict[str, Any]) -> str:
    """The HTML of a post's one card."""
    root = json.loads(post["lexical"])["root"]
    [only] = root["children"]
    assert (root["type"], only["type"]) == ("root", "html")
    assert only["html"] in post["html"]
    return str(only["html"])


@pytest.fixture
def ghost(rich: Folder, tmp_path: Path) -> tuple[dict[str, Rows], set[str]]:
    export_ghost(rich.root, tmp_path / "ghost.zip", as_of=NOON)
    return read(tmp_path / "ghost.zip")


def test_a_post_has_what_ghost_has_a_place_for(ghost: tuple[dict[str, Rows], set[str]]) -> None:
    data, _ = ghost
    [post] = [post for post in data["posts"] if post["slug"] == "second"]
    said = {key: post[key] for key in ("title", "type", "status", "visibility", "published_at", "custom_excerpt")}
    assert said == {
        "title": "Second: a “letter”",
        "type": "post",
        "status": "published",
        "visibility": "public",
        "published_at": "2022-01-14T16:00:00.000Z",
        "custom_excerpt": "What it is about.",
    }
    assert post["feature_image"] == "__GHOST_URL__/content/images/weekahead/issues/2-second/cover.png"
    assert data["posts_meta"] == [{"post_id": post["id"], "feature_image_alt": "A cover"}]
    [page] = [post for post in data["posts"] if post["type"] == "page"]
    assert (page["slug"], page["status"]) == ("about", "published")


def test_tags_and_authors_belong_to_it_in_their_order(ghost: tuple[dict[str, Rows], set[str]]) -> None:
    data, _ = ghost
    [post] = [post for post in data["posts"] if post["slug"] == "second"]
    for table, key, names in (
        ("tags", "tag_id", ["x", "C++", "Basics"]),
        ("users", "author_id", ["Ann", "Bob Example"]),
    ):
        labels = {row["id"]: row["name"] for row in data[table]}
        joined = "posts_tags" if table == "tags" else "posts_authors"
        rows = sorted((row["sort_order"], labels[row[key]]) for row in data[joined] if row["post_id"] == post["id"])
        assert [name for _, name in rows] == names
    assert {row["slug"] for row in data["tags"]} >= {"c-plus-plus", "basics"}
    assert {row["email"] for row in data["users"]} == {
        "author@letter.example",
        "ann@example.com",
        "bob-example@example.com",
    }


def test_links_pictures_and_audio_lead_to_ghost_and_the_rest_to_the_site(
    ghost: tuple[dict[str, Rows], set[str]],
) -> None:
    data, names = ghost
    html = card(next(post for post in data["posts"] if post["slug"] == "second"))
    assert '<a href="__GHOST_URL__/first/">link</a>' in html
    assert '<a href="__GHOST_URL__/first/#top">the first</a>' in html
    assert 'src="__GHOST_URL__/content/images/weekahead/issues/2-second/dot.png"' in html
    assert 'href="__GHOST_URL__/content/media/weekahead/issues/2-second/said.wav"' in html
    assert 'href="https://letter.example/issues/2-second/stars.csv"' in html
    assert "<td>a|b</td>" in html or ">a|b</th>" in html
    about = card(next(post for post in data["posts"] if post["slug"] == "about"))
    assert '<a href="__GHOST_URL__/second/">the second</a>' in about
    named = {*re.findall(r"__GHOST_URL__/(content/[^\"]+)", html)}
    assert named <= names


def test_the_zip_has_only_kinds_of_files_that_ghost_takes(ghost: tuple[dict[str, Rows], set[str]]) -> None:
    _, names = ghost
    assert {name.rpartition(".")[2] for name in names} == {"png", "wav"}
    assert all(name.startswith(("content/images/", "content/media/")) for name in names)


def test_a_slug_is_used_once(rich: Folder, tmp_path: Path) -> None:
    rich.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", slug="Second"))
    rich.write("issues/0003-third.md", issue_text(3, "2022-01-21", "Third", slug="about"))
    export_ghost(rich.root, tmp_path / "ghost.zip", as_of=NOON)
    slugs = [post["slug"] for post in read(tmp_path / "ghost.zip")[0]["posts"]]
    assert len({slug.lower() for slug in slugs}) == len(slugs)
    assert {"about-2", "Second-2"} <= set(slugs)


def test_what_is_not_public_is_a_draft_and_only_if_asked_for(rich: Folder, tmp_path: Path) -> None:
    rich.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    export_ghost(rich.root, tmp_path / "ghost.zip", as_of=NOON)
    data, names = read(tmp_path / "ghost.zip")
    assert "PRIVATE" not in json.dumps(data)
    assert {post["status"] for post in data["posts"]} == {"published"}
    assert not [name for name in names if "small" in name]
    export_ghost(rich.root, tmp_path / "ghost.zip", as_of=NOON, drafts=True)
    data, _ = read(tmp_path / "ghost.zip")
    drafts = {post["slug"]: post["published_at"] for post in data["posts"] if post["status"] == "draft"}
    assert drafts == {"x": None, "small": None, "later": None}


def test_the_same_letter_is_the_same_file(rich: Folder, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        export_ghost(rich.root, tmp_path / name, as_of=NOON)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize("content", [b"Mine.", b"PK\x05\x06" + bytes(18)], ids=["text", "another zip"])
def test_a_file_of_others_is_not_overwritten(rich: Folder, tmp_path: Path, run: Run, content: bytes) -> None:
    (tmp_path / "ghost.zip").write_bytes(content)
    said = run("export", "ghost", tmp_path / "ghost.zip", "--root", rich.root)
    assert (said.status, "[not-ours]" in said.err) == (1, True)
    assert (tmp_path / "ghost.zip").read_bytes() == content


def test_the_command_says_what_it_wrote_and_leaves_nothing_beside(rich: Folder, tmp_path: Path, run: Run) -> None:
    (tmp_path / "out").mkdir()
    for _ in range(2):
        said = run("export", "ghost", tmp_path / "out/ghost.zip", "--root", rich.root)
        assert said.out == f"{tmp_path / 'out/ghost.zip'}: 5 issues and 1 page; 3 files of pictures and audio.\n"
    assert [*files(tmp_path / "out")] == ["ghost.zip"]
    rich.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", "[gone](gone.md)"))
    before = (tmp_path / "out/ghost.zip").read_bytes()
    assert run("export", "ghost", tmp_path / "out/ghost.zip", "--root", rich.root).status == 1
    assert (tmp_path / "out/ghost.zip").read_bytes() == before


@pytest.mark.parametrize("place", ["issues/x.zip", "site/x.zip", ".weekahead/x.zip"])
def test_a_place_of_the_letters_own_is_refused(rich: Folder, run: Run, place: str) -> None:
    rich.build()
    said = run("export", "ghost", rich.root / place, "--root", rich.root)
    assert (said.status, "[output-folder]" in said.err) == (1, True)
    assert not (rich.root / place).exists()
