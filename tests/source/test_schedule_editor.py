"""Edits of the plan change their own lines, keep everything else, and can be undone to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import ndiff

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from weekahead.model.findings import BuildError
from weekahead.model.schedule import Entry
from weekahead.source.schedule_editor import EditError, ScheduleEditor

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
HEAD = PLAN[: PLAN.index("upcoming")]


def changed(before: str, after: str) -> list[str]:
    return [line for line in ndiff(before.split("\n"), after.split("\n")) if line[:2] in ("- ", "+ ")]


def add(text: str, number: int, title: str = "New") -> str:
    return ScheduleEditor(text).add(number, title).result()


def entries(text: str) -> dict[int, Entry]:
    return dict(ScheduleEditor(text).schedule.entries)


def test_a_title_is_planned_in_its_place_and_in_its_columns() -> None:
    assert changed(PLAN, add(PLAN, 8, "Paying")) == [
        "+   - {number: 8,   title: Paying,                    state: planning}"
    ]
    title = "On: colons, and more of them than fit"
    after = ScheduleEditor(PLAN).add(8, title, series="Arithmetic", day=date(2022, 3, 1)).result()
    assert changed(PLAN, after) == [
        '+   - {number: 8,   title: "On: colons, and more of them than fit", state: planning, series: Arithmetic, date: 2022-03-01}'
    ]


def test_the_cadences_own_day_is_not_written_out() -> None:
    assert "date" not in changed(PLAN, ScheduleEditor(PLAN).add(8, "A", day=date(2022, 2, 25)).result())[0]


def test_a_move_keeps_the_columns() -> None:
    after = ScheduleEditor(PLAN).move(9, 10).result()
    assert changed(PLAN, after) == [
        "-   - {number: 9,   title: What a benchmark hides,    state: planning, date: 2022-03-03}",
        "+   - {number: 10,  title: What a benchmark hides,    state: planning, date: 2022-03-03}",
    ]


def test_a_swap_leaves_numbers_and_dates_where_they_are() -> None:
    after = ScheduleEditor(PLAN).swap(7, 9).result()
    assert after == PLAN.replace(
        """\
  - {number: 7,   title: "Small: models",           state: drafting, notes: 'ask Jo'}
  # a pause for thought
  - {number: 9,   title: What a benchmark hides,    state: planning, date: 2022-03-03}
""",
        """\
  # a pause for thought
  - {number: 7,   title: What a benchmark hides,    state: planning}
  - {number: 9,   title: "Small: models",           state: drafting, notes: 'ask Jo', date: 2022-03-03}
