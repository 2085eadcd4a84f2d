"""What the desk does: the author's evening, and each thing that a button stands for."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import FilePayload, Page, expect
from tests.conftest import SCHEDULE, Folder, issue_text, png, replaced
from tests.mail.readers import KEY, Readers
from tests.mail.smtp_server import SmtpServer
from tests.serve.conftest import SIXTH, do, files, get, post, sixth, source

from weekahead.build.schedule_edit import edit_schedule
from weekahead.runtime.code_version import open_store
from weekahead.serve.server import Preview

THURSDAY, FRIDAY = "1644530400", "1644597000"  # 2022-02-10 at 15:00, and 2022-02-11 at 9:30, half an hour after week 6
MAIL = "mail: {from: Test Author <author@letter.example>, subscribers: ../five.db, per_minute: 6000}\n"


def ended(server: Preview) -> tuple[int, str]:
    """How the command ended that was started last, and what it said."""
    while (job := json.loads(get(server, "/_desk/job")[1]))["status"] is None:
        time.sleep(0.05)
    return job["status"], "\n".join(job["lines"])


# -- the evening


@pytest.fixture
def evening(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Preview, SmtpServer]]:
    """A letter with two readers on the evening before week 6, of which nothing is known yet."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", THURSDAY)
    replaced("schedule.yaml", "  - {number: 6, title: Reading a loss curve, state: review}\n", "")(folder)
    folder.write("letter.yaml", (folder.root / "letter.yaml").read_text() + MAIL)
    readers = Readers(folder.root.parent / "five.db")
    for name in ("ann", "bob"):
        readers.add(name, f"{name}@reader.example")
    readers.close()
    with SmtpServer() as smtp, open_store(folder.root) as store:
        monkeypatch.setenv("WEEKAHEAD_SMTP", smtp.url)
        monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)
        server = Preview(folder.root, 0, None, store)
        server.start()
        yield server, smtp
        server.close()


