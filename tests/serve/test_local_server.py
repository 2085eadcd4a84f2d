"""What a request must be to get an answer, and that no request and no number of connections stops the preview or its desk."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from tests.conftest import Folder, some
from tests.serve.conftest import get, post

from weekahead.model.findings import BuildError
from weekahead.serve import local_server
from weekahead.serve.local_handler import LocalHandler
from weekahead.serve.local_server import MAX_CONNECTIONS, LocalServer
from weekahead.serve.preview_handler import PreviewHandler
from weekahead.serve.server import Preview

HOST = b"Host: 127.0.0.1:PORT\r\n"
POST = b"POST /_desk/plan HTTP/1.1\r\n" + HOST + b"Origin: http://127.0.0.1:PORT\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def answer(origin: LocalServer, request: bytes) -> bytes:
    """The first line of what comes back."""
    with socket.create_connection(("127.0.0.1", origin.port), timeout=10) as connection:
        connection.sendall(request.replace(b"PORT", b"%d" % origin.port))
        return connection.makefile("rb").readline()


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing is printed."""
    yield
    said = capfd.readouterr()
    assert not said.err + said.out


@pytest.mark.usefixtures("quiet")
def test_a_malformed_request_is_answered(server: Preview) -> None:
    for request, status in {
        b"\r\n\r\n": 400,
        b"x\r\n\r\n": 400,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n": 400,
        b"GET\r\n\r\n": 400,
        b"GET / HTTP/x\r\n\r\n": 400,
        b"GET / HTTP/3.0\r\n\r\n": 505,
        b"GET / HTTP/1.1 x\r\n\r\n": 400,
        b"GET / HTTP/1.1\r\n\r\n": 400,
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n": 400,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n": 403,
        b"GET / HTTP/1.1\r\nHost: [\r\n\r\n": 403,
        b"GET http://[/ HTTP/1.1\r\n" + HOST + b"\r\n": 400,
        b"GET //[ HTTP/1.1\r\n" + HOST + b"\r\n": 404,
        b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n": 400,
        b"GET ftp://127.0.0.1:PORT/ HTTP/1.1\r\n" + HOST + b"\r\n": 400,
        b"GET * HTTP/1.1\r\n" + HOST + b"\r\n": 400,
        b"GET x HTTP/1.1\r\n" + HOST + b"\r\n": 400,
        b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n": 404,
        b"GET /%ff%zz\xff HTTP/1.1\r\n" + HOST + b"\r\n": 404,
        b"GET /_desk/%00.css HTTP/1.1\r\n" + HOST + b"\r\n": 404,
        b"GET /_desk/" + b"a" * 300 + b".css HTTP/1.1\r\n" + HOST + b"\r\n": 404,
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n": 414,
        b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 200 + b"\r\n": 431,
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 70_000 + b"\r\n\r\n": 431,
        b"PUT / HTTP/1.1\r\n" + HOST + b"\r\n": 501,
        b"CONNECT x:1 HTTP/1.1\r\n" + HOST + b"\r\n": 501,
        b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n": 501,
        b"\xff\xfe / HTTP/1.1\r\n" + HOST + b"\r\n": 501,
    }.items():
        for origin in (server.site, server.desk):
            assert answer(origin, request).startswith(b"HTTP/1.1 %d " % status), request[:80]


@pytest.mark.usefixtures("quiet")
def test_strange_days_and_names_are_answered(server: Preview) -> None:
    for path, status in {
        "/_at/%EF%BC%92022-09-23/": 404,
        "/_at/2022-02-31/": 404,
        "/_at/0000-00-00/": 404,
        "/_at/0001-01-01/": 404,
        "/_at/9999-12-31T23:59:59/": 404,
        "/_at/2022-01-22/%0d%0aX:%20y": 404,
        "/_at/2022-01-22%0d%0aX:%20y": 404,
        "/_desk/feed/x": 404,
        "/_desk/preview/x%0d%0a": 404,
        "/_desk/at?when=x": 400,
        "/_desk/at?when=2022-01-22/%0d%0aX:%20y": 400,
        "/_desk/at?when=%EF%BC%92022-09-23": 400,
        "/_desk/" + "a" * 5000: 404,
    }.items():
        assert get(server, path)[0] == status, path


