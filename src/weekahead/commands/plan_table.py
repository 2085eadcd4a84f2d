"""The plan, a simulation and the record of the past as lines of text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weekahead.build.schedule_report import Moment, PublicationHistory
    from weekahead.model.schedule import Promise


def record_words(record: PublicationHistory) -> list[str]:
    """The author's record in a few lines, the slips one by one."""
    count, slipped = len(record.issues), len(record.slipped)
    lines = [
        f"{number:>6}  due {due or 'beyond the calendar'}, published {day}"
        for number, due, day in record.issues
        if day != due
    ]
    lines.append(
        f"{'1 issue' if count == 1 else f'{count} issues'}: {count - slipped} on time, {slipped} on another day. Current streak: {record.streak} on time."
    )
    if record.leads:
        weeks = sorted(days / 7 for days in record.leads)
        middle = weeks[len(weeks) // 2]
        lines.append(
            f"Planned {middle:.1f} weeks ahead (median), never less than {weeks[0]:.1f} ({len(weeks)} in git's history)."
        )
    kinds = ("kept", "renamed", "moved", "dropped", "now")
    counts = {kind: sum(outcome.startswith(kind) for outcome in record.outcomes) for kind in kinds}
    if record.outcomes:
        told = f"{counts['kept']} kept, {counts['renamed'] + counts['now']} renamed, {counts['moved']} moved, {counts['dropped']} dropped"
        lines.append(f"Promised titles: {told}.")
    return lines


def moment_words(moment: Moment) -> str:
    """One line of a simulation."""
    slot, standing = moment.slot, moment.standing
    state = "published" if moment.out else f"MISSING ({slot.state or 'not planned'})"
    kept = "kept" if standing.kept else "BROKEN"
    return f"{slot.at:%Y-%m-%d %H:%M}  {slot.number:>5}  {state:<22}  promise {kept} ({standing.weeks_planned})  {slot.title or ''}".rstrip()


def width() -> int:
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 100


def plan_table(standing: Promise, columns: int) -> list[str]:
    """The coming slots as lines of at most so many columns. A dot marks what lies beyond the horizon, and a line says so."""
    import textwrap

    from weekahead.model.schedule import describe_promise

    rows = [("", "date", "number", "state", "days", "part", "title")]
    skipped = list(standing.skipped)
    for slot in standing.slots:
        while skipped and skipped[0] < slot.date:
            rows.append(("", str(skipped.pop(0)), "", "", "", "", "no issue"))
        part = (
            f"{slot.part.part}/{slot.part.of}"
            if slot.part and slot.part.of
            else str(slot.part.part)
            if slot.part
            else ""
        )
        rows.append(
            (
                " " if slot.at <= standing.horizon_ends else "·",
                str(slot.date),
                str(slot.number),
                str(slot.state or "-"),
                str((slot.date - standing.as_of.date()).days),
                part,
                ((slot.title or "") + (f" ({slot.part.name})" if slot.part else "")) if slot.state else "(empty)",
            )
        )
    has_parts = any(row[5] for row in rows[1:])
    widths = [max(len(row[place]) for row in rows) for place in range(6)]
    lines = []
    for mark, day, number, state, days, part, title in rows:
        cells = [
            day.ljust(widths[1]) + (mark or " "),
            number.rjust(widths[2]),
            state.ljust(widths[3]),
            days.rjust(widths[4]),
        ]
        cells += [part.rjust(widths[5])] if has_parts else []
        lines.append("  ".join([*cells, title]))
    if any(row[0] == "·" for row in rows):
        lines.append(f"{'·':>{widths[1] + 1}}  beyond the promised {standing.horizon} weeks")
    lines = [line if len(line) <= columns else line[: columns - 1] + "…" for line in lines]
    return [*lines, "", *textwrap.wrap(describe_promise(standing), columns)]
