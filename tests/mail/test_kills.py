"""`weekahead send` killed at every step of handing letters to a hostile mail server, and run twice at once.

Lists of readers, each with a letter that the server takes, refuses, puts off, drops or loses. Nobody gets it twice by
itself, nobody is lost, a kill leaves at most one letter in doubt, and the status is true of everybody.
`make kills KILLS=1000` tries more.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import asdict
from tests.conftest import LETTER, Folder, five_issues
from tests.mail.readers import KEY, Readers
from tests.mail.smtp_server import SmtpServer

from weekahead.build.edition import make_edition
from weekahead.build.mailing import addresses, load_status, read_mailed
from weekahead.commands.main import main

KILLS = int(os.environ.get("KILLS", "3"))
READERS = int(os.environ.get("READERS_OF_MAIL", "15"))
PAIRS = int(os.environ.get("PAIRS", "1"))
SECONDS = 60
KINDS = (
    *("ok",) * 16,
    *["refuse", "later", "laterdata", "laterend", "bad", "lost", "cut", "nonsense", "slow", "busy", "gone", "nodata"],
)
DOUBTFUL = ("lost", "cut", "nonsense")
"""What becomes of these letters nobody can tell, without any kill."""
SEND = ("send", "5", "--yes", "--offline")


class Child:
    """A `weekahead` in a process of its own."""

    def __init__(self, root: Path, url: str, *arguments: str) -> None:
        self.said = root.parent / f"said{time.monotonic_ns()}"
        self.pid = os.fork()
        if not self.pid:
            self._run(root, url, arguments)

    def _run(self, root: Path, url: str, arguments: tuple[str, ...]) -> None:
        status = 70
        try:
            descriptor = os.open(self.said, os.O_WRONLY | os.O_CREAT)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            signal.alarm(SECONDS)
            os.environ["WEEKAHEAD_SMTP"] = url
            main([*arguments, "--root", str(root)])
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def end(self) -> int:
        """Wait, and return the exit status, or less than 0 after a signal."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    @property
    def words(self) -> str:
        return self.said.read_text("utf-8", "replace")


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import what sends before the first child is forked, which is several times as fast then."""
    make_edition(letter(tmp_path_factory.mktemp("warm") / "letter", []).root, "5")
    importlib.import_module("weekahead.mail.smtp")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that is put off, or a host that fails, is tried again at once."""
    monkeypatch.setattr("weekahead.mail.sending.AGAIN", (0.05,) * 4)
    monkeypatch.setattr("weekahead.mail.sending.PAUSES", (0.01,) * 7)
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)


def letter(root: Path, readers: list[str]) -> Folder:
    """A letter whose fifth issue is out and to be mailed."""
    folder = five_issues(root)
    keys = "{from: Ida <ida@letter.example>, subscribers: ../readers.db, per_minute: 100000, late: 2 weeks}"
    folder.write("letter.yaml", f"{LETTER}mail: {keys}\n")
    if not (root.parent / "readers.db").exists():
        subscribers = Readers(root.parent / "readers.db")
        for number, address in enumerate(readers):
            subscribers.add(f"id{number:03}", address)
        subscribers.close()
    return folder


def statuses(root: Path, server: SmtpServer) -> dict[str, str]:
    """What `--status` says of everybody, once it is sure that it is true and adds up."""
    mailed = read_mailed(root)
    found, _ = load_status(mailed, mailed.issue("5"))
    counts = asdict(found.counts)
    assert counts["intended"] == sum(counts.values()) - counts["intended"]
    names = addresses(mailed)
    states = {names[id]: str(state) for id, state in found.letters}
    texts = server.texts
    for address, state in states.items():
        least, most = {"accepted": (1, 1), "in_doubt": (0, 1)}.get(state, (0, 0))
        assert least <= texts[address] <= most, (address, state, texts[address])
    assert all(count == 1 for count in texts.values())
    assert texts.keys() <= states.keys()
    return states


def doubts(states: dict[str, str]) -> int:
    """How many are in doubt because of a kill."""
    return sum(state == "in_doubt" and not address.startswith(DOUBTFUL) for address, state in states.items())


def status_of_the_command(root: Path, server: SmtpServer) -> dict[str, str]:
    child = Child(root, server.url, "send", "5", "--status", "--format", "json")
    assert child.end() == 0, child.words
    return {each["to"]: each["state"] for each in json.loads(child.words)["letters"]}


def run_to_the_end(root: Path, server: SmtpServer) -> dict[str, str]:
    """Send until nobody waits."""
    for _ in range(9):
        child = Child(root, server.url, *SEND)
        assert child.end() in (0, 1), child.words
        states = statuses(root, server)
        if "waiting" not in states.values():
            return states
    raise AssertionError("somebody waits for ever")


def kill_at(child: Child, server: SmtpServer, step: int, delay: float) -> bool:
    """Kill a child at some step of its talk with the server; return whether it was killed, and had not ended before."""
    steps = 0

    def event() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            time.sleep(delay)
            os.kill(child.pid, signal.SIGKILL)

    server.event = event
    try:
        return child.end() == -signal.SIGKILL
    finally:
        server.event = lambda: None


