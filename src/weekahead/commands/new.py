"""`weekahead new`: write the file of an issue."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import Refusal, chosen_root, root_option
from weekahead.commands.output import exit_on_error, print_findings


@click.command()
@click.argument("number", type=click.IntRange(min=0), required=False)
@click.option("--title", metavar="TITLE", help="Title of the issue [default: the planned one].")
@click.option("--open", "open_it", is_flag=True, help="Open the file in your editor.")
@root_option
@click.pass_context
def new(context: click.Context, number: int | None, title: str | None, open_it: bool, root: Path | None) -> None:
    """Create the draft of the next unwritten issue, or of NUMBER.

    With --title alone, it is the first that nothing else is planned for.
    """
    from weekahead.build.draft import write_draft
    from weekahead.source.schedule_editor import EditError

    folder = chosen_root(context, root)
    try:
        with exit_on_error():
            draft = write_draft(folder, number, title)
    except EditError as refused:
        raise Refusal(str(refused)) from None
    print_findings(draft.findings)
    click.echo(str(draft.path))
    if open_it:
        click.edit(filename=str(draft.path))
