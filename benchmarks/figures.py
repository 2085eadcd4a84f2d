"""What was measured, and the arithmetic on it: medians, and ratios taken within one round."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

STEPS = ("cold", "no-op", "one edit", "one added", "clone")
"""What is built: everything; nothing new; the newest issue's body; one issue more; a fresh clone with a carried cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One build of one letter by one builder."""

    round: int
    letter: str
    issues: int
    peer: str
    step: str
    wall: float
    cpu: float
    largest: int
    """Peak memory of the largest process, in KiB."""
    together: int
    """Peak memory of all processes at one moment, in KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubling:
    """One text of some shape converted, and one of twice the length. CPU seconds; None when it was refused."""

    round: int
    shape: str
    once: float | None
    twice: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a run of the benchmark found."""

    about: dict[str, str] = field(default_factory=dict)
    """Machine, versions."""
    runs: list[Run] = field(default_factory=list)
    doublings: list[Doubling] = field(default_factory=list)

    @property
    def letters(self) -> list[str]:
        """The letters built: made ones by length, then the real one."""
        sizes = {run.letter: run.issues for run in self.runs}
        return sorted(sizes, key=lambda letter: (letter == "real", sizes[letter]))

    @property
    def made(self) -> list[str]:
        return [letter for letter in self.letters if letter != "real"]

    @property
    def peers(self) -> list[str]:
        """The builders, ours first."""
        return sorted({run.peer for run in self.runs}, key=lambda peer: (peer != "weekahead", peer))

    @property
    def rounds(self) -> int:
        return len({run.round for run in self.runs})

    def issues(self, letter: str) -> int:
        return next(run.issues for run in self.runs if run.letter == letter)

    def series(self, what: str, letter: str, peer: str, step: str) -> dict[int, float]:
        """One figure ("cpu", "wall", "largest", "together") of each round."""
        return {
            run.round: float(getattr(run, what))
            for run in self.runs
            if (run.letter, run.peer, run.step) == (letter, peer, step)
        }

    def typical(self, what: str, letter: str, peer: str, step: str) -> float | None:
        """The median over the rounds."""
        return middle(self.series(what, letter, peer, step).values())


def middle(values: Iterable[float]) -> float | None:
    """The median, of any at all."""
    known = list(values)
    return median(known) if known else None


def paired(above: dict[int, float], below: dict[int, float]) -> float | None:
    """The median of the ratios of figures of the same round; a machine that was slow in a round was so for both."""
    return middle(above[number] / below[number] for number in sorted(above.keys() & below.keys()) if below[number] > 0)


def growth(doublings: Iterable[Doubling]) -> dict[str, float | None]:
    """By shape, how many times the time twice the text takes; None when it was refused."""
    ratios: dict[str, list[float | None]] = {}
    for each in doublings:
        refused = each.once is None or each.twice is None
        ratios.setdefault(each.shape, []).append(None if refused else (each.twice or 0) / (each.once or 1))
    return {shape: None if None in found else middle(filter(None, found)) for shape, found in ratios.items()}


def save(figures: Figures, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(figures), indent=1) + "\n", "utf-8")


def load(path: Path) -> Figures:
    found = json.loads(path.read_text("utf-8"))
    return Figures(
        about=found["about"],
        runs=[Run(**run) for run in found["runs"]],
        doublings=[Doubling(**doubling) for doubling in found["doublings"]],
    )
