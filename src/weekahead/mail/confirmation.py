"""The mail that asks whoever wants the letter to confirm it, and its way to a mail server.

It says nothing of what the mail said that asked for it: else strangers could have us send their words to others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from msgspec import Struct

from weekahead.mail.message import Envelope
from weekahead.mail.tickets import WayOut, with_ticket
from weekahead.mail.transport import InDoubt, PersonTransport, Refused, TransportError, TryLater
from weekahead.model.hashing import hash_value
from weekahead.theme.i18n import Translator


class Question(Struct, frozen=True, kw_only=True):
    """What is particular in a mail that asks somebody to confirm."""

    address: str
    ticket: str
    way_out: WayOut
    asked_in: str | None
    """The Message-ID of the mail that asked for the letter."""


def confirmation(question: Question, envelope: Envelope, translator: Translator) -> bytes:
    """Return the message that asks somebody to confirm by an answer."""
    say, answer = translator.translate, with_ticket(envelope.sender, "join", question.ticket)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    message["To"] = question.address
    message["Reply-To"] = answer
    message["Subject"] = say("confirm_subject", letter=envelope.title)
    message["Date"] = format_datetime(datetime.now(UTC))
    name = hash_value([envelope.letter_id, question.ticket, question.asked_in])[:32]
    message["Message-ID"] = f"<{name}@{envelope.host}>"
    if question.asked_in:
        message["In-Reply-To"] = message["References"] = question.asked_in
    message["Auto-Submitted"] = "auto-replied"  # no machine may answer it (RFC 3834, 5)
    message["List-Unsubscribe"] = f"<{question.way_out.mailto}>"
    text = say("confirm_text", letter=envelope.title, address=answer)
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message.as_bytes()


# -- handing it over


class NotSent(Exception):
    """The mail was certainly not sent.

    `is_final` says that the address will never be taken, `is_host` that no other mail can be sent now either.
    """

    def __init__(self, why: str, *, is_final: bool = False, is_host: bool = False) -> None:
        super().__init__(why)
        self.is_final, self.is_host = is_final, is_host


class PerhapsSent(Exception):
    """The connection was lost before the server's last answer."""


Sender = Callable[[str, bytes], None]
"""Sends a message to an address. Raises NotSent or PerhapsSent."""


def patient(send: Sender) -> Sender:
    """Return a sender that tries no more once the mail server could not be used."""
    down: list[NotSent] = []

    def try_to_send(address: str, message: bytes) -> None:
        if down:
            raise down[0]
        try:
            send(address, message)
        except NotSent as failure:
            down.extend([failure] if failure.is_host else [])
            raise

    return try_to_send


class Asked(Struct, frozen=True):
    """Whom a question goes to, as a transport wants it."""

    id: str
    address: str


def sender_by(transport: Callable[[], PersonTransport]) -> Sender:
    """Return a sender that hands each message over in a connection of its own."""

    def send(address: str, message: bytes) -> None:
        try:
            connection = transport()
            try:
                outcome = connection.hand_over(Asked("", address), message, lambda: None)
            finally:
                connection.close()
        except TransportError as error:
            raise NotSent(str(error), is_host=True) from None
        if isinstance(outcome, InDoubt):
            raise PerhapsSent(outcome.why)
        if isinstance(outcome, Refused):
            raise NotSent(f"{outcome.code} {outcome.text}", is_final=outcome.is_address)
        if isinstance(outcome, TryLater):
            raise NotSent(f"{outcome.code or ''} {outcome.text}".strip(), is_host=outcome.host)

    return send
