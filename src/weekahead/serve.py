"""A preview on this machine: the plan held in memory, made anew as the author saves."""

from __future__ import annotations

import html
import mimetypes
import re
import threading
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from weekahead.cache import Cache
from weekahead.findings import Finding, NotReady, Where, in_file_order
from weekahead.output import Output
from weekahead.press import Wanted, preview

WATCHED = ("issues", "pages", "templates", "letter.yaml", "schedule.yaml")
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
"""A preview has a script that reloads it, which the page's own policy would stop."""
RELOAD = '<script>new EventSource("/_changes").onmessage = () => location.reload()</script>'


class Preview(Struct):
    """The site as the files on disk have it now, or the findings that keep it from being made."""

    wanted: Wanted
    outputs: dict[str, Output] = {}
    findings: tuple[Finding, ...] = ()
    edition: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    cache: Cache = field(default_factory=lambda: Cache(None))

    def refresh(self) -> None:
        """Read and plan again, and tell every open page. The last good plan stays while there are findings."""
        try:
            plan = preview(self.wanted, self.cache)
            outputs, findings = (
                dict(plan.outputs),
                tuple(finding for finding in plan.findings if finding.is_error),
            )
        except NotReady as error:
            outputs, findings = self.outputs, error.findings
        with self.changed:
            self.outputs, self.findings = outputs, findings
            self.edition += 1
            self.changed.notify_all()

    def page(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """Status, media type and bytes of a path of the site."""
        if self.findings:
            return (
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "text/html; charset=utf-8",
                error_page(self.wanted.root, self.findings),
            )
        name = path.lstrip("/")
        name += "index.html" if not name or name.endswith("/") else ""
        status = HTTPStatus.OK if name in self.outputs else HTTPStatus.NOT_FOUND
        output = self.outputs.get(name) or self.outputs.get("404.html")
        if output is None:
            return status, "text/plain; charset=utf-8", b"There is no such page.\n"
        try:
            data = output.make()
        except NotReady as error:
            return (
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "text/html; charset=utf-8",
                error_page(self.wanted.root, error.findings),
            )
        kind = mimetypes.guess_type(output.path)[0] or "application/octet-stream"
        if kind == "text/html":
            data = POLICY.sub(b"", data).replace(b"</body>", RELOAD.encode() + b"</body>")
        return (
            status,
            kind + ("; charset=utf-8" if kind.startswith("text/") or kind.endswith(("xml", "json")) else ""),
            data,
        )


def error_page(root: Path, findings: tuple[Finding, ...]) -> bytes:
    """The findings as a page, each with the author's own lines around it."""
    rows = []
    for finding in in_file_order(findings):
        hint = f"<p>{html.escape(finding.hint)}</p>" if finding.hint else ""
        rows.append(
            f"<section><h2>{html.escape(str(finding.where))}</h2><p>{html.escape(finding.message)} <code>[{finding.rule}]</code></p>{hint}{_excerpt(root, finding.where)}</section>"
        )
    style = "body{font:17px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}h2{font-size:1rem}pre{overflow:auto;padding:.6rem;background:#8882}mark{background:#fc06;color:inherit}"
    page = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not ready</title><style>{style}</style></head><body><main><h1>The letter is not ready</h1>{"".join(rows)}</main>{RELOAD}</body></html>'
    return page.encode()


def _excerpt(root: Path, where: Where) -> str:
    try:
        lines = (root / where.file).read_text("utf-8", "replace").split("\n")
    except OSError:
        return ""
    if not where.line:
        return ""
    shown = range(max(1, where.line - 2), min(len(lines), where.line + 2) + 1)
    rows = [f"{number:>4}  {html.escape(lines[number - 1])}" for number in shown]
    rows = [f"<mark>{row}</mark>" if number == where.line else row for number, row in zip(shown, rows, strict=True)]
    return f"<pre>{chr(10).join(rows)}</pre>"


def serve(root: Path, *, port: int, as_of: str | None, open_it: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Loopback only; requests that name another host are refused."""
    server = _bound(port)
    port = server.server_address[1]
    url = f"http://127.0.0.1:{port}/"
    found = Preview(Wanted(root=root, as_of=as_of, base_url=url, drafts=True))
    found.refresh()
    server.preview, server.hosts = found, {f"127.0.0.1:{port}", f"localhost:{port}"}
    threading.Thread(target=_watch, args=(root, found, say), daemon=True).start()
    say(f"{url} shows the letter with its drafts. Ctrl+C ends it.")
    if open_it:
        webbrowser.open(url)
    try:
        server.serve_forever()
    finally:
        server.server_close()


class Server(ThreadingHTTPServer):
    """Knows its preview, and the names it may be called by."""

    daemon_threads = True
    preview: Preview
    hosts: set[str]


def _bound(port: int) -> Server:
    """A server on a port of the loopback interface, or on the next free one."""
    for wanted in range(port, min(port + 20, 65535) + 1):
        try:
            return Server(("127.0.0.1", wanted), Handler)
        except OSError:
            continue
    raise NotReady(
        [
            Finding(
                where=Where("serve"),
                rule="port-taken",
                message=f"no port from {port} on is free",
                hint="Name another: --port 9000.",
            )
        ]
    )


def _watch(root: Path, preview: Preview, say: Callable[[str], None]) -> None:
    from watchfiles import watch

    paths = [root / name for name in WATCHED if (root / name).exists()]
    for _ in watch(*paths, debounce=60, step=20):
        preview.refresh()
        for finding in preview.findings:
            say(str(finding))


class Handler(BaseHTTPRequestHandler):
    """Pages by GET, and a stream of events that says when to reload."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            self._send(
                HTTPStatus.FORBIDDEN,
                "text/plain; charset=utf-8",
                b"This preview answers on this machine only.\n",
            )
            return
        path = unquote(urlsplit(self.path).path)
        if path == "/_changes":
            self._events()
        else:
            self._send(*self.server.preview.page(path))

    do_HEAD = do_GET

    def _send(self, status: HTTPStatus, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self) -> None:
        """Server-sent events (HTML standard, 9.2): one message a new edition."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        preview, seen = self.server.preview, self.server.preview.edition
        try:
            while True:
                with preview.changed:
                    news = preview.edition > seen or (preview.changed.wait(timeout=15) and preview.edition > seen)
                    seen = preview.edition
                self.wfile.write(b"data: changed\n\n" if news else b": still here\n\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return
