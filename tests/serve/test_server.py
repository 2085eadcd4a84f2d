"""The preview and the desk, in a real browser: saves, errors and the way back, other days, and the plan changed by hand."""

from __future__ import annotations

import difflib
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from tests.conftest import LETTER, NOON, SCHEDULE, Folder, issue_text, needs
from tests.serve.conftest import LONG, SIXTH, get, post, sixth, without_mistakes
from tests.site.test_site import NODE

from weekahead.build.schedule_edit import edit_schedule
from weekahead.serve.server import Preview


@pytest.fixture
def page(window: Page, server: Preview) -> Iterator[Page]:
    """A page that asks for nothing but the preview, and whose scripts make no mistake."""
    window.set_viewport_size({"width": 1280, "height": 1600})
    with without_mistakes(window, server.site.url, server.desk.url):
        yield window


def plan_of(folder: Folder) -> str:
    """The plan without the spaces that line its keys up."""
    return re.sub(r", +", ", ", (folder.root / "schedule.yaml").read_text())


def changes(before: str, after: str) -> list[str]:
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line.startswith(("+ ", "- "))]


# -- the site


def test_drafts_are_shown_and_marked(server: Preview) -> None:
    status, page = get(server, "/issues/6-sixth/")
    assert status == 200
    assert "Draft" in page
    assert "/_desk/live.js" in page


def test_a_draft_is_shown_as_an_e_mail(page: Page, server: Preview) -> None:
    page.goto(server.site.url + "_mail/6")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading a loss curve")
    expect(page.locator(".help")).to_contain_text("KB of HTML")
    assert page.locator("iframe").count() == 4
    for frame in page.frames[1:]:
        expect(frame.get_by_text("Paragraph 119 of a long letter.")).to_be_visible()
    assert get(server, "/_mail/6/html")[0] == 200
    assert {get(server, path)[0] for path in ("/_mail/99/", "/_mail/6/nothing", "/_mail/")} == {404}


def test_a_draft_without_a_week_has_a_page_a_mail_and_a_line_on_the_desk(folder: Folder, server: Preview) -> None:
    folder.write("issues/swarm.md", "---\ntitle: Swarm robotics\n---\n\nBees and drones.\n")
    server.state.refresh()
    assert "Bees and drones." in get(server, "/drafts/swarm/")[1]
    assert "Bees and drones." in get(server, "/_mail/swarm/html")[1]
    desk = get(server, "/_desk/")[1]
    assert 'No week yet</span> <span class="mark">Draft' in desk
    assert get(server, "/_desk/preview/drafts/swarm/")[0] == 200


def test_an_unknown_page_is_the_letters_404(server: Preview) -> None:
    status, page = get(server, "/nowhere/")
    assert status == 404
    assert "Page not found" in page


def test_a_save_shows_without_losing_the_place(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.site.url + "issues/6-sixth/")
    page.evaluate("scrollTo({top: 1500, behavior: 'instant'}); window.stayed = true")
    folder.write(SIXTH, sixth(LONG + "\n\nA new sentence at the end."))
    expect(page.get_by_text("A new sentence at the end.")).to_have_count(1)
    assert page.evaluate("scrollY") == 1500
    assert page.evaluate("window.stayed") is True
    (folder.root / "new").write_text(sixth("Another, by an editor that renames."))
    (folder.root / "new").rename(folder.root / SIXTH)
    expect(page.get_by_text("Another, by an editor that renames.")).to_have_count(1)


def test_a_new_style_sheet_shows(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.site.url)
    folder.write("templates/assets/own.css", "h1 { letter-spacing: 7px !important }")
    expect(page.locator("h1").first).to_have_css("letter-spacing", "7px")


