"""No words are lost: the editor's form carries the text, with its script and without, whatever is pressed and whatever is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from tests.conftest import Folder
from tests.serve.conftest import SIXTH, get, post, read, sixth, source

from weekahead.serve.server import Preview


@pytest.fixture
def plain(browser: Browser, server: Preview, folder: Folder) -> Iterator[Page]:
    """The editor of a short draft, in a browser that runs no script."""
    folder.write(SIXTH, sixth("Some words."))
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(server.desk.url + "_desk/write/" + SIXTH)
    yield page
    page.context.close()


def test_every_button_saves_what_is_typed(plain: Page, server: Preview, folder: Folder) -> None:
    plain.get_by_text("About this issue").click()
    plain.get_by_label("Summary").fill("Short.")
    for button, address, status in (
        ("Save", "/_desk/write/" + SIXTH, "draft"),
        ("Mark ready", "/_desk/save", "ready"),
        ("Take back", "/_desk/save", "draft"),
        ("Edit the whole file", f"/_desk/write/{SIXTH}?whole", "draft"),
    ):
        plain.locator("#about").evaluate("about => about.open = true")
        plain.locator("#body").fill(f"{button} words.\n\nIn two paragraphs.")
        plain.get_by_role("button", name=button, exact=True).click()
        assert plain.url == server.desk.url.rstrip("/") + address
        assert "summary: Short." in read(folder)
        assert f"status: {status}" in read(folder)
        assert re.search(rf"---\n\n{button} words.\n\nIn two paragraphs.\Z", read(folder))
        assert plain.locator("#body").input_value().endswith(f"{button} words.\n\nIn two paragraphs.")


def test_enter_in_a_field_saves_and_does_no_more(plain: Page, folder: Folder) -> None:
    plain.get_by_label("Title").fill("Another title")
    plain.get_by_label("Title").press("Enter")
    expect(plain.get_by_label("Title")).to_have_value("Another title")
    assert "title: Another title" in read(folder)
    assert "status: draft" in read(folder)


def test_a_second_click_meets_no_conflict_with_the_first(server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("Some words."))
    seen = source(server)
    fields = {f"field.{key}": value for key, value in seen["fields"].items()}
    form = {"token": server.token, "name": SIXTH, "digest": seen["digest"], "body": "Some\r\n\r\nwords.", **fields}
    assert [post(server, form, path="/_desk/save") for _ in range(2)] == [303, 303]
    form["digest"] = source(server)["digest"]
    assert [post(server, {**form, "do": "ready", "number": 6}, path="/_desk/save") for _ in range(2)] == [200, 200]
    assert "status: ready" in read(folder)
    assert post(server, {**form, "body": "Other words."}, path="/_desk/save") == 409
    assert post(server, {**form, "field.title": "Other"}, path="/_desk/save") == 409


def test_what_is_not_ready_is_saved_and_told_why(plain: Page, folder: Folder) -> None:
    plain.locator("#body").fill("Words.\n\n## Nothing below")
    plain.get_by_role("button", name="Mark ready").click()
    expect(plain.locator("#outcome")).to_contain_text("It is saved, and not ready yet:")
    expect(plain.locator("#outcome")).to_contain_text("empty-section")
    assert read(folder).endswith("Words.\n\n## Nothing below")
    plain.locator("#body").fill("Words.")
    plain.get_by_role("button", name="Mark ready").click()
    expect(plain.locator("#outcome")).to_contain_text("It is ready, and comes out on Friday 2022-02-11")
    plain.get_by_role("button", name="Publish").click()
    expect(plain.get_by_role("heading", name="Publish")).to_be_visible()


def test_a_text_changed_elsewhere_is_shown_beside_what_was_typed(plain: Page, folder: Folder) -> None:
    plain.locator("#body").fill("Some <b>other</b> words.")
    plain.get_by_label("Title").fill("Mine")
    folder.write(SIXTH, sixth("Some words of theirs."))
    plain.get_by_role("button", name="Mark ready").click()
    expect(plain.get_by_role("region", name="Here, not saved").locator("mark").last).to_have_text("<b>other</b> ")
    expect(plain.get_by_role("region", name="In the file")).to_contain_text("Some words of theirs.")
    assert plain.locator("#body").input_value() == "Some <b>other</b> words."
    assert plain.get_by_label("Title").input_value() == "Mine"
    assert read(folder) == sixth("Some words of theirs.")
    plain.get_by_role("button", name="Save", exact=True).click()
    assert read(folder).endswith("Some <b>other</b> words.")
    assert "title: Mine" in read(folder)


def test_a_text_whose_front_matter_broke_meanwhile_is_shown_whole(plain: Page, folder: Folder) -> None:
    plain.locator("#body").fill("Mine.")
    folder.replace(SIXTH, "title: Reading", "title: [Reading")
    broken = read(folder)
    plain.get_by_role("button", name="Save").click()
    assert plain.locator("#body").input_value() == f"{broken}\n\nMine."
    assert read(folder) == broken


def test_what_cannot_be_saved_is_still_on_the_page(plain: Page, server: Preview, folder: Folder) -> None:
    def refused(words: str) -> None:
        plain.locator("#body").fill(words)
        plain.get_by_role("button", name="Save").click()
        expect(plain.get_by_role("alert")).to_contain_text("What you wrote is below.")
        assert plain.locator("#body").input_value() == words

    plain.get_by_label("Title").fill(" ")
    refused("Words without a title.")
    plain.get_by_label("Title").fill("Curves")
    server.token += "x"  # as of another run
    refused("Words of an earlier run.")
    plain.get_by_role("button", name="Save").click()
    assert read(folder).endswith("Words of an earlier run.")
    (folder.root / SIXTH).rename(folder.root / "issues/0006-other.md")
    refused("Words of a file that is gone.")


def test_a_desk_that_opens_with_a_broken_text_leads_to_its_editor(server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, "---\nnumber: 6\ntitle: [\n---\n\nSome words.\n")
    server.state.last_good = None
    server.state.refresh()
    address = "/_desk/write/" + SIXTH
    assert f'href="{address}"' in get(server, "/_desk/")[1]
    status, page = get(server, address)
    assert (status, "title: [" in page) == (200, True)
    digest = source(server)["digest"]
    mended = {"token": server.token, "name": SIXTH, "digest": digest, "whole": "1", "body": sixth("Some words.")}
    assert post(server, mended, path="/_desk/save") == 303
    assert get(server, "/_desk/")[0] == 200


def test_a_form_without_a_text_changes_nothing(server: Preview, folder: Folder) -> None:
    before = read(folder)
    assert post(server, {"token": server.token, "name": SIXTH, "do": "ready", "number": 6}, path="/_desk/save") == 409
    assert read(folder) == before


def before_its_script(browser: Browser, server: Preview, folder: Folder) -> Page:
    """Return the editor's page with some words, whose script does not come."""
    folder.write(SIXTH, sixth("Some words."))
    page = browser.new_page()
    page.route("**/_desk/write.js", lambda route: route.abort())
    page.goto(server.desk.url + "_desk/write/" + SIXTH)
    return page