""",
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("{date: 2022-03-03, number: 7, title: A, state: idea}", "{number: 7, title: B, state: idea}"),
        ("{number: 7, date: 2022-03-03, title: A, state: idea}", "{number: 7, title: B, state: idea}"),
        ("date: 2022-03-03\n    number: 7\n    title: A\n    state: idea", "number: 7\n    title: B\n    state: idea"),
        ("number: 7\n    date: 2022-03-03\n    title: A\n    state: idea", "number: 7\n    title: B\n    state: idea"),
        ("{number: 7, title: A, state: idea, date: 2022-03-03,}", "{number: 7, title: B, state: idea,}"),
    ],
)
def test_a_date_moves_from_wherever_it_is_in_its_entry(one: str, two: str) -> None:
    text = f"{HEAD}upcoming:\n  - {one.replace('7', '6')}\n  - {two}\n"
    found = entries(ScheduleEditor(text).swap(6, 7).result())
    assert {number: (entry.title, str(entry.date)) for number, entry in found.items()} == {
        6: ("B", "2022-03-03"),
        7: ("A", "None"),
    }


def test_a_state_changes_alone() -> None:
    after = ScheduleEditor(PLAN).set_state(6, "ready").result()
    assert (
        changed(PLAN, after)[1] == "+   - {number: 6,   title: Reading a loss curve,      state: ready}      # nearly"
    )


def test_a_skip_joins_the_others() -> None:
    def skip(text: str, first: date, last: date | None = None) -> str:
        return ScheduleEditor(text).skip(first, last).result()

    friday = date(2022, 12, 30)
    assert "skip: [2022-11-25, 2022-12-30]                     # the day after\n" in skip(PLAN, friday)
    none = PLAN.replace("skip: [2022-11-25]                     # the day after\n", "")
    assert "anchor: {number: 1, date: 2022-01-07}\nskip: [{from: 2022-07-01, until: 2022-08-31}]\n" in skip(
        none, date(2022, 7, 1), date(2022, 8, 31)
    )
    block = PLAN.replace("skip: [2022-11-25]                     # the day after", "skip:\n  - 2022-11-25   # x")
    assert "  - 2022-11-25   # x\n  - 2022-12-30\n" in skip(block, friday)
    empty = PLAN.replace("skip: [2022-11-25]", "skip:")
    assert "skip: [2022-12-30]                     # the day after\n" in skip(empty, friday)


@pytest.mark.parametrize(
    "skip",
    [
        "",
        "skip: [2022-11-25]\n",
        "skip: [2022-11-25]   # one\n",
        "skip:\n  - 2022-11-25   # one\n  - {from: 2022-12-01, until: 2022-12-09}\n",
        "skip: [\n  2022-11-25,   # one\n]\n",
    ],
)
@pytest.mark.parametrize("days", [(date(2022, 12, 30),), (date(2022, 7, 1), date(2022, 8, 31))])
def test_a_skip_can_be_taken_back(skip: str, days: tuple[date, ...]) -> None:
    text = PLAN.replace("skip: [2022-11-25]                     # the day after\n", skip)
    skipped = ScheduleEditor(text).skip(*days).result()
    assert ScheduleEditor(skipped).unskip(*days).result() == text
    with pytest.raises(EditError, match=f"does not skip {days[0]}"):
        ScheduleEditor(text).unskip(*days)


def test_what_is_dropped_goes_back_to_the_backlog() -> None:
    after = ScheduleEditor(PLAN).drop(7).result()
    assert '  - "Yes: no"\n  - {title: "Small: models", notes: ask Jo}\n' in after
    assert "number: 7" not in after
    assert len(changed(PLAN, after)) == 2


def test_an_idea_is_planned_and_leaves_the_backlog() -> None:
    assert changed(PLAN, ScheduleEditor(PLAN).take(1, 8).result()) == [
        "+   - {number: 8,   title: Paying for data,           state: planning}",
        "-   - {title: Paying for data, since: 2021-01-01}",
    ]
    gaps = HEAD + "upcoming:\nbacklog:\n  - ''\n  -\n  - A\n  - B\n"
    assert ScheduleEditor(gaps).take(1, 8).result().endswith("backlog:\n  - ''\n  -\n  - A\n")


@pytest.mark.parametrize(
    ("empty", "after"),
    [
        ("upcoming: []\n", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
        ("upcoming: [\n]   # none\n", "upcoming:   # none\n  - {number: 8, title: A, state: planning}\n"),
        ("upcoming: null\n", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
        ("upcoming:\n", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
        ("upcoming:", "upcoming:\n  - {number: 8, title: A, state: planning}"),
        ("", "upcoming:\n  - {number: 8, title: A, state: planning}\n"),
    ],
)
def test_a_plan_may_begin_empty(empty: str, after: str) -> None:
    assert add(HEAD + empty, 8, "A") == HEAD + after


def test_several_entries_can_begin_a_plan() -> None:
    for empty in ("upcoming: []\n", ""):
        editor = ScheduleEditor(HEAD + empty)
        assert list(entries(editor.add(8, "A").add(9, "B").result())) == [8, 9]


def test_a_plan_in_block_style_stays_in_it() -> None:
    text = HEAD + "upcoming:\n- number: 6\n  title: A\n  state: review\n\n# end\n"
    assert "- number: 6\n  title: A\n  state: review\n- number: 7\n  title: B\n  state: planning\n\n# end\n" in add(
        text, 7, "B"
    )
    assert "  state: planning\n" in ScheduleEditor(text).set_state(6, "planning").result()


@pytest.mark.parametrize(
    "edit",
    [
        lambda editor: editor.add(6, "x"),
        lambda editor: editor.add(8, "  "),
        lambda editor: editor.add(8, "bell \a"),
        lambda editor: editor.add(8_000_000_000, "x"),
        lambda editor: editor.move(6, 7),
        lambda editor: editor.move(8, 10),
        lambda editor: editor.drop(8),
        lambda editor: editor.swap(6, 6),
        lambda editor: editor.swap(6, 8),
        lambda editor: editor.skip(date(2022, 11, 25)),
        lambda editor: editor.skip(date(2022, 1, 7)),
        lambda editor: editor.skip(date(2022, 2, 1), date(2022, 1, 1)),
        lambda editor: editor.skip(date(2021, 1, 1), date(2022, 1, 7)),
        lambda editor: editor.skip(date(2022, 2, 1), date(9022, 2, 1)),
        lambda editor: editor.number_on(date(2022, 1, 8)),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Callable[[ScheduleEditor], object]) -> None:
    editor = ScheduleEditor(PLAN)
    with pytest.raises(EditError):
        edit(editor) and editor.result()


@pytest.mark.parametrize("text", ["", "- a", "upcoming: [", PLAN.replace("review", "revue"), PLAN + "upcoming: []\n"])
def test_a_text_with_errors_is_not_edited(text: str) -> None:
    with pytest.raises(BuildError):
        ScheduleEditor(text)


def test_a_way_of_writing_that_cannot_be_edited_is_refused() -> None:
    text = '{cadence: {every: friday, at: "09:00", timezone: UTC}, anchor: {number: 1, date: 2022-01-07}, upcoming: []}'
    with pytest.raises(EditError, match="would have an error"):
        add(text, 8)


# -- laws, for plans as people write them


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A plan with an entry on each line, aligned or not, with comments."""
    numbers = sorted(draw(st.sets(st.integers(6, 120), min_size=2, max_size=8)))
    wide = draw(st.booleans())
    lines = []
    for number in numbers:
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["  # a comment", ""])))
        pad = " " * (3 - len(str(number))) if wide else ""
        tail = draw(st.sampled_from(["", "   # note"]))
        lines.append(f"  - {draw(maps(number, pad))}{tail}")
    return HEAD + "upcoming:\n" + "\n".join(lines) + "\n"


