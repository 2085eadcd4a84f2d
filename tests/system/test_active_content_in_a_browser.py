"""Made payloads in a browser, on a page whose policy was taken out: whatever runs was a finding, and no page breaks.

`make active` tries a thousand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Browser, Page
from tests.conftest import NOON, Folder, issue_text
from tests.markdown.payloads import payload

from weekahead.markdown.renderer import convert, place

PAYLOADS = int(os.environ.get("PAYLOADS", "20"))
AT_ONCE = 50
WAIT = 800
"""Milliseconds after which a payload has run."""
ADDRESS = "http://letter.example/"

HARNESS = "<!doctype html><title>x</title><script>window.names = []; window.ran = (name) => names.push(name);</script>"
END = '<i id="end-of-text"></i>'
OUTLINES = """
() => [...document.querySelectorAll("iframe")].map((frame) => {
    const page = frame.contentDocument;
    const end = page && page.getElementById("end-of-text");
    if (!end) return "no end";
    const above = [];
    for (let each = end.parentElement; each; each = each.parentElement) above.push(each.tagName);
    const all = [...page.querySelectorAll("*")];
    return above.join(" ") + " " + all.slice(all.indexOf(end)).map((each) => each.tagName).join(" ");
})
"""
CLICK = """
() => document.querySelectorAll("iframe").forEach((frame) => {
    for (const each of frame.contentDocument?.querySelectorAll("main a, main button, main input, main p, main summary") ?? []) {
        each.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: frame.contentWindow }));
    }
})
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


def bare_page(folder: Folder) -> tuple[str, str]:
    """Return the page of an issue before its text and after it, without its policy and its styles."""
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", "The words of the issue."))
    folder.build(NOON)
    page = folder.read("issues/5-fifth/index.html")
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert bare != page
    before, words, after = re.sub(r"<link[^>]*>", "", bare).partition("<p>The words of the issue.</p>")
    assert words
    return before, END + after


def run(page: Page, pages: list[str]) -> tuple[set[int], list[str]]:
    """Return which of some pages ran something, and the outline of each behind its text."""
    frames = "".join(f'<iframe name="{number}" srcdoc="{escape(page)}"></iframe>' for number, page in enumerate(pages))

    page.unroute_all()
    page.route("**/*", lambda route: route.abort())  # a payload may ask for anything
    page.route(ADDRESS, lambda route: route.fulfill(content_type="text/html", body=HARNESS + frames))
    page.goto(ADDRESS)
    outlines = page.evaluate(OUTLINES)
    page.wait_for_timeout(WAIT)
    page.evaluate(CLICK)
    page.wait_for_timeout(WAIT)
    return {int(name) for name in page.evaluate("names") if name}, outlines


def test_whatever_runs_was_a_finding_and_no_text_breaks_its_page(folder: Folder, page: Page) -> None:
    before, after = bare_page(folder)
    ran = 0
    for start in range(0, PAYLOADS, AT_ONCE):
        texts = [payload(number) for number in range(start, min(start + AT_ONCE, PAYLOADS))]
        made = [convert(text) for text in texts]
        active, [*outlines, outline] = run(
            page, [before + words + after for words in [*(place(each, {}) for each in made), ""]]
        )
        found = {number for number, prose in enumerate(made) if prose.faults}
        assert [texts[number] for number in active - found] == []
        assert [texts[number] for number, seen in enumerate(outlines) if seen != outline and number not in found] == []
        ran += len(active)
    assert ran >= PAYLOADS // 10, "the payloads do nothing"
