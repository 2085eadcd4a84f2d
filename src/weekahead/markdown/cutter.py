"""Cut the HTML of a text at every address and every id, and collect the facts that pages and checks need of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from os import urandom
from typing import Any

from msgspec import Struct

from weekahead.markdown.active_content import ACTIVE, Active, find_active
from weekahead.model.findings import TextFinding

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that no XML may hold."""


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of a text, with the id that leads to it."""

    level: int
    id: str
    text: str


class Link(Struct, frozen=True, kw_only=True):
    """An address as the author wrote it; `kind` is link, image or media."""

    address: str
    kind: str


_ADDRESSES = {
    "href": "link",
    "src": "image",
    "poster": "image",
    "srcset": "image",
    "data": "media",
    "action": "link",
    "formaction": "link",
    "xlink:href": "link",
}
_WEB = ("https://", "http://")
_SIZES = frozenset({"width", "height"})
_PLAYERS = frozenset({"audio", "video", "source", "track", "embed", "object"})
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
_TOLD_BY_NAME = frozenset({"style", "pre", "noscript", *ACTIVE})
"""Elements that are of interest without any attribute."""
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([^,()\s][^,()]*(?:\([^)]*\)[^,()]*)*))?")
"""A picture of srcset and its descriptor; an address may hold commas, but not end with one (HTML standard, 4.8.4.2.1)."""
_IN_STYLE = re.compile(r"""(?i)\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]*))\s*\)""")
"""A picture of a style sheet or of an attribute."""


class Cutter:
    """Visits each element once; leaves a mark where an address or id stood, and collects what it saw."""

    def __init__(self, source: str, faults: list[TextFinding]) -> None:
        self.mark = f"wa-{urandom(8).hex()}-"
        """Begins what stands for a cut. Neither a text nor a file beside it can hold what is drawn by lot."""
        self.cuts: list[str] = []
        self.links: list[Link] = []
        self.local: dict[str, None] = {}
        self.ids: list[str] = []
        self.used: dict[str, int] = {}
        """Each id with the last number that was put to it."""
        self.headings: list[Heading] = []
        self.faults = faults
        self.source = source
        self.lines = ""
        """The source in small letters, once there is something to be found in it."""
        self.place, self.line = 0, 1
        """Of the last fault. They come in the order of the text, so that the next one is looked for from there on."""
        self.styled = False

    def visit(self, nodes: list[Any]) -> None:
        for node in nodes:
            tag, attributes = node.tag or "", node.attributes
            value = attributes.get("href") or "" if tag == "a" and len(attributes) == 1 else ""
            if value.startswith(_WEB):  # what most of them are
                node.attrs["href"] = self.address("a", "href", value)
            elif attributes or tag in _TOLD_BY_NAME:
                self.look(node, tag, attributes)

    def look(self, node: Any, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "style" or "style" in attributes:
            self.styled = True
            self.named_in_style(attributes.get("style") or node.text())
        for found in find_active(tag, attributes, (node.html or "") if tag == "noscript" else ""):
            self.fault(found)
        for name, value in attributes.items():
            value = value or ""
            if name in _ADDRESSES and not (name == "data" and tag != "object"):
                node.attrs[name] = self.addresses(tag, name, value)
            elif name == "id":
                node.attrs[name] = self.cut("#" + self.unique(value))
            elif name == "name" and tag == "a" and "id" not in attributes:  # an id, as HTML once had it
                node.attrs["id"] = self.cut("#" + self.unique(value))
            elif name in _REFERENCES:
                node.attrs[name] = " ".join(self.cut("#" + word) for word in value.split())
            elif name == "markdown":  # of Python-Markdown, which no browser knows
                del node.attrs[name]
        if tag == "img" and (source := attributes.get("src")) in self.local and not _SIZES & attributes.keys():
            node.attrs[self.cut(f"&={source}" if "srcset" in attributes else f"&{source}")] = ""
        if tag in _HEADINGS and self.ids and attributes.get("id") and self.mark not in node.text():
            self.headings.append(Heading(level=int(tag[1]), id=self.ids[-1], text=" ".join(node.text().split())))
        elif tag == "pre":
            node.attrs["tabindex"] = "0"
        elif tag == "input" and attributes.get("type") == "checkbox" and "aria-label" not in attributes:
            node.attrs["aria-label"] = self.say("done" if "checked" in attributes else "to_do")

    def unique(self, found: str) -> str:
        found = f"x-{found}" if found.startswith("wa-") else found  # the theme's own
        name, count = found, self.used.get(found, 0)
        while name in self.used:
            count += 1
            name = f"{found}-{count}"
        self.used[found] = count
        self.used.setdefault(name, 0)
        self.ids.append(name)
        return name

    def addresses(self, tag: str, name: str, value: str) -> str:
        if name != "srcset":
            return self.address(tag, name, value)
        return ", ".join(
            " ".join([self.address(tag, name, address), *([descriptor] if descriptor else [])])
            for address, descriptor in _CANDIDATE.findall(value)
        )

    def named_in_style(self, style: str) -> None:
        """Note the pictures of a style. Their addresses stay as they are, and lead on from the page."""
        for address in (match[1] or match[2] or match[3] for match in _IN_STYLE.finditer(style)):
            if address and not address.startswith(("#", *_WEB)) and not address.lower().startswith("data:"):
                self.links.append(Link(address=address, kind="image"))
                self.local[address] = None

    def address(self, tag: str, name: str, value: str) -> str:
        self.links.append(Link(address=value, kind="media" if tag in _PLAYERS else _ADDRESSES[name]))
        if not value.startswith(_WEB) or value[-1].isspace():
            self.local[value] = None
        return self.cut("@" + value)

    def cut(self, words: str) -> str:
        self.cuts.append(words)
        return f"{self.mark}{len(self.cuts) - 1}-"

    def say(self, key: str, **values: object) -> str:
        """Stands for a sentence of the site's."""
        return self.cut("~" + json.dumps([key, values]))

    def fault(self, found: Active) -> None:
        self.lines = self.lines or self.source.lower()
        sought = [word.lower() for word in (found.near, found.words, found.other) if word]
        places = (self.lines.find(word, start) for start in (self.place, 0) for word in sought)
        place = next((place for place in places if place >= 0), 0)
        start, before = (self.place, self.line) if place >= self.place else (0, 1)
        self.place, self.line = place, before + self.lines.count("\n", start, place)
        self.faults.append(
            TextFinding(
                rule="active-content", words=found.words, message=found.message, hint=found.hint, line=self.line
            )
        )

    def parts(self, html: str) -> tuple[str, ...]:
        if "&#" in self.source:
            html = CONTROL.sub("\ufffd", html)  # which raw HTML brought in as a character reference
        first, *rest = html.split(self.mark)
        pieces = [first]
        for piece in rest:
            number, _, after = piece.partition("-")
            if after.startswith('=""'):  # it stood for an attribute
                pieces[-1] = pieces[-1].removesuffix(" ")
                after = after[3:]
            pieces += [self.cuts[int(number)], after]
        return tuple(pieces)
