"""Engines of the tests: they follow the published APIs of listmonk, Buttondown and Mailman 3 as far as weekahead uses them.

listmonk: docs/docs/content/apis/campaigns.md of its repository. Buttondown: docs.buttondown.com, emails. Mailman:
docs.mailman3.org, REST, queues. What was sent to a list is in `sent`, once for each time.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "ida:secret"


class Engine:
    """An HTTP server with one engine. `lose` names calls that are carried out and not answered, `fail` those answered 503."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.calls: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lose: list[str] = []
        self.fail: dict[str, int] = {}
        self.items: dict[str, dict[str, Any]] = {}
        engine = self

        class Handler(BaseHTTPRequestHandler):
            def handle_call(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                call = f"{self.command} {parts.path}"
                engine.calls.append(call)
                engine.headers.append(dict(self.headers))
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                status, answer = engine.answer(call, query, body, dict(self.headers))
                if call in engine.lose:
                    engine.lose.remove(call)
                    self.close_connection = True
                    return
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = handle_call

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, call: str, query: dict[str, str], body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if headers.get("Authorization") != self.authorization:
            return 403, {"message": "no"}
        if call in self.fail:
            return self.fail[call], {"message": "not now"}
        for method, rest, do in self.routes():
            if call.startswith(f"{method} {rest}"):
                return do(call.removeprefix(f"{method} {rest}").strip("/"), query, body, headers)
        return 404, {"message": "not found"}

    authorization = "Basic " + base64.b64encode(KEY.encode()).decode()

    def routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        raise NotImplementedError


class ListmonkServer(Engine):
    """Campaigns with a status; only a draft or a paused one can be started."""

    def routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        return [
            ("GET", "/api/lists", lambda *_: (200, {"data": {"results": [{"id": 3, "name": "Five Fridays"}]}})),
            ("GET", "/api/templates", lambda *_: (200, {"data": [*self.templates]})),
            ("POST", "/api/templates", self._new_template),
            ("GET", "/api/campaigns", self._get),
            ("POST", "/api/campaigns", self._new),
            ("PUT", "/api/campaigns", self._start),
        ]

    templates: tuple[dict[str, Any], ...] = ({"id": 1, "name": "Default"},)

    def _new_template(self, rest: str, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any]:
        self.templates += ({"id": 2, **json.loads(body)},)
        return 200, {"data": self.templates[-1]}

    def _get(self, rest: str, query: dict[str, str], *_: Any) -> tuple[int, Any]:
        if rest:
            return (200, {"data": self.items[rest]}) if rest in self.items else (400, {"message": "no campaign"})
        found = [item for item in self.items.values() if query.get("tags", "") in ["", *item["tags"]]]
        return 200, {"data": {"results": found, "total": len(found)}}

    def _new(self, rest: str, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any]:
        given = json.loads(body)
        assert {"name", "subject", "lists", "type", "content_type", "body"} <= given.keys()
        made = {**given, "id": 10 + len(self.items), "status": "draft"}
        self.items[str(made["id"])] = made
        return 200, {"data": made}

    def _start(self, rest: str, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any]:
        item = self.items[rest.removesuffix("/status")]
        if item["status"] not in ("draft", "paused") or json.loads(body) != {"status": "running"}:
            return 400, {"message": "only paused campaigns and drafts can be started"}
        item["status"] = "running"
        self.sent.append(item["name"])
        return 200, {"data": item}


class ButtondownServer(Engine):
    """E-mails with a status and metadata, two on a page; a key of idempotence gives the answer of the first time."""

    authorization = f"Token {KEY}"

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        super().__init__()

    def routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        return [("GET", "/emails", self._get), ("POST", "/emails", self._new), ("PATCH", "/emails", self._start)]

    def _get(self, rest: str, query: dict[str, str], *_: Any) -> tuple[int, Any]:
        if rest:
            return 200, self.items[rest]
        page, items = int(query.get("page", 1)), [*self.items.values()]
        more = f"{self.url}/emails?page={page + 1}" if len(items) > 2 * page else None
        return 200, {"results": items[2 * page - 2 : 2 * page], "next": more, "count": len(items)}

    def _new(self, rest: str, query: dict[str, str], body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        key = headers.get("X-Idempotency-Key", "")
        if key not in self.keys:
            made = {**json.loads(body), "id": f"em_{len(self.items)}"}
            self.items[made["id"]] = self.keys[key] = made
        return 201, self.keys[key]

    def _start(self, rest: str, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any]:
        item = self.items[rest]
        if item["status"] != "draft":
            return 400, {"detail": "status_invalid"}
        item["status"] = json.loads(body)["status"]
        self.sent.append(item["metadata"]["weekahead"])
        return 200, item


class MailmanServer(Engine):
    """A list with an incoming queue: whatever is put into it is sent."""

    def routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        return [
            ("GET", "/3.1/lists/five@lists.example", lambda *_: (200, {"list_id": "five.lists.example"})),
            ("POST", "/3.1/queues/in", self._put),
        ]

    def _put(self, rest: str, query: dict[str, str], body: bytes, *_: Any) -> tuple[int, Any]:
        given = parse_qs(body.decode())
        assert given["list_id"] == ["five.lists.example"]
        self.sent.append(given["text"][0])
        return 201, None
