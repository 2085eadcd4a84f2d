"""Read the mailbox of a letter, and the events of its endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from weekahead.build.readers import open_readers_of, signer_of
from weekahead.mail.confirmation import Question, confirmation, patient, sender_by
from weekahead.mail.events import EventsError, is_address, read_events
from weekahead.mail.handling import STAYING, Action, Handled, MailHandler
from weekahead.mail.incoming import read_head
from weekahead.mail.mailbox import Mailbox, MailboxAddress, MailboxError
from weekahead.mail.message import Envelope
from weekahead.mail.subscribers import Subscribers
from weekahead.mail.transports import open_mail_server
from weekahead.model.config import Config
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.source.loader import load_letter
from weekahead.source.theme_loader import load_theme
from weekahead.theme.i18n import load_translator

IMAP = "WEEKAHEAD_IMAP"
EXAMPLE = f"Set {IMAP}=imaps://user:password@imap.letter.example/INBOX; in a password % @ / : are %25 %40 %2F %3A."


class Options(Struct, frozen=True, kw_only=True):
    """What `weekahead mailbox` was asked for."""

    root: Path
    environment: Mapping[str, str]
    events: str | None = None
    is_dry: bool = False


def read_mailbox(options: Options, tell: Callable[[Handled], object]) -> int:
    """Do what mails and events want, and tell what was done; return how many mails were looked at.

    Raise BuildError when the mailbox or the events cannot be read; what was done until then stays done.
    """
    config = load_letter(options.root).require_letter().config
    with open_readers_of(options.root, config, options.environment) as readers, _kept(readers, options):
        wants_mails = IMAP in options.environment or not options.events
        address = _mailbox_address(config, options) if wants_mails else None
        handler = _handler(config, readers, options)
        problems = [*_events(config, options, readers, handler, tell)]
        looked_at = 0
        try:
            looked_at = _mails(address, config, options, handler, tell) if address else 0
        except MailboxError as error:
            hint = "What was done before stays done; the rest waits for the next run."
            problems.append(_problem(config, str(error), hint))
        readers.remove_unconfirmed()
        if problems:
            raise BuildError(problems, "nothing was changed" if options.is_dry else "what is told above was done")
        return looked_at


class _DryRun(Exception):
    """Undoes what was only tried."""


@contextmanager
def _kept(readers: Subscribers, options: Options) -> Iterator[None]:
    """Keep what is changed in the block, or undo it if nothing was to be done."""
    if not options.is_dry:
        yield
        return
    try:
        with readers.saved():
            yield
            raise _DryRun
    except _DryRun:
        pass


def _mailbox_address(config: Config, options: Options) -> MailboxAddress:
    given = options.environment.get(IMAP, "").strip()
    if not given:
        raise BuildError(
            [_problem(config, f"{IMAP} is not set: it says where the letter's mailbox is", EXAMPLE)],
            "nothing was changed",
        )
    try:
        return MailboxAddress.parse(given)
    except MailboxError as error:
        raise BuildError([_problem(config, f"{IMAP}: {error}", EXAMPLE)], "nothing was changed") from None


def _mails(
    address: MailboxAddress, config: Config, options: Options, handler: MailHandler, tell: Callable[[Handled], object]
) -> int:
    """Handle the mails of a mailbox; return how many there were. Raise MailboxError."""
    assert config.mail
    count = 0
    with Mailbox(address, is_read_only=options.is_dry) as mailbox:
        for uid, head in mailbox.unhandled():
            count += 1
            mail = read_head(head, config.mail.sender_address)
            if mail is None:
                continue
            handled = handler.handle(mail, lambda uid=uid: mailbox.whole(uid))  # type: ignore[misc]
            if handled.action not in STAYING and not options.is_dry:
                mailbox.mark(uid)
            if handled.words:
                tell(handled)
    return count


def _handler(config: Config, readers: Subscribers, options: Options) -> MailHandler:
    assert config.mail
    envelope, signer = Envelope.of_letter(config, config.mail), signer_of(config, options.environment)
    translator, sender = load_translator(load_theme(options.root), config.language), config.mail.sender_address
    mail = config.mail
    send = patient(sender_by(lambda: open_mail_server(mail, options.environment)))

    def ask(question: Question) -> None:
        message = confirmation(question, envelope, translator)
        if not options.is_dry:
            send(question.address, message)

    return MailHandler(readers, signer, sender, ask)


def _events(
    config: Config, options: Options, readers: Subscribers, handler: MailHandler, tell: Callable[[Handled], object]
) -> Iterator[Finding]:
    """Handle the events of the letter's endpoint, if it has one; yield what went wrong."""
    assert config.mail
    source = options.events
    if source is None and config.mail.unsubscribe:
        source = config.mail.unsubscribe.rstrip("/") + "/events"
    if source is None:
        return
    try:
        found = read_events(source, signer_of(config, options.environment).events_token())
    except EventsError as error:
        if options.events or not error.is_absent:
            yield _problem(config, str(error), "Without it nobody who left with one click is taken off the list.")
        return
    # Who answers to our password was written with our key: a ticket that is not ours is a forged one, and told once.
    is_endpoint = is_address(source)
    with readers.saved():
        for event in found:
            if readers.is_handled(event.digest):
                continue
            handled = handler.leave(event.ticket)
            if is_endpoint or handled.action not in STAYING:
                readers.set_handled(event.digest)
            if handled.action is not Action.NOTHING:
                tell(handled)


def _problem(config: Config, message: str, hint: str) -> Finding:
    return Finding(Location(config.file, config.mail.line if config.mail else 1), "mail-mailbox", message, hint)
