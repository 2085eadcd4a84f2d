"""A new letter: `init`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said

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


def test_the_sample_builds_when_its_issues_make_room_for_others(tmp_path: Path, run: Run) -> None:
    letter = tmp_path / "letter"
    assert run("init", letter).status == 0
    shutil.rmtree(letter / "issues")
    said = run("build", "--root", letter, "--quiet")
    assert said.status == 0, said.err
