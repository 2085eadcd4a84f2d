"""`weekahead deploy`: put the site where readers get it."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, quiet_option, root_option
from weekahead.commands.output import findings_shown


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would change there, and change nothing.")
@click.option("--force", is_flag=True, help="Replace files of others that stand in the way.")
@quiet_option
@root_option
@click.pass_context
def deploy(context: click.Context, dry_run: bool, force: bool, quiet: bool, root: Path | None) -> None:
    """Put site/ where `deploy:` in letter.yaml says: a branch or a folder."""
    from weekahead.build import deployment

    with findings_shown():
        result = deployment.deploy(chosen_root(context, root), dry_run=dry_run, force=force)
    changes = result.changes
    if dry_run:
        for change in changes.written:
            click.echo(f"write   {change.path}")
        for change in changes.removed:
            click.echo(f"remove  {change.path}")
    if not quiet:
        would = "would be " if dry_run else ""
        counts = f"{len(changes.written)} files {would}written, {len(changes.removed)} removed"
        others = f"; {result.others} of others stay" if result.others else ""
        click.echo(f"{result.place}: {counts}, {changes.kept} unchanged{others}.")
