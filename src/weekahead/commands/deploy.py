"""`weekahead deploy`: put the site where readers get it."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, quiet_option, root_option
from weekahead.commands.output import exit_on_error, file_counts, print_findings
from weekahead.commands.streams import printable
from weekahead.model.counts import counted


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, without changing it.")
@click.option("--force", is_flag=True, help="Overwrite files that weekahead did not create.")
@quiet_option
@root_option
@click.pass_context
def deploy(context: click.Context, dry_run: bool, force: bool, quiet: bool, root: Path | None) -> None:
    """Publish site/ to the branch or folder in letter.yaml."""
    from weekahead.build import deployment

    with exit_on_error():
        result = deployment.deploy(chosen_root(context, root), dry_run=dry_run, force=force)
    changes = result.changes
    print_findings(changes.left)
    if dry_run:
        for change in changes.written:
            click.echo(f"write   {printable(change.path)}")
        for change in changes.removed:
            click.echo(f"remove  {printable(change.path)}")
    if not quiet:
        counts = file_counts(changes, dry_run)
        others = f"; {counted(result.others, 'file')} not made by weekahead kept" if result.others else ""
        click.echo(f"{result.place}: {counts}{others}.")
