"""Python-Markdown at a third of its cost: the same HTML, byte for byte, by leaner passes under the same names.

Nearly all time goes into trying every inline pattern on every piece of text, twice. The passes here try a pattern only on
a text that holds the marks without which it cannot match, put the outcome together once instead of after every match,
and find the partner of every bracket in one walk. What they make of a match is the work of the stock patterns.

Why that is equal, pass by pass, stands at each of them; `tests/test_swift.py` compares with stock passes on real, made and
random text. A converter whose passes are not exactly the known ones, of the versions known, keeps its own.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from collections import deque
from collections.abc import Callable
from typing import Any

import markdown
import pymdownx
from markdown.inlinepatterns import dequote
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, STX, AtomicString, code_escape

PREFIX = INLINE_PLACEHOLDER_PREFIX


VERSIONS = {"3.11.3": "13.1"}
"""Python-Markdown and the pymdown-extensions, of which all that is said here has been read and tried."""

KNOWN = {
    "preprocessors": "35 pymdownx-pre-norm-ws, 31.05 fenced_raw_block, 30 normalize_whitespace, 29.9 pymdownx-post-norm-ws, "
    "25 fenced_code_block, 20 html_block",
    "blockprocessors": "105 markdown_block, 100 empty, 90 indent, 85 defindent, 80 code, 75 table, 70 hashheader, "
    "60 setextheader, 50 hr, 40 olist, 30 ulist, 25 deflist, 20 quote, 17 footnote, 16 abbr, 15 reference, 10 paragraph",
    "inlinePatterns": "190 backtick, 180 escape, 175 footnote, 170 reference, 160 link, 150 image_link, "
    "140 image_reference, 130 short_reference, 125 short_image_ref, 120 autolink, 110 automail, 100 linebreak, 90 html, "
    "85 bare-address, 80 entity, 60 em_strong, 60 delimiter",
    "treeprocessors": "50 footnote, 30 indent-highlight, 25 task-list, 20 inline, 15 footnote-duplicate, 10 prettify, "
    "8 attr_list, 7 abbr, 6 smarty, 5 toc, 5 shapes, 0 unescape",
    "postprocessors": "30 raw_html, 25 footnote, 20 amp_substitute",
}
"""The passes of a converter whose HTML is known, in their order."""


def quicken(md: markdown.Markdown) -> markdown.Markdown:
    """The same converter with its costly passes replaced; one that is not known is left alone."""
    if VERSIONS.get(markdown.__version__) != pymdownx.__version__ or passes(md) != KNOWN:
        return md
    trees = md.treeprocessors
    trees.register(Inline(md, md.inlinePatterns), "inline", 20)
    trees.register(Typography(md, trees["smarty"].inlinePatterns), "smarty", 6)  # type: ignore[attr-defined]
    return md


def passes(md: markdown.Markdown) -> dict[str, str]:
    """The names of a converter's passes with their priorities."""
    homes = {name: md.parser if name == "blockprocessors" else md for name in KNOWN}
    return {
        name: ", ".join(f"{item.priority:g} {item.name}" for item in _sorted(getattr(homes[name], name)))
        for name in KNOWN
    }


def _sorted(registry: Any) -> list[Any]:
    return sorted(registry._priority, key=lambda item: -item.priority)


# -- inline patterns

Step = Callable[[str, int], str]


