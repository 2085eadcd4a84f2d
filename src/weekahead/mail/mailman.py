"""Mailman 3: a message is put into its incoming queue by its REST API (version 3.1).

Mailman has no drafts and cannot be asked what it has sent: what is lost on the way stays in doubt.
"""

from __future__ import annotations

from weekahead.mail.rest import Rest, basic
from weekahead.mail.transport import Mailing, Outcome, TransportError


class Mailman:
    """A list of Mailman's, by its posting address."""

    name = "Mailman"
    keeps_no_drafts = True

    def __init__(self, url: str, list: str, key: str) -> None:
        self.place = f"Mailman at {url}"
        self._list = list
        self._rest = Rest(self.name, url, basic(key), key)
        self._message = b""

    def find(self, name: str) -> None:
        """Return nothing, for Mailman has no names, once it is sure that the list is there. Raise TransportError."""
        if "@" not in self._list:
            raise TransportError(f'"{self._list}" is not a posting address', "Write mail: {list: letter@lists.example}")
        self._rest.ask("GET", f"lists/{self._list}")

    def create_draft(self, name: str, mailing: Mailing) -> str:
        """Keep the message here, and return our own name for it."""
        self._message = mailing.message
        return name

    def start(self, draft: str) -> Outcome:
        form = {"list_id": self._list.replace("@", "."), "text": self._message.decode("ascii")}
        return self._rest.start("POST", "queues/in", form=form)

    def status(self, draft: str) -> None:
        """Return nothing: Mailman cannot tell."""

    def close(self) -> None:
        """Nothing is open."""
