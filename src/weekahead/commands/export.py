"""`weekahead export`: take the letter elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weekahead.commands.options import NewFile, as_of_option, chosen_root, root_option
from weekahead.commands.output import exit_on_error, file_counts, print_findings
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.exporters.site_source import Export

drafts_option = click.option("--drafts", is_flag=True, help="Include what is not published, marked as drafts.")
folder_argument = click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def export() -> None:
    """Write the letter in a form that other systems take."""


@export.command("folder")
@folder_argument
@drafts_option
@as_of_option
@root_option
@click.pass_context
def export_folder(context: click.Context, target: Path, drafts: bool, as_of: str | None, root: Path | None) -> None:
    """Write plain Markdown for Hugo, Jekyll and Eleventy into DIR.

    `weekahead import DIR` makes it a letter again. With --drafts that is the whole letter, with its plan and your notes;
    without, nothing is in DIR that is not public.
    """
    from weekahead.exporters import folder

    with exit_on_error():
        _report(folder.export_folder(chosen_root(context, root), target, as_of=as_of, drafts=drafts), target)


@export.command("ghost")
@click.argument("target", metavar="FILE.zip", type=NewFile())
@drafts_option
@as_of_option
@root_option
@click.pass_context
def export_ghost(context: click.Context, target: Path, drafts: bool, as_of: str | None, root: Path | None) -> None:
    """Write a zip of posts and pages that Ghost imports.

    Tags, authors, pictures and audio are in it too.
    """
    from weekahead.exporters import ghost

    with exit_on_error():
        _report(ghost.export_ghost(chosen_root(context, root), target, as_of=as_of, drafts=drafts), target)


@export.command("html")
@folder_argument
@drafts_option
@as_of_option
@root_option
@click.pass_context
def export_html(context: click.Context, target: Path, drafts: bool, as_of: str | None, root: Path | None) -> None:
    """Write pages to paste where no file is read into DIR.

    Tables are in it as pictures and as lists, for such editors drop tables.
    """
    from weekahead.exporters import html_pages

    with exit_on_error():
        _report(html_pages.export_html(chosen_root(context, root), target, as_of=as_of, drafts=drafts), target)


def _report(made: Export, target: Path) -> None:
    """Print what became of an export."""
    pages = f" and {counted(made.pages, 'page')}" if made.pages else ""
    what = f"{counted(made.media, 'file')} of pictures and audio"
    if made.changes:
        print_findings(made.changes.left)
        what = file_counts(made.changes, False)
    click.echo(f"{printable(str(target))}: {counted(made.issues, 'issue')}{pages}; {what}.")
