"""What the desk shows, out of a letter: no server, no page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.conftest import NOON, SCHEDULE, Folder, issue_text

from weekahead.build.as_of import instant
from weekahead.model.schedule import compute_promise
from weekahead.serve.dashboard import SPARE, Board, board
from weekahead.site.published import published_view
from weekahead.source.loader import load_letter


@dataclass
class Desk:
    """A letter's folder, and its desk at noon."""

    folder: Folder

    def board(self) -> Board:
        letter = load_letter(self.folder.root).letter
        assert letter
        now = instant(NOON, letter.schedule)
        words = {issue.source.file: 100 * (issue.number or 0) for issue in letter.issues}
        found = self.folder.check().findings
        public = published_view(letter, now, drafts=True)
        return board(letter.schedule, public, words, found, compute_promise(letter.schedule, now))


@pytest.fixture
def desk(folder: Folder) -> Desk:
    return Desk(folder)


def test_the_weeks_reach_to_the_last_thing_planned_and_some_empty_ones(desk: Desk) -> None:
    plan = SCHEDULE.replace("number: 11, title", "number: 20, title")
    desk.folder.write("schedule.yaml", plan)
    weeks = desk.board().weeks
    assert [week.number for week in weeks] == list(range(6, 20 + SPARE + 1))
    assert [week.number for week in weeks if week.is_empty] == [*range(11, 20), 21, 22, 23]
    assert [week.number for week in weeks if week.within] == [6, 7, 8, 9, 10]


def test_a_pause_stands_before_the_week_that_it_moves(desk: Desk) -> None:
    desk.folder.write("schedule.yaml", SCHEDULE.replace("upcoming:", "skip: [2022-02-25, 2022-01-21]\nupcoming:"))
    assert {week.number: [str(day) for day in week.skipped] for week in desk.board().weeks if week.skipped} == {
        7: ["2022-02-25"]
    }


def test_what_is_written_is_not_moved(desk: Desk) -> None:
    desk.folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    first, second = desk.board().weeks[:2]
    assert (first.is_written, first.is_planned_here, first.page) == (True, False, "issues/6-x/")
    assert (second.is_written, second.is_planned_here, second.page) == (False, True, None)


def test_each_draft_has_its_own_findings_and_the_letter_the_rest(desk: Desk) -> None:
    desk.folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", "[x](y)", status="draft"))
    desk.folder.write("issues/0002-second.md", issue_text(2, "2022-01-15", "Second letter"))
    found = desk.board()
    assert [(draft.label, draft.words, [one.rule for one in draft.findings]) for draft in found.drafts] == [
        ("Week 6", 600, ["dead-link"])
    ]
    assert [one.rule for one in found.findings] == ["off-cadence", "series-gap"]
    assert found.median == 300


def test_a_letter_without_issues_has_a_desk(desk: Desk) -> None:
    for path in desk.folder.root.glob("issues/*.md"):
        path.unlink()
    found = desk.board()
    assert (found.median, found.drafts) == (0, ())
    assert found.standing.startswith("6 weeks are planned")
