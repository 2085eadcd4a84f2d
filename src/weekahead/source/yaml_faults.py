"""Where a fault of YAML really is, and what to write instead, told from the author's own line."""

from __future__ import annotations

import re
from collections.abc import Callable

from weekahead.source.hints import cut, in_quotes

Fault = tuple[int, str]
"""The index in the text of what is wrong, and a hint."""

HINTS = {
    "mapping values are not allowed in this context": "Begin each key below the one before it, at the left edge of its map.",
    "found character that cannot start any token": "Indent with spaces, not tabs.",
    "found a tab character that violates indentation": "Indent with spaces, not tabs.",
    "found unexpected end of stream": "Close the quotation that begins here.",
    "found unknown escape character": "In double quotes write a backslash twice, or use single quotes.",
    "expected a single document in the stream": "Remove the second ---: only one document is allowed.",
}
"""What to do about a problem that no line explains, by the words that PyYAML's description of it begins with."""

_KEY = r"(?P<key>[\w-]+|\"[^\"]*\"|'[^']*')"
_LINE = re.compile(rf"\s*(?:- +)*{_KEY}:[ \t]+(?P<value>.*)")
_ITEM = re.compile(r"\s*(?:- +)+(?P<key>)(?P<value>.*)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_SPECIAL = re.compile(r"[@`%*&!|>?\[\]{}\"'-]|- ")
"""What a value in one line may not begin with, unless all of it is of that kind."""


def explain(problem: str, text: str, index: int, context: int) -> Fault:
    """Return the place of a fault that PyYAML met at an index, in something that began at `context`, and a hint."""
    explained: tuple[Callable[[str, int, int], Fault | None], ...] = (
        _comment_in_brackets,
        _colon_in_brackets,
        _value_without_quotes,
        _line_without_colon,
    )
    for explain_fault in explained:
        if fault := explain_fault(text, index, context):
            return fault
    hint = next((hint for start, hint in HINTS.items() if problem.startswith(start)), "")
    return index, hint or "Check quotes, colons and indentation on this line and the one before."


def _comment_in_brackets(text: str, index: int, context: int) -> Fault | None:
    """Return the comment that ends a value in brackets or braces, and swallows a comma or their end."""
    keys = [*re.compile(r"^[^\s#,\]}]", re.MULTILINE).finditer(text, 0, min(index, context) + 1)]
    at, depth = keys[-1].start() if keys else 0, 0
    while at < index:
        character, is_start = text[at], at == 0 or text[at - 1] in " \t\n,[{:"
        quoted = _QUOTED.match(text, at) if is_start else None
        if character == "#" and is_start:
            end = _line_end(text, at)
            if depth and re.search(r"^#\S|[\]},]", text[at:end]):
                return at, _quote_around(text, at)
            at = end
        else:
            depth += (character in "[{") - (character in "]}") if not quoted else 0
            at = quoted.end() if quoted else at + 1
    return None


def _colon_in_brackets(text: str, index: int, context: int) -> Fault | None:
    """Return the second colon of a value in braces, {title: Foo: bar}, the bracket that the next key is still in, or a missing comma."""
    if text[context : context + 1] not in ("[", "{"):
        return None
    start = max(text.rfind(mark, 0, index) for mark in ",[{") + 1
    if text[index : index + 1] != ":":
        return index, "Put a comma before this item, or close the bracket before it."
    if "\n" in text[start:index].strip():
        return context, "Close the bracket that opens here, and put a comma after each item in it."
    return index, _quote_around(text, index)


def _quote_around(text: str, index: int) -> str:
    """Return a hint to put the value in brackets around an index in quotes."""
    start = max(text.rfind(mark, 0, index) for mark in ",[{\n") + 1
    end = re.compile(r"[],}\n]").search(text, index)
    words = text[start : end.start() if end else len(text)].strip()
    match = re.match(rf"{_KEY}:\s+", words)
    return _quote(match["key"] if match else "", words[match.end() :] if match else words)


def _value_without_quotes(text: str, index: int, context: int) -> Fault | None:
    """Return the value on a line that YAML cannot take as it is: it has a colon, or begins with a sign or a quotation."""
    line, start = _line_at(text, index)
    match = _LINE.fullmatch(line) or _ITEM.fullmatch(line)
    if match is None or _QUOTED.fullmatch(match["value"]):
        return None
    value = match["value"]
    if re.search(r":(\s|$)", value) and not _SPECIAL.match(value):
        return index, _quote(match["key"], value)
    is_after = start + match.start("value") <= index <= start + len(line)
    if _SPECIAL.match(value) and is_after and not _is_open(value):
        return start + match.start("value"), _quote(match["key"], value)
    return None


def _is_open(value: str) -> bool:
    """Return whether a value has a bracket or a quotation that goes on in the next line."""
    bare = _QUOTED.sub("", value)
    return any(bare.count(opening) > bare.count(closing) for opening, closing in ("[]", "{}")) or bare[:1] in "\"'"


def _line_without_colon(text: str, index: int, context: int) -> Fault | None:
    """Return the line above that has a key and a value, but no colon with a space between them."""
    line, start = _line_at(text, index)
    above = text[: start - 1] if start else ""
    before = above[above.rfind("\n") + 1 :]
    match = re.fullmatch(r"(\s*(?:- +)?)(\w[\w-]*)(:(?=\S)|\s+)(\S.*)", before.rstrip())
    is_key = re.match(rf"(\s*){_KEY}:(\s|$)", line)
    if match is None or not is_key or len(is_key[1]) != len(match[1]):
        return None
    return start - 1 - len(before) + len(match[1]), f"Write a colon and a space: {cut(match[2])}: {cut(match[4])}"


def _line_at(text: str, index: int) -> tuple[str, int]:
    """Return the line that an index is in, without white space at its end, and where it begins."""
    start = text.rfind("\n", 0, index) + 1
    return text[start : _line_end(text, index)].rstrip(), start


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return end if end >= 0 else len(text)


def _quote(key: str, value: str) -> str:
    """Return a hint to put a value in quotes, less the quotes around it that do not fit, and a comment behind it."""
    value = re.sub(r"(?<!\s)\s+#\s.*$", "", value)
    is_half = len(value) > 1 and value[0] == value[-1] in ("'", '"')
    words = in_quotes(value[1:-1] if is_half else value)
    return f"Put the value in quotes: {cut(key)}: {words}" if key else f"Put it in quotes: {words}"
