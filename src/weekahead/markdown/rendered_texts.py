"""The letter's Markdown as prose, each text converted once and remembered by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead.markdown import renderer
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import RenderedText
from weekahead.model.findings import BuildError
from weekahead.model.issue import Text
from weekahead.runtime.parallel import map_in_workers
from weekahead.runtime.store import Store

if TYPE_CHECKING:
    from weekahead.theme.i18n import Translator

T = TypeVar("T")

HELD = 64
"""Texts whose facts are held at once; a page asks for those of a few."""


class TextRef(Struct, frozen=True, kw_only=True):
    """A text to be placed into a page: its key, where each of its addresses leads there, a prefix for its ids."""

    key: str
    addresses: Mapping[str, str]
    sizes: Mapping[str, str] = {}
    """Attributes of its pictures by their addresses, as far as their sizes are known; after "=", those of one that has a srcset."""
    prefix: str = ""
    language: str = ""
    """Names the words of the site that stand in it."""


class Converted(Struct, array_like=True):
    """A text's prose on its way into the store: its facts, and its HTML; `lasting` if it would be the same another day."""

    facts: bytes
    parts: bytes
    lasting: bool


class RenderedTexts:
    """Every text of this run. `words` reads those that a text leaves in its file, or that have files beside them, which
    `files` reads; `translator` has the site's words in texts. `options` are for texts that do not say themselves.
    """

    def __init__(
        self,
        store: Store,
        words: Callable[[Text], str],
        budget: float = renderer.BUDGET,
        *,
        files: Callable[[Text], Mapping[str, File]] = lambda text: {},
        file: Callable[[str], bytes] = lambda name: b"",
        translator: Translator | None = None,
        options: TextOptions | None = None,
    ) -> None:
        self.options = options or TextOptions()
        self._files, self._file, self._translator = files, file, translator
        self._store, self._words, self._budget = store, words, budget
        self._texts: dict[str, Text] = {}
        self._facts: dict[str, RenderedText] = {}
        self._fleeting: dict[str, Converted] = {}

    @property
    def version(self) -> str:
        """What names our code and the libraries; empty where nothing is remembered."""
        return self._store.version

    def convert(self, wanted: Iterable[Text], jobs: int, notice: Callable[[int, int], object]) -> None:
        """Convert those texts that are not remembered, in up to `jobs` worker processes. Raises NotReady.

        `notice` is told how many of how many are done.
        """
        texts = {self.key(text): text for text in wanted if not self._has(text)}
        missing = list(texts.values())
        work = map_in_workers(lambda place: self._made(missing[place]), len(missing), jobs, self._store.reopen)
        for place, made in enumerate(work):
            if isinstance(made, BuildError):
                raise made
            self._keep(missing[place], msgspec.msgpack.decode(made, type=Converted))
            notice(place + 1, len(missing))

    def facts(self, text: Text) -> RenderedText:
        """Links, ids, headings, words, lead and faults of a text, at little cost; `parts` is empty."""
        key = self.key(text)
        found = self._facts.get(key)
        if found is None:
            self._texts[key] = text
            found = self._load("facts", key, RenderedText)
            if found is None:
                found = msgspec.msgpack.decode(self._convert(text).facts, type=RenderedText)
            while len(self._facts) >= HELD:
                del self._facts[next(iter(self._facts))]
            self._facts[key] = found
        return found

    def html(self, html: TextRef, say: Callable[..., str] | None = None) -> str:
        """The HTML of a text in its place; `say` stands for the site's sentences in it where they are not its usual ones."""
        parts = self._load("parts", html.key, tuple[str, ...])
        if parts is None:
            parts = msgspec.msgpack.decode(self._convert(self._texts[html.key]).parts, type=tuple[str, ...])
        usual = self._translator.expand if self._translator else lambda key, **values: key
        return renderer.place(RenderedText(parts=parts), html.addresses, html.prefix, say or usual, html.sizes)

    def unplaced(self, text: Text) -> TextRef:
        """A text in no place, its addresses as its author wrote them, for those who want its words alone."""
        key = self.key(text)
        self._texts[key] = text
        return TextRef(key=key, addresses={}, language=self.language)

    def file(self, name: str) -> bytes:
        """Return a file of the letter that a page shows something of."""
        return self._file(name)

    def key(self, text: Text) -> str:
        """Return what the HTML of a text is stored under."""
        return self.options.key(text)

    def words(self, text: Text) -> str:
        """A text as its author wrote it."""
        return self._words(text) if text.content is None or text.beside else text.content

    @property
    def language(self) -> str:
        """Names the site's words."""
        return self._translator.digest if self._translator else ""

    # -- the store

    def _has(self, text: Text) -> bool:
        key = self.key(text)
        return key in self._facts or self._store.load_bytes("facts", key) is not None

    def _load(self, kind: str, key: str, type: type[T]) -> T | None:
        fleeting = self._fleeting.get(key)
        if fleeting:
            return msgspec.msgpack.decode(fleeting.facts if kind == "facts" else fleeting.parts, type=type)
        return self._store.load(kind, key, type)

    def _made(self, text: Text) -> bytes:
        files = self._files(text) if text.beside else None
        found = renderer.convert(self.words(text), self._budget, files, self.options.of_text(text))
        facts, parts = replace(found, parts=()), found.parts
        lasting = not any(fault.rule == "too-slow" for fault in found.faults)
        return msgspec.msgpack.encode(Converted(msgspec.msgpack.encode(facts), msgspec.msgpack.encode(parts), lasting))

    def _keep(self, text: Text, made: Converted) -> None:
        key = self.key(text)
        if made.lasting:
            self._store.save_bytes("facts", key, made.facts)
            self._store.save_bytes("parts", key, made.parts)
        else:
            self._fleeting[key] = made  # another machine, or another day, may have more time

    def _convert(self, text: Text) -> Converted:
        made = msgspec.msgpack.decode(self._made(text), type=Converted)
        self._keep(text, made)
        return made
