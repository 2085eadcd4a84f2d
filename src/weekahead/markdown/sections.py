"""Find the content kinds of a letter: blocks between `/// kind | Title` and `///`, each at the beginning of a line.

Below the first line stand the keys of the kind, then its text, which is Markdown like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

from msgspec import Struct

from weekahead.markdown.block import Block
from weekahead.model.findings import TextFinding, nearest

KINDS: Mapping[str, tuple[str, ...]] = {
    "note": (),
    "research note": (),
    "correction": (),
    "references": (),
    "links": (),
    "post": ("date", "address"),
    "video": ("address", "by", "length"),
    "table": ("file", "source", "as of", "re-run", "re-run as of", "change"),
}
"""Every kind, with the keys that may stand in its first lines."""

BARE = ("table", "video")
"""Kinds that are all keys, without a text of their own."""

_OPEN = re.compile(r"///[ \t]*([A-Za-z][A-Za-z -]*?)[ \t]*(?:\|[ \t]*(.*?)[ \t]*)?")
_KEY = re.compile(r"([A-Za-z][A-Za-z -]*?)[ \t]*:[ \t]+(.*?)[ \t]*")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


class Section(Struct, frozen=True):
    """The first lines of a content kind, as its author wrote them. Lines count from 1 in the text."""

    kind: str
    title: str
    keys: Mapping[str, tuple[str, int]]
    line: int

    def key(self, name: str) -> str:
        """Return the value of a key, or ""."""
        return self.keys[name][0] if name in self.keys else ""


class SectionFinder:
    """Opens the sections of one text for its block parser, and collects what is wrong with them."""

    def __init__(self, faults: list[TextFinding]) -> None:
        self._faults = faults
        self.sections: list[Section] = []

    def open(self, lines: list[str], at: int) -> tuple[Block, int] | None:
        """Return the section that begins at a line, by its index, and how many of the next lines are its keys."""
        opening = _OPEN.fullmatch(lines[at])
        if opening is None:
            return None
        kind = re.sub(r"[ -]+", " ", opening[1].lower())
        end = _end(lines, at)
        if kind in KINDS and not end:
            hint = "End it with a line ///."
            self._faults.append(_fault(f'"/// {opening[1]}" begins here but never ends', hint, at + 1))
        elif kind not in KINDS and end:
            self._faults.append(_fault(f'unknown kind "{opening[1]}"', nearest(kind, KINDS), at + 1))
        if kind not in KINDS or not end:
            return None
        section, keys = _read_section(kind, opening[2] or "", lines[at + 1 : end], at + 1, self._faults)
        self.sections.append(section)
        block = Block("section", at + 1)
        block.data = section
        return block, keys


def _end(lines: list[str], at: int) -> int:
    """Return the line that closes a section, before any other begins; 0 when there is none."""
    fence = ""
    for place in range(at + 1, len(lines)):
        line = lines[place]
        if (mark := _FENCE.match(line)) and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and line.rstrip() == "///":
            return place
        elif not fence and line.startswith("///") and _OPEN.fullmatch(line):
            return 0
    return 0


def _read_section(kind: str, title: str, lines: list[str], line: int, faults: list[TextFinding]) -> tuple[Section, int]:
    """Return a section, and how many of its lines are not text."""
    keys: dict[str, tuple[str, int]] = {}
    at = 0
    for at, words in enumerate(lines):
        found = _KEY.fullmatch(words)
        name = found[1].lower() if found else ""
        if found and name in KINDS[kind]:
            keys[name] = (found[2], line + at + 1)
        elif found and KINDS[kind] and (kind in BARE or get_close_matches(name, KINDS[kind], 1, 0.75)):
            message = f'"{found[1]}" is not a key of "/// {kind}"'
            faults.append(_fault(message, nearest(name, KINDS[kind]), line + at + 1))
        elif words.strip() or kind not in BARE:
            break
    else:
        at = len(lines)
    section = Section(kind, title, keys, line)
    faults += _text_faults(section, lines[at:], line + at + 1)
    faults += _key_faults(section)
    return section, len(lines) if kind in BARE else at


def _text_faults(section: Section, lines: list[str], line: int) -> list[TextFinding]:
    kind = section.kind
    is_empty = not any(words.strip() for words in lines)
    if kind in BARE and not is_empty:
        hint = "End the block with a line /// before this one."
        return [_fault(f'this line of "/// {kind}" is neither a key nor empty', hint, line)]
    if kind not in BARE and is_empty:
        return [_fault(f'this "/// {kind}" is empty', "Write its text above the line ///.", section.line)]
    return []


def _key_faults(section: Section) -> list[TextFinding]:
    kind, keys, faults = section.kind, section.keys, list[TextFinding]()
    if kind in (*BARE, "post") and not section.title:
        wanted = {"table": "caption", "post": "author", "video": "title"}[kind]
        faults.append(_fault(f"this {kind} has no {wanted}", f"Write the {wanted} after /// {kind} |", section.line))
    needed = {"table": "file", "video": "address"}.get(kind)
    if needed and needed not in keys:
        hint = f"Add a line {needed}: ... below the first line."
        faults.append(_fault(f'this {kind} has no "{needed}"', hint, section.line))
    for name, (words, place) in keys.items():
        if name == "address" and not re.match(r"https?://[^\s/]+\.[^\s]+$", words):
            faults.append(_fault(f'"{words}" is not a web address', "Write it in full: https://...", place))
        if name in ("date", "as of", "re-run as of") and not is_day(words):
            faults.append(_fault(f'"{words}" is not a date', "Write it like 2026-11-20.", place))
        if name == "change" and words not in ("percent", "difference"):
            faults.append(_fault(f'"change" cannot be "{words}"', "Write percent or difference.", place))
    return faults


def is_day(words: str) -> bool:
    """Return whether some words are a date like 2026-11-20."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", words)) and bool(date.fromisoformat(words))
    except ValueError:
        return False


def _fault(message: str, hint: str, line: int) -> TextFinding:
    return TextFinding(rule="kind", words="", message=message, hint=hint, line=line)


def files_named(text: str) -> tuple[str, ...]:
    """Return the files beside a text that its tables are made from, as the author wrote their names."""
    from weekahead.markdown.block_parser import BlockParser, TooDeep

    if "///" not in text:
        return ()
    finder = SectionFinder([])
    try:
        BlockParser(finder.open).parse(text)
    except TooDeep:
        return ()
    tables = [section for section in finder.sections if section.kind == "table"]
    names = [section.key(key) for section in tables for key in ("file", "re-run") if section.key(key)]
    return tuple(dict.fromkeys(names))
