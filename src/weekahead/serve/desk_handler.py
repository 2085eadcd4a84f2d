"""Answers requests for the desk: its pages by GET, edits of the plan by POST."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from weekahead.model.findings import BuildError
from weekahead.serve.do_handler import GIT, DoHandler
from weekahead.serve.pages import (
    FILE_POLICY,
    Place,
    dashboard_page,
    desk_policy,
    error_page,
    issue_preview_page,
    months_page,
)
from weekahead.serve.preview_handler import DATED_PATH
from weekahead.serve.write_handler import SAVE, WriteHandler
from weekahead.source.folder import LARGEST

ICON = "/assets/favicon.svg"


class DeskHandler(WriteHandler, DoHandler):
    """The origin that can change the letter. No text or file of the letter is a page here."""

    headers_of_origin = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    destinations = ("document",)
    form_limits = {SAVE: 4 * LARGEST, GIT: 16 * LARGEST}  # a form has three signs for some bytes of a text

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
        elif path in ("/_desk/", "/_desk/months"):
            self._get_dashboard(by_months=path != "/_desk/")
        elif path == "/_desk/at":
            self._redirect_to_day(query.get("when", ""), query.get("path", ""))
        elif path.startswith("/_desk/preview/"):
            self._get_issue_preview(path.removeprefix("/_desk/preview/"))
        elif path == ICON:
            self._get_icon()
        elif self.get_text(path, query) or self.get_doing(path):
            return
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

    def _get_dashboard(self, *, by_months: bool) -> None:
        self.on_main_thread(self.state.follow_clock)
        version = self.state.version  # before the work: a change during it is news to this page
        dashboard, site = self.on_main_thread(self.state.dashboard), self.state.last_good
        errors, root = self.state.errors, self.state.options.root
        if dashboard is None or site is None:
            page = error_page(root, errors, None, version)
            self.send_html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
            return
        place = Place(
            letter=site.snapshot.letter.config.title,
            site=self._site,
            token=self.server.preview.token,
            root=root,
            errors=errors,
            is_dated=self.state.options.as_of is not None,
            version=version,
        )
        make = months_page if by_months else dashboard_page
        self.send_html(HTTPStatus.OK, make(dashboard, place))

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
