"""A running preview of a small letter, and a browser to look at it."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request
from tests.conftest import NOON, Folder, five_issues, issue_text

from weekahead.runtime.code_version import open_store
from weekahead.serve.server import Preview
from weekahead.serve.watcher import watch

LONG = "\n\n".join(f"Paragraph {number} of a long letter." for number in range(120))
SIXTH = "issues/0006-sixth.md"


def sixth(body: str = LONG, date: str = "2022-02-11") -> str:
    return issue_text(6, date, "Reading a loss curve", body, status="draft")


@pytest.fixture
def server(folder: Folder) -> Iterator[Preview]:
    """A running preview of the letter, with a draft, which watches its files."""
    folder.write(SIXTH, sixth())
    with open_store(folder.root) as store:
        found = Preview(folder.root, 0, NOON, store)
        found.start()
        stop = threading.Event()
        threading.Thread(target=watch, args=(folder.root, found.state.refresh, stop), daemon=True).start()
        yield found
        stop.set()
        found.close()


@pytest.fixture(scope="module")
def still_folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The same letter for tests that change nothing."""
    folder = five_issues(tmp_path_factory.mktemp("still") / "letter")
    folder.write(SIXTH, sixth())
    return folder


@pytest.fixture(scope="module")
def still_server(still_folder: Folder) -> Iterator[Preview]:
    """A running preview of it."""
    with open_store(still_folder.root) as store:
        found = Preview(still_folder.root, 0, NOON, store)
        found.start()
        yield found
        found.close()


# -- a browser


@pytest.fixture(scope="session")
def shared_window(browser: Browser) -> Page:
    """A window for every test that needs no other: to open one takes a second of the processor."""
    found = browser.new_page()
    found.on("dialog", _leave)
    return found


def _leave(dialog: Dialog) -> None:
    """Leave a page also with words in it that are not saved; say no to whatever else is asked."""
    if dialog.type == "beforeunload":
        dialog.accept()
    else:
        dialog.dismiss()


@pytest.fixture
def window(shared_window: Page) -> Iterator[Page]:
    """That window, empty."""
    shared_window.set_viewport_size({"width": 1280, "height": 900})
    yield shared_window
    shared_window.unroute_all()
    shared_window.emulate_media(color_scheme="light")
    shared_window.context.clear_cookies()
    shared_window.goto("about:blank")


@pytest.fixture(scope="session")
def shared_plain_window(browser: Browser) -> Page:
    """A window without scripts."""
    return browser.new_context(java_script_enabled=False).new_page()


@pytest.fixture
def plain_window(shared_plain_window: Page) -> Iterator[Page]:
    """That window, empty."""
    yield shared_plain_window
    shared_plain_window.goto("about:blank")


@contextmanager
def without_mistakes(page: Page, *origins: str) -> Iterator[None]:
    """See that in the end no script of a page has failed, nor asked for anything but these origins, if there are any."""
    strange: list[str] = []

    def heard(what: Error | ConsoleMessage | Request) -> None:
        if isinstance(what, Error):
            strange.append(str(what))
        elif isinstance(what, ConsoleMessage):
            strange.extend([what.text] if "Content Security" in what.text else [])
        elif origins and not what.url.startswith((*origins, "about:")):
            strange.append(what.url)

    page.on("pageerror", heard)
    page.on("console", heard)
    page.on("request", heard)
    yield
    page.goto("about:blank")
    for event in ("pageerror", "console", "request"):
        page.remove_listener(event, heard)
    assert not strange


# -- requests


def get(server: Preview, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page, of the desk if its path begins so."""
    origin = server.desk if path.startswith("/_desk/") else server.site
    request = urllib.request.Request(origin.url + path.lstrip("/"), headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def post(server: Preview, wanted: Mapping[str, object], *, path: str = "/_desk/plan", **headers: str) -> int:
    """The status of a change that a page asks for."""
    port = server.desk.port
    asked = http.client.HTTPConnection("127.0.0.1", port)
    own = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    asked.request("POST", path, urlencode(wanted), {**own, **headers})
    return asked.getresponse().status


def save(server: Preview, **form: str) -> tuple[int, dict[str, Any]]:
    """What comes of saving a text, as the page's script asks for it."""
    asked = http.client.HTTPConnection("127.0.0.1", server.desk.port)
    own = {"Origin": server.desk.url.rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    asked.request(
        "POST", "/_desk/save", urlencode({"token": server.token, **form}), {**own, "Accept": "application/json"}
    )
    answer = asked.getresponse()
    return answer.status, json.loads(answer.read())


def source(server: Preview, name: str = SIXTH) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(server, f"/_desk/source/{name}")[1])
    return found


def attach(server: Preview, name: str, data: bytes, text: str = SIXTH, **headers: str) -> tuple[int, dict[str, Any]]:
    asked = http.client.HTTPConnection("127.0.0.1", server.desk.port)
    own = {"Origin": server.desk.url.rstrip("/"), "Content-Type": "application/octet-stream"}
    more = {"Weekahead-Token": server.token, "Accept": "application/json"}
    query = urlencode({"text": text, "name": name})
    asked.request("POST", f"/_desk/attach?{query}", data, {**own, **more, **headers})
    answer = asked.getresponse()
    said = answer.read()
    return answer.status, json.loads(said) if said.startswith(b"{") else {}


def read(folder: Folder, name: str = SIXTH) -> str:
    return (folder.root / name).read_text()


def files(folder: Folder) -> dict[str, bytes]:
    """The files of a letter that are its author's."""
    found = (path for path in folder.root.rglob("*") if path.is_file())
    names = {path.relative_to(folder.root).as_posix(): path for path in found}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith((".weekahead/", "site/"))}


def do(server: Preview, path: str, **form: object) -> int:
    return post(server, {"token": server.token, **form}, path=f"/_desk/{path}")
