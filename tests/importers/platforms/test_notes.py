"""Obsidian's vaults, MkDocs' blogs, and folders of plain Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.importers.exports import hugo, jekyll, notes
from tests.importers.rooms import ReadExport, assert_whole, read, recognises, write_folder, write_zip

from weekahead.importers.platforms.jekyll import PLATFORM as JEKYLL
from weekahead.importers.platforms.mkdocs import PLATFORM as MKDOCS
from weekahead.importers.platforms.obsidian import PLATFORM as OBSIDIAN
from weekahead.importers.platforms.plain_markdown import PLATFORM as PLAIN
from weekahead.importers.post import Access
from weekahead.model.findings import BuildError


def markdown_of(members: dict[str, str | bytes]) -> str:
    return "".join(str(data) for name, data in members.items() if name.endswith((".md", ".markdown")))


def public(export: ReadExport) -> set[str]:
    return {post.title for post in export.publication.posts if post.access is Access.PUBLIC}


# -- Obsidian


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(OBSIDIAN, write_folder(tmp_path_factory.mktemp("vault"), notes.vault()))


def test_everything_of_a_vault_comes_over(vault: ReadExport) -> None:
    assert_whole(markdown_of(notes.vault()), vault)
    assert vault.unproved() == []
    assert "secretsetting" not in vault.everything()


def test_a_note_is_a_draft_unless_it_says_that_it_is_published(vault: ReadExport) -> None:
    assert public(vault) == {"Week 9", "Other"}


def test_fields_and_tags_of_a_note(vault: ReadExport) -> None:
    post = vault.post("Week 9")
    assert (post.day, post.slug) == (date(2024, 3, 8), "week-9")
    assert post.tags == ("kepttag1", "nested/kepttag2", "kepttag3")
    assert vault.post("Week 8").tags == ("keptbodytag",)
    assert post.leftover == {"aliases": ["keptalias"], "keptkey": "keptvalue"}


def test_links_embeds_and_callouts_of_a_vault_become_ours(vault: ReadExport) -> None:
    text = vault.text("Week 9")
    assert text.startswith(
        "keptlead [Week 8](/Week%208.md) and [keptshown](/Week%208.md) and [keptpart](/Week%208.md#some-part)"
    )
    assert "and [keptother alias](/folder/Other.md) and keptwords.\n" in text
    assert (
        "![](/attachments/keptpier.png) ![keptalt](/folder/keptsecond.png) ![keptsized](folder/keptsecond.png) [Week 8](/Week%208.md) [keptpaper.pdf](/attachments/keptpaper.pdf)"
        in text
    )
    assert "> [!TIP]\n> **keptfolded *title***\n>\n> keptcallout [Week 8](/Week%208.md)\n" in text
    assert "keptinline[^inline-1]." in text
    assert "[^inline-1]: a *keptfootnote* with [a link]" in text
    assert "```dataview\nLIST FROM #keptquery [[x]] %%y%%\n```" in text
    assert "| [keptcelllink](/Week%208.md) | `[[keptspan]]` |" in text
    assert "A block\n" in text
    assert "A heading \\{#keptbraces} \\:tada:" in text
    assert vault.said("comment")
    assert vault.said("embedded-note")


def test_a_vault_is_told_in_a_zip_and_by_its_links(tmp_path: Path) -> None:
    assert recognises(OBSIDIAN, write_zip(tmp_path / "vault.zip", notes.vault()))
    linked = {"One.md": "see [[Two]]", "Two.md": "x"}
    assert recognises(OBSIDIAN, write_folder(tmp_path / "linked", dict(linked)))
    near: dict[str, str | bytes] = {"One.md": "an attribute [[nodiscard]]", "Two.md": "x"}
    assert not recognises(OBSIDIAN, write_folder(tmp_path / "near", near))


# -- MkDocs


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(MKDOCS, write_folder(tmp_path_factory.mktemp("blog"), notes.blog()))


def test_everything_of_a_blog_comes_over(blog: ReadExport) -> None:
    assert_whole(notes.BLOG.replace("keptkey", ""), blog)
    assert blog.unproved() == []
    assert (blog.publication.title, blog.publication.url) == ("keptsite", "https://letter.example")


def test_fields_of_a_blog_post(blog: ReadExport) -> None:
    post = blog.post("Week 9: keptpiers")
    assert (post.day, post.authors, post.tags) == (date(2024, 3, 8), ("keptauthor",), ("kepttag", "keptcategory"))
    assert post.address == "https://letter.example/blog/2024/03/08/week-9-keptpiers/"
    assert blog.post("Other").address == "https://letter.example/blog/2024/03/01/own/"
    assert public(blog) == {"Week 9: keptpiers", "Other"}


def test_admonitions_tabs_and_small_marks_become_ours(blog: ReadExport) -> None:
    text = blog.text("Week 9: keptpiers")
    assert "<kbd>ctrl</kbd>+<kbd>c</kbd> <del>keptdeleted</del> <ins>keptinserted</ins>" in text
    assert "\n> keptuntitled\n" in text
    assert (
        '<details><summary>keptfolded</summary>\n\nkeptinside\n\n``` py\nkeptcode = "!!! note"\n```\n\n</details>'
        in text
    )
    assert "> **Keptkind**\n>\n> keptown" in text
    assert "**keptTab**" in text
    assert "\nkepttabbed\n" in text
    assert "1.  keptlist\n\n    > [!TIP]\n    > **keptnested**\n    >\n    > keptdeep" in text


def test_a_blog_at_the_top_of_its_site(tmp_path: Path) -> None:
    export = read(MKDOCS, write_zip(tmp_path / "blog.zip", notes.bare_blog()))
    (post,) = export.publication.posts
    assert (post.title, post.address) == ("One", "https://letter.example/sub/p/one/")
    assert export.text("One") == "keptone [[kepttext]] :tada:\n"
    assert export.said("documentation")


# -- plain Markdown


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> ReadExport:
    return read(PLAIN, write_folder(tmp_path_factory.mktemp("plain"), notes.plain()))


def test_everything_of_a_folder_comes_over(plain: ReadExport) -> None:
    assert_whole(markdown_of(notes.plain()), plain)
    assert plain.unproved() == []


def test_titles_and_dates_of_plain_texts(plain: ReadExport) -> None:
    found = {post.title: (post.day, post.access) for post in plain.publication.posts}
    assert found == {
        "keptpiers and cranes": (date(2024, 3, 8), Access.DRAFT),
        "week 10": (date(2024, 3, 15), Access.PUBLIC),
        "Week 11": (date(2024, 3, 22), Access.PUBLIC),
        "folder": (None, Access.DRAFT),
        "x": (date(2024, 1, 1), Access.DRAFT),
        "Later": (date(2031, 3, 8), Access.SCHEDULED),
    }
    assert plain.post("Week 11").paths == ("/kept/old",)


def test_marks_of_several_dialects_become_ours(plain: ReadExport) -> None:
    text = plain.text("keptpiers and cranes")
    assert "> **keptasked**\n>\n> keptquestion" in text
    assert "> [!TIP]\n> **keptheading**\n>\n> keptcontainer" in text
    assert "> [!CAUTION]\n> keptdanger" in text
    assert "[YouTube](https://www.youtube.com/watch?v=dQw4w9WgXcQ)" in text
    assert '~~~python linenums="1"\nkeptcode = "[[x]] {{ y }} ::: z"\n~~~' in text
    assert plain.said("citation")


def test_texts_without_front_matter(tmp_path: Path) -> None:
    export = read(PLAIN, write_folder(tmp_path, notes.bare_plain()))
    titles = {post.title: (post.day, post.access) for post in export.publication.posts}
    assert titles == {
        "2024-03-08": (date(2024, 3, 8), Access.DRAFT),
        "Öl": (None, Access.DRAFT),
        "keptonly": (None, Access.DRAFT),
        "empty": (None, Access.DRAFT),
        "keptTOML": (None, Access.PUBLIC),
    }
    assert "café keptlatin" in export.text("Öl")
    assert export.said("encoding")
    assert export.unproved() == []


def test_several_sites_in_one_export_are_asked_about(tmp_path: Path) -> None:
    both = {f"a/{name}": data for name, data in jekyll.bare().items()}
    both |= {f"b/{name}": data for name, data in hugo.bare().items()}
    path = write_zip(tmp_path / "both.zip", both)
    with pytest.raises(BuildError) as caught:
        recognises(JEKYLL, path)
    assert caught.value.findings[0].rule == "several-sites"
    assert "a (a Jekyll site), b (a Hugo site)" in caught.value.findings[0].message


def test_a_site_in_a_subfolder_is_found(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {f"site/{name}": data for name, data in hugo.letter().items()}
    assert not recognises(PLAIN, write_folder(tmp_path, members | {"other/x.txt": "x"}))
