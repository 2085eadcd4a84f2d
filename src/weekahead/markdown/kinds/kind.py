"""What the content kinds have in common: how their first lines are read, and what can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from html import escape
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from weekahead.markdown.block import Block
from weekahead.markdown.kinds.forms import Forms
from weekahead.markdown.tokens import Token
from weekahead.model.findings import TextFinding, nearest

if TYPE_CHECKING:
    from weekahead.markdown.tree import TreeWriter


class File(Struct, frozen=True):
    """A file that a text is made from, such as a table: its path from the letter's root, and what is in it."""

    path: str
    data: bytes


def is_table(name: str) -> bool:
    """Return whether a file is a table, by its name."""
    return name[-4:].lower() in (".csv", ".tsv")


def is_day(words: str) -> bool:
    """Return whether some words are a date like 2026-11-20."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", words)) and bool(date.fromisoformat(words))
    except ValueError:
        return False


def shown_day(words: str, say: Callable[..., str]) -> str:
    """Return a day as HTML in the letter's language; "" for words that are none."""
    return f'<time datetime="{escape(words)}">{say("date", day=words)}</time>' if is_day(words) else ""


class Check(Struct, frozen=True):
    """What the value of a key must be."""

    passes: Callable[[str], object] = lambda words: True
    name: str = ""
    hint: str = ""


ANYTHING = Check()
DAY = Check(is_day, "a date", "Write it like 2026-11-20.")
ADDRESS = Check(re.compile(r"https?://[^\s/]+\.[^\s]+$").match, "a web address", "Write it in full: https://...")

_KEY = re.compile(r"([A-Za-z][A-Za-z -]*?)[ \t]*:[ \t]+(.*?)[ \t]*")


class Kind(Forms):
    """A section of a text, between `/// name | title` and `///`. Lines count from 1 in the text."""

    names: ClassVar[tuple[str, ...]]
    looks = ""
    """The classes of its element."""
    keys: ClassVar[Mapping[str, Check]] = {}
    """What may stand in the lines below the first, as `key: value`."""
    needed: ClassVar[str] = ""
    """The key that it must have; it has no text then."""
    title_name: ClassVar[str] = ""
    """What its title is called, if it must have one."""
    number = 1
    """Its place among the sections of its kind in the text."""

    def __init__(self, name: str, title: str, line: int, files: Mapping[str, File], faults: list[TextFinding]) -> None:
        """`files` are those beside the text, by the names its author gave them; what is wrong is added to `faults`."""
        self.name, self.title, self.line = name, title, line
        self.files, self.faults = files, faults
        self.values: dict[str, tuple[str, int]] = {}
        """The value of each key, and its line."""

    def __getitem__(self, key: str) -> str:
        """Return the value of a key, or ""."""
        return self.values[key][0] if key in self.values else ""

    def html(self, writer: TreeWriter, block: Block) -> None:
        """Write the section, whose text is in `block`, as a page shows it."""
        writer.raw(f'<div class="{self.looks}">\n')
        writer.edit_tokens = self.edit
        writer.blocks(block.children)
        writer.edit_tokens = None
        writer.raw("</div>")

    def edit(self, tokens: list[Token], line: int) -> list[Token]:
        """Return other tokens for those of a paragraph that begins at a line."""
        return tokens

    def parse(self, lines: list[str]) -> int:
        """Read the keys at the beginning of the lines below the first. Return how many lines are not text."""
        at = 0
        while at < len(lines) and (
            self._read_key(lines[at], self.line + at + 1) or (self.needed and not lines[at].strip())
        ):
            at += 1
        is_empty = not any(words.strip() for words in lines[at:])
        if self.needed and not is_empty:
            hint = "End the block with a line /// before this one."
            self.fault(f'this line of "/// {self.name}" is neither a key nor empty', hint, self.line + at + 1)
        elif not self.needed and is_empty:
            self.fault(f'this "/// {self.name}" is empty', "Write its text above the line ///.", self.line)
        self._check()
        return len(lines) if self.needed else at

    def _read_key(self, words: str, line: int) -> bool:
        """Return whether a line is a key, or was meant to be one."""
        match = _KEY.fullmatch(words) if self.keys else None
        if match is None:
            return False
        name = match[1].lower()
        if name in self.keys:
            self.values[name] = match[2], line
        elif self.needed or get_close_matches(name, self.keys, 1, 0.75):
            self.fault(f'"{match[1]}" is not a key of "/// {self.name}"', nearest(name, self.keys), line)
        else:
            return False
        return True

    def _check(self) -> None:
        if self.title_name and not self.title:
            hint = f"Write the {self.title_name} after /// {self.name} |"
            self.fault(f"this {self.name} has no {self.title_name}", hint, self.line)
        if self.needed and self.needed not in self.values:
            hint = f"Add a line {self.needed}: ... below the first line."
            self.fault(f'this {self.name} has no "{self.needed}"', hint, self.line)
        for key, (words, line) in self.values.items():
            check = self.keys[key]
            if not check.passes(words):
                self.fault(f'"{words}" is not {check.name}', check.hint, line)

    def fault(self, message: str, hint: str, line: int) -> None:
        """Add what is wrong with this section."""
        self.faults.append(kind_fault(message, hint, line))


def kind_fault(message: str, hint: str, line: int) -> TextFinding:
    """Return what is wrong with a section."""
    return TextFinding(rule="kind", words="", message=message, hint=hint, line=line)