def test_an_error_names_its_line_and_leads_back_to_the_last_good_page(
    page: Page, server: Preview, folder: Folder
) -> None:
    page.goto(server.site.url + "issues/6-sixth/")
    folder.write(SIXTH, sixth("Mended <b>words</b>", date="2022-02-31"))
    expect(page.get_by_role("heading", name="Fix this error")).to_be_visible()
    assert page.locator(".where code").inner_text() == f"{SIXTH}:4"
    assert page.locator("mark").inner_text().split() == ["4", "date:", "2022-02-31"]
    page.get_by_role("link", name="Show the last version without errors").click()
    expect(page.get_by_text("Paragraph 119")).to_be_visible()
    expect(page.locator("#weekahead-desk")).to_have_text("The last version without errors · Desk")
    page.go_back()
    folder.write(SIXTH, sixth("Mended <b>words</b>"))
    expect(page.get_by_text("Mended words")).to_be_visible()


def test_files_that_go_and_a_plan_broken_by_hand_are_told_of_and_mended(
    page: Page, server: Preview, folder: Folder
) -> None:
    page.goto(server.desk_url)
    folder.write("schedule.yaml", SCHEDULE.replace("horizon: 5", "horizon: [5"))
    expect(page.get_by_role("heading", name="Fix this error")).to_be_visible()
    expect(page.get_by_text("Week 7", exact=True)).to_be_visible()
    assert not page.locator("#desk [draggable=true], #desk .change").count()
    assert post(server, {"do": "drop", "number": 7, "token": server.token}) == 409
    folder.write("schedule.yaml", SCHEDULE)
    expect(page.locator(".change").first).to_be_visible()
    (folder.root / SIXTH).unlink()
    expect(page.get_by_text("All issues are published.")).to_be_visible()
    (folder.root / "letter.yaml").unlink()
    expect(page.get_by_text("letter.yaml not found")).to_be_visible()


def test_a_preview_writes_nothing_into_the_site(server: Preview, folder: Folder) -> None:
    folder.build()
    before = folder.site()
    for path in ("/", "/_desk/", "/issues/6-sixth/", "/_at/2022-03-01/", "/_desk/preview/issues/6-sixth/"):
        assert get(server, path)[0] == 200
    assert folder.site() == before
    folder.build()
    assert not [name for name, data in folder.site().items() if "_desk" in name or b"_desk" in data]


def test_a_save_takes_nothing_from_a_form_that_was_begun(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.desk_url)
    page.get_by_label("Preview the site on").fill("2022-01-22")
    page.get_by_role("button", name="Show").focus()
    with page.expect_response(server.desk_url) as heard:
        folder.write(SIXTH, sixth("Other words.").replace("Reading a loss curve", "Reading a curve"))
    heard.value.finished()
    page.evaluate("new Promise(done => setTimeout(done, 100))")
    assert page.get_by_label("Preview the site on").input_value() == "2022-01-22"
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(server.site.url + "_at/2022-01-22/")


def test_a_save_closes_nothing_that_was_opened(page: Page, server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("See the the words."))
    server.state.refresh()
    page.goto(server.desk_url)
    page.locator("#week-8 summary").focus()
    page.keyboard.press("Enter")
    page.locator(".drafts summary").click()
    page.locator("#week-8 summary").focus()
    folder.write(SIXTH, sixth("See the the words again.").replace("Reading a loss curve", "Reading a curve"))
    expect(page.locator(".drafts .title")).to_have_text("Reading a curve")
    expect(page.locator("#week-8 summary")).to_be_focused()
    expect(page.locator("#to-8")).to_be_visible()
    expect(page.locator(".drafts details .finding").first).to_be_visible()


def test_a_save_made_while_a_form_is_filled_in_shows_afterwards(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.desk_url)
    page.get_by_label("Preview the site on").focus()
    with page.expect_response(server.desk_url):
        folder.write(SIXTH, sixth("Other words.").replace("Reading a loss curve", "Reading a curve"))
    expect(page.get_by_label("Preview the site on")).to_be_focused()
    page.get_by_role("button", name="Show").focus()
    expect(page.locator(".drafts .title")).to_have_text("Reading a curve")


