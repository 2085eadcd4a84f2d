"""Which site a folder is, and dates that stand in odd places."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.importers.exports import eleventy, hugo, jekyll, notes, pelican, zola
from tests.importers.rooms import read, write_folder, write_zip

from weekahead.importers.platforms.folders.sites import Site, find_sites
from weekahead.importers.platforms.folders.values import flag_of, list_of
from weekahead.importers.platforms.zola import PLATFORM as ZOLA
from weekahead.importers.source_files import open_source

Members = dict[str, str | bytes]
POST = "---\ntitle: A post\ndate: 2024-01-01\n---\nx\n"


def sites(path: Path) -> tuple[Site, ...]:
    with open_source(path) as files:
        return find_sites(files)


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (jekyll.letter(), "jekyll"), (jekyll.bare(), "jekyll"), (hugo.letter(), "hugo"), (hugo.bare(), "hugo"),
        (zola.letter(), "zola"), (zola.bare(), "zola"), (pelican.letter(), "pelican"), (pelican.bare(), "pelican"),
        (eleventy.letter(), "eleventy"), (notes.vault(), "obsidian"), (notes.blog(), "mkdocs"), (notes.plain(), "markdown"),
        ({"eleventy.config.js": "", "content/a.md": POST}, "eleventy"),
        ({"hugo.yaml": "baseURL: x", "content/a.md": POST, "content/.obsidian/app.json": "{}"}, "hugo"),
        ({".obsidian/app.json": "{}", "content/a.md": POST}, "obsidian"),
        ({"config.toml": 'base_url = "https://a.example"', "content/a.md": POST}, "zola"),
        ({"config.toml": 'baseURL = "https://a.example"', "content/a.md": POST}, "hugo"),
        ({"mkdocs.yml": "site_name: x", "docs/blog/posts/a.md": POST}, "mkdocs"),
        ({"one.md": "x"}, "markdown"),
    ],
)  # fmt: skip
def test_a_site_is_told_by_its_files(members: Members, kind: str, tmp_path: Path) -> None:
    assert sites(write_folder(tmp_path / "folder", members)) == (Site(kind, ""),)
    assert sites(write_zip(tmp_path / "export.zip", members))[0].kind == kind
    inside: Members = {f"deep/er/{name}": data for name, data in members.items()}
    (found,) = sites(write_folder(tmp_path / "inside", inside | {"x.txt": "x"}))
    assert found == (Site(kind, "deep/er/") if kind not in ("markdown",) else Site(kind, ""))


@pytest.mark.parametrize("members", [{"a.txt": "x"}, {"feed.xml": "<rss/>"}, {"posts/1.x.html": "<p>x</p>"}, {}])
def test_what_has_no_markdown_is_no_site(members: Members, tmp_path: Path) -> None:
    assert sites(write_folder(tmp_path, members)) == ()


def test_a_date_in_the_path_of_an_address_is_the_day(tmp_path: Path) -> None:
    text = '+++\ntitle = "A"\npath = "2014/12/12/a"\n[extra]\nx = 1\n+++\nx\n'
    (post,) = read(ZOLA, write_folder(tmp_path, {"content/a.md": text})).publication.posts
    assert (post.day, post.is_page) == (date(2014, 12, 12), False)


def test_flags_and_lists_as_people_write_them() -> None:
    written: list[object] = [True, "true", "Yes", "on", 1, False, "no", 0, "maybe", None, [], "2024-01-01"]
    assert [flag_of(each) for each in written] == [
        True, True, True, True, True, False, False, False, None, None, None, None
    ]  # fmt: skip
    assert list_of("a, b,, a") == ("a", "b")
    assert list_of("a b", " ") == ("a", "b")
    assert list_of(["a", {"name": "b"}, None, 3]) == ("a", "b", "3")
    assert list_of(None) == ()
