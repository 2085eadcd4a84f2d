"""Small letters for the tests: written from a few words, built and read as a reader would."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import struct
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

from weekahead.build.check import check
from weekahead.build.pipeline import BuildOptions, BuildResult, build
from weekahead.build.schedule_report import Checked
from weekahead.build.site_plan import SitePlan, plan_site, site_key
from weekahead.build.snapshot import take_snapshot
from weekahead.build.traces import TraceLog
from weekahead.commands.main import main
from weekahead.runtime.code_version import open_store
from weekahead.source.loader import load_letter

# `make laws` asks for many more examples of everything that Hypothesis tries.
EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
settings.register_profile(
    "quick",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CI" in os.environ,  # a commit that passed here passes there; whoever works on it tries something new
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("quick")

THOROUGH = "THOROUGH" in os.environ
Case = TypeVar("Case")


def some(cases: Sequence[Case], every: int) -> Sequence[Case]:
    """Return each `every`-th of some cases that are much alike; all of them in `make thorough`."""
    return cases if THOROUGH else cases[::every]


NOON = "2022-02-09T12:00:00-07:00"
NOON_EPOCH = "1644433200"


@pytest.fixture(scope="session", autouse=True)
def same_everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give every test, and every process it starts, the same environment, whoever runs it, where and when."""
    home = tmp_path_factory.mktemp("home")
    (home / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")  # git may not guess a name
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("GIT_", "LC_", "XDG_")) or name in ("EMAIL", "LANGUAGE", "COLUMNS", "VISUAL", "EDITOR"):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv(
            "GIT_CEILING_DIRECTORIES", str(tmp_path_factory.getbasetemp())
        )  # git finds no repository around it
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("TZ", "UTC")
        patch.setenv("SOURCE_DATE_EPOCH", NOON_EPOCH)
        time.tzset()
        for wait in ("fsync", "sync"):  # no test cuts the power; with many tests at once the disk takes most of a build
            patch.setattr(os, wait, lambda *descriptor: None)
        before = signal.getsignal(signal.SIGINT)
        if before == signal.SIG_IGN:  # a shell started the tests in the background
            signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)
    time.tzset()


LETTER = """\
title: The Test Letter
tagline: A letter for tests.
url: https://letter.example/
author: {name: Test Author, email: author@letter.example}
subscribe_url: https://lists.example/letter
signoff: Enjoy the week ahead.
id: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11
"""

SCHEDULE = """\
cadence: {every: friday, at: "09:00", timezone: America/Denver}
horizon: 5
anchor: {number: 1, date: 2022-01-07}
upcoming:
  - {number: 6, title: Reading a loss curve, state: review}
  - {number: 7, title: Small models, state: drafting}
  - {number: 8, title: What a benchmark hides, state: planning}
  - {number: 9, title: Paying for data, state: planning}
  - {number: 10, title: Ten letters in, state: planning}
  - {number: 11, title: Agents and errands, state: planning}
backlog: [Swarm robotics]
"""


def issue_text(number: int, date: str, title: str, body: str = "", **keys: str) -> str:
    """An issue's file; further keys are written as they are."""
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    status = "" if "status" in keys else "status: ready\n"
    return f"---\nnumber: {number}\ntitle: {title}\ndate: {date}\n{status}{more}---\n\n{body or f'Words of issue {number}.'}\n"


def sound(seconds: int) -> bytes:
    """A recording of silence."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(100)
        file.writeframes(b"\x80" * 100 * seconds)
    return data.getvalue()


def visible_text(html: str) -> str:
    """All text of some HTML except scripts and styles, in no particular layout."""
    from selectolax.lexbor import LexborHTMLParser

    from weekahead.markdown.kinds import adapt

    tree = LexborHTMLParser(html, is_fragment=True)
    tree.strip_tags(["script", "style"])
    adapt(tree, "text")
    return tree.root.text(separator=" ") if tree.root else ""


def png(wide: int, high: int) -> bytes:
    """The beginning of a picture."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", wide, high)


