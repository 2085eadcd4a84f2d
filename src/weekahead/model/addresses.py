"""Addresses of the web, also those that others wrote: to take one apart never raises.

`urllib.parse` raises ValueError for some broken ones, such as `http://[x`, and only once their port is read for others.
No other module calls it for that; ruff holds this.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_PART = r"[^\s\x00-\x1f\x7f./@\[\]<>\"'(),;!*?#$&+=~{}|\\^`]{1,63}"
_HOST = re.compile(rf"(?:{_PART}\.)*{_PART}\.?")
"""A name in parts of 1 to 63 characters (RFC 1035, 2.3.4), or an IP address."""
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff<>\"{}|\\^`]")


def split_address(address: str) -> SplitResult:
    """Return the parts of an address, whose host and port can be read; all are empty for what is no address."""
    try:
        parts = urlsplit(address)
        _ = parts.hostname, parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def host_of(address: str) -> str:
    """Return the name of the host in an address without "www.", or nothing."""
    return (split_address(address.strip()).hostname or "").removeprefix("www.")


def join_addresses(base: str, address: str) -> str:
    """Return where an address leads from a base; the address as it is where one of them is broken."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def ascii_host(host: str) -> str:
    """Return the name of a host as it is looked up, in ASCII (RFC 3490); nothing for one that cannot be."""
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    return name if _HOST.fullmatch(name) else ""


def is_host(name: str) -> bool:
    """Return whether a name can be looked up: its parts are neither empty nor too long, and have no signs."""
    return ascii_host(name) != ""


def is_web_address(words: str) -> bool:
    """Return whether this is an absolute http or https address with a host and without white space."""
    parts = split_address(words)
    is_reachable = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
    return is_reachable and not _NOT_IN_ADDRESS.search(words)
