"""`weekahead endpoint`: a program for unsubscribing with one click."""

from __future__ import annotations

import os
from pathlib import Path

import click

from weekahead.commands.options import chosen_root, root_option
from weekahead.commands.output import exit_on_error
from weekahead.commands.streams import printable


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@root_option
@click.pass_context
def endpoint(context: click.Context, folder: Path, root: Path | None) -> None:
    """Write a program for unsubscribing with one click into DIR.

    Its README.md says how to host it. It holds no secret and no address.
    """
    letter = chosen_root(context, root)
    with exit_on_error():
        from weekahead.build.endpoint import write_endpoint

        for path in write_endpoint(letter, folder, os.environ):
            click.echo(printable(str(path)))
