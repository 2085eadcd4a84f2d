"""Tickets: words in an address by which a letter knows a reader again, without the reader's address in them."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Iterator

from msgspec import Struct

ID, MAC = 10, 20
"""Characters of an id and of its signature, five bits each. Lower case alone: some servers fold addresses."""


class WayOut(Struct, frozen=True, kw_only=True):
    """How one reader leaves: by a mail, and at an https address where the letter has one."""

    mailto: str
    https: str | None = None


class Signer(Struct, frozen=True):
    """Signs and reads tickets with the letter's own key."""

    key: str
    letter: str
    """The letter's id: two letters may have one key."""

    def ticket(self, purpose: str, id: str) -> str:
        """Return what stands in an address for a reader and a purpose: join, leave or bounce."""
        return id + self._signed(f"{purpose} {id}")

    def read(self, purpose: str, ticket: str) -> str | None:
        """Return the id of a ticket of ours; None if it is of another purpose, letter or key."""
        id = ticket.lower()[:ID]
        return id if hmac.compare_digest(ticket.lower().encode(), self.ticket(purpose, id).encode()) else None

    def events_token(self) -> str:
        """Return the password with which events are fetched from the letter's endpoint."""
        return self._signed("events")

    def forgotten(self, address: str) -> str:
        """Return what is kept of the address of somebody who is forgotten: it tells nothing without the key."""
        return self._signed(f"forgotten {address.casefold()}")

    def _signed(self, words: str) -> str:
        digest = hmac.digest(self.key.encode(), f"{self.letter}\n{words}".encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:MAC]


def new_id() -> str:
    """Return a new id of a reader."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:ID]


def with_ticket(address: str, purpose: str, ticket: str) -> str:
    """Return an address of the letter's that has a ticket in it: nora+leave-TICKET@letter.example."""
    local, _, host = address.rpartition("@")
    return f"{local}+{purpose}-{ticket}@{host}"


class Tag(Struct, frozen=True):
    """What an address of the letter's has after its plus sign: join, or a purpose with a ticket."""

    purpose: str
    ticket: str = ""


def tags_in(text: str, address: str) -> Iterator[Tag]:
    """Yield the tags of all addresses in a text that are made from an address of the letter's."""
    local, _, host = map(re.escape, address.partition("@"))
    ticket = f"[a-z2-7]{{{ID + MAC}}}"
    pattern = rf"(?<![\w.+-]){local}\+(?:(join)|(join|leave|bounce)-({ticket}))@{host}(?![\w-])(?!\.\w)"
    for found in re.finditer(pattern, text, re.IGNORECASE | re.ASCII):
        yield Tag(found[1].lower()) if found[1] else Tag(found[2].lower(), found[3].lower())


def bounce_address(signer: Signer, sender: str, id: str) -> str:
    """Return the address to which a reader's letter comes back when it fails (a variable envelope return path)."""
    return with_ticket(sender, "bounce", signer.ticket("bounce", id))


def way_out(signer: Signer, sender: str, unsubscribe: str | None, id: str) -> WayOut:
    """Return how a reader leaves a letter that comes from `sender`; `unsubscribe` is its page for that, if there is one."""
    ticket = signer.ticket("leave", id)
    return WayOut(
        mailto=f"mailto:{with_ticket(sender, 'leave', ticket)}",
        https=unsubscribe.rstrip("/") + "/" + ticket if unsubscribe else None,
    )
