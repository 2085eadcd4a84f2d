"""Drafts go along with the plan: file, number, date, series part, title, and the links to them; together, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import EXAMPLES, SCHEDULE, Folder, Said, five_issues, issue_text

from weekahead.build.schedule_edit import edit_schedule
from weekahead.model.findings import BuildError
from weekahead.model.rules import check_rules
from weekahead.source.loader import load_letter
from weekahead.source.schedule_editor import EditError, ScheduleEditor

Run = Callable[..., Said]
DAYS = {6: "2022-02-11", 7: "2022-02-18", 8: "2022-02-25", 9: "2022-03-04", 10: "2022-03-11"}
TITLES = {6: "Reading a loss curve", 7: "Small models", 8: "What a benchmark hides", 9: "Paying for data"}


def draft(number: int, body: str = "", **keys: str) -> str:
    return issue_text(number, DAYS[number], TITLES[number], body, **{"status": "draft", **keys})


def tree(folder: Folder) -> dict[str, bytes]:
    """Every file of the author's."""
    paths = (path for path in folder.root.rglob("*") if path.is_file() and ".weekahead" not in path.parts)
    return {path.relative_to(folder.root).as_posix(): path.read_bytes() for path in paths}


def edited(folder: Folder, edit: Callable[[ScheduleEditor], object]) -> list[str]:
    return edit_schedule(folder.root, edit)


def text(folder: Folder, name: str) -> str:
    return (folder.root / name).read_text()


@pytest.fixture
def drafts(folder: Folder) -> Folder:
    """The letter with drafts of 7 and 9, the second in a folder, which link to each other."""
    folder.write("issues/0007-small.md", draft(7, "See [later](0009-paying/), ![it](0009-paying/p.png)."))
    folder.write("issues/0009-paying/index.md", draft(9, "See [before](../0007-small.md#top) and [me](index.md)."))
    folder.write("issues/0009-paying/p.png", "picture")
    return folder


def test_a_swap_takes_drafts_along_and_shows_it(drafts: Folder, run: Run) -> None:
    before = tree(drafts)
    said = run("plan", "--root", drafts.root, "swap", 7, 9)
    assert said.status == 0, said.err
    assert said.out == (
        "schedule.yaml\n"
        "-   - {number: 7, title: Small models, state: drafting}\n"
        "+   - {number: 7, title: Paying for data, state: planning}\n"
        "-   - {number: 9, title: Paying for data, state: planning}\n"
        "+   - {number: 9, title: Small models, state: drafting}\n"
        "rename issues/0007-small.md -> issues/0009-small.md\n"
        "- number: 7\n+ number: 9\n- date: 2022-02-18\n+ date: 2022-03-04\n"
        "- See [later](0009-paying/), ![it](0009-paying/p.png).\n"
        "+ See [later](0007-paying/), ![it](0007-paying/p.png).\n"
        "rename issues/0009-paying/ -> issues/0007-paying/\n"
        "- number: 9\n+ number: 7\n- date: 2022-03-04\n+ date: 2022-02-18\n"
        "- See [before](../0007-small.md#top) and [me](index.md).\n"
        "+ See [before](../0009-small.md#top) and [me](index.md).\n"
    )
    assert tree(drafts)["issues/0007-paying/p.png"] == b"picture"
    assert not drafts.rules()
    assert run("plan", "--root", drafts.root, "swap", 9, 7).status == 0
    assert tree(drafts) == before


def test_a_move_and_a_swap_with_an_unwritten_week_can_be_undone(drafts: Folder) -> None:
    before = tree(drafts)
    edited(drafts, lambda editor: editor.move(7, 120))
    assert "number: 120\n" in text(drafts, "issues/0120-small.md")
    assert "](../0120-small.md#top)" in text(drafts, "issues/0009-paying/index.md")
    edited(drafts, lambda editor: editor.swap(120, 8))
    assert "number: 8\n" in text(drafts, "issues/0008-small.md")
    assert not drafts.rules()
    edited(drafts, lambda editor: editor.swap(8, 120))
    edited(drafts, lambda editor: editor.move(120, 7))
    assert tree(drafts) == before


def test_a_draft_that_the_plan_does_not_name_moves_as_well(folder: Folder) -> None:
    folder.write("issues/0030-x.md", "---\nnumber: 30\ntitle: X\n---\nWords.\n")
    assert edited(folder, lambda editor: editor.move(30, 31)) == [
        "rename issues/0030-x.md -> issues/0031-x.md",
        "- number: 30",
        "+ number: 31",
    ]
    edited(folder, lambda editor: editor.swap(31, 8))
    assert text(folder, "issues/0008-x.md") == "---\nnumber: 8\ntitle: X\n---\nWords.\n"
    assert "{number: 31, title: What a benchmark hides, state: planning}" in text(folder, "schedule.yaml")