@pytest.mark.usefixtures("quiet")
def test_a_malformed_form_is_answered(server: Preview) -> None:
    for request, status in {
        POST + FORM + b"\r\n": 411,
        POST + FORM + b"Content-Length: 9999999\r\n\r\n": 413,
        POST + FORM + b"Content-Length: 9999999\r\n\r\n" + b"x" * 500_000: 413,
        POST + FORM + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n": 413,
        POST + FORM + b"Content-Length: -1\r\n\r\n": 400,
        POST + FORM + b"Content-Length: x\r\n\r\n": 400,
        POST + FORM + b"Content-Length: \xb2\r\n\r\n": 400,
        POST + FORM + b"Content-Length: 0\r\nContent-Length: 1\r\n\r\n": 400,
        POST + FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 501,
        POST + b"Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx": 415,
        POST + b"Content-Length: 0\r\n\r\n": 415,
        POST + FORM + b"Content-Length: 0\r\n\r\n": 403,
        POST + FORM + b"Content-Length: 6\r\n\r\n\xff%ff&=&": 403,
        b"POST /_desk/plan HTTP/1.1\r\n" + HOST + b"Origin: http://[\r\nContent-Length: 0\r\n\r\n": 403,
        b"POST http://[ HTTP/1.1\r\n" + HOST + b"\r\n": 400,
    }.items():
        assert answer(server.desk, request).startswith(b"HTTP/1.1 %d " % status), request[:300]


@pytest.mark.usefixtures("quiet")
def test_a_form_cut_off_is_answered(server: Preview) -> None:
    with socket.create_connection(("127.0.0.1", server.desk.port), timeout=10) as connection:
        connection.sendall(
            (POST + FORM).replace(b"PORT", b"%d" % server.desk.port) + b"Content-Length: 50\r\n\r\ndo=drop"
        )
        connection.shutdown(socket.SHUT_WR)
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")


def test_what_a_get_sends_along_is_not_the_next_request(server: Preview) -> None:
    inner = b"GET /_desk/ HTTP/1.1\r\n" + HOST + b"\r\n"
    request = b"GET /nowhere/ HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(inner) + inner
    with socket.create_connection(("127.0.0.1", server.desk.port), timeout=10) as connection:
        connection.sendall(request.replace(b"PORT", b"%d" % server.desk.port))
        assert connection.makefile("rb").read().count(b"HTTP/1.1") == 1


def test_head_has_no_body_and_does_not_wait(server: Preview) -> None:
    for origin, path in ((server.site, "/"), (server.site, "/_changes"), (server.desk, "/_desk/"), (server.site, "/x")):
        with closing(http.client.HTTPConnection("127.0.0.1", origin.port, timeout=5)) as asked:
            asked.request("HEAD", path)
            assert asked.getresponse().read() == b""


# -- who may ask


