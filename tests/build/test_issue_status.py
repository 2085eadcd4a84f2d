"""An issue becomes ready, or a draft again: `ready` and `unpublish`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import Folder, Said, issue_text

Run = Callable[..., Said]


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
    assert "It comes out with the next build." in run("ready", "--root", folder.root, 5).out


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_unpublish_changes_one_word_of_the_file(folder: Folder, run: Run, noon: None, ends: str) -> None:
    text = "---\nnumber: 5\ntitle: Fifth\nstatus: ready   # at last\nnext: []\n---\n\nstatus: ready\n".replace(
        "\n", ends
    )
    path = folder.write("issues/0005-fifth.md", text)
    said = run("unpublish", "--root", folder.root, 5)
    assert said.status == 0, said.err
    assert path.read_bytes().decode() == text.replace("ready", "draft", 1)
    assert "The next build removes https://letter.example/issues/5-fifth/" in said.out
    assert folder.numbers() == [4, 3, 2, 1]


def test_unpublish_of_what_no_reader_has_seen_says_so(folder: Folder, run: Run, noon: None) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    said = run("unpublish", "--root", folder.root, 6)
    assert said.out == (
        f"{path} is a draft again.\nIt was not published yet, and will not come out on Friday 2022-02-11 at 09:00 (America/Denver).\n"
    )
    said = run("unpublish", "--root", folder.root, 6)
    assert said.status == 1
    assert "issues/0006-x.md:5: error: issue 6 is not published: its status is draft, not ready [not-ready]" in said.err
    assert "there is no issue 77" in run("unpublish", "--root", folder.root, 77).err


def test_unpublish_names_the_issues_that_lead_to_what_is_gone(folder: Folder, run: Run, noon: None) -> None:
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "See [the next](0005-fifth.md)."))
    said = run("unpublish", "--root", folder.root, 5)
    assert "issues/0004-fourth.md:8: " in said.err
    assert "links to an issue that is not published" in said.err
