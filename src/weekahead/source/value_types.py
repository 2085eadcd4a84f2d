"""The types of values in our YAML files: how each is read, and described in messages, docs and JSON Schemas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from weekahead.model.addresses import is_web_address
from weekahead.model.findings import nearest, warning
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import Text, slug_of_name
from weekahead.model.letter import LONGEST_NAME, is_too_long
from weekahead.source.hints import cut, day_hint, in_quotes, list_hint, no_such_day_hint, number_hint
from weekahead.source.yaml_tree import (
    CONTROL,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    YamlSource,
    excerpt,
    shown,
)

Schema = dict[str, Any]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
Word = TypeVar("Word", bound=str)

UNBOUNDED = 999_999_999

ANY_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
"""What the author typed is text also where an editor sees a number, a truth or nothing."""
STRING: Schema = {"type": "string"}


class BadValue(ValueError):
    """A value is not what its type wants. What is given here is said in place of what the type says of itself."""

    def __init__(self, wanted: str = "", hint: str | None = None, rule: str = "") -> None:
        super().__init__(wanted)
        self.wanted, self.hint, self.rule = wanted, hint, rule


class ValueType(Generic[T_co]):
    """How the value of a key is read and described. `wanted` ends the sentence "it must be ..."; a hint's KEY is the key."""

    wanted = ""
    hint = ""
    rule = "type"
    empty: T_co | None = None
    """The value of a key with nothing after its colon; None for no value."""

    def read(self, key: str, node: Node, source: YamlSource) -> T_co | None:
        """Return the value of a node, or None and a finding."""
        try:
            return self.value(key, node, source)
        except BadValue as error:
            message = f'"{key}" must be {error.wanted or self.wanted}, but it is {shown(node)}'
            hint = self.hint if error.hint is None else error.hint
            source.find(node, error.rule or self.rule, message, hint.replace("KEY", key))
            return None

    def value(self, key: str, node: Node, source: YamlSource) -> T_co | None:
        """Return the value of a node, or None for no value. Raise BadValue."""
        raise NotImplementedError

    def blank(self, key: str, node: Node, source: YamlSource) -> T_co | None:
        """Return the value of a key with nothing after its colon, and add a finding if what was meant became a comment."""
        return self.empty

    def schema(self) -> Schema:
        """Return a JSON Schema of the values that are read without a finding."""
        raise NotImplementedError


class Scalar(ValueType[T]):
    """A value on its own: `parse` makes it of the characters that the author typed, or None for no value, or raises BadValue."""

    def __init__(
        self,
        wanted: str,
        parse: Callable[[str], T | None],
        schema: Schema | None = None,
        hint: str = "",
        rule: str = "value",
        is_prose: bool = False,
    ) -> None:
        self.wanted, self.hint, self.rule, self.is_prose = wanted, hint, rule, is_prose
        self._parse, self._schema = parse, schema or ANY_TEXT
        self._is_unquoted = self._schema.get("type") in ("integer", "boolean")

    def value(self, key: str, node: Node, source: YamlSource) -> T | None:
        if not isinstance(node, ScalarNode):
            raise BadValue(hint=_quote_hint(node, source) if self.is_prose else None, rule="type")
        if self._is_unquoted and node.style:
            raise BadValue(hint=f"Write KEY: {cut(node.value.strip())}, without quotes.", rule="type")
        if bad := CONTROL.search(node.value):
            raise BadValue("without control characters", f"Delete U+{ord(bad[0]):04X}.", "control-character")
        if self.is_prose:
            _check_comment(key, node, source)
        return self._parse(node.value)

    def blank(self, key: str, node: Node, source: YamlSource) -> T | None:
        if self.is_prose:
            _check_comment(key, node, source)
        elif (comment := source.comment_after(node)) and self._takes(words := comment[1].split()[0]):
            hint = f'# begins a comment in YAML. Write {key}: "{words}".'
            source.find(node, self.rule, f'"{key}" must be {self.wanted}, but it is empty', hint)
        return self.empty

    def _takes(self, words: str) -> bool:
        """Return whether words would be a value, such as the colour #1d4a73."""
        try:
            return len(words) > 1 and self._parse(words) is not None
        except BadValue:
            return False

    def schema(self) -> Schema:
        return self._schema


def _quote_hint(node: Node, source: YamlSource) -> str | None:
    """Return the hint for text with a colon or in braces, on one line, that YAML takes for a map: `- Foo: bar`."""
    words = source.text[node.start_mark.index : node.end_mark.index].strip()
    is_text = isinstance(node, MappingNode) and len(node.value) == 1 and "\n" not in words
    return f"Put it in quotes: {in_quotes(words)}" if is_text else None


