"""What `--fetch` brings over, and what it leaves alone."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.importers.fake import post, run

from weekahead.importers.assembly import fetching
from weekahead.importers.assembly.fetching import Fetcher, ending_of
from weekahead.importers.assembly.web import NotAllowed, PublicWeb, is_public, require_https
from weekahead.model.hashing import hash_bytes

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a picture in several moods, by its path."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.asked.append((self.path, wanted))
        if self.path == "/gone.png":
            self.send_error(404)
            return
        data = b"<!doctype html><title>Log in</title>" if self.path == "/login.png" else PNG
        data = b'<svg xmlns="http://www.w3.org/2000/svg"/>' if self.path == "/drawing.svg" else data
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        is_cut = self.path == "/cut.png" and not start
        self.wfile.write(data[start : 5000 if is_cut else None])

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class LocalWeb:
    """Answers every https address from a server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    @contextmanager
    def open(self, address: str, fields: Mapping[str, str]) -> Iterator[Any]:
        require_https(address)
        path = address.split("/", 3)[3]
        with urlopen(Request(f"http://127.0.0.1:{self._port}/{path}", headers=dict(fields)), timeout=5) as answer:
            yield answer


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def web(asked: list[tuple[str, str]]) -> Iterator[LocalWeb]:
    handler = type("Serving", (Handler,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield LocalWeb(server.server_address[1])
        server.shutdown()


POST = post(
    "tides", "2024-03-01 16:00", "One.\n\n![x](https://cdn.example/a%20b.jpeg) ![y](https://cdn.example/gone.png)"
)


def test_pictures_come_over_and_failures_are_named(tmp_path: Path, web: LocalWeb) -> None:
    root = tmp_path / "letter"
    report = run(root, POST, web=web)
    assert (root / "issues/0001-tides/a b.png").read_bytes() == PNG
    text = (root / "issues/0001-tides/index.md").read_text()
    assert "![x](a%20b.png) ![y](https://cdn.example/gone.png)" in text
    failed = next(each for each in report.notes if each.note.rule == "fetch-failed")
    assert (
        failed.note.message == "the picture https://cdn.example/gone.png could not be fetched: its server answered 404"
    )
    assert failed.where is not None
    assert text.split("\n")[failed.where.line - 1].startswith("![x]")


def test_a_later_import_fetches_nothing_again(tmp_path: Path, web: LocalWeb, asked: list[tuple[str, str]]) -> None:
    root = tmp_path / "letter"
    run(root, POST, web=web)
    del asked[:]
    assert not run(root, POST).has_news
    assert asked == []
    run(root, POST, web=web)
    assert [path for path, _ in asked] == ["/gone.png"]


def test_pictures_come_to_an_issue_that_is_there_already(tmp_path: Path, web: LocalWeb) -> None:
    root = tmp_path / "letter"
    run(root, POST)
    assert (root / "issues/0001-tides.md").exists()
    run(root, POST, web=web)
    assert (root / "issues/0001-tides-a b.png").read_bytes() == PNG
    assert "![x](0001-tides-a%20b.png)" in (root / "issues/0001-tides.md").read_text()
    assert not run(root, POST).has_news


def test_what_was_cut_off_goes_on_where_it_was(tmp_path: Path, web: LocalWeb, asked: list[tuple[str, str]]) -> None:
    fetcher = Fetcher(tmp_path / "fetched", web)
    assert fetcher.get("https://cdn.example/cut.png") is None
    again = Fetcher(tmp_path / "fetched", web).get("https://cdn.example/cut.png")
    assert again is not None
    assert again.path.read_bytes() == PNG
    assert [wanted for _, wanted in asked] == ["", "bytes=5000-"]


@pytest.mark.parametrize("suffix", ["", ".partial"])
def test_nothing_is_written_through_a_link_that_somebody_put_there(tmp_path: Path, web: LocalWeb, suffix: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"precious")
    address, folder = "https://cdn.example/a.png", tmp_path / "fetched"
    folder.mkdir()
    planted = folder / f"{hash_bytes(address.encode())}{suffix}"
    planted.symlink_to(outside / "file" if suffix else outside)
    found = Fetcher(folder, web).get(address)
    assert found is not None
    assert found.path.read_bytes() == PNG
    assert [path.name for path in outside.iterdir()] == ["file"]
    assert (outside / "file").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://cdn.example/login.png", "it is no picture or recording"),
        ("https://cdn.example/drawing.svg", "it is a drawing (SVG), which can have scripts"),
        ("http://cdn.example/a.png", "it is not an https address"),
        ("https://ida:secret@cdn.example/a.png", "it has a name or a password in it"),
        ("https://cdn.example/gone.png", "its server answered 404"),
    ],
)
def test_what_is_not_taken_is_said_with_the_reason(tmp_path: Path, web: LocalWeb, address: str, reason: str) -> None:
    fetcher = Fetcher(tmp_path / "fetched", web)
    assert fetcher.get(address) is None
    assert fetcher.failures == {address: reason}


def test_a_file_that_is_too_large_is_left(tmp_path: Path, web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    fetcher = Fetcher(tmp_path / "fetched", web)
    assert fetcher.get("https://cdn.example/a.png") is None
    assert fetcher.failures == {"https://cdn.example/a.png": "it has more than 1,000 bytes"}


@pytest.mark.parametrize(
    ("machine", "public"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.7", False), ("169.254.169.254", False), ("::1", False),
        ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("100.64.0.1", False),
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
    ],
)  # fmt: skip
def test_only_the_public_internet_is_asked(machine: str, public: bool) -> None:
    assert is_public(machine) is public


def test_a_machine_at_home_is_never_asked(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"https://localhost:{server.getsockname()[1]}/a.png"
        fetcher = Fetcher(tmp_path / "fetched", PublicWeb("https://h.example", pause=0))
        assert fetcher.get(address) is None
        assert fetcher.failures == {address: "it leads into a private network"}


def test_addresses_that_are_not_asked() -> None:
    for address in ("http://h.example/", "file:///etc/passwd", "https://a:b@h.example/"):
        with pytest.raises(NotAllowed):
            require_https(address)


@pytest.mark.parametrize(
    ("start", "ending"),
    [
        (PNG, ".png"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b"ID3\x04", ".mp3"),
        (b"\xff\xfb\x90", ".mp3"),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_files_are_told_by_their_content(start: bytes, ending: str) -> None:
    assert ending_of(start) == ending
