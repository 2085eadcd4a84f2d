"""Which host gets a secret: none but the one it is for, and none unencrypted but this machine. No message repeats one."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.request import HTTPRedirectHandler, OpenerDirector, build_opener


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def opener_without_redirects() -> OpenerDirector:
    """Return what opens addresses of the web and takes no key or password on to another host."""
    return build_opener(_NoRedirect)


def without_secrets(text: str, *secrets: str) -> str:
    """Return what a server said without the secrets that it was told, also in the form in which they are sent."""
    for secret in filter(None, secrets):
        for form in (secret, base64.b64encode(secret.encode()).decode()):
            text = text.replace(form, "…") if len(form) >= SHORTEST_SECRET else text
    return text


SHORTEST_SECRET = 4
"""Characters: a shorter one would take words apart, and nobody has such a password."""


def is_this_machine(host: str) -> bool:
    """Return whether a host is this machine, to which nothing has to be encrypted."""
    return re.fullmatch(r"localhost|127(\.\d+){3}|::1", host) is not None