def _check_comment(key: str, node: Node, source: YamlSource) -> None:
    """Add a warning if words of the author's were cut by a comment: `title: Letter #3` says "Letter"."""
    comment = source.comment_after(node)
    if comment and (node.value or comment[1][1:2].strip()):  # `summary:   # to do` has no words to cut
        message = f'"{key}" ends before "{excerpt(comment[1])}", which is a comment in YAML'
        whole = in_quotes(f"{node.value} {comment[1]}".strip())
        hint = f"To keep it, use quotes: {whole}. A comment goes on a line of its own."
        end = source.at(node.end_mark)
        where = replace(end, column=end.column + comment.start(1) - comment.start())
        source.findings.append(warning(where, "cut-by-comment", message, hint))


# -- text


def fold(words: str) -> str:
    """Return words on one line, with single spaces."""
    return " ".join(words.split())


TEXT: Scalar[str] = Scalar("text", str, hint='Put it in quotes: "...".', is_prose=True)
LINE: Scalar[str] = Scalar("text", fold, hint='Put it in quotes: "...".', is_prose=True)
WORD: Scalar[str] = Scalar("text", fold, hint=LINE.hint)
"""A line for programs."""


def within_path(words: str, path: str) -> str:
    """Return words from which a path of the site is made. Raise BadValue if file systems cannot have it."""
    if is_too_long(path):
        raise BadValue(f"shorter: one part of a path has at most {LONGEST_NAME} bytes", "", "path-too-long")
    return words


def _name(words: str) -> str:
    name = fold(words)
    return within_path(name, slug_of_name(name))


NAME = Scalar("text", _name, hint=LINE.hint, is_prose=True)
"""A line that names a page of the site."""


def _file_name(words: str) -> str:
    name = fold(words)
    return within_path(name, unquote(name))


FILE_NAME = Scalar("text", _file_name, hint=LINE.hint)


def matching(
    pattern: str, wanted: str, hint: str = "", parse: Callable[[str], str] = str, schema: Schema = STRING
) -> Scalar[str]:
    """Return the type of lines that a pattern matches as a whole, and that `parse` takes; an empty line is no value."""

    def parse_line(words: str) -> str | None:
        line = fold(words)
        if line and not re.fullmatch(pattern, line):
            raise BadValue
        return parse(line) if line else None

    return Scalar(wanted, parse_line, {**schema, "pattern": rf"^\s*({pattern})?\s*$"}, hint)


def web_address(parse: Callable[[str], str] = str) -> Scalar[str]:
    """Return the type of absolute addresses that `parse` takes."""

    def parse_address(words: str) -> str:
        if not is_web_address(words):
            raise BadValue
        return parse(words)

    pattern, hint = "[Hh][Tt][Tt][Pp][Ss]?://.+", "Write KEY: https://... in full."
    return matching(pattern, "an absolute address", hint, parse_address)


WEB_ADDRESS = web_address()


def _web_or_mail(words: str) -> str:
    if not words.startswith("mailto:") and not is_web_address(words):
        raise BadValue
    return words


WEB_OR_MAIL_ADDRESS = matching(
    '[Hh][Tt][Tt][Pp][Ss]?://.+|mailto:[^\\s@<>"]+@[^\\s@<>"]+',
    "an absolute address, or mailto: with an e-mail address",
    "Write KEY: https://... or KEY: mailto:ida+join@letter.example.",
    _web_or_mail,
)


def choice(words: Iterable[Word]) -> Scalar[Word]:
    """Return the type of one of some words, in that spelling."""
    by_spelling = {str(word): word for word in words}
    *others, last = by_spelling

    def parse(words: str) -> Word:
        if words in by_spelling:
            return by_spelling[words]
        hint = nearest(words, by_spelling)
        raise BadValue(hint=hint if hint.startswith("Did") else None)

    return Scalar(f"{', '.join(others)} or {last}", parse, {"enum": [*by_spelling]}, rule="type")


class Markdown(ValueType[Text]):
    """A Markdown text, with the line on which it begins."""

    wanted = "Markdown"

    def value(self, key: str, node: Node, source: YamlSource) -> Text | None:
        words = TEXT.value(key, node, source)
        line = source.at(node.start_mark).line
        if getattr(node, "style", "") in ("|", ">"):  # these stand in the line before
            line += 1
        return Text(hash_bytes(words.encode("utf-8", "surrogatepass")), source.file, line, words) if words else None

    def blank(self, key: str, node: Node, source: YamlSource) -> Text | None:
        TEXT.blank(key, node, source)
        return None

    def schema(self) -> Schema:
        return ANY_TEXT


