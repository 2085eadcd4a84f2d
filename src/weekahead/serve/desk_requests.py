"""What every request that changes something goes through: its origin, its token, its form, and how it is answered."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from weekahead.model.findings import BuildError
from weekahead.serve.local_handler import LocalHandler, Refusal
from weekahead.source.schedule_editor import EditError

JSON = "application/json; charset=utf-8"
FORM = "application/x-www-form-urlencoded"
BYTES = "application/octet-stream"
MAX_FORM_BYTES = 65_536
NOTHING_CHANGED = "Nothing was changed"
EARLIER_RUN = "this page is from an earlier run of weekahead serve."
TOKEN = "Weekahead-Token"
"""The header of a request without a form that has the token. Only a page of this origin can send it."""


class DeskRequests(LocalHandler):
    """A handler of the desk's origin whose POST requests come from its own pages alone."""

    form_limits: Mapping[str, int] = {}
    """The most bytes of a form, by its path, where that is not MAX_FORM_BYTES."""
    file_limits: Mapping[str, int] = {}
    """The most bytes of a file that is sent to a path."""

    def do_POST(self) -> None:
        """Change something: only for a page of the desk, which has the token."""
        self.close_connection = True  # the body of a refused request is not read
        self.answer(self._post)

    def post(self, path: str, form: dict[str, str]) -> None:
        """Do what a form asks for. Raise EditError and BuildError where it cannot be done, Refusal for an unknown path."""
        raise Refusal(HTTPStatus.NOT_FOUND, "Nothing can be edited at this address.")

    def refuse_token(self, path: str, form: dict[str, str]) -> None:
        """Refuse a form with another token than that of this run: its page was loaded earlier."""
        self.send_outcome(HTTPStatus.FORBIDDEN, f"{EARLIER_RUN[0].upper()}{EARLIER_RUN[1:]} Reload it.")

    def post_file(self, path: str, query: dict[str, str], data: bytes) -> None:
        """Take a file, under the same conditions."""
        raise NotImplementedError

    def _post(self, path: str, query: dict[str, str]) -> None:
        if self.headers.get_all("Origin") != [f"http://{self.headers['Host']}"]:
            raise Refusal(HTTPStatus.FORBIDDEN, "The plan can be edited from its own desk only.")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refusal(HTTPStatus.FORBIDDEN, "The plan can be edited from its own desk only.")
        if path in self.file_limits:
            if not self._is_token(self.headers.get(TOKEN, "")):
                raise Refusal(HTTPStatus.FORBIDDEN, "Reload the page.")
            data = self._body(BYTES, self.file_limits[path])
            self._done(lambda: self.post_file(path, query, data))
            return
        body = self._body(FORM, self.form_limits.get(path, MAX_FORM_BYTES))
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if not self._is_token(form.pop("token", "")):
            self.refuse_token(path, form)
        else:
            self._done(lambda: self.post(path, form))

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.server.preview.token.encode())

    def _body(self, media_type: str, limit: int) -> bytes:
        """Read what a request sends along. Raise Refusal."""
        sizes = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "A form is sent in one piece.")
        if not sizes:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "A form needs its length.")
        if len(sizes) > 1 or not (sizes[0].isascii() and sizes[0].isdigit()):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The length of a form is one number.")
        if len(sizes[0]) > 9 or int(sizes[0]) > limit:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {limit:,} bytes can be sent here.")
        if self.headers.get_content_type() != media_type:
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Not a form of the desk.")
        body = self.read_body(int(sizes[0]))
        if len(body) < int(sizes[0]):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The form is not whole.")
        return body

    def _done(self, work: Callable[[], None]) -> None:
        """Do some work, and say why not where it cannot be done."""
        try:
            work()
        except EditError as error:
            self.send_outcome(HTTPStatus.CONFLICT, f"{error}.")
        except BuildError as error:
            findings = [str(finding) for finding in error.findings]
            self.send_outcome(HTTPStatus.CONFLICT, "\n".join(findings), findings=findings)

    # -- answers

    def send_json(self, status: HTTPStatus, value: object) -> None:
        self.send(status, JSON, json.dumps(value).encode())

    @property
    def wants_json(self) -> bool:
        """Whether the desk's script asks, and not a browser without scripts."""
        return "application/json" in self.headers.get("Accept", "")

    def send_outcome(self, status: HTTPStatus, message: str, address: str = "/_desk/", **more: object) -> None:
        """Send what came of an edit: as data for the desk's script, as a page for a browser without."""
        if self.wants_json:
            message = message if status is HTTPStatus.OK else f"{NOTHING_CHANGED}: {message}"
            self.send_json(status, {"message": message, "address": address, **more})
        elif status is HTTPStatus.OK:
            self.redirect(address)
        else:
            self.send_message(status, NOTHING_CHANGED, message)
