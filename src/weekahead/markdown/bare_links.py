"""Bare addresses that become links, and where they end (GFM 6.9, "Autolinks (extension)").

Beyond GFM, an address ends before an opening square bracket, before the marks of Chinese and Japanese sentences, and without the
closing quotation marks and ellipses of any language.
"""

from __future__ import annotations

import re

_END = r"\s<\[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_DOMAIN = r"[\w-]++(?:\.[\w-]++)*+"
_WEB = re.compile(rf"(?:https?|ftp)://(?P<domain>{_DOMAIN})[^{_END}]*+", re.IGNORECASE)
_WWW = re.compile(rf"www\.(?P<domain>{_DOMAIN})[^{_END}]*+")
_LETTER = re.compile("[A-Za-z]")
_SCHEME_END = re.compile(r"(?:https?|ftp)$", re.IGNORECASE)
LONGEST_NAME = 64
"""Of a mail address, before its @ (RFC 5321, 4.5.3.1.1)."""
_MAIL_NAME = re.compile(r"[A-Za-z0-9.+_-]+$")
_MAIL_DOMAIN = re.compile(r"@(?:[A-Za-z0-9_-]++\.)*+[A-Za-z0-9_-]*+")
_PUNCTUATION = "?!.,:*_~'\"’”»…"
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;$")


def web_link(text: str, colon: int, start: int) -> tuple[int, int] | None:
    """Return where the address begins and ends whose "://" stands at `colon`; None if there is none after `start`."""
    scheme = _SCHEME_END.search(text, max(start, colon - 5), colon)
    match = _WEB.match(text, scheme.start()) if scheme else None
    if scheme is None or match is None or _LETTER.match(text, max(scheme.start() - 1, 0), scheme.start()):
        return None
    return _bounds(text, match)


def www_link(text: str, start: int) -> tuple[int, int] | None:
    """Return where an address begins and ends that starts with "www."; before it stands nothing, a space or *, _, ~, (."""
    if start and not text[start - 1].isspace() and text[start - 1] not in "*_~(“‘„«":
        return None
    match = _WWW.match(text, start)
    return _bounds(text, match) if match else None


def mail_link(text: str, sign: int, start: int) -> tuple[int, int] | None:
    """Return where a mail address begins, not before `start`, and ends whose @ stands at a place."""
    name = _MAIL_NAME.search(text, max(start, sign - LONGEST_NAME), sign)
    domain = _MAIL_DOMAIN.match(text, sign)
    if name is None or domain is None:
        return None
    end = domain.end()
    while text[end - 1] == ".":
        end -= 1
    is_whole = text[end - 1].isalpha() and "." in text[sign:end] and text[end : end + 1] != "@"
    return (name.start(), end) if is_whole else None


def _bounds(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    """Return the bounds of an address; nothing where the last two parts of its domain have an underscore."""
    if any("_" in part for part in match["domain"].rsplit(".", 2)[-2:]):
        return None
    end = match.start() + len(trim_address(match[0]))
    return (match.start(), end) if end >= match.end("domain") else None


def trim_address(address: str) -> str:
    """Return an address without the punctuation that belongs to the sentence around it."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ";":
            entity = _ENTITY_END.search(address, max(0, end - 33), end)
            end = entity.start() if entity else end - 1
        elif last == ")":
            if surplus <= 0:
                break
            end, surplus = end - 1, surplus - 1
        elif last in _PUNCTUATION:
            end -= 1
        else:
            break
    return address[:end]
