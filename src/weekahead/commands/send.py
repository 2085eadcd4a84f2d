"""`weekahead send`: hand an issue to its readers by e-mail, once."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from weekahead.commands.options import chosen_root, quiet_option, root_option
from weekahead.commands.output import Progress, exit_on_error, to_json
from weekahead.commands.streams import printable
from weekahead.model.counts import counted

if TYPE_CHECKING:
    from weekahead.build.mailing import MailedLetter, ReadyMailing
    from weekahead.mail.claiming import Status
    from weekahead.mail.claims import IssueBook
    from weekahead.mail.journal import Counts
    from weekahead.model.issue import Issue


@click.command()
@click.argument("issue", required=False, metavar="[NUMBER]")
@click.option("--yes", is_flag=True, help="Send it; without this only show what would be sent.")
@click.option("--to", "address", metavar="ADDRESS", help="Send one marked copy to this address, outside the books.")
@click.option(
    "--due", is_flag=True, help="For scheduled jobs: send the newest issue, if it is due and nobody has sent it."
)
@click.option("--status", "show_status", is_flag=True, help="Show what was sent to how many, and what is in doubt.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For --status."
)
@click.option("--resend", metavar="ADDRESS", help="Send it again to a reader whose letter is in doubt.")
@click.option("--offline", is_flag=True, help="Do not look whether the page is on the web.")
@click.option("--go-on", is_flag=True, help="You have looked: send although it is late, or the books cannot tell all.")
@quiet_option
@root_option
@click.pass_context
def send(context: click.Context, /, issue: str | None, root: Path | None, **options: Any) -> None:
    """Mail an issue to its readers, once.

    Without --yes this is a dry run. NUMBER is the slug for a special edition. Stopped or killed, the same command goes on
    where it was.
    """
    if options["due"] == bool(issue):
        raise click.UsageError("give the number of an issue, or --due")
    _require_one_purpose(options)
    folder = chosen_root(context, root)
    with exit_on_error(), _explained():
        context.exit(_run(folder, issue or "", options))


def _require_one_purpose(options: dict[str, Any]) -> None:
    """Raise UsageError if the options want several things, or name an address that is none: then nobody gets a letter."""
    from weekahead.model.mail_address import ascii_address

    wanted = [name for name, key in (("--due", "due"), ("--status", "show_status")) if options[key]]
    for name, key in (("--to", "address"), ("--resend", "resend")):
        if options[key] is None:
            continue
        wanted.append(name)
        try:
            options[key] = ascii_address(options[key].strip())
        except ValueError:
            raise click.UsageError(f"{name} needs an e-mail address such as ann@reader.example") from None
    if len(wanted) > 1:
        raise click.UsageError(f"use only one of {', '.join(wanted)}")


def _run(root: Path, which: str, options: dict[str, Any]) -> int:
    """Do what the options say and return the exit status. Raise BuildError and what the mail layer raises."""
    from weekahead.build import mailing

    if options["due"] and not mailing.has_mail(root):
        _say(options, "letter.yaml has no `mail:` setting: nothing is sent.")
        return 0
    mailed = mailing.read_mailed(root)
    if options["due"]:
        return _send_due(mailed, options)
    issue = mailed.issue(which)
    if options["show_status"]:
        return _show_status(mailed, issue, options["form"])
    if options["address"]:
        return _send_copy(mailed, issue, options)
    if options["yes"] or options["resend"]:
        return _send(mailed, issue, options)
    return _show_plan(mailed, issue, options)


def _say(options: dict[str, Any], words: str) -> None:
    if not options["quiet"]:
        click.echo(words)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the mail layer raises into findings."""
    from weekahead.build.mailing import findings_of
    from weekahead.mail.books import BooksLocked
    from weekahead.mail.claiming import Stopped
    from weekahead.mail.claims import BookError, unreadable
    from weekahead.mail.transport import TransportError

    try:
        yield
    except BooksLocked:
        message = "another `weekahead send` is running for this letter"
        raise findings_of("mail-claimed", message, "Let it finish.") from None
    except Stopped as stopped:
        raise findings_of(stopped.rule, str(stopped), stopped.hint) from None
    except BookError as error:
        raise findings_of("mail-book", str(error), error.hint) from None
    except TransportError as error:
        raise findings_of("mail-host", str(error), error.hint) from None
    except OSError as error:
        book = unreadable("the books", error)
        raise findings_of("mail-book", str(book), book.hint) from None


