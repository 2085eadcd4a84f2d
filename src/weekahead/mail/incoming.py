"""What a mail to the letter's mailbox wants, told from its header alone (RFC 5322, RFC 3834)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

from msgspec import Struct

from weekahead.mail.subscriber_csv import NoAddress, plain_address
from weekahead.mail.tickets import tags_in
from weekahead.model.hashing import hash_bytes

LARGEST_HEAD = 32_768
"""Bytes of a header that are read. What is longer is left alone."""
LONGEST_FIELD = 2_000

TO_WHOM = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
"""Header fields with the address that a mail was sent to, the surest first."""
SERVERS = re.compile(r"\b(mailer-daemon|postmaster)@", re.IGNORECASE)
MACHINES = re.compile(r"\b(no-?reply|do-?not-?reply)@", re.IGNORECASE)
AUTOMATIC_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-failed-recipients")


class Kind(StrEnum):
    """What a mail wants."""

    JOIN = "join"
    CONFIRM = "confirm"
    LEAVE = "leave"
    REPORT = "report"
    """It may say that a letter failed, or that somebody complains of it: the whole mail has to be read."""


class Incoming(Struct, frozen=True, kw_only=True):
    """A mail that wants something of the letter."""

    kind: Kind
    digest: str
    """Of its header: the same mail has the same one."""
    ticket: str = ""
    sender: str | None = None
    """Who wrote it, if that is one address."""
    is_automatic: bool = False
    """Whether a machine wrote it. It is never answered, and confirms nothing."""
    message_id: str | None = None


def read_head(head: bytes, address: str) -> Incoming | None:
    """Return what a mail with this header wants of the letter with this address; None if nothing, as most mails do."""
    try:
        return _read_head(head, address)
    except Exception:  # strangers write these, and Python's own parsers fail in many ways, some not documented
        return None


def _read_head(head: bytes, address: str) -> Incoming | None:
    message = message_from_bytes(head[:LARGEST_HEAD])
    found = _kind(message, address)
    if found is None:
        return None
    kind, ticket = found
    named = re.search(r"<[^<>\s]{1,250}>", _field(message, "Message-ID"))
    return Incoming(
        kind=kind,
        digest=hash_bytes(head),
        ticket=ticket,
        sender=_sender(message, address),
        is_automatic=_is_automatic(message),
        message_id=named[0] if named and named[0].isascii() else None,
    )


def _kind(message: Message[Any, Any], address: str) -> tuple[Kind, str] | None:
    bounce = ""
    for name in TO_WHOM:
        for tag in tags_in(" ".join(_fields(message, name)), address):
            if tag.purpose == "leave":
                return Kind.LEAVE, tag.ticket
            if tag.purpose == "join":
                return (Kind.CONFIRM if tag.ticket else Kind.JOIN), tag.ticket
            bounce = bounce or tag.ticket
    return (Kind.REPORT, bounce) if bounce or _is_report(message) else None


def _is_report(message: Message[Any, Any]) -> bool:
    """Return whether a mail may come from a mail server (RFC 3464, RFC 5965, and those that follow neither)."""
    return (
        message.get_content_type() == "multipart/report"
        or _field(message, "Return-Path").strip() == "<>"
        or "X-Failed-Recipients" in message
        or SERVERS.search(_field(message, "From")) is not None
    )


def _is_automatic(message: Message[Any, Any]) -> bool:
    names = {name.lower() for name, _ in message.items()}
    suppressed = _field(message, "X-Auto-Response-Suppress").lower()
    return (
        _is_report(message)
        or MACHINES.search(_field(message, "From")) is not None
        or _field(message, "Auto-Submitted").strip().lower().partition(";")[0].strip() not in ("", "no")
        or _field(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or "all" in suppressed
        or "autoreply" in suppressed
        or any(name.startswith("list-") for name in names)
        or not names.isdisjoint(AUTOMATIC_FIELDS)
    )


def _sender(message: Message[Any, Any], address: str) -> str | None:
    """Return the one address that a mail says it is from; None if there are others, or it is one of the letter's own."""
    found = {words for _, words in getaddresses(_fields(message, "From"))}
    if len(found) != 1:
        return None
    try:
        plain = plain_address(found.pop())
    except NoAddress:
        return None
    return None if any(tags_in(plain, address)) else plain


def _fields(message: Message[Any, Any], name: str) -> Iterator[str]:
    for value in message.get_all(name, [])[:10]:
        yield str(value)[:LONGEST_FIELD]


def _field(message: Message[Any, Any], name: str) -> str:
    return next(_fields(message, name), "")
