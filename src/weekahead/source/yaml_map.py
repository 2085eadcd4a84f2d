"""Strict typed values out of YAML, each knowing its line: the traps of YAML 1.1 end here.

YAML reads an unquoted `7:28` as 448, `010` as 8 and `no` as false, lets the last of two equal keys win and
expands aliases without end. So nothing here asks YAML what a value means. It gives the tree of nodes; the
key that is read says what its value must be, and the author's own characters decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from typing import Any, TypeVar

import yaml
from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding, Location, nearest

T = TypeVar("T")

DEEPEST = 20
"""Levels of lists and maps in one another; nobody writes more by hand."""

CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
DURATION = r"(?:([0-9]{1,3}):(?=[0-9]{2}:))?([0-9]{1,3}):([0-5][0-9])"

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_NULL = {"", "~", "null", "Null", "NULL"}
_KNOWN_TAGS = re.compile(r"tag:yaml\.org,2002:(null|bool|int|float|str|timestamp|seq|map|merge|value)")


class YamlSource(Struct, frozen=True):
    """The file a text comes from, the line before its first, and where its findings go."""

    file: str
    findings: list[Finding]
    lines_before: int = 0
    odd: tuple[int, ...] = ()
    """Where in the text characters stand that end a line for YAML 1.1, but not in an editor: NEL, U+2028, U+2029."""

    def at(self, mark: Any) -> Location:
        line = mark.line - sum(place < mark.index for place in self.odd)
        return Location(self.file, line + 1 + self.lines_before, mark.column + 1)

    def find(self, where: Location, rule: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(where=where, rule=rule, message=message, hint=hint))


def read_yaml_map(text: str, origin: YamlSource, what: str) -> YamlMap | None:
    """The top-level map of a YAML text; None, with a finding, when there is none."""
    if odd := tuple(found.start() for found in re.finditer("[\x85\u2028\u2029]", text)):
        origin = replace(origin, odd=odd)
    try:
        _refuse_depth(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 + origin.lines_before
        message = f"there is a control character (U+{error.character:04X}) in {what}"
        origin.find(Location(origin.file, line), "control-character", message, "Delete it; it cannot be seen.")
        return None
    except yaml.YAMLError as error:
        _explain(error, origin, what, text.rstrip())
        return None
    if node is None:
        return YamlMap([], Location(origin.file, 1 + origin.lines_before, 1), origin)
    if not isinstance(node, yaml.MappingNode):
        kind = "a list" if isinstance(node, yaml.SequenceNode) else f'"{_excerpt(node.value)}"'
        origin.find(origin.at(node.start_mark), "not-a-map", f"{what} is {kind} where keys and values belong")
        return None
    if not _sound(node, origin):
        return None
    return _map(node, origin)


def _refuse_depth(text: str) -> None:
    """The C parser recurses with each level and crashes at some tens of thousands: stop far before."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest > 1000 or re.search(r"(?:[-?:]\s+){1000}", text):
        raise yaml.YAMLError("lists and maps are nested too deep")


def _explain(error: yaml.YAMLError, origin: YamlSource, what: str, text: str) -> None:
    mark = getattr(error, "problem_mark", None)
    if mark and mark.index >= len(text):  # what is missing at the end began somewhere
        mark = getattr(error, "context_mark", None) or mark
    problem = getattr(error, "problem", None) or str(error)
    last = text.count("\n") + 1 + origin.lines_before
    where = origin.at(mark) if mark else Location(origin.file, 1 + origin.lines_before)
    where = where if where.line <= last else Location(origin.file, last)
    hints = {
        "mapping values are not allowed in this context": "A value with a colon in it wants quotes; a key begins at the left edge of its map.",
        "found character that cannot start any token": "Indent with spaces, not tabs; quote a value that starts with @, ` or %.",
        "found a tab character that violates indentation": "Indent with spaces, not tabs.",
        "found undefined alias": "A value that starts with * wants quotes.",
        "expected a single document in the stream": "Only one header belongs here; a --- line ends it.",
    }
    hint = next(
        (text for start, text in hints.items() if problem.startswith(start)),
        "Check quotes, colons and indentation here and on the line before.",
    )
    origin.find(where, "yaml", f"{what} is not YAML: {problem}", hint)


