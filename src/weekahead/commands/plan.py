"""`weekahead plan`: show the coming slots, or edit schedule.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import as_of_option, chosen_root, root_option
from weekahead.commands.output import as_json, findings_shown, in_json, show
from weekahead.commands.plan_table import moment_words, plan_table, record_words, width

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from weekahead.model.letter import Letter


@click.group(invoke_without_command=True)
@as_of_option
@click.option("--json", "as_data", is_flag=True, help="The slots as JSON.")
@click.option("--ics", is_flag=True, help="A calendar for yourself, with states, notes and the next deadline.")
@click.option("--history", is_flag=True, help="How the promises of the past were kept.")
@click.option(
    "--simulate", type=click.IntRange(1, 520), metavar="N", help="What the next N publication days would bring."
)
@root_option
@click.pass_context
def plan(
    context: click.Context,
    as_of: str | None,
    as_data: bool,
    ics: bool,
    history: bool,
    simulate: int | None,
    root: Path | None,
) -> None:
    """Show the coming slots, or change what is planned for them."""
    from weekahead.build import schedule_report

    folder = chosen_root(context, root)
    context.obj = folder
    if context.invoked_subcommand:
        return
    if ics:
        with findings_shown():
            click.echo(schedule_report.private_calendar(folder, as_of), nl=False)
        return
    if history:
        with findings_shown():
            record = schedule_report.history(folder, as_of)
        for line in record_words(record):
            click.echo(line)
        return
    if simulate:
        with findings_shown():
            moments = schedule_report.simulate(folder, as_of, simulate)
        for moment in moments:
            click.echo(moment_words(moment)[: width()])
        return
    with findings_shown():
        checked = schedule_report.check_schedule(folder, as_of)
    show(checked.findings)
    if checked.promise is None:
        context.exit(1)
    elif as_data:
        click.echo(in_json(as_json(checked)))
    else:
        for line in plan_table(checked.promise, width()):
            click.echo(line)
    context.exit(0 if checked.is_fine else 1)


def edited(context: click.Context, edit: Callable[[str, Letter], str]) -> None:
    """Put an edit of the plan into effect and show the lines it changed."""
    from weekahead.build import schedule_report
    from weekahead.source import schedule_editor

    try:
        with findings_shown():
            lines = schedule_report.edit_schedule(context.obj, edit)
    except schedule_editor.EditError as refused:
        raise click.UsageError(str(refused)) from None
    for line in lines:
        click.echo(line)


STATES = ["idea", "planning", "research", "drafting", "review", "recording", "ready"]
number_argument = click.argument("number", type=click.IntRange(min=0))
other_argument = click.argument("other", type=click.IntRange(min=0), metavar="NUMBER")


@plan.command("add")
@click.argument("title")
@click.option("--number", type=click.IntRange(min=0), help="The number to plan [default: the first empty slot].")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="A day of the cadence, or with --number a day of its own."
)
@click.option("--state", type=click.Choice(STATES), default="planning", show_default=True)
@click.option("--series", help="The series it will be a part of.")
@click.pass_context
def plan_add(
    context: click.Context, title: str, number: int | None, day: datetime | None, state: str, series: str | None
) -> None:
    """Plan TITLE for an empty slot."""
    from weekahead.build import schedule_report
    from weekahead.build.as_of import instant
    from weekahead.source import schedule_editor

    def edit(text: str, letter: Letter) -> str:
        own, wanted = (day.date() if day else None), number
        if wanted is None and own:
            wanted, own = letter.schedule.number_on(own), None
            if wanted is None:
                raise schedule_editor.EditError(
                    f"{day:%Y-%m-%d} is not a day of the cadence; give a --number as well to move it there"
                )
        if wanted is None:
            slots = letter.schedule.slots(instant(None, letter.schedule))
            # An idea keeps its slot, though it does not count towards the promise.
            wanted = next(
                slot.number for slot in slots if not slot.planned and slot.number not in letter.schedule.entries
            )
        schedule_report.unwritten(letter, wanted)
        if own == letter.schedule.cadence_day(wanted):
            own = None
        return schedule_editor.add(text, wanted, title, state, series=series, day=own)

    edited(context, edit)


@plan.command("fill")
@click.pass_context
def plan_fill(context: click.Context) -> None:
    """Put the oldest backlog ideas into empty slots until the promise holds with a week to spare."""
    from weekahead.build import schedule_report
    from weekahead.build.as_of import instant

    said: list[tuple[int, str]] = []

    def edit(text: str, letter: Letter) -> str:
        text, found = schedule_report.fill(text, letter, instant(None, letter.schedule))
        said.extend(found)
        return text

    edited(context, edit)
    click.echo(
        "\n".join(f"{number}: {title}" for number, title in said)
        or "Nothing to fill: the promise holds, or the backlog is empty."
    )


@plan.command("move")
@number_argument
@other_argument
@click.pass_context
def plan_move(context: click.Context, number: int, other: int) -> None:
    """Give what is planned for NUMBER another, free number."""
    from weekahead.build import schedule_report
    from weekahead.source import schedule_editor

    def edit(text: str, letter: Letter) -> str:
        schedule_report.unwritten(letter, number, other)
        return schedule_editor.renumber(text, number, other)

    edited(context, edit)


@plan.command("swap")
@number_argument
@other_argument
@click.pass_context
def plan_swap(context: click.Context, number: int, other: int) -> None:
    """Exchange what two numbers are about; numbers and dates stay."""
    from weekahead.build import schedule_report
    from weekahead.source import schedule_editor

    def edit(text: str, letter: Letter) -> str:
        schedule_report.unwritten(letter, number, other)
        return schedule_editor.swap(text, number, other)

    edited(context, edit)


@plan.command("state")
@number_argument
@click.argument("state", type=click.Choice(STATES))
@click.pass_context
def plan_state(context: click.Context, number: int, state: str) -> None:
    """Say how far a planned issue is."""
    from weekahead.source import schedule_editor

    edited(context, lambda text, letter: schedule_editor.set_state(text, number, state))


@plan.command("skip")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of a pause.")
@click.pass_context
def plan_skip(context: click.Context, day: datetime, until: datetime | None) -> None:
    """Declare a day without an issue: later ones move, numbers do not jump."""
    from weekahead.source import schedule_editor

    def edit(text: str, letter: Letter) -> str:
        first, last = day.date(), until.date() if until else None
        if last and last < first:
            raise schedule_editor.EditError(f"a pause cannot end on {last}, before it begins")
        if letter.schedule.anchor[1] in (first, last) or (last and first <= letter.schedule.anchor[1] <= last):
            raise schedule_editor.EditError(
                f"the anchor, number {letter.schedule.anchor[0]}, came out on {letter.schedule.anchor[1]}"
            )
        if last is None and letter.schedule.number_on(first) is None:
            raise schedule_editor.EditError(f"{first} is not a day of the cadence, or is skipped already")
        return schedule_editor.skip(text, first, last)

    edited(context, edit)


@plan.command("drop")
@number_argument
@click.pass_context
def plan_drop(context: click.Context, number: int) -> None:
    """Take a number off the plan; its title goes back to the backlog."""
    from weekahead.source import schedule_editor

    edited(context, lambda text, letter: schedule_editor.drop(text, number))
