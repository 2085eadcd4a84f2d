"""Handles HTTP requests: pages and the desk by GET, edits of the plan by POST, and a stream of events on changes."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from weekahead.build.as_of import InvalidTime
from weekahead.model.findings import BuildError
from weekahead.serve.dashboard import submit_form
from weekahead.serve.pages import (
    CONTENT_SECURITY_POLICY,
    asset,
    dashboard_page,
    error_page,
    feed_item_page,
    issue_preview_page,
    message_page,
    with_live_script,
)
from weekahead.serve.site_state import Response, SiteState
from weekahead.source.schedule_editor import EditError

if TYPE_CHECKING:
    from weekahead.serve.server import Server

T = TypeVar("T")
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
MAX_FORM_BYTES = 65_536
NOTHING_CHANGED = "Nothing was changed"
DATED_PATH = re.compile(r"/_at/(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(/.*)?")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RequestHandler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"

    @property
    def state(self) -> SiteState:
        return self.server.state

    def _on_main_thread(self, work: Callable[[], T]) -> T:
        result: T = self.server.run_on_main_thread(work)
        return result

    # -- GET

    def do_GET(self) -> None:
        if not self._has_allowed_host():
            return
        address = urlsplit(self.path)
        path, query = unquote(address.path), dict(parse_qsl(address.query, keep_blank_values=True))
        if path == "/_changes":
            self._stream_changes()
        elif path.startswith("/_desk/"):
            self._get_desk(path.removeprefix("/_desk/"), query)
        elif path == "/_desk":
            self._redirect("/_desk/")
        elif dated := DATED_PATH.fullmatch(path):
            self._get_dated_page(dated[1], dated[2])
        else:
            last_good = "_last" in query
            label = "The last version without errors" if last_good and self.state.errors else ""
            self._send_page(lambda: self.state.page(path, last_good=last_good), path, label)

    do_HEAD = do_GET

    def _get_dated_page(self, when: str, path: str | None) -> None:
        """A page as of a day, from an address that begins with it."""
        if path is None:
            self._redirect(f"/_at/{when}/")
            return
        try:
            self._send_page(lambda: self.state.page_at(when, path), path, f"As of {when.replace('T', ' ')}")
        except InvalidTime as error:
            self._send_not_found(f"{error}.")

    def _send_page(self, make: Callable[[], Response], path: str, label: str) -> None:
        """Send a page of the site with the script that reloads it, or its errors."""
        version = self.state.version
        try:
            response = self._on_main_thread(make)
        except BuildError as error:
            last_good = f"{quote(path)}?_last" if self.state.last_good else None
            page = error_page(self.state.options.root, error.findings, last_good, version)
            self._send_html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
            return
        body = response.body
        if response.media_type.startswith("text/html"):
            body = with_live_script(body, version, self.state.theme, label)
        self._send(response.status, response.media_type, body)

    # -- the desk

    def _get_desk(self, name: str, query: dict[str, str]) -> None:
        if name == "":
            self._get_dashboard()
        elif name == "at":
            self._redirect_to_day(query.get("when", ""), query.get("path", ""))
        elif name.startswith("preview/"):
            self._get_issue_preview(name.removeprefix("preview/"))
        elif name.startswith("feed/"):
            self._get_feed_item(name.removeprefix("feed/"))
        elif file := asset(name):
            self._send(HTTPStatus.OK, *file)
        else:
            self._send_not_found("The desk has no such page.")

    def _get_dashboard(self) -> None:
        version = self.state.version  # before the work: a change during it is news to this page
        dashboard, site = self._on_main_thread(self.state.dashboard), self.state.last_good
        errors, root = self.state.errors, self.state.options.root
        if dashboard is None or site is None:
            self._send_html(HTTPStatus.INTERNAL_SERVER_ERROR, error_page(root, errors, None, version))
            return
        title = site.snapshot.letter.config.title
        self._send_html(HTTPStatus.OK, dashboard_page(dashboard, title, self.server.token, root, errors, version))

    def _get_issue_preview(self, path: str) -> None:
        version = self.state.version
        issue, dashboard = self.state.issue(path), self._on_main_thread(self.state.dashboard)
        site = self.state.last_good
        if issue is None or dashboard is None or site is None:
            self._send_not_found("There is no such issue.")
            return
        of_drafts = (finding for draft in dashboard.drafts for finding in draft.findings)
        findings = tuple(each for each in (*of_drafts, *dashboard.findings) if each.where.file == issue.source.file)
        title, root = site.snapshot.letter.config.title, self.state.options.root
        self._send_html(HTTPStatus.OK, issue_preview_page(issue, title, root, findings, version))

    def _get_feed_item(self, path: str) -> None:
        item, site = self._on_main_thread(lambda: self.state.feed_item(path)), self.state.last_good
        if item is None or site is None:
            self._send_not_found("There is no such issue.")
            return
        self._send_html(HTTPStatus.OK, feed_item_page(*item, site.snapshot.letter.config.language))

    def _redirect_to_day(self, when: str, path: str) -> None:
        """From the form with a date to a page as of that day."""
        if DATED_PATH.fullmatch(f"/_at/{when}/"):
            self._redirect(f"/_at/{when}/{quote(path.lstrip('/'))}")
        else:
            page = message_page("Not a date", f"“{when}” is not a date; write it like 2022-09-23.")
            self._send_html(HTTPStatus.BAD_REQUEST, page)

    # -- POST

    def do_POST(self) -> None:
        """An edit of the plan: only from a page of ours, which has the token."""
        self.close_connection = True  # the body of a refused request is not read
        if not self._has_allowed_host():
            return
        origin = urlsplit(self.headers.get("Origin", ""))
        if origin.scheme != "http" or origin.netloc not in self.server.hosts:
            self._send(HTTPStatus.FORBIDDEN, PLAIN, b"The plan can be edited from its own desk only.\n")
            return
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > MAX_FORM_BYTES:
            self._send(HTTPStatus.BAD_REQUEST, PLAIN, b"Not a form of the desk.\n")
            return
        form = dict(parse_qsl(self.rfile.read(int(size)).decode("utf-8", "replace"), keep_blank_values=True))
        if not hmac.compare_digest(form.pop("token", "").encode(), self.server.token.encode()):
            self._send_outcome(HTTPStatus.FORBIDDEN, "This page is from an earlier run of weekahead serve. Reload it.")
        elif self.path == "/_desk/plan":
            self._edit_plan(form)
        else:
            self._send(HTTPStatus.NOT_FOUND, PLAIN, b"Nothing can be edited at this address.\n")

    def _edit_plan(self, form: dict[str, str]) -> None:
        try:
            lines = submit_form(self.state.options.root, form)
        except EditError as error:
            self._send_outcome(HTTPStatus.CONFLICT, f"{error}.")
            return
        except BuildError as error:
            self._send_outcome(HTTPStatus.CONFLICT, f"{error.findings[0]}")
            return
        self._on_main_thread(self.state.refresh)
        message = "\n".join(["Saved in schedule.yaml.", *lines]) if lines else "No change."
        self._send_outcome(HTTPStatus.OK, message)

    def _send_outcome(self, status: HTTPStatus, message: str) -> None:
        """Send what came of an edit: as data for the desk's script, as a page for a browser without."""
        if "application/json" in self.headers.get("Accept", ""):
            message = message if status is HTTPStatus.OK else f"{NOTHING_CHANGED}: {message}"
            self._send(status, JSON, json.dumps({"message": message}).encode())
        elif status is HTTPStatus.OK:
            self._redirect("/_desk/")
        else:
            self._send_html(status, message_page(NOTHING_CHANGED, message))

    # -- responses

    def _has_allowed_host(self) -> bool:
        """Refuse other hosts: a page elsewhere may point its own name at this machine (DNS rebinding)."""
        if self.headers.get("Host") in self.server.hosts:
            return True
        self._send(HTTPStatus.FORBIDDEN, PLAIN, b"The preview answers on this machine only.\n")
        return False

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_not_found(self, message: str) -> None:
        self._send_html(HTTPStatus.NOT_FOUND, message_page("Page not found", message))

    def _send_html(self, status: HTTPStatus, page: str) -> None:
        self._send(status, HTML, page.encode(), {"Content-Security-Policy": CONTENT_SECURITY_POLICY})

    def _send(self, status: HTTPStatus, media_type: str, body: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {"Content-Type": media_type, "Content-Length": str(len(body)), **HEADERS, **(more or {})}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream_changes(self) -> None:
        """Send events (HTML standard, 9.2, server-sent events): the version shown now, and each new one."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        state, sent = self.state, -1
        try:
            while True:
                with state.changed:
                    if state.version == sent:
                        state.changed.wait(timeout=15)
                    is_new, sent = state.version != sent, state.version
                    event = json.dumps({"version": sent, "theme": state.theme})
                self.wfile.write(f"data: {event}\n\n".encode() if is_new else b": still here\n\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return
