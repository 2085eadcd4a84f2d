"""From a finished draft to a public site: ready, commit, push, and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from tests.conftest import THOROUGH, Folder, Said, fill_in, issue_text
from tests.mail.readers import KEY, Readers
from tests.mail.smtp_server import SmtpServer

from weekahead import __version__
from weekahead.lint.ci_schedule import run_times

Run = Callable[..., Said]
REPOSITORY = Path(__file__).parents[2]
AROUND = REPOSITORY / "src/weekahead/build/init_files"
WORKFLOW = (AROUND / "github/workflows/letter.yml").read_text()
MONDAY = 1795435200  # 2026-11-23T12:00:00Z; the ninth letter is due on the Friday


class Host:
    """A bare repository that stands for GitHub, and runs the workflow that it finds in what was pushed."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "host.git"
        self.public = folder / "public"
        self.cache = folder / "cache"
        self.folder = folder
        self.runs = 0
        self.send_mail = ""
        """The variable SEND_MAIL of the repository."""
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", self.repository], check=True)
        commands = folder / "bin"
        commands.mkdir()
        for name, line in (
            ("weekahead", f'exec {sys.executable} -m weekahead.commands.main "$@"'),
            ("pip", f'[ "$*" = "install -r requirements.txt" ] && grep -qx weekahead=={__version__} requirements.txt'),
        ):
            (commands / name).write_text(f"#!/bin/sh\n{line}\n")
            (commands / name).chmod(0o755)

    def workflow(self) -> dict[Any, Any]:
        text = subprocess.run(
            ["git", "-C", self.repository, "show", "main:.github/workflows/letter.yml"], capture_output=True, check=True
        )
        return yaml.safe_load(text.stdout)  # type: ignore[no-any-return]

    def event(self, name: str, at: datetime, schedule: str = "") -> dict[str, int]:
        """Run the jobs that an event starts, at an instant; the exit status of each."""
        done = {}
        for job, told in self.workflow()["jobs"].items():
            condition = told.get("if", "True").replace("||", " or ").replace("&&", " and ")
            condition = condition.replace("github.event.schedule", repr(schedule))
            condition = condition.replace("vars.SEND_MAIL", repr(self.send_mail))
            if eval(condition.replace("github.event_name", repr(name))):
                done[job] = self._job(told, at)
        return done

    def clock(self, begin: datetime, end: datetime) -> Iterator[dict[str, int]]:
        """Run the scheduled jobs of some time, in order."""
        schedule = self.workflow()[True]["schedule"]
        runs = [(at, each["cron"]) for each in schedule for at in run_times(each["cron"], each["timezone"], begin, end)]
        for at, line in sorted(runs):
            yield self.event("schedule", at, line)

    def _job(self, told: dict[str, Any], at: datetime) -> int:
        self.runs += 1
        work, artifact = self.folder / f"work{self.runs}", self.folder / f"artifact{self.runs}"
        around = os.environ | {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
            "SOURCE_DATE_EPOCH": str(int(at.timestamp())),
            "CI": "true",
        }
        carried = None
        for step in told["steps"]:
            if "run" in step:
                done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=work, env=around, capture_output=True)
                if done.returncode:
                    return done.returncode
                continue
            action, given = step["uses"].split("@")[0], step.get("with", {})
            if action == "actions/checkout":
                address = f"file://{self.repository}"
                subprocess.run(["git", "clone", "--quiet", "--depth=1", address, work], check=True)
            elif action == "actions/cache":
                carried = work / given["path"]
                if self.cache.exists():
                    shutil.copytree(self.cache, carried)
            elif action == "actions/upload-pages-artifact":
                shutil.copytree(work / given["path"], artifact, ignore=shutil.ignore_patterns(".*"))
            elif action == "actions/deploy-pages":
                shutil.rmtree(self.public, ignore_errors=True)
                artifact.rename(self.public)
            else:
                assert action == "actions/setup-python", step
        if carried:
            shutil.rmtree(self.cache, ignore_errors=True)
            shutil.copytree(carried, self.cache)
        return 0


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MONDAY))
    return Host(tmp_path)