def test_a_skip_moves_the_dates_of_drafts_that_follow_the_plan(drafts: Folder) -> None:
    drafts.write("issues/0008-x.md", draft(8).replace("2022-02-25", "2022-02-24"))  # a day of its own
    published = text(drafts, "issues/0005-fifth.md")
    edited(drafts, lambda editor: editor.skip(date(2022, 2, 18)))
    assert "date: 2022-02-25\n" in text(drafts, "issues/0007-small.md")
    assert "date: 2022-03-11\n" in text(drafts, "issues/0009-paying/index.md")
    assert "date: 2022-02-24\n" in text(drafts, "issues/0008-x.md")
    assert text(drafts, "issues/0005-fifth.md") == published


def test_a_rename_changes_the_plan_and_the_file(drafts: Folder, run: Run) -> None:
    before = tree(drafts)
    said = run("plan", "--root", drafts.root, "rename", 7, " Small: and\tlarge ")
    assert said.status == 0, said.err
    assert '{number: 7, title: "Small: and large", state: drafting}' in text(drafts, "schedule.yaml")
    assert 'title: "Small: and large"\n' in text(drafts, "issues/0007-small.md")
    assert not drafts.rules()
    run("plan", "--root", drafts.root, "rename", 7, "Small models")
    assert tree(drafts) == before
    assert run("plan", "--root", drafts.root, "rename", 7, " ").status == 2
    assert run("plan", "--root", drafts.root, "rename", 8, "Alone").out.count("\n") == 2


def test_a_drop_keeps_the_draft_and_says_so(drafts: Folder, run: Run) -> None:
    before = tree(drafts)
    said = run("plan", "--root", drafts.root, "drop", 7)
    assert said.status == 0
    assert "issues/0007-small.md stays as it is, and number 7 is still written." in said.out
    assert {name for name, data in tree(drafts).items() if before[name] != data} == {"schedule.yaml"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["swap", 5, 7], "number 5 is published and cannot be moved: issues/0005-fifth.md"),
        (["move", 5, 20], "number 5 is published"),
        (["move", 7, 5], "number 5 already has an issue file: issues/0005-fifth.md"),
        (["rename", 5, "X"], "number 5 is published and cannot be renamed"),
        (["move", 7, 0], "number 0 was due on 2021-12-31, which is past"),
        (["move", 8, 0], "number 0 was due on 2021-12-31, which is past"),
        (["move", 7, 9], "weekahead plan swap 7 9"),
        (["move", 7, 7], "to itself"),
        (["swap", 7, 50], "number 50 is not planned"),
        (["move", 7, 20], "there is a file in the way: issues/0020-small.md"),
        (["swap", 7, 10], "number 10 is ready, and what comes next is stamped in issues/0010-x.md"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_changes_nothing(
    drafts: Folder, run: Run, words: list[object], reason: str
) -> None:
    drafts.write("issues/0020-small.md", "---\ntitle: S\ndate: 2022-12-12\n---\nA special edition.\n")
    stamp = "[{number: 11, title: Agents and errands}]"
    drafts.write("issues/0010-x.md", issue_text(10, DAYS[10], "Ten letters in", next=stamp))
    before = tree(drafts)
    said = run("plan", "--root", drafts.root, *words)
    assert said.status == 2
    assert reason in said.err
    assert tree(drafts) == before


def test_an_issue_that_cannot_be_read_stops_a_move_that_could_concern_it(drafts: Folder) -> None:
    drafts.replace("issues/0009-paying/index.md", "number: 9", "number: nine")
    before = tree(drafts)
    for one, two in ((7, 8), (9, 8)):
        with pytest.raises(BuildError, match="nine"):
            edited(drafts, lambda editor, one=one, two=two: editor.swap(one, two))  # type: ignore[misc]
    assert tree(drafts) == before
    assert edited(drafts, lambda editor: editor.swap(10, 11))


def test_a_skip_that_would_move_a_published_issue_is_refused(folder: Folder) -> None:
    folder.replace("issues/0005-fifth.md", "date: 2022-02-04\n", "")
    day = date(2022, 1, 21)
    with pytest.raises(EditError, match="number 5, which is published"):
        edited(folder, lambda editor: editor.skip(day))
    folder.replace("issues/0005-fifth.md", "number: 5\n", "number: 5\ndate: 2022-02-04\n")
    edited(folder, lambda editor: editor.skip(day))


# -- dates


def test_dates_of_their_own_stay_with_their_numbers(drafts: Folder) -> None:
    drafts.replace("schedule.yaml", "Small models, state: drafting", "Small models, state: drafting, date: 2022-02-17")
    drafts.replace("issues/0007-small.md", "date: 2022-02-18", "date: 2022-02-17")
    before = tree(drafts)
    edited(drafts, lambda editor: editor.swap(7, 9))
    assert "date: 2022-03-04\n" in text(drafts, "issues/0009-small.md")
    assert "date: 2022-02-17\n" in text(drafts, "issues/0007-paying/index.md")
    assert not drafts.rules()
    edited(drafts, lambda editor: editor.swap(7, 9))
    assert tree(drafts) == before


def test_a_date_that_would_contradict_the_plan_is_refused(drafts: Folder) -> None:
    drafts.replace(
        "schedule.yaml", "Paying for data, state: planning", "Paying for data, state: planning, date: 2022-03-03"
    )
    drafts.replace("issues/0009-paying/index.md", "date: 2022-03-04", "date: 2022-03-03")
    drafts.replace("issues/0007-small.md", "2022-02-18", "2022-02-15")
    with pytest.raises(EditError, match="the letter would have an error then: the date is 2022-02-15"):
        edited(drafts, lambda editor: editor.swap(7, 9))


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("2022-02-18-small", "2024-05-10-small"),
        ("7-small", "123-small"),
        ("small-7", "small-7"),
        ("0007_small", "0123_small"),
        ("0007", "0123"),
        ("0008-small", "0008-small"),
    ],
)
def test_a_name_has_the_new_number_where_it_had_the_old_one(folder: Folder, name: str, moved: str) -> None:
    folder.write(f"issues/{name}.md", draft(7))
    before = tree(folder)
    edited(folder, lambda editor: editor.move(7, 123))
    assert f"issues/{moved}.md" in tree(folder)
    assert moved == name or f"issues/{name}.md" not in tree(folder)
    edited(folder, lambda editor: editor.move(123, 7))
    assert tree(folder) == before


