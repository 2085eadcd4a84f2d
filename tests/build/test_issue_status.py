"""An issue becomes ready, or a draft again: `ready` and `unpublish`."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.conftest import Folder, Said, issue_text

Run = Callable[..., Said]


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644433200")  # 2022-02-09T12:00:00-07:00


def test_ready_says_when_it_comes_out_and_what_is_left_to_do(folder: Folder, run: Run, noon: None) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 0
    assert said.out == (
        f"{path} is ready. It comes out on Friday 2022-02-11 at 09:00 (America/Denver), with the first build after that.\n"
        "Commit and push it; the scheduled build does the rest.\n"
    )
    assert "It comes out with the next build." in run("ready", "--root", folder.root, 5).out


def test_an_issue_too_large_to_mail_is_not_ready(folder: Folder, run: Run, noon: None) -> None:
    config = (folder.root / "letter.yaml").read_text()
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Long", status="review", body="Many words. " * 9000))
    assert run("ready", "--root", folder.root, 6).status == 0
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Long", status="review", body="Many words. " * 9000))
    folder.write("letter.yaml", config + "mail: {from: ida@letter.example}\n")
    said = run("ready", "--root", folder.root, 6)
    assert (said.status, "[mail-too-large]" in said.err) == (1, True)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_unpublish_changes_one_word_of_the_file(folder: Folder, run: Run, noon: None, ends: str) -> None:
    text = "---\nnumber: 5\ntitle: Fifth\nstatus: ready   # at last\nnext: []\n---\n\nstatus: ready\n".replace(
        "\n", ends
    )
    path = folder.write("issues/0005-fifth.md", text)
    said = run("unpublish", "--root", folder.root, 5)
    assert said.status == 0, said.err
    assert path.read_bytes().decode() == text.replace("ready", "draft", 1)
    assert "The next build removes https://letter.example/issues/5-fifth/" in said.out
    assert folder.numbers() == [4, 3, 2, 1]


def test_unpublish_of_what_no_reader_has_seen_says_so(folder: Folder, run: Run, noon: None) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    said = run("unpublish", "--root", folder.root, 6)
    assert said.out == (
        f"{path} is a draft again.\nIt was not published yet, and will not come out on Friday 2022-02-11 at 09:00 (America/Denver).\n"
    )
    said = run("unpublish", "--root", folder.root, 6)
    assert said.status == 1
    assert "issues/0006-x.md:5: error: issue 6 is not published: its status is draft, not ready [not-ready]" in said.err
    assert "there is no issue 77" in run("unpublish", "--root", folder.root, 77).err


def test_unpublish_names_the_issues_that_lead_to_what_is_gone(folder: Folder, run: Run, noon: None) -> None:
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth", "See [the next](0005-fifth.md)."))
    said = run("unpublish", "--root", folder.root, 5)
    assert "issues/0004-fourth.md:8: " in said.err
    assert "links to an issue that is not published" in said.err


# -- what is not written yet

SKELETON = """\
Say hello, in a sentence or two. Name the *week*.

> Quote somebody here.

## News

- First story: why it matters
- [ ]

## Table

| a | b |
|---|---|
| c | d |

