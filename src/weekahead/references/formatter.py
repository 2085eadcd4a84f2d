"""How citeproc-py writes: HTML whose own signs stand for themselves until all is put together."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape

from weekahead.model.addresses import host_of, is_host

OPEN, CLOSE = "\ue000", "\ue001"
"""Stand for < and > of markup, so that those of a title can be told from them."""


_SITES = re.compile(r"https?://[^\s<>\"]+")


def with_links(html: str) -> str:
    """Return HTML with its bare addresses as links, as far as they lead to a host."""
    return _SITES.sub(lambda match: _linked(unescape(match[0])), html)


def _linked(words: str) -> str:
    address = words.rstrip(".,;:<>'])")
    if words[len(address) :].startswith(")") and address.count("(") > address.count(")"):
        address += ")"
    if not is_host(host_of(address)):
        return escape(words, quote=False)
    shown, rest = escape(address, quote=False), escape(words[len(address) :], quote=False)
    return f'<a href="{escape(address)}">{shown}</a>{rest}'


def preformat(text: str) -> str:
    """Return a term of a locale as it is."""
    return str(text)


def _tag(name: str, attributes: str = "") -> type[str]:
    class Tag(str):
        def __new__(cls, text: str) -> Tag:
            return super().__new__(cls, f"{OPEN}{name}{attributes}{CLOSE}{text}{OPEN}/{name}{CLOSE}")

    return Tag


Italic = Oblique = _tag("i")
Bold = _tag("b")
Light = _tag("span")
Underline = _tag("u")
Superscript = _tag("sup")
Subscript = _tag("sub")
SmallCaps = _tag("span", ' class="small-caps"')

KEPT, KEPT_END = "\ue002", "\ue003"
"""Stand around words that keep their case."""
_MARKUP = re.compile(r"<(/?(?:i|b|sup|sub))>|<span ([^>]*)>|</span>")


def hidden(text: str) -> str:
    """Return a text of CSL-JSON whose markup is hidden from what changes its case. A tag without its other half is text."""
    text = re.sub(f"[{OPEN}{CLOSE}{KEPT}{KEPT_END}]", "", text)
    tags, pairs = list(_MARKUP.finditer(text)), dict[int, str]()
    begun: list[re.Match[str]] = []
    counts = Counter[str]()  # of those begun, by name, so that none is looked for in vain
    for tag in tags:
        name = _name(tag)
        if not tag[0].startswith("</"):
            begun.append(tag)
            counts[name] += 1
        elif counts[name]:
            while (other := _name(last := begun.pop())) != name:
                counts[other] -= 1
            counts[name] -= 1
            pairs[last.start()], pairs[tag.start()] = _marks(last)
    return _MARKUP.sub(lambda tag: pairs.get(tag.start(), tag[0]), text)


def _name(tag: re.Match[str]) -> str:
    return tag[1].strip("/") if tag[1] else "span"


def _marks(tag: re.Match[str]) -> tuple[str, str]:
    """Return what stands for a tag, and what for its end."""
    name = _name(tag)
    if name == "span" and "nocase" in tag[2]:
        return KEPT, KEPT_END
    looks = ' class="small-caps"' if name == "span" else ""
    return f"{OPEN}{name}{looks}{CLOSE}", f"{OPEN}/{name}{CLOSE}"


_TAGS = f"(?:{OPEN}/[^{CLOSE}]*{CLOSE})*"
_DOUBLED = [
    (re.compile(rf"([.!?])({_TAGS}[”’»\"]?{_TAGS})\.(?!\.)"), r"\1\2"),
    (re.compile(rf"([,;:])({_TAGS}),"), r"\1\2"),
    (re.compile(rf"([.!?])(\s*)({_TAGS})(?:\1\2)"), r"\1\2\3"),
    (re.compile(r" {2,}"), " "),
    (re.compile(r" (?=[,.])"), ""),
    (re.compile(r"(?<=[)\]])\.{2,}"), "."),
]


def shown(text: str, *, in_quotes: bool = False) -> str:
    """Return what citeproc-py made as HTML, without the marks that it doubled: "MLOps?." is "MLOps?". With `in_quotes` commas and
    points stand within quotation marks."""
    text = text.replace(KEPT, "").replace(KEPT_END, "")
    text = re.sub(rf"([!?]{_TAGS}[”’»]{_TAGS}),", r"\1", text)
    if in_quotes:
        text = re.sub(rf"({_TAGS}[”’])([.,])", r"\2\1", text)
    for pattern, better in _DOUBLED:
        text = pattern.sub(better, text)
    text = re.sub(r"\b(pp?\.|no\.|S\.) (?=\d)", "\\1\u00a0", text)  # which belong into one line
    return escape(text, quote=False).replace(OPEN, "<").replace(CLOSE, ">")
