"""What the desk shows of a letter, and what its forms change: no server, no page."""

from __future__ import annotations

import fcntl
import re
import threading
import time
from dataclasses import dataclass

import pytest
from tests.conftest import NOON, SCHEDULE, Folder, issue_text

from weekahead.build.as_of import instant
from weekahead.model.findings import BuildError
from weekahead.model.schedule import compute_promise
from weekahead.serve.dashboard import SPARE_WEEKS, Dashboard, make_dashboard, submit_form
from weekahead.site.published import published_view
from weekahead.source.loader import load_letter
from weekahead.source.schedule_editor import EditError, ScheduleEditor


@dataclass
class Desk:
    """A letter's folder, and its desk at noon."""

    folder: Folder

    def dashboard(self) -> Dashboard:
        letter = load_letter(self.folder.root).letter
        assert letter
        now = instant(NOON, letter.schedule)
        words = {issue.source.file: 100 * (issue.number or 0) for issue in letter.issues}
        found = self.folder.check().findings
        public = published_view(letter, now, drafts=True)
        return make_dashboard(letter.schedule, public, words, found, compute_promise(letter.schedule, now))


@pytest.fixture
def desk(folder: Folder) -> Desk:
    return Desk(folder)


def test_the_weeks_reach_to_the_last_thing_planned_and_some_empty_ones(desk: Desk) -> None:
    plan = SCHEDULE.replace("number: 11, title", "number: 20, title")
    desk.folder.write("schedule.yaml", plan)
    weeks = desk.dashboard().weeks
    assert [week.number for week in weeks] == list(range(6, 20 + SPARE_WEEKS + 1))
    assert [week.number for week in weeks if week.is_empty] == [*range(11, 20), 21, 22, 23]
    assert [week.number for week in weeks if week.is_promised] == [6, 7, 8, 9, 10]


def test_a_pause_stands_before_the_week_that_it_moves(desk: Desk) -> None:
    desk.folder.write("schedule.yaml", SCHEDULE.replace("upcoming:", "skip: [2022-02-25, 2022-01-21]\nupcoming:"))
    assert {week.number: [str(day) for day in week.skipped] for week in desk.dashboard().weeks if week.skipped} == {
        7: ["2022-02-25"]
    }


def test_what_is_written_has_its_page_and_the_status_of_its_file(desk: Desk) -> None:
    desk.folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    first, second = desk.dashboard().weeks[:2]
    assert (first.status, first.has_entry, first.page) == ("draft", True, "issues/6-x/")
    assert (second.status, second.has_entry, second.page) == (None, True, None)


def test_each_draft_has_its_own_findings_and_the_letter_the_rest(desk: Desk) -> None:
    desk.folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", "[x](y)", status="draft"))
    desk.folder.write("issues/0002-second.md", issue_text(2, "2022-01-15", "Second letter"))
    found = desk.dashboard()
    assert [(draft.issue.label, draft.words, [one.rule for one in draft.findings]) for draft in found.drafts] == [
        ("Week 6", 600, ["dead-link"])
    ]
    assert [one.rule for one in found.findings] == ["off-cadence", "series-gap"]
    assert found.median == 300


def test_a_letter_without_issues_has_a_desk(desk: Desk) -> None:
    for path in desk.folder.root.glob("issues/*.md"):
        path.unlink()
    found = desk.dashboard()
    assert (found.median, found.drafts) == (0, ())
    assert found.standing.startswith("6 weeks are planned")


# -- what its forms change


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
            submit_form(folder.root, {"do": "drop", "number": "8", "title": "What a benchmark hides"})
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
            submit_form(folder.root, {"do": "take", "idea": "0", "title": "Idea A", "to": f"{week}"})
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


@pytest.mark.parametrize(
    "form",
    [
        {"do": "move", "number": "8", "to": "12"},  # 12 was empty, and has been planned
        {"do": "state", "number": "8", "state": "review"},
        {"do": "drop", "number": "8"},
        {"do": "rename", "number": "8", "new_title": "New"},
        {"do": "take", "idea": "0 Idea", "to": "13"},  # another idea of the same title
        {"do": "add", "title": "A new one", "to": "13"},
    ],
)
def test_a_form_of_a_plan_that_has_changed_is_refused(folder: Folder, form: dict[str, str]) -> None:
    folder.write("schedule.yaml", re.sub("backlog:.*", "backlog: [Idea, Idea, Idea]", SCHEDULE))
    seen = Desk(folder).dashboard().plan
    submit_form(folder.root, {"do": "take", "idea": "0 Idea", "to": "12", "plan": seen})
    before = (folder.root / "schedule.yaml").read_text()
    with pytest.raises(EditError, match="has changed"):
        submit_form(folder.root, {**form, "plan": seen})
    assert (folder.root / "schedule.yaml").read_text() == before
    submit_form(folder.root, {**form, "plan": Desk(folder).dashboard().plan})


def test_a_form_is_refused_once_a_week_on_its_page_has_a_draft(folder: Folder) -> None:
    seen = Desk(folder).dashboard().plan
    folder.write("issues/0012-x.md", issue_text(12, "2022-03-25", "Twelve", status="draft"))
    with pytest.raises(EditError, match="has changed"):
        submit_form(folder.root, {"do": "move", "number": "8", "to": "12", "plan": seen})


def test_what_no_form_can_lose_does_not_stop_one(folder: Folder) -> None:
    seen = Desk(folder).dashboard().plan
    folder.write("schedule.yaml", "# a comment\n" + SCHEDULE.replace("horizon: 5", "horizon: 4").replace("\n", "\r\n"))
    assert submit_form(folder.root, {"do": "drop", "number": "8", "plan": seen})
