"""The letter's repository on the desk: what is not committed, and how two people come together without losing anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.conftest import Folder, five_issues

from weekahead.build.repository import MergeConflict, commit_all, pull, push, repository_state
from weekahead.source.schedule_editor import EditError

FIRST = "issues/0001-first.md"


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def two(tmp_path: Path) -> tuple[Folder, Folder]:
    """Two clones of a letter, with a bare repository that both push to."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    nora = five_issues(tmp_path / "nora")
    nora.write(".gitignore", ".weekahead/\nsite/\n")
    git(nora.root, "init", "-q", "-b", "main")
    own(nora.root, "Nora")
    git(nora.root, "add", "-A")
    git(nora.root, "commit", "-qm", "Begin")
    git(nora.root, "remote", "add", "origin", str(bare))
    git(nora.root, "push", "-q", "--set-upstream", "origin", "main")
    git(tmp_path, "clone", "-q", str(bare), str(tmp_path / "ida"))
    own(tmp_path / "ida", "Ida")
    return nora, Folder(tmp_path / "ida")


def own(root: Path, name: str) -> None:
    git(root, "config", "user.name", name)
    git(root, "config", "user.email", f"{name.lower()}@letter.example")


def changes(folder: Folder) -> list[tuple[str, str]]:
    state = repository_state(folder.root)
    assert state
    return [(change.kind, change.name) for change in state.changes]


def test_without_a_repository_there_is_nothing_to_show(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repository_state(folder.root) is None
    monkeypatch.setenv("PATH", "/nowhere")
    assert repository_state(folder.root) is None


def test_what_is_not_committed_is_named_and_committed(two: tuple[Folder, Folder]) -> None:
    nora, _ = two
    assert changes(nora) == []
    nora.replace(FIRST, "Words of", "Words about")
    nora.write("issues/0006-näxt one.md", "x")
    (nora.root / "issues/0002-second.md").unlink()
    git(nora.root, "mv", "issues/0003-third.md", "issues/0003-3.md")
    assert sorted(changes(nora)) == [
        ("changed", FIRST),
        ("new", "issues/0006-näxt one.md"),
        ("removed", "issues/0002-second.md"),
        ("renamed", "issues/0003-3.md"),
    ]
    state = repository_state(nora.root)
    assert state
    assert "+Words about issue 1." in state.difference
    commit_all(nora.root, "--amend -m x\n\nAnd more")
    assert changes(nora) == []
    assert git(nora.root, "log", "-1", "--format=%an: %B") == "Nora: --amend -m x\n\nAnd more"
    for words in ("", "  \n"):
        with pytest.raises(EditError):
            commit_all(nora.root, words)


def test_what_two_people_wrote_in_different_places_comes_together(two: tuple[Folder, Folder]) -> None:
    nora, ida = two
    nora.replace(FIRST, "Words of", "Words about")
    commit_all(nora.root, "One")
    assert push(nora.root) == "Pushed to origin/main."
    ida.replace("issues/0002-second.md", "Words of", "Words on")
    with pytest.raises(EditError, match="commit your changes first"):
        pull(ida.root)
    commit_all(ida.root, "Two")
    with pytest.raises(EditError, match="pull first"):
        push(ida.root)
    assert pull(ida.root) == "1 commit brought in."
    assert "Words about" in (ida.root / FIRST).read_text()
    assert "Words on" in (ida.root / "issues/0002-second.md").read_text()
    push(ida.root)
    assert pull(nora.root) == "2 commits brought in."
    assert pull(nora.root) == "Nothing new there."


def test_a_conflict_shows_both_versions_and_changes_nothing(two: tuple[Folder, Folder]) -> None:
    nora, ida = two
    for folder, words in ((nora, "Nora's words"), (ida, "Ida's words")):
        folder.replace(FIRST, "Words of issue 1.", words)
        commit_all(folder.root, words)
    push(nora.root)
    before = (ida.root / FIRST).read_bytes(), git(ida.root, "rev-parse", "HEAD")
    with pytest.raises(MergeConflict) as raised:
        pull(ida.root)
    (conflict,) = raised.value.files
    assert conflict.name == FIRST
    assert ("Ida's words" in conflict.here, "Nora's words" in conflict.there) == (True, True)
    assert ((ida.root / FIRST).read_bytes(), git(ida.root, "rev-parse", "HEAD")) == before
    assert changes(ida) == []


def test_a_new_file_in_the_way_is_not_written_over(two: tuple[Folder, Folder]) -> None:
    nora, ida = two
    nora.write("issues/0006-x.md", "Nora's")
    commit_all(nora.root, "Six")
    push(nora.root)
    ida.write("issues/0006-x.md", "Ida's")
    with pytest.raises(EditError, match="nothing was changed"):
        pull(ida.root)
    assert (ida.root / "issues/0006-x.md").read_text() == "Ida's"


def test_a_merge_that_was_begun_elsewhere_is_left_alone(two: tuple[Folder, Folder]) -> None:
    nora, _ = two
    (nora.root / ".git/MERGE_HEAD").write_text(git(nora.root, "rev-parse", "HEAD") + "\n")
    with pytest.raises(EditError, match="begun elsewhere"):
        commit_all(nora.root, "x")


@pytest.mark.parametrize(
    "setting",
    [
        "filter.x.clean",
        "diff.x.textconv",
        "core.fsmonitor",
        "core.sshCommand",
        "include.path",
        "merge.x.driver",
        "core.hooksPath",
    ],
)
def test_a_repository_that_names_programs_is_left_alone(two: tuple[Folder, Folder], setting: str) -> None:
    nora, _ = two
    ran = nora.root / "ran"
    git(nora.root, "config", setting, f"touch {ran}; cat")
    nora.write(".gitattributes", "* filter=x diff=x merge=x\n")
    nora.replace(FIRST, "Words of", "Words about")
    state = repository_state(nora.root)
    assert state
    assert state.refused == setting.lower()
    with pytest.raises(EditError, match="use git itself"):
        commit_all(nora.root, "x")
    for act in (pull, push):
        with pytest.raises(EditError, match="use git itself"):
            act(nora.root)
    assert not ran.exists()


def test_no_hook_runs(two: tuple[Folder, Folder]) -> None:
    nora, _ = two
    ran = nora.root.parent / "ran"
    for name in ("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg", "reference-transaction", "pre-push"):
        hook = nora.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
        hook.chmod(0o755)
    nora.replace(FIRST, "Words of", "Words about")
    commit_all(nora.root, "One")
    push(nora.root)
    pull(nora.root)
    assert not ran.exists()
