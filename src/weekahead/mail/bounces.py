"""Reports of mail servers: letters that failed (RFC 3464, and what flufl.bounce makes of others), complaints (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

from msgspec import Struct

from weekahead.mail.tickets import Tag, tags_in
from weekahead.model.hashing import hash_bytes

LARGEST = 131_072
"""Bytes of a report that are read: what failed stands before the letter itself, whose header comes first."""
MOST_PARTS = 200
"""A mail of more parts is no report; it could keep the parsers busy for seconds."""

COMPLAINTS = frozenset({"abuse", "fraud", "complaint", "opt-out"})
"""Feedback types by which a reader wants no more (RFC 5965, 3.5). Others are `not-spam` and reports about signatures."""
PASSING = re.compile(r"4\.|5\.2\.2|5\.7\.")
"""Statuses (RFC 3463) that say nothing about the address for good: try later, mailbox full, not wanted from this host."""


class Report(Struct, frozen=True, kw_only=True):
    """What a mail server reports about one letter."""

    is_complaint: bool
    is_hard: bool = False
    """The address failed for good."""
    status: str = ""
    addresses: frozenset[str] = frozenset()
    tags: tuple[Tag, ...] = ()
    """What is in the letter's own addresses that are quoted: proof that there was such a letter, and to whom."""
    letter: str = ""
    """Names the letter, the same in all reports about it."""


def read_report(data: bytes, address: str) -> Report | None:
    """Return what a mail reports about a letter that came from `address`; None if it is no such report."""
    data = data[:LARGEST]
    if data.lower().count(b"boundary=") > MOST_PARTS or data.count(b"\n--") > MOST_PARTS:
        return None
    try:
        return _read_report(data, address)
    except Exception:  # strangers write these, and the parsers of Python and of flufl.bounce fail in many ways
        return None


def _read_report(data: bytes, address: str) -> Report | None:
    from flufl.bounce import all_failures

    message = message_from_bytes(data)
    parts = list(message.walk())
    quoted = "\n".join([data.decode("ascii", "replace"), *_texts(parts)])
    facts: dict[str, Any] = {"tags": tuple(dict.fromkeys(tags_in(quoted, address))), "letter": _letter(message, data)}
    if feedback := next(_fields_of(parts, "message/feedback-report", "Feedback-Type"), ""):
        return Report(is_complaint=True, **facts) if feedback.strip().lower() in COMPLAINTS else None
    passing, lasting = all_failures(message)
    if not passing and not lasting:
        return None
    status = next((word for word in _fields_of(parts, "message/delivery-status", "Status") if word[:1] in "45"), "")
    return Report(
        is_complaint=False,
        is_hard=bool(lasting) and not PASSING.match(status),
        status=re.sub(r"[^0-9.]", "", status.strip().partition(" ")[0])[:12],
        addresses=frozenset(found.decode("ascii", "replace").lower() for found in lasting | passing),
        **facts,
    )


def _fields_of(parts: list[Message[Any, Any]], kind: str, name: str) -> Iterator[str]:
    """Yield a field of the blocks in the parts of a kind."""
    for part in parts:
        blocks = part.get_payload()
        if part.get_content_type() == kind and isinstance(blocks, list):
            yield from (str(block[name]).strip() for block in blocks if isinstance(block, Message) and name in block)


def _texts(parts: list[Message[Any, Any]]) -> Iterator[str]:
    """Yield the texts of a mail that are encoded."""
    for part in parts:
        if not part.is_multipart() and part.get("Content-Transfer-Encoding"):
            decoded = part.get_payload(decode=True)
            yield decoded.decode("ascii", "replace") if isinstance(decoded, bytes) else ""


def _letter(message: Message[Any, Any], data: bytes) -> str:
    """Return the Message-ID of the letter that a report is about, or what names the report itself."""
    own = str(message.get("Message-ID", "")).strip()
    named = [each.decode() for each in re.findall(rb"(?im)^message-id:[ \t]*(<[!-~]{1,250}>)", data)]
    return next((each for each in reversed(named) if each != own), hash_bytes(data))