def test_an_evening_from_the_idea_to_the_sent_letter(
    window: Page, evening: tuple[Preview, SmtpServer], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, smtp = evening
    page = window
    page.goto(server.desk_url)
    page.get_by_label("A new idea").fill("Ferries in winter")
    page.get_by_label("A new idea").press("Enter")
    page.get_by_label("Ferries in winter").check()
    page.locator("#take-to").select_option("6")
    page.locator(".take").get_by_role("button", name="Plan it").click()
    expect(page.locator("#week-6 .title")).to_have_text("Ferries in winter")
    page.locator("#week-6 summary").click()
    page.locator("#week-6").get_by_role("button", name="Start the draft").click()
    _write_it(page)
    page.get_by_role("button", name="Mark ready").click()
    expect(page.locator("#outcome")).to_contain_text("It is ready, and comes out on Friday 2022-02-11 at 09:00")
    assert "status: ready" in (folder.root / "issues/0006-ferries-in-winter/index.md").read_text()

    monkeypatch.setenv("SOURCE_DATE_EPOCH", FRIDAY)
    server.state.refresh()
    page.get_by_role("link", name="Publish").last.click()
    page.get_by_role("button", name="Build").click()
    expect(page.locator("#state")).to_have_text("Done")
    assert (folder.root / "site/issues/6-ferries-in-winter/index.html").exists()
    page.get_by_role("button", name="Send me a copy").click()
    expect(page.locator("#lines")).to_contain_text("marked as a test, went to author@letter.example")
    page.get_by_label("Do not look whether").check()
    page.get_by_role("button", name="Show what would be sent").click()
    expect(page.locator("#lines")).to_contain_text("2 readers")
    assert smtp.texts == {"author@letter.example": 1}
    page.get_by_role("button", name="Send it to the readers now").click()
    expect(page.locator("#lines")).to_contain_text("2 accepted")
    assert smtp.texts == {"author@letter.example": 1, "ann@reader.example": 1, "bob@reader.example": 1}
    expect(page.get_by_role("button", name="Send it to the readers now")).to_have_count(0)
    expect(page.locator(".sent").first).to_contain_text("Week 6, mailed: 2 letters: 2 accepted")


def _write_it(page: Page) -> None:
    """Write a text with a picture, be told what is wrong with it, and mend that."""
    expect(page.get_by_label("Title", exact=True)).to_have_value("Ferries in winter")
    page.get_by_label("Text, in Markdown").fill("Words.\n\n## Nothing below")
    page.get_by_role("button", name="Mark ready").click()
    expect(page.locator("#outcome")).to_contain_text("empty-section")
    page.get_by_label("Text, in Markdown").fill("Late is the the ferry.")
    page.locator("#file").set_input_files([FilePayload(name="Ferry.png", mimeType="image/png", buffer=png(30, 20))])
    expect(page.locator("#findings")).to_contain_text("has no alt text")
    expect(page.locator("#findings")).to_contain_text("this word is repeated")
    page.keyboard.type("A ferry in the ice")
    text = page.get_by_label("Text, in Markdown")
    text.fill(text.input_value().replace("the the", "the"))
    expect(page.locator("#none")).to_have_text("No problems")
    expect(page.frame_locator("iframe").get_by_alt_text("A ferry in the ice")).to_have_count(1)


# -- ready and back


def act(server: Preview, do: str, number: object = 6) -> int:
    """The status of what is done with the text as it is."""
    text = source(server)
    return post(server, {"token": server.token, **text, "do": do, "number": number}, path="/_desk/save")


def test_an_unwritten_issue_is_not_marked_ready_and_says_why(server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("See the words.\n\n## Empty\n"))
    before = files(folder)
    assert act(server, "ready") == 409
    assert files(folder) == before
    folder.write(SIXTH, sixth("See the words."))
    assert act(server, "ready") == 200
    assert b"status: ready" in files(folder)[SIXTH]
    assert act(server, "unpublish") == 200
    assert b"status: draft" in files(folder)[SIXTH]
    for what, number in (("unpublish", 6), ("ready", ""), ("ready", "6 --yes"), ("ready", 99)):
        assert act(server, what, number) == 409


# -- commands


def test_a_desk_of_another_day_builds_by_the_real_time_and_says_so(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced("schedule.yaml", "  - {number: 6, title: Reading a loss curve, state: review}\n", "")(folder)
    folder.write(SIXTH, sixth("Words.").replace("status: draft", "status: ready"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", THURSDAY)
    with open_store(folder.root) as store:
        server = Preview(folder.root, 0, "2022-02-12", store)
        server.start()
        day = "As of <b>Saturday 12 February 2022</b>"
        assert day in get(server, "/_desk/")[1]
        assert day in get(server, "/_desk/months")[1]
        page = get(server, "/_desk/publish")[1]
        assert "as of <b>Saturday 12 February 2022</b>" in page
        assert "now <b>Thursday 10 February 2022</b> at 15:00" in page
        assert do(server, "run", do="build") == 303
        assert ended(server)[0] == 0
        server.close()
    assert not (folder.root / "site/issues/6-sixth").exists()
    assert (folder.root / "site/issues/5-fifth").exists()


def test_a_desk_that_is_open_over_night_is_of_the_new_day(server: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    server.state.options = replace(server.state.options, as_of=None)
    for epoch, first in ((THURSDAY, 6), (f"{int(FRIDAY) - 1801}", 6), (FRIDAY, 7), (f"{int(FRIDAY) + 7 * 86400}", 8)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert re.findall(r'id="week-(\d+)"', get(server, "/_desk/")[1])[0] == str(first)


def test_a_desk_of_today_says_nothing_of_days(server: Preview) -> None:
    server.state.options = replace(server.state.options, as_of=None)
    for page in ("/_desk/", "/_desk/publish"):
        assert "--as-of" not in get(server, page)[1]


def test_one_command_runs_at_a_time_and_says_what_it_says(server: Preview, folder: Folder) -> None:
    assert do(server, "run", do="build") == 303
    assert do(server, "run", do="check") == 409
    status, said = ended(server)
    assert status == 0
    assert "site" in said
    assert do(server, "run", do="check") == 303
    status, said = ended(server)
    assert "weeks are planned" in said


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"do": "rm"},
        {"do": "send", "issue": "5"},
        {"do": "send", "issue": "5", "after": "1"},
        {"do": "send-dry", "issue": "99"},
        {"do": "send-dry", "issue": "--yes"},
        {"do": "send-to", "issue": "5", "address": "--yes"},
        {"do": "send-to", "issue": "5", "address": "a@b\n--yes"},
        {"do": "send-to", "issue": "5", "address": "a,b@c"},
    ],
)
def test_no_form_starts_anything_else(still_server: Preview, form: dict[str, object]) -> None:
    assert do(still_server, "run", **form) == 409
    assert still_server.jobs.last is None


def test_an_idea_a_day_off_and_its_end_are_edits_of_the_plan(server: Preview, folder: Folder) -> None:
    plan = folder.root / "schedule.yaml"
    assert do(server, "plan", do="idea", title="Ferries: in winter") == 303
    assert 'backlog: [Swarm robotics, "Ferries: in winter"]' in plan.read_text()
    assert do(server, "plan", do="idea", title=" ") == 409
    assert do(server, "plan", do="skip", day="2022-02-18") == 303
    assert "skip: [2022-02-18]" in plan.read_text()
    assert do(server, "plan", do="skip", day="yesterday") == 409
    assert SCHEDULE.count("skip") == 0


def test_each_change_shows_its_command(window: Page, server: Preview, folder: Folder) -> None:
    folder.write("issues/0007-x.md", issue_text(7, "2022-02-18", "Small models", status="draft"))
    server.state.refresh()
    page = window
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(server.desk_url)
    page.locator("#week-9").drag_to(page.locator("#week-12"))
    expect(page.get_by_role("status")).to_contain_text("The same as: weekahead plan move 9 12")
    page.goto(server.desk.url + "_desk/changes")
    expect(page.locator(".list code")).to_have_text("weekahead plan move 9 12")
    page.get_by_role("button", name="Take back the last one").click()
    expect(page.locator(".undone code")).to_have_text("weekahead plan move 9 12")
    assert Path(folder.root / "schedule.yaml").read_text() == SCHEDULE


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("save", {"name": SIXTH, "body": "x", "digest": "", "do": "ready", "number": 6}),
        ("run", {"do": "build"}),
        ("undo", {}),
        ("git", {"do": "push"}),
        ("new", {"number": 7}),
    ],
)
def test_nothing_is_done_for_a_page_of_the_letter_or_of_others(
    still_server: Preview, still_folder: Folder, path: str, form: dict[str, object]
) -> None:
    before, wanted = files(still_folder), {"token": still_server.token, **form}
    address = f"/_desk/{path}"
    assert post(still_server, form, path=address) == 403
    assert post(still_server, {**wanted, "token": "x"}, path=address) == 403
    for origin in ("https://evil.example", still_server.site.url.rstrip("/"), "null", ""):
        assert post(still_server, wanted, path=address, Origin=origin) == 403
    strange = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert post(still_server, wanted, path=address, **strange) == 403
    for page in ("/_desk/job", "/_desk/publish", "/_desk/changes", "/_desk/findings/" + SIXTH):
        assert get(still_server, page, **strange)[0] == 403
    assert files(still_folder) == before
    assert still_server.jobs.last is None


def test_a_double_click_does_once_what_it_does(server: Preview, folder: Folder) -> None:
    next_draft = re.findall('name="number" value="([0-9]+)">\n<button>Start the next draft', get(server, "/_desk/")[1])
    for path, form, statuses in (
        ("plan", {"do": "idea", "title": "Ferries"}, [303, 409]),
        ("new", {"number": next_draft[0]}, [303, 303]),
        ("run", {"do": "build"}, [303, 303]),
    ):
        assert [do(server, path, **form) for _ in range(2)] == statuses
    assert (folder.root / "schedule.yaml").read_text().count("Ferries") == 1
    assert len([*(folder.root / "issues").iterdir()]) == 7
    assert ended(server)[0] == 0
    assert server.jobs.last
    assert server.jobs.last.number == 1


def test_two_desks_and_a_command_at_once_lose_nothing(server: Preview, folder: Folder) -> None:
    titles = [f"Idea {number}" for number in range(9)]
    start = threading.Barrier(len(titles))

    def add(title: str) -> None:
        start.wait()
        if title.endswith("0"):
            edit_schedule(folder.root, lambda editor: editor.add_idea(title))
        else:
            assert do(server, "plan", do="idea", title=title) == 303

    threads = [threading.Thread(target=add, args=(title,)) for title in titles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plan = (folder.root / "schedule.yaml").read_text()
    assert all(plan.count(title) == 1 for title in titles)
