"""`weekahead book`: a series, a year or all of the letter as HTML, EPUB and PDF."""

from __future__ import annotations

from pathlib import Path

import click

from weekahead.commands.options import Refusal, as_of_option, chosen_root, quiet_option, root_option
from weekahead.commands.output import Progress, exit_on_error
from weekahead.commands.streams import printable


@click.command()
@click.argument("name")
@as_of_option
@click.option("--format", "form", type=click.Choice(["html", "epub", "pdf"]), help="Only this one [default: its own].")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder to write to [default: this one].",
)
@click.option("--keep", is_flag=True, help="Keep this edition, by its day, among the files of the letter.")
@quiet_option
@root_option
@click.pass_context
def book(
    context: click.Context,
    name: str,
    as_of: str | None,
    form: str | None,
    output: Path | None,
    keep: bool,
    quiet: bool,
    root: Path | None,
) -> None:
    """Make the book NAME of letter.yaml, from what is published.

    With --keep the EPUB and the PDF become files in books/NAME/, which every build publishes as they are.
    """
    if keep and (form or output):
        raise Refusal("--keep takes neither --format nor --output: all files of the book are kept in the letter")
    folder, progress = chosen_root(context, root), Progress(quiet)
    with exit_on_error():
        from weekahead.build.bookmaking import keep_edition, make_book

        made = make_book(folder, name, as_of, [form] if form else [], lambda page: progress.count("page", page))
        progress.clear()
        paths = keep_edition(folder, made) if keep else _written(output or Path(), made.source.book.name, made.files)
    for path in paths:
        click.echo(f"{printable(str(path))} written: {path.stat().st_size:,} bytes.")


def _written(folder: Path, name: str, files: dict[str, bytes]) -> list[Path]:
    """Write files into a folder that an author named. Raise BuildError."""
    from weekahead.build.transaction import reason_of
    from weekahead.model.findings import build_error
    from weekahead.runtime.atomic_file import write_synced

    paths = [folder / f"{name}.{form}" for form in files]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in zip(paths, files.values(), strict=True):
            write_synced(path, data)
    except OSError as error:
        message = f"cannot write into this folder: {reason_of(error)}"
        raise build_error(str(folder), "cannot-write", message, "Choose another --output.") from None
    return paths
