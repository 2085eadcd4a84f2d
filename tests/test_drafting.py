"""Beginnings: `init` and `new`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said, issue_text

from weekahead.fields import Origin, read_fields
from weekahead.planning import quoted

Run = Callable[..., Said]


@pytest.mark.parametrize("today", ["1795435200", "1924992000", "1793000000"])
def test_a_new_letter_builds_at_once_on_any_day(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, today: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", today)
    letter = tmp_path / "letter"
    assert run("init", letter).status == 0
    said = run("build", "--root", letter)
    assert said.status == 0, said.err
    assert not said.err
    checked = run("check", "--root", letter, "--format", "json").json
    assert checked["promise"]["kept"] is True  # type: ignore[index]
    assert (letter / "site/index.html").exists()
    assert (letter / "templates/issue.html").exists()


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


def test_new_drafts_the_next_unwritten_slot(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    said = run("new", "--root", folder.root)
    path = folder.root / "issues/0006-reading-a-loss-curve.md"
    assert said.out.strip() == str(path)
    assert path.read_text().startswith("---\nnumber: 6\ntitle: Reading a loss curve\ndate: 2022-02-11\nstatus: draft\n")
    assert "## Links and thoughts" in path.read_text()
    assert run("check", "--root", folder.root).status == 0
    assert run("new", "--root", folder.root).out.strip().endswith("0007-small-models.md")


def test_new_never_overwrites_and_wants_a_title(folder: Folder, run: Run) -> None:
    assert "written already" in run("new", "--root", folder.root, 5).err
    assert "not planned yet" in run("new", "--root", folder.root, 40).err
    assert run("new", "--root", folder.root, 40, "--title", "On: colons").status == 0
    assert 'title: "On: colons"' in (folder.root / "issues/0040-on-colons.md").read_text()


@pytest.mark.parametrize(
    "title",
    [
        "Plain words",
        "On: colons",
        "# hash",
        "yes",
        "1984",
        "'quoted'",
        '"x"',
        "what?",
        "- dash",
        "a #b",
        "null",
        "emoji 👩🏽‍💻",
        "ends: ",
        "{x}",
        "back\\slash",
        "@at",
        "100 %",
    ],
)
def test_any_title_comes_back_as_it_was(title: str) -> None:
    read = read_fields(f"title: {quoted(title)}\n", Origin("x", []), "x")
    assert read
    assert read.text("title") == title


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644433200")  # 2022-02-09T12:00:00-07:00


def test_ready_says_when_it_comes_out_and_what_is_left_to_do(folder: Folder, run: Run, noon: None) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 0
    assert said.out == (
        f"{path} is ready. It comes out on Friday 2022-02-11 at 09:00 (America/Denver), with the first build after that.\n"
        "Commit and push it; the scheduled build does the rest.\n"
    )
    assert "with the next build" in run("ready", "--root", folder.root, 5).out


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_unpublish_changes_one_word_of_the_file(folder: Folder, run: Run, noon: None, ends: str) -> None:
    text = "---\nnumber: 5\ntitle: Fifth\nstatus: ready   # at last\nnext: []\n---\n\nstatus: ready\n".replace(
        "\n", ends
    )
    path = folder.write("issues/0005-fifth.md", text)
    said = run("unpublish", "--root", folder.root, 5)
    assert said.status == 0, said.err
    assert path.read_bytes().decode() == text.replace("ready", "draft", 1)
    assert "https://letter.example/issues/5-fifth/ is gone" in said.out
    assert folder.numbers() == [4, 3, 2, 1]


def test_unpublish_of_what_no_reader_has_seen_says_so(folder: Folder, run: Run, noon: None) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    said = run("unpublish", "--root", folder.root, 6)
    assert said.out == (
        f"{path} is a draft again.\nReaders have not seen it; it does not come out on Friday 2022-02-11 at 09:00 (America/Denver).\n"
    )
    said = run("unpublish", "--root", folder.root, 6)
    assert said.status == 1
    assert (
        "issues/0006-x.md:5: error: issue 6 is not ready, so no reader sees it: its status is draft [not-ready]"
        in said.err
    )
    assert "there is no issue 77" in run("unpublish", "--root", folder.root, 77).err


def test_unpublish_names_the_issues_that_lead_to_what_is_gone(folder: Folder, run: Run, noon: None) -> None:
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "See [the next](0005-fifth.md)."))
    said = run("unpublish", "--root", folder.root, 5)
    assert "issues/0004-fourth.md:8: " in said.err
    assert "leads to an issue that is not out" in said.err
