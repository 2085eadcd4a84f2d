"""Edits of the plan change their own lines, keep everything else, and can be undone to the byte."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from datetime import date
from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar
from tests.conftest import SCHEDULE, Folder, Said, issue_text

from weekahead.commands.plan_table import plan_table
from weekahead.model.schedule import Promise
from weekahead.source import schedule_editor

Run = Callable[..., Said]

PLAN = """\
# When it comes out.
cadence: {every: friday, at: "09:00", timezone: America/Denver}   # nine o'clock
anchor: {number: 1, date: 2022-01-07}
skip: [2022-11-25]                     # the day after

upcoming:   # the plan
  - {number: 6,   title: Reading a loss curve,      state: review}      # nearly
  - {number: 7,   title: "Small: models",           state: drafting, notes: 'ask Jo'}
  # a pause for thought
  - {number: 9,   title: What a benchmark hides,    state: planning, date: 2022-03-03}
  - {number: 100, title: A hundred,                 state: idea}

backlog:
  - Swarm robotics   # old
  - {title: Paying for data, since: 2021-01-01}
  - "Yes: no"
"""


def changed(before: str, after: str) -> list[str]:
    return [line for line in ndiff(before.split("\n"), after.split("\n")) if line[:2] in ("- ", "+ ")]


def test_a_title_is_planned_in_its_place_and_in_its_columns() -> None:
    assert changed(PLAN, schedule_editor.add(PLAN, 8, "Paying", "planning")) == [
        "+   - {number: 8,   title: Paying,                    state: planning}"
    ]
    after = schedule_editor.add(
        PLAN, 8, "On: colons, and more of them than fit", "planning", series="Arithmetic", day=date(2022, 3, 1)
    )
    assert changed(PLAN, after) == [
        '+   - {number: 8,   title: "On: colons, and more of them than fit", state: planning, series: Arithmetic, date: 2022-03-01}'
    ]


def test_a_move_keeps_the_columns() -> None:
    after = schedule_editor.renumber(PLAN, 9, 10)
    assert changed(PLAN, after) == [
        "-   - {number: 9,   title: What a benchmark hides,    state: planning, date: 2022-03-03}",
        "+   - {number: 10,  title: What a benchmark hides,    state: planning, date: 2022-03-03}",
    ]


def test_a_swap_leaves_numbers_and_dates_where_they_are() -> None:
    after = schedule_editor.swap(PLAN, 7, 9)
    assert (
        "  - {number: 9,   title: \"Small: models\",           state: drafting, notes: 'ask Jo', date: 2022-03-03}\n"
        in after
    )
    assert "  - {number: 7,   title: What a benchmark hides,    state: planning}\n" in after
    assert len(changed(PLAN, after)) == 4


def test_a_state_changes_alone() -> None:
    after = schedule_editor.set_state(PLAN, 6, "ready")
    assert (
        changed(PLAN, after)[1] == "+   - {number: 6,   title: Reading a loss curve,      state: ready}      # nearly"
    )


def test_a_skip_joins_the_others() -> None:
    assert "skip: [2022-11-25, 2022-12-30]                     # the day after\n" in schedule_editor.skip(
        PLAN, date(2022, 12, 30)
    )
    pause = schedule_editor.skip(
        PLAN.replace("skip: [2022-11-25]                     # the day after\n", ""),
        date(2022, 7, 1),
        date(2022, 8, 31),
    )
    assert "anchor: {number: 1, date: 2022-01-07}\nskip: [{from: 2022-07-01, until: 2022-08-31}]\n" in pause
    block = PLAN.replace("skip: [2022-11-25]                     # the day after", "skip:\n  - 2022-11-25   # x")
    assert "  - 2022-11-25   # x\n  - 2022-12-30\n" in schedule_editor.skip(block, date(2022, 12, 30))


def test_what_is_dropped_goes_back_to_the_backlog() -> None:
    after = schedule_editor.drop(PLAN, 7)
    assert '  - "Yes: no"\n  - {title: "Small: models", notes: ask Jo}\n' in after
    assert "number: 7" not in after
    assert len(changed(PLAN, after)) == 2


@pytest.mark.parametrize(
    ("empty", "after"),
    [
        ("upcoming: []\n", "upcoming: \n  - {number: 8, title: A, state: planning}\n"),
        ("upcoming:\n", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
        ("", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
    ],
)
def test_a_plan_may_begin_empty(empty: str, after: str) -> None:
    head = PLAN[: PLAN.index("upcoming")]
    assert schedule_editor.add(head + empty, 8, "A", "planning") == head + after


def test_a_plan_in_block_style_stays_in_it() -> None:
    text = PLAN[: PLAN.index("upcoming")] + "upcoming:\n- number: 6\n  title: A\n  state: review\n\n# end\n"
    assert (
        "- number: 6\n  title: A\n  state: review\n- number: 7\n  title: B\n  state: planning\n\n# end\n"
        in schedule_editor.add(text, 7, "B", "planning")
    )
    assert "  state: planning\n" in schedule_editor.set_state(text, 6, "planning")


@pytest.mark.parametrize(
    "edit",
    [
        lambda: schedule_editor.add(PLAN, 6, "x", "planning"),
        lambda: schedule_editor.renumber(PLAN, 6, 7),
        lambda: schedule_editor.drop(PLAN, 8),
        lambda: schedule_editor.swap(PLAN, 6, 6),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Callable[[], str]) -> None:
    with pytest.raises(schedule_editor.EditError):
        edit()


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A plan as people write it: aligned or not, with comments, in one style."""
    numbers = sorted(draw(st.sets(st.integers(6, 120), min_size=2, max_size=8)))
    wide = draw(st.booleans())
    lines = []
    for number in numbers:
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["  # a comment", ""])))
        pad = " " * (3 - len(str(number))) if wide else ""
        title = draw(st.sampled_from(["A", '"On: x"', "'it''s'", "Ünder 什么", "plain words"]))
        own = ", date: 2022-05-05" if draw(st.integers(0, 3)) == 0 else ""
        tail = draw(st.sampled_from(["", "   # note"]))
        lines.append(
            f"  - {{number: {number},{pad} title: {title}, state: {draw(st.sampled_from(['idea', 'planning', 'review']))}{own}}}{tail}"
        )
    return PLAN[: PLAN.index("upcoming")] + "upcoming:\n" + "\n".join(lines) + "\n"


