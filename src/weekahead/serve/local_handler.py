"""What every request of the preview and the desk goes through: who may ask, what is malformed, how answers are sent."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import BinaryIO, TypeVar
from urllib.parse import parse_qsl, unquote

from weekahead.model.addresses import split_address
from weekahead.serve.local_server import LocalServer
from weekahead.serve.pages import FILE_POLICY, asset, message_page
from weekahead.serve.site_state import SiteState

T = TypeVar("T")
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
PIECE = 1 << 18
"""Bytes that are read or written at once."""
HEARTBEAT = 15
"""Seconds without news after which a stream sends a comment."""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Refusal(Exception):
    """Why a request gets no more than a status and a line."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class LocalHandler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: LocalServer
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # of a request line that cannot be read; 0.9 has no status to answer with
    server_version, sys_version = "weekahead", ""
    timeout = 30
    """Seconds for each read and write."""
    headers_of_origin: dict[str, str] = {}
    destinations: tuple[str, ...]
    """Where other sites may open a page."""

    @property
    def state(self) -> SiteState:
        return self.server.preview.state

    def on_main_thread(self, work: Callable[[], T]) -> T:
        result: T = self.server.preview.run_on_main_thread(work)
        return result

    def url_of(self, server: LocalServer) -> str:
        """Return the address of an origin, under the name by which this one was asked."""
        return server.url_as(self.headers["Host"].partition(":")[0].lower())

    # -- requests

    def handle_one_request(self) -> None:
        self.server.set_idle(self.connection, True)
        super().handle_one_request()

    def parse_request(self) -> bool:
        is_read = super().parse_request()
        self.server.set_idle(self.connection, False)
        if not is_read and not self.requestline.strip():
            self.send_error(HTTPStatus.BAD_REQUEST)
        return is_read

    def do_GET(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what it sends along is not read, nor taken for the next request
        self.answer(self.get)

    do_HEAD = do_GET

    def get(self, path: str, query: dict[str, str]) -> None:
        raise NotImplementedError

    def answer(self, work: Callable[[str, dict[str, str]], None]) -> None:
        """Have a request with a path and a query answered, or say why not."""
        try:
            work(*self._checked_address())
        except Refusal as refusal:
            self.close_connection = True
            self.send(refusal.status, PLAIN, f"{refusal}\n".encode())
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:
            self.close_connection = True
            traceback.print_exc()
            message = "This is a bug in weekahead, not a mistake in your letter. The terminal shows where.\n"
            self.send(HTTPStatus.INTERNAL_SERVER_ERROR, PLAIN, message.encode())

    def _checked_address(self) -> tuple[str, dict[str, str]]:
        """Return path and query of a request that may be answered. Raise Refusal."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1:
            raise Refusal(HTTPStatus.BAD_REQUEST, "A request names one host.")
        host = hosts[0].lower()
        if host not in self.server.hosts:
            raise Refusal(HTTPStatus.FORBIDDEN, "The preview answers on this machine only.")
        address = split_address(self.path)
        if (address.scheme, address.netloc.lower()) not in (("", ""), ("http", host)) or address.path[:1] != "/":
            raise Refusal(HTTPStatus.BAD_REQUEST, "This is not an address of the preview.")
        self._refuse_strangers()
        return unquote(address.path), dict(parse_qsl(address.query, keep_blank_values=True))

    def _refuse_strangers(self) -> None:
        """Refuse requests out of other sites' pages that do not open a page, and scripts that would stay (Fetch Metadata)."""
        site, mode, destination = (self.headers.get(f"Sec-Fetch-{name}") for name in ("Site", "Mode", "Dest"))
        opens = mode == "navigate" and destination in self.destinations
        if (site and site not in ("none", "same-origin") and not opens) or destination == "serviceworker":
            raise Refusal(HTTPStatus.FORBIDDEN, "Pages elsewhere have no access.")

    # -- answers

    def send(self, status: HTTPStatus, media_type: str, body: bytes, policy: str | None = FILE_POLICY) -> None:
        self.send_content(status, media_type, BytesIO(body), policy)

    def send_content(self, status: HTTPStatus, media_type: str, content: BinaryIO, policy: str | None) -> None:
        """Send what a file holds, in pieces, and close it."""
        with content:
            size = content.seek(0, os.SEEK_END)
            content.seek(0)
            headers = {"Content-Type": media_type, "Content-Length": str(size), **HEADERS, **self.headers_of_origin}
            if policy:
                headers["Content-Security-Policy"] = policy
            self._send_head(status, headers)
            if self.command != "HEAD":
                self._send_pieces(content)

    def _send_pieces(self, content: BinaryIO) -> None:
        """Send the rest of a file. Whoever does not read it has an idle connection."""
        while piece := content.read(PIECE):
            self.server.set_idle(self.connection, True)
            self.wfile.write(piece)
        self.server.set_idle(self.connection, False)

    def read_body(self, size: int) -> bytes:
        """Return what a request sends along, which may be less. Whoever does not send it has an idle connection."""
        pieces, left = [], size
        while left:
            self.server.set_idle(self.connection, True)
            piece = self.rfile.read1(min(left, PIECE))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        self.server.set_idle(self.connection, False)
        return b"".join(pieces)

    def _send_head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server refuses: a malformed or overlong request, an unknown method."""
        self.close_connection = True
        status = HTTPStatus(code)
        self.send(status, PLAIN, f"{message or status.phrase}\n".encode())

    def redirect(self, address: str) -> None:
        self._send_head(HTTPStatus.SEE_OTHER, {"Location": address, "Content-Length": "0", **HEADERS})

    def send_html(self, status: HTTPStatus, page: str) -> None:
        self.send(status, HTML, page.encode(), self.own_policy())

    def own_policy(self) -> str:
        """Return what pages of ours may load at this origin."""
        raise NotImplementedError

    def send_message(self, status: HTTPStatus, heading: str, message: str) -> None:
        self.send_html(status, message_page(heading, message))

    def send_not_found(self, message: str) -> None:
        self.send_message(HTTPStatus.NOT_FOUND, "Page not found", message)

    def send_asset(self, name: str) -> bool:
        """Send a style sheet or script of the desk; return whether there is one of that name."""
        file = asset(name)
        if file:
            self.send(HTTPStatus.OK, *file)
        return file is not None

    def stream_changes(self) -> None:
        """Send events (HTML standard, 9.2, server-sent events): the version shown now, and each new one."""
        self.close_connection = True
        self._send_head(HTTPStatus.OK, {"Content-Type": "text/event-stream", **HEADERS, **self.headers_of_origin})
        if self.command == "HEAD":
            return
        self.server.set_idle(self.connection, True)
        state, sent, waited = self.state, -1, 0
        while self.server.is_open(self.connection):
            with state.changed:
                if state.version == sent:
                    state.changed.wait(timeout=1)
                is_new, sent = state.version != sent, state.version
                event = json.dumps({"version": sent, "theme": state.theme})
            waited = 0 if is_new else waited + 1
            if is_new or waited % HEARTBEAT == 0:
                self.wfile.write(f"data: {event}\n\n".encode() if is_new else b": still here\n\n")

    def log_message(self, format: str, *args: object) -> None:
        return