def test_any_instant_is_a_date_away(page: Page, server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("Out at last.").replace("status: draft", "status: ready"))
    page.goto(server.desk_url)
    page.get_by_label("Preview the site on").fill("2022-01-22")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(server.site.url + "_at/2022-01-22/")
    expect(page.locator("#weekahead-desk")).to_have_text("As of 2022-01-22 · Desk")
    expect(page.locator("main")).to_contain_text("Third letter")
    page.get_by_role("link", name="Archive").first.click()
    assert page.url == server.site.url + "_at/2022-01-22/archive/"
    assert "Fourth letter" not in page.locator("main").inner_text()
    assert "Third letter" in get(server, "/_at/2022-02-11T08:59/archive/")[1]
    assert "6-sixth" not in get(server, "/_at/2022-02-11T08:59/archive/")[1]
    assert "6-sixth" in get(server, "/_at/2022-02-11T09:00/archive/")[1]
    assert get(server, "/_at/2022-02-31/")[0] == 404


def test_the_command_serves_until_it_is_interrupted(folder: Folder) -> None:
    words = ["serve", "--port", "0", "--root", str(folder.root), "--as-of", NOON]
    # A shell lets what it starts in the background ignore interrupts.
    wakes = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{wakes}; from weekahead.commands.main import main; main({words!r})"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        url = served.stdout.readline().split()[0]
        for path in ("", "_desk/", "_at/2022-01-22/", "feed.xml"):
            with urllib.request.urlopen(url + path) as answer:
                assert answer.status == 200
        served.send_signal(signal.SIGINT)
        try:
            assert served.wait(10) == 130
        finally:
            served.kill()


def test_an_instant_before_a_link_led_somewhere_can_be_looked_at(server: Preview, folder: Folder) -> None:
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First letter", "[later](0005-fifth.md)"))
    server.state.refresh()
    status, page = get(server, "/_at/2022-01-22/issues/1-first/")
    assert status == 200
    assert "later" in page


def test_only_the_desks_own_files_are_given_out(server: Preview) -> None:
    assert get(server, "/_desk/dashboard.css")[0] == 200
    for name in ("none.css", "..%2Fglyphs.bin", "dashboard.html", "%2Fetc%2Fpasswd", "..%2F..%2F..%2Fx.js"):
        assert get(server, f"/_desk/{name}")[0] == 404


# -- the desk


def test_a_week_dragged_onto_an_empty_one_moves_there(page: Page, server: Preview, folder: Folder) -> None:
    before = plan_of(folder)
    page.goto(server.desk_url)
    assert "6 weeks are planned" in page.locator("#standing").inner_text()
    page.locator("#week-8").drag_to(page.locator("#week-12"))
    expect(page.locator("#week-12 .title")).to_have_text("What a benchmark hides")
    expect(page.locator("#standing")).to_contain_text("The promise of 5 is broken. Plan number 8 to fix it.")
    assert changes(before, plan_of(folder)) == [
        "- " + "  - {number: 8, title: What a benchmark hides, state: planning}",
        "+ " + "  - {number: 12, title: What a benchmark hides, state: planning}",
    ]
    expect(page.get_by_role("status")).to_contain_text("Saved in schedule.yaml.")


def test_a_week_dragged_onto_a_planned_one_changes_places_with_it(page: Page, server: Preview, folder: Folder) -> None:
    before = "# mine\n" + re.sub(r"number: (\d+)", lambda found: f"number: {int(found[1]) + 82}", SCHEDULE)
    for path in folder.root.glob("issues/*.md"):
        path.unlink()
    folder.write("schedule.yaml", before)
    server.state.refresh()
    page.goto(server.desk_url)
    page.locator("#week-90").drag_to(page.locator("#week-92"))
    expect(page.locator("#week-92 .title")).to_have_text("What a benchmark hides")
    expect(page.locator("#week-90 .title")).to_have_text("Ten letters in")
    assert changes(before, plan_of(folder)) == [
        "- " + "  - {number: 90, title: What a benchmark hides, state: planning}",
        "+ " + "  - {number: 90, title: Ten letters in, state: planning}",
        "- " + "  - {number: 92, title: Ten letters in, state: planning}",
        "+ " + "  - {number: 92, title: What a benchmark hides, state: planning}",
    ]


