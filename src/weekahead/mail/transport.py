"""What a transport does: hand a letter to one person, or an edition to an engine that has the list; and how that ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct


class Accepted(Struct, frozen=True):
    """The other side has taken the letter and answers for it from now on."""

    code: int = 250
    text: str = ""


class Refused(Struct, frozen=True):
    """The other side will never take this letter for this person. `is_address` says that the address is at fault."""

    code: int
    text: str = ""
    is_address: bool = False


class TryLater(Struct, frozen=True):
    """Nothing was handed over; the same may work later. `host` says that not this letter but the connection failed."""

    code: int = 0
    text: str = ""
    host: bool = False


class InDoubt(Struct, frozen=True):
    """The text may have arrived: nobody can tell, so it is never sent again without a person."""

    why: str = ""


Outcome = Accepted | Refused | TryLater | InDoubt


class TransportError(Exception):
    """Nothing can be sent as things are set; the message says what, the hint what to do. Nothing was handed over."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Mailing(Struct, frozen=True, kw_only=True):
    """What an engine needs of an edition. `way_out` stands in it where a reader's own address to leave goes."""

    subject: str
    html: str
    text: str
    message: bytes
    """The whole message, for an engine that wants it so."""
    way_out: str


class HasAddress(Protocol):
    """Somebody who can be written to."""

    @property
    def id(self) -> str: ...
    @property
    def address(self) -> str: ...


class PersonTransport(Protocol):
    """Hands over one letter to one person at a time."""

    place: str
    """Where letters go, for the author: a host with its port."""

    def hand_over(self, recipient: HasAddress, message: bytes, on_354: Callable[[], None]) -> Outcome:
        """Hand over a letter. `on_354` is called before the first byte of text, and never unless the text follows.

        Raise TransportError if no letter can be sent at all.
        """

    def close(self) -> None:
        """End the connection, if there is one."""


class ListTransport(Protocol):
    """Hands an edition to an engine, which sends it to its own list."""

    place: str
    name: str
    """The engine."""
    keeps_no_drafts: bool
    """Whether a draft is ours alone, so that each run makes it again."""

    def find(self, name: str) -> str | None:
        """Return the engine's id of what has our name there, or None."""

    def create_draft(self, name: str, mailing: Mailing) -> str:
        """Make a draft, which nobody gets, and return the engine's id of it."""

    def start(self, draft: str) -> Outcome:
        """Have a draft sent. Only this can be in doubt."""

    def status(self, draft: str) -> bool | None:
        """Return whether a draft was started; None if the engine cannot tell."""

    def close(self) -> None:
        """End the connection, if there is one."""
