"""The figures as Markdown: a table a letter, the targets, the growth of single documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.figures import STEPS, Figures, growth, paired

BASE = "hugo"
"""Whose cold build the ratios are to."""
NAMES = {"weekahead": "weekahead", "hugo": "Hugo", "pelican": "Pelican", "eleventy": "Eleventy", "real": "real text"}
HEADS = {
    "cold": "cold",
    "no-op": "nothing new",
    "one edit": "one edit",
    "one added": "one added",
    "clone": "fresh clone, cache carried",
}
UNKNOWN = "–"
BEGIN, END = "<!-- speed: `make bench-readme` writes what follows -->", "<!-- speed: until here -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A ratio that we want to reach, and have reached, in CPU and wall time; memory knows one ratio only."""

    what: str
    target: float
    moonshot: float
    cpu: float | None
    wall: float | None = None
    by: str = "cpu"
    """The figure that the target speaks of."""

    @property
    def reached(self) -> float | None:
        return self.wall if self.by == "wall" else self.cpu


# -- tables


def report(figures: Figures) -> str:
    """Everything, for a terminal or a file."""
    parts = [about(figures), *(letter_table(figures, letter) for letter in figures.letters), targets_table(figures)]
    if figures.doublings:
        parts.append(shapes_table(figures))
    return "\n\n".join(parts) + "\n"


def digest(figures: Figures, picture: str) -> str:
    """What the README shows: the largest made letter, the real one, the targets, the picture."""
    shown = [*figures.made[-1:], *(letter for letter in figures.letters if letter == "real")]
    tables = [letter_table(figures, letter) for letter in shown]
    return "\n\n".join(
        (about(figures), *tables, targets_table(figures), f"![How the cost of a build grows]({picture})")
    )


