"""Texts with nothing but links, words in brackets, code and emphasis of the plainest kind: read in one look.

Nine texts in ten of a letter are such. Where no other mark is about, and each of these ends where it seems to, it makes no
difference which of Python-Markdown's patterns is asked first, so that none needs to be. The first mark of any other kind,
and whatever the patterns might read in another way, ends that, and `marks` reads the text with the patterns in turn.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml

from markdown.inlinepatterns import ReferenceInlineProcessor
from markdown.util import AtomicString, code_escape

import markdown

_MARKED = re.compile(r"[`\\\[<&*_~:\n]")
_SIMPLE = re.compile(
    r"""
    \[(?<!!\[)(?!\^)(?P<words>[^\[\]]*+)\]                           # words in brackets, which are no picture or note
      (?: \((?P<address>[^\s()<>'"\\`\x02\x03\[\]]++)\)           # and where they lead,
        | \[(?P<name>[^\[\]]++)\]                                  # by an address or by a name,
        | (?=\s\[(?P<after>[^\[\]]++)\]\()                         # or before a link
        | (?!\(|\s?\[)                                            # or by themselves
      )
    | `(?P<code>[^`\\\x02]++)`(?!`)
    | \*(?P<second>\*?)(?![\s*])(?P<stressed>[^*]++)(?<!\s)\*(?P=second)(?!\*)
    """,
    re.VERBOSE,
)
"""A link, words in brackets, code or emphasis that ends where it seems to, if no other mark is about.

Here and below each branch begins with a character: `re` then leaps from one of them to the next.
"""
_OTHER = re.compile(r"`|\\|\[|\]|<|\*|~|&(?=[#\w])|_(?:(?!\w)|(?<!\w_))|://|\x02klz")
"""A mark of any other kind, or a placeholder. An underscore within a word is none, nor is an ampersand by itself."""


def may_have_marks(data: str) -> bool:
    """Every mark has one of these characters, but for an address without a scheme."""
    return _MARKED.search(data) is not None or "www." in data


def _is_plain(data: str, start: int, end: int) -> bool:
    """Has a stretch of a text no mark of any other kind?"""
    return not _OTHER.search(data, start, end) and data.find("www.", start, end) < 0


Read = tuple[str | None, list[xml.Element]]
"""A text as its words before the first node, and its nodes, with the words behind each as its tail."""


class Plain:
    """Reads the texts of one document at a time; `count` says how many nodes were made of the last one."""

    def __init__(self, md: markdown.Markdown) -> None:
        self.md = md
        self.count = 0

    def read(self, data: str) -> Read | None:
        """What the patterns would make of a text; None if they may have to be asked."""
        self.count = 0
        if not may_have_marks(data):
            return data, []
        if "  \n" in data:
            return None
        return self.told(data)

    def told(self, data: str) -> Read | None:
        """The same for a text with marks."""
        words: str | None = None
        nodes: list[xml.Element] = []
        at = seen = 0
        for match in _SIMPLE.finditer(data):
            start, end = match.span()
            if start > seen and not _is_plain(data, seen, start):
                return None
            seen = end
            node = self.told_by(match)
            if node is None:
                return None
            if isinstance(node, str):
                continue
            if start > at:
                if nodes:
                    nodes[-1].tail = data[at:start]
                else:
                    words = data[at:start]
            at = end
            nodes.append(node)
            self.count += 1
        if at < len(data):
            if not _is_plain(data, seen, len(data)):
                return None
            if nodes:
                nodes[-1].tail = data[at:]
            else:
                words = data
        return words, nodes

    def told_by(self, match: re.Match[str]) -> xml.Element | str | None:
        """What a match stands for, as a node or as the words that it is."""
        kind = match.lastgroup
        if kind == "code":
            node = xml.Element("code")
            node.text = AtomicString(code_escape(match["code"].strip()))
            return node
        inner: str = match["words"]
        if kind == "address":
            node = xml.Element("a", {"href": match["address"]})
        elif kind == "stressed":
            node, inner = xml.Element("strong" if match["second"] else "em"), match["stressed"]
        else:
            name, after = match["name"] or inner, match["after"]
            target = self.target(name)
            if not _is_plain(name, 0, len(name)) or (after is not None and self.target(after)):
                return None
            if target is None:
                return None if match["name"] else inner
            node = xml.Element("a", {"href": target[0]})
            if target[1]:
                node.set("title", target[1])
        if may_have_marks(inner):
            found = self.told(inner)
            if found is None:
                return None
            node.text = found[0]
            node.extend(found[1])
        else:
            node.text = inner
        return node

    def target(self, name: str) -> tuple[str, str] | None:
        """The address and title of a definition."""
        cleaned = ReferenceInlineProcessor.NEWLINE_CLEANUP_RE.sub(" ", name.lower())
        return self.md.references.get(cleaned)
