"""The editor of the desk: what it saves, what it never writes over, what it takes beside an issue, and how it reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.conftest import THOROUGH, Folder, png, sound
from tests.serve.conftest import LONG, SIXTH, get, post, read, save, sixth, source, without_mistakes

from weekahead.serve.server import Preview

WRITE = "_desk/write/" + SIXTH


@pytest.fixture
def page(window: Page, server: Preview, folder: Folder) -> Iterator[Page]:
    """The editor of a short draft, whose scripts make no mistake."""
    folder.write(SIXTH, sixth("Some words."))
    server.state.refresh()
    with without_mistakes(window):
        window.goto(server.desk.url + WRITE)
        expect(window.locator("#none")).not_to_have_text("Looking …")
        yield window


def typed(page: Page, words: str) -> None:
    """Write at the end of the text."""
    page.locator("#body").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


# -- saving


def test_what_is_typed_is_saved_and_shown_beside_the_text(page: Page, folder: Folder) -> None:
    typed(page, "More of them, the the last.")
    expect(page.locator("#saved")).to_have_text("Saved")
    assert read(folder).endswith("Some words.\nMore of them, the the last.")
    expect(page.frame_locator("iframe").get_by_text("More of them")).to_be_visible()
    expect(page.locator("#findings button")).to_contain_text("line 9 · doubled-word")
    expect(page.locator("#lines > [data-severity=warning]")).to_have_text("More of them, the the last.")
    expect(page.locator("#length")).to_have_text("8 words · 1 min")
    page.locator("#body").press("Control+Home")
    page.locator("#findings button").click()
    assert page.evaluate("getSelection().toString() || body.value.slice(body.selectionStart, body.selectionEnd)") == (
        "More of them, the the last."
    )


def test_a_save_that_another_change_came_before_writes_nothing(server: Preview, folder: Folder) -> None:
    seen = source(server)
    folder.write(SIXTH, sixth("Written elsewhere."))
    status, answer = save(server, name=SIXTH, digest=seen["digest"], body="Written here.")
    assert (status, answer["current"]["body"]) == (409, "Written elsewhere.\n")
    assert "Written elsewhere." in read(folder)
    status, answer = save(server, name=SIXTH, digest=answer["current"]["digest"], body="Written here.")
    assert status == 200
    assert read(folder).endswith("---\n\nWritten here.")


def test_saves_leave_no_open_files_and_no_growing_memory(server: Preview, folder: Folder) -> None:
    digest, count = source(server)["digest"], 1000 if THOROUGH else 12
    sizes = []
    for number in range(count):
        status, answer = save(server, name=SIXTH, digest=digest, body=f"{LONG}\n\nSave {number}.")
        assert status == 200
        assert len(json.loads(get(server, f"/_desk/findings/{SIXTH}")[1])["findings"]) == 0
        digest = answer["current"]["digest"]
        sizes.append((len(os.listdir("/proc/self/fd")), int(Path("/proc/self/statm").read_text().split()[1]) * 4096))
    warm = count // 3
    assert max(files for files, _ in sizes[-3:]) <= max(files for files, _ in sizes[:warm]) + 2
    assert sizes[-1][1] - sizes[warm][1] < 30_000_000


def test_two_windows_that_change_the_same_line_are_shown_both_versions(page: Page, folder: Folder) -> None:
    with page.expect_response("**/_desk/save"):
        page.route("**/_desk/source/**", lambda route: route.abort())  # news of the other window come late
        folder.write(SIXTH, sixth("Words of the other window."))
        typed(page, "Mine.")
    dialog = page.get_by_role("dialog", name="This file was changed elsewhere")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("region", name="Here, not saved").locator("mark").last).to_have_text("Mine.")
    expect(dialog.get_by_role("region", name="In the file").locator("mark").first).to_have_text(
        "Words of the other window."
    )
    assert "Words of the other window." in read(folder)
    page.keyboard.press("Escape")
    expect(page.locator("#body")).to_be_focused()
    typed(page, " More.")
    page.wait_for_timeout(600)
    assert "Words of the other window." in read(folder)
    page.get_by_role("button", name="Compare").press("Enter")
    dialog.get_by_role("button", name="Keep what is here").click()
    expect(page.locator("#saved")).to_have_text("Saved")
    assert read(folder).endswith("Some words.\nMine. More.")
    folder.write(SIXTH, sixth("Words of the other window."))
    typed(page, " Again.")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")  # decides nothing, whatever was chosen before
    expect(page.get_by_role("button", name="Compare")).to_be_visible()
    expect(page.locator("#body")).to_be_focused()
    assert "Words of the other window." in read(folder)


def test_the_version_in_the_file_can_be_taken_and_the_other_brought_back(page: Page, folder: Folder) -> None:
    page.route("**/_desk/source/**", lambda route: route.abort())
    folder.write(SIXTH, sixth("Theirs."))
    typed(page, "Mine.")
    page.get_by_role("button", name="Take what is in the file").click()
    expect(page.locator("#body")).to_have_value("Theirs.\n")
    expect(page.locator("#saved")).to_have_text("Saved")


def test_changes_of_other_parts_are_joined_and_nobody_is_asked(page: Page, folder: Folder) -> None:
    typed(page, "Mine.")
    expect(page.locator("#saved")).to_have_text("Saved")
    folder.replace(SIXTH, "status: draft", "status: draft  # a comment\nsummary: Theirs")
    expect(page.locator("#summary")).to_have_value("Theirs")
    page.route("**/_desk/source/**", lambda route: route.abort())
    folder.replace(SIXTH, "summary: Theirs", "summary: Theirs, again")
    typed(page, " More.")
    expect(page.locator("#summary")).to_have_value("Theirs, again")
    expect(page.locator("#saved")).to_have_text("Saved")
    assert "summary: Theirs, again" in read(folder)
    assert read(folder).endswith("Mine. More.")
    assert not page.get_by_role("dialog").count()


def test_a_text_that_was_renamed_stays_in_the_window(page: Page, folder: Folder) -> None:
    (folder.root / SIXTH).rename(folder.root / "issues/0006-other.md")
    typed(page, "Not lost.")
    expect(page.locator("#saved")).to_have_class("failed")
    expect(page.locator("#body")).to_have_value("Some words.\nNot lost.")


def test_front_matter_is_edited_as_fields_and_the_plan_gets_the_new_title(page: Page, folder: Folder) -> None:
    folder.replace(SIXTH, "status: draft", "status: draft  # not yet\n# about tags\ntags: [models]")
    expect(page.locator("#tags")).to_have_value("models")
    page.get_by_text("About this issue").click()
    page.get_by_label("Summary").fill("Short.")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("Saved")
    page.get_by_label("Tags").fill("models, data")
    page.get_by_label("Status").select_option("review")
    page.get_by_label("Research note").fill("One line.\n\nAnother.")
    page.get_by_label("Title").fill("Reading: a curve")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("Saved")
    head = 'number: 6\ntitle: "Reading: a curve"\ndate: 2022-02-11\nstatus: review  # not yet\n# about tags\ntags: [models, data]\n'
    assert read(folder) == (
        f"---\n{head}summary: Short.\nresearch_note: |\n  One line.\n\n  Another.\n---\n\nSome words.\n"
    )
    assert '{number: 6, title: "Reading: a curve", state: review}' in (folder.root / "schedule.yaml").read_text()


def test_a_text_whose_front_matter_is_broken_is_edited_whole(page: Page, server: Preview, folder: Folder) -> None:
    folder.replace(SIXTH, "title: Reading", "title: [Reading")
    server.state.refresh()
    page.goto(server.desk.url + WRITE)
    expect(page.locator("#findings .error").first).to_be_visible()
    text = page.locator("#body").input_value()
    page.locator("#body").fill(text.replace("[Reading", "Reading"))
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(page.locator("#none")).to_have_text("No problems")
    assert "title: Reading a loss curve" in read(folder)


def test_the_editor_saves_without_its_script(plain_window: Page, server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("Some words."))
    page = plain_window
    page.goto(server.desk.url + WRITE)
    page.locator("#body").fill("Other words.")
    page.get_by_role("button", name="Save").click()
    assert page.locator("#body").input_value() == "Other words."
    assert read(folder).endswith("---\n\nOther words.")


def test_the_next_draft_is_begun_on_the_desk(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.desk_url)
    page.get_by_role("button", name="Start the next draft").click()
    expect(page.get_by_label("Title")).to_have_value("Small models")
    assert "number: 7" in read(folder, "issues/0007-small-models.md")
    page.goto(server.desk_url)
    page.locator("#week-9 summary").click()
    page.locator("#week-9").get_by_role("button", name="Start the draft").click()
    expect(page.get_by_label("Title")).to_have_value("Paying for data")
    assert post(server, {"number": "9", "token": server.token}, path="/_desk/new") == 303  # it is there


# -- keys


KEYS = [
    ("- one", ["Enter", "t"], "- one\n- t"),
    ("- [x] one", ["Enter", "t"], "- [x] one\n- [ ] t"),
    ("9. one", ["Enter", "t"], "9. one\n10. t"),
    ("> one", ["Enter", "t"], "> one\n> t"),
    ("- one", ["Enter", "Enter", "t"], "- one\nt"),
    ("- one", ["Enter", "Tab", "t"], "- one\n  - t"),
    ("1. one", ["Enter", "Tab", "t", "Shift+Tab"], "1. one\n2. t"),
    ("one", ["Enter", "t"], "one\nt"),
    ("```\n- one", ["Enter", "t"], "```\n- one\nt"),
    ("one", ["Shift+Home", "Control+b"], "**one**"),
    ("one", ["Shift+Home", "Control+b", "Control+b"], "one"),
    ("one", ["Shift+Home", "Control+k"], "[one](https://)"),
    ("one", ["Shift+Home", "Control+b", "Control+z"], "one"),
    ("- one", ["Enter", "Control+z"], "- one"),
]
"""Words, the keys that are pressed after them, and what comes of it."""


def test_keys_write_markdown_and_undo_takes_it_back(page: Page) -> None:
    for typed_words, keys, found in KEYS:
        page.locator("#body").fill("")
        for number, line in enumerate(typed_words.split("\n")):
            page.keyboard.insert_text(("\n" if number else "") + line)
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("#body")).to_have_value(found)


def test_tab_leaves_the_text_where_it_indents_nothing_and_after_escape(page: Page) -> None:
    page.locator("#body").fill("words")
    page.keyboard.press("Tab")
    expect(page.locator("#body")).not_to_be_focused()
    page.locator("#body").fill("- item")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#body")).not_to_be_focused()


def test_a_content_kind_comes_from_the_menu(page: Page) -> None:
    page.locator("#body").fill("Before.")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Correction").click()
    page.keyboard.type("It was seven.")
    expect(page.locator("#body")).to_have_value("Before.\n\n/// correction\nIt was seven.\n///")
    expect(page.locator("#none")).to_have_text("No problems")


# -- files


def test_a_picture_that_is_dropped_is_written_beside_the_issue(page: Page, folder: Folder) -> None:
    transfer = page.evaluate_handle(
        """data => { const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(data)], "My Curve (1).PNG", {type: "image/png"})); return transfer; }""",
        list(png(30, 20)),
    )
    box = page.locator("#lines > div").first.bounding_box()
    assert box
    where = {"dataTransfer": transfer, "clientX": box["x"] + 5, "clientY": box["y"] + 5}
    page.dispatch_event(".sheet", "drop", where)
    expect(page.locator("#body")).to_have_value("Some words.\n\n![](my-curve-1.png)\n")
    page.keyboard.type("What fell")
    expect(page.locator("#saved")).to_have_text("Saved")
    assert read(folder, "issues/0006-sixth/index.md").endswith("Some words.\n\n![What fell](my-curve-1.png)\n")
    assert (folder.root / "issues/0006-sixth/my-curve-1.png").read_bytes() == png(30, 20)
    assert page.url.endswith("/_desk/write/issues/0006-sixth/index.md")
    expect(page.frame_locator("iframe").get_by_alt_text("What fell")).to_have_count(1)
    expect(page.locator("#none")).to_have_text("No problems")


def test_a_table_and_a_recording_come_with_what_shows_them(page: Page, folder: Folder) -> None:
    table = FilePayload(name="stars.csv", mimeType="text/csv", buffer=b"A,B\nx,1\n")
    recording = FilePayload(name="read.wav", mimeType="audio/wav", buffer=sound(2))
    page.locator("#file").set_input_files([recording, table])
    expect(page.locator("#body")).to_have_value("Some words.\n\n/// table | \nfile: stars.csv\n///\n")
    expect(page.locator("#saved")).to_have_text("Saved")
    assert "audio: {file: read.wav}" in read(folder, "issues/0006-sixth/index.md")
