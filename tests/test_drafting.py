"""Beginnings: `init` and `new`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said

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