class Pass(Treeprocessor):
    """Python-Markdown's InlineProcessor: every text of a tree through a list of patterns, in the same order.

    A match becomes a placeholder, `\\x02klzzwxh:NUMBER\\x03`, for a node in the stash; when all patterns are through, the
    placeholders become the nodes. Numbers are given in the stock order, for one may be seen where a placeholder is left over.
    """

    def __init__(self, md: markdown.Markdown, patterns: Any) -> None:
        super().__init__(md)
        self.inlinePatterns = patterns
        self.stashed_nodes: dict[str, Any] = {}
        self.inside = False
        """Does the text being read stand in a link? The only thing that patterns ask of its ancestors."""
        steps = [self.step(item.name, patterns[item.name]) for item in _sorted(patterns)]
        self.rest = [steps[number:] for number in range(len(steps) + 2)]

    def step(self, name: str, pattern: Any) -> tuple[str, str, Step]:
        """What to do for a pattern with a text that holds the first or the second of two marks."""
        raise NotImplementedError

    def read(self, data: str, number: int = 0) -> str:
        """A text with placeholders for what the patterns from `number` on find in it."""
        if isinstance(data, AtomicString):
            return data
        for index, (mark, other, step) in enumerate(self.rest[number], number):
            if mark in data or other in data:
                data = step(data, index)
        return data

    def contents(self, node: Any, number: int) -> None:
        """Read the texts of a new node, and of its children, with the patterns that are left."""
        if isinstance(node.text, AtomicString):
            return
        outside = self.inside
        for child in (node, *node):
            if child.text:
                self.inside = outside or child.tag.lower() == "a"
                child.text = self.read(child.text, number + 1)
                self.inside = outside
            if child.tail:
                child.tail = self.read(child.tail, number)

    def stash(self, node: Any) -> str:
        number = f"{len(self.stashed_nodes):04d}"
        self.stashed_nodes[number] = node
        return f"{PREFIX}{number}{ETX}"

    def each(self, pattern: Any, data: str, number: int) -> str:
        """The stock loop, for a pattern that may look at all of a text."""
        at = 0
        while True:
            for match in pattern.compiled_re.finditer(data, at):
                node, start, end = pattern.handleMatch(match, data)
                if start is not None and end is not None:
                    break
            else:
                return data
            at = end
            if node is not None:
                data, at = self.put(data, start, end, node, number)

    def put(self, data: str, start: int, end: int, node: Any, number: int) -> tuple[str, int]:
        """The text with a node in place of a stretch of it, and where the node's placeholder ends."""
        if not isinstance(node, str):
            self.contents(node, number)
        head = data[:start] + self.stash(node)
        return head + data[end:], len(head)

    def every(self, pattern: Any, data: str, number: int) -> str:
        """The matches of a pattern that looks at nothing outside of its match."""
        pieces: list[str] = []
        done = 0
        for match in pattern.compiled_re.finditer(data):
            node, start, end = pattern.handleMatch(match, data)
            if start is None or node is None:
                continue
            if not isinstance(node, str):
                self.contents(node, number)
            pieces += (data[done:start], self.stash(node))
            done = end
        return "".join(pieces) + data[done:] if pieces else data

    def run(self, root: xml.Element) -> xml.Element:
        """Read every text of the tree, breadth first; what was put into the tree behind this place is read again."""
        self.stashed_nodes = {}
        queue: deque[tuple[xml.Element, bool]] = deque([(root, False)])
        while queue:
            parent, inside = queue.popleft()
            inside = inside or parent.tag.lower() == "a"
            waiting = []
            for place, child in enumerate(parent):
                text, tail = child.text, child.tail
                if text and not isinstance(text, AtomicString):
                    self.inside = inside or child.tag.lower() == "a"
                    data = self.read(text)
                    if data is not text or PREFIX in data:
                        child.text = None
                        nodes = self.nodes(data, child)
                        queue.extend((node, self.inside) for node in nodes)
                        waiting.append((child, nodes))
                if tail:
                    self.inside = inside
                    data = self.read(tail)
                    if data is not tail or PREFIX in data:
                        child.tail = None
                        holder = xml.Element("d")
                        nodes = self.nodes(data, holder, False)
                        if holder.tail:
                            child.tail = holder.tail
                        for node in reversed(nodes):
                            parent.insert(place + 1, node)
                if len(child):
                    queue.append((child, inside))
            for child, nodes in waiting:
                for place, node in enumerate(nodes):
                    child.insert(place, node)
        return root

    def nodes(self, data: str, parent: xml.Element, is_text: bool = True) -> list[xml.Element]:
        """The nodes whose placeholders stand in a text; the text around them is hung up on them, or on the parent."""
        found: list[xml.Element] = []

        def hang(text: str) -> None:
            if not text:
                return
            if found:
                found[-1].tail = found[-1].tail + text if found[-1].tail else text
            elif is_text:
                parent.text = parent.text + text if parent.text else text
            else:
                parent.tail = parent.tail + text if parent.tail else text

        at = 0
        while (place := data.find(PREFIX, at)) != -1:
            mark = INLINE_PLACEHOLDER_RE.search(data, place)
            if mark is None or mark[1] not in self.stashed_nodes:
                hang(data[at : place + len(PREFIX)])
                at = place + len(PREFIX)
                continue
            node = self.stashed_nodes[mark[1]]
            hang(data[at:place])
            at = mark.end()
            if isinstance(node, str):
                hang(node)
                continue
            for child in (node, *node):
                if child.tail and PREFIX in child.tail:
                    self.unfold(node, child, False)
                if child.text and PREFIX in child.text:
                    self.unfold(child, child, True)
            found.append(node)
        hang(AtomicString(data[at:]) if isinstance(data, AtomicString) else data[at:])
        return found

    def unfold(self, node: xml.Element, child: xml.Element, is_text: bool) -> None:
        """Put the nodes of a child's text, or of its tail, into a node."""
        text = child.text if is_text else child.tail
        if is_text:
            child.text = None
        else:
            child.tail = None
        place = 0 if is_text or node is child else list(node).index(child) + 1
        for new in reversed(self.nodes(text or "", child, is_text)):
            node.insert(place, new)