# -- series


def series(part: int, name: str = "Basics") -> str:
    return f"{{name: {name}, part: {part}}}"


def test_parts_follow_the_order_of_the_plan_also_past_what_is_not_written(folder: Folder) -> None:
    folder.replace("schedule.yaml", "hides, state: planning", "hides, state: planning, series: Basics")
    folder.write("issues/0007-a.md", draft(7, series=series(4)))
    folder.write("issues/0009-b.md", draft(9, series=series(6)))
    before = tree(folder)
    edited(folder, lambda editor: editor.swap(7, 10))
    assert "part: 6}" in text(folder, "issues/0010-a.md")
    assert "part: 5}" in text(folder, "issues/0009-b.md")
    edited(folder, lambda editor: editor.swap(7, 10))
    assert tree(folder) == before


@pytest.mark.parametrize(("first", "second", "after"), [(4, 9, (9, 4)), (9, 4, (9, 4)), (4, 5, (5, 4))])
def test_parts_that_were_in_order_stay_so_and_others_stay_with_their_texts(
    folder: Folder, first: int, second: int, after: tuple[int, int]
) -> None:
    folder.write("issues/0007-a.md", draft(7, series=series(first)))
    folder.write("issues/0009-b.md", draft(9, series=series(second)))
    edited(folder, lambda editor: editor.swap(7, 9))
    found = [text(folder, name) for name in ("issues/0009-a.md", "issues/0007-b.md")]
    assert [f"part: {part}}}" in one for part, one in zip(after, found, strict=True)] == [True, True]


# -- links