@st.composite
def maps(draw: st.DrawFn, number: int, pad: str = "") -> str:
    """An entry in braces."""
    title = draw(st.sampled_from(["A", '"On: x"', "'it''s'", "Ünder 什么", "plain words"]))
    state = draw(st.sampled_from(["idea", "planning", "review"]))
    own = ", date: 2022-05-05" if draw(st.integers(0, 3)) == 0 else ""
    return f"{{number: {number},{pad} title: {title}, state: {state}{own}}}"


@st.composite
def bracketed(draw: st.DrawFn) -> str:
    """A plan and a backlog in brackets: on one line, or with an entry on each line."""

    def listed(key: str, items: list[str]) -> str:
        if draw(st.booleans()):
            gap = draw(st.sampled_from([", ", ",", " , "]))
            return f"{key}: [{gap.join(items)}{draw(st.sampled_from(['', ',', ' ']))}]   # all of them\n"
        last = draw(st.sampled_from([",", "", "   # last"]))
        head = draw(st.sampled_from(["[\n  ", "[", "\n  [\n  "]))
        notes = [draw(st.sampled_from([",", ",   # note", ",\n  # a comment"])) for _ in items[1:]]
        lines = [item + note for item, note in zip(items, [*notes, last], strict=True)]
        return f"{key}: {head}" + "\n  ".join(lines) + draw(st.sampled_from(["\n]\n", "\n  ]\n"]))

    numbers = sorted(draw(st.sets(st.integers(6, 30), min_size=1, max_size=4)))
    ideas = draw(st.lists(st.sampled_from(["A", "'it''s, so'", "{title: Rain, notes: wet}"]), min_size=1, max_size=4))
    return HEAD + listed("upcoming", [draw(maps(number)) for number in numbers]) + listed("backlog", ideas)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """A plan with a key on each line, and comments."""
    lines = []
    for number in sorted(draw(st.sets(st.integers(6, 120), min_size=2, max_size=5))):
        lines += draw(st.lists(st.sampled_from(["", "  # a comment"]), max_size=3))
        keys = [f"number: {number}", "title: A", "state: idea"]
        keys.insert(
            draw(st.sampled_from([0, 1, 2, 3])), draw(st.sampled_from(["date: 2022-05-05", "date: 2022-06-06"]))
        )
        keys = [key for key in keys if "date" not in key] if draw(st.booleans()) else keys
        notes = draw(st.sampled_from(["", "   # note"]))
        lines += [
            f"  {'- ' if first else '  '}{key}{notes}" for key, first in zip(keys, [True, *[False] * 9], strict=False)
        ]
    return HEAD + "upcoming:\n" + "\n".join(lines) + "\n"


