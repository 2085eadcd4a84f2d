"""A new letter: `init`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.conftest import Folder, Said, fill_in, some

Run = Callable[..., Said]


@pytest.mark.parametrize(
    "now",
    some(
        [
            *("2026-10-26T02:13:20Z", "2026-11-23T12:00:00Z", "2026-12-25T12:00:00Z", "2027-01-01T00:00:00Z"),
            *("2027-02-28T23:59:59Z", "2027-03-28T01:30:00Z", "2027-04-23T07:59:59Z", "2027-04-23T08:00:00Z"),
            *("2027-06-18T08:30:00Z", "2027-08-05T18:00:00Z", "2027-10-31T01:30:00Z", "2027-11-26T09:00:00Z"),
            "2030-12-31T12:00:00Z",
        ],
        4,
    ),
)
def test_a_new_letter_builds_at_once_at_any_time(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, now: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{datetime.fromisoformat(now).timestamp():.0f}")
    letter = tmp_path / "letter"
    assert run("init", letter).status == 0
    said = run("build", "--root", letter)
    assert said.status == 0, said.err
    assert not said.err
    checked = run("check", "--root", letter, "--format", "json").json
    assert checked["promise"]["kept"] is True  # type: ignore[index]
    found = [(each["severity"], each["rule"]) for each in checked["findings"]]  # type: ignore[attr-defined]
    assert [each for each in found if each[0] != "note"] == [("warning", "letter-placeholder")] * 3
    assert (letter / "site/index.html").exists()
    assert [path.name for path in (letter / "templates").iterdir()] == ["README.md"]


def test_nothing_is_published_before_the_placeholders_are_filled_in(tmp_path: Path, run: Run) -> None:
    letter = Folder(tmp_path / "letter")
    assert run("init", letter.root).status == 0
    letter.replace("letter.yaml", "# deploy: ", "deploy: ")
    assert run("build", "--root", letter.root).status == 0
    for command in (["deploy"], ["deploy", "--dry-run"], ["build", "--no-placeholders"]):
        said = run(*command, "--root", letter.root)
        assert said.status == 1
        assert re.findall('letter.yaml:([0-9]+): error: "([a-z]+)" is still the placeholder', said.err) == [
            ("6", "title"),
            ("7", "author"),
            ("10", "url"),
        ]
    assert not (tmp_path / "public").exists()
    fill_in(letter.root)
    assert "letter-placeholder" not in run("check", "--root", letter.root).err
    assert run("build", "--no-placeholders", "--root", letter.root).status == 0
    assert run("deploy", "--root", letter.root).status == 0


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("author: {name: Ida, email: ida@your-letter.example}\n", ["author"]),
        ("author: {name: Your Name}\n", ["author"]),
        ('copyright: "© Your Name, 2026"\n', ["copyright"]),
        ("subscribe_url: https://your-letter.example/join\n", ["subscribe_url"]),
        ("author: {name: Your Namesake}\ntagline: Title of your letter\n", []),
    ],
)
def test_what_is_filled_in_by_half_is_a_placeholder(folder: Folder, line: str, keys: list[str]) -> None:
    folder.write(
        "letter.yaml",
        f"title: A\nurl: https://letter.example/\nid: urn:uuid:{'0' * 8}-0000-0000-0000-{'0' * 12}\n{line}",
    )
    found = [each for each in folder.check().findings if each.rule == "letter-placeholder"]
    assert [each.message.split('"')[1] for each in found] == keys
    assert [each.where.line for each in found] == [4] * len(keys)


def test_nothing_of_the_samples_author_is_in_a_new_site(tmp_path: Path, run: Run) -> None:
    letter = Folder(tmp_path / "letter")
    run("init", letter.root)
    run("build", "--root", letter.root)
    words = re.compile(rb"Nora|Fenwick|Five Fridays|//letter\.example|assets/cover")
    assert [name for name, data in letter.site().items() if words.search(data) or name == "assets/cover.png"] == []


def test_the_looks_of_a_new_letter_are_those_of_the_package_until_copied(tmp_path: Path, run: Run) -> None:
    letter = tmp_path / "letter"
    run("init", letter)
    said = run("theme", "list").out.split()
    assert "issue.html" in said
    assert "assets/cover.png" not in said
    assert run("theme", "copy", "issue.html", "--root", letter).status == 0
    assert (letter / "templates/issue.html").exists()
    assert run("theme", "copy", "assets/cover.png", "--root", letter).status == 1


def test_every_new_letter_has_an_id_of_its_own(tmp_path: Path, run: Run) -> None:
    run("init", tmp_path / "a")
    run("init", tmp_path / "b")
    ids = {
        line
        for name in "ab"
        for line in (tmp_path / name / "letter.yaml").read_text().splitlines()
        if line.startswith("id:")
    }
    assert len(ids) == 2


def test_init_never_overwrites(folder: Folder, run: Run) -> None:
    assert run("init", folder.root).status == 1
    assert (folder.root / "letter.yaml").read_text().startswith("title: The Test Letter")


def test_the_sample_builds_when_its_issues_make_room_for_others(tmp_path: Path, run: Run) -> None:
    letter = tmp_path / "letter"
    assert run("init", letter).status == 0
    shutil.rmtree(letter / "issues")
    (letter / "issues").mkdir()
    said = run("build", "--root", letter, "--quiet")
    assert said.status == 0, said.err


def test_a_new_letter_goes_into_a_clone_of_an_empty_repository(tmp_path: Path, run: Run) -> None:
    (tmp_path / ".git").mkdir()
    assert run("init", tmp_path).status == 0
    assert (tmp_path / "letter.yaml").exists()
    assert not (tmp_path / ".weekahead").exists()


@pytest.mark.parametrize(
    "name", ["letter.yaml", "notes.txt", ".weekahead/cache.db", ".weekahead/init/mine.txt", "folder/x"]
)
def test_a_folder_with_anything_in_it_is_refused_and_stays_as_it_was(tmp_path: Path, run: Run, name: str) -> None:
    path = tmp_path / "there" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    said = run("init", tmp_path / "there")
    if name == ".weekahead/init/mine.txt":  # as an interrupted `init` leaves it, but for the name
        assert not (tmp_path / "there/mine.txt").exists()
    else:
        assert said.status == 1
        assert "is not an empty folder" in said.err
        assert path.read_text() == "mine"


def test_a_link_in_an_empty_folder_leads_nothing_outside(tmp_path: Path, run: Run) -> None:
    for name in ("there", "outside", "outside/init.partial"):
        (tmp_path / name).mkdir()
    (tmp_path / "outside/init.partial/kept").write_text("mine")
    (tmp_path / "there/.weekahead").symlink_to(tmp_path / "outside")
    assert run("init", tmp_path / "there").status == 1
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["init.partial"]
    assert (tmp_path / "outside/init.partial/kept").read_text() == "mine"


def test_a_copied_template_never_takes_the_place_of_a_link(folder: Folder, run: Run, tmp_path: Path) -> None:
    (folder.root / "templates").mkdir(exist_ok=True)
    (folder.root / "templates/issue.html").symlink_to(tmp_path / "outside.html")
    assert run("theme", "copy", "issue.html", "--root", folder.root).status == 1
    assert not (tmp_path / "outside.html").exists()
