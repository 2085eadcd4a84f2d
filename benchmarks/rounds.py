"""Build every letter with every builder, again and again: rounds outermost, builders in turn within each step.

A machine has slow minutes. What is compared was therefore measured close together: within a round, each step is done by
all builders before the next step begins, and each round begins with another builder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.clock import __file__ as clock
from benchmarks.figures import STEPS, Run
from benchmarks.letter import Issue, Letter
from benchmarks.peers import WORK, Peer, environment, lay_down, put_aside
from benchmarks.proof import EDITED, prove

PAUSE = 2.1
"""Seconds between the last change of a file and a build: an author's files have lain for longer than a clock's grain."""


def home(letter: Letter, peer: Peer) -> Path:
    return WORK / "letters" / letter.name / peer.name


def lay_out(letters: list[Letter], builders: list[Peer], say: Callable[[str], None]) -> None:
    """Write every letter for every builder."""
    for letter in letters:
        say(f"writing the letter of {letter.count} issues ({letter.name})")
        for peer in (peer for peer in builders if letter.count <= peer.longest):
            lay_down(peer, letter, home(letter, peer))


def one_round(number: int, letters: list[Letter], builders: list[Peer], say: Callable[[str], None]) -> Iterator[Run]:
    """Every step of every letter by every builder."""
    turn = number % len(builders)
    for letter in letters:
        for step in STEPS:
            for peer in builders[turn:] + builders[:turn]:
                if letter.count > peer.longest or (step == "clone" and not peer.carried):
                    continue  # it keeps nothing that a clone could carry: its clone is its cold build
                run = one_build(number, letter, peer, step)
                cost = f"{run.wall:.2f} s, {run.cpu:.2f} s CPU, {run.largest >> 10} MiB"
                say(f"round {number}, {letter.name}, {step}: {peer.name} {cost}")
                yield run


def one_build(number: int, letter: Letter, peer: Peer, step: str) -> Run:
    """Prepare a step, build, and see that it was built."""
    folder, count, edited = home(letter, peer), letter.count, ""
    newest = letter.issue(count)
    match step:
        case "cold":
            as_new(peer, letter, folder)
        case "one edit":
            edited = f"{EDITED} {number}"
            put(peer, folder, newest, f"\n\n{edited}.\n")
        case "one added":
            count += 1
            put(peer, folder, letter.issue(count))
        case "clone":
            count += 1
            folder = cloned(peer, folder)
    time.sleep(PAUSE)
    os.sync()  # what others wrote is not to be waited for by this one
    wall, cpu, largest, together = timed(peer, folder, environment(letter, count))
    prove(folder / peer.site, list(letter.issues(count)), edited)
    return Run(
        round=number,
        letter=letter.name,
        issues=letter.count,
        peer=peer.name,
        step=step,
        wall=wall,
        cpu=cpu,
        largest=largest,
        together=together,
    )


def put(peer: Peer, folder: Path, issue: Issue, more: str = "") -> None:
    peer.file(folder, issue).write_text(peer.write(issue) + more, "utf-8")


def as_new(peer: Peer, letter: Letter, folder: Path) -> None:
    """Undo the edit and the addition, and forget every build."""
    peer.file(folder, letter.issue(letter.count + 1)).unlink(missing_ok=True)
    put(peer, folder, letter.issue(letter.count))
    forget(folder, (peer.site, *peer.leftovers))


def forget(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        put_aside(folder / name)


def cloned(peer: Peer, folder: Path) -> Path:
    """The sources at another path with other times, and with them only the cache that a clone may carry."""
    clone = folder.with_name(f"{peer.name}-clone")
    put_aside(clone)
    left = {peer.site, *peer.leftovers}
    shutil.copytree(
        folder,
        clone,
        copy_function=shutil.copyfile,
        ignore=lambda place, names: left & set(names) if Path(place) == folder else (),
    )
    for pattern in peer.carried:
        for path in folder.glob(pattern):
            carry(path, clone / path.relative_to(folder))
    return clone


def carry(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, to, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(path, to)


def timed(peer: Peer, folder: Path, environment: dict[str, str]) -> tuple[float, float, int, int]:
    """Wall and CPU seconds, peak memory of the largest process and of all, of one build."""
    costs, log = folder.parent / f"{peer.name}.costs", folder.parent / f"{peer.name}.log"
    costs.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-I", "-S", clock, costs, log, *peer.command], cwd=folder, env=environment, check=True
    )
    status, wall, cpu, largest, together = costs.read_text().split()
    if status != "0":
        said = log.read_text("utf-8", errors="replace")
        raise SystemExit(f"{peer.name} ended with status {status} in {folder}:\n{said[-3000:]}")
    return float(wall), float(cpu), int(largest), int(together)
