"""The text of an issue as Markdown that any system shows: our kinds written out, and links led to where they go.

What was replaced is kept beside it, so that the text is its author's again for whoever has both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from weekahead.exporters.tables import Grid, to_markdown
from weekahead.lint.scanner import scan_markdown
from weekahead.markdown.block import Block, TooDeep
from weekahead.markdown.block_parser import BlockParser
from weekahead.markdown.kinds.finder import SectionFinder, section_end
from weekahead.markdown.kinds.kind import Kind
from weekahead.markdown.kinds.note import Alert
from weekahead.markdown.kinds.references import names_in
from weekahead.source.plain_folder import Change, is_read_as_is
from weekahead.theme.i18n import Translator

Span = tuple[int, int]


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a text needs to be written out: where its links lead, its tables, the letter's words."""

    addresses: Mapping[str, str]
    tables: Sequence[tuple[Grid, str]]
    translator: Translator
    maths: bool


def write_out(text: str, around: Surroundings) -> tuple[str, tuple[Change, ...]]:
    """Return a text without what is ours alone, and what was changed; the text itself where nothing would be left of it."""
    edits = dict(_sections(text, around))
    inside = sorted(edits)
    for span, address in _links(text, around):
        if not any(start <= span[0] < end for start, end in inside):
            edits[span] = address
    parts, changes, done, length = [], [], 0, 0
    for (start, end), words in sorted(edits.items()):
        parts += [text[done:start], words]
        length += start - done
        changes.append(Change(length, len(words), text[start:end]))
        done, length = end, length + len(words)
    whole = "".join([*parts, text[done:]])
    return (whole, tuple(changes)) if is_read_as_is(whole) else (text, ())


# -- links


def _links(text: str, around: Surroundings) -> Iterator[tuple[Span, str]]:
    """Yield where addresses stand that lead elsewhere from now on, and where to."""
    for link in scan_markdown(text, maths=around.maths).links:
        address = around.addresses.get(link.target, link.address)
        if address != link.address and text[slice(*link.address_span)] == link.address:
            yield link.address_span, address


def _with_links(text: str, around: Surroundings) -> str:
    for (start, end), address in sorted(dict(_links(text, around)).items(), reverse=True):
        text = text[:start] + address + text[end:]
    return text


# -- kinds


def _sections(text: str, around: Surroundings) -> Iterator[tuple[Span, str]]:
    """Yield where each content kind of a text stands, and what it is without us."""
    if "///" not in text:
        return
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for block, kind in _section_blocks(text, around.maths):
        first = block.line - 1
        end = section_end(lines, first)
        inner = "\n".join(lines[first + 1 + block.number : end]).strip("\n")
        words = _written(kind, inner, around).strip()
        before = "\n" if first and lines[first - 1].strip() else ""  # else it would go on with what stands there
        after = "\n" if end + 1 < len(lines) and lines[end + 1].strip() else ""
        yield (starts[first], starts[end + 1] - 1), f"{before}{words}{after}"


def _section_blocks(text: str, maths: bool) -> Iterator[tuple[Block, Kind]]:
    try:
        document = BlockParser(SectionFinder({}, []).open, maths=maths).parse(text)
    except TooDeep:
        return
    for block in document.children:
        if block.kind == "section" and isinstance(block.data, Kind) and not isinstance(block.data, Alert):
            yield block, block.data


def _written(kind: Kind, inner: str, around: Surroundings) -> str:
    inner = _with_links(inner, around)
    title = _with_links(kind.title, around)
    match kind.name:
        case "links":
            return inner
        case "references":
            return _with_sources(inner, around.maths)
        case "post":
            return f"{_quoted(inner)}\n>\n> — {_said_by(kind, title, around)}"
        case "video":
            about = " · ".join(filter(None, (around.translator.translate("video"), kind["by"], kind["length"])))
            return f"[{title}]({kind['address']})\n\n{_with_links(about, around)}"
        case "table":
            return _table(kind, title, around)
    words = "" if kind.name == "note" and title else around.translator.translate(kind.name.replace(" ", "_"))
    label = " · ".join(filter(None, (words, title)))
    return _quoted(f"**{label}**\n\n{inner}".strip())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _said_by(kind: Kind, title: str, around: Surroundings) -> str:
    day = around.translator.format_date(date.fromisoformat(kind["date"])) if kind["date"] else ""
    address = kind["address"]
    if not address:
        return ", ".join(filter(None, (title, day)))
    return f"{title}, [{day}]({address})" if day else f"[{title}]({address})"


def _with_sources(text: str, maths: bool) -> str:
    """Return a text in which a DOI, an arXiv id or an ISBN is a link."""
    scanned = scan_markdown(text, maths=maths)
    prose = scanned.prose
    for link in scanned.links:
        prose = prose[: link.start] + " " * (link.end - link.start) + prose[link.end :]
    for named in reversed([*names_in(prose)]):
        if named.address:
            text = f"{text[: named.start]}[{text[named.start : named.end]}]({named.address}){text[named.end :]}"
    return text


def _table(kind: Kind, title: str, around: Surroundings) -> str:
    if not 0 < kind.number <= len(around.tables):  # its file has faults
        return f"**{title}**"
    grid, below = around.tables[kind.number - 1]
    label = around.translator.translate("table_number", number=kind.number)
    return f"**{label}.** {title}\n\n{to_markdown(grid)}\n\n{below}".rstrip()


ENGINES = re.compile(r"\{\{|\{%|\{#")
"""What other systems would take for a template."""
