r"""Read the parts of links: destinations, titles, labels, definitions, escapes and entities (CommonMark 2.4, 2.5, 4.7, 6.3)."""

from __future__ import annotations

import re
from html.entities import html5
from urllib.parse import quote

from msgspec import Struct

PUNCTUATION = r"!-/:-@\[-`{-~"
"""The characters that a backslash may stand before, for a set in a regular expression (2.4)."""
ENTITY = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_ESCAPE_OR_ENTITY = re.compile(rf"\\([{PUNCTUATION}])|{ENTITY.pattern}")

ANGLE_LINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*+)>")
ANGLE_MAIL = re.compile(
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*+)>"
)
"""Links and mail addresses in angle brackets (6.5)."""
SIMPLE_DESTINATION = re.compile(r"\(([^\s()\\<>&\"^`{|}\x00-\x1f]++)\)")
"""What follows the text of most links."""
_POINTED = re.compile(r"<((?:[^<>\\\n]|\\.)*+)>")
_DESTINATION_PART = re.compile(rf"[^()\\\x00-\x20\x7f]++|\\[{PUNCTUATION}]|\\")
_TITLE = re.compile(r""""((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|\(((?:[^()\\]|\\.)*+)\)""", re.DOTALL)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
_SPACE = re.compile(r"[ \t]*+(?:\n[ \t]*+)?+")
_SPACES = re.compile(r"[ \t\n]+")
_REST_OF_LINE = re.compile(r"[ \t]*+(?:\n|$)")
_MOST_PARENTHESES = 32


class Definition(Struct, frozen=True):
    """Where a reference leads: an address, and a title or None. `start` and `end` are those of the address in the source."""

    address: str
    title: str | None
    start: int = 0
    end: int = 0


def unescape(text: str) -> str:
    """Return a text without its backslash escapes and with its entities as characters."""
    return _ESCAPE_OR_ENTITY.sub(_character, text) if "\\" in text or "&" in text else text


def _character(match: re.Match[str]) -> str:
    return match[1] or entity_character(match[2], match[3], match[4]) or match[0]


def entity_character(hexadecimal: str | None, decimal: str | None, name: str | None) -> str | None:
    """Return the character of an entity, or None for a name that HTML does not have (2.5)."""
    if name:
        return html5.get(f"{name};")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal or "0")
    is_text = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return chr(code) if is_text and code not in (0x7F, 0xFFFE, 0xFFFF) else "\ufffd"


def normalize_address(address: str) -> str:
    """Return an address with what no address may hold percent-encoded; letters of any script stay readable."""
    if address.isprintable() and not _UNSAFE.search(address):
        return address
    return _UNSAFE.sub(lambda match: quote(match[0], safe=""), address)


_UNSAFE = re.compile(r"[\s\"<>\\^`{}|\x00-\x1f\x7f]")


def read_destination(text: str, start: int) -> tuple[str, int, int, int] | None:
    """Return the destination of a link at a place in a text, where it starts and ends there, and where to go on (6.3)."""
    if text.startswith("<", start):
        pointed = _POINTED.match(text, start)
        return (unescape(pointed[1]), start + 1, pointed.end() - 1, pointed.end()) if pointed else None
    end, depth = start, 0
    while True:
        part = _DESTINATION_PART.match(text, end)
        if part:
            end = part.end()
        elif text.startswith("(", end) and depth < _MOST_PARENTHESES:
            depth, end = depth + 1, end + 1
        elif text.startswith(")", end) and depth:
            depth, end = depth - 1, end + 1
        else:
            break
    return (unescape(text[start:end]), start, end, end) if not depth else None


def read_title(text: str, start: int) -> tuple[str, int] | None:
    """Return the title of a link at a place in a text, and where it ends."""
    match = _TITLE.match(text, start)
    if match is None:
        return None
    title = match[0][1:-1]
    return unescape(title), match.end()


def read_inline_target(text: str, place: int) -> tuple[str, str | None, int, int, int] | None:
    """Return the address, the title and the end of what follows the text of a link, and where the address is (6.3)."""
    found = read_destination(text, skip_space(text, place))
    if found is None:
        return None
    address, begin, stop, end = found
    place, title = skip_space(text, end), None
    if place > end and (read := read_title(text, place)):
        title, place = read[0], skip_space(text, read[1])
    return (normalize_address(address), title, place + 1, begin, stop) if text.startswith(")", place) else None


def normalize_label(label: str) -> str:
    """Return a label as it is compared with others: in one case, its white space collapsed (6.3)."""
    return _SPACES.sub(" ", label.casefold().strip(" \t\n"))


def skip_space(text: str, start: int) -> int:
    """Return the place behind spaces, tabs and up to one line ending."""
    match = _SPACE.match(text, start)
    return match.end() if match else start


def read_label(text: str, start: int) -> tuple[str, int] | None:
    """Return a link label, without its brackets, and where it ends."""
    match = _LABEL.match(text, start)
    return (match[1], match.end()) if match and match[1].strip() else None


def read_definition(text: str, start: int) -> tuple[str, Definition, int] | None:
    """Return the label and target of a definition at a place in a paragraph, and where the next line begins (4.7)."""
    label = read_label(text, start)
    if label is None or not text.startswith(":", label[1]) or text.startswith("[^", start):
        return None
    place = skip_space(text, label[1] + 1)
    found = read_destination(text, place)
    if found is None or found[3] == place:
        return None
    address, begin, end, after = found
    title, line_end = None, _REST_OF_LINE.match(text, after)
    place = skip_space(text, after)
    read = read_title(text, place) if place > after else None
    if read and (title_end := _REST_OF_LINE.match(text, read[1])):
        title, line_end = read[0], title_end
    if line_end is None:
        return None
    return normalize_label(label[0]), Definition(normalize_address(address), title, begin, end), line_end.end()
