"""`weekahead completion`: completion of commands by the Tab key."""

from __future__ import annotations

import click

from weekahead.commands.options import kept_root_option


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@kept_root_option
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script for Tab completion in SHELL.

    In bash: eval "$(weekahead completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(context.find_root().command, {}, "weekahead", "_WEEKAHEAD_COMPLETE").source())
