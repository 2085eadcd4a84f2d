"""`weekahead init`: start a new letter."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.output import findings_shown


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> None:
    """Start a new letter in DIR that builds at once."""
    from weekahead.build.scaffold import start_letter

    with findings_shown():
        start_letter(folder)
    click.echo(
        f"Your letter is in {folder}. Look at it:\n\n    cd {folder}\n    weekahead serve\n\nThen change letter.yaml, schedule.yaml and issues/ to your own."
    )
