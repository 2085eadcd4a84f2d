"""The preview and the author's desk over HTTP, for this machine alone."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sys
import threading
import traceback
import webbrowser
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from weekahead.build.as_of import InvalidTime
from weekahead.build.pipeline import BuildOptions
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.serve.dashboard_actions import act
from weekahead.serve.dashboard_pages import (
    POLICY,
    asset,
    desk_page,
    error_page,
    feed_page,
    live,
    look_page,
    message_page,
)
from weekahead.serve.site_state import Answer, Faulty, Preview
from weekahead.serve.watcher import watch
from weekahead.source.schedule_editor import EditError

T = TypeVar("T")
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
LARGEST = 65_536
"""Bytes of a form."""
TRAVEL = re.compile(r"/_at/(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(/.*)?")


def serve(root: Path, *, port: int, as_of: str | None, open_it: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Loopback only; requests that name another host are refused."""
    stop = threading.Event()
    try:
        with open_store(root) as store, server_for(root, port, as_of, store) as server:
            turns = MainThreadQueue()
            server.turn = turns.ask
            say(f"{server.url} shows the letter with its drafts, {server.url}_desk/ the plan. Ctrl+C ends it.")
            threading.Thread(target=server.serve_forever, daemon=True).start()
            threading.Thread(target=watch, args=(root, lambda: told(server, say), stop), daemon=True).start()
            if open_it:
                webbrowser.open(server.url)
            turns.take()
    finally:
        stop.set()


def told(server: Server, say: Callable[[str], None]) -> None:
    """Read the letter again, and say what keeps it from being shown. A fault of ours is shown, and the next save tried."""
    try:
        server.turn(server.preview.refresh)
    except Exception:
        traceback.print_exc()
    for finding in server.preview.findings:
        say(str(finding))