# -- sending


class SystemClock:
    """The time of this machine. Ctrl+C and SIGTERM stop the sending between two letters; a second one stops at once."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.signal = 0

    @property
    def is_stopped(self) -> bool:
        return self._stop.is_set()

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        self._stop.wait(max(0.0, seconds))

    @contextmanager
    def heeding_signals(self) -> Iterator[None]:
        """Stop at a signal, while this lasts."""
        before = {number: signal.signal(number, self._heed) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heed(self, number: int, frame: FrameType | None) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt
        self.signal = number
        self._stop.set()


def _send_due(mailed: MailedLetter, options: dict[str, Any]) -> int:
    """Send the newest issue if it is due, and say which others wait for a person; return the exit status."""
    from weekahead.mail.claims import open_issue_book

    newest = mailed.newest()
    if newest is None:
        _say(options, "No issue is due.")
        return 0
    for other in mailed.also_due(newest, open_issue_book(mailed.root).read()):
        label = printable(mailed.label(other))
        click.echo(f"{label} waits for you: weekahead send {other.key} --yes", err=True)
    return _send(mailed, newest, options)


def _send(mailed: MailedLetter, issue: Issue, options: dict[str, Any]) -> int:
    """Send an issue to those who wait for it, or again to one who is in doubt; return the exit status."""
    from weekahead.build import mailing
    from weekahead.mail.books import lock_books, sign_books
    from weekahead.mail.claiming import AlreadySent
    from weekahead.mail.claims import open_issue_book

    label, address = printable(mailed.label(issue)), options["resend"]
    resend = mailing.reader_id(mailed, address) if address else ""
    book = open_issue_book(mailed.root)
    with lock_books(mailed.root) as lock:
        if not options["go_on"]:
            mailing.require_own_books(mailed.root, book, lock, issue.key)
        sign_books(mailed.root, lock)
        try:
            if not resend:
                mailing.require_open(mailed, issue)
            late = bool(options["go_on"] or resend)
            offline = bool(options["offline"] or resend)
            mailing.require_fit(mailed, issue, offline=offline, late=late, is_patient=options["due"])
            ready = mailing.prepare(mailed, issue, go_on=options["go_on"], resend=resend)
            if resend and not options["yes"] and not click.confirm(f"Send {label} to {printable(address)} again?"):
                click.echo("Nothing was sent.")
                return 0
            return _hand_over(mailed, issue, ready, book, options["quiet"])
        except AlreadySent as sent:
            _say(options, f"{printable(str(sent))}.")
            return 0


def _hand_over(mailed: MailedLetter, issue: Issue, ready: ReadyMailing, book: IssueBook, quiet: bool) -> int:
    """Claim an issue, hand it over and close the books, whatever happens; return the exit status."""
    from weekahead.build import mailing
    from weekahead.mail.claiming import Stopped, begin
    from weekahead.mail.claims import BookError
    from weekahead.mail.transport import TransportError

    clock, counts, failure = SystemClock(), None, None
    with clock.heeding_signals():
        sending = begin(mailed.root, book, ready.job)
        try:
            try:
                mailing.hand_over(mailed, issue, ready, sending, clock, Progress(quiet))
            finally:
                counts = sending.end()
                ready.transport.close()
        except (TransportError, BookError, Stopped, OSError) as error:
            failure = error
    status = _ended(mailed, issue, counts or sending.journal.record.counts, clock.signal, quiet)
    if failure:
        raise mailing.cut_off(failure, ready.job.key)
    return status


def _ended(mailed: MailedLetter, issue: Issue, counts: Counts, stopped_by: int, quiet: bool) -> int:
    """Say what came of it; return 0 if every letter has an outcome."""
    from weekahead.mail.journal import describe_counts

    if not quiet:
        click.echo(f"{printable(mailed.label(issue))}: {describe_counts(counts)}.")
    key = issue.key
    if counts.in_doubt:
        click.echo(f"Who is in doubt: weekahead send {key} --status", err=True)
    if counts.waiting:
        click.echo(f"To go on: weekahead send {key} --yes", err=True)
    if stopped_by and counts.waiting:
        return 128 + stopped_by
    return 1 if counts.in_doubt or counts.waiting else 0


def _send_copy(mailed: MailedLetter, issue: Issue, options: dict[str, Any]) -> int:
    """Send a marked copy to one address."""
    from weekahead.build import mailing
    from weekahead.mail.transport import Accepted

    transport, recipient, message = mailing.marked_copy(mailed, issue, options["address"])
    outcome = transport.hand_over(recipient, message, lambda: None)
    transport.close()
    address = printable(options["address"])
    if not isinstance(outcome, Accepted):
        words = printable(getattr(outcome, "text", "") or getattr(outcome, "why", ""))
        message_ = f"the copy for {address} was not taken: {getattr(outcome, 'code', '') or ''} {words}"
        raise mailing.findings_of("mail-host", message_)
    click.echo(f"A copy of {printable(mailed.label(issue))}, marked as a test, went to {address}.")
    return 0


# -- what would be sent, and what was


def _show_plan(mailed: MailedLetter, issue: Issue, options: dict[str, Any]) -> int:
    """Print what `--yes` would do."""
    from weekahead.build import mailing

    mailing.require_fit(mailed, issue, offline=options["offline"], late=options["go_on"])
    ready = mailing.prepare(mailed, issue)
    status, place = mailing.load_status(mailed, issue)
    waiting = len(ready.job.ids) if status.state == "unsent" else status.counts.waiting
    minutes = -(-waiting // mailed.mail.per_minute)
    readers = f"the list at {ready.transport.place}" if ready.is_list else counted(waiting, "reader")
    rows = {
        "From": mailed.mail.sender,
        "Subject": ready.edition.subject,
        "To": readers,
        "Through": ready.transport.place + ("" if ready.is_list else f", in about {counted(minutes, 'minute')}"),
        "Size": f"{-(-ready.size // 1024)} KB each",
        "Page": mailing.page_address(mailed.letter, issue),
        "Books": f"{place}: {_state_words(status)}",
    }
    click.echo(printable(f"{mailed.label(issue)}: {issue.title}"))
    for name, words in rows.items():
        click.echo(f"  {name:<9}{printable(words)}")
    if status.doubt:
        click.echo(f"In doubt: {printable(status.doubt)}", err=True)
        return 1
    todo = f"To send it: weekahead send {issue.key} --yes" if waiting else "Nothing is left to send."
    click.echo(f"Nothing was sent. {todo}")
    return 0


def _show_status(mailed: MailedLetter, issue: Issue, form: str) -> int:
    """Print what the books say."""
    from msgspec.structs import asdict

    from weekahead.build import mailing

    status, place = mailing.load_status(mailed, issue)
    names = mailing.addresses(mailed)
    letters = [{"to": names.get(id, id), "state": str(state)} for id, state in status.letters]
    if form == "json":
        key = issue.number if issue.number is not None else issue.key
        counts = asdict(status.counts)
        click.echo(to_json({"issue": key, "state": status.state, "counts": counts, "letters": letters}))
        return 0
    click.echo(printable(f"{mailed.label(issue)}: {_state_words(status)} ({place})"))
    if status.doubt:
        click.echo(f"In doubt as a whole: {printable(status.doubt)}")
    for id, state in status.letters:
        if state in ("in_doubt", "refused", "waiting") and (status.state == "finished" or state != "waiting"):
            said = status.said.get(id, "")
            click.echo(
                f"  {state.replace('_', ' '):<9}{printable(names.get(id, id))}{': ' + printable(said) if said else ''}"
            )
    return 0


def _state_words(status: Status) -> str:
    from weekahead.mail.journal import describe_counts

    if status.state == "unsent":
        return "not sent yet"
    return f"{status.state}, {describe_counts(status.counts)}"
