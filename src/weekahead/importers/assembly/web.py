"""The web as an import asks for it: https alone, never a machine of a private network, a pause between requests to a host."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from weekahead import __version__
from weekahead.lint.external_links import encode_address
from weekahead.model.addresses import join_addresses, split_address

PAUSE, TIMEOUT = 0.5, 20.0
"""Seconds between two requests to a host, and for which an answer is waited for."""
MOST_REDIRECTS = 5


class Response(Protocol):
    """An answer of a server, whose body is still to be read."""

    status: int
    headers: Mapping[str, str]

    def read(self, size: int) -> bytes:
        """Return at most so many bytes of the body. Raises OSError."""


class Web(Protocol):
    """What answers requests."""

    def open(self, address: str, fields: Mapping[str, str]) -> Any:
        """Return a context manager that gives the Response of an address. Raises OSError, HTTPException, ValueError."""


class NotAllowed(ValueError):
    """An address that is not asked for, with the reason."""


class PublicWeb:
    """The public web, over https."""

    def __init__(self, letter: str, pause: float = PAUSE) -> None:
        self._agent = f"weekahead/{__version__} (brings over the pictures of {letter})"
        self._pause = pause
        self._opener = build_opener(_NoRedirects(), _PublicHandler())
        self._asked: dict[str, float] = {}

    @contextmanager
    def open(self, address: str, fields: Mapping[str, str]) -> Iterator[Response]:
        """Give the answer of an address, wherever redirects lead. Raises OSError, HTTPException, ValueError."""
        for _ in range(MOST_REDIRECTS):
            address = encode_address(address)
            require_https(address)
            self._wait_for(split_address(address).netloc)
            request = Request(address, headers={"User-Agent": self._agent, "Accept": "*/*", **fields})
            try:
                response = self._opener.open(request, timeout=TIMEOUT)
            except HTTPError as error:
                with error:
                    target = error.headers.get("Location")
                    if not (300 <= error.code < 400 and target):
                        raise
                    address = join_addresses(address, target)
                continue
            with response:
                yield response
            return
        raise NotAllowed("too many redirects")

    def _wait_for(self, host: str) -> None:
        """Wait until the pause since the last request to a host is over."""
        left = self._asked.get(host, 0) + self._pause - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._asked[host] = time.monotonic()


def require_https(address: str) -> None:
    """Raise NotAllowed for an address that is not fetched: not of https, or with a name or password in it."""
    parts = split_address(address)
    if parts.scheme != "https":
        raise NotAllowed("it is not an https address")
    if "@" in parts.netloc:
        raise NotAllowed("it has a name or a password in it")


class _NoRedirects(HTTPRedirectHandler):
    """Leaves redirects to us: each target is looked at as the first address is."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


class _PublicHandler(HTTPSHandler):
    """Opens connections to public machines alone."""

    def https_open(self, request: Request) -> Any:
        return self.do_open(_PublicConnection, request)


class _PublicConnection(http.client.HTTPSConnection):
    """A connection that is closed before a word is said if its other end is no public machine."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._create_connection: Callable[..., socket.socket] = _connect_to_public


def _connect_to_public(*arguments: Any, **named: Any) -> socket.socket:
    connection = socket.create_connection(*arguments, **named)
    if not is_public(connection.getpeername()[0]):
        connection.close()
        raise NotAllowed("it leads into a private network")
    return connection


def is_public(machine: str) -> bool:
    """Return whether an IP address is one of the public Internet."""
    address = ipaddress.ip_address(machine.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast
