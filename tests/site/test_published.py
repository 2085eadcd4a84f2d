"""The publishing rule, to the second, and that nothing withheld reaches a byte of the site."""

from __future__ import annotations

import re

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


def test_a_preview_lists_a_draft_once_on_the_front_page(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    folder.write("issues/0008-eighth.md", issue_text(8, "2022-02-25", "What a benchmark hides", status="ready"))
    folder.build(drafts=True)
    front, plan = folder.read("index.html"), folder.read("next/index.html")
    for title in ("Reading a loss curve", "What a benchmark hides", "Small models", "Fifth letter"):
        assert len(re.findall(rf">{title}<", front)) == 1, title
    assert "Reading a loss curve" in plan
    folder.build()
    assert len(re.findall(">Reading a loss curve<", folder.read("index.html"))) == 1


def test_every_issue_is_published_or_has_a_reason(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth"))
    folder.write("issues/0007-seventh.md", issue_text(7, "2022-02-18", "Seventh", status="review"))
    built = folder.build()
    assert built.issues + len(built.unpublished) == 7
    assert dict(built.unpublished) == {
        "issues/0006-sixth.md": "comes out on 2022-02-11 at 09:00",
        "issues/0007-seventh.md": "its status is review",
    }


def rows_of_plan(folder: Folder) -> list[tuple[str, str]]:
    """The day and the title of each row of next/."""
    return re.findall(r'<time datetime="([\d-]+)">[^<]*</time></span> <span>([^<]*)<', folder.read("next/index.html"))


@pytest.mark.parametrize(
    ("skip", "said", "days"),
    [
        ("[]", "", ["02-11", "02-18", "02-25", "03-04", "03-11", "03-18"]),
        ("[2022-02-25]", "Feb 25, no issue", ["02-11", "02-18", "02-25", "03-04", "03-11", "03-18", "03-25"]),
        (
            "[{from: 2022-02-11, until: 2022-02-18}]",
            "Feb 11, no issue · Feb 18, no issue",
            ["02-11", "02-18", "02-25", "03-04", "03-11", "03-18", "03-25", "04-01"],
        ),
        ("[2022-02-24, 2022-04-29]", "", ["02-11", "02-18", "02-25", "03-04", "03-11", "03-18"]),
    ],
)
def test_a_skipped_day_is_shown_in_the_plan_and_its_picture(
    folder: Folder, skip: str, said: str, days: list[str]
) -> None:
    folder.write("schedule.yaml", SCHEDULE + f"skip: {skip}\n")
    folder.build()
    rows, page = rows_of_plan(folder), folder.read("next/index.html")
    assert [day for day, _ in rows] == [f"2022-{day}" for day in days]
    assert [title for _, title in rows].count("No issue") == said.count("no issue")
    assert page.count('class="bare"') == said.count("no issue")
    assert ("<br>" + said in page) if said else ("no issue" not in page)


def test_a_pause_that_ends_the_promise_is_shown_too(folder: Folder) -> None:
    """Nothing is planned after it, but it lies within the promised weeks."""
    plan = SCHEDULE.partition("  - {number: 9")[0]
    folder.write("schedule.yaml", plan + "skip: [2022-03-04, 2022-03-11, 2022-03-18]\n")
    folder.build()
    assert rows_of_plan(folder)[3:] == [("2022-03-04", "No issue"), ("2022-03-11", "No issue")]


SERIES = ("first", "second", "third")


@pytest.mark.parametrize(
    ("parts", "of", "progress", "rows"),
    [
        ([8], 8, "1 of 8 parts is on this site.", 1),
        ([7, 8], 8, "2 of 8 parts are on this site.", 2),
        ([2, 3], 4, "2 of 4 parts are on this site.", 3),
        ([3], None, "1 part is on this site.", 1),
        ([3, 4], None, "2 parts are on this site.", 2),
        ([1], 8, "1 of 8 parts published.", 8),
        ([1, 2], 2, "Complete in 2 parts.", 2),
        ([1, 3], 4, "2 of 4 parts published.", 4),
        ([1, 2], None, "2 parts published so far.", 2),
    ],
)
def test_a_series_that_began_elsewhere_says_what_is_here(
    folder: Folder, parts: list[int], of: int | None, progress: str, rows: int
) -> None:
    for number, name in enumerate(SERIES):
        total = f", of: {of}" if of else ""
        keys = {"series": f"{{name: Tour, part: {parts[number]}{total}}}"} if number < len(parts) else {}
        folder.write(
            f"issues/000{number + 1}-{name}.md", issue_text(number + 1, f"2022-01-{7 + number * 7:02}", name, **keys)
        )
    folder.build()
    last = folder.read(f"issues/{len(parts)}-{SERIES[len(parts) - 1]}/index.html").partition('class="parts"')[2]
    assert f'<p class="caption">{progress}</p>' in last
    assert last.partition("</ol>")[0].count("<li") == rows
    page = folder.read("series/tour/index.html")
    assert progress in page
    assert page.count('<i class="out">') == (parts[-1] if of else 0)


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
