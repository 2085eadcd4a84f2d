"""How the cost of a build grows with the letter, as one SVG that is legible in light and in dark."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

from benchmarks.figures import Figures
from benchmarks.report import NAMES, amount

WIDTH, HEIGHT = 860, 400
TOP, BOTTOM, LEFT, GAP, PANEL = 64, 344, 58, 78, 270
"""Where the panels lie: a panel's curves are PANEL wide, and names stand in the GAP after them."""
PANELS = (("cold", "a cold build"), ("one edit", "the newest issue edited"))
INKS = {"weekahead": "ours", "hugo": "one", "pelican": "two", "eleventy": "three"}
STYLE = """
  .ground { fill: #ffffff } .words { fill: #1f2328 } .quiet { fill: #59636e } .rule { stroke: #d1d9e0 }
  .ours { --ink: #b3261e } .one { --ink: #0b63b0 } .two { --ink: #6b5b00 } .three { --ink: #7a3ea8 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .words { fill: #f0f6fc } .quiet { fill: #9198a1 } .rule { stroke: #3d444d }
    .ours { --ink: #ff8a80 } .one { --ink: #79b8ff } .two { --ink: #d9c64a } .three { --ink: #cfa6ff }
  }
  text { font: 13px system-ui, sans-serif } .heading { font-weight: 600 } .small { font-size: 12px }
  .curve { fill: none; stroke: var(--ink); stroke-width: 2 } .ours.curve { stroke-width: 3.5 }
  .dot, .name { fill: var(--ink) } .ours.name { font-weight: 600 }
"""

Curve = list[tuple[float, float]]
"""Issues and CPU seconds."""


def picture(figures: Figures) -> str:
    """The picture: CPU seconds over issues, both in powers of ten, a panel a step."""
    panels = [curves(figures, step) for step, _ in PANELS]
    points = [point for panel in panels for curve in panel.values() for point in curve]
    scale = Scale(points or [(100, 1.0)])
    drawn = "".join(
        panel_of(scale, curves_, words, LEFT + place * (PANEL + GAP + LEFT))
        for place, (curves_, (_, words)) in enumerate(zip(panels, PANELS, strict=True))
    )
    said = "; ".join(described(panel, words) for panel, (_, words) in zip(panels, PANELS, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">How the cost of a build grows with the number of issues</title>\n<desc id="d">{escape(said)}</desc>\n'
        f'<style>{STYLE}</style>\n<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>\n{drawn}'
        f'<text class="quiet small" x="{LEFT}" y="{HEIGHT - 10}">By issues in a made letter; medians; both scales are logarithmic.</text>\n'
        "</svg>\n"
    )


def curves(figures: Figures, step: str) -> dict[str, Curve]:
    """By builder, the median CPU seconds at each length of a made letter."""
    found: dict[str, Curve] = {}
    for peer in figures.peers:
        for letter in figures.made:
            if cpu := figures.typical("cpu", letter, peer, step):
                found.setdefault(peer, []).append((figures.issues(letter), cpu))
    return found


def described(panel: dict[str, Curve], words: str) -> str:
    """A panel in words, for those who do not see it."""
    ends = [f"{NAMES.get(peer, peer)} {amount(curve[-1][1])} s at {curve[-1][0]:,.0f}" for peer, curve in panel.items()]
    return f"{words}: {', '.join(ends)}"


class Scale:
    """From issues and seconds to places in a panel."""

    def __init__(self, points: Curve) -> None:
        self.least, self.most = min(x for x, _ in points), max(x for x, _ in points)
        self.low = floor(min(log10(y) for _, y in points))
        self.high = max(ceil(max(log10(y) for _, y in points)), self.low + 1)

    def x(self, issues: float) -> float:
        width = log10(self.most / self.least)
        return PANEL * (log10(issues / self.least) / width if width else 0.5)

    def y(self, seconds: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (log10(seconds) - self.low) / (self.high - self.low)


def panel_of(scale: Scale, curves: dict[str, Curve], words: str, left: float) -> str:
    lengths = sorted({issues for curve in curves.values() for issues, _ in curve})
    parts = [f'<g transform="translate({left:.0f} 0)">\n']
    parts.append(f'<text class="words heading" x="0" y="28">CPU seconds, {escape(words)}</text>\n')
    parts += [level(scale, power) for power in range(scale.low, scale.high + 1)]
    parts += [
        f'<text class="quiet small" x="{scale.x(length):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{length:,.0f}</text>\n'
        for length in apart(lengths, scale)
    ]
    heights = spread({peer: scale.y(curve[-1][1]) for peer, curve in curves.items()})
    parts += [curve_of(scale, peer, curve, heights[peer]) for peer, curve in curves.items()]
    return "".join((*parts, "</g>\n"))


def level(scale: Scale, power: int) -> str:
    """A line across at a power of ten."""
    y = scale.y(10**power)
    return (
        f'<path class="rule" d="M0 {y:.1f}H{PANEL}"/>'
        f'<text class="quiet small" x="-8" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>\n'
    )


def curve_of(scale: Scale, peer: str, curve: Curve, height: float) -> str:
    ink = INKS.get(peer, "quiet")
    points = [(f"{scale.x(issues):.1f}", f"{scale.y(seconds):.1f}") for issues, seconds in curve]
    line = " ".join(",".join(point) for point in points)
    dots = "".join(f'<circle class="{ink} dot" cx="{x}" cy="{y}" r="3"/>' for x, y in points)
    end = scale.x(curve[-1][0]) + 10
    name = f'<text class="{ink} name" x="{end:.1f}" y="{height + 4:.1f}">{escape(NAMES.get(peer, peer))}</text>'
    return f'<polyline class="{ink} curve" points="{line}"/>{dots}{name}\n'


def apart(lengths: list[float], scale: Scale) -> list[float]:
    """Of the lengths, those whose words do not run into the next ones; the longest always."""
    kept: list[float] = []
    for length in reversed(lengths):
        if not kept or scale.x(kept[-1]) - scale.x(length) > 44:
            kept.append(length)
    return kept


def spread(heights: dict[str, float], least: float = 16) -> dict[str, float]:
    """Heights for names, moved down where two would lie on each other."""
    moved: dict[str, float] = {}
    floor_ = float("-inf")
    for peer in sorted(heights, key=lambda peer: heights[peer]):
        floor_ = max(heights[peer], floor_ + least)
        moved[peer] = floor_
    return moved
