"""Edits of several files of a letter: all or none, also when they are killed or refused at any instant."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import THOROUGH, some
from tests.harness import DENIED, DISK_FULL, run_forked

from weekahead.model.findings import BuildError
from weekahead.source.text_edit import finish_edit, letter_edit

BEFORE = {
    "schedule.yaml": "plan\n",
    "issues/0001-a.md": "one\n",
    "issues/0002-b.md": "two\n",
    "issues/0003/index.md": "three\n",
    "issues/0003/p.png": "picture",
    "issues/0004/index.md": "four\n",
    "issues/0005-x/index.md": "five\n",
}
AFTER = {
    "schedule.yaml": "plan, edited\n",
    "issues/0002-a.md": "one, edited\n",
    "issues/0001-b.md": "two\n",
    "issues/0004/index.md": "three, edited\n",
    "issues/0004/p.png": "picture",
    "issues/0003/index.md": "four\n",
    "issues/0007-x/index.md": "five, edited\n",
}
RENAMES = {
    "issues/0001-a.md": "issues/0002-a.md",
    "issues/0002-b.md": "issues/0001-b.md",
    "issues/0003": "issues/0004",
    "issues/0004": "issues/0003",
    "issues/0005-x": "issues/0007-x",
}


def letter(root: Path) -> Path:
    for name, text in BEFORE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def files(root: Path) -> dict[str, str]:
    paths = [path for path in root.rglob("*") if path.is_file() and ".weekahead" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text() for path in paths}


def edit(root: Path) -> None:
    with letter_edit(root) as edits:
        for name, text in BEFORE.items():
            if name.endswith((".md", ".yaml")):
                changed = name.split("/")[1][:4] not in ("0002", "0004") if "/" in name else True
                edits.change(name, text.replace("\n", ", edited\n") if changed else text)
        for old, new in RENAMES.items():
            edits.rename(old, new)


def rename_all(root: Path, names: dict[str, str]) -> None:
    with letter_edit(root) as edits:
        edits.change("schedule.yaml", "x")
        for old, new in names.items():
            edits.rename(old, new)


def test_an_edit_changes_and_renames_files_and_folders_together(tmp_path: Path) -> None:
    os.chmod(letter(tmp_path) / "issues/0001-a.md", 0o600)
    edit(tmp_path)
    assert files(tmp_path) == AFTER
    assert (tmp_path / "issues/0002-a.md").stat().st_mode & 0o777 == 0o600


def test_an_edit_that_is_killed_at_any_instant_is_whole_or_not_made_after_the_next_command(tmp_path: Path) -> None:
    outcomes = []
    for call in some(range(1, 500), 4):
        root = letter(tmp_path / str(call))
        ended = run_forked(lambda root=root: edit(root), at_call=call, root=str(root))  # type: ignore[misc]
        finish_edit(root)
        assert files(root) in (BEFORE, AFTER), call
        outcomes.append(files(root) == AFTER)
        if not ended.killed:
            break
    assert outcomes == sorted(outcomes)
    assert outcomes.count(True) > (len(RENAMES) if THOROUGH else 0)


@pytest.mark.parametrize("fault", some([DISK_FULL, DENIED], 2))
def test_an_edit_that_the_system_refuses_is_finished_when_it_no_longer_does(tmp_path: Path, fault: int) -> None:
    endings: list[int] = []
    while endings[-8:] != [0] * 8:
        root = letter(tmp_path / str(len(endings)))
        at_call = len(endings) + 1
        ended = run_forked(lambda root=root: edit(root), at_call=at_call, fault=fault, root=str(root))  # type: ignore[misc]
        assert "cannot write" in ended.said or not ended.status, ended.said
        finish_edit(root)
        assert files(root) in (BEFORE, AFTER), at_call
        assert files(root) == AFTER or ended.status
        endings.append(ended.status)
    assert len(endings) - endings.count(0) > len(RENAMES)


def killed(root: Path, is_enough: Callable[[], bool]) -> None:
    """Kill an edit so late that it has begun to rename."""
    for call in some(range(1, 500), 4):
        letter(root)
        run_forked(lambda: edit(root), at_call=call, root=str(root))
        if is_enough():
            return
    raise AssertionError


def test_what_the_author_wrote_since_a_killed_edit_is_kept(tmp_path: Path) -> None:
    killed(tmp_path, (tmp_path / ".weekahead/edit-journal").exists)
    (tmp_path / "schedule.yaml").write_text("mine\n")
    (tmp_path / "issues/0001-a.md").write_text("mine\n")
    finish_edit(tmp_path)
    found = files(tmp_path)
    assert found["schedule.yaml"] == found["issues/0001-a.md"] == "mine\n"
    assert found["issues/0002-a.md"] == "one, edited\n"


@pytest.mark.parametrize("name", ["../x.md", "issues/../../x.md", "/tmp/x.md", ".git/config", "notes.txt", "issues//x"])
def test_a_record_that_is_not_of_the_letter_is_removed(tmp_path: Path, name: str) -> None:
    import msgspec

    from weekahead.source.edit_journal import EditJournal, Replacement

    root = letter(tmp_path / "letter")
    (root / ".weekahead/edit-stage").mkdir(parents=True)
    (root / ".weekahead/edit-stage/0").write_text("theirs")
    journal = EditJournal([], [Replacement(name, name, "", "", 0o644)])
    (root / ".weekahead/edit-journal").write_bytes(msgspec.msgpack.encode(journal))
    finish_edit(root)
    assert not (root / ".weekahead/edit-journal").exists()
    assert files(tmp_path) == {f"letter/{path}": text for path, text in BEFORE.items()}


def test_a_damaged_record_is_removed(tmp_path: Path) -> None:
    letter(tmp_path)
    for data in (b"", b"\x93", b"\x92\x90\x91\x01"):
        (tmp_path / ".weekahead").mkdir(exist_ok=True)
        (tmp_path / ".weekahead/edit-journal").write_bytes(data)
        finish_edit(tmp_path)
        assert files(tmp_path) == BEFORE


def test_a_link_is_not_renamed(tmp_path: Path) -> None:
    letter(tmp_path)
    (tmp_path / "issues/0009-l.md").symlink_to("0001-a.md")
    with pytest.raises(BuildError, match="is a link"):
        rename_all(tmp_path, {"issues/0001-a.md": "issues/0010-a.md", "issues/0009-l.md": "issues/0010-l.md"})
    assert files(tmp_path)["schedule.yaml"] == "plan\n"


def test_line_ends_and_a_mark_stay_where_several_files_change(tmp_path: Path) -> None:
    letter(tmp_path)
    (tmp_path / "issues/0001-a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\nthree\r\n")
    with letter_edit(tmp_path) as edits:
        edits.change("schedule.yaml", "x\n")
        edits.change("issues/0001-a.md", "1\ntwo\n3\n")
    assert (tmp_path / "issues/0001-a.md").read_bytes() == b"\xef\xbb\xbf1\r\ntwo\n3\r\n"
