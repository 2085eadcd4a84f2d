"""Calls of an engine's HTTP API, and what their failures mean: was nothing done, or can nobody tell?"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request

from weekahead.mail.hosts import opener_without_redirects, without_secrets
from weekahead.mail.transport import Accepted, InDoubt, Outcome, TransportError, TryLater

SECONDS = 60
LARGEST = 50_000_000
"""Bytes of an answer."""


class Failed(Exception):
    """A call failed: the HTTP status, or 0 without one; `is_lost` says that it may have been carried out all the same."""

    def __init__(self, status: int, words: str, is_lost: bool) -> None:
        super().__init__(words)
        self.status, self.is_lost = status, is_lost


class Rest:
    """An HTTP API. `authorization` goes with every call."""

    def __init__(self, name: str, url: str, authorization: str) -> None:
        self.name, self.url = name, url.rstrip("/")
        self._authorization = authorization
        self._opener = opener_without_redirects()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        key: str = "",
        **query: str,
    ) -> Any:
        """Return the answer's JSON. Raise Failed."""
        address = f"{self.url}/{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": self._authorization, "Accept": "application/json", "User-Agent": "weekahead"}
        data = None
        if body is not None:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif form is not None:
            headers["Content-Type"], data = "application/x-www-form-urlencoded", urlencode(form).encode()
        if key:
            headers["X-Idempotency-Key"] = key
        try:
            with self._opener.open(Request(address, data, headers, method=method), timeout=SECONDS) as answer:
                found = answer.read(LARGEST)
            return json.loads(found) if found.strip() else None
        except HTTPError as error:
            said = without_secrets(_said(error), self._authorization, self._authorization.partition(" ")[2])
            raise Failed(error.code, f"{error.code} {said}", error.code >= 500) from error
        except URLError as error:
            was_not_sent = isinstance(error.reason, ConnectionRefusedError | socket.gaierror)
            raise Failed(0, str(getattr(error.reason, "strerror", None) or error.reason), not was_not_sent) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Failed(0, str(error) or type(error).__name__, True) from error

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Return the answer to a call that sends nothing to readers. Raise TransportError."""
        try:
            return self.call(method, path, **more)
        except Failed as error:
            hint = "Check WEEKAHEAD_API_KEY." if error.status in (401, 403) else ""
            raise TransportError(f"{self.name} did not {method} {path}: {error}", hint) from error

    def start(self, method: str, path: str, **more: Any) -> Outcome:
        """Make the call that sends an edition, and return how it ended."""
        try:
            self.call(method, path, **more)
        except Failed as error:
            return InDoubt(str(error)) if error.is_lost else TryLater(error.status, str(error), host=True)
        return Accepted(200)


def basic(user_and_password: str) -> str:
    """Return the value of an Authorization field (RFC 7617)."""
    return f"Basic {base64.b64encode(user_and_password.encode()).decode()}"


def without_templates(html: str) -> str:
    """Return HTML in which an engine finds no template: a brace before another sign of one is a character reference."""
    for sign in "{%#":
        html = html.replace("{" + sign, "&#123;" + sign.replace("{", "&#123;"))
    return html


def _said(error: HTTPError) -> str:
    """Return what the engine says of an error."""
    try:
        text = error.read(5000).decode("utf-8", "replace")
        told = json.loads(text)
        text = str(told.get("message") or told.get("detail") or text) if isinstance(told, dict) else text
    except (OSError, HTTPException, ValueError):
        text = error.reason
    return " ".join(str(text).split())[:300]