def test_ready_commit_push_and_the_scheduled_build_publishes(tmp_path: Path, run: Run, host: Host) -> None:
    letter = tmp_path / "letter"
    run("init", letter)
    fill_in(letter)

    def git(*arguments: str) -> None:
        person = ["-c", "user.name=Ida", "-c", "user.email=ida@letter.example"]
        subprocess.run(["git", *person, *arguments], cwd=letter, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch=main")
    git("remote", "add", "origin", str(host.repository))
    git("add", ".")
    git("commit", "--quiet", "-m", "A letter")
    git("push", "--quiet", "origin", "main")
    today = datetime.fromtimestamp(MONDAY, UTC)
    assert host.event("push", today) == {"publish": 0, "check": 0}
    (page,) = (path for path in (host.public / "issues").iterdir() if path.name.startswith("8-"))
    assert not [path for path in (host.public / "issues").iterdir() if path.name.startswith("9-")]

    # What the author does.
    assert run("ready", "--root", letter, 9).status == 0
    git("commit", "--quiet", "-am", "Nine is ready")
    git("push", "--quiet", "origin", "main")

    # What happens by itself.
    assert host.event("push", today) == {"publish": 0, "check": 0}
    due = datetime.fromisoformat(json.loads((host.public / "next.json").read_text())["next"]["at"])
    assert all(done == {"publish": 0} for done in host.clock(due - timedelta(hours=12), due))
    assert not [path for path in (host.public / "issues").iterdir() if path.name.startswith("9-")]
    assert [*host.clock(due, due + timedelta(hours=1))] == [{"publish": 0}]
    (page,) = (path for path in (host.public / "issues").iterdir() if path.name.startswith("9-"))
    assert "but whose?" in (page / "index.html").read_text()
    assert "but whose?" in (host.public / "feed.xml").read_text()
    assert f"issues/{page.name}/" in (host.public / "index.html").read_text()
    assert (host.cache / "cache.db").exists()


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_a_broken_promise_turns_the_check_red_and_keeps_nothing_back(tmp_path: Path, run: Run, host: Host) -> None:
    letter = Folder(tmp_path / "letter")
    run("init", letter.root)
    fill_in(letter.root)
    schedule = (letter.root / "schedule.yaml").read_text()
    letter.write("schedule.yaml", re.sub(r"(?m)^  - \{number: .*state: planning.*\n", "", schedule))
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "."],
        ["-c", "user.name=I", "-c", "user.email=i@letter.example", "commit", "--quiet", "-m", "x"],
        ["push", "--quiet", str(host.repository), "main"],
    ):
        subprocess.run(["git", "-C", letter.root, *arguments], check=True, capture_output=True)
    later = datetime.fromtimestamp(MONDAY, UTC) + timedelta(weeks=8)
    assert host.event("push", later) == {"publish": 0, "check": 1}
    assert host.event("pull_request", later) == {"check": 1}
    assert (host.public / "index.html").exists()


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_the_workflow_mails_an_issue_once(
    tmp_path: Path, run: Run, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run is on a fresh machine: the branch weekahead-sent alone says what was sent."""
    letter = Folder(tmp_path / "letter")
    run("init", letter.root)
    fill_in(letter.root)
    handler = partial(QuietHandler, directory=str(host.public))
    readers = Readers(tmp_path / "readers.db")
    readers.add("ann", "ann@x.example")
    readers.close()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as web, SmtpServer() as server:
        Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("WEEKAHEAD_SMTP", server.url)
        monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)
        text = re.sub(
            "(?m)^url: .*$",
            f"url: http://127.0.0.1:{web.server_address[1]}/",
            letter.root.joinpath("letter.yaml").read_text(),
        )
        mail = f"mail: {{from: Ida <ida@x.example>, subscribers: {tmp_path}/readers.db, late: 4 days}}\n"
        letter.write("letter.yaml", text + mail)
        for arguments in (
            ["init", "--quiet", "--initial-branch=main"],
            ["add", "."],
            ["-c", "user.name=I", "-c", "user.email=i@letter.example", "commit", "--quiet", "-m", "x"],
            ["push", "--quiet", str(host.repository), "main"],
        ):
            subprocess.run(["git", "-C", letter.root, *arguments], check=True, capture_output=True)
        today = datetime.fromtimestamp(MONDAY, UTC)
        host.send_mail = "yes"
        for _ in range(2):  # a run, and the same run again
            assert host.event("push", today) == {"publish": 0, "check": 0, "send": 0}
        assert server.texts == {"ann@x.example": 1}
        assert b"Subject: A year on one sheet" in server.delivered[0][1]
        web.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        pass


def test_the_workflow_pins_its_actions_and_asks_for_no_more_than_it_needs() -> None:
    used = re.findall(r"uses: (.*)", WORKFLOW)
    assert len(used) == 9
    assert [one for one in used if not re.match(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    found = yaml.safe_load(WORKFLOW)
    assert found["permissions"] == {"contents": "read"}
    assert found["jobs"]["publish"]["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert "permissions" not in found["jobs"]["check"]
    assert found["jobs"]["send"]["permissions"] == {"contents": "write"}
    assert found["jobs"]["send"]["needs"] == "publish"


# -- is there a build when something is due?


@pytest.mark.parametrize(
    ("cron", "zone", "times"),
    [
        ("3 9 * * 5", "UTC", ["2026-11-06T09:03", "2026-11-13T09:03"]),
        ("3 9 * * FRI", "America/Denver", ["2026-11-06T16:03", "2026-11-13T16:03"]),
        ("5/20 6-7 8 NOV *", "UTC", [f"2026-11-08T{hour}:{minute}" for hour in ("06", "07") for minute in ("05", "25", "45")]),
        ("0 0 1 * 1", "UTC", ["2026-11-01T00:00", "2026-11-02T00:00", "2026-11-09T00:00"]),  # POSIX: the first, or a Monday
        ("0 0 * * 7", "UTC", ["2026-11-01T00:00", "2026-11-08T00:00"]),
        ("30 1 1 * *", "America/Denver", ["2026-11-01T07:30"]),  # the first of two
        ("0 0 31 2 *", "UTC", []),
    ],
)  # fmt: skip
def test_run_times_of_a_scheduled_workflow(cron: str, zone: str, times: list[str]) -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    found = run_times(cron, zone, begin, begin + timedelta(days=13))
    assert [f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}" for at in found] == times


def test_a_time_that_a_clock_change_skips_runs_right_after_it() -> None:
    begin = datetime(2026, 3, 8, tzinfo=UTC)
    (at,) = run_times("30 2 8 3 *", "America/Denver", begin, begin + timedelta(days=1))
    assert at.isoformat() == "2026-03-08T03:00:00-06:00"


@pytest.mark.parametrize(
    ("cron", "zone"),
    [
        ("", "UTC"), ("* * * *", "UTC"), ("60 * * * *", "UTC"), ("x * * * *", "UTC"), ("*/0 * * * *", "UTC"), ("* * * * *", "Mars"),
        ("0 0 9 * * *", "UTC"), ("0 9 L * *", "UTC"), ("0 9 LW * *", "UTC"), ("0 9 * * 5L", "UTC"), ("0 9 * * 5#2", "UTC"),
    ],
)  # fmt: skip
def test_a_cron_line_that_github_refuses_never_runs(cron: str, zone: str) -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    assert not [*run_times(cron, zone, begin, begin + timedelta(days=40))]


def late(folder: Folder, schedule: str) -> list[str]:
    text = f"on:\n  schedule:\n{schedule}jobs:\n  x:\n    steps:\n      - run: weekahead build\n"
    folder.write(".github/workflows/mine.yaml", text)
    return [str(found) for found in folder.check().findings if found.rule == "late-build"]


def test_a_schedule_that_misses_the_cadence_is_a_warning_that_says_what_to_write(folder: Folder) -> None:
    (found,) = late(folder, '    - cron: "3 9 * * 5"\n')
    assert found == (
        ".github/workflows/mine.yaml:3: warning: no scheduled build runs within an hour after Friday 2022-02-11 09:00 "
        "(America/Denver), when an issue comes out [late-build]\n"
        '    Add under schedule: - cron: "3 9 * * *" and below it timezone: America/Denver.'
    )
    assert not late(folder, '    - cron: "3 9 * * *"\n      timezone: America/Denver\n')
    assert not late(folder, "    - cron: 3 15,16 * * 5  # UTC\n")
    assert late(folder, "")


def test_summer_time_and_days_of_their_own_are_looked_at(folder: Folder) -> None:
    (found,) = late(folder, '    - cron: "3 16 * * 5"\n')
    assert "Friday 2022-03-18" in found
    folder.write("issues/2022-02-10-special.md", "---\ntitle: Special\ndate: 2022-02-10\n---\n\nx\n")
    (found,) = late(folder, '    - cron: "3 9 * * 5"\n      timezone: America/Denver\n')
    assert "Thursday 2022-02-10" in found


def test_a_letter_that_is_published_otherwise_is_left_in_peace(folder: Folder) -> None:
    folder.write(".github/workflows/tests.yml", "on: push\njobs:\n  x:\n    steps:\n      - run: pytest\n")
    assert not [found for found in folder.check().findings if found.rule == "late-build"]
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    assert folder.check().is_fine


# -- what docs/publishing.md says of a server

DOCS = (REPOSITORY / "docs/publishing.md").read_text()


def block(kind: str, place: int = 0) -> str:
    blocks: list[str] = re.findall(rf"(?ms)^```{kind}\n(.*?)^```$", DOCS)
    return blocks[place]


def test_the_crontab_publishes_what_is_due(folder: Folder, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line runs as it stands, with a folder of the test in the place of /srv and /var."""
    letter = folder.root
    folder.write("letter.yaml", (letter / "letter.yaml").read_text() + "deploy: {folder: /var/www/letter}\n")
    folder.write("letter.yaml", (letter / "letter.yaml").read_text().replace("/var/www", str(host.folder)))
    folder.write(".gitignore", "/site/\n/.weekahead/\n")
    folder.write("issues/0006-x.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    person = ["-c", "user.name=I", "-c", "user.email=i@letter.example"]
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "."],
        [*person, "commit", "--quiet", "-m", "x"],
        ["push", "--quiet", str(host.repository), "main"],
    ):
        subprocess.run(["git", "-C", letter, *arguments], check=True)
    clone = host.folder / "clone"
    subprocess.run(["git", "clone", "--quiet", host.repository, clone], check=True)
    text = (clone / "letter.yaml").read_text()
    assert "deploy:" in text
    line = next(words.split(maxsplit=5)[5] for words in block("crontab").splitlines() if " build " in words)
    line = line.replace("/srv/letter", str(clone)).replace("/srv/weekahead/bin", f"{host.folder}/bin")
    published = host.folder / "letter"
    published.rename(host.folder / "author")
    for at, out in ((1644595199, False), (1644595200, True)):  # a second before nine o'clock, and nine o'clock
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(at))
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (published / "issues/6-x/index.html").exists() is out


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    names = []
    for place in (0, 1):
        text = block("ini", place)
        name = text.split("\n")[0].rpartition("/")[2]
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text).replace("User=letter", "User=root")
        (tmp_path / name).write_text(text.replace("/srv/letter", "/tmp"))
        names.append(tmp_path / name)
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    when = re.search(r"(?m)^OnCalendar=(.*)$", DOCS)
    assert when
    assert "09:00:05" in subprocess.check_output(["systemd-analyze", "calendar", when[1]], text=True)
