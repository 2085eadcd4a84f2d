"""What the desk does: the author's evening, and each thing that a button stands for."""

from __future__ import annotations

import json
import re
import subprocess
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
from tests.serve.conftest import SIXTH, attach, get, post, save, sixth, source

from weekahead.build.schedule_edit import edit_schedule
from weekahead.runtime.code_version import open_store
from weekahead.serve.server import Preview

THURSDAY, FRIDAY = "1644530400", "1644597000"  # 2022-02-10 at 15:00, and 2022-02-11 at 9:30, half an hour after week 6
MAIL = "mail: {from: Test Author <author@letter.example>, subscribers: ../five.db, per_minute: 6000}\n"


def files(folder: Folder) -> dict[str, bytes]:
    """The files of a letter that are its author's."""
    found = (path for path in folder.root.rglob("*") if path.is_file())
    names = {path.relative_to(folder.root).as_posix(): path for path in found}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith((".weekahead/", "site/"))}


def do(server: Preview, path: str, **form: object) -> int:
    return post(server, {"token": server.token, **form}, path=f"/_desk/{path}")


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
    for do, number in (("unpublish", 6), ("ready", ""), ("ready", "6 --yes"), ("ready", 99)):
        assert act(server, do, number) == 409


# -- undo


def test_the_last_ten_changes_can_be_taken_back_one_by_one(server: Preview, folder: Folder) -> None:
    states = [files(folder)]
    changes: list[tuple[str, dict[str, object]]] = [
        ("plan", {"do": "idea", "title": "An idea"}),
        ("plan", {"do": "move", "number": 6, "to": 8}),
        ("plan", {"do": "rename", "number": 8, "new_title": "Another title"}),
        ("plan", {"do": "state", "number": 8, "state": "research"}),
        ("plan", {"do": "idea", "title": "Another idea"}),
        ("plan", {"do": "skip", "day": "2022-03-04"}),
        ("plan", {"do": "unskip", "day": "2022-03-04"}),
        ("new", {"number": 7}),
        ("plan", {"do": "state", "number": 9, "state": "review"}),
        ("plan", {"do": "drop", "number": 10}),
        ("plan", {"do": "add", "title": "New", "to": 12}),
    ]
    for path, form in changes:
        assert do(server, path, **form) == 303
        states.append(files(folder))
    for state in states[-2:0:-1]:
        assert do(server, "undo") == 303
        assert files(folder) == state
    assert do(server, "undo") == 409
    assert files(folder) == states[1]
    for state in states[2:]:
        assert do(server, "redo") == 303
        assert files(folder) == state
    assert do(server, "redo") == 409
    assert do(server, "undo") == do(server, "undo") == 303
    assert files(folder) == states[-3]


def test_a_file_that_is_taken_back_comes_again(server: Preview, folder: Folder) -> None:
    before = files(folder)
    attach(server, "curve.png", png(30, 20))
    with_picture = files(folder)
    assert "issues/0006-sixth/curve.png" in with_picture
    for _ in range(2):
        assert do(server, "undo") == 303
        assert files(folder) == before
        assert do(server, "redo") == 303
        assert files(folder) == with_picture
    assert do(server, "undo") == 303
    in_the_way = folder.write("issues/0006-sixth/curve.png", "in the way")
    between = files(folder)
    assert do(server, "redo") == 409
    assert files(folder) == between
    in_the_way.unlink()
    kept = next((folder.root / ".weekahead/taken-back").iterdir())
    kept.write_bytes(png(31, 20))
    assert do(server, "redo") == 409
    kept.unlink()
    kept.symlink_to(folder.root / "letter.yaml")
    assert do(server, "redo") == 409
    assert files(folder) == before


def test_what_is_changed_after_taking_back_is_the_last_change(server: Preview, folder: Folder) -> None:
    attach(server, "curve.png", png(30, 20))
    assert do(server, "undo") == 303
    assert do(server, "plan", do="idea", title="Another idea") == 303
    assert do(server, "redo") == 409
    assert not [*(folder.root / ".weekahead/taken-back").iterdir()]
    page = get(server, "/_desk/changes")[1]
    assert "Another idea" in page
    assert "Taken back" not in page


