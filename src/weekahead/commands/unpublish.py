"""`weekahead unpublish`: make an issue a draft again."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, issue_number_argument, root_option
from weekahead.commands.output import findings_shown, show
from weekahead.commands.ready import moment


@click.command()
@issue_number_argument
@root_option
@click.pass_context
def unpublish(context: click.Context, number: int, root: Path | None) -> None:
    """Take issue NUMBER back: it is a draft again, and leaves the site with the next build."""
    from weekahead.build.issue_status import unpublish as make_draft

    with findings_shown():
        change = make_draft(chosen_root(context, root), number)
    show(change.findings)
    click.echo(f"{change.path} is a draft again.")
    if change.is_due:
        click.echo(
            f"With the next build {change.address} is gone, and the issue is in no list and no feed. Whoever has its feed "
            "entry already keeps it.\nCommit and push it to take it back from readers."
        )
    else:
        click.echo(f"Readers have not seen it; it does not come out on {moment(change)}.")
    if any(finding.is_error for finding in change.findings):
        click.echo("No build takes it back before the errors above are mended.", err=True)
        context.exit(1)