def _sound(root: yaml.Node, origin: YamlSource) -> bool:
    """Is the tree plain: no aliases, no tags of its own, no key twice, not too deep?"""
    seen: set[int] = set()
    before = len(origin.findings)
    level: list[yaml.Node] = [root]
    for _ in range(DEEPEST):
        below: list[yaml.Node] = []
        for node in level:
            if id(node) in seen:
                message = "an alias (*name) or anchor (&name) repeats a part of the file"
                origin.find(
                    origin.at(node.start_mark),
                    "yaml-alias",
                    message,
                    "Write the value out where it is needed.",
                )
                return False
            seen.add(id(node))
            if not _KNOWN_TAGS.fullmatch(node.tag):
                tag = node.tag.replace("tag:yaml.org,2002:", "!!")
                origin.find(
                    origin.at(node.start_mark),
                    "yaml-tag",
                    f"the tag {tag} has no meaning here",
                    "Remove it and write the value.",
                )
            if isinstance(node, yaml.MappingNode):
                _refuse_twins(node, origin)
                below += [child for pair in node.value for child in pair]
            elif isinstance(node, yaml.SequenceNode):
                below += node.value
        level = below
        if not level:
            return len(origin.findings) == before
    origin.find(origin.at(level[0].start_mark), "yaml-depth", f"lists and maps are nested more than {DEEPEST} deep")
    return False


def _refuse_twins(node: yaml.MappingNode, origin: YamlSource) -> None:
    first: dict[str, yaml.Node] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            origin.find(
                origin.at(key.start_mark),
                "key",
                "a key must be one plain word",
                "Did braces or brackets want quotes?",
            )
        elif key.value in first:
            line = origin.at(first[key.value].start_mark).line
            message = f'"{_excerpt(key.value)}" is given twice, first in line {line}'
            origin.find(origin.at(key.start_mark), "key-twice", message, "Keep one of the two.")
        else:
            first[key.value] = key


