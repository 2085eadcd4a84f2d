"""Answers requests for the desk: its pages by GET, edits of the plan by POST."""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from urllib.parse import parse_qsl, quote

from weekahead.model.findings import BuildError
from weekahead.serve.dashboard import submit_form
from weekahead.serve.local_handler import LocalHandler, Refusal
from weekahead.serve.pages import FILE_POLICY, dashboard_page, desk_policy, error_page, issue_preview_page
from weekahead.serve.preview_handler import DATED_PATH
from weekahead.source.schedule_editor import EditError

ICON = "/assets/favicon.svg"
JSON = "application/json; charset=utf-8"
FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 65_536
NOTHING_CHANGED = "Nothing was changed"


class DeskHandler(LocalHandler):
    """The origin that can change the plan. No text or file of the letter is a page here."""

    headers_of_origin = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    destinations = ("document",)

    @property
    def _site(self) -> str:
        return self.url_of(self.server.preview.site)

    def own_policy(self) -> str:
        return desk_policy(self._site)

    # -- GET

    def get(self, path: str, query: dict[str, str]) -> None:
        name = path.removeprefix("/_desk/")
        if path == "/_changes":
            self.stream_changes()
        elif path in ("/", "/_desk"):
            self.redirect("/_desk/")
        elif path == "/_desk/":
            self._get_dashboard()
        elif path == "/_desk/at":
            self._redirect_to_day(query.get("when", ""), query.get("path", ""))
        elif path.startswith("/_desk/preview/"):
            self._get_issue_preview(path.removeprefix("/_desk/preview/"))
        elif path == ICON:
            self._get_icon()
        elif name == path or not self.send_asset(name):
            self.send_not_found("The desk has no such page.")

    def _get_icon(self) -> None:
        """Send the letter's icon: the one file of the letter at this origin, and as a page of its own in a sandbox."""
        try:
            response = self.on_main_thread(lambda: self.state.page(ICON, last_good=True))
        except BuildError:
            self.send_not_found("There is no icon.")
        else:
            self.send_content(response.status, "image/svg+xml", response.content, FILE_POLICY)

    def _get_dashboard(self) -> None:
        version = self.state.version  # before the work: a change during it is news to this page
        dashboard, site = self.on_main_thread(self.state.dashboard), self.state.last_good
        errors, root = self.state.errors, self.state.options.root
        if dashboard is None or site is None:
            page = error_page(root, errors, None, version)
            self.send_html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
            return
        title, token = site.snapshot.letter.config.title, self.server.preview.token
        self.send_html(HTTPStatus.OK, dashboard_page(dashboard, title, self._site, token, root, errors, version))

    def _get_issue_preview(self, path: str) -> None:
        version = self.state.version
        issue, dashboard = self.state.issue(path), self.on_main_thread(self.state.dashboard)
        site = self.state.last_good
        if issue is None or dashboard is None or site is None:
            self.send_not_found("There is no such issue.")
            return
        of_drafts = (finding for draft in dashboard.drafts for finding in draft.findings)
        findings = tuple(each for each in (*of_drafts, *dashboard.findings) if each.where.file == issue.source.file)
        title, root = site.snapshot.letter.config.title, self.state.options.root
        self.send_html(HTTPStatus.OK, issue_preview_page(issue, title, self._site, root, findings, version))

    def _redirect_to_day(self, when: str, path: str) -> None:
        """From the form with a date to a page of the preview as of that day."""
        if DATED_PATH.fullmatch(f"/_at/{when}/"):
            self.redirect(self._site + quote(f"_at/{when}/{path.lstrip('/')}", safe="/:"))
        else:
            message = f"“{when}” is not a date; write it like 2022-09-23."
            self.send_message(HTTPStatus.BAD_REQUEST, "Not a date", message)

    # -- POST

    def do_POST(self) -> None:
        """Make an edit of the plan: only from a page of the desk, which has the token."""
        self.close_connection = True  # the body of a refused request is not read
        self.answer(self._post)

    def _post(self, path: str, query: dict[str, str]) -> None:
        if self.headers.get_all("Origin") != [f"http://{self.headers['Host']}"]:
            raise Refusal(HTTPStatus.FORBIDDEN, "The plan can be edited from its own desk only.")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refusal(HTTPStatus.FORBIDDEN, "The plan can be edited from its own desk only.")
        form = self._form()
        if not hmac.compare_digest(form.pop("token", "").encode(), self.server.preview.token.encode()):
            self._send_outcome(HTTPStatus.FORBIDDEN, "This page is from an earlier run of weekahead serve. Reload it.")
        elif path == "/_desk/plan":
            self._edit_plan(form)
        else:
            raise Refusal(HTTPStatus.NOT_FOUND, "Nothing can be edited at this address.")

    def _form(self) -> dict[str, str]:
        """Read a form. Raise Refusal."""
        sizes = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "A form is sent in one piece.")
        if not sizes:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "A form needs its length.")
        if len(sizes) > 1 or not (sizes[0].isascii() and sizes[0].isdigit()):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The length of a form is one number.")
        if len(sizes[0]) > 9 or int(sizes[0]) > MAX_FORM_BYTES:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A form of the desk is smaller.")
        if self.headers.get_content_type() != FORM:
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Not a form of the desk.")
        body = self.rfile.read(int(sizes[0]))
        if len(body) < int(sizes[0]):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The form is not whole.")
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))

    def _edit_plan(self, form: dict[str, str]) -> None:
        try:
            lines = submit_form(self.state.options.root, form)
        except EditError as error:
            self._send_outcome(HTTPStatus.CONFLICT, f"{error}.")
            return
        except BuildError as error:
            self._send_outcome(HTTPStatus.CONFLICT, f"{error.findings[0]}")
            return
        self.on_main_thread(self.state.refresh)
        is_plan_alone = bool(lines) and lines[0].startswith(("- ", "+ "))
        saved = "Saved in schedule.yaml." if is_plan_alone else "Saved."
        message = "\n".join([saved, *lines]) if lines else "No change."
        self._send_outcome(HTTPStatus.OK, message)

    def _send_outcome(self, status: HTTPStatus, message: str) -> None:
        """Send what came of an edit: as data for the desk's script, as a page for a browser without."""
        if "application/json" in self.headers.get("Accept", ""):
            message = message if status is HTTPStatus.OK else f"{NOTHING_CHANGED}: {message}"
            self.send(status, JSON, json.dumps({"message": message}).encode())
        elif status is HTTPStatus.OK:
            self.redirect("/_desk/")
        else:
            self.send_message(status, NOTHING_CHANGED, message)