class MainThreadQueue:
    """Work that threads hand to the main one, which alone can be stopped when it takes too long."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()

    def ask(self, work: Callable[[], T]) -> T:
        """What the work comes to, once its turn has come."""
        found: Future[T] = Future()
        self._waiting.put((found, work))
        return found.result()

    def take(self) -> None:
        """Do what is asked for, one after the other, until interrupted."""
        while True:
            found, work = self._waiting.get()
            try:
                found.set_result(work())
            except Exception as error:
                found.set_exception(error)


def server_for(root: Path, port: int, as_of: str | None, store: Store) -> Server:
    """A server that has read the letter, on a port of the loopback interface or on the next free one."""
    server = _bound(port)
    port = server.server_address[1]
    server.url, server.hosts = f"http://127.0.0.1:{port}/", {f"127.0.0.1:{port}", f"localhost:{port}"}
    server.preview = Preview(
        wanted=BuildOptions(
            root=root, as_of=as_of, base_url=server.url, drafts=True, output=root / ".weekahead" / "preview"
        ),
        store=store,
    )
    server.preview.refresh()
    return server


class Server(ThreadingHTTPServer):
    """Knows its preview, the names it may be called by, and the token that every change must carry."""

    daemon_threads = True
    preview: Preview
    hosts: set[str]
    url: str

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.token = secrets.token_urlsafe(24)
        self.turn: Callable[[Callable[[], Any]], Any] = lambda work: work()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of a page is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _bound(port: int) -> Server:
    for wanted in range(port, min(port + 20, 65535) + 1):
        try:
            return Server(("127.0.0.1", wanted))
        except OSError:
            continue
    raise BuildError(
        [
            Finding(
                where=Location("serve"),
                rule="port-taken",
                message=f"no port from {port} on is free",
                hint="Name another: --port 9000.",
            )
        ]
    )


class Handler(BaseHTTPRequestHandler):
    """Pages and the desk by GET, changes of the plan by POST, and a stream of events that says when to look again."""

    server: Server
    protocol_version = "HTTP/1.1"

    @property
    def preview(self) -> Preview:
        return self.server.preview

    def _turn(self, work: Callable[[], T]) -> T:
        found: T = self.server.turn(work)
        return found

    @property
    def root(self) -> Path:
        return self.preview.wanted.root

    # -- looking

    def do_GET(self) -> None:
        if not self._is_for_us():
            return
        address = urlsplit(self.path)
        path, asked = unquote(address.path), dict(parse_qsl(address.query, keep_blank_values=True))
        if path == "/_changes":
            self._events()
        elif path.startswith("/_desk/"):
            self._desk(path.removeprefix("/_desk/"), asked)
        elif path == "/_desk":
            self._lead("/_desk/")
        elif travel := TRAVEL.fullmatch(path):
            self._travel(travel[1], travel[2])
        else:
            last = "_last" in asked
            bar = "The last good page" if last and self.preview.findings else ""
            number = self.preview.number
            found = self._turn(lambda: self.preview.page(path, last=last))
            self._page(number, found, quote(path) + "?_last", bar)

    do_HEAD = do_GET

    def _travel(self, when: str, path: str | None) -> None:
        if path is None:
            self._lead(f"/_at/{when}/")
            return
        try:
            number = self.preview.number
            found = self._turn(lambda: self.preview.page_at(when, path))
            self._page(number, found, quote(path) + "?_last", f"As of {when.replace('T', ' ')}")
        except InvalidTime as error:
            self._html(HTTPStatus.NOT_FOUND, message_page(str(error)))

    def _page(self, number: int, found: Answer | Faulty, last: str, bar: str) -> None:
        """A page of the site with what keeps it up to date since `number`, or what is wrong."""
        if isinstance(found, Faulty):
            shown = error_page(self.root, found.findings, last if self.preview.good else None, number)
            self._html(HTTPStatus.INTERNAL_SERVER_ERROR, shown)
            return
        data = found.data
        if found.kind.startswith("text/html"):
            data = live(data, number, self.preview.look, bar)
        self._send(found.status, found.kind, data)

    def _desk(self, name: str, asked: dict[str, str]) -> None:
        if name == "":
            self._board()
        elif name == "at":
            self._lead_to_instant(asked.get("when", ""), asked.get("path", ""))
        elif name.startswith("look/"):
            self._look(name.removeprefix("look/"))
        elif name.startswith("feed/"):
            self._feed(name.removeprefix("feed/"))
        elif found := asset(name):
            self._send(HTTPStatus.OK, *found)
        else:
            self._html(HTTPStatus.NOT_FOUND, message_page("There is no such page on the desk."))

    def _board(self) -> None:
        number = self.preview.number  # as of now: what changes while the board is made is news to its page
        board, good = self._turn(self.preview.board), self.preview.good
        if board is None or good is None:
            page = error_page(self.root, self.preview.findings, None, number)
            self._html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
            return
        title = good.snapshot.letter.config.title
        found = self.preview.findings
        self._html(HTTPStatus.OK, desk_page(board, title, self.server.token, self.root, found, number))

    def _look(self, path: str) -> None:
        number = self.preview.number
        place, board, good = self.preview.issue(path), self._turn(self.preview.board), self.preview.good
        if place is None or board is None or good is None:
            self._html(HTTPStatus.NOT_FOUND, message_page("There is no such issue."))
            return
        file = place.issue.source.file
        of_drafts = (finding for draft in board.drafts for finding in draft.findings)
        found = tuple(finding for finding in (*of_drafts, *board.findings) if finding.where.file == file)
        title = good.snapshot.letter.config.title
        self._html(HTTPStatus.OK, look_page(place, title, self.root, found, f"{place.day}", number))

    def _feed(self, path: str) -> None:
        found, good = self._turn(lambda: self.preview.feed_item(path)), self.preview.good
        if found is None or good is None:
            self._html(HTTPStatus.NOT_FOUND, message_page("There is no such issue."))
            return
        self._html(HTTPStatus.OK, feed_page(*found, good.snapshot.letter.config.language))

    def _lead_to_instant(self, when: str, path: str) -> None:
        """From the date field to a page of that day."""
        if TRAVEL.fullmatch(f"/_at/{when}/"):
            self._lead(f"/_at/{when}/{quote(path.lstrip('/'))}")
        else:
            self._html(HTTPStatus.BAD_REQUEST, message_page(f"“{when}” is not a day; write 2022-09-23."))

    # -- changing

    def do_POST(self) -> None:
        """A change of the plan: only from a page of ours, which knows the token."""
        self.close_connection = True  # what is refused is not read
        if not self._is_for_us():
            return
        origin = self.headers.get("Origin", "")
        if urlsplit(origin).scheme != "http" or urlsplit(origin).netloc not in self.server.hosts:
            self._send(HTTPStatus.FORBIDDEN, PLAIN, b"The plan is changed from its own desk only.\n")
            return
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST:
            self._send(HTTPStatus.BAD_REQUEST, PLAIN, b"This is not a form of the desk.\n")
            return
        wanted = dict(parse_qsl(self.rfile.read(int(size)).decode("utf-8", "replace"), keep_blank_values=True))
        if not hmac.compare_digest(wanted.pop("token", "").encode(), self.server.token.encode()):
            self._said(HTTPStatus.FORBIDDEN, "This page is older than the preview; reload it.")
        elif self.path == "/_desk/plan":
            self._change(wanted)
        else:
            self._send(HTTPStatus.NOT_FOUND, PLAIN, b"There is nothing to change here.\n")

    def _change(self, wanted: dict[str, str]) -> None:
        try:
            changed = act(self.root, wanted)
        except EditError as refused:
            self._said(HTTPStatus.CONFLICT, f"Nothing was changed: {refused}.")
            return
        except BuildError as error:
            self._said(HTTPStatus.CONFLICT, f"Nothing was changed: {error.findings[0]}")
            return
        self._turn(self.preview.refresh)
        self._said(HTTPStatus.OK, "\n".join(["Saved in schedule.yaml.", *changed]) if changed else "Nothing to change.")

    def _said(self, status: HTTPStatus, words: str) -> None:
        """What came of a change: as data for the desk's script, as a page for a browser without."""
        if "application/json" in self.headers.get("Accept", ""):
            self._send(status, "application/json; charset=utf-8", json.dumps({"said": words}).encode())
        elif status is HTTPStatus.OK:
            self._lead("/_desk/")
        else:
            self._html(status, message_page(words))

    # -- answers

    def _is_for_us(self) -> bool:
        """A page elsewhere may lead its own name to this machine (DNS rebinding): only our own names are answered."""
        if self.headers.get("Host") in self.server.hosts:
            return True
        self._send(HTTPStatus.FORBIDDEN, PLAIN, b"This preview answers on this machine only.\n")
        return False

    def _lead(self, address: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _html(self, status: HTTPStatus, page: str) -> None:
        self._send(status, HTML, page.encode(), {"Content-Security-Policy": POLICY})

    def _send(self, status: HTTPStatus, kind: str, data: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        common = {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in {**common, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self) -> None:
        """Server-sent events (HTML standard, 9.2): what is shown now, and then each time that it changes."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        preview, seen = self.preview, -1
        try:
            while True:
                with preview.changed:
                    if preview.number == seen:
                        preview.changed.wait(timeout=15)
                    news, seen = preview.number != seen, preview.number
                    words = json.dumps({"number": seen, "look": preview.look})
                self.wfile.write(f"data: {words}\n\n".encode() if news else b": still here\n\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return
