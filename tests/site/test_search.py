"""The archive's search, as readers use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.conftest import Folder, five_issues, issue_text
from tests.site.test_site import browsing, serving

TEXTS = {
    1: ("Straßenmusik", "Die Großstadt hört zu. " * 20 + "Am Ende spielt ein Akkordeon.", "[klang]"),
    2: ("Crème brûlée", "Nothing of music here, only a café and ŁÓDŹ.", "[music]"),
    3: ("Of music and maths", "Short.", "[maths]"),
    4: ("Bees", "Some musicians keep bees. Musical bees hum.", "[nature]"),
    5: ("Letters", "Επιστολή ΟΔΟΣ, 今天我们写信。 Еда и ёлка, १२३, ﬁne.", "[scripts]"),
}

TEXTS_ARE_THERE = """new Promise(done => {
    const look = () => issues.every(issue => issue.text) ? requestAnimationFrame(() => requestAnimationFrame(done)) : setTimeout(look, 5);
    look();
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Five issues that have little in common but a word."""
    folder = five_issues(tmp_path_factory.mktemp("searched") / "letter")
    for file in (folder.root / "issues").iterdir():
        file.unlink()
    for number, (title, text, tags) in TEXTS.items():
        day = f"2022-01-{7 * number:02}" if number < 5 else "2022-02-04"
        folder.write(f"issues/000{number}-x.md", issue_text(number, day, title, text, tags=tags))
    folder.build()
    with serving(folder.root / "site") as found:
        yield found


@pytest.fixture
def archive(address: str, browser: Browser) -> Iterator[Page]:
    """Their archive."""
    with browsing(browser) as page:
        page.goto(address + "archive/")
        yield page


def found(page: Page, words: str) -> list[str]:
    """The titles that a search lists, in order, once the texts are there."""
    page.get_by_role("searchbox").fill(words)
    page.evaluate(TEXTS_ARE_THERE)
    return page.locator(".brief li:visible a").all_inner_texts()


def test_title_then_tag_then_text_and_a_word_before_a_part_of_one(archive: Page) -> None:
    assert found(archive, "music") == ["Of music and maths", "Crème brûlée", "Bees"]
    assert found(archive, "musik") == ["Straßenmusik"]
    assert found(archive, "bees musicians") == ["Bees"]


def test_a_number_comes_first(archive: Page) -> None:
    assert found(archive, "3")[0] == found(archive, "#3")[0] == "Of music and maths"
    assert found(archive, "Week 2")[0] == "Crème brûlée"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("strasse", "Straßenmusik"),
        ("GROSSSTADT", "Straßenmusik"),
        ("creme BRULEE", "Crème brûlée"),
        ("crème", "Crème brûlée"),
        ("lodz", "Crème brûlée"),
        ("οδος", "Letters"),
        ("ΕΠΙΣΤΟΛΗ", "Letters"),
        ("елка", "Letters"),
        ("写信", "Letters"),
        ("123", "Letters"),
        ("“fine”", "Letters"),
    ],
)
def test_accents_cases_and_ligatures_are_folded(archive: Page, typed: str, title: str) -> None:
    assert found(archive, typed) == [title]
    assert archive.locator(".brief li:visible mark").count()


def test_an_excerpt_shows_the_words_found(archive: Page) -> None:
    found(archive, "akkordeon großs")
    line = archive.locator(".excerpt")
    assert line.locator("mark").first.inner_text() in ("Großs", "Akkordeon")
    assert found(archive, "akkordeon") == ["Straßenmusik"]
    assert line.inner_text().startswith("…\u00a0")
    assert "spielt ein Akkordeon." in line.inner_text()
    assert len(line.inner_text()) < 200
    found(archive, "strassen")
    assert archive.locator(".brief li:visible a mark").inner_text() == "Straßen"
    found(archive, "nature")
    assert line.locator("mark").inner_text() == "nature"


def test_nothing_found_is_said_and_nothing_typed_shows_all(archive: Page) -> None:
    assert found(archive, "zeppelin") == []
    assert archive.get_by_role("status").inner_text() == "No issue matches."
    assert found(archive, "<b>") == []
    assert len(found(archive, " ")) == 5
    found(archive, "music")
    assert archive.get_by_role("status").inner_text() == "Issues found: 3"


def test_the_address_has_the_search(archive: Page) -> None:
    found(archive, "bees & hum")
    assert archive.url.endswith("?q=bees+%26+hum")
    archive.goto(archive.url.replace("bees+%26+", ""))
    assert archive.get_by_role("searchbox").input_value() == "hum"
    archive.locator(".excerpt mark").wait_for()
    assert archive.locator(".brief li:visible a").all_inner_texts() == ["Bees"]


def test_the_keyboard_is_enough(archive: Page) -> None:
    found(archive, "music")

    def focused() -> str:
        return str(archive.evaluate("document.activeElement.textContent || document.activeElement.id"))

    for key, where in [
        ("ArrowDown", "Of music and maths"),
        ("ArrowDown", "Crème brûlée"),
        ("ArrowUp", "Of music and maths"),
        ("ArrowUp", "wa-find"),
        ("ArrowUp", "wa-find"),
        ("ArrowDown", "Of music and maths"),
        ("Escape", "wa-find"),
        ("Escape", "wa-find"),
    ]:
        archive.keyboard.press(key)
        assert focused() == where
    assert archive.get_by_role("searchbox").input_value() == ""
    assert "?" not in archive.url
    found(archive, "bees")
    archive.keyboard.press("Enter")
    archive.get_by_role("heading", name="Bees", level=1).wait_for()


def test_many_that_are_found_come_as_one_scrolls(folder: Folder, browser: Browser) -> None:
    for number in range(40):
        folder.write(
            f"issues/s{number}.md", f"---\ntitle: Same {number}\ndate: 2021-12-01\nstatus: ready\n---\n\nText.\n"
        )
    folder.build()
    with serving(folder.root / "site") as address, browsing(browser) as page:
        page.goto(address + "archive/?q=same")
        lines = page.locator(".brief li:visible")
        lines.first.wait_for()
        assert lines.count() < 40
        page.get_by_role("searchbox").focus()
        for _ in range(40):
            page.keyboard.press("ArrowDown")
        assert lines.count() == 40


def test_a_link_to_a_search_shows_what_is_found_without_a_jump(archive: Page) -> None:
    archive.goto(f"{archive.url}?q=akkordeon")
    archive.get_by_text("Am Ende spielt").wait_for()
    moved = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(one => one.value)))
        .observe({type: "layout-shift", buffered: true}) || setTimeout(() => done([]), 100))"""
    assert archive.evaluate(moved) == []
    assert archive.locator(".subscribe").bounding_box()["y"] >= 720  # type: ignore[index]
