"""Commands as people and machines use them: what they print, and how they end."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import NOON, SCHEDULE, Folder, Said, issue_text

from weekahead.commands.main import run_and_exit

Run = Callable[..., Said]
REPOSITORY = Path(__file__).parents[2]

SEED_LETTER = "title: A Seed\nurl: https://letter.example\nid: urn:uuid:7d0c2f7e-0b0f-4b39-8f3e-2f6f1a8f8e87\n"
SEED_SCHEDULE = """\
cadence:
  every: friday
  at: "09:00"
  timezone: America/Denver
horizon: 5
anchor: {number: 87, date: 2022-09-23}
upcoming:
""" + "".join(
    f"  - {{number: {n}, title: Title {n}, state: {'review' if n < 90 else 'planning'}}}\n" for n in range(88, 96)
)


@pytest.fixture
def seed(tmp_path: Path) -> Folder:
    """A letter with the schedule of the real one: week 87 out, 88 to 95 planned."""
    made = Folder(tmp_path / "seed")
    made.write("letter.yaml", SEED_LETTER)
    made.write("schedule.yaml", SEED_SCHEDULE)
    made.write("issues/0087-mlops.md", issue_text(87, "2022-09-23", "MLOps"))
    return made


def test_check_as_json_is_the_contract(seed: Folder, run: Run) -> None:
    said = run("--root", seed.root, "check", "--as-of", "2022-09-23T12:00:00-06:00", "--format", "json")
    assert said.status == 0
    found = said.json
    assert found["as_of"] == "2022-09-23T12:00:00-06:00"
    assert found["promise"] == {
        "horizon_weeks": 5,
        "kept": True,
        "weeks_planned": 8,
        "last_planned": {"number": 95, "date": "2022-11-18"},
        "first_gap": {"number": 96, "date": "2022-11-25"},
        "breaks": "2022-10-21T09:00:00-06:00",
        "buffer": 0,
    }
    slots = found["slots"]
    assert isinstance(slots, list)
    assert slots[0] == {
        "number": 88,
        "date": "2022-09-30",
        "at": "2022-09-30T09:00:00-06:00",
        "title": "Title 88",
        "state": "review",
    }
    assert slots[-1] == {
        "number": 96,
        "date": "2022-11-25",
        "at": "2022-11-25T09:00:00-07:00",
        "title": None,
        "state": None,
    }
    assert found["findings"] == []


@pytest.mark.parametrize(
    ("as_of", "status", "kept"),
    [("2022-10-21T08:59:59-06:00", 0, True), ("2022-10-21T09:00:00-06:00", 1, False), ("2022-12-01", 1, False)],
)
def test_a_broken_promise_fails_the_check(seed: Folder, run: Run, as_of: str, status: int, kept: bool) -> None:
    said = run("check", "--root", seed.root, "--as-of", as_of, "--format", "json")
    assert said.status == status
    assert said.json["promise"]["kept"] is kept  # type: ignore[index]


def test_a_broken_promise_is_said_in_words(seed: Folder, run: Run) -> None:
    said = run("check", "--root", seed.root, "--as-of", "2022-10-21T09:00:00-06:00")
    assert "The promise of 5 is broken. Plan number 96 to fix it." in said.out


def test_findings_are_lines_with_hints(folder: Folder, run: Run) -> None:
    folder.write("issues/0006-x.md", issue_text(1, "2022-02-11", "Twice"))
    said = run("build", "--root", folder.root, "--as-of", NOON)
    assert said.status == 1
    assert (
        "issues/0006-x.md:2: error: number 1 is already taken by issues/0001-first.md:2 [number-taken]\n    The next number"
        in said.err
    )
    assert "Traceback" not in said.err


def test_github_annotations(folder: Folder, run: Run) -> None:
    folder.write("issues/0006-x.md", issue_text(1, "2022-02-11", "Twice"))
    said = run("check", "--root", folder.root, "--as-of", NOON, "--format", "github")
    assert said.out.splitlines()[0].startswith(
        "::error file=issues/0006-x.md,line=2,col=9,title=number-taken::number 1 is already taken"
    )
    assert said.status == 1


def test_a_check_looks_at_drafts_too(folder: Folder, run: Run) -> None:
    folder.write(
        "issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", "[x](nowhere.png)", status="draft")
    )
    said = run("check", "--root", folder.root, "--as-of", NOON, "--format", "json")
    assert [(f["rule"], f["severity"]) for f in said.json["findings"]] == [("dead-link", "warning")]  # type: ignore[attr-defined]
    assert said.status == 0


def test_explain_says_why_of_every_file_and_every_issue_withheld(folder: Folder, run: Run) -> None:
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="review"))
    said = run("build", "--root", folder.root, "--as-of", NOON, "--explain")
    assert "write   index.html: it is new" in said.out
    assert "hidden  issues/0006-x.md: its status is review" in said.out


def test_the_plan_is_a_table(seed: Folder, run: Run) -> None:
    said = run("plan", "--root", seed.root, "--as-of", "2022-09-23T12:00:00-06:00")
    lines = said.out.splitlines()
    assert lines[1].split() == ["2022-09-30", "88", "review", "7", "Title", "88"]
    assert "(empty)" in lines[9]
    assert all(len(line) <= 100 for line in lines[:10])


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--as-of", "soon"],
        ["build", "--base-url", "x"],
        ["nonsense"],
        ["build", "--root", "/nowhere/at/all"],
        ["check", "--format", "xml"],
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).status == 2


LETTER_COMMANDS = [
    *(["build"], ["check"], ["plan"], ["plan", "add", "A"], ["serve"], ["new"], ["ready", "3"], ["unpublish", "3"]),
    *(["deploy"], ["theme", "copy", "issue.html"], ["schema", "--write"]),
]


@pytest.mark.parametrize("command", LETTER_COMMANDS, ids=" ".join)
def test_a_folder_without_a_letter_is_said_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*command)
    assert said.status == 2
    assert said.err == "Error: no letter here or above; cd into yours, or run weekahead init NAME\n"
    assert not [*tmp_path.iterdir()]
    assert f'no letter in "{tmp_path}"' in run("--root", tmp_path, *command).err


def test_half_a_letter_is_a_letter(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.root / "schedule.yaml").unlink()
    monkeypatch.chdir(folder.root / "issues")
    said = run("check")
    assert said.status == 1
    assert "schedule.yaml: error: schedule.yaml not found [file-missing]" in said.err


NO_TIME = "is not a date or time; write 2022-09-23 or 2022-09-23T12:00:00-06:00"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["plan", "add", ""], "a title is needed"),
        (["plan", "add", " \t"], "a title is needed"),
        (["new", "--title", " "], "a title is needed"),
        (["plan", "swap", "6", "60"], "number 60 is not planned in schedule.yaml"),
        (["plan", "skip", "25.12.2026"], '"25.12.2026" is not a date such as 2022-09-23. Write 2026-12-25.'),
        (["plan", "skip", "2022-02-30"], '"2022-02-30" is not a day that exists. February 2022 has 28 days.'),
        (["check", "--as-of", ""], f'"" {NO_TIME}'),
        (["check", "--as-of", "9999-12-31"], '"9999-12-31" is not from the years 1900 to 9980'),
        (["plan", "--as-of", "soon", "fill"], f'"soon" {NO_TIME}'),
        (["check", "--as-of", "12/25/2026"], '"12/25/2026" is not a date or time; write 2026-12-25'),
        (
            ["build", "--base-url", "x"],
            '--base-url must be a full address such as https://letter.example/, but it is "x"',
        ),
    ],
)
def test_what_makes_no_sense_is_said_without_the_usage(
    folder: Folder, run: Run, command: list[str], words: str
) -> None:
    before = (folder.root / "schedule.yaml").read_bytes()
    said = run("--root", folder.root, *command)
    assert (said.status, said.err) == (2, f"Error: {words}\n")
    assert (folder.root / "schedule.yaml").read_bytes() == before


@pytest.mark.parametrize("command", ["plan add A", "plan fill", "plan drop 6", "theme list", "completion bash"])
def test_every_command_takes_the_root(folder: Folder, run: Run, tmp_path: Path, command: str) -> None:
    said = run(*command.split(), "--root", folder.root)
    assert said.status == 0, said.err
    folder.write("schedule.yaml", SCHEDULE)
    assert run("--root", folder.root, *command.split()).out == said.out


def test_a_new_letter_takes_the_root(run: Run, tmp_path: Path) -> None:
    assert run("init", "--root", tmp_path / "one").status == 0
    assert run("init", "--root", tmp_path, "two").status == 0
    assert [(tmp_path / name / "letter.yaml").is_file() for name in ("one", "two")] == [True, True]
    assert "Missing argument 'DIR'" in run("init").err


@pytest.mark.parametrize(
    "command",
    [
        ["email", "5", "--format", "html", "--output"],
        ["subscribers", "export"],
        ["export", "ghost"],
        ["import", "x", "--report"],
        ["build", "--base-url"],
    ],
)
def test_a_place_to_write_to_has_a_name(folder: Folder, run: Run, command: list[str]) -> None:
    said = run("--root", folder.root, *command, "")
    assert said.status == 2
    assert not said.out


@pytest.mark.parametrize("where", [["--root", "{}"], ["--root={}"]])
def test_with_no_command_it_builds(folder: Folder, run: Run, where: list[str]) -> None:
    said = run(*(each.format(folder.root) for each in where), "--dry-run")
    assert " files would be written" in said.out, said.err
    assert run("--root").err.endswith("Option '--root' requires an argument.\n")


def test_an_unknown_command_gets_the_nearest_one(run: Run) -> None:
    assert 'there is no command "bild". Did you mean "build"?' in run("bild").err


@pytest.mark.parametrize("group", [[], ["plan"], ["theme"]])
def test_no_summary_of_a_command_is_cut_off(run: Run, monkeypatch: pytest.MonkeyPatch, group: list[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = run(*group, "--help")
    assert "\nCommands:\n" in said.out
    assert "..." not in said.out.partition("\nCommands:\n")[2]


def test_source_date_epoch_is_the_instant(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    assert run("check", "--root", folder.root, "--format", "json").json["as_of"] == "2022-02-09T11:00:00-07:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert run("check", "--root", folder.root).err == (
        'Error: SOURCE_DATE_EPOCH "yesterday" is not a date or time; write whole seconds since 1970\n'
    )


@pytest.mark.parametrize("day", ["2022-02-09", "20220209", "2022-W06-3"])
def test_a_bare_date_is_its_end(folder: Folder, run: Run, day: str) -> None:
    said = run("check", "--root", folder.root, "--format", "json", "--as-of", day)
    assert said.json["as_of"] == "2022-02-09T23:59:59-07:00"


def test_a_fault_of_ours_is_70(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from weekahead.build import pipeline

    monkeypatch.setattr(pipeline, "build", lambda wanted: 1 / 0)
    said = run("build", "--root", folder.root)
    assert said.status == 70
    assert "ZeroDivisionError" in said.err


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "{% extends 'base.html' %}\n{% block content %}\n{% fro x in y %}\n{% endblock %}",
            "templates/issue.html:3: error: Encountered unknown tag 'fro'",
        ),
        (
            "{% extends 'base.html' %}\n{% block content %}\n\n{{ isue.title }}{% endblock %}",
            "templates/issue.html:4: error: this template failed: 'isue' is undefined [template]\n    Did you mean \"issue\"?",
        ),
        ("{% extends 'nobase.html' %}", 'templates/issue.html:1: error: there is no template "nobase.html"'),
        ("{{ ''.__class__.__mro__ }}", "templates/issue.html:1: error"),
    ],
)
def test_a_templates_fault_names_its_line(folder: Folder, run: Run, template: str, message: str) -> None:
    folder.write("templates/issue.html", template)
    said = run("build", "--root", folder.root, "--as-of", NOON)
    assert said.status == 1
    assert message in said.err
    assert not (folder.root / "site/index.html").exists()


def test_the_door_is_the_command(folder: Folder) -> None:
    done = subprocess.run(
        [sys.executable, REPOSITORY / "build.py", "check", "--as-of", NOON, "--format", "json"],
        cwd=folder.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["promise"]["kept"] is True
    assert done.returncode == 0


def test_the_door_alone_builds(folder: Folder) -> None:
    done = subprocess.run(
        [sys.executable, REPOSITORY / "build.py"],
        cwd=folder.root / "issues",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder.root / "site/index.html").exists()


DOOR = """
import atexit, sys
from weekahead.commands import main as cli
atexit.register(print, "what takes its time")
def main(arguments):
    print("the last words", end="")
    sys.exit(3)
