"""Unsubscribing with one click (RFC 8058), for any host that runs WSGI applications. One file, no other packages.

POST to /u/TICKET notes in a file that a reader leaves; `weekahead mailbox` fetches the notes from /events. There is no
address and no secret here: tickets are signed with a key that only the author has.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

# -- written by `weekahead endpoint`
TITLE = ""
LANGUAGE = ""
TOKEN_SHA256 = ""
"""The SHA-256 of the password for /events, in hexadecimal digits."""

# -- yours to change
QUESTION = "Do you want no more letters?"
BUTTON = "Unsubscribe"
DONE = "Done: you get no more letters."
EVENTS = os.environ.get("WEEKAHEAD_EVENTS") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "events.jsonl")
LARGEST_FILE = 10_000_000
"""Bytes of the file: more than 100,000 events. A full file takes no more, and says so."""

LARGEST_BODY = 4_096
PAGE = """\
<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body style="font: 1.1rem/1.5 serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem">
<h1>{title}</h1>
{content}
</body></html>
"""
FORM = """\
<p>{question}</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>{button}</button></form>"""
HEADERS = [
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
]

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Answer a request, as WSGI has it (PEP 3333)."""
    status, kind, body, more = respond(environ)
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *HEADERS, *more])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def respond(environ: dict[str, Any]) -> tuple[str, str, bytes, list[tuple[str, str]]]:
    """Return status, content type, body and further headers. Only a POST to a ticket changes anything."""
    method, name = environ.get("REQUEST_METHOD", "GET"), environ.get("PATH_INFO", "").rstrip("/").rpartition("/")[2]
    if name == "events":
        return events(environ) if method in ("GET", "HEAD") else not_allowed("GET, HEAD")
    if not re.fullmatch("[A-Za-z2-7]{30}", name):
        return page("404 Not Found", "This is not a link of a letter.")
    if method in ("GET", "HEAD"):
        return page("200 OK", FORM.format(question=html.escape(QUESTION), button=html.escape(BUTTON)))
    if method != "POST":
        return not_allowed("GET, HEAD, POST")
    if not is_one_click(environ):
        return page("400 Bad Request", "The request does not say List-Unsubscribe=One-Click.")
    try:
        is_noted = note(name.lower())
    except OSError:
        is_noted = False
    if not is_noted:
        return page("503 Service Unavailable", "This cannot be noted now. Please try again, or answer the letter.")
    return page("200 OK", f"<p>{html.escape(DONE)}</p>")


def page(status: str, content: str) -> tuple[str, str, bytes, list[tuple[str, str]]]:
    """Return an answer with a page."""
    text = PAGE.format(language=html.escape(LANGUAGE), title=html.escape(TITLE), content=content)
    return status, "text/html; charset=utf-8", text.encode(), []


def not_allowed(methods: str) -> tuple[str, str, bytes, list[tuple[str, str]]]:
    """Return the answer to a method that is not there."""
    status, kind, body, _ = page("405 Method Not Allowed", "This is not possible here.")
    return status, kind, body, [("Allow", methods)]


def is_one_click(environ: dict[str, Any]) -> bool:
    """Return whether the body of a request is that of RFC 8058: as a form, or in parts."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > LARGEST_BODY:
        return False
    body = environ["wsgi.input"].read(int(length)).decode("latin-1")
    if environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data"):
        return re.search(r'name="?List-Unsubscribe"?\r\n(?:[^\r\n]+\r\n)*\r\nOne-Click\r\n', body) is not None
    return "List-Unsubscribe=One-Click" in body.strip().split("&")


def note(ticket: str) -> bool:
    """Append an event to the file, and wait until it is on the disk. Return False if the file is full."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = f"\n{json.dumps({'at': at, 'leave': ticket})}\n"  # begins a line, should a full disk have cut the one before
    file = os.open(EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.fstat(file).st_size + len(line) > LARGEST_FILE:
            return False
        if os.write(file, line.encode()) != len(line):
            return False
        os.fsync(file)
    finally:
        os.close(file)
    return True


def events(environ: dict[str, Any]) -> tuple[str, str, bytes, list[tuple[str, str]]]:
    """Return the file of events to whoever has the password."""
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    digest = hashlib.sha256(token.strip().encode("latin-1", "replace")).hexdigest()
    if scheme.lower() != "bearer" or not hmac.compare_digest(digest, TOKEN_SHA256):
        return "401 Unauthorized", "text/plain", b"", [("WWW-Authenticate", 'Bearer realm="events"')]
    try:
        with open(EVENTS, "rb") as file:
            data = file.read(LARGEST_FILE)
    except FileNotFoundError:
        data = b""
    return "200 OK", "application/x-ndjson", data, []


if __name__ == "__main__":
    from wsgiref.simple_server import make_server

    print("http://127.0.0.1:8001/u/")  # to look at it; a host runs `application`
    make_server("127.0.0.1", 8001, application).serve_forever()
