"""What was changed on the desk: taken back, done again, committed, pushed, and brought together with what others pushed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.conftest import Folder, issue_text, png
from tests.serve.conftest import SIXTH, attach, do, files, get, save, sixth, source

from weekahead.serve.server import Preview

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
    page.get_by_role("link", name="See both, and finish it").click()
    page.get_by_role("radio", name="Theirs").check()
    page.get_by_role("button", name="Bring the two together").click()
    expect(page.get_by_role("status")).to_contain_text("Brought together: 1 file.")
    assert "horizon: 6" in (folder.root / "schedule.yaml").read_text()
    page.goto(server.desk_url)
    expect(page.get_by_text("A pull was started and is not finished")).to_have_count(0)