def test_a_draft_goes_where_its_week_is_dragged_and_is_renamed_from_the_keyboard(
    page: Page, server: Preview, folder: Folder
) -> None:
    before = (folder.root / SIXTH).read_bytes(), plan_of(folder)
    page.goto(server.desk_url)
    expect(page.locator("#week-6 .more")).to_contain_text("File: draft")
    page.locator("#week-6 .title a").drag_to(page.locator("#week-8"))
    expect(page.locator("#week-8 .title a")).to_have_text("Reading a loss curve")
    expect(page.locator("#week-6 .title")).to_have_text("What a benchmark hides")
    expect(page.get_by_role("status")).to_contain_text("rename issues/0006-sixth.md -> issues/0008-sixth.md")
    assert "date: 2022-02-25\n" in (folder.root / "issues/0008-sixth.md").read_text()
    page.locator("#week-8 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#title-8").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Reading: slowly")
    page.keyboard.press("Enter")
    expect(page.locator("#week-8 .title a")).to_have_text("Reading: slowly")
    expect(page.locator("#week-8 summary")).to_be_focused()
    assert 'title: "Reading: slowly"\n' in (folder.root / "issues/0008-sixth.md").read_text()
    for form in (
        {"do": "rename", "number": 8, "new_title": "Reading a loss curve"},
        {"do": "move", "number": 6, "to": 8},
    ):
        assert post(server, {**form, "token": server.token}) == 303
    assert ((folder.root / SIXTH).read_bytes(), plan_of(folder)) == before


def test_the_whole_plan_can_be_changed_from_the_keyboard(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.desk_url)

    def opened(number: int) -> None:
        page.locator(f"#week-{number} summary").focus()
        page.keyboard.press("Enter")

    opened(8)
    page.keyboard.press("Tab")
    page.keyboard.type("re")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#week-8 .state")).to_have_text("research")
    expect(page.locator("#week-8 summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#to-8").focus()
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#week-12 .title")).to_have_text("What a benchmark hides")
    page.get_by_label("Swarm robotics").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#week-8 .title")).to_have_text("Swarm robotics")
    opened(12)
    page.locator("#week-12 [value=drop]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ideas")).to_contain_text("What a benchmark hides")
    opened(13)
    page.keyboard.press("Tab")
    page.keyboard.type("A new one")
    page.keyboard.press("Enter")
    expect(page.locator("#week-13 .title")).to_have_text("A new one")
    assert "  - {number: 8, title: Swarm robotics, state: planning}\n" in plan_of(folder)
    assert "  - {number: 13, title: A new one, state: planning}\n" in plan_of(folder)


def test_an_idea_dragged_onto_an_empty_week_is_planned(page: Page, server: Preview, folder: Folder) -> None:
    page.goto(server.desk_url)
    page.locator(".ideas li").drag_to(page.locator("#week-12"))
    expect(page.locator("#week-12 .title")).to_have_text("Swarm robotics")
    assert "{number: 12, title: Swarm robotics, state: planning}" in plan_of(folder)


def test_a_week_is_dragged_in_the_months_too(page: Page, server: Preview, folder: Folder) -> None:
    folder.write("schedule.yaml", SCHEDULE.replace("upcoming:", "skip: [2022-04-01]\nupcoming:"))
    server.state.refresh()
    page.goto(server.desk.url + "_desk/months")
    march = page.get_by_role("region", name="March 2022")
    expect(march.get_by_role("listitem")).to_have_count(4)
    expect(page.get_by_role("region", name="April 2022").get_by_role("listitem").first).to_have_text("1 Apr No issue")
    page.locator("#week-8").drag_to(page.locator("#week-13"))
    expect(page.locator("#week-13 .title")).to_have_text("What a benchmark hides")
    assert "{number: 13, title: What a benchmark hides, state: planning}" in plan_of(folder)
    page.get_by_role("link", name="Change Week 13").click()
    expect(page).to_have_url(server.desk_url + "#week-13")


