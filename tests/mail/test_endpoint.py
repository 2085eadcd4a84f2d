"""Unsubscribing with one click: the program that `weekahead endpoint` writes, and what `mailbox` makes of its events."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from runpy import run_path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import pytest
from tests.conftest import Folder, Said
from tests.mail.test_handling import ADA, SIGNER
from tests.mail.test_mailbox import add, letter, readers_of, states

from weekahead.mail.subscribers import ReaderState
from weekahead.mail.tickets import Signer

__all__ = ["letter"]

TICKET = "a" * 30
SIGNER_OF_LETTER = Signer(SIGNER.key, str(uuid.uuid5(uuid.UUID("4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11"), "mail").urn))
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
PARTS = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.fixture
def folder_of_endpoint(letter: Folder, run: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "endpoint"
    letter.replace("letter.yaml", "subscribers:", "unsubscribe: https://letter.example/u/, subscribers:")
    letter.replace("letter.yaml", "The Test Letter", '"A <b>Letter</b>s \\"title\\""')
    assert run("endpoint", folder, "--root", letter.root).status == 0
    return folder


@pytest.fixture
def program(folder_of_endpoint: Path) -> dict[str, Any]:
    return run_path(str(folder_of_endpoint / "app.py"))


Ask = Callable[..., tuple[str, bytes]]


@pytest.fixture
def ask(program: dict[str, Any]) -> Ask:
    """Ask the program as a server would; the answer is checked to be good WSGI."""

    def ask(method: str, path: str, body: bytes = b"", kind: str = FORM, **more: str) -> tuple[str, bytes]:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "h", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False, **more,
        }  # fmt: skip

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            said.append(status)
            assert dict(headers)["Cache-Control"] == "no-store"
            return said.append  # type: ignore[return-value]

        parts = validator(program["application"])(environ, start)
        answer = b"".join(parts)
        parts.close()  # type: ignore[attr-defined]
        return said[0][:3], answer

    return ask


def events(folder: Path) -> list[str]:
    path = folder / "events.jsonl"
    return [json.loads(line)["leave"] for line in path.read_text().splitlines() if line] if path.exists() else []


@pytest.mark.parametrize("path", [f"/u/{TICKET}", f"/{TICKET}", f"/deep/down/{TICKET}/", f"/u/{TICKET.upper()}"])
@pytest.mark.parametrize(
    ("body", "kind"), [(ONE_CLICK, FORM), (PARTS, "multipart/form-data; boundary=b"), (b"a=b&" + ONE_CLICK, FORM)]
)
def test_a_post_is_noted(path: str, body: bytes, kind: str, ask: Ask, folder_of_endpoint: Path) -> None:
    assert ask("POST", path, body, kind)[0] == "200"
    assert events(folder_of_endpoint) == [TICKET]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"/u/{TICKET}", b"", "200"),
        ("HEAD", f"/u/{TICKET}", b"", "200"),
        ("GET", f"/u/{TICKET}", ONE_CLICK, "200"),
        ("PUT", f"/u/{TICKET}", ONE_CLICK, "405"),
        ("DELETE", f"/u/{TICKET}", b"", "405"),
        ("POST", f"/u/{TICKET}", b"", "400"),
        ("POST", f"/u/{TICKET}", b"List-Unsubscribe=No", "400"),
        ("POST", f"/u/{TICKET}", b"x" * 5_000 + ONE_CLICK, "400"),
        ("POST", f"/u/{TICKET[1:]}", ONE_CLICK, "404"),
        ("POST", f"/u/{TICKET}a", ONE_CLICK, "404"),
        ("POST", f"/u/{TICKET[1:]}1", ONE_CLICK, "404"),
        ("POST", "/u/ada@reader.example", ONE_CLICK, "404"),
        ("POST", "/u/\u00e9\x1b\n", ONE_CLICK, "404"),
        ("POST", "/events", ONE_CLICK, "405"),
        ("GET", "/", b"", "404"),
    ],
)
def test_nothing_else_is_noted(
    method: str, path: str, body: bytes, status: str, ask: Ask, folder_of_endpoint: Path
) -> None:
    assert ask(method, path, body)[0] == status
    assert events(folder_of_endpoint) == []


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 30, "²"])
def test_a_strange_length_is_no_request(length: str, ask: Ask, folder_of_endpoint: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wsgiref.validate.check_environ", lambda environ: None)
        assert ask("POST", f"/u/{TICKET}", ONE_CLICK, CONTENT_LENGTH=length)[0] == "400"
    assert events(folder_of_endpoint) == []


def test_the_page_has_a_button_and_the_title_as_it_is(ask: Ask) -> None:
    page = ask("GET", f"/u/{TICKET}")[1].decode()
    assert "<h1>A &lt;b&gt;Letter&lt;/b&gt;s &quot;title&quot;</h1>" in page
    assert '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>' in page


def test_events_are_for_whoever_has_the_password(ask: Ask) -> None:
    ask("POST", f"/u/{TICKET}", ONE_CLICK)
    token = SIGNER_OF_LETTER.events_token()
    for given in (
        {},
        {"HTTP_AUTHORIZATION": f"Bearer {token}x"},
        {"HTTP_AUTHORIZATION": token},
        {"HTTP_AUTHORIZATION": "Bearer \u00ff"},
    ):
        assert ask("GET", "/u/events", **given) == ("401", b"")
    status, answer = ask("GET", "/events", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert (status, TICKET in answer.decode()) == ("200", True)


def test_a_full_file_takes_no_more_and_says_so(ask: Ask, folder_of_endpoint: Path) -> None:
    (folder_of_endpoint / "events.jsonl").write_text("\n" * 9_999_990)
    assert ask("POST", f"/u/{TICKET}", ONE_CLICK)[0] == "503"
    (folder_of_endpoint / "events.jsonl").unlink()
    (folder_of_endpoint / "events.jsonl").mkdir()
    assert ask("POST", f"/u/{TICKET}", ONE_CLICK)[0] == "503"


def test_many_at_once_are_all_noted_also_after_a_line_that_was_cut(ask: Ask, folder_of_endpoint: Path) -> None:
    (folder_of_endpoint / "events.jsonl").write_text('{"at": "2026-')
    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(lambda _: ask("POST", f"/u/{TICKET}", ONE_CLICK)[0], range(40))} == {"200"}
    data = (folder_of_endpoint / "events.jsonl").read_text()
    whole = [line for line in data.splitlines()[1:] if line]
    assert [json.loads(line)["leave"] for line in whole] == [TICKET] * 40


def test_the_program_is_one_file_without_a_secret(folder_of_endpoint: Path) -> None:
    text = (folder_of_endpoint / "app.py").read_text()
    names = {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    everything = text + (folder_of_endpoint / "README.md").read_text()
    assert SIGNER.key not in everything
    assert SIGNER_OF_LETTER.events_token() not in everything
    assert "https://letter.example/u/" in everything
    subprocess.run(
        [sys.executable, "-I", "-c", "import runpy; runpy.run_path('app.py')"], cwd=folder_of_endpoint, check=True
    )


def test_a_file_that_was_changed_is_not_overwritten(folder_of_endpoint: Path, letter: Folder, run: Any) -> None:
    assert run("endpoint", folder_of_endpoint, "--root", letter.root).status == 0
    (folder_of_endpoint / "app.py").write_text("mine")
    said = run("endpoint", folder_of_endpoint, "--root", letter.root)
    assert (said.status, "is there already" in said.err) == (1, True)
    assert (folder_of_endpoint / "app.py").read_text() == "mine"


# -- what mailbox makes of it


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(program: dict[str, Any]) -> Iterator[str]:
    """The address of events of a program that runs."""
    with make_server("127.0.0.1", 0, program["application"], handler_class=Quiet) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/u/events"
        server.shutdown()


@pytest.fixture
def mailbox(letter: Folder, run: Any) -> Callable[..., Said]:
    return lambda *options: run("mailbox", *options, "--root", letter.root)


def test_who_left_with_one_click_has_left_once(
    letter: Folder, ask: Ask, address: str, mailbox: Callable[..., Said], folder_of_endpoint: Path
) -> None:
    id = add(letter, ADA)
    with readers_of(letter) as readers:
        (reader,) = readers.active()
    assert reader.way_out.https
    ask("POST", reader.way_out.https.removeprefix("https://letter.example"), ONE_CLICK)
    ask("POST", f"/u/{TICKET}", ONE_CLICK)
    assert "a…@reader.example: left" in mailbox("--events", address, "--dry-run").out
    assert states(letter) == {ADA: "active"}
    said = mailbox("--events", address)
    lines = ["a…@reader.example: left", "somebody: leaves with a ticket that is not ours"]
    assert (said.status, said.out.splitlines()[:2]) == (0, lines)
    assert "nothing to do" in mailbox("--events", address).out
    with readers_of(letter) as readers:
        readers.set_state(id, ReaderState.ACTIVE)
    mailbox("--events", folder_of_endpoint / "events.jsonl")
    assert states(letter) == {ADA: "active"}  # an old event takes nobody off who joined again


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("http://letter.example/u/events", "is not https"),
        ("nowhere.jsonl", "there is no file"),
        ("https://[x", "is not a web address"),
        ("https://ida:hunter2@letter.example/u/events", "a user, a password"),
        ("https://letter..example/events?token=hunter2", "no host"),
        ("ftp://ida:hunter2@letter.example/events", "neither"),
        ("http://127.0.0.1:1/events", "cannot reach"),
    ],
)
def test_events_that_cannot_be_read_are_said(source: str, words: str, mailbox: Callable[..., Said]) -> None:
    said = mailbox("--events", source)
    assert (said.status, words in said.err, "hunter2" in said.err) == (1, True, False)


@pytest.mark.parametrize(
    ("status", "words"), [("302 Found", "answers 302"), ("500 Oops", "answers 500"), ("401 No", "WEEKAHEAD_TOKEN_KEY")]
)
def test_the_password_follows_no_redirect(status: str, words: str, mailbox: Callable[..., Said]) -> None:
    asked: list[str] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start(status, [("Location", "/elsewhere")])
        return [b""]

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        said = mailbox("--events", f"http://127.0.0.1:{server.server_port}/events")
        server.shutdown()
    assert (said.status, words in said.err, asked) == (1, True, ["/events"])


def test_lines_that_are_no_events_are_passed_over(letter: Folder, mailbox: Callable[..., Said], tmp_path: Path) -> None:
    add(letter, ADA)
    lines = [
        "",
        "{",
        "[]",
        "null",
        '{"leave": 1}',
        '{"leave": "\\u001b[2J"}',
        "[" * 5_000,
        '{"leave": "a@b"}',
        "\xff\xfe",
    ]
    (tmp_path / "events").write_bytes("\n".join(lines).encode("latin-1"))
    said = mailbox("--events", tmp_path / "events")
    assert (said.status, "\x1b" in said.out, states(letter)) == (0, False, {ADA: "active"})


# -- what check says


@pytest.mark.parametrize(("count", "is_asked_for"), [(999, False), (1_000, True)])
def test_check_asks_for_one_click_from_a_thousand_readers(
    count: int, is_asked_for: bool, letter: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with readers_of(letter) as readers, readers.saved():
        for number in range(count):
            readers.add(f"r{number}@reader.example", ReaderState.ACTIVE, "import")
        readers.add("pending@reader.example", ReaderState.PENDING, "import")
    monkeypatch.delenv("WEEKAHEAD_TOKEN_KEY")
    found = [finding for finding in letter.check().findings if finding.rule == "mail-no-one-click"]
    assert [(finding.is_error, "1,000 readers" in finding.message) for finding in found] == [
        (False, True)
    ] * is_asked_for
    letter.replace("letter.yaml", "subscribers:", "unsubscribe: https://letter.example/u/, subscribers:")
    assert "mail-no-one-click" not in {finding.rule for finding in letter.check().findings}


def test_check_makes_no_list_and_minds_none_that_cannot_be_read(letter: Folder) -> None:
    path = letter.root.parent / "private/readers.db"
    assert "mail-no-one-click" not in {finding.rule for finding in letter.check().findings}
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("no database")
    assert "mail-no-one-click" not in {finding.rule for finding in letter.check().findings}
    assert path.read_text() == "no database"
