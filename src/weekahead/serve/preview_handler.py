"""Answers requests for the preview: pages of the site, now and on other days, and a stream of events on changes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from io import BytesIO
from urllib.parse import quote

from weekahead.build.as_of import InvalidTime
from weekahead.model.findings import BuildError
from weekahead.serve.local_handler import HTML, LocalHandler, Refusal
from weekahead.serve.pages import (
    MAIL_VIEWS,
    error_page,
    feed_item_page,
    feed_policy,
    mail_page,
    mail_policy,
    mail_view,
    notice_policy,
    site_policy,
    with_live_script,
)
from weekahead.serve.site_state import Response

DATED_PATH = re.compile(r"/_at/([0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)(/.*)?")
MAIL_PATH = re.compile(r"/_mail/([^/]+)(?:/([a-z]*))?")


class PreviewHandler(LocalHandler):
    """The origin of what the letter's author and its files say. Nothing can be changed here."""

    destinations = ("document", "iframe")  # a page's policy says who may frame it

    def get(self, path: str, query: dict[str, str]) -> None:
        if path == "/_changes":
            self.stream_changes()
        elif path.startswith("/_desk/feed/"):
            self._get_feed_item(path.removeprefix("/_desk/feed/"))
        elif path in ("/_desk", "/_desk/") or path.startswith(("/_desk/preview/", "/_desk/write/")):
            self.redirect(self._desk + quote(path.lstrip("/")))
        elif path.startswith("/_desk/"):
            if not self.send_asset(path.removeprefix("/_desk/")):
                self.send_not_found("The desk has no such page.")
        elif mailed := MAIL_PATH.fullmatch(path):
            self._get_mail(mailed[1], mailed[2])
        elif dated := DATED_PATH.fullmatch(path):
            self._get_dated_page(dated[1], dated[2])
        else:
            last_good = "_last" in query
            label = "The last version without errors" if last_good and self.state.errors else ""
            slow = partial(self.state.slow_file, path, last_good=last_good)
            self._send_page(partial(self.state.page, path, last_good=last_good), slow, path, label)

    def do_POST(self) -> None:
        self.close_connection = True  # the body is not read
        self.answer(self._refuse_post)

    def _refuse_post(self, path: str, query: dict[str, str]) -> None:
        raise Refusal(HTTPStatus.FORBIDDEN, "The plan can be edited from its own desk only.")

    @property
    def _desk(self) -> str:
        return self.url_of(self.server.preview.desk)

    def own_policy(self) -> str:
        return notice_policy(self._desk)

    def _get_dated_page(self, when: str, path: str | None) -> None:
        """Send a page as of a day, from an address that begins with it."""
        if path is None:
            self.redirect(f"/_at/{when}/")
            return

        def slow() -> Response | None:
            self.on_main_thread(lambda: self.state.load_day(when))
            return self.state.slow_file(path, when)

        try:
            self._send_page(partial(self.state.page_at, when, path), slow, path, f"As of {when.replace('T', ' ')}")
        except InvalidTime as error:
            self.send_not_found(f"{error}.")

    def _send_page(
        self, make: Callable[[], Response], slow: Callable[[], Response | None], path: str, label: str
    ) -> None:
        """Send a page of the site with the script that reloads it, or its errors; what is `slow` not on the main thread."""
        version = self.state.version  # before the work: a change during it is news to this page
        try:
            response = slow() or self.on_main_thread(make)
        except BuildError as error:
            last_good = f"{quote(path)}?_last" if self.state.last_good else None
            page = error_page(self.state.options.root, error.findings, last_good, version)
            self.send_html(HTTPStatus.INTERNAL_SERVER_ERROR, page)
            return
        content, policy = response.content, response.policy
        if response.is_page:
            nonce = secrets.token_urlsafe(16)
            content = BytesIO(with_live_script(content.read(), version, self.state.theme, label, nonce))
            policy = site_policy(policy, nonce, self._desk)
        self.send_content(response.status, response.media_type, content, policy)

    def _get_mail(self, key: str, view: str | None) -> None:
        """Send the e-mail edition of an issue: the page with all its views, or one of them."""
        if view is None:
            self.redirect(f"/_mail/{quote(key)}/")
            return
        edition = self.on_main_thread(lambda: self.state.edition(key))
        if edition is None or (view and view not in MAIL_VIEWS):
            self.send_not_found("There is no such e-mail edition.")
        elif view:
            media_type, content = mail_view(edition, view)
            self.send(HTTPStatus.OK, media_type, content.encode(), mail_policy(self._desk))
        else:
            policy = notice_policy(self._desk) + "; frame-src 'self'"
            self.send(HTTPStatus.OK, HTML, mail_page(edition).encode(), policy)

    def _get_feed_item(self, path: str) -> None:
        item = self.on_main_thread(lambda: self.state.feed_item(path))
        if item is None:
            self.send_not_found("There is no such issue.")
            return
        page = feed_item_page(*item)
        self.send(HTTPStatus.OK, HTML, page.encode(), feed_policy(self._desk))
