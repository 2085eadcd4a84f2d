"""What real texts cost: CPU of the conversion of each, by several checkouts or environments in turn.

    python -m benchmarks.texts FOLDER OLD NEW --rounds 5

FOLDER has Markdown files with front matter. OLD and NEW are checkouts (their .venv is used) or the Python programs of
environments that weekahead is installed in. Each round converts every text once with each of them; ratios are within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import mean, median

from benchmarks.report import table

CONVERT = """\
import gc, json, re, resource, sys
from pathlib import Path
from weekahead.markdown.renderer import convert

def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

texts = [path.read_text("utf-8", errors="replace") for path in sorted(Path(sys.argv[1]).rglob("*.md"))]
texts = [re.sub(r"\\A---\\r?\\n.*?\\r?\\n---[ \\t]*(\\r?\\n|\\Z)", "", text, count=1, flags=re.S) for text in texts]
for text in texts[:20]:
    convert(text)  # what is made once is no text's cost
gc.collect()
gc.freeze()
gc.disable()
costs = []
for text in texts:
    begun = spent()
    convert(text, 60)
    costs.append(spent() - begun)
print(json.dumps(costs))
"""


def program(place: Path) -> tuple[list[str], dict[str, str]]:
    """Return the Python of a checkout or an environment, and the environment variables it needs."""
    if place.is_dir():
        return [str((place / ".venv/bin/python").absolute())], os.environ | {
            "PYTHONPATH": str((place / "src").absolute())
        }
    return [str(place.absolute())], {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def costs(place: Path, folder: Path) -> list[float]:
    """Return the CPU seconds of each text, in the order of their paths."""
    command, environment = program(place)
    told = subprocess.run(
        [*command, "-c", CONVERT, str(folder.absolute())],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return [float(cost) for cost in json.loads(told.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("places", type=Path, nargs="+", metavar="CHECKOUT")
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    rounds: list[list[list[float]]] = []
    for number in range(wanted.rounds):
        turn = [(number + step) % len(wanted.places) for step in range(len(wanted.places))]
        found = {which: costs(wanted.places[which], wanted.folder) for which in turn}
        rounds.append([found[which] for which in range(len(wanted.places))])
        print(
            f"round {number + 1}: " + ", ".join(f"{sum(each):.2f} s" for each in rounds[-1]),
            file=sys.stderr,
            flush=True,
        )
    print(report([str(place) for place in wanted.places], rounds))


def report(places: list[str], rounds: list[list[list[float]]]) -> str:
    """Return a table of milliseconds a text, and of the ratios to the first checkout within a round."""
    rows = []
    for which, place in enumerate(places):
        each = [mean(found[which]) * 1000 for found in rounds]
        longest = [max(found[which]) * 1000 for found in rounds]
        ratio = median(sum(found[which]) / sum(found[0]) for found in rounds)
        rows.append([place, f"{median(each):.2f}", f"{median(longest):.1f}", f"{ratio:.3f}"])
    return table([f"{len(rounds[0][0])} texts", "CPU ms each", "the longest", "times the first"], rows)


if __name__ == "__main__":
    main()
