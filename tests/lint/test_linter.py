"""The linter on whole letters: rules across issues and files, waivers, severities and fixes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import NOON, Folder, Said, issue_text

from weekahead.build.check import check, linter_of
from weekahead.build.fix import fix
from weekahead.lint.rules import RULES
from weekahead.runtime.code_version import open_store
from weekahead.source.config_file import waivable
from weekahead.source.loader import load_letter

REPOSITORY = Path(__file__).parents[2]
Run = Callable[..., Said]

ITEM = "- [Words about it](https://example.com/2022/a-page)"


def lint_findings(folder: Folder) -> list[tuple[str, int, str]]:
    return [each for each in folder.rules() if each[2] in RULES]


def fifth(folder: Folder, body: str, **keys: str) -> str:
    name = "issues/0005-fifth.md"
    folder.write(name, issue_text(5, "2022-02-04", "Fifth letter", body, **keys))
    return name


def fourth(folder: Folder, body: str) -> None:
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth letter", body))


# -- three mistakes of a real letter

SEED = """\
This lecture is going to be in two parts.

## Papers

Alla, S. (2021). What is it? Apress, Berkeley. https://arxiv.example/pdf/2103.08942.pdf[Zugriffam09.09.2021

## Insights

Let's look at the first technology in Table 1 which happens to be the largest.

## Links and thoughts

“Everyone knows what it is. Few know how it really works.”

