"""Edits of schedule.yaml on disk: two at once lose nothing, and a file that changed is read again."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import NOON, SCHEDULE, Folder

from weekahead.build.as_of import instant
from weekahead.build.schedule_edit import edit_schedule
from weekahead.source import schedule_editor, yaml_map
from weekahead.source.schedule_editor import ScheduleEditor

PROCESSES = 4
EACH = 3


def edit_often(root: Path, worker: int) -> None:
    """Plan some titles for the first empty slots, and drop one of the planned numbers."""

    def add(title: str, editor: ScheduleEditor) -> None:
        editor.add(editor.first_empty(instant(NOON, editor.schedule)), title)

    for count in range(EACH):
        edit_schedule(root, partial(add, f"Title {worker}.{count}"))
        if not count:
            edit_schedule(root, lambda editor: editor.drop(6 + worker))


def test_edits_of_many_processes_at_once_are_all_there(folder: Folder) -> None:
    before = ScheduleEditor(SCHEDULE).schedule
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        for done in [pool.submit(edit_often, folder.root, worker) for worker in range(PROCESSES)]:
            done.result()
    after = ScheduleEditor((folder.root / "schedule.yaml").read_text()).schedule
    dropped = {before.entries[6 + worker].title for worker in range(PROCESSES)}
    kept = {entry.title for entry in before.entries.values()} - dropped
    added = {f"Title {worker}.{count}" for worker in range(PROCESSES) for count in range(EACH)}
    assert sorted(entry.title for entry in after.entries.values()) == sorted(kept | added)
    assert sorted(idea.title for idea in after.backlog) == sorted(dropped | {"Swarm robotics"})


def test_an_edit_parses_the_text_once_before_and_once_after(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read = yaml_map.read_yaml_map

    def noted(text: str, *rest: Any) -> Any:
        parsed.append(text)
        return read(text, *rest)

    monkeypatch.setattr(schedule_editor, "read_yaml_map", noted)
    for edit in (
        lambda editor: editor.swap(8, 9),
        lambda editor: editor.move(8, 12),
        lambda editor: editor.drop(9),
        lambda editor: editor.fill(instant(NOON, editor.schedule)),
    ):
        parsed.clear()
        assert edit_schedule(folder.root, edit)
        assert len(parsed) == 2