def test_a_double_click_takes_back_one_change(server: Preview, folder: Folder) -> None:
    for title in ("One", "Two", "Three"):
        assert do(server, "plan", do="idea", title=title) == 303
    seen = re.findall(r'value="([0-9.]+)" formaction="/_desk/undo"', get(server, "/_desk/changes")[1])[0]
    assert [do(server, "undo", step=seen) for _ in range(2)] == [303, 409]
    assert "[Swarm robotics, One, Two]" in (folder.root / "schedule.yaml").read_text()


def test_a_change_whose_file_was_changed_since_is_not_taken_back(server: Preview, folder: Folder) -> None:
    assert do(server, "plan", do="move", number=6, to=8) == 303
    path = folder.root / "issues/0008-sixth.md"
    path.write_text(path.read_text() + "By hand.\n")
    before = files(folder)
    assert do(server, "undo") == 409
    assert files(folder) == before


def test_saves_of_one_sitting_are_one_change_but_for_what_came_between(server: Preview, folder: Folder) -> None:
    before = files(folder)
    digest = source(server)["digest"]
    for words in ("One.", "One. Two."):
        digest = save(server, name=SIXTH, digest=digest, body=words)[1]["current"]["digest"]
    folder.write(SIXTH, sixth("By hand."))
    between = files(folder)
    assert save(server, name=SIXTH, digest=source(server)["digest"], body="Three.")[0] == 200
    assert do(server, "undo") == 303
    assert files(folder) == between
    assert do(server, "undo") == 409
    folder.write(SIXTH, sixth("One. Two.").rstrip("\n"))
    assert do(server, "undo") == 303
    assert files(folder) == before


def test_a_swap_of_drafts_is_taken_back_and_never_over_a_file_in_the_way(server: Preview, folder: Folder) -> None:
    folder.write("issues/0007-sixth.md", issue_text(7, "2022-02-18", "Small models", status="draft"))
    before = files(folder)
    assert do(server, "plan", do="move", number=6, to=7) == 303
    assert do(server, "undo") == 303
    assert files(folder) == before
    assert do(server, "plan", do="move", number=6, to=8) == 303
    folder.write(SIXTH, "in the way")
    assert do(server, "undo") == 409
    assert files(folder)[SIXTH] == b"in the way"


def test_a_record_of_changes_leads_nowhere_else(server: Preview, folder: Folder) -> None:
    assert do(server, "plan", do="move", number=6, to=8) == 303
    record = folder.root / ".weekahead/changes"
    data = record.read_bytes()
    (folder.root / "hook").mkdir()
    for old, new in (
        (b"issues/0006-sixth.md", b"hook/0000/0006-x.exe"),
        (b"issues/0006-sixth.md", b"../../0000/0006-x.sh"),
    ):
        record.write_bytes(data.replace(old, new))
        before = files(folder)
        assert do(server, "undo") == 409
        assert files(folder) == before
    record.write_bytes(b"nonsense")
    assert do(server, "undo") == 409
    assert get(server, "/_desk/changes")[0] == 200


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


# -- several people


def test_without_git_there_is_no_panel(still_server: Preview) -> None:
    page = get(still_server, "/_desk/changes")[1]
    assert "Made on the desk" in page
    assert "Not committed" not in page
    assert do(still_server, "git", do="commit", words="x") == 409