def kill_after(child: Child, seconds: float) -> bool:
    """Kill a child some time after its start: while it reads, claims, sends or closes the books; return as `kill_at` does."""
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    return child.end() == -signal.SIGKILL


def test_kills(tmp_path: Path) -> None:
    kills, seed = 0, int(os.environ.get("SEED", "0")) or random.randrange(10**6)
    choice = random.Random(seed)
    print("SEED", seed)
    for number in range(KILLS + 3):
        readers = [f"{choice.choice(KINDS)}-{n}@x.example" for n in range(READERS)]
        folder = letter(tmp_path / f"{number}/letter", readers)
        with SmtpServer() as server:
            kills += kill_some(folder.root, server, choice)
            states = statuses(folder.root, server)
            assert states == status_of_the_command(folder.root, server)
            assert sorted(states) == sorted(readers), seed
            taken = {reader for reader, state in states.items() if state in ("accepted", "in_doubt")}
            assert {*readers} - taken <= {each for each in readers if each.startswith(("refuse-", "bad-"))}, seed
        if kills >= KILLS:
            break
    print("KILLS", kills)
    assert kills >= KILLS


def kill_some(root: Path, server: SmtpServer, choice: random.Random) -> int:
    """Kill some runs, and let others end until nobody waits; return how many were killed while they ran."""
    killed = 0
    for _ in range(choice.randint(2, 8)):
        child = Child(root, server.url, *SEND)
        if choice.random() < 0.25:
            killed += kill_after(child, choice.uniform(0, 0.5))
        else:
            killed += kill_at(child, server, choice.randint(1, 2 * READERS), choice.choice([0, 0, 0.001, 0.004]))
        assert doubts(statuses(root, server)) <= killed
    assert doubts(run_to_the_end(root, server)) <= killed
    return killed


def test_two_at_once_on_one_machine(tmp_path: Path) -> None:
    for number in range(PAIRS):
        readers = [f"slow-{n}@x.example" for n in range(10)]
        folder = letter(tmp_path / f"{number}/letter", readers)
        with SmtpServer() as server:
            pair = [Child(folder.root, server.url, *SEND) for _ in range(2)]
            ends = sorted(child.end() for child in pair)
            assert ends in ([0, 0], [0, 1]), [child.words for child in pair]
            assert set(statuses(folder.root, server).values()) == {"accepted"}


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-C", str(folder), "-c", "user.name=Ida", "-c", "user.email=ida@x.example", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_two_at_once_from_two_clones(tmp_path: Path) -> None:
    for number in range(PAIRS):
        room = tmp_path / str(number)
        readers = [f"slow-{n}@x.example" for n in range(10)]
        folder = letter(room / "one", readers)
        git(room, "init", "--quiet", "--bare", "host.git")
        git(folder.root, "init", "--quiet")
        git(folder.root, "add", ".")
        git(folder.root, "commit", "--quiet", "-m", "A letter")
        git(folder.root, "remote", "add", "origin", "../host.git")
        git(folder.root, "push", "--quiet", "origin", "HEAD:main")
        git(room, "clone", "--quiet", "--branch", "main", "host.git", "two")
        with SmtpServer() as server:
            pair = [Child(room / name, server.url, *SEND) for name in ("one", "two")]
            ends = sorted(child.end() for child in pair)
            assert ends in ([0, 0], [0, 1]), [child.words for child in pair]
            assert server.texts == dict.fromkeys(readers, 1)
            for name in ("one", "two"):
                child = Child(room / name, server.url, *SEND)
                assert child.end() == 0
                assert "has been sent: 10 accepted" in child.words
            assert server.texts == dict.fromkeys(readers, 1)


def test_a_second_machine_after_a_kill_stops_and_says_how_to_go_on(tmp_path: Path) -> None:
    readers = [f"ok-{n}@x.example" for n in range(5)]
    folder = letter(tmp_path / "one", readers)
    git(tmp_path, "init", "--quiet", "--bare", "host.git")
    git(folder.root, "init", "--quiet")
    git(folder.root, "remote", "add", "origin", "../host.git")
    with SmtpServer() as server:
        child = Child(folder.root, server.url, *SEND)
        assert kill_at(child, server, 7, 0)
        before = server.texts
        other = letter(tmp_path / "two", readers)
        git(other.root, "init", "--quiet")
        git(other.root, "remote", "add", "origin", "../host.git")
        child = Child(other.root, server.url, *SEND)
        assert child.end() == 1
        assert "whose journal is not on this machine [mail-in-doubt]" in child.words
        assert "--go-on" in child.words
        assert server.texts == before
        assert "waiting" not in run_to_the_end(folder.root, server).values()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_between_two_letters(tmp_path: Path, number: signal.Signals) -> None:
    readers = [f"slow-{n}@x.example" for n in range(8)]
    folder = letter(tmp_path / "letter", readers)
    with SmtpServer() as server:
        child = Child(folder.root, server.url, *SEND)
        while len(server.texts) < 3:
            time.sleep(0.01)
        os.kill(child.pid, number)
        assert child.end() == 128 + number
        assert "To go on: weekahead send 5 --yes" in child.words
        states = statuses(folder.root, server)
        assert "in_doubt" not in states.values()
        assert "waiting" in states.values()
        assert set(run_to_the_end(folder.root, server).values()) == {"accepted"}