def test_a_double_click_edits_once(page: Page, server: Preview, folder: Folder) -> None:
    folder.write("schedule.yaml", SCHEDULE.replace("[Swarm robotics]", "[Idea, Idea, Idea]"))
    server.state.refresh()
    page.goto(server.desk_url)
    page.get_by_label("Idea", exact=True).first.check()
    page.locator(".take").get_by_role("button", name="Plan it").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Saved in schedule.yaml.")
    page.wait_for_timeout(300)
    assert "Saved" in page.get_by_role("status").inner_text()
    assert plan_of(folder).count("title: Idea") == 1
    assert plan_of(folder).count("Idea") == 3


def test_a_page_that_is_out_of_date_changes_nothing(
    server: Preview, folder: Folder, page: Page, plain_window: Page
) -> None:
    old = plain_window
    for each in (old, page):
        each.goto(server.desk_url)
        each.locator("#week-8 summary").click()
        each.locator("#to-8").select_option("12")
    edit_schedule(folder.root, lambda editor: editor.add(12, "What another program planned"))
    before = plan_of(folder)
    for each in (old, page):
        each.locator("#week-8").get_by_role("button", name="Move", exact=True).click()
        expect(each.get_by_text("the plan has changed since this page was shown; look at it again")).to_be_visible()
    expect(page.locator("#week-12 .title")).to_have_text("What another program planned")
    assert plan_of(folder) == before
    old.get_by_role("link", name="Back to the desk").click()
    expect(old.locator("#week-12 .title")).to_have_text("What another program planned")


def test_the_desk_works_without_its_script(plain_window: Page, server: Preview, folder: Folder) -> None:
    page = plain_window
    page.goto(server.desk_url)
    page.locator("#week-7 summary").click()
    page.locator("#state-7").select_option("review")
    page.locator("#week-7").get_by_role("button", name="Set").click()
    expect(page.locator("#week-7 .state")).to_have_text("review")
    assert "{number: 7, title: Small models, state: review}" in plan_of(folder)
    page.get_by_label("Swarm robotics").check()
    page.locator("#take-to").select_option("12")
    page.locator(".take").get_by_role("button", name="Plan it").click()
    expect(page.locator("#week-12 .title")).to_have_text("Swarm robotics")


def test_a_change_needs_our_host_our_origin_and_the_token(server: Preview, folder: Folder) -> None:
    wanted = {"do": "drop", "number": 8}
    good = {**wanted, "token": server.token}
    before, port = plan_of(folder), server.desk.port
    assert post(server, wanted) == 403
    assert post(server, {**wanted, "token": "x"}) == 403
    assert post(server, good, Origin="https://evil.example") == 403
    assert post(server, good, Origin=f"https://127.0.0.1:{port}") == 403
    assert post(server, good, Origin="null") == 403
    assert post(server, good, Origin="") == 403
    assert post(server, good, Host="evil.example") == 403
    assert post(server, good, Host=f"evil.example:{port}", Origin=f"http://evil.example:{port}") == 403
    assert get(server, "/_desk/?do=drop&number=8&token=" + server.token)[0] == 200
    assert plan_of(folder) == before
    for host in ("evil.example", f"evil.example:{port}"):
        assert get(server, "/", Host=host)[0] == 403
        assert server.token not in get(server, "/_desk/", Host=host)[1]
    assert post(server, good) == 303
    assert plan_of(folder) != before


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"do": "burn", "number": 8},
        {"do": "move", "number": 8},
        {"do": "move", "number": 8, "to": "-1"},
        {"do": "move", "number": 8, "to": 5},
        {"do": "move", "number": 8, "to": 8},
        {"do": "move", "number": 8, "to": 12, "title": "Something seen before"},
        {"do": "move", "number": 6, "to": 12, "title": "Not its title"},
        {"do": "rename", "number": 8, "new_title": " "},
        {"do": "rename", "number": 5, "new_title": "Published"},
        {"do": "rename", "number": 40, "new_title": "Not planned"},
        {"do": "state", "number": 8, "state": "done"},
        {"do": "state", "number": 40, "state": "review"},
        {"do": "take", "idea": 1, "to": 12},
        {"do": "take", "idea": 0, "to": 12, "title": "Another idea"},
        {"do": "take", "idea": "0 Another idea", "to": 12},
        {"do": "take", "idea": "Swarm robotics", "to": 12},
        {"do": "take", "idea": 0, "to": 8},
        {"do": "add", "title": " ", "to": 12},
        {"do": "add", "title": "Twice", "to": 8},
        {"do": "add", "title": "Written", "to": 5},
    ],
)
def test_what_makes_no_sense_changes_nothing(
    still_server: Preview, still_folder: Folder, wanted: dict[str, object]
) -> None:
    plan = still_folder.root / "schedule.yaml"
    before = plan.read_text()
    assert post(still_server, {**wanted, "token": still_server.token}) == 409
    assert plan.read_text() == before


