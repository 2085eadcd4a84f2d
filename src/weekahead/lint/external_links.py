"""Are the pages still there that the letter links to? Asked only with `check --external-links`, politely, and remembered.

Politely means: a few hosts at once and each host one page at a time with a pause, HEAD before GET, the rules of its
robots.txt (RFC 9309), an honest name, and no more once it says 429. What is surely wrong is kept apart from what nobody
can tell from here.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from queue import SimpleQueue
from threading import Event
from time import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from urllib.robotparser import RobotFileParser

import msgspec
from msgspec import Struct

from weekahead import __version__
from weekahead.runtime.store import Store

DAY = 86_400
KEPT = {"fine": 14 * DAY, "moved": 14 * DAY, "gone": DAY, "unsure": DAY // 4}
"""Seconds for which an answer is believed, by what it was."""

HOPS = 6
AT_ONCE = 4
SHARE = 200
"""Pages of one host that are asked for in one run; the newest issues' first."""


class Answer(Struct, frozen=True, array_like=True):
    """What is known of an address since an instant: fine, moved (`detail` is where to), gone or unsure (`detail` is why)."""

    verdict: str
    detail: str = ""
    at: float = 0


class Asked(Struct, frozen=True):
    """What a run came to, by address; how many were asked for, were known from before, and are left for the next run."""

    answers: dict[str, Answer]
    asked: int
    known: int
    left: int


def ask(
    addresses: Iterable[str],
    store: Store,
    letter: str,
    *,
    pause: float = 1,
    patience: float = 10,
    clock: Callable[[], float] = time,
    notice: Callable[[str, int, int], object] = lambda what, done, all: None,
) -> Asked:
    """Whether each address is there: as remembered, or asked for now. Never raises for what a server does.

    `letter` is the address of the letter, for the name by which servers know us; `pause` and `patience` are seconds.
    An answer is kept as soon as it is there, so that a run that is stopped was not for nothing.
    """
    wanted = list(dict.fromkeys(address.partition("#")[0] for address in addresses))
    answers = {address: found for address in wanted if (found := _remembered(store, address, clock()))}
    hosts: dict[str, list[str]] = {}
    left = 0
    for address in wanted:
        if address not in answers:
            of_host = hosts.setdefault(_host(address), [])
            if len(of_host) < SHARE:
                of_host.append(address)
            else:
                left += 1
    known, whole = len(answers), sum(map(len, hosts.values()))
    nameless = []
    for done, (address, found) in enumerate(_asked(hosts, letter, pause, patience), 1):
        notice("links", done, whole)
        if found.verdict == "nameless":
            nameless.append(address)
            continue
        answers[address] = Answer(found.verdict, found.detail, clock())
        store.save("links", address, msgspec.msgpack.encode(answers[address]))
    there = {_host(address) for address, found in answers.items() if found.verdict in ("fine", "moved")}
    is_connected = len(there) > len({_host(address) for address in nameless})
    for (
        address
    ) in nameless:  # a name that is not known is gone only where most others are: else it is us who are cut off
        verdict = "gone" if is_connected else "unsure"
        answers[address] = Answer(verdict, "its host's name is not known", clock())
        if is_connected:
            store.save("links", address, msgspec.msgpack.encode(answers[address]))
    return Asked(answers, whole, known, left)


def _remembered(store: Store, address: str, now: float) -> Answer | None:
    data = store.load("links", address)
    try:
        found = msgspec.msgpack.decode(data, type=Answer) if data else None
    except msgspec.MsgspecError:
        return None
    return found if found and 0 <= now - found.at < KEPT.get(found.verdict, 0) else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _asked(hosts: dict[str, list[str]], letter: str, pause: float, patience: float) -> Iterator[tuple[str, Answer]]:
    """Answers as they come, a few hosts at once."""
    found: SimpleQueue[tuple[str, Answer] | None] = SimpleQueue()
    stop = Event()

    def visit(addresses: list[str]) -> None:
        try:
            host = _Host(letter, pause, patience, stop)
            for address in addresses:
                if stop.is_set():
                    break
                found.put((address, host.look(address)))
        finally:
            found.put(None)

    crew = ThreadPoolExecutor(AT_ONCE)
    try:
        for addresses in hosts.values():
            crew.submit(visit, addresses)
        ended = 0
        while ended < len(hosts):
            each = found.get()
            if each is None:
                ended += 1
            else:
                yield each
    finally:
        stop.set()
        crew.shutdown(cancel_futures=True)


