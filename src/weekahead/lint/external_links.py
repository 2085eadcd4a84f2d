"""Check whether the pages elsewhere that a letter links to still exist; only with `check --external-links`.

Requests are polite: a few hosts at once, each one page at a time with a pause; HEAD before GET; robots.txt obeyed
(RFC 9309); an honest User-Agent; no further request after a 429. Results are remembered. What is certainly wrong is kept
apart from what could not be checked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from http.client import HTTPException
from queue import SimpleQueue
from threading import Event
from time import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from urllib.robotparser import RobotFileParser

from msgspec import Struct
from msgspec.structs import replace

from weekahead import __version__
from weekahead.model.addresses import ascii_host, join_addresses, split_address
from weekahead.runtime.store import Store

DAY = 86_400
LIFETIMES = {"fine": 14 * DAY, "moved": 14 * DAY, "gone": DAY, "unsure": DAY // 4}
"""Seconds for which a remembered status is used, by verdict."""

MAX_REDIRECTS = 6
HOSTS_AT_ONCE = 4
MAX_PER_HOST = 200
"""Pages of one host that are checked in one run, the newest issues' first."""


class LinkStatus(Struct, frozen=True, array_like=True):
    """What is known of an address: fine, moved (`detail` is where to), gone or unsure (`detail` is why).

    `at` is when it was checked, in seconds since 1970.
    """

    verdict: str
    detail: str = ""
    at: float = 0


class LinkReport(Struct, frozen=True):
    """The statuses by address, and how many addresses were checked now, remembered, or postponed to the next run."""

    statuses: dict[str, LinkStatus]
    checked: int = 0
    remembered: int = 0
    postponed: int = 0


def check_links(
    addresses: Iterable[str],
    store: Store,
    letter: str,
    *,
    pause: float = 1,
    timeout: float = 10,
    clock: Callable[[], float] = time,
    notice: Callable[[str, int, int], object] = lambda what, done, total: None,
) -> LinkReport:
    """Return the status of each address, remembered or from a request. Never raises for what a server does.

    `letter` is the letter's own address, for the User-Agent; `pause` and `timeout` are seconds. Each status is stored as
    soon as it is known, so that a run that is stopped loses nothing.
    """
    wanted = list(dict.fromkeys(address.partition("#")[0] for address in addresses))
    statuses = {address: status for address in wanted if (status := _remembered(store, address, clock()))}
    remembered = len(statuses)
    hosts, postponed = _group_by_host(address for address in wanted if address not in statuses)
    total = sum(map(len, hosts.values()))
    unresolved = []
    for done, (address, status) in enumerate(_check_hosts(hosts, letter, pause, timeout), 1):
        notice("links", done, total)
        if status.verdict == "unresolved":
            unresolved.append(address)
        else:
            statuses[address] = _remember(store, address, replace(status, at=clock()))
    reached = {_host(address) for address, status in statuses.items() if status.verdict in ("fine", "moved")}
    # A name that does not resolve is gone only if most others do; else it is our own connection that fails.
    is_connected = len(reached) > len({_host(address) for address in unresolved})
    for address in unresolved:
        status = LinkStatus("gone" if is_connected else "unsure", "its host name could not be resolved", clock())
        statuses[address] = _remember(store, address, status) if is_connected else status
    return LinkReport(statuses, total, remembered, postponed)


def _remembered(store: Store, address: str, now: float) -> LinkStatus | None:
    status = store.load("external links", address, LinkStatus)
    return status if status and 0 <= now - status.at < LIFETIMES.get(status.verdict, 0) else None


def _remember(store: Store, address: str, status: LinkStatus) -> LinkStatus:
    store.save("external links", address, status)
    return status


def _group_by_host(addresses: Iterable[str]) -> tuple[dict[str, list[str]], int]:
    """Return addresses by host, at most MAX_PER_HOST each, and how many are left out."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(_host(address), []).append(address)
    left_out = sum(max(0, len(of_host) - MAX_PER_HOST) for of_host in hosts.values())
    return {host: of_host[:MAX_PER_HOST] for host, of_host in hosts.items()}, left_out


def _host(address: str) -> str:
    return split_address(address).netloc.lower()


def _check_hosts(
    hosts: dict[str, list[str]], letter: str, pause: float, timeout: float
) -> Iterator[tuple[str, LinkStatus]]:
    """Yield addresses with their statuses as they come, a few hosts at once."""
    results: SimpleQueue[tuple[str, LinkStatus] | None] = SimpleQueue()
    stop = Event()

    def visit(addresses: list[str]) -> None:
        try:
            client = HostClient(letter, pause, timeout, stop)
            for address in addresses:
                if stop.is_set():
                    break
                results.put((address, client.check(address)))
        finally:
            results.put(None)

    pool = ThreadPoolExecutor(HOSTS_AT_ONCE)
    try:
        for addresses in hosts.values():
            pool.submit(visit, addresses)
        finished = 0
        while finished < len(hosts):
            result = results.get()
            if result is None:
                finished += 1
            else:
                yield result
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


class Answer(Struct):
    """What a server answered: its status code, the fields of its header in small letters, and as much of the body as was asked for."""

    status: int
    fields: Mapping[str, str]
    body: bytes = b""


class _NoRedirects(HTTPRedirectHandler):
    """Leaves redirects to us: we must know of each whether it is permanent."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


