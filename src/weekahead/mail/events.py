"""Events that the letter's endpoint noted (endpoint_app.py): who left with one click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request

from msgspec import Struct

from weekahead import __version__
from weekahead.mail.hosts import is_this_machine, opener_without_redirects
from weekahead.model.addresses import is_host, split_address
from weekahead.model.hashing import hash_bytes

LARGEST = 16_000_000
"""Bytes of events that are read."""
SECONDS = 60


class Event(Struct, frozen=True):
    """Somebody left; the digest is of the whole event, which has its time."""

    digest: str
    ticket: str


class EventsError(Exception):
    """Events cannot be read; the message says why. `is_absent` says that there is no such page."""

    def __init__(self, message: str, *, is_absent: bool = False) -> None:
        super().__init__(message)
        self.is_absent = is_absent


def read_events(source: str, token: str) -> list[Event]:
    """Return the events of an endpoint, or of a file of its. Raise EventsError, which repeats no password of an address."""
    if "://" in source and not is_address(source):
        raise EventsError("events are read from an https address or from a file, and this is neither")
    return list(_events(_fetched(source, token) if is_address(source) else _file(Path(source))))


def is_address(source: str) -> bool:
    """Return whether a source of events is an address of the web, not a file."""
    return source.startswith(("https:", "http:"))


def _events(data: bytes) -> Iterator[Event]:
    """Yield what is an event. The last line of a file may be cut."""
    for line in data.splitlines():
        try:
            ticket = json.loads(line)["leave"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if isinstance(ticket, str):
            yield Event(hash_bytes(line), ticket)


def _file(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise EventsError(f"there is no file {path}")
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise EventsError(f"cannot read {path}: {error.strerror}") from None


def _fetched(address: str, token: str) -> bytes:
    parts = split_address(address)
    if not parts.scheme:
        raise EventsError("the address of the events is not a web address")
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.username is not None or not is_host(parts.hostname or ""):
        raise EventsError(f"{place} cannot be asked: it has a user, a password or no host")
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise EventsError(f"{place} is not https: its password would be sent unencrypted")
    try:
        fields = {"Authorization": f"Bearer {token}", "User-Agent": f"weekahead/{__version__}"}
        with opener_without_redirects().open(Request(address, headers=fields), timeout=SECONDS) as answer:
            return bytes(answer.read(LARGEST))
    except HTTPError as error:
        message = f"{place} answers {error.code}"
        if error.code == 401:
            message += ": it was written for another WEEKAHEAD_TOKEN_KEY, or the host drops the Authorization field"
        raise EventsError(message, is_absent=error.code in (404, 410)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise EventsError(f"cannot reach {place}: {getattr(error, 'reason', None) or error}"[:300]) from None
