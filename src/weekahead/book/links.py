"""Tie the links of a book: each id is there once, and each link inside leads to one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from weekahead.book.notes import TextPart
from weekahead.book.placing import FILE_SCHEME, INSIDE
from weekahead.model.addresses import split_address

_SCHEMES = re.compile(r"(?i)(https?|mailto|ftp|geo|tel|irc|xmpp):|//")
_UNSAFE = re.compile(r"[^\w.-]")
"""What the id of an element of an XML document may not hold, and a colon."""


def tie_links(parts: Sequence[TextPart], homes: Mapping[str, str]) -> None:
    """Make ids sound and lead links to them. What the book does not have is led to on the site.

    `homes` are the absolute addresses of the chapters' own pages, by the ids of the chapters.
    """
    elements = [element for part in parts for root in part.roots for element in root.all()]
    notes = [note for part in parts for note in part.notes]
    names: dict[str, str] = {}
    used = {*homes}
    for own in [note.id for note in notes] + [element.attributes.get("id", "") for element in elements]:
        if own and own not in names:
            names[own] = _free(own, used)
    for note in notes:
        note.id, note.marks = names[note.id], [names[mark] for mark in note.marks]
    for element in elements:
        if name := element.attributes.get("id"):
            element.attributes["id"] = names[name]
        if element.tag == "a" and (address := element.attributes.pop("href", None)) is not None:
            led = _led(address, names, homes)
            element.attributes |= {"href": led} if led else {}


def _free(name: str, used: set[str]) -> str:
    """Return an id like a name that is not used yet, and note that it is."""
    plain = _UNSAFE.sub("-", name)
    made, count = plain, 1
    while made in used:
        count += 1
        made = f"{plain}-{count}"
    used.add(made)
    return made


def _led(address: str, names: Mapping[str, str], homes: Mapping[str, str]) -> str | None:
    """Return where a link leads in the book or out of it; None for one that leads nowhere."""
    address = address.strip()
    if address.startswith(FILE_SCHEME):
        return address.partition("\n")[2]
    if not address.startswith(("#", INSIDE)):
        return sound_address(address)
    name = address.removeprefix("#").removeprefix(INSIDE)
    if name in homes:
        return f"#{name}"
    if name in names:
        return f"#{names[name]}"
    chapter, _, rest = name.partition("-")
    home = homes.get(chapter) or homes.get(chapter.removesuffix("n"))
    return f"{home}#{quote(rest)}" if home else None


def sound_address(address: str) -> str | None:
    """Return an address with what the URL standard escapes escaped; None for one that no reader may follow."""
    if not _SCHEMES.match(address):
        return None
    address = f"https:{address}" if address.startswith("//") else address
    host = split_address(address).hostname
    if re.match("(?i)(https?|ftp):", address) and not (host and re.fullmatch(r"[\w.:-]+", host)):
        return None
    return re.sub(
        r"%(?![0-9A-Fa-f]{2})", "%25", re.sub(r"[^!#$%&'()*+,./0-9:;=?@A-Z_a-z~-]", lambda m: quote(m[0]), address)
    )
