"""Damage to exports: bytes that are lost or put in, and values of another kind than the format has."""

from __future__ import annotations

import csv
import io
import json
import re
from html import escape, unescape
from random import Random
from typing import Any

SPLINTERS = (
    b"<!--", b"]]>", b"<![CDATA[", b"{{", b"%}", b'"', b"\x00", b"&", b"null", b"[]", b"99999999999999999999", b"\xff\xfe", b"<p",
    b"*|IF:", b"[gallery ids=\"", b"\n,\n", b"<x:y>",
)  # fmt: skip

ODD_WORDS = (
    "", "0", "-1", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "99999-01-01", "2023-02-30",
    "1700000000000", "-62135596800000", "NaN", "1e400", "1" * 5000, "²", "٣", "2024-03-01T24:00:00Z", "2024-03-01T10:00+99:99",
    "Mon, 32 Foo 2024 99:99:99 +9999", "null", "{}", "\x00", "\ud800", "\u202e\u2066abc", "\u2028", "é" * 300, "x" * 5000,
    "../../etc/passwd", "C:\\x", "<script>x</script>", "]]>", "-->", "{{ x }}", "{% if %}", "---", "*a", "'", "\n\n", "Europe/Nowhere",
    "../Europe/Oslo", "en_US@x", "日本語", "#", "?", "%zz", "http://[x", "::", "..", "00:99:99", "999999999:00:00", "1_000",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**64, 10**30, 1.5, 1e300, [], {}, [[]], [None], [1, 2], ["a", ["b"]], {"a": {"b": [1]}}, [{"id": None}],
)  # fmt: skip
DEEP = tuple(
    f"{tag * 3000}x"
    for tag in ("<div>", "<ul><li>", "<b>", "<table><tr><td>", "<blockquote>", "<figure>", "<a href='y'>")
)

_ATTRIBUTE = re.compile(r"""(?<=[\w:-]=)(?P<sign>["'])(?P<value>[^"'<>]*)(?P=sign)""")
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_TAG = re.compile(r"</?\w[^<>]*>")
_KEY = re.compile(r"(?m)^(?P<key>[ \t]*(?:- )?\"?[\w.-]+\"?[ \t]*[:=][ \t]*)(?P<value>.*)$")
_NAMESPACE = re.compile(r"https?://")


def with_bytes_changed(data: str | bytes, random: Random) -> bytes:
    """Return a file with some bytes changed, cut out, repeated or put in."""
    changed = bytearray(data.encode() if isinstance(data, str) else data)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(changed) + 1)
        match random.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                del changed[place : place + random.randint(1, 60)]
            case 2:
                changed[place:place] = random.choice(SPLINTERS)
            case _:
                changed[place:place] = changed[place // 2 : place // 2 + random.randint(1, 200)]
    return bytes(changed)


def with_odd_values(name: str, text: str, random: Random) -> bytes:
    """Return a file of some values that are of another kind than its format has, or in another encoding."""
    if random.random() < 0.05:
        return text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig")), "surrogatepass")
    ending = name.rpartition(".")[2]
    damage = {"json": in_json, "csv": _in_csv, "html": _in_markup, "xml": _in_markup}.get(ending, _in_front_matter)
    return damage(text, random).encode("utf-8", "surrogatepass")


def in_json(text: str, random: Random) -> str:
    try:
        document = json.loads(text)
    except ValueError:
        return text
    places = list(_places(document))
    for holder, key in random.sample(places, min(len(places), random.choice((1, 3, 8)))):
        value = holder[key]
        if isinstance(value, str) and "<" in value and random.random() < 0.5:
            holder[key] = _in_markup(value, random)
        elif isinstance(value, str) and value[:1] in ("{", "[") and random.random() < 0.7:
            holder[key] = in_json(value, random)
        else:
            holder[key] = random.choice((*ODD_WORDS, *ODD_VALUES))
    return json.dumps(document)


def _places(value: Any) -> Any:
    """Yield each map or list of a JSON value with each of its keys."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from _places(inner)


def _in_csv(text: str, random: Random) -> str:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for row in random.choices(rows, k=random.choice((1, 3, 8))):
        place = random.randrange(len(row) or 1)
        is_markup = place < len(row) and "<" in row[place]
        row[place : place + 1] = [_in_markup(row[place], random) if is_markup else random.choice(ODD_WORDS)]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _in_markup(text: str, random: Random) -> str:
    for _ in range(random.choice((1, 3, 8))):
        pattern = random.choice((_ATTRIBUTE, _ATTRIBUTE, _TEXT, _TAG))
        found = [match for match in pattern.finditer(text) if not _NAMESPACE.match(match[0][1:])]
        if not found:
            continue
        match = random.choice(found)
        words = escape(random.choice(ODD_WORDS))
        if pattern is _TAG:
            words = random.choice(("", match[0] * 2, random.choice(DEEP)))
        elif pattern is _ATTRIBUTE:
            value = unescape(match["value"])
            words = f'"{escape(in_json(value, random)) if value[:1] == "{" else words}"'
        text = text[: match.start()] + words + text[match.end() :]
    return text


def _in_front_matter(text: str, random: Random) -> str:
    keys = list(_KEY.finditer(text[:3000]))
    for match in sorted(
        random.sample(keys, min(len(keys), random.choice((1, 2, 4)))), key=lambda match: -match.start()
    ):
        value = random.choice((*ODD_WORDS, *ODD_VALUES))
        words = value.replace("\n", " ") if isinstance(value, str) and random.random() < 0.5 else json.dumps(value)
        text = text[: match.start("value")] + words + text[match.end() :]
    return _in_markup(text, random) if random.random() < 0.3 else text
