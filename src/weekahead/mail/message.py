"""The message that one reader gets."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from msgspec import Struct

from weekahead.mail.edition import WAY_OUT, Edition
from weekahead.mail.subscribers import Recipient
from weekahead.model.hashing import hash_value


class Envelope(Struct, frozen=True, kw_only=True):
    """What is the same for all readers of an edition."""

    letter_id: str
    sender: str
    reply_to: str | None
    list_id: str
    archive: str


def message_maker(edition: Edition, envelope: Envelope) -> Callable[[Recipient], bytes]:
    """Return what makes the message for one reader."""
    host = envelope.sender.rpartition("@")[2].rstrip("> ")

    def message(reader: Recipient) -> bytes:
        out = reader.way_out
        ways = [f"<{address}>" for address in (out.https, out.mailto) if address]
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"], made["Subject"] = envelope.sender, reader.address, edition.subject
        made["Date"] = format_datetime(edition.date)
        made["Message-ID"] = message_id(envelope.letter_id, edition.key, reader.id, host)
        made["List-Id"] = envelope.list_id
        made["List-Archive"] = f"<{envelope.archive}>"
        made["List-Unsubscribe"] = ", ".join(ways)
        if envelope.reply_to:
            made["Reply-To"] = envelope.reply_to
        if out.https:
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        way = out.https or out.mailto
        made.set_content(edition.text.replace(WAY_OUT, way), cte="quoted-printable")
        made.add_alternative(edition.html.replace(WAY_OUT, way), subtype="html", cte="quoted-printable")
        return made.as_bytes()

    return message


def message_id(letter_id: str, key: str, recipient_id: str, host: str) -> str:
    """Return the Message-ID of an issue for a person, the same on every try."""
    return f"<{hash_value([letter_id, key, recipient_id])}@{host}>"
