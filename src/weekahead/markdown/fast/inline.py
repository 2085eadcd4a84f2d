"""The marks within a text (links, emphasis, code, quotation marks ...) as Python-Markdown reads them, at a fraction of the cost.

Python-Markdown tries every inline pattern on every text of a document, twice: nearly all of that is calls that find
nothing. Here a pattern is tried only on a text that holds the marks without which it cannot match. What a match becomes,
the stock patterns say, in the stock order. What holds only the plainest marks does not come here (`plain`).

Three things more, so that a text of twice the length takes twice the time: the outcome is put together once and not after
every match; the partner of every bracket is found in one walk; and what cannot end is not looked for to the end.

Reading on behind a match in the text as it was, instead of in a text with a placeholder there, is the same as long as a
pattern does not look to its left. Where one does (`code`, `Typography.marks`), it is said what is done about it.
Emphasis remembers places between matches as well (`each`).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

from markdown.extensions.smarty import substitutions
from markdown.inlinepatterns import IMAGE_LINK_RE, dequote
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, STX, AtomicString, code_escape

import markdown
from weekahead.markdown.fast.simple_inline import Plain, may_have_marks

PREFIX = INLINE_PLACEHOLDER_PREFIX
Step = Callable[[Any, str, int], str]
Node = xml.Element | str
T = TypeVar("T")


class Pass(Treeprocessor):
    """Python-Markdown's InlineProcessor: every text of a tree through a list of patterns.

    A match becomes a placeholder, `\\x02klzzwxh:NUMBER\\x03`, for a node in the stash; when all patterns are through, nodes
    take the place of placeholders. Numbers are given as the stock pass gives them, should one ever be left over.
    """

    def __init__(self, md: markdown.Markdown, names: list[str], patterns: Any) -> None:
        super().__init__(md)
        self.stashed_nodes: dict[str, Any] = {}
        """The patterns look for it, and for its name."""
        self.count = 0
        """How many nodes were found; the number of the next."""
        self.inside = False
        """Does the text being read stand in a link? All that a pattern asks of its ancestors."""
        steps = [(*self.step(name), patterns[name]) for name in names]
        self.steps = [steps[number:] for number in range(len(steps) + 2)]

    def step(self, name: str) -> tuple[str, str, Step]:
        """What is done for a pattern, with a text that holds the first mark or, if there is one, the second."""
        raise NotImplementedError

    def read(self, data: str, number: int = 0) -> str:
        """A text, with placeholders for what the patterns from a number on find in it."""
        if isinstance(data, AtomicString):
            return data
        for place, (mark, other, step, pattern) in enumerate(self.steps[number], number):
            if mark in data or (other and other in data):
                data = step(pattern, data, place)
        return data

    def stash(self, node: Node, number: int = 0) -> str:
        """The placeholder of a new node, whose own texts go through the patterns after the one that made it."""
        if not isinstance(node, str) and not isinstance(node.text, AtomicString):
            outside = self.inside
            for child in (node, *node):
                if child.text:
                    self.inside = outside or child.tag.lower() == "a"
                    child.text = self.read(child.text, number + 1)
                    self.inside = outside
                if child.tail:
                    child.tail = self.read(child.tail, number)
        name = f"{self.count:04d}"
        self.count += 1
        self.stashed_nodes[name] = node
        return f"{PREFIX}{name}{ETX}"


class Patches:
    """A text with some stretches of it replaced, put together once."""

    def __init__(self, data: str) -> None:
        self.data = data
        self.pieces: list[str] = []
        self.end = 0
        """Where the last stretch ends."""

    def put(self, start: int, end: int, words: str) -> None:
        self.pieces += (self.data[self.end : start], words)
        self.end = end

    def text(self) -> str:
        return "".join(self.pieces) + self.data[self.end :] if self.pieces else self.data


# -- links, code, emphasis ...

_TICKS = re.compile("`+")
_BRACKETS = re.compile(r"[\[\]]")
_PARENTHESES = re.compile(r"[()]")
_TARGET = re.compile(r"""\(\s*+(?!<)([^()'"]*+)(?:"([^()'"]*+)"[ ]*+)?\)""")
_ANGLED = re.compile(r"\(\s*<")
_TWO = re.compile(r"\]\s?\[")


class Inline(Pass):
    """The pass named "inline": Python-Markdown's own patterns, footnotes, bare addresses, strikethrough."""

    def __init__(self, md: markdown.Markdown, names: list[str], patterns: Any) -> None:
        super().__init__(md, names, patterns)
        self.plain = Plain(md)
        self.left = ""
        """The character to the left of a run of marks, where a placeholder would stand; else nothing."""
        self.shift = 0
        """By how much the text before a match would be longer with its placeholders."""
        for pattern in (patterns["em_strong"], patterns["delimiter"]):
            pattern.get_match = partial(self.first_run, pattern)
        patterns["em_strong"].get_cached_result = partial(self.known, patterns["em_strong"])

    def step(self, name: str) -> tuple[str, str, Step]:
        steps: dict[str, tuple[str, str, Step]] = {
            "backtick": ("`", "", self.code),
            "escape": ("\\", "", self.escapes),
            "footnote": ("[^", "", self.notes),
            "reference": ("[", "", self.full_references),
            "link": ("](", "", self.links),
            "image_link": ("![", "", self.links),
            "image_reference": ("![", "", self.full_references),
            "short_reference": ("[", "", self.references),
            "short_image_ref": ("![", "", self.references),
            "autolink": ("<", "", self.every),
            "automail": ("<", "", self.every),
            "linebreak": ("  \n", "", self.every),
            "html": ("<", "", self.every),
            "bare-address": ("://", "www.", self.addresses),
            "entity": ("&", "", self.every),
            "em_strong": ("*", "_", self.each),
            "delimiter": ("~", "", self.each),
        }
        return steps[name]

    def run(self, root: xml.Element) -> xml.Element:
        """Read every text of the tree, breadth first; what was put into the tree behind this place is read again."""
        self.stashed_nodes, self.count = {}, 0
        self.numbers: dict[str, int] = {}
        queue: deque[tuple[xml.Element, bool]] = deque([(root, False)])
        while queue:
            parent, inside = queue.popleft()
            inside = inside or parent.tag.lower() == "a"
            waiting = []
            for place, child in enumerate(parent):
                text, tail = child.text, child.tail
                if not text or isinstance(text, AtomicString):
                    pass
                elif (found := self.plain.read(text)) is not None:
                    child.text, nodes = found
                    self.count += self.plain.count
                    if nodes:
                        waiting.append((child, nodes))
                else:
                    self.inside = inside or child.tag.lower() == "a"
                    data = self.read(text)
                    if data is not text or PREFIX in data:
                        child.text = None
                        nodes = self.nodes(data, child, True)
                        queue.extend((node, self.inside) for node in nodes)
                        waiting.append((child, nodes))
                if not tail or isinstance(tail, AtomicString):
                    pass
                elif (found := self.plain.read(tail)) is not None:
                    child.tail, nodes = found
                    self.count += self.plain.count
                    for node in reversed(nodes):
                        parent.insert(place + 1, node)
                else:
                    self.inside = inside
                    data = self.read(tail)
                    if data is not tail or PREFIX in data:
                        child.tail = None
                        for node in reversed(self.nodes(data, child, False)):
                            parent.insert(place + 1, node)
                if len(child):
                    queue.append((child, inside))
            for child, nodes in waiting:
                for place, node in enumerate(nodes):
                    child.insert(place, node)
        return root

    def nodes(self, data: str, holder: xml.Element, is_text: bool) -> list[xml.Element]:
        """The nodes whose placeholders stand in a text. Its words become their tails; the first, what the holder has."""
        found: list[xml.Element] = []
        words: list[str] = []
        at = 0
        while (place := data.find(PREFIX, at)) != -1:
            mark = INLINE_PLACEHOLDER_RE.search(data, place)
            node = self.stashed_nodes.get(mark[1]) if mark else None
            if mark is None or node is None:
                words.append(data[at : place + len(PREFIX)])
                at = place + len(PREFIX)
                continue
            words.append(data[at:place])
            at = mark.end()
            if isinstance(node, str):
                words.append(node)
                continue
            self.unfold(node)
            _hang(words, found[-1] if found else holder, is_text and not found)
            found.append(node)
        words.append(AtomicString(data[at:]) if isinstance(data, AtomicString) else data[at:])
        _hang(words, found[-1] if found else holder, is_text and not found)
        return found

    def unfold(self, node: xml.Element) -> None:
        """Put nodes in place of the placeholders in a node's texts."""
        for child in (node, *node):
            if child.tail and PREFIX in child.tail:
                tail, child.tail = child.tail, None
                place = 0 if child is node else list(node).index(child) + 1
                for new in reversed(self.nodes(tail, child, False)):
                    node.insert(place, new)
            if child.text and PREFIX in child.text:
                text, child.text = child.text, None
                for new in reversed(self.nodes(text, child, True)):
                    child.insert(0, new)

    def read(self, data: str, number: int = 0) -> str:
        return super().read(data, number) if may_have_marks(data) else data

    def code(self, pattern: Any, data: str, number: int) -> str:
        """`Code`. Left of it the pattern looks for a backslash, and none ends a match but a pair of them before a backtick."""
        patches, runs, at = Patches(data), _runs(data), 0
        while match := pattern.compiled_re.search(data, at):
            begin = match.start()
            if match[1]:
                begin = match.end()
                patches.put(match.start(), begin, self.stash(match[1].replace("\\\\", pattern.ESCAPED_BSLASH)))
            start, end = _span(runs, begin, data)
            if end is None:
                at = start
                continue
            node = xml.Element("code")
            node.text = AtomicString(code_escape(data[start:end].strip()))
            at = end + start - begin
            patches.put(begin, at, self.stash(node))
        return patches.text()

    def every(self, pattern: Any, data: str, number: int) -> str:
        """The stock loop, for a pattern that looks at nothing but its match."""
        patches = Patches(data)
        for match in pattern.compiled_re.finditer(data):
            node = pattern.handleMatch(match, data)[0]
            if node is not None:
                patches.put(match.start(), match.end(), self.stash(node, number))
        return patches.text()

    def escapes(self, pattern: Any, data: str, number: int) -> str:
        """A backslash and the character after it."""

        def kept(match: re.Match[str]) -> str:
            return self.stash(f"{STX}{ord(match[1])}{ETX}") if match[1] in self.md.ESCAPED_CHARS else match[0]

        return str(pattern.compiled_re.sub(kept, data))

    def notes(self, pattern: Any, data: str, number: int) -> str:
        """References to footnotes, whose numbers are counted once a document; none ends after the last bracket."""
        footnotes = pattern.footnotes
        if len(self.numbers) != len(footnotes.footnotes):
            self.numbers = {name: place for place, name in enumerate(footnotes.footnotes, 1)}
        patches = Patches(data)
        for match in pattern.compiled_re.finditer(data, 0, data.rfind("]") + 1):
            if match[1] in self.numbers:
                node = xml.Element("sup", {"id": footnotes.makeFootnoteRefId(match[1], found=True)})
                address = "#" + footnotes.makeFootnoteId(match[1])
                link = xml.SubElement(node, "a", {"href": address, "class": "footnote-ref"})
                link.text = footnotes.getConfig("SUPERSCRIPT_TEXT").format(self.numbers[match[1]])
                patches.put(match.start(), match.end(), self.stash(node, number))
        return patches.text()

    def links(self, pattern: Any, data: str, number: int) -> str:
        """[text](address "title") and pictures."""
        return self.bracketed(pattern, data, number, _linked) if "](" in data else data

    def references(self, pattern: Any, data: str, number: int) -> str:
        """[name] and pictures by name: in a document without definitions they are nothing."""
        return self.bracketed(pattern, data, number, _referred) if self.md.references else data

    def full_references(self, pattern: Any, data: str, number: int) -> str:
        """[text][name]"""
        return self.references(pattern, data, number) if _TWO.search(data) else data

    def bracketed(self, pattern: Any, data: str, number: int, found: Found) -> str:
        """What begins with a bracket that has a partner. Left of it a link looks for "!", with which no match ends."""
        patches, at = Patches(data), 0
        while opening := pattern.compiled_re.search(data, at):
            start, at = opening.span()
            after = _BRACKETS.search(data, at)
            close = after.start() if after and after[0] == "]" else _square(data).get(at - 1)
            node, end = found(pattern, data, at, close) if close is not None else (None, at)
            if node is None:
                at = end
            elif end >= 0:
                patches.put(start, end, self.stash(node, number))
                at = end
            else:  # what the stock pattern makes of a quotation mark without end; go on in the new text, as it does
                mark = self.stash(node, number)
                patches.put(start, len(data) + end, mark)
                data = patches.text()
                at = len(data) + end
                patches = Patches(data)
        return patches.text()

    def each(self, pattern: Any, data: str, number: int) -> str:
        """Emphasis and strikethrough. A match may hold others, or leave them to be asked for one after another.

        The patterns look to the left of a match in one place (`first_run`), and nowhere do they count from the beginning
        of a text, but for what is said in `known`.
        """
        patches, at, shift = Patches(data), 0, 0
        while match := pattern.compiled_re.search(data, at):
            self.left, self.shift = ETX if 0 < match.start() == patches.end else "", shift
            rest = getattr(pattern, "remainder", None)  # of strikethrough: a mark, and what stood before all of its run
            if self.left and rest and rest[0] == match[0]:
                self.left = rest[1]
            node, start, at = pattern.handleMatch(match, data)
            if node is not None:
                mark = self.stash(node, number)
                patches.put(start, at, mark)
                shift += len(mark) - (at - start)
                data = str(data)  # a text with a placeholder is none of the kind that a pattern knows already
        return patches.text()

    def first_run(self, pattern: Any, data: str, start: int) -> Any:
        """The run of marks that a match begins with. Whether it can, depends on the characters beside it."""
        pattern.origin = self.shift
        stock = type(pattern).get_match
        if not self.left:
            return stock(pattern, data, start)
        end = pattern.delimiters[data[start]].bad.match(data, start).end()
        found = stock(pattern, self.left + data[start : end + 2], 1)
        return _Run(found.lastgroup, start, start + found.end() - 1) if found else None

    def known(self, pattern: Any, place: int, data: str) -> tuple[xml.Element, int, int]:
        """The next emphasis that was found with an earlier one, where a mark is met, as the stock pattern has it.

        If the placeholders since then are as long as what they stand for, it takes the place for the emphasis's beginning.
        """
        start, _, _, end, *_ = pattern.regions[pattern.cache_index]
        offset = place - pattern.cache_pos
        if offset + self.shift == pattern.origin:
            offset = place - start
        node, count = pattern._build_element(data, pattern.cache_index, offset)
        pattern.increment_next_position(start, count)
        return node, start + offset, end + offset

    def addresses(self, pattern: Any, data: str, number: int) -> str:
        """Bare addresses, unless in a link; the links of raw HTML are counted on the way."""
        patches, at, seen, depth = Patches(data), 0, 0, 0
        while not self.inside and (match := pattern.compiled_re.search(data, at)):
            depth += pattern.open_links(data, seen, match.start())
            seen, at = match.span()
            node, start, end = pattern.link(match) if depth <= 0 else (None, 0, 0)
            if node is not None:
                patches.put(start, end, self.stash(node, number))
                at = end
        return patches.text()


def _hang(words: list[str], element: xml.Element, is_text: bool) -> None:
    """Give words to an element, as its text or as its tail; one piece stays what it is."""
    pieces = [word for word in words if word]
    words.clear()
    before = element.text if is_text else element.tail
    if not pieces:
        return
    text = "".join([before, *pieces]) if before else pieces[0] if len(pieces) == 1 else "".join(pieces)
    if is_text:
        element.text = text
    else:
        element.tail = text


class _Run(NamedTuple):
    """A run of marks found in another text, as a match in this one."""

    lastgroup: str
    first: int
    last: int

    def start(self, group: int) -> int:
        return self.first

    def end(self, group: int) -> int:
        return self.last


Found = Callable[[Any, str, int, int], tuple[xml.Element | None, int]]
"""The node for a text between two brackets, and where it ends; without a node, where to look on."""


def _linked(pattern: Any, data: str, start: int, close: int) -> tuple[xml.Element | None, int]:
    """A link or a picture. An address without parentheses and quotation marks needs no walk through its characters."""
    title: str | None
    if data[close + 1 : close + 2] != "(":
        return None, start
    if target := _TARGET.match(data, close + 1):
        href, title, end = target[1], target[2], target.end()
        href = (pattern.unescape(href) if STX in href else href).strip()
        if title is not None:
            title = pattern.RE_TITLE_CLEAN.sub(" ", dequote(pattern.unescape(title.strip())))
    elif _never_ends(data, close + 1):
        return None, start
    else:
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
    """A link or a picture by the name of a definition."""
    text = data[start:close]
    name, end, handled = pattern.evalId(data, close + 1, text)
    if not handled:
        return None, start
    target = pattern.md.references.get(pattern.NEWLINE_CLEANUP_RE.sub(" ", name))
    return pattern.makeTag(*target, text) if target else None, end


def _held(told: Callable[[str], T]) -> Callable[[str], T]:
    """The same function, which remembers a few texts. They are known by identity: equal ones would be compared to the end."""
    held: deque[tuple[str, T]] = deque(maxlen=4)

    def asked(data: str) -> T:
        for known, found in held:
            if known is data:
                return found
        found = told(data)
        held.append((data, found))
        return found

    return asked


def _partners(brackets: re.Pattern[str], data: str) -> dict[int, int]:
    """For each bracket that is closed, the place where it is."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for match in brackets.finditer(data):
        if match[0] in "[(":
            waiting.append(match.start())
        elif waiting:
            found[waiting.pop()] = match.start()
    return found


_square = _held(partial(_partners, _BRACKETS))
_round = _held(partial(_partners, _PARENTHESES))


@_held
def _last_quotation(data: str) -> int:
    return max(data.rfind('"'), data.rfind("'"))


def _never_ends(data: str, start: int) -> bool:
    """Is an address in parentheses plainly never closed? If quotation marks follow, only the stock pattern can tell."""
    return start > _last_quotation(data) and start not in _round(data) and not _ANGLED.match(data, start)


Runs = tuple[dict[int, list[int]], dict[int, tuple[int, int]]]


def _runs(data: str) -> Runs:
    """Where the runs of backticks of each length start; and by a run's end, the first of the longest that follow."""
    found = [match.span() for match in _TICKS.finditer(data)]
    places: dict[int, list[int]] = {}
    for start, end in found:
        places.setdefault(end - start, []).append(start)
    longest: dict[int, tuple[int, int]] = {}
    best = (0, 0)
    for start, end in reversed(found):
        longest[end] = best
        if end - start >= best[1]:
            best = (start, end - start)
    return places, longest


def _span(runs: Runs, begin: int, data: str) -> tuple[int, int | None]:
    """Where the code after a run of backticks starts and ends: before a run as long, or shorter if there is none longer.

    Without an end, where to look on: as far behind the run as it is long, as in the stock pattern.
    """
    places, longest = runs
    ticks = _TICKS.match(data, begin)
    assert ticks is not None
    start, wanted = ticks.end(), ticks.end() - begin
    same = places.get(wanted, [])
    number = bisect_left(same, start)
    if number < len(same):
        return start, same[number]
    last, length = longest[start]
    return (start - wanted + length, last) if 0 < length < wanted else (start + wanted, None)


# -- quotation marks, dashes, ellipses


def _quoted(text: str) -> bool:
    """May a text have one of the marks, or a placeholder?"""
    return "'" in text or '"' in text or "--" in text or "..." in text or PREFIX in text


_APOSTROPHE = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")


class Typography(Pass):
    """The pass named "smarty"."""

    MARKS = {"em-dashes": "---", "en-dashes": "--", "ellipses": "..."} | {
        f"quotes-{number}": mark
        for number, mark in enumerate(("'", '"', "\"'", "'\"", "'\"", "\"'", *"'" * 5, *'"' * 4))
    }

    def step(self, name: str) -> tuple[str, str, Step]:
        return self.MARKS[name.removeprefix("smarty-")], "", self.marks

    def run(self, root: xml.Element) -> xml.Element:
        """Read every text of the tree. A match becomes words and no element, so that the order makes no difference."""
        self.stashed_nodes, self.count = {}, 0
        for element in root.iter():
            text, tail = element.text, element.tail
            if text and _quoted(text) and not isinstance(text, AtomicString):
                element.text = self.typeset(text)
            if tail and _quoted(tail) and not isinstance(tail, AtomicString):
                element.tail = self.typeset(tail)
        return root

    def typeset(self, data: str) -> str:
        """A text with its marks in place. Apostrophes within words, if there is nothing else, are closing marks."""
        if '"' not in data and "--" not in data and "..." not in data and PREFIX not in data:
            found, count = _APOSTROPHE.subn(self.apostrophe, data)
            if count == data.count("'"):
                return found
        return INLINE_PLACEHOLDER_RE.sub(lambda mark: self.stashed_nodes.get(mark[1], mark[0]), self.read(data))

    def apostrophe(self, match: re.Match[str]) -> str:
        return str(self.md.htmlStash.store(substitutions["right-single-quote"]))

    def marks(self, pattern: Any, data: str, number: int) -> str:
        """Quotation marks and the like. A pattern may look one character to its left: behind a match, at a placeholder."""
        patches, regex, at = Patches(data), pattern.compiled_re, 0
        while match := regex.search(data, at):
            start, at = match.span()
            if 0 < start == patches.end and not regex.match(ETX + data[start : start + 8], 1):
                at = start + 1
            else:
                patches.put(start, at, self.stash(pattern.handleMatch(match, data)[0]))
        return patches.text()
