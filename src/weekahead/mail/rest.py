"""Calls of an engine's HTTP API, and what their failures mean: was nothing done, or can nobody tell?"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Mapping
from functools import wraps
from http.client import HTTPException
from typing import Any, ParamSpec, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request

from weekahead.mail.hosts import is_this_machine, opener_without_redirects, without_secrets
from weekahead.mail.transport import Accepted, InDoubt, Outcome, TransportError, TryLater
from weekahead.model.addresses import is_host, split_address

SECONDS = 60
LARGEST = 50_000_000
"""Bytes of an answer."""


class Failed(Exception):
    """A call failed: the HTTP status, or 0 without one; `is_lost` says that it may have been carried out all the same."""

    def __init__(self, status: int, words: str, is_lost: bool) -> None:
        super().__init__(words)
        self.status, self.is_lost = status, is_lost


Call = ParamSpec("Call")
Found = TypeVar("Found")


def reads_answers(method: Callable[Call, Found]) -> Callable[Call, Found]:
    """Let a method of a transport raise TransportError when an answer is not what the engine's API says."""

    @wraps(method)
    def reading(*arguments: Call.args, **named: Call.kwargs) -> Found:
        try:
            return method(*arguments, **named)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            place = getattr(arguments[0], "place", "the engine")
            raise TransportError(f"{place} gave an answer that does not fit its API", CHECK_URL) from error

    return reading


CHECK_URL = "Check `url` under mail: in letter.yaml."


class Rest:
    """An HTTP API. `authorization`, which has the key, goes with every call: unencrypted to this machine alone."""

    def __init__(self, name: str, url: str, authorization: str, key: str) -> None:
        """Raise TransportError if the key would be sent unencrypted."""
        self.name, self.url = name, url.rstrip("/")
        self._authorization = authorization
        self._secrets = (authorization, authorization.partition(" ")[2], key, key.partition(":")[2])
        parts = split_address(url)
        host = parts.hostname or ""
        if not is_host(host):
            raise TransportError(f'"{host}" cannot be the host of {name}', CHECK_URL)
        if parts.scheme != "https" and not is_this_machine(host):
            message = f"WEEKAHEAD_API_KEY would be sent to {host} unencrypted"
            raise TransportError(message, "Write https in `url` under mail: in letter.yaml.")
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
            said = without_secrets(_said(error), *self._secrets)
            raise Failed(error.code, f"{error.code} {said}", error.code >= 500) from error
        except URLError as error:
            was_not_sent = isinstance(error.reason, ConnectionRefusedError | socket.gaierror)
            raise Failed(0, str(getattr(error.reason, "strerror", None) or error.reason), not was_not_sent) from error
        except json.JSONDecodeError as error:
            raise Failed(0, "the answer is not JSON", True) from error
        except (OSError, HTTPException, ValueError) as error:
            said = without_secrets(str(error) or type(error).__name__, *self._secrets)
            raise Failed(0, said, True) from error

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Return the answer to a call that sends nothing to readers. Raise TransportError."""
        try:
            return self.call(method, path, **more)
        except Failed as error:
            hint = "Check WEEKAHEAD_API_KEY." if error.status in (401, 403) else CHECK_URL if error.status < 400 else ""
            raise TransportError(f"a call of {self.name} failed ({method} {path}): {error}", hint) from error

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
