"""Edits of schedule.yaml on disk: two at once lose nothing, and a file that changed is read again."""

from __future__ import annotations

import fcntl
import multiprocessing
import re
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import NOON, SCHEDULE, Folder

from weekahead.build.schedule_edit import edit_schedule
from weekahead.build.schedule_report import instant
from weekahead.model.findings import BuildError
from weekahead.serve.dashboard_actions import act
from weekahead.source import schedule_editor
from weekahead.source.schedule_editor import EditError, ScheduleEditor

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


def locked(folder: Folder, edit: threading.Thread, change: str) -> None:
    """Start an edit while another program has the lock, which changes the file before it lets go."""
    (folder.root / ".weekahead").mkdir(exist_ok=True)
    with open(folder.root / ".weekahead/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        edit.start()
        time.sleep(0.3)
        folder.write("schedule.yaml", change)
    edit.join(10)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("cadence: {every: friday\n  bad: [", BuildError),
        (SCHEDULE.replace("state: planning", "state: plannning"), BuildError),
        (SCHEDULE.replace("What a benchmark hides", "Something else"), EditError),
        (SCHEDULE.replace("number: 8", "number: 18"), EditError),
    ],
)
def test_an_edit_is_of_the_text_that_is_there_under_the_lock(
    folder: Folder, change: str, error: type[Exception]
) -> None:
    raised: list[Exception] = []

    def drop() -> None:
        try:
            act(folder.root, {"do": "drop", "number": "8", "title": "What a benchmark hides"})
        except Exception as found:
            raised.append(found)

    locked(folder, threading.Thread(target=drop), change)
    assert [type(found) for found in raised] == [error]
    assert (folder.root / "schedule.yaml").read_text() == change


def test_an_idea_is_taken_once_however_often_its_form_is_sent(folder: Folder) -> None:
    folder.write("schedule.yaml", re.sub("backlog:.*", "backlog: [Idea A, Idea B]", SCHEDULE))
    refused: list[EditError] = []
    start = threading.Barrier(2)

    def take(week: int) -> None:
        start.wait()
        try:
            act(folder.root, {"do": "take", "idea": "0", "title": "Idea A", "to": f"{week}"})
        except EditError as error:
            refused.append(error)

    both = [threading.Thread(target=take, args=(week,)) for week in (12, 13)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    schedule = ScheduleEditor((folder.root / "schedule.yaml").read_text()).schedule
    assert len(refused) == 1
    assert [idea.title for idea in schedule.backlog] == ["Idea B"]
    assert sum(entry.title == "Idea A" for entry in schedule.entries.values()) == 1


def test_an_edit_parses_the_text_once_before_and_once_after(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read = schedule_editor.read_yaml_map
    monkeypatch.setattr(schedule_editor, "read_yaml_map", lambda text, *rest: parsed.append(text) or read(text, *rest))
    for edit in (
        lambda editor: editor.swap(8, 9),
        lambda editor: editor.move(8, 12),
        lambda editor: editor.drop(9),
        lambda editor: editor.fill(instant(NOON, editor.schedule)),
    ):
        parsed.clear()
        assert edit_schedule(folder.root, edit)
        assert len(parsed) == 2