def _excerpt(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else words[:57] + "..."


def _shown(node: yaml.Node) -> str:
    """The author's words for a value, as they stand in the file."""
    if isinstance(node, yaml.ScalarNode):
        return f'"{_excerpt(node.value)}"' if node.style else (_excerpt(node.value) or "empty")
    if not node.value:
        return "empty"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a map (braces or indented keys)"


class YamlMap(Struct):
    """A YAML map. Reading a key makes it known; `close` reports the keys that nobody read."""

    pairs: list[tuple[yaml.ScalarNode, yaml.Node]]
    where: Location
    origin: YamlSource
    extent: tuple[int, int] = (0, 0)
    """Where the map begins and ends in the text, in characters."""
    _known: list[str] = []
    _nodes: dict[str, yaml.Node] = {}

    def __post_init__(self) -> None:
        self._nodes = {key.value: node for key, node in self.pairs}

    def __contains__(self, key: str) -> bool:
        return self._node(key) is not None

    def at(self, key: str) -> Location:
        """Where a key's value stands; the map itself when the key is absent."""
        node = self._node(key)
        return self.origin.at(node.start_mark) if node is not None else self.where

    def span(self, key: str) -> tuple[int, int] | None:
        """Where a key's value begins and ends in the text, in characters."""
        node = self._node(key)
        return None if node is None else _extent(node)

    def key_span(self, key: str) -> tuple[int, int] | None:
        """Where a key itself begins and ends in the text."""
        return next((_extent(k) for k, _ in self.pairs if k.value == key), None)

    def item_spans(self, key: str) -> list[tuple[int, int]]:
        """Where each item of a list begins and ends in the text."""
        node = self._node(key)
        return [_extent(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else []

    def is_inline(self, key: str) -> bool:
        """Is the list or map below a key written in brackets or braces?"""
        node = self._node(key)
        return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)

    def places(self) -> dict[str, tuple[int, int]]:
        """Line and column of every key's value, and of those in the maps below ("audio.file")."""
        found = {}
        for key, node in self.pairs:
            found[key.value] = self.origin.at(node.start_mark)
            if isinstance(node, yaml.MappingNode):
                found |= {f"{key.value}.{k.value}": self.origin.at(n.start_mark) for k, n in node.value}
        return {key: (where.line, where.column) for key, where in found.items()}

    def first_line(self, key: str) -> int:
        """The line in which the words of a value begin: the next one, where | or > stands in the key's own."""
        node = self._node(key)
        is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        return self.at(key).line + is_block

    def find(self, key: str, rule: str, message: str, hint: str = "") -> None:
        self.origin.find(self.at(key), rule, message, hint)

    def require(self, key: str) -> None:
        """A finding unless the key is there with a value."""
        node = self._value(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value.strip()):
            where = self.at(key)
            self.origin.find(
                where,
                "key-missing",
                f'"{key}" is missing' if key not in self else f'"{key}" is empty',
                f"Add a line such as {key}: ...",
            )

    def close(self) -> None:
        """Report every key that was not asked for, with the nearest one that was."""
        for key, _ in self.pairs:
            if key.value not in self._known:
                message = f'"{_excerpt(key.value)}" is not a key that belongs here'
                self.origin.find(
                    self.origin.at(key.start_mark), "unknown-key", message, nearest(key.value, self._known)
                )

    # One reader for each type: the value, or None when it is absent or not of the type (then with a finding).

    def text(self, key: str) -> str | None:
        """Text as written, also where YAML would see a number or a word for true."""
        node = self._value(key)
        return None if node is None else self._text(key, node)

    def line(self, key: str) -> str | None:
        """Text of one line: white space is folded."""
        text = self.text(key)
        return None if text is None else " ".join(text.split())

    def shaped(
        self, key: str, pattern: str, wanted: str, hint: str = "", also: Callable[[str], bool] = bool
    ) -> str | None:
        """A line that has a shape, and passes what a shape cannot tell; None where nothing is written."""
        words = self.line(key)
        if not words or (re.fullmatch(pattern, words) and also(words)):
            return words or None
        self.find(key, "value", f'"{key}" must be {wanted}, but it is "{words}"', hint)
        return None

    def skip(self, key: str) -> None:
        """Know a key without reading it."""
        self._value(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of lines of text."""
        found = [self._text(key, node) for node in self._items(key, "[one, two]")]
        return tuple(" ".join(text.split()) for text in found if text)

    def words(self, key: str, known: Sequence[str], what: str) -> tuple[str, ...]:
        """A list of words that are known; a finding for each that is not, which says what they should be."""
        texts = [self._text(key, node) for node in self._items(key, "[one, two]")]
        found = [" ".join(text.split()) for text in texts if text is not None]
        for word in found:
            if word not in known:
                self.find(key, "value", f'"{word}" is not {what}', nearest(word, known))
        return tuple(word for word in found if word in known)

    def whole(self, key: str, least: int = 0, most: int = 999_999_999) -> int | None:
        """A whole number in decimal digits, within bounds."""
        node = self._value(key)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.style or not re.fullmatch(r"-?[0-9]+", node.value):
            self._wrong(key, node, "a whole number", f"Write {key}: 87, without quotes.")
            return None
        if len(node.value) > 12 or not least <= int(node.value) <= most:
            bound = f"{least} or more" if most == 999_999_999 else f"from {least} to {most}"
            self.origin.find(self.at(key), "value", f'"{key}" is {_excerpt(node.value)}, but must be {bound}')
            return None
        return int(node.value)

    def truth(self, key: str) -> bool | None:
        """true or false, as YAML 1.2 has it; yes, no, on and off are words."""
        node = self._value(key)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("true", "false"):
            return bool(node.value == "true")
        self._wrong(key, node, "true or false")
        return None

    def day(self, key: str) -> date | None:
        """A calendar day, YYYY-MM-DD, that exists."""
        node = self._value(key)
        return None if node is None else self._day(key, node)

    def clock(self, key: str) -> time | None:
        """A time of day, HH:MM."""
        return self._matched(
            key,
            CLOCK,
            "a time of day",
            'Write it as "09:00".',
            lambda h, m: time(int(h), int(m)),
        )

    def duration(self, key: str) -> int | None:
        """Seconds of a playing time written M:SS or H:MM:SS."""

        def seconds(hours: str | None, minutes: str, rest: str) -> int:
            return int(hours or 0) * 3600 + int(minutes) * 60 + int(rest)

        return self._matched(
            key,
            DURATION,
            "a playing time",
            'Write it as "7:28" or "1:02:03".',
            seconds,
        )

    def one_of(self, key: str, words: Sequence[str]) -> str | None:
        """One of some known words, in that spelling."""
        node = self._value(key)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and node.value in words:
            return str(node.value)
        words_shown = ", ".join(words[:-1]) + " or " + words[-1]
        hint = nearest(node.value, words) if isinstance(node, yaml.ScalarNode) else ""
        self._wrong(key, node, words_shown, hint if hint.startswith("Did") else "")
        return None

    def map(self, key: str) -> YamlMap | None:
        """A map below a key."""
        node = self._value(key)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(key, node, "a map", f"Write {key}: {{key: value}}.")
            return None
        return _map(node, self.origin)

    def maps(self, key: str) -> Iterator[YamlMap]:
        """The maps of a list, in order."""
        for node in self._items(key, "a list of maps, one after each dash"):
            if isinstance(node, yaml.MappingNode):
                yield _map(node, self.origin)
            else:
                self._wrong(key, node, "a list of maps", "Write each as {key: value, ...}.")

    def mixed(self, key: str) -> Iterator[str | YamlMap]:
        """A list in which each item is text or a map."""
        for node in self._items(key, "[one, two]"):
            if isinstance(node, yaml.MappingNode):
                yield _map(node, self.origin)
            elif text := self._text(key, node):
                yield " ".join(text.split())

    def days_and_maps(self, key: str) -> Iterator[date | YamlMap]:
        """A list in which each item is a calendar day or a map."""
        for node in self._items(key, "[2022-11-25]"):
            if isinstance(node, yaml.MappingNode):
                yield _map(node, self.origin)
            elif day := self._day(key, node):
                yield day

    def parts(self, key: str) -> Iterator[YamlMap]:
        """One map, or the maps of a list."""
        node = self._value(key)
        if isinstance(node, yaml.SequenceNode):
            if not node.value:
                self._wrong(key, node, "a map, or a list of maps", "There is nothing in it.")
            yield from self.maps(key)
        elif found := self.map(key):
            yield found

    def keys(self, pattern: str, what: str, hint: str) -> list[str]:
        """The keys that are there and have a shape, in order; a finding for each that has not. All become known."""
        found = [str(key.value) for key, _ in self.pairs]
        self._known += [key for key in found if key not in self._known]
        for key in found:
            if not re.fullmatch(pattern, key):
                self.find(key, "type", f'"{_excerpt(key)}" is not {what}', hint)
        return [key for key in found if re.fullmatch(pattern, key)]

    def anything(self, key: str) -> dict[str, Any]:
        """A map of the author's own, as plain values: text, whole numbers, true and false, lists and maps."""
        own = self.map(key)
        return {k.value: _plain(node) for k, node in own.pairs} if own else {}

    # -- inner

    def _node(self, key: str) -> yaml.Node | None:
        return self._nodes.get(key)

    def _value(self, key: str) -> yaml.Node | None:
        if key not in self._known:
            self._known.append(key)
        node = self._node(key)
        empty = isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL
        return None if empty else node

    def _wrong(self, key: str, node: yaml.Node, wanted: str, hint: str = "") -> None:
        self.origin.find(
            self.origin.at(node.start_mark),
            "type",
            f'"{key}" must be {wanted}, but it is {_shown(node)}',
            hint,
        )

    def _text(self, key: str, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(key, node, "text", 'Put it in quotes: "...".')
            return None
        if bad := _CONTROL.search(node.value):
            message = f'"{key}" holds a character that cannot be printed (U+{ord(bad.group()):04X})'
            self.origin.find(self.origin.at(node.start_mark), "control-character", message, "Delete it.")
            return None
        return str(node.value)

    def _day(self, key: str, node: yaml.Node) -> date | None:
        words = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", words):
            hint = (
                "The time of day comes from the cadence in schedule.yaml."
                if re.match(r"\d{4}-\d\d-\d\d[ T]", words)
                else ""
            )
            self._wrong(key, node, "a day such as 2022-09-23", hint)
            return None
        try:
            day = date.fromisoformat(words)
        except ValueError:
            self.origin.find(
                self.origin.at(node.start_mark),
                "no-such-day",
                f'"{key}" is {words}, a day that does not exist',
                "Check month and day.",
            )
            return None
        if not 1900 <= day.year <= 9990:
            self.origin.find(
                self.origin.at(node.start_mark),
                "value",
                f'"{key}" is {words}; years run from 1900 to 9990 here',
            )
            return None
        return day

    def _items(self, key: str, example: str) -> list[yaml.Node]:
        node = self._value(key)
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self._wrong(
            key,
            node,
            "a list",
            f"Write {key}: {example}." if example.startswith("[") else f"It is {example}.",
        )
        return []

    def _matched(self, key: str, pattern: str, wanted: str, hint: str, make: Callable[..., T]) -> T | None:
        node = self._value(key)
        if node is None:
            return None
        match = re.fullmatch(pattern, node.value) if isinstance(node, yaml.ScalarNode) else None
        if match is None:
            self._wrong(key, node, wanted, hint)
            return None
        return make(*match.groups())


def _map(node: yaml.MappingNode, origin: YamlSource) -> YamlMap:
    return YamlMap(node.value, origin.at(node.start_mark), origin, _extent(node))


def _extent(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if node.style:
        return node.value
    if node.value in _NULL:
        return None
    if node.value in ("true", "false"):
        return node.value == "true"
    return int(node.value) if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", node.value) else node.value


def value_or(value: int | None, default: int) -> int:
    """A number, or what stands for one that was not given."""
    return default if value is None else value