class _Stay(HTTPRedirectHandler):
    """Redirections are ours to follow, for each says whether it is for good."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


class _Host:
    """One host, asked one page after another. Where a page leads elsewhere, the other host is asked with the same pause."""

    def __init__(self, letter: str, pause: float, patience: float, stop: Event) -> None:
        self._agent = f"weekahead/{__version__} (checks the links of {letter})"
        self._pause, self._patience, self._stop = pause, patience, stop
        self._opener = build_opener(_Stay())
        self._rules: dict[str, RobotFileParser | Answer] = {}
        self._has_asked = False
        self._is_weary = False

    def look(self, address: str) -> Answer:
        """Is a page there?"""
        if self._is_weary:
            return Answer("unsure", "its server asks for fewer questions (429)")
        try:
            return self._follow(_encoded(address))
        except (OSError, HTTPException, ValueError) as error:
            return _failed(error, self._patience)

    def _follow(self, address: str) -> Answer:
        """Follow redirections. The page has moved to where those that are for good lead, up to the first that is not."""
        here, moved, for_good = address, "", True
        for _ in range(HOPS):
            rules = self._rules_of(urljoin(here, "/robots.txt"))
            if isinstance(rules, Answer):
                return rules
            if not rules.can_fetch("weekahead", here):
                return Answer("unsure", "its robots.txt asks programs to stay away")
            status, there = self._status("HEAD", here)
            if status >= 400 and status != 429:  # many servers answer HEAD badly
                status, there = self._status("GET", here)
            if 300 <= status < 400 and there:
                for_good = for_good and status in (301, 308)
                here = _encoded(urljoin(here, there))
                moved = here if for_good else moved
            else:
                return self._verdict(status, moved)
        return Answer("unsure", "it leads from one address to another without end")

    def _verdict(self, status: int, moved: str) -> Answer:
        if status < 300:
            return Answer("moved", moved) if moved else Answer("fine")
        if status in (404, 410):
            return Answer("gone", f"its server says {status}")
        self._is_weary = self._is_weary or status == 429
        return Answer("unsure", f"its server says {status}")

    def _status(self, method: str, address: str) -> tuple[int, str]:
        """What a server says, and where it leads to. The page itself is not read."""
        if self._has_asked:
            self._stop.wait(self._pause)
        self._has_asked = True
        request = Request(address, method=method, headers={"User-Agent": self._agent, "Accept": "*/*"})
        try:
            with self._opener.open(request, timeout=self._patience) as answer:
                return answer.status, ""
        except HTTPError as error:
            with error:
                return error.code, error.headers.get("Location") or ""

    def _rules_of(self, address: str) -> RobotFileParser | Answer:
        """What a robots.txt says, asked for once: one that is not there lets us in, one that cannot be had does not
        (RFC 9309, 2.3.1), so that a host in trouble is left in peace."""
        found = self._rules.get(address)
        if found is None:
            try:
                found = self._read(address)
            except (OSError, HTTPException) as error:
                found = _failed(error, self._patience)
            self._rules[address] = found
        return found

    def _read(self, address: str) -> RobotFileParser | Answer:
        rules = RobotFileParser()
        try:
            request = Request(address, headers={"User-Agent": self._agent})
            with build_opener().open(request, timeout=self._patience) as answer:
                rules.parse(answer.read(500_000).decode("utf-8", "replace").splitlines())
        except HTTPError as error:
            error.close()
            if error.code >= 500 or error.code == 429:
                return Answer("unsure", f"its server says {error.code}")
            rules.parse([])
        self._has_asked = True
        self._pause = max(self._pause, min(float(rules.crawl_delay("weekahead") or 0), 10))
        return rules


def _encoded(address: str) -> str:
    """An address as it goes over the wire: a host's name in ASCII, other letters as percent signs. Raises ValueError."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it leads out of the web")
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    safe = "/%:;=@!$&'()*+,~?[]"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe=safe), quote(parts.query, safe=safe), ""))


def _failed(error: BaseException, patience: float) -> Answer:
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
    if isinstance(reason, TimeoutError):
        return Answer("unsure", f"no answer within {patience:g} seconds")
    if isinstance(reason, socket.gaierror):
        return (
            Answer("nameless")
            if reason.errno == socket.EAI_NONAME
            else Answer("unsure", f"no connection: {reason.strerror}")
        )
    if isinstance(reason, OSError) and not isinstance(reason, URLError):
        return Answer("unsure", f"no connection: {(reason.strerror or str(reason) or type(reason).__name__).lower()}")
    return Answer("unsure", str(reason) or type(reason).__name__)
