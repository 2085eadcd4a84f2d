"""The publishing rule, to the second, and that nothing withheld reaches a byte of the site."""

from __future__ import annotations

import pytest
from tests.conftest import NOON, SCHEDULE, Folder, issue_text


def test_an_issue_is_out_from_its_instant_and_not_a_second_before(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    assert folder.build("2022-02-11T08:59:59-07:00").issues == 5
    assert folder.build("2022-02-11T09:00:00-07:00").issues == 6
    assert folder.build("2022-02-11").issues == 6
    assert folder.build("2022-02-10").issues == 5


@pytest.mark.parametrize("status", ["draft", "review"])
def test_only_ready_is_ever_published(folder: Folder, status: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", status=status))
    assert folder.numbers() == [4, 3, 2, 1]


def test_an_issue_without_a_status_is_a_draft(folder: Folder) -> None:
    text = issue_text(5, "2022-02-04", "Fifth").replace("status: ready\n", "")
    folder.write("issues/0005-fifth.md", text)
    assert folder.build().issues == 4


def test_an_issue_without_a_date_comes_out_on_the_cadences_day(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", "---\nnumber: 5\ntitle: Fifth\nstatus: ready\n---\nx\n")
    assert folder.newest() == "2022-02-04T09:00:00-07:00"


@pytest.mark.parametrize("how", ["draft", "review", "later"])
def test_nothing_withheld_is_in_any_output(folder: Folder, how: str) -> None:
    date = "2022-02-18" if how == "later" else "2022-02-04"
    keys = {
        "status": "ready" if how == "later" else how,
        "slug": "merlin-slug",
        "tags": "[merlintag]",
        "summary": "Merlin summary",
        "research_note": "Merlin note",
        "series": "{name: Merlin series, part: 1, of: 1}",
        "aliases": "[/merlin-alias]",
        "cover": "{file: merlin.png, alt: Merlin alt}",
        "authors": "[Merlin Author]",
        "corrected": "[{date: 2022-03-01, what: Merlin slip}]",
        "audio": '{url: "https://x.example/merlin.mp3", bytes: 1, chapters: [{at: "0:00", title: Merlin chapter}]}',
        "guid": "merlin-id",
        "extra": "{merlin: merlin}",
    }
    folder.write(
        "issues/0007-merlin/index.md",
        issue_text(7, date, "Merlin title", "Merlin body ![Merlin](merlin2.png).", **keys),
    )
    folder.write("issues/0007-merlin/merlin.png", b"\x89PNG merlin")
    folder.write("issues/0007-merlin/merlin2.png", b"\x89PNG merlin")
    folder.write(
        "schedule.yaml",
        SCHEDULE.replace("title: Agents", "notes: Merlin plan, title: Agents").replace("Swarm robotics", "Merlin idea"),
    )
    folder.build()
    for path, data in folder.site().items():
        assert b"merlin" not in data.lower(), path
        assert "merlin" not in path.lower()


def test_ideas_and_secrets_stay_private(folder: Folder) -> None:
    text = SCHEDULE.replace("title: Small models, state: drafting", "title: Merlin, state: drafting, secret: true")
    folder.write(
        "schedule.yaml", text.replace("title: Agents and errands, state: planning", "title: Merlin idea, state: idea")
    )
    folder.build()
    assert not [path for path, data in folder.site().items() if b"Merlin" in data]
    assert "To be announced" in folder.read("next/index.html")


def test_what_is_taken_back_is_gone(folder: Folder) -> None:
    folder.build()
    assert "issues/5-fifth/index.html" in folder.site()
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    folder.build()
    assert not [path for path, data in folder.site().items() if b"Fifth letter" in data]


def test_a_preview_marks_what_is_not_out(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    folder.build(drafts=True)
    page = folder.read("issues/6-sixth/index.html")
    assert "Draft" in page
    assert 'content="noindex"' in page
    assert "<title>Reading a loss curve" not in folder.read("feed.xml")


def test_every_issue_is_published_or_has_a_reason(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth"))
    folder.write("issues/0007-seventh.md", issue_text(7, "2022-02-18", "Seventh", status="review"))
    built = folder.build()
    assert built.issues + len(built.unpublished) == 7
    assert dict(built.unpublished) == {
        "issues/0006-sixth.md": "comes out on 2022-02-11 at 09:00",
        "issues/0007-seventh.md": "its status is review",
    }


def test_whats_next_links_what_is_out_and_promises_the_rest(folder: Folder) -> None:
    folder.build(NOON)
    page = folder.read("issues/3-third/index.html")
    assert '<a href="/issues/4-fourth/">Fourth letter</a>' in page
    assert "<span>Reading a loss curve</span>" in page
    assert "/issues/6-" not in page


@pytest.mark.parametrize(("horizon", "least"), [(1, "1 week."), (5, "5 weeks.")])
def test_a_plan_with_nothing_planned_says_so(folder: Folder, horizon: int, least: str) -> None:
    plan = SCHEDULE.partition("upcoming:")[0].replace("horizon: 5", f"horizon: {horizon}")
    folder.write("schedule.yaml", plan)
    folder.build()
    assert f"Nothing is planned yet; I promise at least {least}" in folder.read("next/index.html")
