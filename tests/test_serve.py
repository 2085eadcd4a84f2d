"""The preview: drafts marked, errors in the page, a reload on every save."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from tests.conftest import NOON, Folder, issue_text

from weekahead.press import Wanted
from weekahead.serve import Preview, Server, _bound, _watch


@pytest.fixture
def server(folder: Folder) -> Iterator[Server]:
    """A running preview of the letter, which watches its files."""
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", status="draft"))
    found = _bound(0)
    port = found.server_address[1]
    found.hosts = {f"127.0.0.1:{port}"}
    found.preview = Preview(Wanted(root=folder.root, as_of=NOON, base_url=f"http://127.0.0.1:{port}/", drafts=True))
    found.preview.refresh()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    threading.Thread(target=_watch, args=(folder.root, found.preview, lambda line: None), daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def get(server: Server, path: str, host: str | None = None) -> tuple[int, str]:
    port = server.server_address[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_drafts_are_shown_and_marked(server: Server) -> None:
    status, page = get(server, "/issues/6-sixth/")
    assert status == 200
    assert "Draft" in page
    assert "EventSource" in page


def test_an_unknown_page_is_the_letters_404(server: Server) -> None:
    status, page = get(server, "/nowhere/")
    assert status == 404
    assert "This page is not here" in page


def test_another_host_is_refused(server: Server) -> None:
    assert get(server, "/", host="evil.example")[0] == 403


def test_a_save_shows_and_an_error_names_its_line(server: Server, folder: Folder) -> None:
    preview = server.preview

    def shows(words: str, text: str) -> bool:
        """Does the page show some words once the file has been saved? The watcher may need a moment to begin."""
        for _ in range(40):
            edition = preview.edition
            folder.write("issues/0006-sixth.md", text)
            with preview.changed:
                preview.changed.wait_for(lambda edition=edition: preview.edition > edition, timeout=0.5)
            if words in get(server, "/issues/6-sixth/")[1]:
                return True
        return False

    assert shows("New words", issue_text(6, "2022-02-11", "Reading a loss curve", "New words", status="draft"))
    assert shows(
        "<mark>   4  date: 2022-02-31</mark>", issue_text(6, "2022-02-31", "Reading a loss curve", status="draft")
    )
    assert "issues/0006-sixth.md:4" in get(server, "/issues/6-sixth/")[1]
    assert shows("Mended", issue_text(6, "2022-02-11", "Reading a loss curve", "Mended", status="draft"))
