"""Convert Markdown to HTML that can be placed anywhere: it is cut at every address and every id.

With it come the facts that pages, feeds and checks need of a text: links, ids, headings, first words, faults.
"""

from __future__ import annotations

import codecs
import html as entities
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from weekahead.markdown.block_parser import DEEPEST, TooDeep
from weekahead.markdown.kinds.forms import Formula
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.nesting_limit import DEEPEST as DEEPEST_HTML
from weekahead.markdown.nesting_limit import too_deep
from weekahead.markdown.options import TextOptions
from weekahead.model.findings import TextFinding
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import is_mark
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit

if TYPE_CHECKING:
    from weekahead.markdown.extension import Converter


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of a text, with the id that leads to it."""

    level: int
    id: str
    text: str


class Link(Struct, frozen=True, kw_only=True):
    """An address as the author wrote it; `kind` is link, image or media."""

    address: str
    kind: str


class RenderedText(Struct, frozen=True, kw_only=True):
    """A text as HTML that has not been placed yet: its addresses are as the author wrote them.

    `parts` is the HTML cut at every address, every id and wherever the site speaks: the even places are HTML as it is, the
    odd ones are "@" and an address, or "#" and an id, unescaped; or "~", the name of a sentence and its values, as JSON.
    """

    parts: tuple[str, ...]
    links: tuple[Link, ...] = ()
    local: tuple[str, ...] = ()
    """The addresses that are no plain address of the web, each once: they may lead to somewhere in the letter."""
    ids: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    lead: str = ""
    words: int = 0
    faults: tuple[TextFinding, ...] = ()
    styled: bool = False
    """Does it carry styles of its own, which a page's policy must allow?"""


TOP = ("#", "#top")
"""Addresses of the top of any page (HTML standard, 7.4.6.3)."""

_SPECIAL = re.compile("[&<>\"']")


def place(
    prose: RenderedText,
    addresses: Mapping[str, str],
    prefix: str = "",
    say: Callable[..., str] = lambda key, **values: key,
) -> str:
    """The HTML with other `addresses` for some of its own, each id given a prefix, and our own words as `say` has them.

    An address within the text ("#fn:1") that is left alone gets the prefix of the id it leads to.
    """
    placed = list(prose.parts)
    for number in range(1, len(placed), 2):
        kind, words = placed[number][0], placed[number][1:]
        if kind == "@":
            words = addresses.get(words, words)
            if prefix and words.startswith("#") and words.lower() not in TOP:
                words = "#" + prefix + words[1:]
        elif kind == "#":
            words = prefix + words
        else:
            key, values = json.loads(words)
            words = say(key, **values)
        placed[number] = entities.escape(words) if _SPECIAL.search(words) else words
    return "".join(placed)


BUDGET = 2.0
"""Seconds of the processor that 100,000 characters of a text may take. They take 0.03 where the text is real."""
_UNIT = 100_000

DEFAULT_OPTIONS = TextOptions()


def convert(
    text: str,
    budget: float = BUDGET,
    files: Mapping[str, File] | None = None,
    options: TextOptions = DEFAULT_OPTIONS,
) -> RenderedText:
    """Return a text as HTML with its facts; its tables are made from `files`, by the names its author gave them.

    Never raises: what cannot be converted, or not within `budget` seconds of the processor for each 100,000 characters, is
    a fault.
    """
    clean, faults = _without_controls(text)
    budget *= max(1.0, len(text) / _UNIT)
    try:
        with cpu_limit(budget):
            try:
                cutter = _Cutter(text, faults, [file.data for file in (files or {}).values()])
                html = _converter().convert(clean, files or {}, options, cutter.say, faults)
                return _finish(_levelled(html), text, cutter)
            except TooDeep as error:
                return _refused(_too_deep(error.line), faults)
            except RecursionError:
                _converter.cache_clear()
                return _refused(_too_deep(1), faults)
    except CpuLimitExceeded as error:
        line = line_of(text, _held_up_by(error, text))
        _converter.cache_clear()  # it was left in the middle of something
        message = f"rendering this text took more than {budget:g} s and stopped near this line"
        hint = "Look for many brackets, or markup that never ends. If the machine is slow, raise render_timeout in letter.yaml."
        return _refused(TextFinding(rule="too-slow", words="", message=message, hint=hint, line=line), faults)


def _refused(fault: TextFinding, faults: list[TextFinding]) -> RenderedText:
    return RenderedText(parts=("",), faults=(*faults, fault))


def _too_deep(line: int) -> TextFinding:
    message = f"lists or quotations are nested more than {DEEPEST} deep, or brackets are nested too deep"
    return TextFinding(rule="text-too-deep", words="", message=message, hint="Remove some levels.", line=line)


