"""Preview server: the site with drafts and the author's desk, over HTTP for this machine alone."""

from __future__ import annotations

import secrets
import sys
import threading
import traceback
import webbrowser
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from weekahead.build.pipeline import BuildOptions
from weekahead.model.findings import Finding, build_error
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.serve.handler import RequestHandler
from weekahead.serve.site_state import SiteState
from weekahead.serve.watcher import watch

T = TypeVar("T")
PORTS = 20
"""Ports that are tried, from the one that is asked for."""


def serve(
    root: Path,
    *,
    port: int,
    as_of: str | None,
    open_it: bool,
    say: Callable[[str], None],
    show: Callable[[Iterable[Finding]], None],
) -> None:
    """Serve until interrupted. Loopback only; requests that name another host are refused."""
    stop = threading.Event()
    try:
        with open_store(root) as store, server_for(root, port, as_of, store) as server:
            queue = MainThreadQueue()
            server.run_on_main_thread = queue.run
            say(f"{server.url} shows the site with drafts, {server.url}_desk/ your desk. Press Ctrl+C to stop.")
            threading.Thread(target=server.serve_forever, daemon=True).start()
            threading.Thread(target=watch, args=(root, lambda: reload(server, show), stop), daemon=True).start()
            if open_it:
                webbrowser.open(server.url)
            queue.process()
    finally:
        stop.set()


def reload(server: Server, show: Callable[[Iterable[Finding]], None]) -> None:
    """Read the letter again and show its errors. A bug of ours is printed as well, and the next save tried."""
    try:
        server.run_on_main_thread(server.state.refresh)
    except Exception:
        traceback.print_exc()
    show(server.state.errors)


def server_for(root: Path, port: int, as_of: str | None, store: Store) -> Server:
    """Return a server that has read the letter, on a port of the loopback interface or on the next free one."""
    server = _bind(port)
    port = server.server_address[1]
    server.url, server.hosts = f"http://127.0.0.1:{port}/", {f"127.0.0.1:{port}", f"localhost:{port}"}
    options = BuildOptions(
        root=root, as_of=as_of, base_url=server.url, drafts=True, output=root / ".weekahead" / "preview"
    )
    server.state = SiteState(options=options, store=store)
    server.state.refresh()
    return server


class MainThreadQueue:
    """Work that waits for the main thread, the only one in which a CPU limit can stop it."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()

    def run(self, work: Callable[[], T]) -> T:
        """Have the main thread do some work; return or raise what comes of it."""
        future: Future[T] = Future()
        self._queue.put((future, work))
        return future.result()

    def process(self) -> None:
        """Do the work in order, until interrupted; called by the main thread."""
        while True:
            try:  # Python sees a signal that came just before a wait only when the wait ends
                future, work = self._queue.get(timeout=0.5)
            except Empty:
                continue
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)


class Server(ThreadingHTTPServer):
    """An HTTP server with the site's state, the hosts it answers to, and the token that every change must carry."""

    daemon_threads = True
    state: SiteState
    hosts: set[str]
    url: str

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, RequestHandler)
        self.token = secrets.token_urlsafe(24)
        self.run_on_main_thread: Callable[[Callable[[], Any]], Any] = lambda work: work()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a traceback, unless a browser went away in the middle of a page."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _bind(port: int) -> Server:
    for candidate in range(port, min(port + PORTS, 65536)):
        with suppress(OSError):
            return Server(("127.0.0.1", candidate))
    message, hint = f"no free port from {port} to {port + PORTS - 1}", "Choose another one, such as --port 9000."
    raise build_error("serve", "port-taken", message, hint)