def test_drafts_tell_their_words_and_findings(page: Page, server: Preview, folder: Folder) -> None:
    folder.write(SIXTH, sixth("See [that](nowhere.md)."))
    page.goto(server.desk_url)
    draft = page.locator(".drafts li").first
    expect(draft).to_contain_text("2 words (your usual: 4)")
    expect(draft).to_contain_text("1 finding")
    page.locator(".drafts").get_by_role("link", name="Preview Reading a loss curve").click()
    expect(page.locator(".finding")).to_contain_text(f"{SIXTH}:8")
    phone, reader = page.frame_locator(".phone"), page.frame_locator(".reader")
    expect(phone.locator("h1")).to_have_text("Reading a loss curve")
    expect(reader.locator("h1")).to_have_text("Reading a loss curve")
    expect(reader.get_by_text("What’s next")).to_be_visible()
    assert phone.locator("html").evaluate("html => innerWidth") < 400


DOING = ("_desk/months", "_desk/publish", "_desk/changes")
OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
"""The rules of axe that depend on colours and sizes; by the others a page is the same in every look."""
LOOKS: list[tuple[Literal["light", "dark"], int, dict[str, object]]] = [
    ("light", 1280, {}),
    ("dark", 360, {"runOnly": {"type": "rule", "values": OF_LOOKS}}),
]


def test_the_desk_is_accessible_and_fits(window: Page, server: Preview, folder: Folder) -> None:
    axe = NODE / "axe-core/axe.min.js"
    needs(axe.exists(), "axe-core")
    folder.write("issues/0007-x.md", issue_text(7, "2022-02-18", "Small models", "[x](y.md)", status="draft"))
    folder.write(
        "letter.yaml", LETTER + "deploy: {branch: pages}\nmail: {from: a@letter.example, subscribers: ../five.db}\n"
    )
    server.state.refresh()
    assert post(server, {"do": "state", "number": 8, "state": "review", "token": server.token}) == 303
    assert post(server, {"do": "check", "token": server.token}, path="/_desk/run") == 303

    def holds(path: str) -> None:
        window.goto((server.desk if path in DOING else server.site).url + path)
        window.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        window.evaluate(axe.read_text("utf-8"))
        for scheme, width, rules in LOOKS:
            window.set_viewport_size({"width": width, "height": 900})
            window.emulate_media(color_scheme=scheme)
            found = window.evaluate(
                "rules => axe.run({iframes: false, ...rules}).then(found => found.violations)", rules
            )
            assert not [(each["id"], [node["html"] for node in each["nodes"]]) for each in found], (path, scheme)
            assert window.evaluate("document.documentElement.scrollWidth") <= width, path

    for path in (
        "_desk/",
        "_desk/preview/issues/7-x/",
        "_desk/feed/issues/7-x/",
        "_desk/write/issues/0007-x.md",
        *DOING,
    ):
        holds(path)
    folder.write("issues/0007-x.md", issue_text(7, "2022-02-31", "Small models", status="draft"))
    server.state.refresh()
    for path in ("", "_desk/", "_desk/write/issues/0007-x.md"):
        holds(path)