def replaced(name: str, old: str, new: str) -> Callable[[Folder], object]:
    """An edit of a file."""
    return lambda folder: folder.replace(name, old, new)


@dataclass
class Folder:
    """A letter's folder."""

    root: Path

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def build(self, as_of: str | None = NOON, **wanted: object) -> BuildResult:
        """Build in this process, so that what it compiles is there for the next build; `jobs` asks for workers."""
        return build(BuildOptions(root=self.root, as_of=as_of, **{"jobs": 1, **wanted}))  # type: ignore[arg-type]

    @contextmanager
    def plan(self, as_of: str = NOON, **options: bool) -> Iterator[tuple[SitePlan, TraceLog]]:
        """Plan the site, and what is remembered of how the last build made it; nothing is written."""
        with open_store(self.root, keep=False) as store:
            loaded = load_letter(self.root, store)
            snapshot = take_snapshot(loaded, store.version, as_of=as_of, **options)  # type: ignore[arg-type]
            plan = plan_site(snapshot, store, jobs=1)
            yield plan, TraceLog(store, site_key(snapshot), plan.site.context)

    def check(self, as_of: str = NOON) -> Checked:
        return check(self.root, as_of)

    def rules(self, as_of: str = NOON) -> list[tuple[str, int, str]]:
        """File, line and rule of every finding."""
        return [(found.where.file, found.where.line, found.rule) for found in self.check(as_of).findings]

    def read(self, name: str) -> str:
        return (self.root / "site" / name).read_text("utf-8")

    def numbers(self, as_of: str = NOON) -> list[int]:
        """The numbers on the archive page, newest first."""
        self.build(as_of)
        return [
            int(number) for number in re.findall(r"Week (\d+)", self.read("archive/index.html").partition("<main")[2])
        ]

    def newest(self, as_of: str = NOON) -> str:
        """When the newest issue came out, as next.json has it."""
        self.build(as_of)
        return str(json.loads(self.read("next.json"))["newest"]["at"])

    def site(self) -> dict[str, bytes]:
        folder = self.root / "site"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill_in(root: Path) -> None:
    """Put an author's own words in place of what `init` leaves to fill in."""
    letter = Folder(root)
    letter.replace("letter.yaml", "Title of your letter", "Letters from the harbour")
    letter.replace("letter.yaml", "{name: Your Name, email: you@your-letter.example}", "{name: Ida Holm}")
    letter.replace("letter.yaml", "\nurl: https://your-letter.example/", "\nurl: https://letter.example/")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A letter of five published issues, the first three a series."""
    return five_issues(tmp_path / "letter")


def five_issues(root: Path) -> Folder:
    made = Folder(root)
    made.write("letter.yaml", LETTER)
    made.write("schedule.yaml", SCHEDULE)
    days = ["2022-01-07", "2022-01-14", "2022-01-21", "2022-01-28", "2022-02-04"]
    for number, (day, word) in enumerate(zip(days, ["First", "Second", "Third", "Fourth", "Fifth"], strict=True), 1):
        keys = {"series": f"{{name: Basics, part: {number}, of: 3}}"} if number <= 3 else {}
        text = issue_text(number, day, f"{word} letter", tags="[models, data]", **keys)
        made.write(f"issues/{number:04}-{word.lower()}.md", text)
    return made


@dataclass
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.out)  # type: ignore[no-any-return]


# -- a browser


def needs(thing: bool, what: str) -> None:
    """Skip where a tool is missing; in CI nothing may skip."""
    if not thing:
        assert not os.environ.get("CI"), f"{what} is missing in CI"
        pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; each page of `browser.new_page()` has a context of its own."""
    chromium = shutil.which("chromium")
    needs(chromium is not None, "chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # of a test that fails; one that passes does not wait
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield found
        found.close()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command line as the console script would."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Rewrite tests/golden and the transcripts from what is made now."
    )
