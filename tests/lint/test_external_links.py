"""Pages elsewhere are asked for politely, only on request, and remembered: against a real server on this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.conftest import NOON, Folder, Said, issue_text

from weekahead.build.check import linter_of
from weekahead.lint import external_links
from weekahead.lint.external_links import LinkReport, LinkStatus, check_links
from weekahead.model.findings import Location, sort_findings
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.source.loader import load_letter

Run = Callable[..., Said]


class Server:
    """A server that answers by path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.times: list[float] = []
        self.robots = (404, "")
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                return None

            def answer(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/robots.txt":
                    status, body = outer.robots
                    return self.say(status, {}, body)
                outer.asked.append((self.command, self.path, self.headers["User-Agent"]))
                outer.times.append(time.monotonic())
                status, headers = outer.of(self.command, path)
                return self.say(status, headers, "words")

            def say(self, status: int, headers: dict[str, str], body: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body.encode())

            do_GET = do_HEAD = answer

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def of(self, method: str, path: str) -> tuple[int, dict[str, str]]:
        match path.strip("/").split("/"):
            case ["status", number]:
                return int(number), {}
            case ["head", number]:
                return (int(number) if method == "HEAD" else 200), {}
            case ["to", number, *rest]:
                return int(number), {"Location": "/" + "/".join(rest)}
            case ["slow"]:
                time.sleep(1.5)
                return 200, {}
            case ["out"]:
                return 301, {"Location": "ftp://example.com/"}
            case _:
                return 200, {}


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.http.shutdown()
    found.http.server_close()


@pytest.fixture
def look(server: Server, tmp_path: Path) -> Callable[..., LinkReport]:
    """Ask for some paths of the server."""

    def look(*paths: str, pause: float = 0, **more: object) -> LinkReport:
        store = Store(tmp_path / "cache.db")
        try:
            addresses = [path if "://" in path else server.url + path for path in paths]
            return check_links(addresses, store, "https://letter.example/", pause=pause, **more)  # type: ignore[arg-type]
        finally:
            store.close()

    return look


@pytest.mark.parametrize(
    ("path", "verdict", "detail"),
    [
        ("/", "fine", ""),
        ("/page?a=1&b=ü", "fine", ""),
        ("/head/405", "fine", ""),
        ("/head/404", "fine", ""),
        ("/status/404", "gone", "its server answered 404"),
        ("/status/410", "gone", "its server answered 410"),
        ("/status/403", "unsure", "its server answered 403"),
        ("/status/429", "unsure", "its server answered 429"),
        ("/status/500", "unsure", "its server answered 500"),
        ("/status/999", "unsure", "its server answered 999"),
        ("/to/301/new", "moved", "{url}/new"),
        ("/to/308/new", "moved", "{url}/new"),
        ("/to/302/new", "fine", ""),
        ("/to/301/to/302/new", "moved", "{url}/to/302/new"),
        ("/to/302/to/301/new", "fine", ""),
        ("/to/301/status/404", "gone", "its server answered 404"),
        ("/to/301", "moved", "{url}/"),
        ("/out", "unsure", "ftp://example.com/ is not a web address"),
        (
            "/to/301/to/301/to/301/to/301/to/301/to/301/to/301/x",
            "unsure",
            "too many redirects",
        ),
        ("http://127.0.0.1:1/", "unsure", "no connection: connection refused"),
        ("http://[broken/", "unsure", "http://[broken/ is not a web address"),
    ],
)
def test_the_status_follows_the_servers_answers(
    server: Server, look: Callable[..., LinkReport], path: str, verdict: str, detail: str
) -> None:
    [found] = look(path).statuses.values()
    assert (found.verdict, found.detail) == (verdict, detail.replace("{url}", server.url))


def test_a_slow_server_times_out(look: Callable[..., LinkReport]) -> None:
    [found] = look("/slow", timeout=0.2).statuses.values()
    assert (found.verdict, found.detail) == ("unsure", "timed out after 0.2 s")


def test_an_unresolved_host_is_gone_only_if_most_others_resolve(
    server: Server, look: Callable[..., LinkReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    real = socket.getaddrinfo

    def known(host: str, *rest: object, **more: object) -> object:
        if host == "nowhere.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", known)
    assert [found.verdict for found in look("http://nowhere.example/").statuses.values()] == ["unsure"]
    found = look("http://nowhere.example/", "/", server.url.replace("127.0.0.1", "localhost")).statuses
    assert found["http://nowhere.example/"].verdict == "gone"


def test_requests_name_their_agent_come_once_a_page_and_pause(server: Server, look: Callable[..., LinkReport]) -> None:
    look("/a", "/b", "/a#part", "/c", pause=0.05)
    assert [(method, path) for method, path, _ in server.asked] == [("HEAD", "/a"), ("HEAD", "/b"), ("HEAD", "/c")]
    assert {name for _, _, name in server.asked} == {"weekahead/0.1.0 (checks the links of https://letter.example/)"}
    gaps = [after - before for before, after in zip(server.times, server.times[1:], strict=False)]
    assert min(gaps) >= 0.045


def test_robots_txt_is_obeyed(server: Server, look: Callable[..., LinkReport]) -> None:
    server.robots = (200, "User-agent: *\nDisallow: /private\n")
    found = look("/private/a", "/open").statuses
    assert [each.verdict for each in found.values()] == ["unsure", "fine"]
    assert [path for _, path, _ in server.asked] == ["/open"]


def test_a_failing_robots_txt_forbids_everything(server: Server, look: Callable[..., LinkReport]) -> None:
    server.robots = (503, "")
    found = look("/a", "/b").statuses
    assert {each.detail for each in found.values()} == {"its server answered 503 for robots.txt"}
    assert server.asked == []


def test_no_request_follows_a_429(server: Server, look: Callable[..., LinkReport]) -> None:
    found = look("/a", "/status/429", "/b", "/c").statuses
    assert [each.verdict for each in found.values()] == ["fine", "unsure", "unsure", "unsure"]
    assert [path for _, path, _ in server.asked] == ["/a", "/status/429"]


def test_statuses_are_remembered_for_their_lifetime(server: Server, look: Callable[..., LinkReport]) -> None:
    now = [1000.0]
    look("/a", "/status/404", clock=lambda: now[0])
    count = len(server.asked)
    again = look("/a", "/status/404", clock=lambda: now[0])
    assert (len(server.asked), again.checked, again.remembered) == (count, 0, 2)
    now[0] += 2 * external_links.DAY
    assert look("/a", "/status/404", clock=lambda: now[0]).remembered == 1  # what was gone may be back
    now[0] += 20 * external_links.DAY
    assert look("/a", "/status/404", clock=lambda: now[0]).remembered == 0


def test_an_interrupted_run_keeps_its_results(server: Server, look: Callable[..., LinkReport]) -> None:
    def stop(what: str, done: int, whole: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look("/a", "/b", "/c", "/d", pause=0.02, notice=stop)
    assert look("/a", "/b", "/c", "/d").remembered == 1


def test_the_number_of_pages_per_host_is_limited(
    server: Server, look: Callable[..., LinkReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_links, "MAX_PER_HOST", 2)
    found = look("/a", "/b", "/c")
    assert (found.checked, found.postponed) == (2, 1)
    assert look("/a", "/b", "/c").checked == 1


def test_check_reports_dead_links_by_line_and_only_on_request(
    folder: Folder, server: Server, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = external_links.check_links.__kwdefaults__ or {}
    monkeypatch.setattr(external_links.check_links, "__kwdefaults__", usual | {"pause": 0})
    body = f"[a]({server.url}/status/404)\n[b]({server.url}/to/301/new)\n[c]({server.url}/status/500)\n[d]({server.url}/d)\n[e](https://letter.example/archive/)"
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", body))
    assert run("check", "--root", folder.root, "--as-of", NOON).status == 0
    assert server.asked == []
    said = run("check", "--root", folder.root, "--as-of", NOON, "--external-links")
    assert said.status == 0
    assert (
        f'issues/0005-fifth.md:8: warning: "{server.url}/status/404" is gone: its server answered 404 [link-gone]'
        in said.err
    )
    assert (
        f'issues/0005-fifth.md:9: note: "{server.url}/to/301/new" has moved to {server.url}/new [link-moved]'
        in said.err
    )
    assert "issues/0005-fifth.md:10: note: could not check" in said.err
    assert "Checked 4 external links (0 cached)." in said.err
    said = run("check", "--root", folder.root, "--as-of", NOON, "--external-links")
    assert "Checked 0 external links (4 cached)." in said.err
    assert "[link-gone]" in said.err
    assert "[link-gone]" not in run("check", "--root", folder.root, "--as-of", NOON).err


GONE = LinkStatus("gone", "its host name could not be resolved")
SLOW = LinkStatus("unsure", "timed out after 10 s")


def said_of(folder: Folder, links: dict[tuple[str, int], str], status: dict[str, LinkStatus]) -> list[str]:
    """What is said of links by their places, when each address has the status of the first that it begins with."""
    loaded = load_letter(folder.root)
    with open_store(folder.root, keep=False) as store:
        linter = linter_of(loaded, loaded.require_letter(), store)
        known = {
            address: found for address in links.values() for start, found in status.items() if address.startswith(start)
        }
        found = linter.link_findings([(Location(*place), address) for place, address in links.items()], known)
    return [f"{each.where} {each.message} {each.hint}" for each in sort_findings(found)]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (GONE, '40 links lead to "dead.example", which is gone: its host name could not be resolved'),
        (SLOW, 'could not check 40 links to "dead.example": timed out after 10 s'),
        (LinkStatus("unsure", "its server answered 403"), 'could not check 40 links to "dead.example": its server'),
    ],
)
def test_one_dead_host_is_one_finding(folder: Folder, status: LinkStatus, words: str) -> None:
    links = {(f"issues/{number}.md", 7): f"https://dead.example/{number % 9}" for number in range(40, 0, -1)}
    (said,) = said_of(folder, links, {"https://dead.example/": status})
    assert said.startswith(f"issues/1.md:7 {words}")
    assert said.endswith(
        " The others: issues/2.md:7, issues/3.md:7, issues/4.md:7, issues/5.md:7, issues/6.md:7 and 34 more."
    )


def test_pages_that_are_gone_and_one_link_to_a_dead_host_are_findings_each(folder: Folder) -> None:
    links = {("issues/1.md", line): address for line, address in enumerate(
        ("https://a.example/1", "https://a.example/2", "https://b.example/", "https://www.c.example?x", "http://c.example/")
    )}  # fmt: skip
    status = {"https://a": LinkStatus("gone", "its server answered 404"), "https://b": GONE, "https://www.c": SLOW, "http://c": SLOW}  # fmt: skip
    said = said_of(folder, links, status)
    assert [each.partition(" is gone")[0] for each in said[:3]] == [
        'issues/1.md "https://a.example/1"',
        'issues/1.md:1 "https://a.example/2"',
        'issues/1.md:2 "https://b.example/"',
    ]
    assert said[3].startswith('issues/1.md:3 could not check 2 links to "c.example"')


def test_an_unreadable_letter_makes_no_requests(folder: Folder, run: Run) -> None:
    folder.write("letter.yaml", "title: x\n")
    said = run("check", "--root", folder.root, "--as-of", NOON, "--external-links")
    assert said.status == 1
    assert "Checked 0 external links" in said.err
