"""`weekahead init`: start a new letter."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.output import exit_on_error


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Create a new letter in DIR, ready to build."""
    from weekahead.build.scaffold import start_letter

    with exit_on_error():
        start_letter(folder)
    click.echo(
        f"Created a letter in {folder}. To see it:\n\n    cd {folder}\n    weekahead serve\n\nThen put your title, name and address into letter.yaml, and your own plan and words into schedule.yaml and issues/."
    )
