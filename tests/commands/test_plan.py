"""`weekahead plan`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar
from tests.conftest import SCHEDULE, Folder, Said, issue_text
from tests.source.test_schedule_editor import PLAN

from weekahead.commands.plan_table import plan_table
from weekahead.model.schedule import Promise
from weekahead.source.schedule_editor import ScheduleEditor

Run = Callable[..., Said]


@pytest.fixture
def planned(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    folder.write("schedule.yaml", PLAN)
    return folder


def test_add_fills_the_first_empty_slot(planned: Folder, run: Run) -> None:
    said = run("plan", "--root", planned.root, "add", "Eight")
    assert said.status == 0
    assert said.out == "+   - {number: 8,   title: Eight,                     state: planning}\n"


def test_add_is_as_of_a_time(planned: Folder, run: Run) -> None:
    assert "number: 10," in run("plan", "--root", planned.root, "--as-of", "2022-03-05", "add", "Ten").out


def test_add_leaves_an_idea_in_its_slot(planned: Folder, run: Run) -> None:
    run("plan", "--root", planned.root, "add", "Perhaps", "--state", "idea")
    said = run("plan", "--root", planned.root, "add", "Surely")
    assert said.status == 0, said.err
    assert "number: 10," in said.out


def test_add_on_a_day(planned: Folder, run: Run) -> None:
    assert "number: 10," in run("plan", "--root", planned.root, "add", "Ten", "--date", "2022-03-11").out
    assert "is not a publication day" in run("plan", "--root", planned.root, "add", "Odd", "--date", "2022-03-12").err


def test_fill_takes_the_oldest_ideas_until_a_week_is_to_spare(planned: Folder, run: Run) -> None:
    said = run("plan", "--root", planned.root, "fill")
    assert said.status == 0
    assert "8: Paying for data\n10: Swarm robotics\n11: Yes: no\n" in said.out
    assert run("check", "--root", planned.root).status == 0
    assert run("plan", "--root", planned.root, "fill").out.startswith("Nothing to fill")


def test_a_written_number_is_not_planned_anew(planned: Folder, run: Run) -> None:
    assert (
        "number 5 already has an issue file: issues/0005-fifth.md"
        in run("plan", "--root", planned.root, "move", 6, 5).err
    )
    assert run("plan", "--root", planned.root, "move", 6, 7).status == 2


def test_no_line_of_the_help_is_cut_off(run: Run) -> None:
    lines = run("plan", "--help").out.splitlines()
    assert not [line for line in lines if line.endswith("...") and "[ARGS]" not in line]


@pytest.mark.parametrize("title", ["", " ", "\n", "\u200b", "\u00ad \ufeff"])
def test_a_title_that_shows_nothing_is_refused(planned: Folder, run: Run, title: str) -> None:
    said = run("plan", "--root", planned.root, "add", title)
    assert said.status == 2
    assert "a title is needed" in said.err
    assert (planned.root / "schedule.yaml").read_text() == PLAN
    assert run("new", "--root", planned.root, 40, "--title", title).status == 2
    assert not [*planned.root.glob("issues/0040*")]


@pytest.mark.parametrize("text", ["\udcff", "A\udce9", "\x00", "bold \x1b[1m", "\x7f", "A\ufffe"])
def test_what_is_not_text_is_refused(planned: Folder, run: Run, text: str) -> None:
    for words in (["plan", "add", text], ["plan", "add", "A title", "--series", text]):
        said = run(words[0], "--root", planned.root, *words[1:])
        assert said.status == 2
        assert "is not text" in said.err
    assert (planned.root / "schedule.yaml").read_text() == PLAN
    assert "is not text" in run("new", "--root", planned.root, 40, "--title", text).err
    assert not [*planned.root.glob("issues/0040*")]


@pytest.mark.parametrize("title", ["Größe", "한국어", "👩\u200d🚀", "#", "null", "2022-01-01", "می\u200cخواهم"])
def test_any_text_is_a_title(planned: Folder, run: Run, title: str) -> None:
    assert run("plan", "--root", planned.root, "add", title, "--series", " ").status == 0
    schedule = ScheduleEditor((planned.root / "schedule.yaml").read_text()).schedule
    assert [(entry.title, entry.series) for number, entry in schedule.entries.items() if entry.title == title] == [
        (title, None)
    ]


def test_a_plan_on_one_line_is_edited_like_any_other(planned: Folder, run: Run) -> None:
    text = re.sub(r"(?s)upcoming:.*", "", PLAN)
    line = "upcoming: [{number: 6, title: A, state: review}, {number: 7, title: B, state: review}]\n"
    planned.write("schedule.yaml", text + line)
    assert run("plan", "--root", planned.root, "swap", 6, 7).status == 0
    assert run("plan", "--root", planned.root, "move", 6, 9).status == 0
    assert run("plan", "--root", planned.root, "add", "C").status == 0
    added = "upcoming: [{number: 6, title: C, state: planning}, {number: 7, title: A, state: review}, {number: 9, title: B, "
    assert (planned.root / "schedule.yaml").read_text() == text + added + "state: review}]\n"


def test_a_file_with_an_error_is_refused_and_kept(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", PLAN.replace("state: review", "state: revue"))
    assert run("plan", "--root", planned.root, "state", 7, "ready").status == 1
    assert "revue" in (planned.root / "schedule.yaml").read_text()


def test_windows_line_ends_and_a_mark_stay(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode())
    run("plan", "--root", planned.root, "state", 7, "review")
    data = (planned.root / "schedule.yaml").read_bytes()
    assert data == b"\xef\xbb\xbf" + PLAN.replace("drafting", "review").replace("\n", "\r\n").encode()


def test_notes_go_with_an_idea_into_the_plan_and_back(
    planned: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    text = SCHEDULE.replace("backlog: [Swarm robotics]", "backlog:\n  - {title: Robots, notes: 'ask: Ada'}")
    planned.write("schedule.yaml", text)
    assert run("plan", "--root", planned.root, "drop", 10).status == 0
    assert run("plan", "--root", planned.root, "fill").status == 0
    after = (planned.root / "schedule.yaml").read_text()
    assert '- {number: 10, title: Robots, state: planning, notes: "ask: Ada"}' in re.sub(" +", " ", after)
    assert run("plan", "--root", planned.root, "drop", 10).status == 0
    assert '  - {title: Robots, notes: "ask: Ada"}\n' in (planned.root / "schedule.yaml").read_text()


def test_the_table_shows_parts_days_gaps_and_fits_the_terminal(planned: Folder, run: Run) -> None:
    text = SCHEDULE.replace("state: planning}\n  - {number: 11", "state: planning, series: Basics}\n  - {number: 12")
    planned.write("schedule.yaml", text + "skip: [2022-02-18]\n")
    said = run("plan", "--root", planned.root, "--as-of", "2022-02-09T12:00:00-07:00").out
    assert said.splitlines()[:8] == [
        "date         number  state     days  part  title",
        "2022-02-11        6  review       2        Reading a loss curve",
        "2022-02-18                                 no issue",
        "2022-02-25        7  drafting    16        Small models",
        "2022-03-04        8  planning    23        What a benchmark hides",
        "2022-03-11        9  planning    30        Paying for data",
        "2022-03-18·      10  planning    37     4  Ten letters in (Basics)",
        "2022-03-25·      11  -           44        (empty)",
    ]
    assert all(len(line) <= 40 for line in plan_table(promise_of(planned), 40))


def test_the_table_shows_the_status_of_files(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", SCHEDULE)
    planned.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    planned.write("issues/0008-x.md", issue_text(8, "2022-02-25", "What a benchmark hides", status="draft"))
    assert run("plan", "--root", planned.root, "--as-of", "2022-02-09T12:00:00-07:00").out.splitlines()[:4] == [
        "date         number  state     file    days  title",
        "2022-02-11        6  review    review     2  Reading a loss curve",
        "2022-02-18        7  drafting             9  Small models",
        "2022-02-25        8  drafting  draft     16  What a benchmark hides",
    ]


def promise_of(planned: Folder) -> Promise:
    found = planned.check().promise
    assert found
    return found


def test_a_new_draft_is_the_next_part_of_its_planned_series(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", SCHEDULE.replace("hides, state: planning", "hides, state: planning, series: Basics"))
    path = run("new", "--root", planned.root, 8).out.strip()
    assert "series: {name: Basics, part: 4}\n" in Path(path).read_text()


def test_the_record_tells_how_long_before_its_day_a_number_was_planned(planned: Folder, run: Run) -> None:
    def git(*arguments: str, day: str = "2022-01-03") -> None:
        stamp = f"{day}T00:00:00Z"
        environment = os.environ | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        who = ["-c", "user.name=A", "-c", "user.email=a@letter.example"]
        subprocess.run(["git", "-C", planned.root, *who, *arguments], check=True, capture_output=True, env=environment)

    git("init")
    planned.write(
        "schedule.yaml", SCHEDULE.replace("title: Small models, state: drafting", "title: Small, state: idea")
    )
    git("add", ".")
    git("commit", "-m", "Plan")
    planned.write("schedule.yaml", SCHEDULE)
    git("commit", "-am", "Decide", day="2022-02-14")
    planned.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    planned.write("issues/0007-seventh.md", issue_text(7, "2022-02-18", "Small models"))
    said = run("plan", "--root", planned.root, "--as-of", "2022-02-18", "--history").out
    assert "Planned 5.6 weeks ahead (median), never less than 0.6 (2 in git's history)." in said


def test_the_private_calendar_has_states_notes_and_the_next_deadline(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", SCHEDULE.replace("state: review}", "state: review, notes: ask Ada}"))
    said = run("plan", "--root", planned.root, "--as-of", "2022-02-09", "--ics").out
    events = {str(event["summary"]): event for event in Calendar.from_ical(said).walk("VEVENT")}
    assert str(events["Week 6: Reading a loss curve (review)"]["description"]) == "ask Ada"
    deadline = events["Plan Week 12 by now, or the promise of 5 weeks breaks"]
    assert deadline.decoded("dtstart").isoformat() == "2022-02-18T09:00:00-07:00"
    planned.build()
    assert not any(b"ask Ada" in data or b"review" in data for data in planned.site().values())
