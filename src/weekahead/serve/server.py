"""Serve the site with drafts and the author's desk, over HTTP for this machine alone."""

from __future__ import annotations

import secrets
import threading
import traceback
import webbrowser
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from weekahead.build.pipeline import BuildOptions
from weekahead.model.findings import Finding, build_error
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.serve.desk_handler import DeskHandler
from weekahead.serve.job import Jobs
from weekahead.serve.local_server import LocalServer
from weekahead.serve.preview_handler import PreviewHandler
from weekahead.serve.site_state import SiteState
from weekahead.serve.watcher import watch

T = TypeVar("T")
PORTS = 20
"""Ports that are tried, from the one that is asked for; 0 stands for any."""


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
        with open_store(root) as store, closing(Preview(root, port, as_of, store)) as preview:
            queue = MainThreadQueue()
            preview.run_on_main_thread = queue.run
            say(f"{preview.site.url} shows the site with drafts, {preview.desk_url} your desk. Press Ctrl+C to stop.")
            preview.start()
            threading.Thread(target=watch, args=(root, lambda: reload(preview, show), stop), daemon=True).start()
            if open_it:
                webbrowser.open(preview.site.url)
            queue.process()
    finally:
        stop.set()


def reload(preview: Preview, show: Callable[[Iterable[Finding]], None]) -> None:
    """Read the letter again and show its errors. A bug of ours is printed as well, and the next save tried."""
    try:
        preview.run_on_main_thread(preview.state.refresh)
    except Exception:
        traceback.print_exc()
    show(preview.state.errors)


class Preview:
    """The site and the desk, each with an origin of its own, so that nothing in a text can reach the desk.

    `token` is what every edit must carry. Close it after use.
    """

    def __init__(self, root: Path, port: int, as_of: str | None, store: Store) -> None:
        """Read the letter. The site is on a port of the loopback interface or on the next free one, the desk behind it."""
        self.site = _bind(PreviewHandler, _ports(port))
        self.desk = _bind(DeskHandler, [*_ports(self.site.port + 1), 0])
        self.site.preview = self.desk.preview = self
        self._is_started = False
        self.token = secrets.token_urlsafe(24)
        self.run_on_main_thread: Callable[[Callable[[], Any]], Any] = lambda work: work()
        options = BuildOptions(
            root=root, as_of=as_of, base_url=self.site.url, drafts=True, output=root / ".weekahead" / "preview"
        )
        self.jobs = Jobs(root)
        self.state = SiteState(options=options, store=store)
        self.state.refresh()

    @property
    def desk_url(self) -> str:
        return f"{self.desk.url}_desk/"

    def start(self) -> None:
        """Answer requests, in threads of their own."""
        self._is_started = True
        for server in (self.site, self.desk):
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self.jobs.close()
        for server in (self.site, self.desk):
            if self._is_started:
                server.shutdown()
            server.server_close()


def _ports(first: int) -> range:
    return range(first, min(first + PORTS, 65536))


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


def _bind(handler: type[BaseHTTPRequestHandler], ports: Iterable[int]) -> LocalServer:
    """Return a server on the first free one of some ports. Raise BuildError."""
    denied = None
    for port in ports:
        try:
            return LocalServer(port, handler)
        except PermissionError:
            denied = denied or port
        except OSError:
            continue
    if denied:
        message, hint = f"you may not use port {denied}", "Choose one above 1023, such as --port 8000."
    else:
        message, hint = "no free port was found", "Choose another one, such as --port 9000."
    raise build_error("serve", "port-taken", message, hint)