_TICKS = re.compile("`+")
_BRACKETS = re.compile(r"[\[\]]")
_PARENTHESES = re.compile(r"[()]")
_TARGET = re.compile(r"""\(\s*+(?!<)([^()'"]*+)(?:"([^()'"]*+)"[ ]*+)?\)""")


class Inline(Pass):
    """Python-Markdown's own patterns, footnotes, bare addresses and strikethrough."""

    def step(self, name: str, pattern: Any) -> tuple[str, str, Step]:
        def apply(work: Callable[[Any, str, int], str]) -> Step:
            return lambda data, number: work(pattern, data, number)

        return {
            "backtick": ("`", "`", apply(self.code)),
            "escape": ("\\", "\\", apply(self.escapes)),
            "footnote": ("[^", "[^", apply(self.every)),
            "reference": ("[", "[", apply(self.references)),
            "link": ("](", "](", apply(self.links)),
            "image_link": ("![", "![", apply(self.links)),
            "image_reference": ("![", "![", apply(self.references)),
            "short_reference": ("[", "[", apply(self.references)),
            "short_image_ref": ("![", "![", apply(self.references)),
            "autolink": ("<", "<", apply(self.every)),
            "automail": ("<", "<", apply(self.every)),
            "linebreak": ("  \n", "  \n", apply(self.every)),
            "html": ("<", "<", apply(self.every)),
            "bare-address": ("://", "www.", apply(self.addresses)),
            "entity": ("&", "&", apply(self.every)),
            "em_strong": ("*", "_", apply(self.each)),
            "delimiter": ("~", "~", apply(self.each)),
        }[name]

    def escapes(self, pattern: Any, data: str, number: int) -> str:
        """A backslash and the character after it, from left to right."""
        escaped = self.md.ESCAPED_CHARS

        def kept(match: re.Match[str]) -> str:
            return self.stash(f"{STX}{ord(match[1])}{ETX}") if match[1] in escaped else match[0]

        return str(pattern.compiled_re.sub(kept, data))

    def code(self, pattern: Any, data: str, number: int) -> str:
        """Code between two runs of as many backticks; after a run of them, the next is looked for in a table."""
        runs = [(match.start(), match.end() - match.start()) for match in _TICKS.finditer(data)]
        pieces: list[str] = []
        done = at = 0
        opened = False
        while True:
            match = pattern.compiled_re.search(data, at) if not opened else None
            if match is None and not opened:
                break
            if match is not None and match[1]:  # backslashes in pairs, before a backtick
                pieces += (data[done : match.start()], self.stash(match[1].replace("\\\\", pattern.ESCAPED_BSLASH)))
                done = at = match.end()
                opened = True  # what stands before the backtick is a placeholder now
                continue
            begin = match.start() if match is not None else at
            opened = False
            start, end = self.span(runs, begin, data)
            if end is None:
                at = start
                continue
            node = xml.Element("code")
            node.text = AtomicString(code_escape(data[start:end].strip()))
            pieces += (data[done:begin], self.stash(node))
            done = at = end + (start - begin)
        return "".join(pieces) + data[done:] if pieces else data

    def span(self, runs: list[tuple[int, int]], begin: int, data: str) -> tuple[int, int | None]:
        """Where the code after a run of backticks starts and ends."""
        ticks = _TICKS.match(data, begin)
        assert ticks is not None
        start, wanted = ticks.end(), ticks.end() - begin
        longest, last = 0, 0
        for place, length in runs:
            if place < start:
                continue
            if length == wanted:
                return start, place
            if length > longest:
                longest, last = length, place
        if 0 < longest < wanted:
            return start - (wanted - longest), last
        return start + wanted, None

    def links(self, pattern: Any, data: str, number: int) -> str:
        """[text](address "title"), and pictures."""
        if "](" not in data:
            return data
        pieces: list[str] = []
        done = at = 0
        partners: dict[int, int] | None = None
        is_image = pattern.pattern[0] == "\\"
        while opening := pattern.compiled_re.search(data, at):
            start, inner = opening.start(), opening.end()
            at = inner
            if partners is None:
                partners = _partners(_BRACKETS, "[", data)
            close = partners.get(inner - 1)
            if close is None or data[close + 1 : close + 2] != "(":
                continue
            title: str | None
            if target := _TARGET.match(data, close + 1):
                href, title, end, handled = target[1], target[2], target.end(), True
                href = pattern.unescape(href).strip() if STX in href else href.strip()
                if title is not None:
                    title = pattern.RE_TITLE_CLEAN.sub(" ", dequote(pattern.unescape(title.strip())))
            else:
                href, title, end, handled = pattern.getLink(data, close + 1)
            if not handled:
                continue
            node = self.link(pattern, href, title, data[inner:close], is_image)
            if end < 0:  # the stock pattern takes a quotation mark that never ends for the end of all but one character
                data, at = self.put(
                    "".join(pieces) + data[done:], len("".join(pieces)) + start - done, end, node, number
                )
                pieces, done, partners = [], 0, None
                continue
            self.contents(node, number)
            pieces += (data[done:start], self.stash(node))
            done = at = end
        return "".join(pieces) + data[done:] if pieces else data

    def link(self, pattern: Any, href: str, title: str | None, text: str, is_image: bool) -> xml.Element:
        node = xml.Element("img" if is_image else "a", {"src" if is_image else "href": href})
        if title is not None:
            node.set("title", title)
        if is_image:
            node.set("alt", pattern.unescape(text))
        else:
            node.text = text
        return node

    def references(self, pattern: Any, data: str, number: int) -> str:
        """[text][name], [name] and pictures: without a definition in the document none of them is anything."""
        return self.each(pattern, data, number) if self.md.references else data

    def addresses(self, pattern: Any, data: str, number: int) -> str:
        """Bare addresses, unless in a link."""
        return data if self.inside else self.each(pattern, data, number)