## Top 5 Tweets of the week
"""


def test_a_glued_link_a_missing_table_and_an_empty_section_are_found(folder: Folder) -> None:
    name = fifth(folder, SEED)
    assert lint_findings(folder) == [
        (name, 12, "glued-link"),
        (name, 16, "missing-exhibit"),
        (name, 22, "empty-section"),
    ]
    assert folder.build().issues == 5


def test_the_sample_letter_has_only_a_note_about_its_draft() -> None:
    checked = check(REPOSITORY, "2026-11-24")
    found = [each for each in checked.findings if each.rule in RULES]
    assert [(each.where.file, each.rule, str(each.severity)) for each in found] == [
        ("issues/0010-reading-it-aloud.md", "section-count", "note")
    ]


# -- issues compared

SOURCES = [f"{ITEM}", f"## Links\n\n{ITEM}", "- [x](https://www.example.com/2022/a-page/?utm_campaign=9)"]


@pytest.mark.parametrize(
    ("before", "after"), [(SOURCES[0], SOURCES[0]), (SOURCES[1], SOURCES[1]), (SOURCES[0], SOURCES[2])]
)
def test_a_link_from_an_earlier_issue_is_a_note(folder: Folder, before: str, after: str) -> None:
    fourth(folder, before)
    name = fifth(folder, after)
    found = [each for each in folder.check().findings if each.rule == "link-again"]
    assert [each.where.file for each in found] == [name]
    assert "is already in issues/0004-fourth.md:" in found[0].message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ITEM, "- [Words](https://example.com/2022/another-page)"),
        ("- [a](https://example.com/)", "- [a](https://example.com/)"),
        (f"## Links\n\n{ITEM}", f"## Corrections\n\n{ITEM}"),
        (ITEM, "As I wrote of [it](https://example.com/2022/a-page) before."),
    ],
)
def test_a_link_elsewhere_or_outside_a_list_is_not_a_repetition(folder: Folder, before: str, after: str) -> None:
    fourth(folder, before)
    fifth(folder, after)
    assert "link-again" not in {rule for _, _, rule in lint_findings(folder)}


def test_a_link_in_three_issues_is_not_a_repetition(folder: Folder) -> None:
    for number, word in enumerate(["first", "second", "third"], 1):
        folder.write(f"issues/000{number}-{word}.md", issue_text(number, f"2022-01-{7 * number:02}", word, ITEM))
    assert lint_findings(folder) == []


@pytest.mark.parametrize(
    ("parts", "gaps"), [([1, 2, 4], 1), ([2, 5], 1), ([1, 3, 5], 2), ([1, 2, 3], 0), ([4, 5], 0), ([3], 0)]
)
def test_a_gap_in_a_series_is_found(folder: Folder, parts: list[int], gaps: int) -> None:
    for number, part in enumerate(parts, 1):
        for old in (folder.root / "issues").glob(f"000{number}-*"):
            old.unlink()
        text = issue_text(
            number, f"2022-01-{7 * number:02}", f"Issue {number}", series=f"{{name: Other, part: {part}}}"
        )
        folder.write(f"issues/000{number}-x.md", text)
    assert [rule for _, _, rule in lint_findings(folder) if rule == "series-gap"] == ["series-gap"] * gaps


# -- files


@pytest.mark.parametrize(
    ("body", "size", "is_heavy"),
    [
        ("![A chart](chart.png)", 1_000_001, True),
        ('<img src="chart.png" alt="A chart">', 3_000_000, True),
        ("[![A chart](chart.png)](chart.png)", 2_000_000, True),
        ("![A chart](chart.png)", 1_000_000, False),
        ("[A chart](chart.png)", 2_000_000, False),
        ("![A chart](https://example.com/chart.png)", 2_000_000, False),
    ],
)
def test_a_heavy_picture_is_found(folder: Folder, body: str, size: int, is_heavy: bool) -> None:
    fifth(folder, body)
    folder.write("issues/chart.png", bytes(size))
    assert ("heavy-picture" in {rule for _, _, rule in lint_findings(folder)}) is is_heavy


def test_an_address_with_braces_is_another_programs(folder: Folder) -> None:
    fifth(folder, "Words.\n\n[a]({{site.url}}/a.png)")
    found = [each for each in folder.check().findings if each.where.file == "issues/0005-fifth.md"]
    assert {(each.rule, each.where.line) for each in found} == {("dead-link", 10), ("foreign-mark", 10)}
    assert all("another program" in each.hint or "template language" in each.message for each in found)


def test_a_link_given_twice_names_the_line_of_the_file(folder: Folder) -> None:
    name = fifth(folder, f"Words.\n\n{ITEM}\n{ITEM}")
    lines = (folder.root / name).read_text().splitlines()
    [found] = [each for each in folder.check().findings if each.rule == "duplicate-link"]
    assert lines[found.where.line - 1] == ITEM
    assert found.message.endswith(f"is already in line {found.where.line - 1}")
    fifth(folder, f"Words.\n\n{ITEM}\n{ITEM}", summary="More of it above the text")
    [found] = [each for each in folder.check().findings if each.rule == "duplicate-link"]
    assert found.message.endswith(f"is already in line {found.where.line - 1}")


# -- severities and waivers


def test_unfinished_sections_are_notes_in_drafts_and_warnings_else(folder: Folder) -> None:
    fifth(folder, "Words.\n\n## Links", status="draft")
    assert [str(each.severity) for each in folder.check().findings if each.rule == "empty-section"] == ["note"]
    fifth(folder, "Words.\n\n## Links", status="review")
    assert [str(each.severity) for each in folder.check().findings if each.rule == "empty-section"] == ["warning"]


def test_lint_findings_do_not_fail_check_and_keep_their_severity_in_each_format(folder: Folder, run: Run) -> None:
    fifth(folder, "# A\n\nIt is the the best.\n\n### B\n\nx")
    said = run("check", "--root", folder.root, "--as-of", NOON, "--format", "json")
    assert said.status == 0
    found = said.json["findings"]
    assert isinstance(found, list)
    assert [(each["rule"], each["severity"], each["line"], each["column"]) for each in found] == [
        ("doubled-word", "warning", 10, 11),
        ("heading-skipped", "note", 12, 1),
    ]
    said = run("check", "--root", folder.root, "--as-of", NOON, "--format", "github")
    assert "::notice file=issues/0005-fifth.md,line=12,col=1,title=heading-skipped::" in said.out
    said = run("check", "--root", folder.root, "--as-of", NOON)
    assert "issues/0005-fifth.md:12: note: " in said.err


@pytest.mark.parametrize("rule", RULES)
def test_every_lint_rule_can_be_waived(rule: str) -> None:
    assert rule in waivable()


def test_an_issue_waives_for_itself_and_letter_yaml_for_all(folder: Folder) -> None:
    fourth(folder, "It is the the best.")
    fifth(folder, "It is the the best.", allow="[doubled-word]")
    assert [file for file, _, _ in lint_findings(folder)] == ["issues/0004-fourth.md"]
    letter = (folder.root / "letter.yaml").read_text()
    folder.write("letter.yaml", letter + "allow: [doubled-word]\n")
    assert lint_findings(folder) == []


def test_an_unknown_rule_in_allow_suggests_the_nearest(folder: Folder) -> None:
    fifth(folder, "x", allow="[doubled-words]")
    [found] = [each for each in folder.check().findings if each.is_error]
    assert found.rule == "value"
    assert found.hint == 'Did you mean "doubled-word"?'


def test_an_error_is_never_waived(folder: Folder) -> None:
    fifth(folder, "x", allow="[number-taken]")
    assert [each.rule for each in folder.check().findings if each.is_error] == ["value"]


def test_findings_in_front_matter_and_signoff_have_their_line(folder: Folder) -> None:
    name = fifth(folder, "Words.", research_note="It is the the best.")
    letter = (folder.root / "letter.yaml").read_text()
    folder.write("letter.yaml", letter.replace("signoff: Enjoy", "signoff: Enjoy the the"))
    assert lint_findings(folder) == [(name, 6, "doubled-word"), ("letter.yaml", 6, "doubled-word")]


def test_findings_can_be_limited_to_one_issue(folder: Folder) -> None:
    fourth(folder, "It is the the best.")
    name = fifth(folder, "It is the the best.")
    with open_store(folder.root) as store:
        loaded = load_letter(folder.root, store)
        assert loaded.letter
        found = linter_of(loaded, loaded.letter, store).findings({name})
    assert [each.where.file for each in found] == [name]


def test_ready_shows_the_findings_of_its_issue_and_marks_it(folder: Folder, run: Run) -> None:
    fourth(folder, "It is the the best.")
    name = fifth(folder, "Words.\n\n## Three links\n\n- a\n- b", status="draft")
    said = run("ready", "--root", folder.root, 5)
    assert said.status == 0
    assert f'{name}:10: warning: "Three links" says 3, but the section has 2' in said.err
    assert "the the" not in said.err
    assert "status: ready" in (folder.root / name).read_text()


def test_the_vs_code_task_matches_notes(folder: Folder, run: Run) -> None:
    fifth(folder, "# A\n\nx\n\n### B\n\nx")
    text = (REPOSITORY / "src/weekahead/build/init_files/vscode/tasks.json").read_text()
    pattern = json.loads(re.findall(r'"regexp": (".*"),', text)[0])
    found = [re.match(pattern, line) for line in run("check", "--root", folder.root, "--as-of", NOON).err.splitlines()]
    assert [each[3] for each in found if each] == ["note"]


# -- what is remembered


def test_a_finding_goes_when_fixed_and_stays_when_something_else_changes(folder: Folder) -> None:
    name = fifth(folder, "It is the the best.")
    assert lint_findings(folder) == lint_findings(folder) == [(name, 8, "doubled-word")]
    fourth(folder, "Other words.")
    assert lint_findings(folder) == [(name, 8, "doubled-word")]
    fifth(folder, "It is the best.")
    assert lint_findings(folder) == []


def test_a_second_check_imports_no_heavy_library(folder: Folder) -> None:
    fifth(folder, SEED)
    folder.check()
    code = f"import sys\nfrom weekahead.commands.main import main\ntry: main(['check', '--root', {str(folder.root)!r}, '--as-of', {NOON!r}])\nexcept SystemExit: pass\nprint(sorted({{'markdown', 'jinja2', 'lxml', 'feedgen', 'selectolax', 'yaml', 'frontmatter', 'http.client', 'urllib.request'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "[empty-section]" in done.stderr


def test_a_text_that_takes_too_long_gives_no_lint_findings(folder: Folder) -> None:
    fifth(folder, "[" * 3000 + "`" * 3001 + "**" * 3000 + "<!--" * 500)
    lint_findings(folder)


# -- fixes

MESSY = "It is the the best.\r\n\r\n[a](https://example.com/?utm_source=x&id=3)  \r\nAnd `the the` stays.\r\n"


def test_fix_changes_only_the_words_it_fixes(folder: Folder, run: Run) -> None:
    header = "---\r\nnumber: 5   # five\r\ntitle: Fifth letter\r\ndate: 2022-02-04\r\nstatus: ready\r\n---\r\n\r\n"
    path = folder.write("issues/0005-fifth.md", b"\xef\xbb\xbf" + (header + MESSY).encode())
    path.chmod(0o640)
    said = run("check", "--root", folder.root, "--as-of", NOON, "--fix")
    fixed = MESSY.replace("is the the", "is the").replace("?utm_source=x&id=3", "?id=3")
    assert path.read_bytes() == b"\xef\xbb\xbf" + (header + fixed).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert "issues/0005-fifth.md:8: fixed\n- It is the the best.\n+ It is the best.\n" in said.out
    assert lint_findings(folder) == []
    before = path.stat().st_mtime_ns
    assert "fixed" not in run("check", "--root", folder.root, "--as-of", NOON, "--fix").out
    assert path.stat().st_mtime_ns == before


def test_fix_keeps_mixed_line_ends(folder: Folder) -> None:
    text = issue_text(5, "2022-02-04", "Fifth letter", "One.\r\n\nIt is the the best.\r\nEnd.\n\n").encode()
    path = folder.write("issues/0005-fifth.md", text)
    fix(folder.root)
    assert path.read_bytes() == text.replace(b"the the", b"the")


def test_fix_skips_waived_rules_and_recorded_texts(folder: Folder) -> None:
    name = fifth(folder, "It is the the best.", allow="[doubled-word]")
    assert fix(folder.root) == ()
    fifth(folder, "It is the the best.", audio='{url: "https://example.com/a.mp3", bytes: 1}', recorded="x")
    before = (folder.root / name).read_bytes()
    assert fix(folder.root) == ()
    assert (folder.root / name).read_bytes() == before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fix_may_make_more_lines_or_fewer(folder: Folder, run: Run, end: str) -> None:
    body = 'It is the the best.\n\n!!! note "Tides"\n    Low.\n\nEnd.'
    fifth(folder, body.replace("\n", end))
    said = run("check", "--root", folder.root, "--as-of", NOON, "--fix")
    assert "issues/0005-fifth.md:8: fixed\n- It is the the best.\n+ It is the best.\n" in said.out
    alert = "+ > [!NOTE]\n+ > **Tides**\n+ >\n+ > Low.\n"
    assert f'issues/0005-fifth.md:10: fixed\n- !!! note "Tides"\n-     Low.\n{alert}' in said.out
    assert said.out.count(": fixed") == 2


def test_fix_with_json_reports_changes_on_stderr(folder: Folder, run: Run) -> None:
    fifth(folder, "It is the the best.")
    said = run("check", "--root", folder.root, "--as-of", NOON, "--fix", "--format", "json")
    assert json.loads(said.out)["findings"] == []
    assert "fixed" in said.err


def test_fix_works_beside_a_file_that_cannot_be_read(folder: Folder, run: Run) -> None:
    folder.write("issues/0006-bad.md", "---\nnumber: six\n---\n")
    name = fifth(folder, "It is the the best.")
    assert run("check", "--root", folder.root, "--as-of", NOON, "--fix").status == 1
    assert "the the" not in (folder.root / name).read_text()


# -- rules of the whole letter: three problems and three near misses each, as for those of one text

CASES: dict[str, tuple[list[dict[str, str]], list[dict[str, str]]]] = {
    "dead-link": (
        [
            {"body": "[a](0009-nine.md)"},
            {"body": "## Here\n\nx\n\n[a](#there)"},
            {"body": "![a](a.png)"},
            {"body": "[a](/nowhere/)"},
        ],
        [{"body": "[a](0004-fourth.md)"}, {"body": "## Here\n\nx\n\n[a](#here)"}, {"body": "[a](/archive/)"}],
    ),
    "title-disagrees": (
        [
            {"planned": "Another title"},
            {"planned": "Fifth Letter"},
            {"planned": "Fifth letter, the"},
            {"planned": "Kims fifth", "title": "Kim’s fifth"},
        ],
        [
            {"planned": "Fifth letter"},
            {"planned": " Fifth  letter "},
            {},
            {"planned": "Kim's – fifth", "title": "Kim’s - fifth"},
            {"planned": "“Fifth” … letter", "title": "'\"Fifth\" ... letter'"},
        ],
    ),
    "off-cadence": (
        [{"date": "2022-02-05"}, {"date": "2022-02-11"}, {"date": "2021-02-04"}],
        [
            {"date": "2022-02-04"},
            {"date": "2022-02-05", "more": "slips: {5: 2022-02-05}\n"},
            {"date": "2022-02-05", "own": "2022-02-05"},
        ],
    ),
    "series-order": (
        [
            {"series": "{name: Basics, part: 2}"},
            {"series": "{name: Basics, part: 4}", "date": "2022-01-20", "number": "15"},
            {"series": "{name: Basics, part: 9, of: 9}", "date": "2022-01-08", "more": "slips: {5: 2022-01-08}\n"},
        ],
        [
            {"series": "{name: Basics, part: 3}"},
            {"series": "{name: Basics, part: 9}"},
            {"series": "{name: Other, part: 1}"},
        ],
    ),
    "series-part-taken": (
        [
            {"series": "{name: Basics, part: 3, of: 3}"},
            {"series": "{name: Basics, part: 1}"},
            {"series": "{name: Basics, part: 2, of: 3}"},
        ],
        [{"series": "{name: Other, part: 3}"}, {"series": "{name: Other, part: 1, of: 1}"}, {}],
    ),
    "series-total": (
        [
            {"series": "{name: Basics, part: 4, of: 4}"},
            {"series": "{name: Basics, part: 3, of: 5}"},
            {"series": "{name: Basics, part: 1, of: 2}"},
        ],
        [
            {"series": "{name: Basics, part: 3, of: 3}"},
            {"series": "{name: Other, part: 4, of: 4}"},
            {"series": "{name: Basics, part: 4}"},
        ],
    ),
    "missed-slot": (
        [{"status": "draft"}, {"status": "review"}, {"number": "15", "date": "2022-04-15"}],
        [
            {},
            {"status": "draft", "date": "2022-02-18"},
            {"number": "15", "date": "2022-04-15", "more": "skip: [2022-02-04]\n"},
        ],
    ),
    "recorded-then-edited": (
        [
            {"audio": "{url: 'https://x.example/a.mp3', bytes: 1}", "recorded": "x"},
            {"audio": "{url: 'https://x.example/a.mp3', bytes: 1, duration: '7:28'}", "recorded": "00"},
            {"audio": "{url: 'https://x.example/a.ogg', bytes: 1, type: audio/ogg}", "recorded": "y"},
        ],
        [
            {"audio": "{url: 'https://x.example/a.mp3', bytes: 1}"},
            {
                "audio": "{url: 'https://x.example/a.mp3', bytes: 1}",
                "recorded": "x",
                "corrected": "[{date: 2022-02-05, what: a word}]",
            },
            {"recorded": "x"},
        ],
    ),
}


def rules_of(folder: Folder, case: dict[str, str]) -> set[str]:
    """What is found when the fifth letter, or its line in the plan, is as a case has it."""
    keys = dict(case)
    body, planned, own, more = (keys.pop(key, "") for key in ("body", "planned", "own", "more"))
    number, day, title = int(keys.pop("number", "5")), keys.pop("date", "2022-02-04"), keys.pop("title", "Fifth letter")
    folder.write("issues/0005-fifth.md", issue_text(number, day, title, body, **keys))
    plan = (folder.root / "schedule.yaml").read_text()
    if planned or own:
        date = f", date: {own}" if own else ""
        plan = plan.replace(
            "upcoming:\n", f'upcoming:\n  - {{number: 5, title: "{planned or "Fifth letter"}", state: ready{date}}}\n'
        )
    folder.write("schedule.yaml", plan + more)
    return {rule for _, _, rule in folder.rules()}


@pytest.mark.parametrize(("rule", "place"), [(rule, place) for rule in CASES for place in range(len(CASES[rule][0]))])
def test_a_problem_of_the_letter_is_found(folder: Folder, rule: str, place: int) -> None:
    assert rule in rules_of(folder, CASES[rule][0][place])


@pytest.mark.parametrize(("rule", "place"), [(rule, place) for rule in CASES for place in range(len(CASES[rule][1]))])
def test_what_only_looks_like_a_problem_of_the_letter_is_not_reported(folder: Folder, rule: str, place: int) -> None:
    assert rule not in rules_of(folder, CASES[rule][1][place])


@pytest.mark.parametrize(
    "rule", ["title-disagrees", "off-cadence", "series-order", "series-total", "series-part-taken"]
)
def test_rules_about_what_may_be_intended_can_be_waived(folder: Folder, rule: str) -> None:
    assert rule not in rules_of(folder, {**CASES[rule][0][0], "allow": f"[{rule}]"})
