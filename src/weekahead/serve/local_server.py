"""HTTP for this machine alone: one origin, which no number of idle or slow connections stops."""

from __future__ import annotations

import select
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weekahead.serve.server import Preview

NAMES = ("127.0.0.1", "localhost")
HTTP_PORT = 80
"""Browsers leave it out of addresses."""
MAX_CONNECTIONS = 128
"""Each has a thread; for another one, the connection is closed that has waited longest for whoever is at its other end."""
MAX_DISCARDED = 2**20
"""Bytes of a refused request that are read, so that its sender gets to read the answer."""


class LocalServer(ThreadingHTTPServer):
    """One of the two origins of `preview`, on a port of the loopback interface."""

    daemon_threads = True
    request_queue_size = 1024  # a connection that finds no room there is tried again after a second
    preview: Preview

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.port: int = self.server_address[1]
        self.hosts = {f"{name}:{self.port}" for name in NAMES} | {name for name in NAMES if self.port == HTTP_PORT}
        """What a request may name; a page elsewhere may point its own name at this machine (DNS rebinding)."""
        self.url = self.url_as(NAMES[0])
        self._open: set[socket.socket] = set()
        self._idle: dict[socket.socket, None] = {}  # in the order in which they became idle
        self._room = threading.Condition()
        self._is_stopped = False

    def url_as(self, name: str) -> str:
        """Return the address of the origin under one of the machine's names."""
        return f"http://{name}/" if self.port == HTTP_PORT else f"http://{name}:{self.port}/"

    # -- connections

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._room:
            while len(self._open) >= MAX_CONNECTIONS and not (self._close_idle() or self._is_stopped):
                self._room.wait(0.1)
            self._open.add(request)
            self._idle[request] = None
        super().process_request(request, client_address)

    def _close_idle(self) -> bool:
        """Close the connection that has been idle longest; return whether there was one."""
        idle = next((each for each in self._idle if not _has_data(each)), None)
        if idle is None:
            return False
        self._forget(idle)
        with suppress(OSError):
            idle.shutdown(socket.SHUT_RDWR)  # wakes its thread, which closes it
        return True

    def set_idle(self, connection: socket.socket, is_idle: bool) -> None:
        """Note whether a connection waits for something: a request, or news to send."""
        with self._room:
            self._idle.pop(connection, None)
            if is_idle and connection in self._open:
                self._idle[connection] = None
                self._room.notify()

    def is_open(self, connection: socket.socket) -> bool:
        return connection in self._open

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, after it has read what is left of a refused request."""
        self.set_idle(request, True)
        with suppress(OSError):
            request.shutdown(socket.SHUT_WR)
            request.settimeout(0.5)
            for _ in range(0, MAX_DISCARDED, 65536):
                if not request.recv(65536):
                    break
        with self._room:
            self._forget(request)
            self._room.notify()
        self.close_request(request)

    def _forget(self, connection: socket.socket) -> None:
        self._open.discard(connection)
        self._idle.pop(connection, None)

    def shutdown(self) -> None:
        self._is_stopped = True
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a traceback, unless a browser went away in the middle of a page or reads too slowly."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _has_data(connection: socket.socket) -> bool:
    """Return whether something has come that nobody has read."""
    poll = select.poll()  # select.select() has a limit of 1,024 files
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))
