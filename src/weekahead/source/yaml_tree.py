"""YAML text to a plain tree of nodes, and each fault of the text to a finding with line and column.

YAML 1.1 reads an unquoted `7:28` as 448, `010` as 8 and `no` as false, lets the last of two equal keys win and
expands aliases without end. So nothing here asks YAML what a value means: it gives the tree of nodes, and value_types.py
reads the characters that the author typed.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct
from msgspec.structs import replace
from yaml import MappingNode as MappingNode
from yaml import Node as Node
from yaml import ScalarNode as ScalarNode
from yaml import SequenceNode as SequenceNode

from weekahead.model.findings import Finding, Location
from weekahead.source.yaml_faults import explain

MAX_DEPTH = 20
"""Levels of lists and maps in one another."""

LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""NEL, LS and PS: characters that end a line in YAML 1.1, but not in an editor."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
"""Characters that cannot be printed."""

_COMMENT = re.compile(r"[ \t]+(#[^\n]*)")
_NULL = {"", "~", "null", "Null", "NULL"}
_KNOWN_TAGS = re.compile(r"tag:yaml\.org,2002:(null|bool|int|float|str|timestamp|seq|map|merge|value)")


class YamlSource(Struct, frozen=True):
    """The file a text comes from, the number of lines before its first, and where its findings go."""

    file: str
    findings: list[Finding]
    lines_before: int = 0
    odd_line_ends: tuple[int, ...] = ()
    """The indexes in the text of LINE_ENDS."""
    text: str = ""

    def of_text(self, text: str) -> YamlSource:
        """Return this source with a text."""
        return replace(self, text=text, odd_line_ends=tuple(match.start() for match in LINE_ENDS.finditer(text)))

    def at(self, mark: Any) -> Location:
        """Return the location of a mark of PyYAML."""
        line = mark.line + 1 + self.lines_before
        if self.odd_line_ends:
            line -= sum(index < mark.index for index in self.odd_line_ends)
        return Location(self.file, line, mark.column + 1)

    def at_index(self, index: int) -> Location:
        """Return the location of a character of the text."""
        line = self.text.count("\n", 0, index) + 1 + self.lines_before
        return Location(self.file, line, index - self.text.rfind("\n", 0, index))

    def comment_after(self, node: Node) -> re.Match[str] | None:
        """Return the comment behind a value without quotes, on its line; its group is the comment from # on."""
        is_plain = isinstance(node, ScalarNode) and not node.style
        return _COMMENT.match(self.text, node.end_mark.index) if is_plain else None

    def find(self, where: Location | Node, rule: str, message: str, hint: str = "") -> None:
        """Add an error at a location, or where a node begins."""
        location = where if isinstance(where, Location) else self.at(where.start_mark)
        self.findings.append(Finding(location, rule, message, hint))

    def has_errors(self, since: int) -> bool:
        """Return whether there are errors among the findings from an index on."""
        return any(finding.is_error for finding in self.findings[since:])


def compose(text: str, source: YamlSource, what: str) -> MappingNode | None:
    """Return the top-level map of a text, or None and findings. An empty text is an empty map. `what` names the text."""
    try:
        _refuse_depth(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.reader.ReaderError as error:
        where = Location(source.file, text.count("\n", 0, error.position) + 1 + source.lines_before)
        message = f"control character U+{error.character:04X} in {what}"
        source.find(where, "control-character", message, "Delete it; it is invisible.")
        return None
    except yaml.YAMLError as error:
        _report_yaml_error(error, source, what, text.rstrip())
        return None
    if node is None:
        start = yaml.Mark(source.file, 0, 0, 0, None, 0)
        return MappingNode("tag:yaml.org,2002:map", [], start, start)
    if not isinstance(node, MappingNode):
        source.find(node, "not-a-map", f"{what} must be keys and values, but it is {shown(node)}")
        return None
    return node if _is_plain(node, source) else None


def _refuse_depth(text: str) -> None:
    """Raise YAMLError where the C parser, which recurses with each level, would come near its end at some ten thousand."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest > 1000 or re.search(r"(?:[-?:]\s+){1000}", text):
        raise yaml.YAMLError("lists and maps are nested too deep")


def _report_yaml_error(error: yaml.YAMLError, source: YamlSource, what: str, text: str) -> None:
    problem = getattr(error, "problem", None) or str(error)
    marks = [mark for name in ("problem_mark", "context_mark") if (mark := getattr(error, name, None))]
    if marks:
        place, context = (min(mark.index, len(text)) for mark in (marks[0], marks[-1]))
        if place == len(text):  # what is missing at the end began somewhere
            place = context
        place, hint = explain(problem, text, place, context)
        where = source.at_index(place)
    else:
        where, hint = Location(source.file, 1 + source.lines_before), ""
    source.find(where, "yaml", f"{what} is not valid YAML: {problem}", hint)


def _is_plain(root: Node, source: YamlSource) -> bool:
    """Return whether the tree has no aliases, no tags, no key twice and no more than MAX_DEPTH levels."""
    seen: set[int] = set()
    before = len(source.findings)
    level: list[Node] = [root]
    for _ in range(MAX_DEPTH):
        below: list[Node] = []
        for node in level:
            if id(node) in seen:
                source.find(node, "yaml-alias", "aliases (*name) are not allowed", "Write the value out.")
                return False
            seen.add(id(node))
            if not _KNOWN_TAGS.fullmatch(node.tag):
                tag = node.tag.replace("tag:yaml.org,2002:", "!!")
                source.find(node, "yaml-tag", f"the tag {tag} is not allowed", "Remove the tag.")
            if isinstance(node, MappingNode):
                _check_keys(node, source)
                below += [child for pair in node.value for child in pair]
            elif isinstance(node, SequenceNode):
                below += node.value
        level = below
        if not level:
            return len(source.findings) == before
    source.find(level[0], "yaml-depth", f"lists and maps are nested more than {MAX_DEPTH} levels deep")
    return False


def _check_keys(node: MappingNode, source: YamlSource) -> None:
    first: dict[str, Node] = {}
    for key, _ in node.value:
        if not isinstance(key, ScalarNode):
            source.find(key, "key", "a key must be a single word", "Put braces and brackets in quotes.")
        elif key.value in first:
            line = source.at(first[key.value].start_mark).line
            message = f'"{excerpt(key.value)}" is given twice, first on line {line}'
            source.find(key, "key-twice", message, "Keep one of the two.")
        else:
            first[key.value] = key


def is_null(node: Node | None) -> bool:
    """Return whether there is no value: no node, or nothing, ~ or null without quotes."""
    return node is None or (isinstance(node, ScalarNode) and not node.style and node.value in _NULL)


def is_blank(node: Node | None) -> bool:
    """Return whether there is no value, or nothing between quotes."""
    return is_null(node) or (isinstance(node, ScalarNode) and not node.value.strip())


def excerpt(words: str) -> str:
    """Return words on one line of at most 60 characters, all of them printable."""
    words = CONTROL.sub("\ufffd", " ".join(words.split()))
    return words if len(words) <= 60 else words[:57] + "..."


def shown(node: Node) -> str:
    """Return a value as the author typed it, several words in quotes, or what kind of value it is."""
    if isinstance(node, ScalarNode):
        words = excerpt(node.value)
        return f'"{words}"' if node.style or " " in words else words or "empty"
    if not node.value:
        return "empty"
    return "a list" if isinstance(node, SequenceNode) else "a map (braces or indented keys)"
