"""`weekahead subscribers`: the list of readers of a letter that is mailed by SMTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from weekahead.commands.options import ROOT, NewFile, chosen_root, read_named, require_other_file, root_option
from weekahead.commands.output import exit_on_error
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.mail.subscribers import Subscribers

STATES = ("pending", "active", "left", "bounced", "complained")
LISTED = 20
"""Lines of a list that are no readers, of which are shown."""


@click.group()
def subscribers() -> None:
    """List, add, remove, import and export readers.

    They are in the file that `subscribers` under `mail` in letter.yaml names, never in git.
    """


@contextmanager
def _opened(context: click.Context, root: Path | None) -> Iterator[Subscribers]:
    folder = chosen_root(context, root)
    with exit_on_error():
        from weekahead.build.readers import open_readers

        readers = open_readers(folder, os.environ)
    with readers:
        yield readers


def _address(words: str) -> str:
    """Return an address that an author gave. Raise UsageError."""
    from weekahead.mail.subscriber_csv import NoAddress, plain_address

    try:
        return plain_address(words)
    except NoAddress as error:
        raise click.UsageError(f'"{printable(words)}" is no e-mail address: {error}') from None


@subscribers.command("list")
@click.option(
    "--state",
    type=click.Choice(STATES),
    metavar="STATE",
    help="Only those who are pending, active, left, bounced or complained.",
)
@root_option
@click.pass_context
def list_(context: click.Context, state: str | None, root: Path | None) -> None:
    """List the readers, and count them by state."""
    with _opened(context, root) as readers:
        for reader in readers.readers():
            if state in (None, reader.state):
                click.echo(f"{reader.address}  {reader.state}  since {reader.since:%Y-%m-%d}  {reader.how}")
        counts = readers.counts()
    said = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    click.echo(said or "No readers yet.", err=True)


@subscribers.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@root_option
@click.pass_context
def add(context: click.Context, addresses: tuple[str, ...], root: Path | None) -> None:
    """Add readers who asked you for the letter, or take back those who had left."""
    from weekahead.mail.subscribers import ReaderState

    wanted = [_address(words) for words in addresses]
    with _opened(context, root) as readers, readers.saved():
        for address in wanted:
            before = readers.add(address, ReaderState.ACTIVE, "hand")
            known = readers.by_address(address)
            if before and known:
                readers.set_state(known.id, ReaderState.ACTIVE)
            click.echo(f"{address}: {'added' if before is None else f'was {before}, is active'}")


@subscribers.command()
@click.argument("address")
@root_option
@click.pass_context
def remove(context: click.Context, address: str, root: Path | None) -> None:
    """Send a reader no more letters. No import brings the address back."""
    from weekahead.mail.subscribers import ReaderState

    with _opened(context, root) as readers:
        known = readers.by_address(address) or readers.by_address(_address(address))
        if known is None:
            raise click.UsageError(f"{printable(address)} is not among the readers")
        readers.set_state(known.id, ReaderState.LEFT)
    click.echo(f"{known.address}: gets no more letters")


@subscribers.command()
@click.argument("address")
@root_option
@click.pass_context
def forget(context: click.Context, address: str, root: Path | None) -> None:
    """Delete all that is known of a reader.

    A keyed hash stays, which keeps the address out of later imports and tells nothing without your key.
    """
    wanted = _address(address)
    with _opened(context, root) as readers:
        known = readers.forget(wanted)
    click.echo(f"{wanted}: {'forgotten' if known else 'was not among the readers; no import will bring it'}")


@subscribers.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--confirmed", is_flag=True, help="These people asked for the letter; else they are pending.")
@root_option
@click.pass_context
def import_(context: click.Context, file: BinaryIO, confirmed: bool, root: Path | None) -> None:
    """Add the readers of a CSV file, as Substack, Ghost, Buttondown and listmonk export it."""
    from weekahead.mail.subscriber_csv import LARGEST, NoList, read_list
    from weekahead.mail.subscribers import import_readers

    name, data = printable(str(file.name)), read_named(file, LARGEST)
    try:
        rows, bad = read_list(data)
    except NoList as error:
        raise click.UsageError(f"{name} is no list of readers: {error}") from None
    with _opened(context, root) as readers:
        report = import_readers(readers, ((row.address, row.state) for row in rows), confirmed=confirmed)
    for row in bad[:LISTED]:
        click.echo(f"{name}:{row.line}: {printable(row.words[:60])}: {row.why}", err=True)
    if len(bad) > LISTED:
        click.echo(f"... and {len(bad) - LISTED:,} more lines that name no address", err=True)
    for words in sorted({row.unknown for row in rows if row.unknown})[:LISTED]:
        click.echo(f'status "{printable(words[:60])}" is not known here: who has it is pending', err=True)
    click.echo(f"{counted(report.added, 'reader')} added, {report.pending:,} of them pending.")
    for count, said in (
        (report.confirmed, "pending before, active now"),
        (report.known, "there already"),
        (report.left, "had unsubscribed there since, and get no more letters"),
        (report.gone, "had left or bounced here, and stay so"),
        (report.forgotten, "asked to be forgotten, and stay so"),
        (len(bad), f"{'line' if len(bad) == 1 else 'lines'} without an address"),
    ):
        if count:
            click.echo(f"{count:,} {said}.")
    if report.pending and not confirmed:
        click.echo("Pending readers get no letter. If these people asked for it, import again with --confirmed.")


@subscribers.command()
@click.argument("file", type=NewFile(), required=False)
@root_option
@click.pass_context
def export(context: click.Context, file: Path | None, root: Path | None) -> None:
    """Write all readers as CSV, to FILE or to the terminal."""
    from weekahead.build.readers import is_tracked
    from weekahead.mail.subscriber_csv import write_list
    from weekahead.runtime.atomic_file import write_synced

    if file and is_tracked(file.absolute()):
        raise click.UsageError(f"{printable(str(file))} is in a folder that git tracks, where no address belongs")
    with _opened(context, root) as readers:
        if file:
            require_other_file(context.meta[ROOT], file)
            if os.path.realpath(file) == os.path.realpath(readers.path):
                raise click.UsageError(f"{printable(str(file))} is the list of readers itself: name another file")
        text = write_list(readers.readers())
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        write_synced(file, text.encode(), mode=0o600)
    except OSError as error:
        raise click.UsageError(f"cannot write {printable(str(file))}: {error.strerror}") from None
    click.echo(f"{printable(str(file))}: {counted(text.count(chr(10)) - 1, 'reader')}, for your eyes alone.")