@given(plans() | bracketed() | blocks(), st.data())
def test_a_move_there_and_back_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*entries(text)]))
    other = data.draw(st.integers(0, 2000).filter(lambda n: n not in entries(text)))
    # Where one line alone shows that the columns are made by hand, moving it takes that knowledge out of the file.
    padded = [line for line in text.split("\n") if re.search(r"\d,  ", line)]
    assume(len(padded) != 1 or f"number: {number}," not in padded[0])
    moved = ScheduleEditor(text).move(number, other).result()
    assert [*entries(moved)] == sorted(entries(moved))
    assert ScheduleEditor(moved).move(other, number).result() == text


@given(plans(), st.data())
def test_a_state_there_and_back_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*entries(text)]))
    after = ScheduleEditor(text).set_state(number, "recording").result()
    assert ScheduleEditor(after).set_state(number, entries(text)[number].state).result() == text


@given(plans(), st.data())
def test_adding_and_dropping_keeps_every_other_line(text: str, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 200).filter(lambda n: n not in entries(text)))
    added = add(text, number, "New: title")
    lines = changed(text, added)
    assert len(lines) == 1
    assert lines[0].startswith("+ ")
    assert sorted(entries(added)) == sorted([*entries(text), number])
    assert ScheduleEditor(added).drop(number).result() == text + 'backlog:\n  - "New: title"\n'


@given(plans() | bracketed(), st.data())
def test_every_edit_says_what_it_means_and_keeps_the_comments(text: str, data: st.DataObject) -> None:
    plan = {each["number"]: each for each in yaml.safe_load(text)["upcoming"]}
    backlog = yaml.safe_load(text).get("backlog", [])
    one, two = (data.draw(st.sampled_from([*plan])) for _ in range(2))
    free = data.draw(st.integers(0, 200).filter(lambda n: n not in plan))
    editor, comments = ScheduleEditor(text), text.count("#")
    match data.draw(st.sampled_from(["add", "move", "swap", "state", "drop", "take"])):
        case "add":
            editor.add(free, "Free: time")
            plan[free] = {"number": free, "title": "Free: time", "state": "planning"}
        case "move":
            editor.move(one, free)
            plan[free] = {**plan.pop(one), "number": free}
        case "swap" if one != two:
            editor.swap(one, two)
            kept = {
                number: {key: plan[number].pop(key) for key in ("number", "date") if key in plan[number]}
                for number in (one, two)
            }
            plan[one], plan[two] = {**plan[two], **kept[one]}, {**plan[one], **kept[two]}
        case "state":
            editor.set_state(one, "research")
            plan[one]["state"] = "research"
        case "drop":
            editor.drop(one)
            backlog.append(plan.pop(one)["title"])
            comments -= text.count("#") - editor.result().count("#")  # one on its line goes with it
        case "take" if backlog:
            index = data.draw(st.integers(0, len(backlog) - 1))
            editor.take(index, free)
            idea = backlog.pop(index)
            idea = idea if isinstance(idea, dict) else {"title": idea}
            plan[free] = {"number": free, "state": "planning", **idea}
            comments -= text.count("#") - editor.result().count("#")
    after = editor.result()
    assert {each["number"]: each for each in yaml.safe_load(after)["upcoming"] or []} == plan
    assert (yaml.safe_load(after).get("backlog") or []) == backlog
    assert after.count("#") == comments


@given(plans() | bracketed(), st.data())
def test_ideas_can_be_taken_one_after_the_other(text: str, data: st.DataObject) -> None:
    editor = ScheduleEditor(text)
    free = (number for number in range(200) if number not in entries(text))
    planned = []
    for _ in range(data.draw(st.integers(0, len(editor.schedule.backlog)))):
        index = data.draw(st.integers(0, len(editor.schedule.backlog) - 1))
        planned.append(editor.schedule.backlog[index].title)
        editor.take(index, next(free))
    after = ScheduleEditor(editor.result()).schedule
    assert after.backlog == editor.schedule.backlog
    assert [entry.title for number, entry in sorted(after.entries.items()) if number not in entries(text)] == planned


@given(plans() | bracketed() | blocks(), st.data())
def test_a_swap_twice_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    assume(len(entries(text)) > 1)
    one, two = data.draw(st.lists(st.sampled_from([*entries(text)]), min_size=2, max_size=2, unique=True))

    def read(text: str) -> dict[int, tuple[str, date | None]]:
        return {number: (entry.title, entry.date) for number, entry in entries(text).items()}

    once = ScheduleEditor(text).swap(one, two).result()
    assert read(once)[one] == (read(text)[two][0], read(text)[one][1])
    assert [*entries(once)] == [*entries(text)]
    assert ScheduleEditor(once).swap(two, one).result() == text


