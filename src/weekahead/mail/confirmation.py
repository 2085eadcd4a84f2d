"""The mail that asks whoever wants the letter to confirm it, and its way to a mail server.

It says nothing of what the mail said that asked for it: else strangers could have us send their words to others.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from weekahead.mail.message import Envelope
from weekahead.mail.tickets import WayOut, with_ticket
from weekahead.model.hashing import hash_value
from weekahead.theme.i18n import Translator

SECONDS = 60


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


class MailServer(Struct, frozen=True, kw_only=True):
    """A mail server as WEEKAHEAD_SMTP names it: smtp://user:password@host:port?tls=starttls."""

    host: str
    port: int
    tls: str
    user: str
    password: str

    @classmethod
    def parse(cls, address: str) -> MailServer:
        """Return the server that an address names. Raise ValueError."""
        parts = urlsplit(address)
        if parts.scheme != "smtp" or not parts.hostname:
            raise ValueError("it is not smtp://user:password@host:port")
        tls = parse_qs(parts.query).get("tls", ["implicit" if parts.port == 465 else "starttls"])[-1]
        ports = {"starttls": 587, "implicit": 465, "none": 25}
        if tls not in ports:
            raise ValueError(f"?tls= must be one of {', '.join(ports)}")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if tls == "none" and password and not is_this_machine(parts.hostname):
            raise ValueError(f"it would send the password to {parts.hostname} unencrypted")
        return cls(host=parts.hostname, port=parts.port or ports[tls], tls=tls, user=user, password=password)

    def send(self, sender: str, address: str, message: bytes) -> None:
        """Send a message in a connection of its own. Raise NotSent or PerhapsSent."""
        try:
            connection = self._connected()
            try:
                _hand_over(connection, sender, address, message)
                with suppress(OSError, smtplib.SMTPException):
                    connection.docmd("QUIT")
            finally:
                connection.close()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"{self.host}: {_reason(error)}", is_host=True) from None

    def _connected(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self.tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=tls)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.tls == "starttls":
                connection.starttls(context=tls)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


def is_this_machine(host: str) -> bool:
    """Return whether a host is the machine that we run on."""
    return re.fullmatch(r"localhost|127(\.\d+){3}|::1", host) is not None


def _hand_over(connection: smtplib.SMTP, sender: str, address: str, message: bytes) -> None:
    connection.ehlo_or_helo_if_needed()
    code, text = connection.mail(sender)
    if code >= 400:
        raise NotSent(_words(code, text))
    code, text = connection.rcpt(address)
    if code >= 400:
        raise NotSent(_words(code, text), is_final=code >= 500)
    try:
        code, text = connection.data(message)
    except smtplib.SMTPDataError as error:  # no 354
        raise NotSent(_reason(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise PerhapsSent(_reason(error)) from None
    if code >= 400:
        raise NotSent(_words(code, text), is_final=code >= 500)


def _words(code: int, text: bytes) -> str:
    return f"{code} {' '.join(text.decode('utf-8', 'replace').split())}"[:200]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _words(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return str(getattr(error, "strerror", None) or error)[:200]
