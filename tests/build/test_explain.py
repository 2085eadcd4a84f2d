"""`build --explain` says in a sentence why each file is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import LETTER, Folder, issue_text, replaced

from weekahead.build import explain
from weekahead.build.traces import EXPLAINED
from weekahead.site.aspects import ASPECTS

REPOSITORY = Path(__file__).parents[2]
THIRD, PAGE = "issues/0003-third.md", "issues/3-third/index.html"
SIXTH = issue_text(6, "2022-02-08", "Reading a loss curve")

Edit = Callable[[Folder], object]


def key(line: str) -> Edit:
    """Give issue 3 another key."""
    return replaced(THIRD, "status:", f"{line}\nstatus:")


def setting(line: str) -> Edit:
    return lambda folder: folder.write("letter.yaml", f"{LETTER}{line}\n")


def theme(name: str, old: str, new: str) -> Edit:
    """Give the letter a packaged template with something replaced."""

    def edit(folder: Folder) -> None:
        text = (REPOSITORY / "templates" / name).read_text("utf-8")
        assert old in text
        folder.write(f"templates/{name}", text.replace(old, new))

    return edit


def written(name: str, text: str) -> Edit:
    return lambda folder: folder.write(name, text)


SENTENCES: dict[str, tuple[Edit, str, str]] = {
    "a title": (replaced(THIRD, "Third letter", "A third"), PAGE, "the title of issue 3 changed"),
    "a title in a list": (replaced(THIRD, "Third letter", "A third"), "index.html", "the title of issue 3 changed"),
    "two keys": (key("summary: Short.\nauthors: [Ann]"), "feed.xml", "the summary and authors of issue 3 changed"),
    "a research note": (key("research_note: Eight papers."), PAGE, "the research note of issue 3 changed"),
    "a text": (replaced(THIRD, "Words of", "Other words of"), PAGE, "the text of issue 3 changed"),
    "a slug": (key("slug: other"), "issues/4-fourth/index.html", "the slug and address of issue 3 changed"),
    "the letter's title": (
        replaced("letter.yaml", "The Test Letter", "The Other"),
        PAGE,
        "title in letter.yaml changed",
    ),
    "colours": (setting('theme: {paper: "#fffff0"}'), PAGE, "theme in letter.yaml changed"),
    "a template": (theme("issue.html", "<article>", "<article id=a>"), PAGE, "the template issue.html changed"),
    "a template that others extend": (
        theme("base.html", "<main", "<main id=a"),
        PAGE,
        "the template base.html changed",
    ),
    "a translation": (theme("words/en.toml", '"Archive"', '"All issues"'), PAGE, "the translations changed"),
    "a style sheet": (
        theme("assets/style.css", "a ", "b "),
        "assets/style.css",
        "templates/assets/style.css changed",
    ),
    "a planned title": (
        replaced("schedule.yaml", "Small models", "Large models"),
        PAGE,
        "the plan for number 7 changed",
    ),
    "the horizon": (
        replaced("schedule.yaml", "horizon: 5", "horizon: 6"),
        "next/index.html",
        "the plan changed (horizon and promised slots)",
    ),
    "the time of day": (replaced("schedule.yaml", "09:00", "10:00"), PAGE, "the cadence changed"),
    "a page": (
        written("pages/about.md", "# About\n\nWe.\n"),
        PAGE,
        "what every page shows changed (pages in the menu)",
    ),
    "a new issue": (written("issues/0006-x.md", SIXTH), PAGE, "number 6 is published"),
    "a new issue in a feed": (
        written("issues/0006-x.md", SIXTH),
        "feed.xml",
        "it is made from other issues or another file now",
    ),
    "an issue that is a draft again": (
        replaced(THIRD, "status: ready", "status: draft"),
        "archive/index.html",
        "the list of issues changed; issues/0003-third.md is no longer published",
    ),
    "a file that was lost": (lambda folder: (folder.root / "site" / PAGE).unlink(), PAGE, "it was missing in the site"),
    "a file that was changed": (written(f"site/{PAGE}", "x"), PAGE, "somebody changed it in the site"),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_a_sentence_says_what_changed(folder: Folder, what: str) -> None:
    edit, path, sentence = SENTENCES[what]
    folder.build()
    edit(folder)
    reasons = {change.path: change.why for change in folder.build().changes.written}
    assert reasons[path] == sentence


def test_nothing_is_said_of_what_cannot_be_seen(folder: Folder) -> None:
    """The digest of front matter covers keys that no page shows; so a page that is written for another reason says that."""
    folder.build()
    folder.replace(THIRD, "status:", "allow: [doubled-word]\nstatus:")
    folder.replace(THIRD, "Words of", "Other words of")
    reasons = {change.path: change.why for change in folder.build().changes.written}
    assert reasons[PAGE] == "the text of issue 3 changed"


def test_more_than_three_reasons_are_counted(folder: Folder) -> None:
    folder.build()
    for number, word in ((3, "third"), (4, "fourth"), (5, "fifth"), (2, "second"), (1, "first")):
        folder.replace(f"issues/000{number}-{word}.md", f"{word.capitalize()} letter", f"Letter {number}")
    reasons = {change.path: change.why for change in folder.build().changes.written}
    assert reasons["archive/index.html"] == (
        "the title of issue 5 changed; the title of issue 4 changed; the title of issue 3 changed; and 2 more"
    )


def test_a_site_of_other_options_says_so(folder: Folder) -> None:
    folder.build()
    folder.replace("letter.yaml", "The Test Letter", "The Other")
    reasons = {change.path: change.why for change in folder.build(drafts=True).changes.written}
    assert reasons[PAGE] == "the last build had another version or other options, or is forgotten"


def test_a_site_that_was_left_behind_says_so(folder: Folder) -> None:
    elsewhere = folder.root / "elsewhere"
    folder.build()
    folder.replace("letter.yaml", "The Test Letter", "The Other")
    folder.build(output=elsewhere)
    reasons = {change.path: change.why for change in folder.build().changes.written}
    assert reasons[PAGE] == "the letter has changed since this site was built"


def test_every_aspect_has_a_sentence() -> None:
    assert set(explain.SENTENCES) == set(ASPECTS)
    assert set(explain.OF_FIELDS) == EXPLAINED