def test_changes_are_committed_pushed_pulled_and_a_conflict_is_shown(
    window: Page, server: Preview, folder: Folder, tmp_path: Path
) -> None:
    def git(*words: str, root: Path = folder.root) -> str:
        return subprocess.run(["git", "-C", root, *words], check=True, capture_output=True, text=True).stdout.strip()

    folder.write(".gitignore", ".weekahead/\n")
    git("init", "-q", "--bare", "-b", "main", str(tmp_path / "bare"), root=tmp_path)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Nora")
    git("config", "user.email", "nora@letter.example")
    git("add", "-A")
    git("commit", "-qm", "Begin")
    git("remote", "add", "origin", str(tmp_path / "bare"))
    git("push", "-q", "--set-upstream", "origin", "main")
    other = tmp_path / "other"
    git("clone", "-q", str(tmp_path / "bare"), str(other), root=tmp_path)
    page = window
    page.goto(server.desk.url + "_desk/changes")
    expect(page.get_by_text("Everything is committed.")).to_be_visible()
    folder.write(SIXTH, sixth("Nora's <b>words</b>."))
    page.reload()
    expect(page.locator(".changed li")).to_have_text("changed issues/0006-sixth.md")
    page.get_by_label("What changed").fill("Write week 6")
    page.get_by_role("button", name="Commit all of it").click()
    expect(page.get_by_role("status")).to_contain_text("Committed as")
    assert git("log", "-1", "--format=%s") == "Write week 6"
    (other / SIXTH).write_text(sixth("Ida's words."))
    identity = ["-c", "user.name=Ida", "-c", "user.email=i@x.example"]
    git(*identity, "commit", "-qam", "Ida", root=other)
    git("push", "-q", root=other)
    page.get_by_role("button", name="Push").click()
    expect(page.get_by_text("others have pushed since; pull first")).to_be_visible()
    page.get_by_role("button", name="Pull").click()
    expect(page.get_by_role("heading", name="Two people changed the same place")).to_be_visible()
    expect(page.get_by_role("region", name="Yours: " + SIXTH).locator("mark")).to_contain_text(["Nora"])
    expect(page.get_by_role("region", name="Theirs: " + SIXTH).locator("mark")).to_contain_text(["Ida"])
    assert "Nora's" in (folder.root / SIXTH).read_text()
    page.get_by_role("link", name="Not now").click()
    expect(page.get_by_text("Everything is committed.")).to_be_visible()

    page.get_by_role("button", name="Pull").click()
    page.get_by_role("radio", name="Both").check()
    both = page.get_by_label(SIXTH + " with both")
    text = both.input_value()
    assert text.endswith("\n\nNora's <b>words</b>.\nIda's words.\n")
    both.fill(text.replace("title: Reading", "title: [Reading"))
    page.get_by_role("button", name="Bring the two together").click()
    expect(page.get_by_role("status")).to_contain_text(f"Nothing was changed: {SIXTH}")
    assert both.input_value() == text.replace("title: Reading", "title: [Reading")
    both.fill(text)
    page.get_by_role("button", name="Bring the two together").click()
    expect(page.get_by_role("status")).to_contain_text("Brought together: 1 file.")
    assert (folder.root / SIXTH).read_text() == text
    page.get_by_role("button", name="Push").click()
    expect(page.get_by_role("status")).to_have_text("Pushed to origin/main.")
    _end_what_was_begun_elsewhere(page, server, folder)


def _end_what_was_begun_elsewhere(page: Page, server: Preview, folder: Folder) -> None:
    """A pull in a terminal that stopped in the middle is said at the next opening of the desk, also if the plan cannot be read."""

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", folder.root, *words], check=True, capture_output=True)

    for words, branch in (("horizon: 6", "other"), ("horizon: 4", "main")):
        git("switch", "-q", "-C", branch, "origin/main")
        folder.replace("schedule.yaml", "horizon: 5", words)
        git("commit", "-qam", words)
    subprocess.run(["git", "-C", folder.root, "merge", "-q", "other"], capture_output=True)
    page.goto(server.desk_url)
    page.get_by_role("link", name="See both, and end it").click()
    page.get_by_role("radio", name="Theirs").check()
    page.get_by_role("button", name="Bring the two together").click()
    expect(page.get_by_role("status")).to_contain_text("Brought together: 1 file.")
    assert "horizon: 6" in (folder.root / "schedule.yaml").read_text()
    page.goto(server.desk_url)
    expect(page.get_by_text("A pull was begun and is not ended")).to_have_count(0)
