"""`weekahead unpublish`: make an issue a draft again."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, issue_number_argument, root_option
from weekahead.commands.output import exit_on_error, print_findings
from weekahead.commands.ready import moment
from weekahead.commands.streams import printable


@click.command()
@issue_number_argument
@root_option
@click.pass_context
def unpublish(context: click.Context, number: int, root: Path | None) -> None:
    """Make issue NUMBER a draft again; the next build removes it."""
    from weekahead.build.issue_status import unpublish as make_draft

    with exit_on_error():
        change = make_draft(chosen_root(context, root), number)
    print_findings(change.findings)
    click.echo(f"{printable(str(change.path))} is a draft again.")
    if change.is_due:
        click.echo(
            f"The next build removes {change.address} and the issue's entries in lists and feeds. "
            "Feed readers that have fetched it keep their copy.\nCommit and push the change to unpublish it."
        )
    else:
        click.echo(f"It was not published yet, and will not come out on {moment(change)}.")
    if any(finding.is_error for finding in change.findings):
        click.echo("Fix the errors above first; until then it stays published.", err=True)
        context.exit(1)
