"""The letter's Markdown as prose, each text converted once and remembered by its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead import prose
from weekahead.output import digest_of
from weekahead.prose import Prose


class Store(Protocol):
    """Bytes by key, kept from one build to the next; it may forget any of them at any time."""

    def load(self, kind: str, key: str) -> bytes | None: ...

    def save(self, kind: str, key: str, data: bytes) -> None: ...


class Html(Struct, frozen=True, kw_only=True):
    """A text to be placed into a page: its key, where each of its addresses leads there, a prefix for its ids."""

    key: str
    addresses: Mapping[str, str]
    prefix: str = ""


class Texts(Struct):
    """Every text of this run by key. `facts` is all of a Prose but its HTML and costs little."""

    store: Store
    _texts: dict[str, str] = {}
    _keys: dict[str, str] = {}
    _facts: dict[str, Prose] = {}

    def add(self, text: str) -> str:
        """The key of a text."""
        key = self._keys.get(text)
        if key is None:
            key = digest_of(f"{prose.engine()}\0{text}".encode("utf-8", "surrogatepass"))
            self._keys[text], self._texts[key] = key, text
        return key

    def facts(self, key: str) -> Prose:
        """Links, ids, headings, words, lead and faults of a text; `parts` is empty."""
        if key not in self._facts:
            self._facts[key] = self._load("facts", key) or replace(self._convert(key), parts=())
        return self._facts[key]

    def html(self, html: Html) -> str:
        """The HTML of a text in its place."""
        found = self._load("parts", html.key) or self._convert(html.key)
        return prose.place(found, lambda address: html.addresses.get(address, address), html.prefix)

    def _load(self, kind: str, key: str) -> Prose | None:
        data = self.store.load(kind, key)
        try:
            return msgspec.msgpack.decode(data, type=Prose) if data else None
        except msgspec.MsgspecError:
            return None

    def _convert(self, key: str) -> Prose:
        found = prose.convert(self._texts[key])
        self.store.save("facts", key, msgspec.msgpack.encode(replace(found, parts=())))
        self.store.save("parts", key, msgspec.msgpack.encode(found))
        return found
