"""A new issue's file: `new`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import NOON, SCHEDULE, Folder, Said, issue_text

from weekahead.source.value_types import TEXT
from weekahead.source.yaml_map import YamlSource, read_yaml_map
from weekahead.source.yaml_values import quoted

Run = Callable[..., Said]


def test_new_drafts_the_next_unwritten_slot(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    said = run("new", "--root", folder.root)
    path = folder.root / "issues/0006-reading-a-loss-curve.md"
    assert said.out.strip() == str(path)
    assert path.read_text().startswith("---\nnumber: 6\ntitle: Reading a loss curve\nstatus: draft\n")
    assert "## Links and thoughts" in path.read_text()
    assert run("check", "--root", folder.root).status == 0
    assert run("new", "--root", folder.root).out.strip().endswith("0007-small-models.md")


def test_new_never_overwrites_and_wants_a_title(folder: Folder, run: Run) -> None:
    assert "already exists" in run("new", "--root", folder.root, 5).err
    assert "not planned yet" in run("new", "--root", folder.root, 40).err
    assert run("new", "--root", folder.root, 40, "--title", "On: colons").status == 0
    assert 'title: "On: colons"' in (folder.root / "issues/0040-on-colons.md").read_text()


@pytest.mark.parametrize(
    "title",
    [
        "Plain words",
        "On: colons",
        "# hash",
        "yes",
        "1984",
        "'quoted'",
        '"x"',
        "what?",
        "- dash",
        "a #b",
        "null",
        "emoji 👩🏽‍💻",
        "ends: ",
        "{x}",
        "back\\slash",
        "@at",
        "100 %",
    ],
)
def test_any_title_comes_back_as_it_was(title: str) -> None:
    read = read_yaml_map(f"title: {quoted(title)}\n", YamlSource("x", []), "x")
    assert read
    assert read.get("title", TEXT) == title


def test_a_new_issue_has_the_standing_sections_in_their_order(folder: Folder, run: Run) -> None:
    text = Path(run("new", "--root", folder.root, 6).out.strip()).read_text()
    places = [text.index(part) for part in ("research_note:", "## Links and thoughts", "## Top 5 posts of the week")]
    assert places == sorted(places)
    assert text.rstrip(" \n").endswith("1. \n2. \n3. \n4. \n5.")


def test_a_new_issue_has_its_part_of_a_planned_series(folder: Folder, run: Run) -> None:
    plan = (folder.root / "schedule.yaml").read_text().replace("state: review}", "state: review, series: Basics}")
    folder.write("schedule.yaml", plan)
    text = Path(run("new", "--root", folder.root, 6).out.strip()).read_text()
    assert "series: {name: Basics, part: 4}" in text


@pytest.mark.parametrize("order", [(6, 7, 8), (8, 7, 6), (7, 8, 6), (8, 6, 7)])
def test_parts_follow_the_plan_whatever_is_written_first(folder: Folder, run: Run, order: tuple[int, ...]) -> None:
    plan = re.sub(r"(number: [678],.*)\}", r"\1, series: Basics}", (folder.root / "schedule.yaml").read_text())
    folder.write("schedule.yaml", plan)
    for number in order:
        assert run("new", "--root", folder.root, number).status == 0
    parts = [re.findall(r"part: (\d)", path.read_text()) for path in sorted((folder.root / "issues").glob("000[678]*"))]
    assert parts == [["4"], ["5"], ["6"]]
    assert not {"series-order", "series-gap", "series-part-taken"} & {found.rule for found in folder.check().findings}


def test_a_planned_part_fills_the_gap_before_a_written_one(folder: Folder, run: Run) -> None:
    plan = re.sub(r"(number: [67],.*)\}", r"\1, series: Basics}", (folder.root / "schedule.yaml").read_text())
    folder.write("schedule.yaml", plan)
    assert run("new", "--root", folder.root, 7).status == 0
    assert "series-gap" not in {rule for _, _, rule in folder.rules()}
    folder.replace("schedule.yaml", "state: review, series: Basics}", "state: review}")
    assert "series-gap" in {rule for _, _, rule in folder.rules()}


def test_a_new_issue_links_to_what_was_promised_of_it(folder: Folder, run: Run) -> None:
    line = "[{number: 6, title: Loss curves}, {number: 7, title: Another}]"
    folder.write("issues/0003-third.md", issue_text(3, "2022-01-21", "Third letter", next=line))
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth letter", next=line))
    path = Path(run("new", "--root", folder.root, 6).out.strip())
    assert path.read_text().count("Promised in") == 1
    assert "Promised in [Week 3](0003-third.md) as “Loss curves”.\n\nWrite" in path.read_text()
    folder.build(drafts=True)
    assert '<a href="/issues/3-third/">Week 3</a>' in next(folder.root.glob("site/issues/6-*/index.html")).read_text()


def test_an_unplanned_issue_is_added_to_the_plan_in_its_place(folder: Folder, run: Run) -> None:
    folder.write("schedule.yaml", SCHEDULE.replace("  - {number: 9, title: Paying for data, state: planning}\n", ""))
    assert run("new", "--root", folder.root, 9, "--title", "On: colons").status == 0
    new = '  - {number: 9, title: "On: colons", state: drafting}\n'
    before, after = SCHEDULE.split("  - {number: 9, title: Paying for data, state: planning}\n")
    plan = (folder.root / "schedule.yaml").read_text()
    assert plan.replace('",           ', '", ') == before + new + after
    assert run("check", "--root", folder.root, "--as-of", NOON).status == 0


@pytest.mark.parametrize(
    ("plan", "title", "name"),
    [
        ("", "Something new", "0012-something-new.md"),
        ("", "Small models", "0007-small-models.md"),
        ("number: 8, title: What a benchmark hides, state: planning", "Something new", "0008-something-new.md"),
        ("number: 8, title: What a benchmark hides, state: planning", "Paying for data", "0009-paying-for-data.md"),
    ],
)
def test_a_title_takes_no_slot_that_is_planned_under_another(
    folder: Folder, run: Run, plan: str, title: str, name: str
) -> None:
    if plan:
        folder.replace("schedule.yaml", f"  - {{{plan}}}\n", "")
    said = run("new", "--root", folder.root, "--title", title)
    assert (said.status, said.err, Path(said.out.strip()).name) == (0, "", name)
    assert f"title: {title}" in (folder.root / "schedule.yaml").read_text()
    assert "title-disagrees" not in {rule for _, _, rule in folder.rules()}


def test_a_title_takes_no_slot_of_an_idea(folder: Folder, run: Run) -> None:
    folder.write(
        "schedule.yaml", SCHEDULE.replace("11, title: Agents and errands, state: planning", "12, title: X, state: idea")
    )
    names = [Path(run("new", "--root", folder.root, "--title", title).out.strip()).name for title in ("A", "B")]
    assert names == ["0011-a.md", "0013-b.md"]


def test_a_title_is_not_taken_to_a_week_that_has_passed(folder: Folder, run: Run) -> None:
    (folder.root / "issues/0005-fifth.md").unlink()
    folder.write(
        "schedule.yaml", SCHEDULE.replace("upcoming:\n", "upcoming:\n  - {number: 5, title: Late, state: planning}\n")
    )
    assert Path(run("new", "--root", folder.root, "--title", "Late").out.strip()).name == "0012-late.md"


def test_another_title_for_a_planned_number_is_not_passed_over_in_silence(folder: Folder, run: Run) -> None:
    said = run("new", "--root", folder.root, 7, "--title", "Large models")
    assert said.status == 0
    assert Path(said.out.strip()).name == "0007-large-models.md"
    shown = [str(found) for found in folder.check().findings if found.rule == "title-disagrees"]
    assert said.err == f"{shown[0]}\n"
    assert 'the title is "Large models", but schedule.yaml:6 says "Small models"' in said.err


def test_a_new_issue_moves_with_the_schedule(folder: Folder, run: Run) -> None:
    run("new", "--root", folder.root, 6)
    folder.write("schedule.yaml", SCHEDULE.replace("upcoming:", "skip: [2022-02-11]\nupcoming:"))
    assert not {"off-cadence", "date-disagrees", "missed-slot"} & {rule for _, _, rule in folder.rules()}
    assert [str(slot.date) for slot in folder.check().promise.slots][:2] == ["2022-02-18", "2022-02-25"]  # type: ignore[union-attr]


def test_a_planned_issue_leaves_the_plan_as_it_is(folder: Folder, run: Run) -> None:
    assert run("new", "--root", folder.root, 6).status == 0
    assert (folder.root / "schedule.yaml").read_text() == SCHEDULE


def test_open_hands_the_file_to_the_editor(
    folder: Folder, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    said = run("new", "--root", folder.root, 6, "--open")
    assert (tmp_path / "opened").read_text() == said.out


def test_a_long_title_makes_a_file_name_that_can_be(folder: Folder, run: Run) -> None:
    said = run("new", "--root", folder.root, 40, "--title", "Größe " * 60)
    assert said.status == 0, said.err
    assert len(Path(said.out.strip()).name.encode()) < 220
    assert run("build", "--root", folder.root, "--drafts").status == 0