def _never_closed(tag: str, place: int, source: str) -> TextFinding:
    message = f"more than {DEEPEST_HTML} HTML elements are open at {tag[:40]}"
    hint = "Is one never closed? Every <div>, <span> or <b> needs its </div>, </span> or </b>."
    line = source.count("\n", 0, max(place, 0)) + 1
    return TextFinding(rule="text-too-deep", words=tag, message=message, hint=hint, line=line)


def line_of(text: str, words: str) -> int:
    """The first line of a text that holds some words, counted from 1; 1 when none does."""
    place = text.find(words)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def _held_up_by(error: BaseException, text: str) -> str:
    """The first words of the piece of a text that was being read when an error was raised, by the frames it went through."""
    pieces: list[str] = []
    trace = error.__traceback__
    while trace:
        found = (trace.tb_frame.f_locals.get(name) for name in ("data", "text", "block"))
        pieces += [words.lstrip()[:30] for words in found if isinstance(words, str)]
        trace = trace.tb_next
    return next((piece for piece in reversed(pieces) if piece and piece in text), "")


# -- before the conversion

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _without_controls(text: str) -> tuple[str, list[TextFinding]]:
    """The text without characters that no XML may hold; Python-Markdown uses two of them for itself."""
    found = _CONTROL.search(text)
    if found is None:
        return text, []
    line = text.count("\n", 0, found.start()) + 1
    message = f"there is an invisible control character here (U+{ord(found[0]):04X})"
    fault = TextFinding(
        rule="control-character",
        words=found[0],
        message=message,
        hint="Delete it; feeds must not contain it.",
        line=line,
    )
    return _CONTROL.sub("", text), [fault]


# -- the converter


@lru_cache(maxsize=1)
def _converter() -> Converter:
    from weekahead.markdown.extension import Converter

    return Converter()


def _levelled(html: str) -> str:
    """The page's own title is its only first-level heading, and no level below it is left out (WCAG 2.2, 1.3.1)."""
    above: list[int] = []

    def placed(found: re.Match[str]) -> str:
        if found[1] == "<h":
            while above and above[-1] >= int(found[2]):
                above.pop()
            above.append(int(found[2]))
        return f"{found[1]}{min(6, len(above) + 1)}"

    return re.sub(r"(</?h)([1-6])(?=[\s>])", placed, html)


# -- after the conversion

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
_PLAYERS = frozenset({"audio", "video", "source", "track", "embed", "object"})
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
_ACTIVE = {
    "script": "a script",
    "iframe": "a frame",
    "frame": "a frame",
    "object": "an object",
    "embed": "an embedded object",
    "base": "a base address",
    "meta": "a meta element",
    "applet": "an applet",
}
_TOLD_BY_NAME = frozenset({"style", "pre", *_ACTIVE})
"""Elements that are of interest without any attribute."""
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([^,()\s][^,()]*(?:\([^)]*\)[^,()]*)*))?")
"""A picture of srcset and its descriptor; an address may hold commas, but not end with one (HTML standard, 4.8.4.2.1)."""
_SCRIPTS = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)


def _finish(html: str, source: str, cutter: _Cutter) -> RenderedText:
    """Parse the HTML as a browser does, so that an unclosed tag ends here, and cut it."""
    from selectolax.lexbor import LexborHTMLParser

    if deep := too_deep(html, source):
        return _refused(_never_closed(*deep, source), cutter.faults)
    tree = LexborHTMLParser(html, is_fragment=True)
    cutter.visit(list(tree.root.traverse()) if tree.root else [])
    parts = cutter.parts(tree.html or "")
    for mark in tree.css("a.footnote-ref, a.footnote-backref"):
        mark.decompose()  # the number of a note is not a word of the text
    for formula in tree.css("math"):
        Formula.text(formula)
    return RenderedText(
        parts=parts,
        links=tuple(cutter.links),
        local=tuple(cutter.local),
        ids=tuple(cutter.ids),
        headings=tuple(cutter.headings),
        lead=_lead(tree),
        words=_words(tree),
        faults=tuple(cutter.faults),
        styled=cutter.styled,
    )


