"""`weekahead plan`: show the coming slots, or edit schedule.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from weekahead.commands.options import AS_OF, Refusal, as_of_option, chosen_root, kept_root_option
from weekahead.commands.output import check_json, exit_on_error, print_findings, to_json
from weekahead.commands.plan_table import history_lines, plan_table, simulation_line, undated_lines, width
from weekahead.commands.streams import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from weekahead.source.schedule_editor import ScheduleEditor


@click.group(invoke_without_command=True)
@as_of_option
@click.option("--json", "as_data", is_flag=True, help="Print the slots as JSON.")
@click.option("--ics", is_flag=True, help="Print a private calendar with states, notes and the next deadline.")
@click.option("--history", is_flag=True, help="Show how past promises were kept.")
@click.option(
    "--simulate",
    type=click.IntRange(1, 520),
    metavar="N",
    help="Show what happens on the next N publication days if nothing changes.",
)
@kept_root_option
@click.pass_context
def plan(
    context: click.Context,
    as_of: str | None,
    as_data: bool,
    ics: bool,
    history: bool,
    simulate: int | None,
) -> None:
    """Show the coming slots, or change what is planned for them."""
    from weekahead.build import schedule_report

    if context.invoked_subcommand:
        context.meta[AS_OF] = as_of
        return
    folder = chosen_root(context, None)
    with exit_on_error():
        if ics:
            click.echo(schedule_report.private_calendar(folder, as_of), nl=False)
        elif history:
            echo_lines(history_lines(schedule_report.history(folder, as_of)))
        elif simulate:
            moments = schedule_report.simulate(folder, as_of, simulate)
            echo_lines(printable(line) for line in schedule_report.mailed(folder))
            echo_lines(simulation_line(moment)[: width()] for moment in moments)
        else:
            checked = schedule_report.check_schedule(folder, as_of)
            print_findings(checked.findings)
            if checked.promise and as_data:
                click.echo(to_json(check_json(checked)))
            elif checked.promise:
                echo_lines(plan_table(checked.promise, width()))
                echo_lines(printable(line) for line in undated_lines(checked.undated, width()))
            context.exit(0 if checked.is_fine else 1)


def echo_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def edited(context: click.Context, edit: Callable[[ScheduleEditor], object]) -> None:
    """Apply an edit of the plan and print the lines it changed."""
    from weekahead.build.schedule_edit import edit_schedule
    from weekahead.source.schedule_editor import EditError

    try:
        with exit_on_error():
            lines = edit_schedule(chosen_root(context, None), edit, context.meta[AS_OF])
    except EditError as refused:
        raise Refusal(str(refused)) from None
    echo_lines(lines)


class Day(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.2
    """A day as an argument, as schedule.yaml takes it."""

    name = "date"

    def convert(self, value: date | str, parameter: click.Parameter | None, context: click.Context | None) -> date:
        from weekahead.source.value_types import DAY, BadValue, parse_day

        try:
            return parse_day(value) if isinstance(value, str) else value
        except BadValue as error:
            hint = f" {error.hint}" if error.hint else ""
            raise Refusal(f'"{value}" is not {error.wanted or DAY.wanted}.{hint}') from None


DAY = Day()
STATES = ["idea", "planning", "research", "drafting", "review", "recording", "ready"]
number_argument = click.argument("number", type=click.IntRange(min=0))
other_argument = click.argument("other", type=click.IntRange(min=0))


@plan.command("add")
@click.argument("title")
@click.option("--number", type=click.IntRange(min=0), help="The number to plan [default: the first empty slot].")
@click.option(
    "--date",
    "day",
    type=DAY,
    help="A publication day; with --number any day, for this issue alone.",
)
@click.option("--state", type=click.Choice(STATES), default="planning", show_default=True)
@click.option("--series", help="The series it belongs to.")
@kept_root_option
@click.pass_context
def plan_add(
    context: click.Context, title: str, number: int | None, day: date | None, state: str, series: str | None
) -> None:
    """Plan TITLE for an empty slot."""
    from weekahead.build.as_of import instant

    def edit(editor: ScheduleEditor) -> None:
        if number is not None:
            editor.add(number, title, state, series=series, day=day)
        elif day:
            editor.add(editor.number_on(day), title, state, series=series)
        else:
            editor.add(editor.first_empty(instant(context.meta[AS_OF], editor.schedule)), title, state, series=series)

    edited(context, edit)


@plan.command("idea")
@click.argument("title")
@kept_root_option
@click.pass_context
def plan_idea(context: click.Context, title: str) -> None:
    """Put TITLE at the end of the backlog."""
    edited(context, lambda editor: editor.add_idea(title))


@plan.command("fill")
@kept_root_option
@click.pass_context
def plan_fill(context: click.Context) -> None:
    """Plan backlog ideas until the promise has a week to spare.

    The oldest ideas go first, each into the next empty slot.
    """
    from weekahead.build.as_of import instant

    filled: list[tuple[int, str]] = []
    edited(context, lambda editor: filled.extend(editor.fill(instant(context.meta[AS_OF], editor.schedule))))
    click.echo(
        "\n".join(f"{number}: {title}" for number, title in filled)
        or "Nothing to fill: the promise has a week to spare, or the backlog is empty."
    )


@plan.command("move")
@number_argument
@other_argument
@kept_root_option
@click.pass_context
def plan_move(context: click.Context, number: int, other: int) -> None:
    """Move what is planned for NUMBER to OTHER, a free number.

    A draft of NUMBER goes along: its file, its number and date, and links to it.
    """
    edited(context, lambda editor: editor.move(number, other))


@plan.command("swap")
@number_argument
@other_argument
@kept_root_option
@click.pass_context
def plan_swap(context: click.Context, number: int, other: int) -> None:
    """Swap what NUMBER and OTHER are about; numbers and dates stay.

    Drafts go along: their files, their numbers and dates, and links to them.
    """
    edited(context, lambda editor: editor.swap(number, other))


@plan.command("rename")
@number_argument
@click.argument("title")
@kept_root_option
@click.pass_context
def plan_rename(context: click.Context, number: int, title: str) -> None:
    """Give NUMBER another title, in the plan and in its draft."""
    edited(context, lambda editor: editor.rename(number, title))


@plan.command("state")
@number_argument
@click.argument("state", type=click.Choice(STATES))
@kept_root_option
@click.pass_context
def plan_state(context: click.Context, number: int, state: str) -> None:
    """Set the state of a planned issue."""
    edited(context, lambda editor: editor.set_state(number, state))


@plan.command("skip")
@click.argument("day", type=DAY, metavar="DATE")
@click.option("--until", type=DAY, help="The last day of a pause that begins on DATE.")
@click.option("--undo", is_flag=True, help="Take the day, or the pause, out again.")
@kept_root_option
@click.pass_context
def plan_skip(context: click.Context, day: date, until: date | None, undo: bool) -> None:
    """Skip a publication day; later issues and drafts move."""

    def edit(editor: ScheduleEditor) -> None:
        change = editor.unskip if undo else editor.skip
        change(day, until)

    edited(context, edit)


@plan.command("drop")
@number_argument
@kept_root_option
@click.pass_context
def plan_drop(context: click.Context, number: int) -> None:
    """Move NUMBER from the plan back to the backlog. Its draft, if there is one, stays."""
    edited(context, lambda editor: editor.drop(number))
