"""`weekahead init`: start a new letter."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import root_option
from weekahead.commands.output import exit_on_error


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR", required=False)
@root_option
@click.pass_context
def init(context: click.Context, folder: Path | None, root: Path | None) -> None:
    """Create a new letter in DIR, ready to build. With --root, DIR is within that folder."""
    from weekahead.build.scaffold import start_letter

    root = root or context.obj
    if folder is None and root is None:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    folder = (root or Path()) / (folder or "")
    with exit_on_error():
        start_letter(folder)
    click.echo(
        f"Created a letter in {folder}. To see it:\n\n    cd {folder}\n    weekahead serve\n\nThen put your title, name and address into letter.yaml, and your own plan and words into schedule.yaml and issues/."
    )