def _partners(brackets: re.Pattern[str], opening: str, data: str) -> dict[int, int]:
    """For each bracket that is closed the place where it is."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for match in brackets.finditer(data):
        if match[0] == opening:
            waiting.append(match.start())
        elif waiting:
            found[waiting.pop()] = match.start()
    return found


class Typography(Pass):
    """The patterns of the smarty extension: quotation marks, dashes, ellipses."""

    MARKS = {"em-dashes": "---", "en-dashes": "--", "ellipses": "..."} | {
        f"quotes-{number}": mark
        for number, mark in enumerate(("'", '"', "\"'", "'\"", "'\"", "\"'", *"'" * 5, *'"' * 4))
    }

    def step(self, name: str, pattern: Any) -> tuple[str, str, Step]:
        mark = self.MARKS[name.removeprefix("smarty-")]
        return mark, mark, lambda data, number: self.marks(pattern, data)

    def read(self, data: str, number: int = 0) -> str:
        if "'" in data or '"' in data or "--" in data or "..." in data:
            return super().read(data, number)
        return data

    def marks(self, pattern: Any, data: str) -> str:
        """Each match by entities. A pattern looks at one character to its left: next to the last match, a placeholder."""
        pieces: list[str] = []
        done = at = 0
        regex = pattern.compiled_re
        while match := regex.search(data, at):
            if pieces and match.start() == done and not regex.match(ETX + data[done : done + 8], 1):
                at = done + 1
                continue
            pieces += (data[done : match.start()], self.stash(pattern.handleMatch(match, data)[0]))
            done = at = match.end()
        return "".join(pieces) + data[done:] if pieces else data