Übrigens.
"""


def draft(folder: Folder, body: str, **keys: str) -> str:
    text = issue_text(6, "2022-02-11", "Reading a loss curve", body, status="draft", **keys)
    return folder.write("issues/0006-x.md", text).read_text()


def left(said: Said) -> list[tuple[int, str, str]]:
    """Line, severity and rule of what `ready` found."""
    found = re.findall(r"(?m)^issues/0006-x\.md:(\d+): (\w+): .* \[([\w-]+)\]$", said.err)
    return [(int(line), severity, rule) for line, severity, rule in found]


def test_ready_refuses_what_new_wrote_and_nothing_changed(folder: Folder, run: Run, noon: None) -> None:
    path = folder.root / run("new", "--root", folder.root, 6).out.strip()
    before = path.read_text()
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 1
    assert re.findall(r"error: .*", said.err) == [
        'error: "Write the opening here: what this week is about, in two or …" is from the template of new issues [template-text]',
        'error: there is nothing below the heading "Links and thoughts" but an empty list, which readers do not see [empty-section]',
        'error: there is nothing below the heading "Top 5 posts of the week" but an empty list, which readers do not see [empty-section]',
    ]
    assert said.err.endswith("3 errors; nothing was written.\n")
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (SKELETON, [8, 8, 10, 14, 23]),
        ("My own words. Say hello, in a sentence\nor two. More.", [8]),
        ("- Quote\n  somebody here.", [8]),
        ("**Say hello, in a sentence or two.**", [8]),
        ("My own.\n\n> Say hello, in a\n> sentence or two.", [10]),
        ("1. First story: why it matters\n2. First story: why it matters", [8, 9]),
        ("# Say hello, in a sentence or two.\n\nx", [8]),
        ("Own.\n\nÜbrigens.", [10]),
    ],
)
def test_each_sentence_of_the_letters_own_template_is_found(
    folder: Folder, run: Run, noon: None, body: str, lines: list[int]
) -> None:
    folder.write("templates/issue.md.j2", SKELETON)
    before = draft(folder, body)
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 1
    assert [line for line, severity, rule in left(said) if (severity, rule) == ("error", "template-text")] == lines
    assert (folder.root / "issues/0006-x.md").read_text() == before


@pytest.mark.parametrize(
    "body",
    [
        "I say hello, in a sentence or two words.\n\n## News\n\n- Another story: why it matters",
        "## News\n\n| a | b |\n|---|---|\n| c | d |",
        "I quote: `Say hello, in a sentence or two.`",
        "Words.\n\n<!-- Say hello, in a sentence or two. -->",
        "Übrigens. Das war es.",
        "Write the opening here: what this week is about, in two or three sentences.",
    ],
)
def test_an_authors_own_words_are_not_the_templates(folder: Folder, run: Run, noon: None, body: str) -> None:
    folder.write("templates/issue.md.j2", SKELETON.replace("Übrigens.", "Übrigens!"))
    draft(folder, body)
    said = run("ready", "--root", folder.root, 6)
    assert (said.status, left(said)) == (0, [])


def test_what_a_template_has_for_every_issue_may_stay(folder: Folder, run: Run, noon: None) -> None:
    promised = "{% for line in promised %}\nPromised in {{ line.label }}: {{ line.title }}\n{% endfor %}\n\n"
    stays = "{% if stays %}\nWelcome to {{ label }} of {{ letter.title }}.\n{% endif %}\n\n"
    folder.write("templates/issue.md.j2", promised + stays + "Here, write about {{ title }}.\n")
    next_ = "[{number: 6, title: Reading a loss curve}]"
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", next=next_))
    path = folder.root / run("new", "--root", folder.root, 6).out.strip()
    assert path.read_text().endswith(
        "---\n\nPromised in Week 5: Reading a loss curve\n\nWelcome to Week 6 of The Test Letter.\n\nHere, write about Reading a loss curve."
    )
    said = run("ready", "--root", folder.root, 6)
    assert next(line for line in said.err.splitlines() if "error" in line).endswith(
        '"Here, write about Reading a loss curve." is from the template of new issues [template-text]'
    )
    path.write_text(path.read_text().replace("Here, write about Reading a loss curve.", "Loss falls."))
    assert run("ready", "--root", folder.root, 6).status == 0


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("Words.\n\n## Links", "empty-section"),
        ("## Links\n\n- \n- \n\n## More\n\nx", "empty-section"),
        ("## Top 5 posts\n\n1. \n2. \n3. \n4. \n5. ", "empty-section"),
        ("Words.\n\n- a\n-", "empty-item"),
        ("Five:\n1.\n2.\n3.\n4.\n5.", "empty-item"),
    ],
)
def test_empty_places_are_errors_only_for_ready(folder: Folder, run: Run, noon: None, body: str, rule: str) -> None:
    before = draft(folder, body)
    said = run("ready", "--root", folder.root, 6)
    assert (said.status, {(severity, rule) for _, severity, rule in left(said)}) == (1, {("error", rule)})
    assert (folder.root / "issues/0006-x.md").read_text() == before
    draft(folder, body, allow=f"[{rule}]")
    assert run("ready", "--root", folder.root, 6).status == 0
    found = [str(found.severity) for found in folder.check().findings if found.rule == rule]
    assert found == []
    folder.replace("issues/0006-x.md", f"allow: [{rule}]\n", "")
    assert [str(found.severity) for found in folder.check().findings if found.rule == rule] == ["warning"]


def test_ready_says_all_that_check_says_of_the_issue_in_the_same_words(folder: Folder, run: Run, noon: None) -> None:
    folder.replace("schedule.yaml", "title: Reading a loss curve", "title: Curves")
    body = "It is the the best. TODO: say more.\n\n> [!NOTES]\n> Words.\n\n[a](https://example.com/?utm_source=x)"
    text = issue_text(6, "2022-02-12", "Reading a loss curve", body, corrected="[{date: 2022-03-01, what: A word.}]")
    folder.write("issues/0006-x.md", text.replace("status: ready", "status: review"))
    shown = [str(found) for found in folder.check().findings if found.where.file == "issues/0006-x.md"]
    rules = {"title-disagrees", "off-cadence", "corrected-ahead", "doubled-word", "placeholder", "alert", "tracking"}
    assert rules <= {re.findall(r"\[([\w-]+)\]$", line, re.MULTILINE)[0] for line in shown}
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 0
    assert [
        line for line in shown if line.partition("\n")[0] not in said.err
    ] == []  # the hint may be for a ready issue


def test_ready_says_that_an_issue_is_late(folder: Folder, run: Run, noon: None) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    [shown] = [str(found) for found in folder.check().findings if found.rule == "missed-slot"]
    said = run("ready", "--root", folder.root, 5)
    assert (said.status, said.err) == (0, f"{shown}\n")


@pytest.mark.parametrize("name", ["issues/0006-x.md", "issues/0006-x/index.md"])
def test_windows_line_ends_hide_nothing(folder: Folder, run: Run, noon: None, name: str) -> None:
    folder.write("templates/issue.md.j2", "Say hello, in a sentence\nor two.\n")
    text = issue_text(
        6, "2022-02-11", "Reading a loss curve", "Say hello, in\na sentence or two.\n\n- \n- a", status="draft"
    )
    folder.write(name, text.replace("\n", "\r\n"))
    said = run("ready", "--root", folder.root, 6)
    assert re.findall(r":(\d+): error: .*\[([\w-]+)\]", said.err) == [("8", "template-text"), ("11", "empty-item")]


def test_an_issue_that_was_set_to_ready_by_hand_is_a_warning_until_it_is_out(folder: Folder, noon: None) -> None:
    folder.write("templates/issue.md.j2", "Say hello, in a sentence or two.\n")
    for number, status in ((5, "ready"), (6, "ready"), (7, "review")):
        day = f"2022-02-{7 * number - 31:02}"
        folder.write(
            f"issues/000{number}-n{number}.md",
            issue_text(number, day, f"T{number}", "Say hello, in a sentence or two.", status=status),
        )
    (folder.root / "issues/0005-fifth.md").unlink()
    found = [
        (found.where.file, str(found.severity)) for found in folder.check().findings if found.rule == "template-text"
    ]
    assert found == [("issues/0006-n6.md", "warning")]


def test_a_template_that_fails_is_an_error_with_its_line(folder: Folder, run: Run, noon: None) -> None:
    folder.write("templates/issue.md.j2", "Words.\n{{ titel }}\n")
    draft(folder, "My own.")
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 1
    assert said.err.startswith("templates/issue.md.j2:2: error: ")
    draft(folder, "[x](nowhere.png)")
    folder.replace("issues/0006-x.md", "status: draft", "status: ready")
    assert {"template", "dead-link"} <= {rule for _, _, rule in folder.rules()}


# -- the record of what was promised


def stamp(folder: Folder, name: str) -> str:
    return (folder.root / name).read_text().partition("\nnext:")[2]


@pytest.mark.parametrize("status", ["ready", "draft"])
def test_what_readers_were_promised_stays_once_an_issue_is_out(
    folder: Folder, run: Run, noon: None, status: str
) -> None:
    name, next_ = "issues/0005-fifth.md", "\n  - {number: 6, title: As it was promised}   # to all"
    folder.write(name, issue_text(5, "2022-02-04", "Fifth letter", next=next_, tags="[a]", status=status))
    before = (folder.root / name).read_text()
    said = run("ready", "--root", folder.root, 5)
    assert said.status == 0
    assert (folder.root / name).read_text() == before.replace("status: draft", "status: ready")
    assert said.out.endswith(
        "Its day has come, so next: was left alone: it records what readers were promised. To write it from today's plan: weekahead ready 5 --restamp\n"
    )
    said = run("ready", "--root", folder.root, 5, "--restamp")
    assert "restamp" not in said.out
    assert "{number: 6, title: Reading a loss curve, date: 2022-02-11}" in stamp(folder, name)
    assert "As it was promised" not in (folder.root / name).read_text()


def test_an_issue_that_came_out_without_a_list_gets_none(folder: Folder, run: Run, noon: None) -> None:
    before = (folder.root / "issues/0005-fifth.md").read_text()
    assert "--restamp" in run("ready", "--root", folder.root, 5).out
    assert (folder.root / "issues/0005-fifth.md").read_text() == before
    run("ready", "--root", folder.root, 5, "--restamp")
    assert "number: 6" in stamp(folder, "issues/0005-fifth.md")


def test_a_list_follows_the_plan_until_the_issue_is_out(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, noon: None
) -> None:
    draft(folder, "Words.")
    assert run("ready", "--root", folder.root, 6).status == 0
    folder.replace("schedule.yaml", "Small models", "Large models")
    assert "--restamp" not in run("ready", "--root", folder.root, 6).out
    assert "Large models" in stamp(folder, "issues/0006-x.md")
    folder.replace("schedule.yaml", "Large models", "No models")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1644433200 + 3 * 86400))
    assert "--restamp" in run("ready", "--root", folder.root, 6).out
    assert "Large models" in stamp(folder, "issues/0006-x.md")


def test_a_late_draft_is_stamped_when_it_is_marked_ready(folder: Folder, run: Run, noon: None) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", status="draft"))
    assert "--restamp" not in run("ready", "--root", folder.root, 5).out
    assert "Reading a loss curve" in stamp(folder, "issues/0005-fifth.md")


def test_comments_around_a_list_that_is_written_anew_stay(folder: Folder, run: Run, noon: None) -> None:
    next_ = "[\n  {number: 7, title: x},\n]\n\n# What it is about.\ntags: [a]\n# The end."
    draft(folder, "Words.", next=next_)
    assert run("ready", "--root", folder.root, 6).status == 0
    after = (folder.root / "issues/0006-x.md").read_text()
    assert "status: ready\n\n# What it is about.\ntags: [a]\n# The end.\nnext:\n  - {number: 7, title: Small" in after


@pytest.mark.parametrize(
    "other",
    [
        issue_text(7, "", "No day").replace("number: 7\ndate: \n", ""),
        issue_text(999_999, "", "After the end").replace("date: \n", ""),
        issue_text(999_999, "", "After the end", status="draft").replace("date: \n", ""),
        issue_text(5, "2022-02-05", "A twin"),
    ],
    ids=[
        "neither number nor date",
        "a number beyond the calendar",
        "a draft of such a number",
        "a number that is taken",
    ],
)
@pytest.mark.parametrize(("command", "now"), [("ready", "review"), ("unpublish", "ready")])
def test_an_issue_can_change_beside_one_that_has_no_day(
    folder: Folder, run: Run, noon: None, other: str, command: str, now: str
) -> None:
    path = folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status=now))
    folder.write("issues/other.md", other)
    said = run("--root", folder.root, command, 6)
    assert said.status == (0 if command == "ready" else said.status)
    assert "Traceback" not in said.err
    assert f"status: {'ready' if command == 'ready' else 'draft'}\n" in path.read_text()


@pytest.mark.parametrize("command", ["ready", "unpublish", "email"])
def test_an_issue_without_a_day_is_refused_at_its_line(folder: Folder, run: Run, noon: None, command: str) -> None:
    text = issue_text(999_999, "", "After the end").replace("date: \n", "")
    path = folder.write("issues/0006-x.md", text)
    said = run("--root", folder.root, command, 999_999)
    assert said.status == 1
    assert (
        "issues/0006-x.md:2: error: number 999999 is outside the calendar (years 1 to 9999) [no-such-day]" in said.err
    )
    assert path.read_text() == text