def test_what_is_typed_before_the_script_is_there_is_saved(browser: Browser, server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("Some words."))
    page = browser.new_page()
    typing = "document.addEventListener('readystatechange', () => { body.value = 'Typed early.'; }, {once: true})"
    page.add_init_script(typing)  # the page is read, and its scripts have not run
    page.goto(server.desk.url + "_desk/write/" + SIXTH)
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(page.locator("#length")).to_have_text("2 words · 1 min")
    assert read(folder).endswith("Typed early.")

    page.close()


def test_what_is_pressed_before_the_script_is_there_has_the_text(
    browser: Browser, server: Preview, folder: Folder
) -> None:
    page = before_its_script(browser, server, folder)
    page.locator("#body").fill("Pressed early.")
    page.get_by_role("button", name="Mark ready").click()
    expect(page.locator("#outcome")).to_contain_text("It is ready")
    assert read(folder).endswith("Pressed early.")
    assert "status: ready" in read(folder)
    page.locator("#body").fill("Typed, and then a link.")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", leave)
    page.get_by_role("link", name="Changes").first.click()
    assert asked == ["beforeunload"]
    page.close()


def test_a_page_with_words_of_a_refused_form_is_taken_over_by_its_script(
    browser: Browser, server: Preview, folder: Folder
) -> None:
    page = before_its_script(browser, server, folder)
    page.locator("#body").fill("Mine.")
    folder.write(SIXTH, sixth("Theirs."))
    page.unroute("**/_desk/write.js")
    page.get_by_role("button", name="Mark ready").click()
    dialog = page.get_by_role("dialog", name="This file was changed elsewhere")
    expect(dialog).to_be_visible()
    assert read(folder) == sixth("Theirs.")
    dialog.get_by_role("button", name="Keep what is here").click()
    expect(page.locator("#saved")).to_have_text("Saved")
    assert read(folder).endswith("Mine.")
    page.close()
