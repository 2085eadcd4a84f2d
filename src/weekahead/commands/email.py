"""`weekahead email`: the e-mail edition of an issue."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import NewFile, as_of_option, chosen_root, require_other_file, root_option
from weekahead.commands.output import exit_on_error
from weekahead.commands.streams import printable


@click.command()
@click.argument("issue", metavar="NUMBER")
@click.option("--output", type=NewFile(), metavar="FILE", help="Write it to this file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["eml", "html", "text"]),
    default="eml",
    show_default=True,
    help="The whole message, or one of its two parts.",
)
@as_of_option
@root_option
@click.pass_context
def email(
    context: click.Context, issue: str, output: Path | None, form: str, as_of: str | None, root: Path | None
) -> None:
    """Show published issue NUMBER as an e-mail. A special edition is named by its slug.

    Nothing is sent. In place of a reader's own address to unsubscribe it has an example.
    """
    folder = chosen_root(context, root)
    if output:
        require_other_file(folder, output)
    with exit_on_error():
        from weekahead.build.edition import sample_message

        made = sample_message(folder, issue, as_of, form)
        if output:
            _write(output, made)
    if output:
        click.echo(f"{printable(str(output))} written: {len(made):,} bytes.")
    else:
        click.echo(made, nl=False)


def _write(path: Path, data: bytes) -> None:
    """Write a file that an author named. Raise BuildError."""
    from weekahead.build.transaction import reason_of
    from weekahead.model.findings import build_error
    from weekahead.runtime.atomic_file import write_synced

    try:
        write_synced(path, data)
    except OSError as error:
        message = f"cannot write this file: {reason_of(error)}"
        raise build_error(str(path), "cannot-write", message, "Choose another --output.") from None