# -- numbers, truths, days and times


def integer(least: int = 0, most: int = UNBOUNDED) -> Scalar[int]:
    """Return the type of whole numbers in decimal digits, within bounds."""
    bounds = f"from {least} to {most}" if most < UNBOUNDED else f"{least} or more"

    def parse(words: str) -> int:
        if not re.fullmatch(r"-?[0-9]+", words):
            raise BadValue(hint=number_hint(words), rule="type")
        if len(words) > 12 or not least <= int(words) <= most:
            raise BadValue(bounds, hint="")
        return int(words)

    wanted = f"a whole number {bounds}" if most < UNBOUNDED else "a whole number"
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Scalar(wanted, parse, schema, "Write it in digits, without quotes.")


def _boolean(words: str) -> bool:
    if words not in ("true", "false"):  # as in YAML 1.2: yes, no, on and off are words
        raise BadValue
    return words == "true"


def parse_day(words: str) -> date:
    """Return the day of a date such as 2022-09-23. Raise BadValue."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        raise BadValue(hint=day_hint(words))
    try:
        day = date.fromisoformat(words)
    except ValueError as error:
        raise BadValue("a day that exists", no_such_day_hint(words), "no-such-day") from error
    if not 1900 <= day.year <= 9990:
        raise BadValue("between the years 1900 and 9990", rule="value")
    return day


def _matched(pattern: str, wanted: str, hint: str, make: Callable[..., T]) -> Scalar[T]:
    """Return the type of what a pattern matches, made of the numbers in its groups."""

    def parse(words: str) -> T:
        match = re.fullmatch(pattern, words)
        if match is None:
            raise BadValue
        return make(*(int(group or 0) for group in match.groups()))

    return Scalar(wanted, parse, {**STRING, "pattern": f"^({pattern})$"}, hint, "type")


_DAY = {**STRING, "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_CLOCK = "([01]?[0-9]|2[0-3]):([0-5][0-9])"
_DURATION = "(?:([0-9]{1,3}):(?=[0-9]{2}:))?([0-9]{1,3}):([0-5][0-9])"

WHOLE = integer()
BOOLEAN = Scalar("true or false", _boolean, {"type": "boolean"}, rule="type")
DAY = Scalar("a date such as 2022-09-23", parse_day, _DAY, rule="type")
CLOCK = _matched(_CLOCK, "a time of day", 'Write it as "09:00".', time)
DURATION = _matched(_DURATION, "a duration", 'Write it as "7:28" or "1:02:03".', lambda h, m, s: h * 3600 + m * 60 + s)
"""In seconds."""


# -- lists and maps


class ListOf(ValueType[tuple[T, ...]]):
    """A list of values of one type."""

    empty = ()
    wanted = "a list"

    def __init__(self, item: ValueType[T], hint: str = "Write KEY: [one, two].") -> None:
        self.item, self.hint = item, hint

    def value(self, key: str, node: Node, source: YamlSource) -> tuple[T, ...]:
        if isinstance(node, ScalarNode) and isinstance(self.item, Scalar):
            raise BadValue(hint=list_hint(node.value))
        if not isinstance(node, SequenceNode):
            raise BadValue
        values = (self.item.read(key, each, source) for each in node.value)
        return tuple(value for value in values if value is not None and value != "")

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema()}


class Either(ValueType[T | U]):
    """A value of one type on its own, or one of another type that is a map."""

    def __init__(self, scalar: ValueType[T], mapping: ValueType[U]) -> None:
        self.scalar, self.mapping = scalar, mapping

    def value(self, key: str, node: Node, source: YamlSource) -> T | U | None:
        is_map = isinstance(node, MappingNode) and not self._is_text(node)
        return self.mapping.read(key, node, source) if is_map else self.scalar.read(key, node, source)

    def _is_text(self, node: MappingNode) -> bool:
        """Return whether a map is text with a colon: it has one key, which is not even nearly one of the other type."""
        known = self.mapping.schema().get("properties", {})
        names = [str(name.value) for name, _ in node.value]
        return len(names) == 1 and names[0] not in known and not nearest(names[0], known).startswith("Did")

    def schema(self) -> Schema:
        return {"anyOf": [self.scalar.schema(), self.mapping.schema()]}
