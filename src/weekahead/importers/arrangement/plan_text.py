"""schedule.yaml as an import writes it: the cadence that the archive kept, and what it announced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from textwrap import wrap

from msgspec import Struct

from weekahead.importers.front_matter import Verbatim, yaml_lines
from weekahead.model.schedule import LONGEST_PAUSE, Cadence


class ScheduleFacts(Struct, frozen=True, kw_only=True):
    """What schedule.yaml says."""

    cadence: Cadence
    anchor: tuple[int, date]
    pauses: Sequence[tuple[date, date]] = ()
    slips: Mapping[int, date] = {}
    upcoming: Sequence[tuple[int, str]] = ()


WIDTH = 110
_HEAD = "# When the letter comes out, and what is coming. `weekahead plan` shows it as a table, `weekahead check` holds you to it.\n\n"


def schedule_text(facts: ScheduleFacts) -> str:
    """Return the text of schedule.yaml."""
    pauses = [piece for first, last in sorted(facts.pauses) for piece in _in_pieces(first, last)]
    skip = [str(first) if first == last else f"{{from: {first}, until: {last}}}" for first, last in pauses]
    slips = [f"{number}: {day}" for number, day in sorted(facts.slips.items())]
    upcoming = [{"number": number, "title": title, "state": "planning"} for number, title in facts.upcoming]
    parts = (
        "# The rhythm that the archive kept.\n" + _cadence(facts.cadence),
        "# The promise: this many weeks ahead must always be planned.\nhorizon: 5\n",
        "# One number and its day. Every other number finds its day from here, forwards and back.\n"
        + yaml_lines([("anchor", {"number": facts.anchor[0], "date": facts.anchor[1]})]),
        "" if not skip else "# Days without an issue: what was due moved on.\n" + _wrapped("skip", skip, "[]"),
        ""
        if not slips
        else "# Numbers that came out on another day than the cadence's.\n" + _wrapped("slips", slips, "{}"),
        "" if not upcoming else "# What the newest issue announced.\n" + yaml_lines([("upcoming", upcoming)]),
    )
    return _HEAD + "\n".join(filter(None, parts))


def _in_pieces(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the parts of a pause, none of which is longer than schedule.yaml takes."""
    longest = timedelta(days=LONGEST_PAUSE)
    while last - first > longest:
        yield first, first + longest
        first += longest + timedelta(days=1)
    yield first, last


def _cadence(cadence: Cadence) -> str:
    first, *later = cadence.rules
    rule = {"every": first.wording, "at": Verbatim(f'"{first.at:%H:%M}"'), "timezone": cadence.zone.key}
    rules = [rule, *({"from": each.since, "every": each.wording} for each in later)]
    return yaml_lines([("cadence", rules if later else rule)])


def _wrapped(key: str, items: Sequence[str], brackets: str) -> str:
    """Return a list or map on one line, or on as many as it needs."""
    line = f"{key}: {brackets[0]}{', '.join(items)}{brackets[1]}\n"
    if len(line) <= WIDTH:
        return line
    rows = wrap(", ".join(item.replace(" ", "\xa0") for item in items), WIDTH - 2, break_long_words=False)
    inside = "".join(f"  {row}\n" for row in rows).replace("\xa0", " ")
    return f"{key}: {brackets[0]}\n{inside}{brackets[1]}\n"