class _Cutter:
    """Visits each element once; leaves a mark where an address or id stood, and collects what it saw."""

    def __init__(self, source: str, faults: list[TextFinding], data: Sequence[bytes] = ()) -> None:
        self.mark = f"wa-{hash_bytes(b' '.join([source.encode(errors='replace'), *data]))[:16]}-"
        """Begins what stands for a cut. Neither a text nor a file of its tables can hold the digest of them all."""
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
            if tag == "a" and len(attributes) == 1 and (value := attributes.get("href")):  # what most of them are
                node.attrs["href"] = self.address("a", "href", value)
            elif attributes or tag in _TOLD_BY_NAME:
                self.look(node, tag, attributes)

    def look(self, node: Any, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "style" or "style" in attributes:
            self.styled = True
        if tag in _ACTIVE:
            self.fault(f"<{tag}", f"this text contains {_ACTIVE[tag]} (<{tag}>)")
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
            elif name.startswith("on"):
                self.fault(name, f'this text contains an event attribute ({name}="{value[:30]}")')
            elif tag in ("animate", "set") and name in ("to", "from", "values", "by") and "script:" in value.lower():
                self.fault(value[:20], f'the value "{value[:40]}" is a script')
        if tag in _HEADINGS and self.ids and attributes.get("id"):
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

    def address(self, tag: str, name: str, value: str) -> str:
        self.links.append(Link(address=value, kind="media" if tag in _PLAYERS else _ADDRESSES[name]))
        if not value.startswith(_WEB) or value[-1].isspace():
            self.local[value] = None
            self.no_script(name, value)
        return self.cut("@" + value)

    def no_script(self, name: str, value: str) -> None:
        """An address may be a picture in itself, but nothing else that runs or shows what it holds."""
        bare = value if value.isprintable() and " " not in value else re.sub(r"[\x00-\x20]", "", value)
        image = (
            name in ("src", "srcset", "poster")
            and bare.lower().startswith("data:image/")
            and not bare.lower().startswith("data:image/svg")
        )
        if (found := _SCRIPTS.match(bare)) and not image:
            self.fault(value[:20], f'the address "{value[:40]}" is a script', "Link to a page or a file.", found[1])

    def cut(self, words: str) -> str:
        self.cuts.append(words)
        return f"{self.mark}{len(self.cuts) - 1}-"

    def say(self, key: str, **values: object) -> str:
        """Stands for a sentence of the site's."""
        return self.cut("~" + json.dumps([key, values]))

    def fault(
        self, words: str, message: str, hint: str = "Remove it, or describe it and link to it.", other: str = ""
    ) -> None:
        self.lines = self.lines or self.source.lower()
        sought = [word.lower() for word in (words, other) if word]
        places = (self.lines.find(word, start) for start in (self.place, 0) for word in sought)
        place = next((place for place in places if place >= 0), 0)
        start, before = (self.place, self.line) if place >= self.place else (0, 1)
        self.place, self.line = place, before + self.lines.count("\n", start, place)
        self.faults.append(TextFinding(rule="active-content", words=words, message=message, hint=hint, line=self.line))

    def parts(self, html: str) -> tuple[str, ...]:
        if "&#" in self.source:
            html = _CONTROL.sub("\ufffd", html)  # which raw HTML brought in as a character reference
        pieces = re.split(rf"{self.mark}(\d+)-", html)
        pieces[1::2] = [self.cuts[int(number)] for number in pieces[1::2]]
        return tuple(pieces)


def _lead(tree: Any) -> str:
    """The words of the first paragraph that is neither in a list, a table, a note nor a figure."""
    for node in tree.css("p"):
        above = {parent.tag for parent in _above(node)}
        words = " ".join(node.text().split())
        if (
            words
            and not above & {"li", "table", "blockquote", "figure", "dd", "details", "aside"}
            and not _is_note(node)
        ):
            return words
    return ""


def _is_note(node: Any) -> bool:
    return any(parent.attributes.get("role") == "note" for parent in _above(node))


def _above(node: Any) -> Iterator[Any]:
    while (node := node.parent) is not None:
        yield node


def _words(tree: Any) -> int:
    """What a reader reads, without code; two characters of a script without spaces count as a word."""
    text = tree.root.text(separator=" ") if tree.root else ""
    code = " ".join(node.text(separator=" ") for node in tree.css("pre, script, style"))
    return _count(text) - _count(code)


_SORTS = bytes(
    ord("w" if chr(code).isalnum() or chr(code) == "_" else "-" if chr(code) in "'-" else " " if code else "\0")
    for code in range(128)
).ljust(256)
"""For each character of ASCII, "w" if it belongs to a word, "-" if it may stand within one; NUL stays, which no HTML has."""


def _count(text: str) -> int:
    """Words: rows of letters and figures, in which a hyphen or an apostrophe may stand."""
    sorted_out = b" " + text.encode("ascii", "weekahead-sorts").translate(_SORTS)
    words = sum(sorted_out.count(begin) for begin in (b" w", b" -w", b"--w"))
    return words + (sorted_out.count(b"\0") + 1) // 2


def _sorts(error: UnicodeError) -> tuple[str, int]:
    """What counts as much as a row of characters beyond ASCII: a NUL for each one of a script without spaces."""
    assert isinstance(error, UnicodeEncodeError)
    row = error.object[error.start : error.end]
    if max(row) >= "\u3040":
        row = _spaceless().sub("\0", row)
    signs = (
        "w" if sign.isalnum() or is_mark(sign) else "'" if sign == "’" else "\0 " if sign == "\0" else " "
        for sign in row
    )
    return "".join(signs), error.end


codecs.register_error("weekahead-sorts", _sorts)


@lru_cache(maxsize=1)
def _spaceless() -> re.Pattern[str]:
    """Characters of scripts without spaces. The expression takes its time to be made, and few letters want it."""
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