class HostClient:
    """Checks the pages of one host, one after another. Other hosts that they redirect to are asked with the same pause."""

    def __init__(self, letter: str, pause: float, timeout: float, stop: Event) -> None:
        self._agent = f"weekahead/{__version__} (checks the links of {letter})"
        self._pause, self._timeout, self._stop = pause, timeout, stop
        self._opener = build_opener(_NoRedirects())
        self._robots: dict[str, RobotFileParser | LinkStatus] = {}
        self._has_asked = False
        self._is_blocked = False

    def check(self, address: str) -> LinkStatus:
        if self._is_blocked:
            return LinkStatus("unsure", "not requested, since its server answered 429 (too many requests) before")
        try:
            return self._follow(encode_address(address))
        except (OSError, HTTPException, ValueError) as error:
            return failed_status(error, self._timeout)

    def locate(self, address: str) -> tuple[str, Answer] | None:
        """Return where redirects lead from an address, and what is answered there; None if that cannot be told, or may not be asked."""
        try:
            found = self._located(encode_address(address))
        except (OSError, HTTPException, ValueError):
            return None
        return None if isinstance(found, LinkStatus) else (found[0], found[2])

    def read(self, address: str, first: int, last: int) -> Answer | None:
        """Return what is answered for a range of bytes, with no more of the body than that; None if nothing is."""
        try:
            return self._request("GET", address, {"Range": f"bytes={first}-{last}"}, last - first + 1)
        except (OSError, HTTPException, ValueError):
            return None

    def _follow(self, address: str) -> LinkStatus:
        found = self._located(address)
        return found if isinstance(found, LinkStatus) else self._judge(found[2].status, found[1])

    def _located(self, address: str) -> tuple[str, str, Answer] | LinkStatus:
        """Follow redirects; return where they lead, where the page has moved to, and the last answer.

        The page has moved to where the permanent ones lead, up to the first that is not.
        """
        current, moved_to, is_permanent = address, "", True
        for _ in range(MAX_REDIRECTS):
            robots = self._robots_of(join_addresses(current, "/robots.txt"))
            if isinstance(robots, LinkStatus):
                return robots
            if not robots.can_fetch("weekahead", current):
                return LinkStatus("unsure", "its robots.txt does not allow it")
            answer = self._request("HEAD", current)
            if answer.status >= 400 and answer.status != 429:  # many servers answer HEAD badly
                answer = self._request("GET", current)
            target = answer.fields.get("location")
            if 300 <= answer.status < 400 and target:
                is_permanent = is_permanent and answer.status in (301, 308)
                current = encode_address(join_addresses(current, target))
                moved_to = current if is_permanent else moved_to
            else:
                return current, moved_to, answer
        return LinkStatus("unsure", "too many redirects")

    def _judge(self, status: int, moved_to: str) -> LinkStatus:
        if status < 300:
            return LinkStatus("moved", moved_to) if moved_to else LinkStatus("fine")
        if status in (404, 410):
            return LinkStatus("gone", f"its server answered {status}")
        self._is_blocked = self._is_blocked or status == 429
        return LinkStatus("unsure", f"its server answered {status}")

    def _request(self, method: str, address: str, fields: Mapping[str, str] = {}, most: int = 0) -> Answer:
        """Return what a server answers, with at most so many bytes of the body."""
        if self._has_asked:
            self._stop.wait(self._pause)
        self._has_asked = True
        request = Request(address, method=method, headers={"User-Agent": self._agent, "Accept": "*/*", **fields})
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return Answer(response.status, _fields(response.headers), response.read(most) if most else b"")
        except HTTPError as error:
            with error:
                return Answer(error.code, _fields(error.headers))

    def _robots_of(self, address: str) -> RobotFileParser | LinkStatus:
        """Return the rules of a robots.txt, read once.

        One that does not exist allows everything, one that cannot be read nothing (RFC 9309, 2.3.1), so that a host in
        trouble is left alone.
        """
        if address not in self._robots:
            try:
                self._robots[address] = self._read_robots(address)
            except (OSError, HTTPException) as error:
                self._robots[address] = failed_status(error, self._timeout)
        return self._robots[address]

    def _read_robots(self, address: str) -> RobotFileParser | LinkStatus:
        rules = RobotFileParser()
        try:
            request = Request(address, headers={"User-Agent": self._agent})
            with build_opener().open(request, timeout=self._timeout) as response:
                rules.parse(response.read(500_000).decode("utf-8", "replace").splitlines())
        except HTTPError as error:
            error.close()
            if error.code >= 500 or error.code == 429:
                return LinkStatus("unsure", f"its server answered {error.code} for robots.txt")
            rules.parse([])
        self._has_asked = True
        self._pause = max(self._pause, min(float(rules.crawl_delay("weekahead") or 0), 10))
        return rules


def _fields(message: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in message.items()}


def encode_address(address: str) -> str:
    """Return an address as it is requested: host name in ASCII (IDNA), path and query percent-encoded.

    Raise ValueError if it is not one of the web.
    """
    parts = split_address(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address} is not a web address")
    host = ascii_host(parts.hostname)
    if not host:
        raise ValueError("its host name cannot be looked up")
    if parts.netloc.isascii():
        host = parts.netloc
    elif parts.port:
        host = f"{host}:{parts.port}"
    safe = "/%:;=@!$&'()*+,~?[]"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe=safe), quote(parts.query, safe=safe), ""))


def failed_status(error: BaseException, timeout: float) -> LinkStatus:
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
    if isinstance(reason, TimeoutError):
        return LinkStatus("unsure", f"timed out after {timeout:g} s")
    if isinstance(reason, socket.gaierror):
        if reason.errno == socket.EAI_NONAME:
            return LinkStatus("unresolved")
        return LinkStatus("unsure", f"no connection: {reason.strerror}")
    if isinstance(reason, OSError) and not isinstance(reason, URLError):
        cause = reason.strerror or str(reason) or type(reason).__name__
        return LinkStatus("unsure", f"no connection: {cause.lower()}")
    return LinkStatus("unsure", str(reason) or type(reason).__name__)
