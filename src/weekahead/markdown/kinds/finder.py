"""Find the content kinds of a letter: blocks between `/// kind | Title` and `///`, each at the beginning of a line.

Below the first line stand the keys of the kind, then its text, which is Markdown like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from weekahead.markdown.block import Block, TooDeep
from weekahead.markdown.block_parser import BlockParser
from weekahead.markdown.kinds import KINDS
from weekahead.markdown.kinds.kind import File, kind_fault
from weekahead.markdown.kinds.table import Table
from weekahead.model.findings import TextFinding, nearest

_OPEN = re.compile(r"///[ \t]*([A-Za-z][A-Za-z -]*?)[ \t]*(?:\|[ \t]*(.*?)[ \t]*)?")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


class SectionFinder:
    """Opens the sections of one text for its block parser, and collects what is wrong with them."""

    def __init__(self, files: Mapping[str, File], faults: list[TextFinding]) -> None:
        self._files, self._faults = files, faults
        self.tables: list[Table] = []

    def open(self, lines: list[str], at: int) -> tuple[Block, int] | None:
        """Return the section that begins at a line, by its index, and how many of the next lines are its keys."""
        opening = _OPEN.fullmatch(lines[at])
        if opening is None:
            return None
        name = re.sub(r"[ -]+", " ", opening[1].lower())
        end = section_end(lines, at)
        if name in KINDS and not end:
            hint = "End it with a line ///."
            self._faults.append(kind_fault(f'"/// {opening[1]}" begins here but never ends', hint, at + 1))
        elif name not in KINDS and end:
            self._faults.append(kind_fault(f'unknown kind "{opening[1]}"', nearest(name, KINDS), at + 1))
        if name not in KINDS or not end:
            return None
        section = KINDS[name](name, opening[2] or "", at + 1, self._files, self._faults)
        if isinstance(section, Table):
            self.tables.append(section)
            section.number = len(self.tables)
        block = Block("section", at + 1)
        block.data = section
        return block, section.parse(lines[at + 1 : end])


def section_end(lines: Sequence[str], at: int) -> int:
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


_CELL_LINK = re.compile(r"(?:\]\([ \t\n]*<?|\]:[ \t\n]*<?)([^<>()\n#?]+\.[cCtT][sS][vV])#[^\n]*?/")
"""A link that may lead to a cell of a table."""
_CITATION = re.compile(r"\[[^\[\]]*@[^\[\]]*\]|@\{|^///[ \t]*references\b", re.MULTILINE)


def may_cite(text: str) -> bool:
    """Return whether there may be a citation in a text, or a list of references; some that there are may be code."""
    return ("@" in text and bool(_CITATION.search(text))) or ("///" in text and bool(_CITATION.search(text)))


def files_named(text: str) -> tuple[str, ...]:
    """Return the files beside a text that it is made from, as the author wrote their names: those of tables and bound numbers."""
    bound = _CELL_LINK.findall(text) if "#" in text else []
    return tuple(dict.fromkeys([*_tables_named(text), *bound]))


def _tables_named(text: str) -> tuple[str, ...]:
    if "///" not in text:
        return ()
    finder = SectionFinder({}, [])
    try:
        BlockParser(finder.open).parse(text)
    except TooDeep:
        return ()
    names = [table[key] for table in finder.tables for key in ("file", "re-run") if table[key]]
    return tuple(dict.fromkeys(names))
