"""The letter's Markdown as prose, each text converted once and remembered by its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead import prose
from weekahead.issue import Text
from weekahead.prose import Prose


class Store(Protocol):
    """Bytes by key, kept from one build to the next; it may forget any of them at any time."""

    def load(self, kind: str, key: str) -> bytes | None: ...

    def save(self, kind: str, key: str, data: bytes) -> None: ...


class Html(Struct, frozen=True, kw_only=True):
    """A text to be placed into a page: its digest, where each of its addresses leads there, a prefix for its ids."""

    key: str
    addresses: Mapping[str, str]
    prefix: str = ""


class Texts:
    """Every text of this run. `words` reads those that a text leaves in its file; `engine` names what makes HTML."""

    def __init__(
        self, store: Store, words: Callable[[Text], str], engine: str = "", budget: float = prose.BUDGET
    ) -> None:
        self._store, self._words, self._engine, self._budget = store, words, engine, budget
        self._texts: dict[str, Text] = {}
        self._facts: dict[str, Prose] = {}

    def facts(self, text: Text) -> Prose:
        """Links, ids, headings, words, lead and faults of a text, at little cost; `parts` is empty."""
        found = self._facts.get(text.digest)
        if found is None:
            self._texts[text.digest] = text
            found = self._load("facts", text.digest) or replace(self._convert(text), parts=())
            self._facts[text.digest] = found
        return found

    def html(self, html: Html) -> str:
        """The HTML of a text in its place."""
        found = self._load("parts", html.key) or self._convert(self._texts[html.key])
        return prose.place(found, lambda address: html.addresses.get(address, address), html.prefix)

    def unplaced(self, text: Text) -> Html:
        """A text in no place, its addresses as its author wrote them, for those who want its words alone."""
        self.facts(text)
        return Html(key=text.digest, addresses={})

    def words(self, text: Text) -> str:
        """A text as its author wrote it."""
        return self._words(text) if text.words is None else text.words

    def _load(self, kind: str, key: str) -> Prose | None:
        data = self._store.load(kind, self._engine + key)
        try:
            return msgspec.msgpack.decode(data, type=Prose) if data else None
        except msgspec.MsgspecError:
            return None

    def _convert(self, text: Text) -> Prose:
        found = prose.convert(self.words(text), self._budget)
        if any(fault.rule == "too-slow" for fault in found.faults):
            return found  # another machine, or another day, may have more time
        key = self._engine + text.digest
        self._store.save("facts", key, msgspec.msgpack.encode(replace(found, parts=())))
        self._store.save("parts", key, msgspec.msgpack.encode(found))
        return found
