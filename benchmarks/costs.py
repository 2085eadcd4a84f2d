"""What a text costs, shape by shape: CPU seconds of 100 KB, and how many times as much twice the text costs.

python -m benchmarks.costs --rounds 3 emphasis lists     # the shapes with these words in their names; without words, all
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.report import table
from benchmarks.shapes import SHAPES, cpu_of, text_of

LENGTH = 100_000
BUDGET = 20.0
"""CPU seconds after which a text is given up."""
MOST_SECONDS, MOST_GROWTH = 1.0, 2.2
"""What a shape may cost: docs/speed.md."""
GRAIN = 0.02
"""CPU seconds below which the growth of a cost is the clock's and the cache's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds of a text of some shape, and the growth for twice its length; None when it was given up."""

    shape: str
    seconds: float | None
    growth: float | None

    @property
    def is_high(self) -> bool:
        seconds, growth = self.seconds or BUDGET, self.growth or BUDGET
        return seconds > MOST_SECONDS or (seconds > GRAIN and growth > MOST_GROWTH)


def costs(shapes: list[str], rounds: int) -> Iterator[Cost]:
    """Measure each shape at two lengths in turn, and yield medians."""
    for shape in shapes:
        texts = [text_of(shape, length) for length in (LENGTH, 2 * LENGTH)]
        pairs = [[cpu_of(text, BUDGET) for text in texts] for _ in range(rounds)]
        once = [pair[0] for pair in pairs if pair[0] is not None]
        growth = [pair[1] / pair[0] for pair in pairs if pair[0] and pair[1]]
        refused = len(growth) < rounds
        yield Cost(shape=shape, seconds=median(once) if once else None, growth=None if refused else median(growth))


def report(found: list[Cost]) -> str:
    """Return a table, what costs most first."""
    worst_first = sorted(found, key=lambda cost: -(cost.seconds or BUDGET))
    rows = [
        [cost.shape, amount(cost.seconds, 3), amount(cost.growth, 2), "!" if cost.is_high else ""]
        for cost in worst_first
    ]
    return table(["shape", "CPU s, 100 KB", "twice the text", ""], rows)


def amount(value: float | None, places: int) -> str:
    return "given up" if value is None else f"{value:.{places}f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="measure only the shapes that have one of these in their names")
    parser.add_argument("--rounds", type=int, default=1)
    wanted = parser.parse_args()
    shapes = [shape for shape in SHAPES if not wanted.words or any(word in shape for word in wanted.words)]
    found = []
    for cost in costs(shapes, wanted.rounds):
        found.append(cost)
        print(f"{cost.shape}: {amount(cost.seconds, 3)} s, {amount(cost.growth, 2)}", file=sys.stderr, flush=True)
    print(report(found))
    high = [cost.shape for cost in found if cost.is_high]
    print(
        f"\n{len(high)} of {len(found)} shapes cost too much: more than {MOST_SECONDS} s or {MOST_GROWTH} times as much."
    )


if __name__ == "__main__":
    main()