@given(plans() | bracketed() | blocks(), st.data())
def test_a_title_there_and_back_gives_the_same_bytes(text: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*entries(text)]))
    title = data.draw(st.sampled_from(["Another", "Ünder", "Half a year"]))
    after = ScheduleEditor(text).rename(number, title).result()
    assert entries(after)[number].title == title
    assert ScheduleEditor(after).rename(number, entries(text)[number].title).result() == text


def test_what_is_out_of_order_stays_where_its_author_put_it() -> None:
    text = HEAD + "upcoming:\n  - {number: 9, title: A, state: idea}\n  - {number: 7, title: B, state: idea}\n"
    assert ScheduleEditor(text).move(9, 6).result() == text.replace("number: 9", "number: 6")


def test_a_comment_goes_with_the_entry_that_it_is_above_or_behind_and_others_stay() -> None:
    lines = ["  # on rain", "  - {A, 6}   # wet", "", "  # Spring", "", "  # on sun", "  - {B, 7}", "  # the end"]

    def plan(*lines: str) -> str:
        entry = r"{number: \2, title: \1, state: idea}"
        return re.sub(r"\{(\w), (\d+)\}", entry, HEAD + "\n".join(["upcoming:", *lines, ""]))

    swapped = ["  # on sun", "  - {B, 6}", "", "  # Spring", "", "  # on rain", "  - {A, 7}   # wet", "  # the end"]
    assert ScheduleEditor(plan(*lines)).swap(6, 7).result() == plan(*swapped)
    moved = [*swapped[:1], "  - {B, 7}", *swapped[2:6], "  - {A, 8}   # wet", "  # the end"]
    assert ScheduleEditor(plan(*lines)).move(6, 8).result() == plan(*moved)


BRACKETS = """\
upcoming: [{number: 6, title: A, state: idea}, {number: 7, title: B, state: review, date: 2022-03-03}
  , # and more
  {number: 8, title: C, state: planning}, ] # all
"""


def test_entries_in_brackets_change_places_and_nothing_else_moves() -> None:
    def edited(edit: Callable[[ScheduleEditor], ScheduleEditor]) -> str:
        return edit(ScheduleEditor(HEAD + BRACKETS)).result().removeprefix(HEAD)

    assert edited(lambda editor: editor.swap(6, 7)) == (
        "upcoming: [{number: 6, title: B, state: review}, {number: 7, title: A, state: idea, date: 2022-03-03}\n"
        "  , # and more\n  {number: 8, title: C, state: planning}, ] # all\n"
    )
    assert edited(lambda editor: editor.move(6, 20)) == (
        "upcoming: [{number: 7, title: B, state: review, date: 2022-03-03}, {number: 8, title: C, state: planning}\n"
        "  , # and more\n  {number: 20, title: A, state: idea}, ] # all\n"
    )


COMMAS = """\
upcoming: [{number: 6, title: A, state: idea}
  , {number: 8, title: B, state: idea} # b, of course
  , {number: 9, title: C, state: idea}
  ]
"""


def test_a_comma_on_the_next_line_belongs_to_the_entry_before() -> None:
    assert [*entries(ScheduleEditor(HEAD + COMMAS).drop(8).result())] == [6, 9]
    assert "# b, of course" in ScheduleEditor(HEAD + COMMAS).drop(8).result()
    assert [*entries(ScheduleEditor(HEAD + COMMAS).add(7, "New").add(10, "Last").result())] == [6, 7, 8, 9, 10]
    assert ScheduleEditor(HEAD + COMMAS).swap(6, 9).result() == HEAD + COMMAS.replace("A", "-").replace(
        "C", "A"
    ).replace("-", "C")


def test_a_first_entry_is_added_above_the_comment_of_the_next() -> None:
    text = HEAD + "upcoming:\n  # on rain\n  - {number: 6, title: A, state: idea}\n"
    added = "upcoming:\n  - {number: 5, title: New, state: planning}\n  # on rain\n"
    assert add(text, 5) == text.replace("upcoming:\n  # on rain\n", added)


def test_a_date_stays_with_a_number_that_has_no_other_entry() -> None:
    with pytest.raises(EditError, match="not planned"):
        ScheduleEditor(PLAN).swap(9, 10)
