"""`make bench`: build the same letters with every builder in turn, and print what it cost."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import Figures, load, save
from benchmarks.letter import Letter, made_letter
from benchmarks.peers import ASIDE, HERE, LONGEST, ROOT, Peer, peers
from benchmarks.picture import picture
from benchmarks.real import real_letter
from benchmarks.report import BASE, digest, report, written_into
from benchmarks.rounds import lay_out, one_round
from benchmarks.shapes import doublings

RESULTS = HERE / "results"
PICTURE = "docs/pictures/speed.svg"


def main() -> None:
    wanted = arguments()
    figures = load(wanted.figures) if wanted.show or wanted.publish else run(wanted)
    print(report(figures))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "report.md").write_text(report(figures), "utf-8")
    (RESULTS / "growth.svg").write_text(picture(figures), "utf-8")
    if wanted.publish:
        publish(figures)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="100 1000 2000 10000", help="lengths of made letters")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default="hugo pelican eleventy", help="each up to a length, if given: pelican:1000")
    parser.add_argument("--real", type=Path, help="a folder of Markdown issues with front matter")
    parser.add_argument("--no-shapes", action="store_true", help="leave out single documents doubled")
    parser.add_argument("--figures", type=Path, default=RESULTS / "figures.json", help="where the figures are kept")
    parser.add_argument("--show", action="store_true", help="print kept figures, and run nothing")
    parser.add_argument("--publish", action="store_true", help="write kept figures into the README, and run nothing")
    return parser.parse_args()


def run(wanted: argparse.Namespace) -> Figures:
    """Measure. The figures are kept after every round, so that an interrupted run is not lost."""
    builders = installed(wanted.peers.split())
    letters: list[Letter] = [made_letter(int(size)) for size in sorted(set(wanted.sizes.split()), key=int)]
    letters += [real_letter(wanted.real)] if wanted.real else []
    figures = Figures(about=about(builders))
    begun = time.monotonic()

    def say(words: str) -> None:
        print(f"[{time.monotonic() - begun:6.0f} s] {words}", file=sys.stderr, flush=True)

    lay_out(letters, builders, say)
    for number in range(1, wanted.rounds + 1):
        figures.runs.extend([*one_round(number, letters, builders, say)])
        save(figures, wanted.figures)
    shutil.rmtree(ASIDE, ignore_errors=True)
    if not wanted.no_shapes:
        say("single documents doubled")
        figures.doublings.extend(doublings(wanted.rounds))
    save(figures, wanted.figures)
    return figures


def installed(names: list[str]) -> list[Peer]:
    """Us, and those of the named builders that are installed. A builder asked for and absent is told of."""
    known = peers()
    most = {name: int(most or LONGEST) for name, _, most in (each.partition(":") for each in names)}
    if unknown := set(most) - set(known):
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    found = [replace(known[name], longest=most.get(name, LONGEST)) for name in dict.fromkeys(["weekahead", *most])]
    for peer in found:
        if not peer.program.is_file():
            print(f"{peer.name} is not installed and is left out", file=sys.stderr)
    found = [peer for peer in found if peer.program.is_file()]
    if BASE not in {peer.name for peer in found}:
        print(f"without {BASE} there are no ratios to it", file=sys.stderr)
    return found


def about(builders: list[Peer]) -> dict[str, str]:
    """The machine, and who was measured."""
    machine = {
        "cores:": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        platform.system(): platform.machine(),
        "Python": platform.python_version(),
    }
    return machine | {peer.name: version(peer) for peer in builders}


def version(peer: Peer) -> str:
    program = [*peer.command[:2]] if peer.command[0] == "node" else [peer.command[0]]
    asked = [*program, "version" if peer.name == "hugo" else "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"


def publish(figures: Figures) -> None:
    """Put the table into the README and the picture beside it."""
    (ROOT / PICTURE).write_text(picture(figures), "utf-8")
    readme = ROOT / "README.md"
    readme.write_text(written_into(readme.read_text("utf-8"), digest(figures, PICTURE)), "utf-8")


if __name__ == "__main__":
    main()
