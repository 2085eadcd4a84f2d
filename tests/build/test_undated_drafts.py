"""A draft needs neither number nor date: what sees it, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said, issue_text
from tests.harness import files

Run = Callable[..., Said]

IDEA = "---\ntitle: Swarm robotics\n---\n\nBees, [ants](0001-first.md) and drones.\n"


@pytest.fixture
def undated(folder: Folder) -> Folder:
    """A letter with drafts of several shapes that have no week: a file, a folder, two of one slug, one of a series."""
    folder.write("issues/swarm.md", IDEA)
    folder.write("issues/ants/index.md", IDEA.replace("Swarm robotics", "Ants").replace("0001", "../0001"))
    folder.write("issues/more-ants.md", "---\ntitle: More ants\nslug: ants\nstatus: draft\n---\n\nMore.\n")
    folder.write("issues/part.md", "---\ntitle: A part\nseries: {name: Insects, part: 2}\n---\n\nPart.\n")
    return folder


def test_check_finds_nothing_wrong_with_it(undated: Folder) -> None:
    assert [finding for finding in undated.check().findings if finding.is_error] == []


def test_the_site_and_the_promise_are_those_without_it(folder: Folder, tmp_path: Path) -> None:
    folder.build()
    before, promise = files(folder.root / "site"), folder.check().promise
    for name in ("swarm", "swarm/index"):
        folder.write(f"issues/{name}.md", IDEA.replace("0001", "../0001" if "/" in name else "0001"))
    folder.build()
    assert files(folder.root / "site") == before
    assert folder.check().promise == promise


@pytest.mark.parametrize("status", ["review", "ready"])
def test_an_issue_that_is_no_draft_needs_one_of_the_two(undated: Folder, status: str) -> None:
    undated.write("issues/swarm.md", IDEA.replace("---\n\n", f"status: {status}\n---\n\n"))
    [error] = [finding for finding in undated.check().findings if finding.is_error]
    assert error.rule == "no-number-no-date"
    assert str(error.where) == "issues/swarm.md:2"
    assert '"Swarm robotics" has neither a number nor a date' in error.message
    assert "6 is the next without a file" in error.hint


def test_previews_show_each_at_an_address_of_its_own(undated: Folder) -> None:
    undated.build(drafts=True)
    site = undated.root / "site"
    pages = {str(path.parent.relative_to(site)) for path in site.glob("drafts/*/index.html")}
    assert pages == {"drafts/swarm", "drafts/ants", "drafts/ants-2", "drafts/part"}
    page = (site / "drafts/swarm/index.html").read_text("utf-8")
    assert 'href="/issues/1-first/"' in page
    assert "Draft" in page
    assert 'href="/drafts/swarm/"' in (site / "archive/index.html").read_text("utf-8")
    assert 'href="/drafts/part/"' in (site / "series/insects/index.html").read_text("utf-8")
    undated.build()
    assert not (site / "drafts").exists()


def test_an_address_that_something_else_has_is_not_taken(undated: Folder) -> None:
    undated.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", aliases="[/drafts/swarm]"))
    undated.build(drafts=True)
    assert "swarm-2" in {path.name for path in (undated.root / "site/drafts").iterdir()}
    assert "http-equiv" in (undated.root / "site/drafts/swarm/index.html").read_text("utf-8")


def test_a_letter_with_an_error_elsewhere_has_only_that_error(undated: Folder) -> None:
    undated.write("issues/0009-x.md", "---\nnumber: nine\ntitle: X\n---\n\nX.\n")
    assert [finding.rule for finding in undated.check().findings if finding.is_error] == ["type"]


def test_with_a_number_it_is_the_issue_of_that_week(undated: Folder) -> None:
    undated.write("issues/swarm.md", IDEA.replace("title", "number: 12\ntitle"))
    undated.build(drafts=True)
    assert (undated.root / "site/issues/12-swarm/index.html").exists()
    promise = undated.check().promise
    assert promise
    assert promise.last_planned
    assert promise.last_planned.number == 12


def test_ready_says_what_is_missing(undated: Folder, run: Run) -> None:
    before = (undated.root / "issues/swarm.md").read_bytes()
    for name in ("swarm", "issues/swarm.md", "./issues/swarm.md"):
        said = run("ready", "--root", undated.root, name)
        assert said.status == 1
        assert 'issues/swarm.md:2: error: "Swarm robotics" has neither a number nor a date' in said.err
        assert "Add number: for a regular issue (6 is the next without a file), or date:" in said.err
    assert (undated.root / "issues/swarm.md").read_bytes() == before
    assert "issues/ants/index.md:2" in run("ready", "--root", undated.root, "issues/ants").err


def test_ready_names_the_files_that_one_slug_may_mean(undated: Folder, run: Run) -> None:
    undated.write("issues/most.md", "---\ntitle: Most ants\nslug: ant-hill\n---\n\nAnts.\n")
    undated.write("issues/least.md", "---\ntitle: Few ants\nslug: ant-hill\n---\n\nAnts.\n")
    said = run("ready", "--root", undated.root, "ant-hill")
    assert '"ant-hill" may be any of issues/least.md, issues/most.md' in said.err
    assert "there is no issue hornets" in run("ready", "--root", undated.root, "hornets").err


def test_a_special_edition_is_made_ready_by_its_name(undated: Folder, run: Run) -> None:
    path = undated.write("issues/swarm.md", IDEA.replace("title", "date: 2022-02-16\ntitle"))
    said = run("ready", "--root", undated.root, "swarm")
    assert (said.status, said.err) == (0, "")
    assert "It comes out on Wednesday 2022-02-16 at 09:00" in said.out
    assert path.read_text("utf-8") == IDEA.replace("title", "date: 2022-02-16\ntitle").replace(
        "---\n\n", "status: ready\n---\n\n"
    )


def test_plan_lists_it_apart_from_the_weeks(undated: Folder, run: Run) -> None:
    said = run("plan", "--root", undated.root).out
    assert "4 drafts without a week, which no slot counts:\n" in said
    assert "  issues/swarm.md  Swarm robotics\n" in said


def test_a_new_issue_and_mail_leave_it_alone(undated: Folder, run: Run) -> None:
    assert run("new", "--root", undated.root).status == 0
    said = run("email", "--root", undated.root, "swarm")
    assert said.status == 1
    assert "issue swarm is not published yet" in said.err
