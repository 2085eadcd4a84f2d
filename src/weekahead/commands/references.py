"""`weekahead references`: the bibliography of a letter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

import click

from weekahead.commands.options import chosen_root, read_named, root_option
from weekahead.commands.output import exit_on_error
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.build.references_import import Import


@click.group()
def references() -> None:
    """Add references to the bibliography."""


@references.command("import")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--yes", is_flag=True, help="Add all that could be read, without asking.")
@root_option
@click.pass_context
def import_(context: click.Context, file: BinaryIO, yes: bool, root: Path | None) -> None:
    """Add pasted references to references.bib, from a FILE or from standard input.

    Each is shown as an entry, and added if you say yes. References are read in the shapes of APA, as Google Scholar gives them.
    """
    folder = chosen_root(context, root)
    is_piped = file.name in ("-", "<stdin>")
    if is_piped and sys.stdin.isatty():
        click.echo("Paste the references, and end with Ctrl+D on a line of its own.", err=True)
    with exit_on_error():
        from weekahead.build.references_import import read_references
        from weekahead.source.folder import LARGEST

        found = read_references(folder, file.name, read_named(file, LARGEST))
        added = _add(folder, found, yes, _answers(is_piped, yes))
    unread = sum(not reference.entry for reference, _ in found.references)
    click.echo(f"{counted(added, 'reference')} added to {found.file}.")
    context.exit(1 if unread else 0)


def _answers(is_piped: bool, yes: bool) -> TextIO | None:
    """Return where answers are read from: the terminal, also when the references come through a pipe; None if there is none."""
    if yes:
        return None
    if not is_piped:
        return sys.stdin
    try:
        return open("/dev/tty", encoding="utf-8")
    except OSError:
        return None


def _add(folder: Path, found: Import, yes: bool, answers: TextIO | None) -> int:
    """Show each reference, and add those that are wanted. Return how many were added."""
    from weekahead.build.references_import import add_entry

    added = 0
    for reference, same in found.references:
        if not reference.entry:
            click.echo(
                f"\nCannot read: {printable(reference.words)}\n  Add it by hand: docs/writing.md shows an entry.",
                err=True,
            )
            continue
        click.echo("\n" + "\n".join(map(printable, reference.entry.split("\n"))))
        if reference.left_out:
            click.echo(f"Left out, glued to the address: {printable(reference.left_out)}")
        if same:
            click.echo(f'The bibliography has it already, as "{same}".')
        elif yes or _is_wanted(answers):
            add_entry(folder, found.file, reference.entry)
            added += 1
    return added


def _is_wanted(answers: TextIO | None) -> bool:
    """Ask whether an entry is to be added. Without anybody to ask, it is not."""
    if answers is None:
        click.echo("Not added: nobody can be asked here. Run it in a terminal, or with --yes.")
        return False
    click.echo("Add it? [y/N] ", nl=False)
    return answers.readline().strip().lower() in ("y", "yes")
