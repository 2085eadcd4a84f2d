"""The letter's repository on the desk: what is not committed, and how two people come together without losing anything."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Folder, five_issues

from weekahead.build.merging import Choice, Meeting, MergeConflict
from weekahead.build.repository import commit_all, is_unfinished, join, leave_merge, pull, push, repository_state
from weekahead.build.undo import undo
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


def met(
    two: tuple[Folder, Folder], name: str = FIRST, here: str = "Ida's words", there: str = "Nora's words"
) -> Meeting:
    """Both change the same line, and Ida pulls what Nora pushed."""
    nora, ida = two
    for folder, words in ((nora, there), (ida, here)):
        text = (folder.root / name).read_text()
        folder.write(name, re.sub("(?m)^Words of .*$|^horizon: .*$", words, text))
        commit_all(folder.root, words)
    push(nora.root)
    with pytest.raises(MergeConflict) as raised:
        pull(ida.root)
    return raised.value.meeting


def everything(folder: Folder) -> tuple[dict[str, bytes], str, str]:
    """The author's files, and what git says of them."""
    names = [path for path in folder.root.rglob("*") if path.is_file() and ".git" not in path.parts]
    kept = {str(path): path.read_bytes() for path in names if ".weekahead" not in path.parts}
    return kept, git(folder.root, "rev-parse", "HEAD"), git(folder.root, "status", "--porcelain=v2")


def test_a_conflict_shows_both_versions_and_changes_nothing(two: tuple[Folder, Folder]) -> None:
    _, ida = two
    (conflict,) = met(two).files
    assert conflict.name == FIRST
    assert ("Ida's words" in str(conflict.here), "Nora's words" in str(conflict.there)) == (True, True)
    assert conflict.together.endswith("---\n\nIda's words\nNora's words\n")
    assert "Ida's words" in (ida.root / FIRST).read_text()
    assert git(ida.root, "log", "-1", "--format=%s") == "Ida's words"
    assert changes(ida) == []
    assert not is_unfinished(ida.root)


TEXT = "---\r\nnumber: 1\r\ntitle: T\r\ndate: 2022-01-07\r\nstatus: ready\r\n---\r\n\r\nBoth"


@pytest.mark.parametrize(
    ("choice", "words", "is_begun"),
    [
        (Choice("here"), "Ida's words", True),
        (Choice("there"), "Nora's words", False),
        (Choice("text", TEXT), "Both", True),
        (Choice("text", TEXT), "Both", False),
    ],
)
def test_the_version_that_was_chosen_is_kept_and_all_else_comes_in(
    two: tuple[Folder, Folder], choice: Choice, words: str, is_begun: bool
) -> None:
    nora, ida = two
    nora.write("issues/0006-six.md", "---\nnumber: 6\ntitle: Six\n---\nx\n")
    meeting = met(two)
    if is_begun:
        subprocess.run(["git", "-C", ida.root, "merge", "-q", "origin/main"], capture_output=True)
        assert is_unfinished(ida.root)
    assert join(ida.root, meeting.key, {FIRST: choice}).startswith("Brought together: 1 file.")
    assert (ida.root / FIRST).read_text().rstrip().endswith(words)
    assert (ida.root / "issues/0006-six.md").exists()
    assert changes(ida) == []
    assert not is_unfinished(ida.root)
    push(ida.root)
    assert pull(nora.root) == "2 commits brought in."


@pytest.mark.parametrize("is_begun", [False, True])
def test_what_cannot_be_joined_leaves_all_as_it_was(two: tuple[Folder, Folder], is_begun: bool) -> None:
    _, ida = two
    meeting = met(two)
    if is_begun:
        subprocess.run(["git", "-C", ida.root, "merge", "-q", "origin/main"], capture_output=True)
    before = everything(ida)
    for key, choice, why in (
        ("another", Choice("here"), "has changed since you saw it"),
        (meeting.key, Choice(""), "choose which version"),
        (meeting.key, Choice("none"), "choose which version"),
        (meeting.key, Choice("text", "<<<<<<< HEAD\nx\n"), "still has the marks"),
        (meeting.key, Choice("text", "---\nnumber: 1\ntitle: [\n---\n"), FIRST),
    ):
        with pytest.raises(MergeConflict, match=re.escape(why)) as raised:
            join(ida.root, key, {FIRST: choice})
        assert raised.value.meeting.key == meeting.key
        assert everything(ida) == before