@pytest.mark.parametrize(
    ("link", "after"),
    [
        ("[x](0007-small.md)", "[x](0123-small.md)"),
        ("[x](<0007-small.md> 'Title')", "[x](<0123-small.md> 'Title')"),
        ("[x](./0007-small.md?q#top)", "[x](./0123-small.md?q#top)"),
        ("[x](../issues/0007-small.md)", "[x](../issues/0123-small.md)"),
        ("[x](0007%2Dsmall.md)", "[x](0123-small.md)"),
        ("[x][y]\n\n[y]: 0007-small.md", "[x][y]\n\n[y]: 0123-small.md"),
        ('<a href="0007-small.md">x</a>', '<a href="0123-small.md">x</a>'),
        ("- [x](0007-small.md)\n\n  > [z](0007-small.md)", "- [x](0123-small.md)\n\n  > [z](0123-small.md)"),
        ("[x](/issues/7-small/)", "[x](/issues/123-small/)"),
        ("[x](https://letter.example/issues/7-small/#top)", "[x](https://letter.example/issues/123-small/#top)"),
        ("https://letter.example/issues/7-small/", "https://letter.example/issues/123-small/"),
        ("[x](../7-small/)", "[x](../123-small/)"),
        *((near, near) for near in (
            "`[x](0007-small.md)`", "    [x](0007-small.md)", "0007-small.md", "[0007-small.md](0001-first.md)",
            "[x](https://other.example/issues/7-small/)", "[x](10007-small.md)", "[x](0007-small.md.txt)",
            "[x](/issues/7-smaller/)", "[x](sub/0007-small.md)", "<!-- [x](0007-small.md) -->", "[x](mailto:0007-small.md)",
        )),
    ],
)  # fmt: skip
def test_links_to_a_draft_follow_it_and_nothing_else_does(folder: Folder, link: str, after: str) -> None:
    folder.write("issues/0007-small.md", draft(7))
    folder.write("issues/0009-b.md", draft(9, f"Words.\n\n{link}\n\nWords."))
    before = tree(folder)
    edited(folder, lambda editor: editor.move(7, 123))
    assert text(folder, "issues/0009-b.md") == draft(9, f"Words.\n\n{after}\n\nWords.")
    edited(folder, lambda editor: editor.move(123, 7))
    if "%2D" not in link:
        assert tree(folder) == before


def test_links_in_front_matter_pages_and_the_sign_off_follow(folder: Folder) -> None:
    folder.write("issues/0007-small/index.md", draft(7, cover="{file: p.png, alt: x}", aliases="[/issues/7-old]"))
    folder.write("issues/0007-small/p.png", "picture")
    keys = {
        "research_note": "see [x](0007-small/index.md)",
        "cover": "{file: 0007-small/p.png, alt: 0007-small}",
        "aliases": "[/0007-small/]",
    }
    folder.write("issues/0009-b.md", draft(9, **keys))
    folder.write("pages/about.md", "# About\n\nSee [it](../issues/0007-small/).\n")
    folder.replace("letter.yaml", "Enjoy the week ahead.", "'[Next](https://letter.example/issues/7-small/).'")
    before = tree(folder)
    edited(folder, lambda editor: editor.move(7, 123))
    assert "see [x](0123-small/index.md)" in text(folder, "issues/0009-b.md")
    assert "cover: {file: 0123-small/p.png, alt: 0007-small}" in text(folder, "issues/0009-b.md")
    assert "aliases: [/0007-small/]" in text(folder, "issues/0009-b.md")
    assert "aliases: [/issues/7-old]" in text(folder, "issues/0123-small/index.md")
    assert "(../issues/0123-small/)" in text(folder, "pages/about.md")
    assert "https://letter.example/issues/123-small/" in text(folder, "letter.yaml")
    edited(folder, lambda editor: editor.move(123, 7))
    assert tree(folder) == before


def test_a_recorded_text_is_still_the_recorded_one_when_a_link_in_it_changes(folder: Folder) -> None:
    folder.write("issues/0007-small.md", draft(7))
    words = draft(9, "See [before](0007-small.md).").replace("draft", "ready")
    folder.write("issues/0009-b.md", words)
    digest = next(issue.body.digest for issue in load_letter(folder.root).require_letter().issues if issue.number == 9)
    folder.write("issues/0009-b.md", words.replace("status", f"recorded: {digest}\nstatus"))
    before = tree(folder)
    edited(folder, lambda editor: editor.move(7, 123))
    recorded = load_letter(folder.root).require_letter().by_number[9]
    assert recorded.recorded == recorded.body.digest != digest
    edited(folder, lambda editor: editor.move(123, 7))
    assert tree(folder) == before


# -- the law


@st.composite
def letters(draw: st.DrawFn) -> dict[str, str]:
    """The files of some drafts of 6 to 10, as people write them, with links to each other."""
    files, names, part = {}, {}, 3
    for number in sorted(draw(st.sets(st.integers(6, 10), min_size=1))):
        name = draw(st.sampled_from([f"{number:04}-a{number}", f"{DAYS[number]}-b{number}", f"{number:04}"]))
        names[number] = f"{name}/index.md" if draw(st.booleans()) else f"{name}.md"
    for number, name in names.items():
        up = "../" if "/" in name else ""
        links = [f"[x]({up}{other})" for other in draw(st.lists(st.sampled_from([*names.values()]), max_size=3))]
        keys = draw(st.sampled_from([[], [f"date: {DAYS[number]}"], [f"date: '{DAYS[number]}'   # a day"]]))
        if draw(st.booleans()):
            part += 1
            keys.append(f"series: {series(part)}")
        title = {**TITLES, 10: "Ten letters in"}[number]
        lines = [f"title: {title}", *keys]
        lines.insert(draw(st.integers(0, len(lines))), f"number: {number}")
        files[f"issues/{name}"] = "\n".join(["---", *lines, "---", "", *links, "Words."]) + "\n"
    return files


