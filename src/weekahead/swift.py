"""Python-Markdown at a third of its cost: the same HTML, byte for byte, by leaner passes under the same names.

Nearly all time goes into trying every inline pattern on every piece of text, twice. The passes here try a pattern only on
a text that holds the marks without which it cannot match, put the outcome together once instead of after every match,
and find the partner of every bracket in one walk. What they make of a match is the work of the stock patterns.

Why that is equal, pass by pass, stands at each of them; `tests/test_swift.py` compares with stock passes on real, made and
random text. A converter whose passes are not exactly the known ones, of the versions known, keeps its own.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as xml
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from functools import lru_cache, partial
from types import FunctionType
from typing import Any

import markdown
import markdown.serializers
import pymdownx
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnotePostTreeprocessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor, HTMLExtractorExtra
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags, unique
from markdown.inlinepatterns import (
    IMAGE_LINK_RE,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    dequote,
)
from markdown.preprocessors import NormalizeWhitespace
from markdown.serializers import RE_AMP, to_html_string
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, STX, AtomicString, code_escape
from pygments.lexers import get_lexer_by_name
from pymdownx.highlight import BlockHtmlFormatter, Highlight, HighlightExtension
from pymdownx.superfences import EOT, NESTED_FENCE_END, RE_NESTED_FENCE_START, SOH, SuperFencesRawBlockPreprocessor

BOOLEANS: frozenset[str] = vars(markdown.serializers)["BOOLEAN_ATTRIBUTES"]["html"]  # the stubs do not know it
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
    whole: Any = md
    trees, blocks = whole.treeprocessors, whole.parser.blockprocessors
    toc, footnotes = trees["toc"], trees["footnote-duplicate"].footnotes
    whole.is_block_level = lru_cache(maxsize=500)(md.is_block_level)  # it looks through a list of sixty
    whole.serializer = serialized
    whole.parser.parseBlocks = _block_reader(md)
    for name in ("olist", "ulist"):
        blocks[name].get_items = partial(_items, blocks[name])
    trees.register(Tasks(trees["task-list"]), "task-list", 25)
    trees.register(Inline(md, md.inlinePatterns), "inline", 20)
    trees.register(Duplicates(footnotes), "footnote-duplicate", 15)
    trees.register(Attributes(md), "attr_list", 8)
    trees.register(Typography(md, trees["smarty"].inlinePatterns), "smarty", 6)
    trees.register(Headings(toc), "toc", 5.5)  # before "shapes", as it was
    trees.register(Unescape(md), "unescape", 0)
    whole.preprocessors.register(Whitespace(md), "normalize_whitespace", 30)
    whole.preprocessors.register(RawHtml(md), "html_block", 20)
    for name in ("fenced_raw_block", "fenced_code_block"):
        fences = whole.preprocessors[name]
        fences.search_nested, fences.reassemble = partial(_fenced, fences), partial(_reassembled, fences)
    footnotes.unique_ref = partial(_unique_ref, footnotes)
    lean = _highlighter(Highlight)
    for extension in whole.registeredExtensions:
        if isinstance(extension, HighlightExtension):
            extension.get_pymdownx_highlighter = lambda: lean
    indented = trees["indent-highlight"]
    indented.run = partial(_rebound(type(indented).run, Highlight=lean), indented)
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
Runs = tuple[dict[int, list[int]], dict[int, tuple[int, int]]]
Found = Callable[[Any, str, int, int], tuple[xml.Element | None, int]]


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
            if mark in data or (other and other in data):
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
        pieces: list[str] = []

        def hang() -> None:
            if not pieces:
                return
            text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            pieces.clear()
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
                pieces.append(data[at : place + len(PREFIX)])
                at = place + len(PREFIX)
                continue
            node = self.stashed_nodes[mark[1]]
            if place > at:
                pieces.append(data[at:place])
            at = mark.end()
            if isinstance(node, str):
                if node:
                    pieces.append(node)
                continue
            for child in (node, *node):
                if child.tail and PREFIX in child.tail:
                    self.unfold(node, child, False)
                if child.text and PREFIX in child.text:
                    self.unfold(child, child, True)
            hang()
            found.append(node)
        if at < len(data):
            pieces.append(AtomicString(data[at:]) if isinstance(data, AtomicString) else data[at:])
        hang()
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


SHORT = (ShortReferenceInlineProcessor, ShortImageReferenceInlineProcessor)
_MARKED = re.compile(r"[`\\\[<&*_~:\n]")
_TICKS = re.compile("`+")
_BRACKETS = re.compile(r"[\[\]]")
_PARENTHESES = re.compile(r"[()]")
_TARGET = re.compile(r"""\(\s*+(?!<)([^()'"]*+)(?:"([^()'"]*+)"[ ]*+)?\)""")


class Inline(Pass):
    """Python-Markdown's own patterns, footnotes, bare addresses and strikethrough."""

    def run(self, root: xml.Element) -> xml.Element:
        self.numbers: dict[str, int] = {}
        return super().run(root)

    def read(self, data: str, number: int = 0) -> str:
        return super().read(data, number) if _MARKED.search(data) or "www." in data else data

    def step(self, name: str, pattern: Any) -> tuple[str, str, Step]:
        def apply(work: Callable[[Any, str, int], str]) -> Step:
            return lambda data, number: work(pattern, data, number)

        return {
            "backtick": ("`", "", apply(self.code)),
            "escape": ("\\", "", apply(self.escapes)),
            "footnote": ("[^", "", apply(self.notes)),
            "reference": ("[", "", apply(self.references)),
            "link": ("](", "", apply(self.links)),
            "image_link": ("![", "", apply(self.links)),
            "image_reference": ("![", "", apply(self.references)),
            "short_reference": ("[", "", apply(self.references)),
            "short_image_ref": ("![", "", apply(self.references)),
            "autolink": ("<", "", apply(self.every)),
            "automail": ("<", "", apply(self.every)),
            "linebreak": ("  \n", "", apply(self.every)),
            "html": ("<", "", apply(self.every)),
            "bare-address": ("://", "www.", apply(self.addresses)),
            "entity": ("&", "", apply(self.every)),
            "em_strong": ("*", "_", apply(self.each)),
            "delimiter": ("~", "", apply(self.each)),
        }[name]

    def escapes(self, pattern: Any, data: str, number: int) -> str:
        """A backslash and the character after it, from left to right."""
        escaped = self.md.ESCAPED_CHARS

        def kept(match: re.Match[str]) -> str:
            return self.stash(f"{STX}{ord(match[1])}{ETX}") if match[1] in escaped else match[0]

        return str(pattern.compiled_re.sub(kept, data))

    def code(self, pattern: Any, data: str, number: int) -> str:
        """Code between two runs of as many backticks; after a run of them, the next is looked for in a table."""
        runs = _runs(data)
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

    def span(self, runs: Runs, begin: int, data: str) -> tuple[int, int | None]:
        """Where the code after a run of backticks starts and ends: at the next run as long, else at the first of the longest."""
        ticks = _TICKS.match(data, begin)
        assert ticks is not None
        start, wanted = ticks.end(), ticks.end() - begin
        places, longest = runs
        same = places.get(wanted, [])
        if (number := bisect_left(same, start)) < len(same):
            return start, same[number]
        last, length = longest.get(start, (0, 0))
        if 0 < length < wanted:
            return start - (wanted - length), last
        return start + wanted, None

    def notes(self, pattern: Any, data: str, number: int) -> str:
        """References to footnotes, whose numbers are counted once a document; where no bracket closes, none ends."""
        footnotes = pattern.footnotes
        if len(self.numbers) != len(footnotes.footnotes):
            self.numbers = {name: place for place, name in enumerate(footnotes.footnotes, 1)}
        pieces: list[str] = []
        done = 0
        for match in pattern.compiled_re.finditer(data, 0, data.rfind("]") + 1):
            if match[1] not in self.numbers:
                continue
            node = xml.Element("sup", {"id": footnotes.makeFootnoteRefId(match[1], found=True)})
            link = xml.SubElement(
                node, "a", {"href": "#" + footnotes.makeFootnoteId(match[1]), "class": "footnote-ref"}
            )
            link.text = footnotes.getConfig("SUPERSCRIPT_TEXT").format(self.numbers[match[1]])
            self.contents(node, number)
            pieces += (data[done : match.start()], self.stash(node))
            done = match.end()
        return "".join(pieces) + data[done:] if pieces else data

    def links(self, pattern: Any, data: str, number: int) -> str:
        """[text](address "title"), and pictures."""
        if "](" not in data:
            return data
        return self.bracketed(pattern, data, number, _linked)

    def references(self, pattern: Any, data: str, number: int) -> str:
        """[text][name], [name] and pictures: without a definition in the document none of them is anything."""
        if not self.md.references:
            return data
        return self.bracketed(pattern, data, number, _referred)

    def bracketed(self, pattern: Any, data: str, number: int, found: Found) -> str:
        """What begins with a bracket that is closed: `found` says which node it makes, and where that ends."""
        pieces: list[str] = []
        done = at = 0
        partners = _partners(_BRACKETS, data)
        while opening := pattern.compiled_re.search(data, at):
            start, at = opening.span()
            close = partners.get(at - 1)
            node, end = found(pattern, data, at, close) if close is not None else (None, at)
            if node is None:
                at = end
            elif end < 0:  # what the stock pattern makes of a quotation mark without end
                head = "".join(pieces) + data[done:start]
                data, at = self.put(head + data[start:], len(head), end, node, number)
                pieces, done, partners = [], 0, _partners(_BRACKETS, data)
            else:
                self.contents(node, number)
                pieces += (data[done:start], self.stash(node))
                done = at = end
        return "".join(pieces) + data[done:] if pieces else data

    def addresses(self, pattern: Any, data: str, number: int) -> str:
        """Bare addresses, unless in a link; the links of raw HTML are counted on the way."""
        if self.inside:
            return data
        pieces: list[str] = []
        done = at = seen = depth = 0
        while match := pattern.compiled_re.search(data, at):
            depth += pattern.open_links(data, seen, match.start())
            seen, at = match.span()
            node, start, end = pattern.link(match) if depth <= 0 else (None, 0, 0)
            if node is not None:
                pieces += (data[done:start], self.stash(node))
                done = at = int(end)
        return "".join(pieces) + data[done:] if pieces else data


def _runs(data: str) -> Runs:
    """Where runs of backticks of each length start; and after each run's end, the longest that follows."""
    places: dict[int, list[int]] = {}
    longest: dict[int, tuple[int, int]] = {}
    found = [match.span() for match in _TICKS.finditer(data)]
    best = (0, 0)
    for start, end in reversed(found):
        longest[end] = best
        if end - start >= best[1]:
            best = (start, end - start)
    for start, end in found:
        places.setdefault(end - start, []).append(start)
    return places, longest


def _linked(pattern: Any, data: str, start: int, close: int) -> tuple[xml.Element | None, int]:
    """The node of a link or picture whose text stands between two places, and where it ends."""
    title: str | None
    if data[close + 1 : close + 2] != "(":
        return None, start
    if target := _TARGET.match(data, close + 1):
        href, title, end = target[1], target[2], target.end()
        href = (pattern.unescape(href) if STX in href else href).strip()
        if title is not None:
            title = pattern.RE_TITLE_CLEAN.sub(" ", dequote(pattern.unescape(title.strip())))
    else:
        partners, quotation = _parentheses(data)
        if close > quotation and close + 1 not in partners and not re.compile(r"\(\s*<").match(data, close + 1):
            return None, start  # nothing closes it: the stock pattern would look through all that follows
        href, title, end, handled = pattern.getLink(data, close + 1)
        if not handled:
            return None, start
    is_image = pattern.pattern == IMAGE_LINK_RE
    node = xml.Element("img" if is_image else "a", {"src" if is_image else "href": href})
    if title is not None:
        node.set("title", title)
    if is_image:
        node.set("alt", pattern.unescape(data[start:close]))
    else:
        node.text = data[start:close]
    return node, end


def _referred(pattern: Any, data: str, start: int, close: int) -> tuple[xml.Element | None, int]:
    """The node of a link or picture by the name of a definition, and where it ends."""
    follows = data[close + 1 : close + 2]
    if follows != "[" and not follows.isspace() and not isinstance(pattern, SHORT):
        return None, start
    text = data[start:close]
    name, end, handled = pattern.evalId(data, close + 1, text)
    if not handled:
        return None, start
    found = pattern.md.references.get(pattern.NEWLINE_CLEANUP_RE.sub(" ", name))
    return (pattern.makeTag(*found, text), end) if found else (None, end)


@lru_cache(maxsize=4)
def _partners(brackets: re.Pattern[str], data: str) -> dict[int, int]:
    """For each bracket that is closed the place where it is."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for match in brackets.finditer(data):
        if match[0] in "[(":
            waiting.append(match.start())
        elif waiting:
            found[waiting.pop()] = match.start()
    return found


@lru_cache(maxsize=1)
def _parentheses(data: str) -> tuple[dict[int, int], int]:
    """The partners of a text's parentheses, and its last quotation mark."""
    return _partners(_PARENTHESES, data), max(data.rfind('"'), data.rfind("'"))


class Typography(Pass):
    """The patterns of the smarty extension: quotation marks, dashes, ellipses."""

    MARKS = {"em-dashes": "---", "en-dashes": "--", "ellipses": "..."} | {
        f"quotes-{number}": mark
        for number, mark in enumerate(("'", '"', "\"'", "'\"", "'\"", "\"'", *"'" * 5, *'"' * 4))
    }

    def step(self, name: str, pattern: Any) -> tuple[str, str, Step]:
        mark = self.MARKS[name.removeprefix("smarty-")]
        return mark, "", lambda data, number: self.marks(pattern, data)

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


# -- blocks

_OPENERS = frozenset(" \x02\n#>:*+-_|=")
"""Unless a block of one line begins with one of these, a digit or a definition, it is a paragraph."""

GATES: dict[str, Callable[[str], bool]] = {
    "markdown_block": lambda block: block.startswith(STX),
    "empty": lambda block: not block or block[0] == "\n",
    "indent": lambda block: block.startswith("    "),
    "defindent": lambda block: block.startswith("    "),
    "code": lambda block: block.startswith("    "),
    "table": lambda block: "|" in block and "\n" in block,
    "hashheader": lambda block: "#" in block,
    "setextheader": lambda block: "\n=" in block or "\n-" in block,
    "hr": lambda block: block.count("-") > 2 or block.count("*") > 2 or block.count("_") > 2,
    "olist": lambda block: block.lstrip(" ")[:1].isdigit(),
    "ulist": lambda block: block.lstrip(" ").startswith(("*", "+", "-")),
    "deflist": lambda block: ": " in block,
    "quote": lambda block: ">" in block,
    "footnote": lambda block: "]:" in block and "[^" in block,
    "abbr": lambda block: "*[" in block,
    "reference": lambda block: "]:" in block,
    "paragraph": lambda block: True,
}
"""What a block must hold for a processor's expression to match; without it the processor does nothing."""


def _block_reader(md: markdown.Markdown) -> Callable[[xml.Element, list[str]], None]:
    """The parser's loop over blocks, without asking processors whose marks a block does not hold."""
    registry: Any = md.parser.blockprocessors
    gated = [(GATES[item.name], registry[item.name].test, registry[item.name].run) for item in _sorted(registry)]
    paragraph = registry["paragraph"].run

    def parse(parent: xml.Element, blocks: list[str]) -> None:
        while blocks:
            block = blocks[0]
            first = block[:1]
            if (
                first
                and first not in _OPENERS
                and "\n" not in block
                and not first.isdigit()
                and not (first == "[" and "]:" in block)
            ):
                paragraph(parent, blocks)
                continue
            for may, test, run in gated:
                block = blocks[0]
                if may(block) and test(parent, block) and run(parent, blocks) is not False:
                    break

    return parse


def _items(processor: Any, block: str) -> list[str]:
    """The items of a list, each with its lines; the lines of an item are put together once."""
    items: list[list[str]] = []
    for line in block.split("\n"):
        if match := processor.CHILD_RE.match(line):
            if not items and processor.TAG == "ol":
                processor.STARTSWITH = match[1].rstrip(".")
            items.append([match[3]])
        elif processor.INDENT_RE.match(line) and not items[-1][0].startswith("    "):
            items.append([line])
        else:
            items[-1].append(line)
    return ["\n".join(lines) for lines in items]


# -- the tree


class Tasks(Treeprocessor):
    """Task lists: looked for only if there is a box anywhere."""

    def __init__(self, stock: Any) -> None:
        super().__init__(stock.md)
        self.stock = stock

    def run(self, root: xml.Element) -> None:
        text = "".join(root.itertext())
        if "[ ] " in text or "[x] " in text or "[X] " in text:
            self.stock.run(root)


class Duplicates(FootnotePostTreeprocessor):
    """More than one way back from a note: only if a note is referred to more than once."""

    def run(self, root: xml.Element) -> None:
        if any(count > 1 for count in self.footnotes.found_refs.values()):
            super().run(root)


class Attributes(AttrListTreeprocessor):
    """Attribute lists: only if there is anything of their form."""

    ANY_RE = re.compile(AttrListTreeprocessor.BASE_RE)

    def run(self, doc: xml.Element) -> None:
        if self.ANY_RE.search("".join(doc.itertext())):
            super().run(doc)


class Headings(Treeprocessor):
    """Ids for headings; a table of contents is made only for a text that asks for one."""

    def __init__(self, stock: Any) -> None:
        super().__init__(stock.md)
        self.stock = stock

    def run(self, root: xml.Element) -> None:
        if self.stock.marker in "".join(root.itertext()):
            self.stock.run(root)
            return
        elements = list(root.iter())
        used = {element.attrib["id"] for element in elements if "id" in element.keys()}  # noqa: SIM118
        counters: dict[str, int] = {}
        for element in elements:
            if self.stock.header_rgx.match(element.tag):
                self.stock.set_level(element)
                if "id" not in element.attrib:
                    words = html.unescape(self.words(element))
                    element.attrib["id"] = unique(self.stock.slugify(words, self.stock.sep), used, counters)
                element.attrib.pop("data-toc-label", None)

    def words(self, heading: xml.Element) -> str:
        """The words of a heading; without markup and placeholders, they need not be made HTML and plain again."""
        text = heading.text or ""
        if len(heading) == 0 and not any(mark in text for mark in (STX, "<", ">", "&")):
            return " ".join(text.split())
        return strip_tags(render_inner_html(remove_fnrefs(heading), self.md))


class Unescape(UnescapeTreeprocessor):
    """Characters that a backslash protected, where there is one."""

    def run(self, root: xml.Element) -> None:
        for element in root.iter():
            if element.text and STX in element.text and element.tag != "code":
                element.text = self.unescape(element.text)
            if element.tail and STX in element.tail:
                element.tail = self.unescape(element.tail)
            for key, value in element.items():
                if value and STX in value:
                    element.set(key, self.unescape(value))


# -- text before and after


class Whitespace(NormalizeWhitespace):
    """Line ends, tabs and empty lines: the expression begins with the line end itself, which is found faster."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines).replace(STX, "").replace(ETX, "")
        source = source.replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
        source = source.expandtabs(self.md.tab_length) if "\t" in source else source
        source = re.sub(r"\n +(?=\n)", "\n", source) if " \n" in source else source
        return source.split("\n")


class Extractor(HTMLExtractorExtra):
    """Raw HTML, with an eye on where no tag can end any more."""

    searched: tuple[str, int] = ("", -1)

    def check_for_whole_start_tag(self, i: int) -> int:
        """-1 when the tag does not end: so if nothing follows but letters, spaces and "<", at one look for all of them."""
        if self.searched[0] is not self.rawdata:
            self.searched = self.rawdata, max(self.rawdata.rfind(mark) for mark in ">/='\"\0")
        return -1 if i > self.searched[1] else int(super().check_for_whole_start_tag(i))


class RawHtml(HtmlBlockPreprocessor):
    """The stock preprocessor with that extractor."""

    def run(self, lines: list[str]) -> list[str]:
        parser = Extractor(self.md)
        parser.feed("\n".join(lines))
        parser.close()
        return "".join(parser.cleandoc).split("\n")


def _fenced(fences: Any, lines: list[str]) -> list[str]:
    """Lines with fenced code put away; outside of a fence only a line that holds its marks is looked at."""
    for number, line in enumerate(lines):
        if fences.fence is not None:
            ws, content = fences.parse_fence_line(line.rstrip("\r"))
            level = ws.count(">")
            if fences.quote_level:
                fences.eval_quoted(ws, content, level, fences.started, number + 1)
            elif level == 0:
                fences.eval_fence(ws, content, fences.started, number + 1)
            else:
                fences.clear()
        elif "```" in line or "~~~" in line:
            _opened(fences, line.rstrip("\r"), number)
    return list(fences.reassemble(lines))


def _opened(fences: Any, line: str, number: int) -> None:
    """Begin a fenced block if a line opens one."""
    ws = fences.parse_whitespace(line)
    match = RE_NESTED_FENCE_START.match(line, fences.ws_len)
    if match is None:
        return
    if match["unrecognized"]:
        okay = fences.handle_unrecognized(match)
    else:
        okay = fences.handle_attrs(match) if match["attrs"] else fences.parse_options(match)
    if not okay:
        fences.clear()
        return
    fences.started = number
    fences.first = ws + fences.normalize_ws(match[0])
    fences.ws, fences.quote_level, fences.empty_lines = ws, ws.count(">"), 0
    fences.fence = match["fence"]
    fences.fence_end = re.compile(NESTED_FENCE_END % fences.fence)


def _reassembled(fences: Any, lines: list[str]) -> list[str]:
    """Lines with a placeholder for each block of code, in one walk."""
    found: list[str] = []
    done = 0
    is_raw = isinstance(fences, SuperFencesRawBlockPreprocessor)
    for mark, start, end in fences.stack:
        found += lines[done:start]
        found.append(mark.replace(STX, SOH, 1)[:-1] + EOT if is_raw else mark)
        done = end
    fences.stack.clear()
    return found + lines[done:] if found else lines


def _unique_ref(footnotes: Any, reference: str, found: bool = False) -> str:
    """The id of a reference to a note, by counting: fnref:name, fnref2:name ..."""
    if not found:
        return reference
    count = footnotes.found_refs.get(reference, 0) + 1
    footnotes.found_refs[reference] = count
    return reference if count == 1 else reference.replace("fnref", f"fnref{count}", 1)


def _highlighter(stock: Any) -> Any:
    """The highlighter that makes each lexer's class and each formatter once, not for every block of code."""
    formatters: dict[str, Any] = {}
    lexers: dict[str, type] = {}

    def formatter(**options: Any) -> Any:
        key = repr(sorted(options.items()))
        if len(formatters) > 100:
            formatters.clear()
        if key not in formatters:
            formatters[key] = BlockHtmlFormatter(**options)
        return formatters[key]

    def lexer(name: str, **options: Any) -> Any:
        if name not in lexers:
            lexers[name] = type(get_lexer_by_name(name, **options))
        return lexers[name](**options)

    return type(
        "Highlighter",
        (stock,),
        {
            "highlight": _rebound(stock.highlight, BlockHtmlFormatter=formatter),
            "get_lexer": _rebound(stock.get_lexer, get_lexer_by_name=lexer),
        },
    )


def _rebound(function: Any, **names: Any) -> Any:
    """The same function, to which some of its global names mean something else."""
    meanings = {**function.__globals__, **names}
    return FunctionType(function.__code__, meanings, function.__name__, function.__defaults__, function.__closure__)


def serialized(root: xml.Element) -> str:
    """A tree as HTML."""
    out: list[str] = []
    write = out.append
    waiting: list[Any] = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            write(element)
            continue
        tag, text, tail = element.tag, element.text, element.tail
        if not isinstance(tag, str):
            return str(to_html_string(root))
        kind = tag.lower()
        write(f"<{tag}{_attributes(element)}>")
        if text:
            write(text if kind in ("script", "style") else _escaped(text))
        if tail:
            waiting.append(_escaped(tail))
        if kind not in xml.HTML_EMPTY:
            waiting.append(f"</{tag}>")
        if len(element):
            waiting.extend(reversed(element))
    return "".join(out)


def _attributes(element: xml.Element) -> str:
    found = element.items()
    if not found:
        return ""
    words = ""
    for key, value in sorted(found):
        if value is None or (key == value and key in BOOLEANS):
            words += f" {key}"
        else:
            words += f' {key}="{_escaped(value).replace(chr(34), "&quot;")}"'
    return words


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text