def test_a_plan_that_both_changed_is_joined(two: tuple[Folder, Folder]) -> None:
    _, ida = two
    meeting = met(two, "schedule.yaml", "horizon: 6", "horizon: 4")
    (conflict,) = meeting.files
    assert "horizon: 6\nhorizon: 4\n" in conflict.together
    with pytest.raises(MergeConflict, match=r"schedule\.yaml:"):
        join(ida.root, meeting.key, {"schedule.yaml": Choice("text", conflict.together)})
    text = conflict.together.replace("horizon: 4\n", "")
    join(ida.root, meeting.key, {"schedule.yaml": Choice("text", text)})
    assert (ida.root / "schedule.yaml").read_text() == text


@pytest.mark.parametrize("which", ["here", "there"])
def test_a_file_that_one_removed_or_that_is_no_text_is_chosen_whole(two: tuple[Folder, Folder], which: str) -> None:
    nora, ida = two
    (ida.root / "issues/0002-second.md").unlink()
    nora.replace("issues/0002-second.md", "Words of", "More words of")
    for folder, data in ((nora, b"\x89PNG\0there"), (ida, b"\x89PNG\0here!")):
        folder.write("pages/a.png", data)
    files = {file.name: file for file in met(two).files}
    assert (files["issues/0002-second.md"].here, files["pages/a.png"].there) == (None, "10 bytes")
    assert [file.can_be_joined for file in files.values()] == [True, False, False]
    join(ida.root, met_again(ida).key, dict.fromkeys(files, Choice(which)))
    assert (ida.root / "issues/0002-second.md").exists() is (which == "there")
    assert (ida.root / "pages/a.png").read_bytes().endswith(b"here!" if which == "here" else b"there")


def met_again(folder: Folder) -> Meeting:
    with pytest.raises(MergeConflict) as raised:
        pull(folder.root)
    return raised.value.meeting


def test_a_merge_that_was_begun_is_taken_back_and_its_texts_can_be_had(two: tuple[Folder, Folder]) -> None:
    _, ida = two
    met(two)
    before = everything(ida)
    subprocess.run(["git", "-C", ida.root, "merge", "-q", "origin/main"], capture_output=True)
    ida.write(FIRST, "Joined by hand, in part.\n")
    leave_merge(ida.root)
    assert everything(ida) == before
    undo(ida.root)
    assert (ida.root / FIRST).read_text() == "Joined by hand, in part.\n"
    with pytest.raises(EditError, match="no merge"):
        leave_merge(ida.root)


def test_a_new_file_in_the_way_is_not_written_over(two: tuple[Folder, Folder]) -> None:
    nora, ida = two
    nora.write("issues/0006-x.md", "Nora's")
    commit_all(nora.root, "Six")
    push(nora.root)
    ida.write("issues/0006-x.md", "Ida's")
    with pytest.raises(EditError, match="nothing was changed"):
        pull(ida.root)
    assert (ida.root / "issues/0006-x.md").read_text() == "Ida's"


def test_what_was_begun_elsewhere_is_left_alone(two: tuple[Folder, Folder]) -> None:
    nora, _ = two
    (nora.root / ".git/CHERRY_PICK_HEAD").write_text(git(nora.root, "rev-parse", "HEAD") + "\n")
    assert is_unfinished(nora.root)
    for act in (pull, push, leave_merge):
        with pytest.raises(EditError, match="as git status says"):
            act(nora.root)
    with pytest.raises(EditError, match="as git status says"):
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
