"""`weekahead export folder`: what other systems read, and that nothing of a letter is lost on the way out and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import asdict
from tests.conftest import EXAMPLES, NOON, Folder, Said, issue_text
from tests.harness import files
from tests.random_letter import Choices, letters, write_letter

from weekahead.exporters.folder import export_folder
from weekahead.importers.export_folder import read_export_folder
from weekahead.model.findings import BuildError
from weekahead.model.letter import Letter
from weekahead.source.loader import load_letter

Run = Callable[..., Said]


def values_of(letter: Letter | None) -> Any:
    """What a letter says, without where in its files it says so."""
    assert letter
    return _values(letter)


PLACES = {"key_positions", "head", "line", "written", "where", "language_line", "placeholders"}


def _values(value: Any) -> Any:
    if hasattr(value, "__struct_fields__"):
        return type(value).__name__, {name: _values(each) for name, each in asdict(value).items() if name not in PLACES}
    if isinstance(value, Mapping):
        return {key: _values(each) for key, each in value.items()}
    return [*map(_values, value)] if isinstance(value, tuple | list) else value


def exported(folder: Folder, tmp_path: Path, **options: Any) -> Folder:
    export_folder(folder.root, tmp_path / "export", as_of=NOON, **options)
    return Folder(tmp_path / "export")


def imported(export: Folder, tmp_path: Path) -> Folder:
    found = Folder(tmp_path / "imported")
    read = read_export_folder(export.root)
    assert read.findings == ()
    for name, data in read.files.items():
        found.write(name, data)
    (found.root / "issues").mkdir(exist_ok=True)
    return found


def test_pages_lie_where_they_have_their_addresses(rich: Folder, tmp_path: Path) -> None:
    export = exported(rich, tmp_path)
    names = files(export.root).keys()
    assert {
        "issues/2-second/index.md",
        "issues/2-second/dot.png",
        "issues/2-second/stars.csv",
        "about/index.md",
    } <= names
    head, body = (export.root / "issues/2-second/index.md").read_text("utf-8").split("\n---\n", 1)
    for line in (
        'title: "Second: a “letter”"',
        "date: 2022-01-14T09:00:00-07:00",
        'slug: "second"',
        'url: "/issues/2-second/"',
        'permalink: "/issues/2-second/"',
        "draft: false",
        'tags: ["x", "C++"]',
    ):
        assert line in head.split("\n")
    assert "[link](/issues/1-first/) and ![a dot](/issues/2-second/dot.png)" in body
    assert "///" not in body.split("```")[0]


def test_kinds_are_written_out_as_markdown(rich: Folder, tmp_path: Path) -> None:
    body = (exported(rich, tmp_path).root / "issues/2-second/index.md").read_text("utf-8").split("\n---\n", 1)[1]
    for words in (
        "> **Where *numbers* come from**\n>\n> Counted, see [the first](/issues/1-first/#top).",
        "> Words of a **post**.\n>\n> - and a list\n>\n> — Ann Example, [January 3, 2022](https://post.example/1)",
        "[A talk](https://video.example/talk)\n\nVideo · Bob · 7:28",
        "**Table 1.** Stars\n\n| Project | Stars |\n| --- | --: |\n| a\\|b | 12 |\n| c | −3 |\n\nSource: [a source](https://source.example/)",
        "[doi:10.1093/comjnl/27.2.97](https://doi.org/10.1093/comjnl/27.2.97)",
        "- [Here](https://here.example/): worth it.",
        "/// note\nnot a note [x](0001-first.md)\n///\n```",
        "[first]: /issues/1-first/",
    ):
        assert words in body


def test_without_drafts_nothing_is_exported_that_is_not_public(rich: Folder, tmp_path: Path) -> None:
    for name, data in files(exported(rich, tmp_path).root).items():
        assert b"PRIVATE" not in data, name
        assert "small" not in name
        assert "later" not in name


def test_drafts_are_exported_where_they_are_asked_for_and_say_so(rich: Folder, tmp_path: Path) -> None:
    export = exported(rich, tmp_path, drafts=True)
    for name in ("_drafts/issues/7-small/index.md", "_drafts/drafts/later/index.md"):
        assert "\npermalink: false\ndraft: true\n" in (export.root / name).read_text("utf-8")
    assert (export.root / "_drafts/issues/7-small/x.png").is_file()
    private = [name for name, data in files(export.root).items() if b"PRIVATE" in data]
    assert all(name.startswith(("_drafts/", "_weekahead/.")) for name in private)
    assert "\ndate:" not in (export.root / "_drafts/drafts/later/index.md").read_text("utf-8").split("weekahead:")[0]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_rich_letter_comes_back_as_it_was(rich: Folder, tmp_path: Path, ends: str) -> None:
    second = rich.root / "issues/0002-second.md"
    second.write_bytes(second.read_text("utf-8").replace("\n", ends).encode())
    back = imported(exported(rich, tmp_path, drafts=True), tmp_path)
    assert values_of(load_letter(back.root).letter) == values_of(load_letter(rich.root).letter)
    assert (back.root / "issues/0007-small/x.png").read_bytes() == b"PRIVATE picture"
    assert (back.root / "issues/notes-of-mine.txt").read_bytes() == b"PRIVATE file"


def test_the_public_part_comes_back_and_builds_the_same_pages(rich: Folder, tmp_path: Path) -> None:
    back = imported(exported(rich, tmp_path), tmp_path)
    rich.build()
    back.build()
    there, here = files(rich.root / "site"), files(back.root / "site")
    pages = [name for name in there if name.startswith(("issues/", "about/"))]
    assert [name for name in pages if there[name] != here[name]] == []


@settings(max_examples=max(10, EXAMPLES // 3))
@given(chosen=letters())
def test_import_of_an_export_is_the_same_letter(chosen: Choices, tmp_path_factory: pytest.TempPathFactory) -> None:
    tmp_path = tmp_path_factory.mktemp("law")
    folder = Folder(tmp_path / "letter")
    write_letter(folder, chosen)
    back = imported(exported(folder, tmp_path, drafts=True), tmp_path)
    assert values_of(load_letter(back.root).letter) == values_of(load_letter(folder.root).letter)


def test_a_text_that_was_changed_meanwhile_is_taken_as_it_is(rich: Folder, tmp_path: Path) -> None:
    export = exported(rich, tmp_path)
    export.replace("issues/2-second/index.md", "Words of a **post**", "Other words of a **post**")
    read = read_export_folder(export.root)
    assert [str(each.where) for each in read.findings] == ["issues/2-second/index.md"]
    assert "was changed since it was exported" in read.findings[0].message
    body = read.files["issues/0002-second.md"].decode()
    assert "> Other words of a **post**." in body
    assert "number: 2\n" in body


@pytest.mark.parametrize("name", ["../x.md", "letter.yaml", "/etc/passwd", "issues/../../x", "issues/../letter.yaml"])
def test_no_file_lands_outside_the_letter(rich: Folder, tmp_path: Path, name: str) -> None:
    export = exported(rich, tmp_path)
    export.replace("_weekahead/.files.json", "issues/dot.png", name)
    with pytest.raises(BuildError, match="is not a file under issues/ or pages/"):
        read_export_folder(export.root)
    export = exported(rich, tmp_path)
    export.replace("issues/1-first/index.md", "issues/0001-first.md", name)
    with pytest.raises(BuildError, match="is not a file under issues/ or pages/"):
        read_export_folder(export.root)


@pytest.mark.parametrize(
    "kept", ["  file: [x]\n  keys: {}\n", "  file: issues/1.md\n", "  file: issues/1.md\n  keys: 7\n", "  x: 7\n"]
)
def test_a_damaged_export_is_refused_by_name(rich: Folder, tmp_path: Path, kept: str) -> None:
    export = exported(rich, tmp_path)
    export.write("broken.md", f"---\ntitle: X\nweekahead:\n{kept}---\n\nX.\n")
    with pytest.raises(BuildError, match=r"broken\.md: error: the key weekahead"):
        read_export_folder(export.root)


def test_what_a_person_added_is_no_part_of_the_letter(rich: Folder, tmp_path: Path) -> None:
    export = exported(rich, tmp_path)
    before = read_export_folder(export.root).files
    export.write("readme.md", "Mine.\n")
    export.write("issues/mine/index.md", "---\ntitle: X\n---\n\nMine.\n")
    assert read_export_folder(export.root).files == before


def test_the_command_says_what_it_wrote_and_a_second_time_writes_nothing(
    folder: Folder, tmp_path: Path, run: Run
) -> None:
    target = tmp_path / "plain"
    assert (
        run("export", "folder", target, "--root", folder.root).out
        == f"{target}: 5 issues; 9 files written, 0 removed, 0 unchanged.\n"
    )
    assert "0 files written, 0 removed, 9 unchanged" in run("export", "folder", target, "--root", folder.root).out
    (folder.root / "issues/0005-fifth.md").unlink()
    assert "1 removed" in run("export", "folder", target, "--root", folder.root).out


def test_files_of_others_stay_and_stop_it(folder: Folder, tmp_path: Path, run: Run) -> None:
    mine = Folder(tmp_path / "plain").write("issues/1-first/index.md", "Mine.")
    said = run("export", "folder", tmp_path / "plain", "--root", folder.root)
    assert said.status == 1
    assert "was not made by weekahead and is in the way" in said.err
    assert files(tmp_path / "plain") == {"issues/1-first/index.md": b"Mine."}
    mine.unlink()
    (tmp_path / "plain/mine.txt").write_text("Mine.")
    assert run("export", "folder", tmp_path / "plain", "--root", folder.root).status == 0
    assert (tmp_path / "plain/mine.txt").read_text() == "Mine."


@pytest.mark.parametrize(
    "place", ["", "issues", "issues/x", "pages/x", "templates", "site", "site/x", "..", ".git/x", "gone/x"]
)
def test_a_place_of_the_letters_own_is_refused(folder: Folder, run: Run, place: str) -> None:
    folder.build()
    before = files(folder.root)
    said = run("export", "folder", folder.root / place, "--root", folder.root)
    assert said.status == 1
    assert "[output-folder]" in said.err
    assert files(folder.root) == before  # no store was opened either


def test_a_link_in_the_letter_is_not_followed(folder: Folder, tmp_path: Path, run: Run) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder.root / "out").symlink_to(tmp_path / "elsewhere")
    said = run("export", "folder", folder.root / "out", "--root", folder.root)
    assert (said.status, [*(tmp_path / "elsewhere").iterdir()]) == (1, [])


def test_a_letter_with_errors_is_not_exported(folder: Folder, tmp_path: Path, run: Run) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", "[gone](gone.md)"))
    assert run("export", "folder", tmp_path / "plain", "--root", folder.root).status == 1
    assert not (tmp_path / "plain").exists()
