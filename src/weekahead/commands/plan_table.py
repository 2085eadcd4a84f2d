"""The plan, a simulation and the history of past promises as lines of text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from weekahead.model.counts import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weekahead.build.schedule_report import Moment, PublicationHistory
    from weekahead.model.issue import Issue
    from weekahead.model.schedule import Promise, Slot

HEAD = ("", "date", "number", "state", "file", "days", "part", "title")
MOST_DRAFTS = 20
"""Drafts without a week that are listed; an import may have brought hundreds."""
BEYOND = "·"
"""Marks a slot beyond the horizon."""


def plan_table(standing: Promise, columns: int) -> list[str]:
    """Return the coming slots, and how the promise stands, as lines of at most so many columns."""
    import textwrap

    from weekahead.model.schedule import describe_promise

    rows = [HEAD]
    skipped = list(standing.skipped)
    for slot in standing.slots:
        while skipped and skipped[0] < slot.date:
            rows.append(("", str(skipped.pop(0)), "", "", "", "", "", "no issue"))
        rows.append(_row(slot, standing))
    has_files, has_parts = (any(row[column] for row in rows[1:]) for column in (4, 6))
    widths = [max(len(row[column]) for row in rows) for column in range(7)]
    lines = []
    for mark, day, number, state, file, days, part, title in rows:
        cells = [day.ljust(widths[1]) + (mark or " "), number.rjust(widths[2]), state.ljust(widths[3])]
        cells += [file.ljust(widths[4])] if has_files else []
        cells.append(days.rjust(widths[5]))
        cells += [part.rjust(widths[6])] if has_parts else []
        lines.append("  ".join([*cells, title]))
    if any(row[0] == BEYOND for row in rows):
        lines.append(f"{BEYOND:>{widths[1] + 1}}  beyond the promised {standing.horizon} weeks")
    lines = [line if len(line) <= columns else line[: columns - 1] + "…" for line in lines]
    return [*lines, "", *textwrap.wrap(describe_promise(standing), columns)]


def _row(slot: Slot, standing: Promise) -> tuple[str, str, str, str, str, str, str, str]:
    part, series = "", ""
    if slot.part:
        part = f"{slot.part.part}/{slot.part.of}" if slot.part.of else f"{slot.part.part}"
        series = f" ({slot.part.name})"
    return (
        " " if slot.at <= standing.horizon_ends else BEYOND,
        str(slot.date),
        str(slot.number),
        str(slot.state or "-"),
        str(slot.status or ""),
        str((slot.date - standing.as_of.date()).days),
        part,
        f"{slot.title or ''}{series}" if slot.state else "(empty)",
    )


def undated_lines(drafts: Sequence[Issue], columns: int) -> list[str]:
    """Return the drafts without a week, as lines of at most so many columns; nothing if there are none."""
    if not drafts:
        return []
    lines = [f"  {draft.source.file}  {draft.title}" for draft in drafts[:MOST_DRAFTS]]
    lines += [f"  and {len(drafts) - MOST_DRAFTS} more"] if len(drafts) > MOST_DRAFTS else []
    head = f"{counted(len(drafts), 'draft')} without a week, which no slot counts:"
    return ["", *(line if len(line) <= columns else line[: columns - 1] + "…" for line in [head, *lines])]


def simulation_line(moment: Moment) -> str:
    """Return what happens on one publication day."""
    slot, standing = moment.slot, moment.standing
    state = "published" if moment.out else f"MISSING ({slot.state or 'not planned'})"
    kept = "kept" if standing.kept else "BROKEN"
    promise = f"promise {kept} ({standing.weeks_planned})"
    return f"{slot.at:%Y-%m-%d %H:%M}  {slot.number:>5}  {state:<22}  {promise}  {slot.title or ''}".rstrip()


def history_lines(history: PublicationHistory) -> list[str]:
    """Return how past promises were kept: a line for each issue that was published on another day, and the sums."""
    late = [row for row in history.issues if row[1] != row[2]]
    lines = [f"{number:>6}  due {due or 'beyond the calendar'}, published {day}" for number, due, day in late]
    issues, on_time = counted(len(history.issues), "issue"), len(history.issues) - len(late)
    lines.append(f"{issues}: {on_time} on time, {len(late)} on another day. Current streak: {history.streak} on time.")
    if history.leads:
        weeks = sorted(days / 7 for days in history.leads)
        median = f"{weeks[len(weeks) // 2]:.1f} weeks ahead (median)"
        lines.append(f"Planned {median}, never less than {weeks[0]:.1f} ({len(weeks)} in git's history).")
    if history.outcomes:
        kinds = {"kept": "kept", "renamed": "renamed", "now": "renamed", "moved": "moved", "dropped": "dropped"}
        counts = dict.fromkeys(kinds.values(), 0)
        for outcome in history.outcomes:
            for start, kind in kinds.items():
                counts[kind] += outcome.startswith(start)
        lines.append(f"Promised titles: {', '.join(f'{number} {kind}' for kind, number in counts.items())}.")
    return lines


def width() -> int:
    """Return the columns of the terminal, or 100 where the output goes elsewhere."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 100
