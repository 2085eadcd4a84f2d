"""`weekahead schema`: what may be in the author's files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import chosen_root, root_option
from weekahead.commands.output import exit_on_error, to_json


@click.command()
@click.argument("name", type=click.Choice(["issue", "letter", "schedule"]), required=False)
@click.option("--write", is_flag=True, help="Write all three to .vscode/, where an editor finds them.")
@root_option
@click.pass_context
def schema(context: click.Context, name: str | None, write: bool, root: Path | None) -> None:
    """Print the JSON Schema of issue, letter or schedule.

    It describes every key of an issue's front matter, letter.yaml or schedule.yaml.
    """
    if write == bool(name):
        raise click.UsageError("give one of issue, letter and schedule, or --write")
    if name:
        from weekahead.source import json_schema

        click.echo(to_json(json_schema.schema(name)))
        return
    from weekahead.build.scaffold import write_schemas

    with exit_on_error():
        for path in write_schemas(chosen_root(context, root)):
            click.echo(str(path))
