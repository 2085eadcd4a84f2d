"""An edition as a message to one reader (RFC 5322, MIME): made once, then filled in for each reader."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Protocol

from msgspec import Struct

from weekahead.mail.edition import WAY_OUT, Edition
from weekahead.model.addresses import ascii_host, split_address
from weekahead.model.config import Config, MailConfig
from weekahead.model.hashing import hash_value


class WayOut(Protocol):
    """How one reader leaves: by a mail, and at an https address where the letter has such a page."""

    @property
    def mailto(self) -> str:
        """An address that begins with mailto:"""

    @property
    def https(self) -> str | None:
        """An https address that takes a POST (RFC 8058), if there is one."""


class Reader(Protocol):
    """Whom a message is for."""

    @property
    def id(self) -> str:
        """Stands for the reader in identifiers; there is no address in it."""

    @property
    def address(self) -> str:
        """The e-mail address, in ASCII."""

    @property
    def way_out(self) -> WayOut:
        """How the reader leaves."""


class Envelope(Struct, frozen=True, kw_only=True):
    """What is the same in every message of a letter."""

    letter_id: str
    title: str
    sender: str
    sender_name: str
    reply_to: str | None
    host: str
    archive: str

    @classmethod
    def of_letter(cls, config: Config, mail: MailConfig) -> Envelope:
        """Return the envelope of a letter."""
        host = ascii_host(split_address(config.url).hostname or "") or "localhost"
        return cls(
            letter_id=config.id or config.url,
            title=config.title,
            sender=mail.sender_address,
            sender_name=mail.sender_name or config.title,
            reply_to=mail.reply_to,
            host=host,
            archive=config.absolute(config.address("archive/")),
        )


def message_id(envelope: Envelope, key: str, reader: str) -> str:
    """Return the Message-ID of an issue for one reader: always the same, so that a mail store knows it again."""
    return f"<{hash_value([envelope.letter_id, key, reader])[:32]}@{envelope.host}>"


def message_maker(edition: Edition, envelope: Envelope, mark: str = "") -> Callable[[Reader], bytes]:
    """Return what makes the message for a reader, lines ending in CRLF. `mark` stands before the subject of a trial."""
    head = _head(edition, envelope, mark)
    boundary = f"=_{hash_value(edition)[:32]}"
    parts = [
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        for kind in ("plain", "html")
    ]
    end = f"--{boundary}--\r\n".encode()
    text, html = _pieces(edition.text), _pieces(edition.html)
    kind = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'

    def make(reader: Reader) -> bytes:
        address = reader.way_out.https or reader.way_out.mailto
        plain, linked = _on_its_own_line(address).join(text), _on_its_own_line(escape(address)).join(html)
        own = _own_head(edition, envelope, reader) + kind
        return b"".join((head, own.encode(), parts[0], plain, b"\r\n", parts[1], linked, b"\r\n", end))

    return make


def _head(edition: Edition, envelope: Envelope, mark: str) -> bytes:
    """Return the header fields that all readers get."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    if envelope.reply_to:
        message["Reply-To"] = envelope.reply_to
    message["Subject"] = f"{mark} {edition.subject}".strip()
    message["Date"] = format_datetime(edition.date)
    message["List-Id"] = f"{_atom(envelope.title)} <letter.{envelope.host}>"
    message["List-Archive"] = f"<{envelope.archive}>"
    return message.as_bytes().removesuffix(b"\r\n")


def _atom(title: str) -> str:
    """Return a title as the words before a List-Id (RFC 2919, 3)."""
    return " ".join(re.sub(r"[^\w ]", " ", title).split())


def _own_head(edition: Edition, envelope: Envelope, reader: Reader) -> str:
    """Return the header fields of one reader (RFC 2369, RFC 8058)."""
    ways = ", ".join(f"<{way}>" for way in (reader.way_out.https, reader.way_out.mailto) if way)
    lines = [
        f"To: {reader.address}",
        f"Message-ID: {message_id(envelope, edition.key, reader.id)}",
        f"List-Unsubscribe: {ways}".replace(", ", ",\r\n "),
    ]
    if reader.way_out.https:
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines)


def _pieces(text: str) -> list[bytes]:
    """Return a text as quoted-printable (RFC 2045, 6.7), in pieces between which a reader's own address goes."""
    return [_quoted(piece) for piece in text.split(WAY_OUT)]


def _quoted(text: str) -> bytes:
    lines = quopri.encodestring(text.replace("\r\n", "\n").encode()).replace(b"\n", b"\r\n")
    return re.sub(rb"^From ", b"=46rom ", lines, flags=re.MULTILINE)  # mailboxes of files write >From


def _on_its_own_line(address: str) -> bytes:
    """Return an address between soft line breaks, which do not show, so that no line becomes too long."""
    return b"=\r\n" + _quoted(address) + b"=\r\n"