def numbers_of(text: str) -> list[int]:
    return [entry.whole("number") or 0 for entry in schedule_editor._fields(text).maps("upcoming")]


@given(plans(), st.data())
def test_a_move_there_and_back_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(numbers_of(text)))
    other = data.draw(st.integers(0, 2000).filter(lambda n: n not in numbers_of(text)))
    # Where one line alone shows that the columns are made by hand, moving it takes that knowledge out of the file.
    padded = [line for line in text.split("\n") if re.search(r"\d,  ", line)]
    assume(len(padded) != 1 or f"number: {number}," not in padded[0])
    moved = schedule_editor.renumber(text, number, other)
    assert len(changed(text, moved)) == 2
    assert schedule_editor.renumber(moved, other, number) == text


@given(plans(), st.data())
def test_a_state_there_and_back_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(numbers_of(text)))
    entry = schedule_editor._wanted(schedule_editor._fields(text), number)
    assert (
        schedule_editor.set_state(
            schedule_editor.set_state(text, number, "recording"), number, entry.line("state") or ""
        )
        == text
    )


@given(plans(), st.data())
def test_adding_and_dropping_keeps_every_other_line(text: str, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 200).filter(lambda n: n not in numbers_of(text)))
    added = schedule_editor.add(text, number, "New: title", "planning")
    lines = changed(text, added)
    assert len(lines) == 1
    assert lines[0].startswith("+ ")
    assert sorted(numbers_of(added)) == sorted([*numbers_of(text), number])
    dropped = schedule_editor.drop(added, number)
    assert dropped == text + 'backlog:\n  - "New: title"\n'


@given(plans(), st.data())
def test_a_swap_twice_reads_the_same(text: str, data: st.DataObject) -> None:
    one, two = data.draw(st.lists(st.sampled_from(numbers_of(text)), min_size=2, max_size=2, unique=True))

    def read(words: str) -> dict[int | None, tuple[str | None, object]]:
        return {
            e.whole("number"): (e.line("title"), e.day("date")) for e in schedule_editor._fields(words).maps("upcoming")
        }

    once = schedule_editor.swap(text, one, two)
    assert read(once)[one][0] == read(text)[two][0]
    assert read(once)[one][1] == read(text)[one][1]
    assert read(schedule_editor.swap(once, one, two)) == read(text)


# -- the commands


@pytest.fixture
def planned(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    folder.write("schedule.yaml", PLAN)
    return folder


def test_add_fills_the_first_empty_slot(planned: Folder, run: Run) -> None:
    said = run("plan", "--root", planned.root, "add", "Eight")
    assert said.status == 0
    assert said.out == "+   - {number: 8,   title: Eight,                     state: planning}\n"


def test_add_leaves_an_idea_in_its_slot(planned: Folder, run: Run) -> None:
    run("plan", "--root", planned.root, "add", "Perhaps", "--state", "idea")
    said = run("plan", "--root", planned.root, "add", "Surely")
    assert said.status == 0, said.err
    assert "number: 10," in said.out


def test_add_on_a_day(planned: Folder, run: Run) -> None:
    assert "number: 10," in run("plan", "--root", planned.root, "add", "Ten", "--date", "2022-03-11").out
    assert "not a day of the cadence" in run("plan", "--root", planned.root, "add", "Odd", "--date", "2022-03-12").err


def test_fill_takes_the_oldest_ideas_until_a_week_is_to_spare(planned: Folder, run: Run) -> None:
    said = run("plan", "--root", planned.root, "fill")
    assert said.status == 0
    assert "8: Paying for data\n10: Swarm robotics\n11: Yes: no\n" in said.out
    assert run("check", "--root", planned.root).status == 0
    assert run("plan", "--root", planned.root, "fill").out.startswith("Nothing to fill")


def test_a_written_number_is_not_planned_anew(planned: Folder, run: Run) -> None:
    assert "written already" in run("plan", "--root", planned.root, "move", 6, 5).err
    assert run("plan", "--root", planned.root, "move", 6, 7).status == 2


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
    assert "First planned 5.6 weeks ahead in the middle, 0.6 at the least (of 2 that git remembers)." in said


def test_the_private_calendar_has_states_notes_and_the_next_deadline(planned: Folder, run: Run) -> None:
    planned.write("schedule.yaml", SCHEDULE.replace("state: review}", "state: review, notes: ask Ada}"))
    said = run("plan", "--root", planned.root, "--as-of", "2022-02-09", "--ics").out
    events = {str(event["summary"]): event for event in Calendar.from_ical(said).walk("VEVENT")}
    assert str(events["Week 6: Reading a loss curve (review)"]["description"]) == "ask Ada"
    deadline = events["Plan Week 12 by now, or the promise of 5 weeks breaks"]
    assert deadline.decoded("dtstart").isoformat() == "2022-02-18T09:00:00-07:00"
    planned.build()
    assert not any(b"ask Ada" in data or b"review" in data for data in planned.site().values())