def written_into(text: str, words: str) -> str:
    """A text with other words between the marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"there is no place for the figures: the line {BEGIN} is missing")
    return pattern.sub(lambda _: f"{BEGIN}\n\n{words.strip()}\n\n{END}", text, count=1)


def about(figures: Figures) -> str:
    rounds = "one round" if figures.rounds == 1 else f"{figures.rounds} rounds"
    known = ", ".join(f"{NAMES.get(key, key)} {value}" for key, value in figures.about.items())
    return (
        f"Medians of {rounds} ({known}). Seconds by the clock / seconds of CPU; in brackets the ratio of CPU to "
        f"{NAMES[BASE]}'s cold build of the same round. Memory: the largest process, cold"
        + (" (all processes together)." if _has_families(figures) else ".")
    )


def _has_families(figures: Figures) -> bool:
    return any(run.together > 1.05 * run.largest for run in figures.runs)


def letter_table(figures: Figures, letter: str) -> str:
    """One letter: a row a builder, a column a step."""
    name = f"{figures.issues(letter):,} issues" + (" of real text" if letter == "real" else "")
    rows = [
        [NAMES.get(peer, peer), *(cost(figures, letter, peer, step) for step in STEPS), memory(figures, letter, peer)]
        for peer in figures.peers
    ]
    return table([f"**{name}**", *(HEADS[step] for step in STEPS), "memory, MiB"], rows)


def cost(figures: Figures, letter: str, peer: str, step: str) -> str:
    wall, cpu = (figures.typical(what, letter, peer, step) for what in ("wall", "cpu"))
    if wall is None or cpu is None:
        return UNKNOWN
    ratio = paired(figures.series("cpu", letter, peer, step), figures.series("cpu", letter, BASE, "cold"))
    return f"{amount(wall)} / {amount(cpu)}" + (f" ({amount(ratio)})" if ratio is not None else "")


def memory(figures: Figures, letter: str, peer: str) -> str:
    largest, together = (figures.typical(what, letter, peer, "cold") for what in ("largest", "together"))
    if largest is None or together is None:
        return UNKNOWN
    return f"{largest / 1024:.0f}" + (f" ({together / 1024:.0f})" if together > 1.05 * largest else "")


def targets_table(figures: Figures) -> str:
    rows = [
        [each.what, amount(each.target), amount(each.moonshot), amount(each.cpu), amount(each.wall), verdict(each)]
        for each in targets(figures)
    ]
    longest = max((figures.issues(letter) for letter in figures.made), default=0)
    note = (
        ""
        if longest == 10_000
        else f"\n\nThe targets are set for 10,000 issues; the longest letter here has {longest:,}."
    )
    return table(["ratio", "target", "moonshot", "reached", "by the clock", ""], rows) + note


def verdict(target: Target) -> str:
    if target.reached is None:
        return "not measured"
    return (
        "moonshot" if target.reached <= target.moonshot else "reached" if target.reached <= target.target else "missed"
    )


def shapes_table(figures: Figures) -> str:
    """Every shape of text, the worst first."""
    found = growth(figures.doublings)
    worst_first = sorted(found, key=lambda shape: -(found[shape] or float("inf")))
    rows = [[shape, "refused" if (ratio := found[shape]) is None else f"{ratio:.2f}"] for shape in worst_first]
    return table(["twice the text", "times the CPU"], rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def amount(value: float | None) -> str:
    """Three figures at most."""
    if value is None:
        return UNKNOWN
    if value == float("inf"):
        return "refused"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 0.1 else f"{value:.2g}"


# -- targets


def targets(figures: Figures) -> Iterator[Target]:
    """Every ratio that we set out to reach, with the one reached. Of made letters, the longest stands for 10,000."""
    made = figures.made
    longest = made[-1] if made else ""
    fifth = next((letter for letter in made if 5 * figures.issues(letter) == figures.issues(longest)), "")
    some = next((letter for letter in ("664", "1000") if letter in made[:-1]), "")
    at = f"at {int(longest):,}" if longest else "at 10,000"
    there = f"at {int(some):,}" if some else "in a shorter letter"
    shorter = f"{int(fifth):,}" if fifth else "a fifth"
    to = comparer(figures)
    base = (longest, BASE, "cold")
    ours = (longest, "weekahead")
    clone, cold, real = (*ours, "clone"), (*ours, "cold"), ("real", "weekahead", "cold")
    edit, added, nothing = (*ours, "one edit"), (*ours, "one added"), (*ours, "no-op")
    yield to(f"no-op {at} / Hugo cold", 0.02, 0.006, nothing, base)
    yield to(f"one edit {at} / Hugo cold", 0.04, 0.015, edit, base)
    yield to(f"one edit {at} / one edit {there}", 1.5, 1.1, edit, (some, "weekahead", "one edit"))
    yield to(f"one issue added / one edit, {at}", 2, 1.3, added, edit)
    yield to("cold, real text / Pelican cold, CPU", 0.4, 0.25, real, ("real", "pelican", "cold"))
    yield to("cold, real text / Hugo cold, by the clock", 3, 1, real, ("real", BASE, "cold"), by="wall")
    yield to(f"fresh clone with carried cache {at} / Hugo cold", 0.3, 0.15, clone, base)
    yield Target(
        what=f"peak memory cold {at} / Hugo, all processes",
        target=0.1,
        moonshot=0.04,
        cpu=paired(figures.series("together", *cold), figures.series("together", *base)),
    )
    yield to(f"cold {at} / {shorter}, CPU", 5.3, 5.0, cold, (fifth, "weekahead", "cold"))
    yield doubled(figures)


Place = tuple[str, str, str]
"""Letter, builder, step."""


def comparer(figures: Figures) -> Callable[..., Target]:
    def to(what: str, target: float, moonshot: float, above: Place, below: Place, by: str = "cpu") -> Target:
        cpu, wall = (paired(figures.series(unit, *above), figures.series(unit, *below)) for unit in ("cpu", "wall"))
        return Target(what=what, target=target, moonshot=moonshot, cpu=cpu, wall=wall, by=by)

    return to


def doubled(figures: Figures) -> Target:
    """The shape of text that grows worst; infinitely so when it was refused."""
    found = growth(figures.doublings)
    ratios = {shape: float("inf") if ratio is None else ratio for shape, ratio in found.items()}
    worst = max(ratios, key=lambda shape: ratios[shape], default="")
    what = "one document doubled" + (f" (worst: {worst})" if worst else "")
    return Target(what=what, target=2.3, moonshot=2.1, cpu=ratios.get(worst))
