"""`make bench-mail`: a thousand letters to one mail server on this machine, by weekahead, by Postfix and by a bare loop.

Every way sends the same messages to the same smtp-sink, in turn, with other ways first in each round.
"""

from __future__ import annotations

import argparse
import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.mail.postfix import answers, free_port, running_postfix, wait

from benchmarks.peers import ROOT
from benchmarks.report import table
from weekahead.build.edition import make_edition
from weekahead.build.mailing import prepare, read_mailed
from weekahead.build.readers import open_readers
from weekahead.mail.subscribers import ReaderState
from weekahead.source.git import git

AS_OF = "1795435200"
"""Seconds since 1970: 23 November 2026, the day of `make site`."""
ISSUE = "8"
KEYS = "mail: {from: Nora <nora@letter.example>, subscribers: ../readers.db, per_minute: 100000, late: 20 weeks}\n"
SMTP_SINK = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")


@dataclass(frozen=True, slots=True)
class Letters:
    """A letter with its readers, and the messages that they are to get, by address."""

    root: Path
    messages: dict[str, bytes]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail", description=__doc__.splitlines()[0])
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    os.environ.update(WEEKAHEAD_TOKEN_KEY="a key of the benchmark, long enough", SOURCE_DATE_EPOCH=AS_OF)
    with tempfile.TemporaryDirectory(prefix="weekahead-mail-") as folder, sink() as server:
        letters = made_letters(Path(folder), server, wanted.letters)
        seconds = measured(letters, server, wanted.rounds)
        print(report(seconds, wanted.letters))
        cpu, wall = edition_seconds(letters.root)
        print(f"\nThe edition of one issue, warm: {1000 * cpu:.0f} ms of processor time, {1000 * wall:.0f} ms in all.")


# -- what is sent, and where to


@contextmanager
def sink() -> Iterator[int]:
    """Run a mail server that takes everything and keeps nothing; yield its port."""
    if SMTP_SINK is None:
        raise SystemExit("smtp-sink is missing: it comes with Postfix.")
    port = free_port()
    user = ["-u", "postfix"] if os.geteuid() == 0 else []
    process = subprocess.Popen([SMTP_SINK, *user, f"127.0.0.1:{port}", "100"])
    try:
        wait(lambda: answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def made_letters(folder: Path, server: int, count: int) -> Letters:
    """Copy our own letter, with its host for git beside it, and give it readers."""
    root = folder / "letter"
    root.mkdir()
    for name in ("issues", "pages", "letter.yaml", "schedule.yaml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    with (root / "letter.yaml").open("a", encoding="utf-8") as file:
        file.write(KEYS)
    git(folder, "init", "--quiet", "--bare", "host.git")
    git(root, "init", "--quiet")
    git(root, "remote", "add", "origin", "../host.git")
    with open_readers(root, os.environ) as readers, readers.saved():
        for number in range(count):
            readers.add(f"reader{number:04}@x.example", ReaderState.ACTIVE, "import")
    os.environ["WEEKAHEAD_SMTP"] = f"smtp://127.0.0.1:{server}?tls=none"
    mailed = read_mailed(root)
    ready = prepare(mailed, mailed.issue(ISSUE))
    return Letters(root, {each.address: ready.message(each) for each in ready.recipients.values()})


# -- the ways to send them; each returns the seconds it took


def by_weekahead(letters: Letters, server: int) -> float:
    """Run the whole command, with both books: the claim is pushed to a host, each letter is in the journal before it leaves."""
    options = ["--yes", "--offline", "--quiet", "--root", str(letters.root)]
    command = [sys.executable, "-m", "weekahead", "send", ISSUE, *options]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - begun
    shutil.rmtree(letters.root / ".weekahead/sent")  # so that it can be sent again
    git(letters.root, "push", "--quiet", "origin", ":weekahead-sent")
    return seconds


def by_a_bare_loop(letters: Letters, server: int) -> float:
    """Send over one connection of smtplib, without any book."""
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", server) as connection:
        for address, message in letters.messages.items():
            connection.sendmail("nora@letter.example", [address], message)
    return time.perf_counter() - begun


def by_postfix(letters: Letters, server: int) -> float:
    """Run `sendmail` for each letter, with one recipient, and wait until Postfix has handed over the last."""
    with running_postfix(f"default_transport = smtp:[127.0.0.1]:{server}\n") as (_, folder):
        program = shutil.which("sendmail", path=f"{os.environ['PATH']}:/usr/sbin") or "sendmail"
        command = [program, "-C", str(folder / "etc"), "-i", "-f", "nora@letter.example"]
        begun = time.perf_counter()
        for address, message in letters.messages.items():
            subprocess.run([*command, address], input=message.replace(b"\r\n", b"\n"), check=True)
        wait(lambda: not any(is_waiting(folder / "queue")), 600)
        seconds = time.perf_counter() - begun
        sent = (folder / "log").read_text().count("status=sent")
        assert sent == len(letters.messages), f"Postfix sent {sent}"
        return seconds


def is_waiting(queue: Path) -> Iterator[Path]:
    """Yield the letters in the queue of a Postfix."""
    for name in ("maildrop", "incoming", "active", "deferred"):
        yield from (path for path in (queue / name).rglob("*") if path.is_file())


WAYS: dict[str, Callable[[Letters, int], float]] = {
    "weekahead send": by_weekahead,
    "Postfix's sendmail": by_postfix,
    "a bare smtplib loop": by_a_bare_loop,
}


def measured(letters: Letters, server: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each way in each round."""
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds):
        names = [*WAYS]
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            found[name].append(WAYS[name](letters, server))
            print(f"round {number + 1}: {name}: {found[name][-1]:.2f} s", file=sys.stderr, flush=True)
    return found


def report(found: dict[str, list[float]], count: int) -> str:
    """Return a table; a ratio is the median of those within a round."""
    ours = found["weekahead send"]
    rows = [
        [
            name,
            f"{count / median(seconds):.0f}",
            f"{1000 * median(seconds) / count:.2f}",
            f"{median(one / other for one, other in zip(ours, seconds, strict=True)):.2f}",
        ]
        for name, seconds in found.items()
    ]
    return table(["", "letters a second", "ms a letter", "weekahead takes, times as long"], rows)


def edition_seconds(root: Path) -> tuple[float, float]:
    """Return how long it takes to make the edition of an issue whose text is converted already: CPU and wall."""
    make_edition(root, ISSUE)
    cpu, wall = [], []
    for _ in range(15):
        begun = time.process_time(), time.perf_counter()
        make_edition(root, ISSUE)
        cpu.append(time.process_time() - begun[0])
        wall.append(time.perf_counter() - begun[1])
    return median(cpu), median(wall)


if __name__ == "__main__":
    main()
