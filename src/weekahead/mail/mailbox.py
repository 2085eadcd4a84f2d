"""The letter's mailbox, read over IMAP (RFC 3501). Nothing in it is deleted, and what is not ours stays unseen."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qs, unquote

from msgspec import Struct

from weekahead.mail.bounces import LARGEST
from weekahead.mail.hosts import without_secrets
from weekahead.mail.incoming import LARGEST_HEAD
from weekahead.model.addresses import is_host, split_address

KEYWORD = "WeekaheadHandled"
"""The flag of mails that were handled, beside the one that says they were seen."""
LOOK_BACK = timedelta(days=60)
"""Older mails are not looked at."""
AT_ONCE = 50
"""Mails whose headers are fetched together."""
SECONDS = 60
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailboxError(Exception):
    """The mailbox cannot be used; the message says why, without a password."""


class MailboxAddress(Struct, frozen=True, kw_only=True):
    """Where a mailbox is, as WEEKAHEAD_IMAP says: imaps://user:password@host:993/INBOX."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    name: str

    @classmethod
    def parse(cls, address: str) -> MailboxAddress:
        """Return what an address says. Raise MailboxError."""
        parts = split_address(address)
        host, port, query = parts.hostname, parts.port, parse_qs(parts.query, keep_blank_values=True)
        if parts.scheme not in ("imaps", "imap") or not host or not is_host(host) or not parts.username:
            raise MailboxError("it is not imaps://user:password@host/INBOX")
        tls = "implicit" if parts.scheme == "imaps" else query.pop("tls", ["none"])[-1]
        name = unquote(parts.path.lstrip("/")) or "INBOX"
        if tls not in ("implicit", "starttls", "none") or query or not name.isascii() or not name.isprintable():
            raise MailboxError(
                "after the host it may have /INBOX or another name in ASCII, and with imap: ?tls=starttls"
            )
        user, password = unquote(parts.username), unquote(parts.password or "")
        if "\0" in user + password:
            raise MailboxError("its user or password cannot be sent")
        port = port or (993 if tls == "implicit" else 143)
        return cls(host=host, port=port, tls=tls, user=user, password=password, name=name)


class Mailbox:
    """An open mailbox. Close it, or use it in a `with` statement; every method may raise MailboxError."""

    def __init__(self, address: MailboxAddress, *, is_read_only: bool) -> None:
        """Open a mailbox."""
        self._place = f"{address.host}:{address.port}"
        self._secrets = (address.password, f"\0{address.user}\0{address.password}")
        with self._explained():
            self._server = _connect(address)
            try:
                _log_in(self._server, address)
                self._ask(lambda: self._server.select(_quoted(address.name), readonly=is_read_only))
            except BaseException:
                self._server.shutdown()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the mailbox as it is and end the connection."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()

    def unhandled(self) -> Iterator[tuple[str, bytes]]:
        """Yield the UID and the header of each mail of the last weeks that is not marked, oldest first."""
        day = datetime.now(UTC) - LOOK_BACK
        since = f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
        query = ("UNDELETED", "UNKEYWORD", KEYWORD, "SINCE", since)
        found = b" ".join(part for part in self._ask(lambda: self._server.uid("SEARCH", *query)) if part)
        uids = sorted(map(int, found.split()))
        for start in range(0, len(uids), AT_ONCE):
            wanted = ",".join(map(str, uids[start : start + AT_ONCE]))
            yield from self._fetch(wanted, f"BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>")

    def whole(self, uid: str) -> bytes:
        """Return a mail, or as much of it as is read; empty if it is gone."""
        return next((data for found, data in self._fetch(uid, f"BODY.PEEK[]<0.{LARGEST}>") if found == uid), b"")

    def mark(self, uid: str) -> None:
        """Mark a mail as seen and handled."""
        try:
            self._ask(lambda: self._server.uid("STORE", uid, "+FLAGS.SILENT", rf"(\Seen {KEYWORD})"))
        except MailboxError:  # a server without keywords; what was handled is in the list of readers as well
            self._ask(lambda: self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))

    def _fetch(self, uids: str, what: str) -> Iterator[tuple[str, bytes]]:
        parts = self._ask(lambda: self._server.uid("FETCH", uids, f"(UID {what})"))
        for part, after in zip(parts, [*parts[1:], b""], strict=True):
            if isinstance(part, tuple):
                around = part[0] + (after if isinstance(after, bytes) else b"")
                if uid := re.search(rb"\bUID (\d+)", around):
                    yield uid[1].decode(), part[1]

    def _ask(self, command: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        with self._explained():
            status, data = command()
            if status != "OK":
                said = data[0] if data and isinstance(data[0], bytes) else b""
                words = without_secrets(said.decode("utf-8", "replace")[:200], *self._secrets)
                raise MailboxError(f"{self._place}: {words or status}")
            return data

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Raise what goes wrong in the block as a MailboxError."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
            said = str(getattr(error, "strerror", None) or error)[:200] or type(error).__name__
            raise MailboxError(f"{self._place}: {without_secrets(said, *self._secrets)}") from None


def _connect(address: MailboxAddress) -> imaplib.IMAP4:
    tls = ssl.create_default_context()
    if address.tls == "implicit":
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=tls, timeout=SECONDS)
    server = imaplib.IMAP4(address.host, address.port, timeout=SECONDS)
    if address.tls == "starttls":
        server.starttls(tls)
    return server


def _log_in(server: imaplib.IMAP4, address: MailboxAddress) -> None:
    """Log in. PLAIN takes any user and password; LOGIN is what old servers have."""
    if "AUTH=PLAIN" in server.capabilities:
        server.authenticate("PLAIN", lambda _: f"\0{address.user}\0{address.password}".encode())
    else:
        server.login(_quoted(address.user), address.password)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
