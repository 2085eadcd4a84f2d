"""`weekahead ready`: mark an issue ready."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import chosen_root, issue_argument, root_option
from weekahead.commands.output import exit_on_error, print_findings
from weekahead.commands.streams import printable

if TYPE_CHECKING:
    from weekahead.build.issue_status import StatusChange


@click.command()
@issue_argument
@click.option("--restamp", is_flag=True, help='Write the "what\'s next" list of an issue that is out anew.')
@root_option
@click.pass_context
def ready(context: click.Context, which: int | str, restamp: bool, root: Path | None) -> None:
    """Mark issue NUMBER ready to publish, if it has no errors. One without a number is named by its slug or file.

    What `new` wrote of it, and empty sections and list items, are errors here. This also writes its "what's next" list into the file and, for an issue with audio, which text was recorded.
    Once the issue is out, the list is a record of what readers were promised, and stays.
    """
    from weekahead.build.issue_status import mark_ready

    with exit_on_error():
        change = mark_ready(chosen_root(context, root), which, restamp=restamp)
    print_findings(change.findings)
    when = "with the next build" if change.is_due else f"on {moment(change)}, with the first build after that"
    click.echo(
        f"{printable(str(change.path))} is ready. It comes out {when}.\nCommit and push it; the scheduled build does the rest."
    )
    if change.keeps_promises:
        click.echo(
            "Its day has come, so next: was left alone: it records what readers were promised. "
            f"To write it from today's plan: weekahead ready {which} --restamp"
        )


def moment(change: StatusChange) -> str:
    """Return when an issue comes out, as its author reads it: Friday 2026-11-27 at 09:00 (Europe/London)."""
    return f"{change.at:%A %Y-%m-%d at %H:%M} ({change.zone})"
