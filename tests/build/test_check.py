"""An error in one place hides no other, and brings no false findings with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.conftest import LETTER, SCHEDULE, Folder, issue_text

Edit = Callable[[Folder], object]

BAD = "Read the the [gone](/gone/) and [lost](lost.pdf). <script>alert(1)</script>"
ALIVE = (
    "[Its file](0003-third.md), [its page](/issues/3-third/), [from here](../3-third/), [its tag](/tags/rare/), "
    "[its series](/series/one-only/), [its old place](/p/third-once/)."
)
HEAD = "---\nnumber: 3\ntitle: Third letter\nstatus: ready\ntags: [rare]\nseries: {name: One only, part: 1}\naliases: [/p/third-once]\n---\n"


def planted(folder: Folder) -> set[str]:
    """The rules of what a check finds in the issue with bad text, where everything else is as it may be."""
    return {rule for file, _, rule in folder.rules() if file == "issues/0005-fifth.md"}


def third(head: str, body: str = "Words.") -> Edit:
    return lambda folder: folder.write("issues/0003-third.md", f"{head}\n{body}\n")


ERRORS: dict[str, tuple[Edit, str]] = {
    "a slug is taken": (
        lambda folder: (
            folder.write("letter.yaml", LETTER + "permalink: /{slug}/\n"),
            folder.write("issues/0006-third.md", issue_text(6, "2022-02-11", "Reading a loss curve")),
        ),
        "slug-taken",
    ),
    "a number is taken": (
        lambda folder: folder.write("issues/0006-six.md", issue_text(3, "2022-02-11", "Six")),
        "number-taken",
    ),
    "a guid is taken": (
        lambda folder: [
            folder.write(f"issues/{n:04}-x.md", issue_text(n, f"2022-02-{n * 7 - 31:02}", "X", guid="g", slug=f"x{n}"))
            for n in (6, 7)
        ],
        "guid-taken",
    ),
    "an alias is taken": (
        lambda folder: folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First", aliases="[/archive]")),
        "path-taken",
    ),
    "YAML is not valid": (third(HEAD.replace("title: ", 'title: "')), "yaml"),
    "a key is given twice": (third(HEAD.replace("status", "number: 9\nstatus")), "key-twice"),
    "front matter never ends": (third(HEAD.removesuffix("---\n")), "front-matter-open"),
    "an unknown key": (third(HEAD.replace("status", "staus")), "unknown-key"),
    "a bad number": (third(HEAD.replace("3", '"3"', 1)), "type"),
    "a bad status": (third(HEAD.replace("ready", "redy")), "type"),
    "a bad tag": (third(HEAD.replace("[rare]", "rare")), "type"),
    "no title": (third(HEAD.replace("title: Third letter\n", "")), "key-missing"),
    "no day": (third(HEAD.replace("number: 3\n", "")), "no-number-no-date"),
    "a file that is not UTF-8": (
        lambda folder: folder.write("issues/0003-third.md", HEAD.encode() + b"\xff\n"),
        "not-utf-8",
    ),
    "a recording that is not there": (
        third(HEAD.removesuffix("---\n") + "audio: {file: a.mp3}\n---\n"),
        "file-missing",
    ),
    "a bad letter.yaml": (lambda folder: folder.write("letter.yaml", LETTER + "colour: red\n"), "unknown-key"),
    "no title of the letter": (
        lambda folder: folder.write("letter.yaml", LETTER.replace("title: The Test Letter\n", "")),
        "key-missing",
    ),
    "a bad address": (
        lambda folder: folder.write("letter.yaml", LETTER.replace("https://letter.example", "letter.example")),
        "value",
    ),
    "a bad permalink": (lambda folder: folder.write("letter.yaml", LETTER + "permalink: /x/\n"), "value"),
    "letter.yaml is not YAML": (lambda folder: folder.write("letter.yaml", LETTER + "theme: {a\n"), "yaml"),
    "no letter.yaml": (lambda folder: (folder.root / "letter.yaml").unlink(), "file-missing"),
    "a bad state": (
        lambda folder: folder.write("schedule.yaml", SCHEDULE.replace("state: review", "state: revew")),
        "type",
    ),
    "a bad cadence": (lambda folder: folder.write("schedule.yaml", SCHEDULE.replace("friday", "fryday")), "cadence"),
    "schedule.yaml is not YAML": (lambda folder: folder.write("schedule.yaml", SCHEDULE + "x: [\n"), "yaml"),
    "no schedule.yaml": (lambda folder: (folder.root / "schedule.yaml").unlink(), "file-missing"),
    "a bad template": (lambda folder: folder.write("templates/page.html", b"\xff"), "not-utf-8"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_elsewhere_hides_nothing_of_a_text(folder: Folder, name: str) -> None:
    edit, rule = ERRORS[name]
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", BAD))
    edit(folder)
    assert planted(folder) >= {"active-content", "dead-link", "doubled-word"}
    assert rule in {rule for file, _, rule in folder.rules() if file != "issues/0005-fifth.md"}
    lost = [found.message for found in folder.check().findings if found.rule == "dead-link"]
    assert len(lost) == 2 or name == "a bad permalink"


def test_a_template_that_cannot_be_read_hides_nothing_of_a_letter_that_is_mailed(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "mail: {from: Ida <ida@letter.example>}\n")
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", BAD))
    folder.write("templates/email.html", b"\xff")
    assert planted(folder) >= {"active-content", "dead-link", "doubled-word"}
    assert [rule for file, _, rule in folder.rules() if file == "templates/email.html"] == ["not-utf-8"]


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_makes_no_link_dead(folder: Folder, name: str) -> None:
    third(HEAD)(folder)
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", ALIVE))
    assert planted(folder) == set()
    ERRORS[name][0](folder)
    assert "dead-link" not in planted(folder)


def test_a_text_with_an_error_in_its_front_matter_is_looked_at_itself(folder: Folder) -> None:
    for head in (HEAD.replace("title: ", 'title: "'), HEAD.replace("staus", "status") + "\n", "Not front matter.\n"):
        third(head, BAD)(folder)
        found = {rule for file, _, rule in folder.rules() if file == "issues/0003-third.md"}
        assert found >= {"active-content", "dead-link", "doubled-word"}, head


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_text_that_is_not_utf_8_is_looked_at(folder: Folder, encoding: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fünf", "Ein [Weg](/gone/)").encode(encoding))
    folder.write("pages/weg.md", "# Über\n\nEin [Weg](/gone/)\n".encode(encoding))
    found = {(file, rule) for file, _, rule in folder.rules()}
    files = ("issues/0005-fifth.md", "pages/weg.md")
    assert found >= {(file, rule) for file in files for rule in ("not-utf-8", "dead-link")}


def test_errors_of_all_stages_come_together(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "colour: red\npermalink: /{slug}/\n")
    folder.write("issues/0001-first.md", '---\nnumber: 1\ntitle: "First\nstatus: ready\n---\n\nWords.\n')
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "Second letter", slug="fourth"))
    folder.write("issues/0003-third.md", issue_text(4, "2022-01-21", "Third letter", aliases="[/archive]"))
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", BAD))
    folder.write("issues/0006-sixth.md", "---\nnumber: 6\ntitle: Reading a loss curve\n---\n\n[Gone](gone.md)\n")
    assert {(file, rule) for file, _, rule in folder.rules()} >= {
        ("letter.yaml", "unknown-key"),
        ("issues/0001-first.md", "yaml"),
        ("issues/0004-fourth.md", "slug-taken"),
        ("issues/0004-fourth.md", "number-taken"),
        ("issues/0003-third.md", "path-taken"),
        ("issues/0005-fifth.md", "active-content"),
        ("issues/0005-fifth.md", "dead-link"),
        ("issues/0005-fifth.md", "doubled-word"),
        ("issues/0006-sixth.md", "dead-link"),
        ("schedule.yaml", "missed-slot"),
    }


def test_an_issue_that_cannot_be_read_is_not_missed(folder: Folder) -> None:
    audio = '{url: "https://x.example/a.mp3", bytes: 1}'
    folder.write("letter.yaml", LETTER + "podcast: {category: Technology}\n")
    for number, name in enumerate(("first", "second", "third", "fourth", "fifth"), 1):
        series = f"{{name: Basics, part: {number}}}"
        text = issue_text(number, f"2022-01-{number * 7:02}", name.title(), audio=audio, series=series)
        folder.write(f"issues/{number:04}-{name}.md", text)
    before = {rule for _, _, rule in folder.rules()}
    third("---\nnumber: [3\ntitle: Third\nstatus: ready\n---\n")(folder)
    assert {rule for _, _, rule in folder.rules()} - before == {"yaml"}


def test_what_is_taken_is_said_once(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "permalink: /{slug}/\n")
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-14", "Second letter", slug="first"))
    assert [rule for _, _, rule in folder.rules() if rule.endswith("-taken")] == ["slug-taken"]