@pytest.mark.parametrize(
    ("site", "mode", "dest", "of_site", "of_desk"),
    [
        ("none", "navigate", "document", 200, 200),
        ("same-origin", "cors", "empty", 200, 200),
        ("same-site", "navigate", "document", 200, 200),
        ("cross-site", "navigate", "document", 200, 200),
        ("same-site", "navigate", "iframe", 200, 403),
        ("same-site", "cors", "empty", 403, 403),
        ("same-site", "no-cors", "image", 403, 403),
        ("cross-site", "no-cors", "script", 403, 403),
        ("cross-site", "navigate", "object", 403, 403),
        ("same-origin", "same-origin", "serviceworker", 403, 403),
    ],
)
def test_pages_elsewhere_can_open_a_page_and_no_more(
    still_server: Preview, site: str, mode: str, dest: str, of_site: int, of_desk: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert get(still_server, "/", **headers)[0] == of_site
    assert get(still_server, "/_desk/", **headers)[0] == of_desk


def test_an_edit_comes_from_the_desk_alone(server: Preview) -> None:
    wanted = {"do": "drop", "number": 8, "token": server.token}
    site, desk = server.site.url.rstrip("/"), server.desk.port
    for headers in (
        {"Origin": site},
        {"Origin": f"http://localhost:{desk}"},
        {"Origin": f"http://127.0.0.1:{desk}/"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Host": f"127.0.0.1:{server.site.port}"},
        {"Host": "127.0.0.1"},
    ):
        assert post(server, wanted, **headers) == 403, headers
    assert post(server, wanted, **{"Sec-Fetch-Site": "same-origin"}) == 303


def test_nothing_of_the_desk_is_at_the_origin_of_the_site(server: Preview) -> None:
    for path in ("/_desk", "/_desk/", "/_desk/preview/issues/6-sixth/"):
        with closing(http.client.HTTPConnection("127.0.0.1", server.site.port)) as asked:
            asked.request("GET", path)
            found = asked.getresponse()
            assert (found.status, found.read()) == (303, b"")
            assert (found.getheader("Location") or "").startswith(server.desk_url.rstrip("/"))
    for path in ("/_desk/plan", "/_desk/at", "/_desk/nothing", "/plan"):
        with closing(http.client.HTTPConnection("127.0.0.1", server.site.port)) as asked:
            asked.request("GET", path)
            assert asked.getresponse().status == 404


def test_localhost_stays_localhost(server: Preview) -> None:
    host = f"localhost:{server.desk.port}"
    with closing(http.client.HTTPConnection("127.0.0.1", server.desk.port)) as asked:
        asked.request("GET", "/_desk/", headers={"Host": host})
        assert f"http://localhost:{server.site.port}/" in asked.getresponse().read().decode()


# -- connections


def opened(stack: ExitStack, origin: LocalServer, count: int, begin: bytes) -> None:
    for _ in range(count):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", origin.port), timeout=10))
        if begin:
            connection.sendall(begin.replace(b"PORT", b"%d" % origin.port))


@pytest.mark.parametrize(
    "begin", some([b"GET / HT", b"", b"GET / HTTP/1.1\r\n" + HOST, b"GET /_changes HTTP/1.1\r\n" + HOST + b"\r\n"], 4)
)
def test_a_thousand_connections_do_not_stop_it(server: Preview, begin: bytes) -> None:
    before = threading.active_count()
    for origin, path in ((server.site, "/"), (server.desk, "/_desk/")):
        with ExitStack() as stack:
            opened(stack, origin, 1000, begin)
            began = time.monotonic()
            assert get(server, path)[0] == 200
            assert time.monotonic() - began < 60
            time.sleep(1.5)
            assert threading.active_count() < before + 2 * MAX_CONNECTIONS + 10


def test_whoever_stops_in_the_middle_does_not_stop_it(
    server: Preview, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_server, "MAX_CONNECTIONS", 4)
    monkeypatch.setattr(LocalHandler, "timeout", None)
    folder.write("templates/assets/long.png", bytes(8_000_000))
    server.state.refresh()
    unread = b"GET /assets/long.png HTTP/1.1\r\n" + HOST + b"\r\n"
    for origin, path, begin in (
        (server.desk, "/_desk/changes", POST + FORM + b"Content-Length: 60000\r\n\r\ndo=drop"),
        (server.site, "/archive/", unread),
    ):
        with ExitStack() as stack:
            opened(stack, origin, 6, begin)
            asked = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", origin.port, timeout=60)))
            asked.request("GET", path)
            assert asked.getresponse().status == 200


def test_what_is_asked_at_once_is_answered(server: Preview) -> None:
    statuses: list[int] = []
    asking = [threading.Thread(target=lambda: statuses.append(get(server, "/archive/")[0])) for _ in range(200)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert statuses == [200] * 200


# -- ports


def test_the_port_of_http_may_be_left_out(monkeypatch: pytest.MonkeyPatch, server: Preview) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(local_server, "HTTP_PORT", port)
    origin = LocalServer(port, PreviewHandler)
    assert origin.url == "http://127.0.0.1/"
    assert origin.hosts == {"127.0.0.1", "localhost", f"127.0.0.1:{port}", f"localhost:{port}"}
    origin.preview = server
    threading.Thread(target=origin.serve_forever, args=(0.02,), daemon=True).start()
    for host in (b"127.0.0.1", b"localhost", b"LOCALHOST:PORT"):
        assert answer(origin, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    origin.shutdown()
    origin.server_close()


def test_a_port_that_is_denied_is_said_plainly(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, server: Preview
) -> None:
    def denied(*arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(LocalServer, "server_bind", denied)
    with pytest.raises(BuildError, match="you may not use port 80"):
        Preview(folder.root, 80, None, server.state.store)