cli.main = main
cli.run_and_exit([])
"""


def from_a_shell(stdout: int) -> subprocess.CompletedProcess[str]:
    held = {**os.environ, "PYTHONUNBUFFERED": ""}
    return subprocess.run([sys.executable, "-c", DOOR], stdout=stdout, stderr=subprocess.PIPE, text=True, env=held)


def test_a_process_says_all_and_leaves_with_the_status_of_its_command_at_once() -> None:
    done = from_a_shell(subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (3, "the last words", "")


def test_a_process_leaves_with_the_status_of_its_command_when_nobody_listens() -> None:
    read, write = os.pipe()
    os.close(read)
    done = from_a_shell(write)
    os.close(write)
    assert (done.returncode, done.stderr) == (3, "")


def test_the_preview_alone_looks_for_what_it_leaves(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("weekahead.serve.server.serve", lambda *arguments, **named: seen.append(gc.isenabled()))
    monkeypatch.setattr("weekahead.commands.main.main", lambda arguments: seen.append(gc.isenabled()))
    run_and_exit([])
    gc.disable()
    run("serve", "--root", folder.root)
    assert seen == [False, True]


def test_check_and_plan_import_no_engine(folder: Folder) -> None:
    """Once the cache is warm, neither pays for Markdown, Jinja, lxml or feedgen."""
    folder.check()
    for command in (["check"], ["plan"], ["--help"]):
        code = f"import sys\nfrom weekahead.commands.main import main\ntry: main({['--root', str(folder.root), *command]!r})\nexcept SystemExit: pass\nprint(sorted({{'markdown', 'jinja2', 'lxml', 'feedgen', 'selectolax', 'yaml', 'frontmatter', 'icalendar'}} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]", command


def test_a_build_by_several_copies_gives_the_same_site(folder: Folder, run: Run) -> None:
    for number in range(11, 70):
        folder.write(
            f"issues/{number:04}-more.md", issue_text(number, "2022-01-28", f"More {number}", slug=f"m-{number}")
        )
    sites = []
    for jobs in (1, 3):
        assert run("build", "--root", folder.root, "--as-of", NOON, "--clean", "--jobs", jobs).status == 0
        sites.append(folder.site())
    assert sites[0] == sites[1]


def test_a_fault_in_one_of_many_pages_is_a_finding_whoever_makes_it(folder: Folder, run: Run) -> None:
    for number in range(11, 70):
        folder.write(
            f"issues/{number:04}-more.md", issue_text(number, "2022-01-28", f"More {number}", slug=f"m-{number}")
        )
    folder.write(
        "templates/issue.html", "{% extends 'weekahead/issue.html' %}\n{% block text %}{{ isue.body }}{% endblock %}"
    )
    said = run("build", "--root", folder.root, "--as-of", NOON, "--jobs", 2)
    assert said.status == 1
    assert "templates/issue.html:2: error: this template failed: 'isue' is undefined [template]" in said.err
    assert 'Did you mean "issue"?' in said.err


@pytest.mark.parametrize("words", [["email", "5", "--output"], ["export", "ghost"], ["subscribers", "export"]])
def test_a_pipe_is_not_replaced_by_a_file(folder: Folder, run: Run, tmp_path: Path, words: list[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = run("--root", folder.root, *words, pipe)
    assert said.status == 2
    assert f"'{pipe}' is a device or a pipe, not a file." in said.err
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "name", ["letter.yaml", "schedule.yaml", "issues/0001-new.eml", "site/feed.xml", ".weekahead/x", "LINK"]
)
@pytest.mark.parametrize("words", [["email", "5", "--output"], ["export", "ghost"], ["import", "PLACE", "--report"]])
def test_what_is_written_never_replaces_a_file_of_the_letter(
    folder: Folder, run: Run, tmp_path: Path, words: list[str], name: str
) -> None:
    target = tmp_path / "link" / "letter.yaml" if name == "LINK" else folder.root / name
    (tmp_path / "link").symlink_to(folder.root)
    before = target.read_bytes() if target.is_file() else None
    said = run("--root", folder.root, *(str(tmp_path) if word == "PLACE" else word for word in words), target)
    assert said.status in {1, 2}
    assert "letter" in said.err
    assert (target.read_bytes() if target.is_file() else None) == before


@pytest.mark.parametrize("words", [["check", "--published"], ["subscribers", "export"], ["email", "5", "--output"]])
def test_a_loop_of_links_is_told_and_no_traceback(
    folder: Folder, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", "k" * 40)
    folder.replace("letter.yaml", "title:", "mail: {from: a@letter.example, subscribers: ../readers.db}\ntitle:")
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    said = run("--root", folder.root, *words, loop)
    assert said.status in {0, 1, 2}
    assert "bug in weekahead" not in said.err
