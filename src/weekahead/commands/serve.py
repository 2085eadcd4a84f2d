"""`weekahead serve`: the site with drafts on this machine."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import click

from weekahead.commands.options import as_of_option, chosen_root, root_option
from weekahead.commands.output import exit_on_error, print_findings


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="N", default=8000, show_default=True, help="Port to listen on."
)
@click.option("--open", "open_it", is_flag=True, help="Open the preview in your browser.")
@as_of_option
@root_option
@click.pass_context
def serve(context: click.Context, port: int, open_it: bool, as_of: str | None, root: Path | None) -> None:
    """Preview the site with drafts, reloading as you save."""
    from weekahead.serve.server import serve as run

    gc.enable()  # it runs for hours
    folder = chosen_root(context, root)
    with exit_on_error():
        run(folder, port=port, as_of=as_of, open_it=open_it, say=click.echo, show=partial(print_findings, root=folder))