Edit = Callable[[ScheduleEditor], object]
PLANS = [
    SCHEDULE,
    SCHEDULE.replace("state: drafting", "state: drafting, date: 2022-02-17"),
    re.sub(r"\n  - \{", " {", SCHEDULE)
    .replace("upcoming:", "upcoming: [")
    .replace("} {", "}, {")
    .replace("}\nback", "}]\nback"),
    SCHEDULE.replace("- {number: 8", "# on\n\n  # eight\n  - {number: 8").replace("planning}", "planning}   # so"),
]


def test_a_moved_draft_whose_day_is_its_own_keeps_its_place_in_its_series(tmp_path: Path) -> None:
    folder = five_issues(tmp_path / "letter")
    folder.write("schedule.yaml", SCHEDULE.replace("state: drafting", "state: drafting, date: 2022-02-17"))
    for number, part in ((7, 4), (8, 5)):
        lines = f"number: {number}\ntitle: {TITLES[number]}\nseries: {series(part)}"
        folder.write(f"issues/{number:04}-a{number}.md", f"---\n{lines}\n---\n\nWords.\n")
    known = found(folder)
    edited(folder, lambda editor: editor.move(7, 12))
    assert found(folder) == known
    assert f"series: {series(4)}" in text(folder, "issues/0012-a7.md")


@settings(max_examples=min(EXAMPLES, 20) if EXAMPLES <= 100 else EXAMPLES // 5)
@given(letters(), st.sampled_from(PLANS), st.data())
def test_edits_and_their_opposites_give_the_same_bytes_and_no_finding(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str], plan: str, data: st.DataObject
) -> None:
    folder = five_issues(Path(tmp_path_factory.mktemp("law")) / "letter")
    folder.write("schedule.yaml", plan)
    for name, words in files.items():
        folder.write(name, words.replace(DAYS[7], "2022-02-17") if "02-17" in plan and "date" in words else words)
    opposites, states, known = list[Edit](), [tree(folder)], found(folder)
    for _ in range(data.draw(st.integers(1, 4))):
        planned = [*ScheduleEditor(text(folder, "schedule.yaml")).schedule.entries]
        one, two = data.draw(st.lists(st.sampled_from(planned), min_size=2, max_size=2, unique=True))
        free = data.draw(st.integers(12, 300).filter(lambda number: number not in planned))  # noqa: B023
        title = ScheduleEditor(text(folder, "schedule.yaml")).schedule.entries[one].title
        skipped = ScheduleEditor(text(folder, "schedule.yaml")).schedule.skip
        day, end = date(2022, 2, 25), date(2022, 3, 12)
        skips = [(("skip", day), ("unskip", day)), (("skip", day, end), ("unskip", day, end))] if not skipped else []
        edit, opposite = data.draw(
            st.sampled_from(
                [
                    *skips,
                    (("swap", one, two), ("swap", two, one)),
                    (("move", one, free), ("move", free, one)),
                    (("rename", one, "Another"), ("rename", one, title)),
                ]
            )
        )
        edited(folder, lambda editor, edit=edit: getattr(editor, edit[0])(*edit[1:]))  # type: ignore[misc]
        numbers = [*ScheduleEditor(text(folder, "schedule.yaml")).schedule.entries]
        assert numbers == sorted(numbers)
        assert not found(folder) - known, edit
        opposites.append(lambda editor, edit=opposite: getattr(editor, edit[0])(*edit[1:]))  # type: ignore[misc]
        states.append(tree(folder))
    for opposite_edit in reversed(opposites):
        assert tree(folder) == states.pop()
        edited(folder, opposite_edit)
    assert tree(folder) == states.pop()


def found(folder: Folder) -> set[str]:
    """The rules that the letter breaks, and "dead-link" where a link has no file."""
    letter = load_letter(folder.root).require_letter(whole=True)
    broken = {
        finding.rule for finding in check_rules(letter) if finding.rule not in ("series-part-taken", "series-gap")
    }
    for path in folder.root.glob("issues/**/*.md"):
        links = re.findall(r"\]\((.*?)\)", path.read_text())
        broken |= {"dead-link" for link in links if not (path.parent / link).exists()}
    return broken
