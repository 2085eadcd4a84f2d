"""E-mail addresses, as mail servers take them."""

from __future__ import annotations

import re

ATOM = r"[^\s()<>\[\]:;@\\,.\"\x00-\x20\x7f]+"
"""Part of an address before its @ (RFC 5322, 3.2.3; RFC 6531)."""


def ascii_address(words: str) -> str:
    """Return an e-mail address with its host in ASCII, as mail servers name it. Raise ValueError if it is none."""
    local, _, host = words.rpartition("@")
    name = host if host.isascii() else host.encode("idna").decode()
    if not re.fullmatch(rf"{ATOM}(\.{ATOM})*", local) or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", name, re.ASCII):
        raise ValueError(words)
    return f"{local}@{name}"
