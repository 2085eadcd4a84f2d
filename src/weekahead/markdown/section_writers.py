"""Write each content kind as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from msgspec import Struct

from weekahead.markdown.block import Block
from weekahead.markdown.csv_table import Sheet, compared, mismatches, sheet, shown
from weekahead.markdown.inline_parser import Token
from weekahead.markdown.references import link_names
from weekahead.markdown.sections import Section, is_day
from weekahead.markdown.tree import TreeWriter
from weekahead.model.findings import TextFinding


class File(Struct, frozen=True):
    """A file that a table is made from: its path from the letter's root, and what is in it."""

    path: str
    data: bytes


class SectionWriter:
    """Writes the sections of one text, with the `files` that its tables are made from, by the author's names."""

    def __init__(self, files: Mapping[str, File], faults: list[TextFinding]) -> None:
        self._files, self._faults = files, faults
        self._tables = 0

    def write(self, writer: TreeWriter, block: Block) -> None:
        """Write a section."""
        section = block.data
        assert isinstance(section, Section)
        _WRITERS[section.kind](self, writer, section, block)

    def _write_note(self, writer: TreeWriter, section: Section, block: Block) -> None:
        name = section.kind.replace(" ", "_")
        looks = "note correction" if name == "correction" else "note"
        writer.start("div", {"class": looks, "role": "note"})
        writer.label("" if name == "note" and section.title else writer.say(name), section.title)
        writer.blocks(block.children)
        writer.end("div")

    def _write_references(self, writer: TreeWriter, section: Section, block: Block) -> None:
        writer.start("div", {"class": "references"})
        self._write_edited(writer, block, lambda tokens, line: link_names(tokens, line, self._faults))
        writer.end("div")

    def _write_links(self, writer: TreeWriter, section: Section, block: Block) -> None:
        writer.start("div", {"class": "commented"})
        self._write_edited(writer, block, lambda tokens, line: _with_comment(tokens))
        writer.end("div")

    def _write_edited(self, writer: TreeWriter, block: Block, edit: Callable[[list[Token], int], list[Token]]) -> None:
        writer.data("\n")
        writer.edit_tokens = edit
        writer.blocks(block.children)
        writer.edit_tokens = None

    def _write_post(self, writer: TreeWriter, section: Section, block: Block) -> None:
        address, day = section.key("address"), section.key("date")
        shown = _day(day, writer.say) if is_day(day) else ""
        link = f'<a href="{escape(address)}">'
        writer.raw('<figure class="post"><blockquote>\n')
        writer.blocks(block.children)
        writer.raw("</blockquote><figcaption>— " + (link if address and not shown else ""))
        writer.text(section.title, section.line)
        writer.raw("</a>" if address and not shown else "")
        if shown:
            writer.raw(f", {link}{shown}</a>" if address else f", {shown}")
        writer.raw("</figcaption></figure>")

    def _write_video(self, writer: TreeWriter, section: Section, block: Block) -> None:
        writer.raw(f'<figure class="video"><p><a href="{escape(section.key("address"))}">')
        writer.text(section.title, section.line)
        writer.raw(f"</a></p><figcaption>{writer.say('video')}")
        if by := section.key("by"):
            writer.raw(" · ")
            writer.text(by, section.line)
        length = section.key("length")
        writer.raw((f" · {escape(length)}" if length else "") + "</figcaption></figure>")

    def _write_table(self, writer: TreeWriter, section: Section, block: Block) -> None:
        self._tables += 1
        first, again = self._sheets(section)
        if first is None:
            return
        say, label = writer.say, writer.say("table_number", number=self._tables)
        rows = self._rows(section, first, again, writer)
        wide = ' class="wide"' if rows.partition("</thead>")[0].count("<th") > 8 else ""
        writer.raw(
            f'<figure class="data" id="table-{self._tables}">'
            f'<div class="table" role="region" tabindex="0" aria-label="{label}">\n'
            f"<table{wide}><caption><strong>{label}.</strong> "
        )
        writer.text(section.title, section.line)
        writer.raw(f"</caption>\n{rows}</table></div>\n<figcaption>")
        separator = ""
        if source := section.key("source"):
            writer.raw(f"{say('source')}: ")
            writer.text(source, section.keys["source"][1])
            separator = " · "
        for name, words in self._about(section, again, writer):
            writer.raw(f"{separator}{say(name)}: {words}")
            separator = " · "
        writer.raw("</figcaption></figure>")

    def _about(self, section: Section, again: Sheet | None, writer: TreeWriter) -> list[tuple[str, str]]:
        """Return what stands below a table: the name of a sentence of the site, and the HTML behind it."""
        days = [section.key(key) if is_day(section.key(key)) else "" for key in ("as of", "re-run as of")]
        names = [section.key(key) for key in ("file", "re-run") if section.key(key)]
        files = ", ".join(f'<a href="{escape(name)}">{escape(name.rpartition("/")[2])}</a>' for name in names)
        about = [
            ("as_of", _day(days[0], writer.say) if days[0] else ""),
            ("re_run", _day(days[1], writer.say) if again and days[1] else ""),
            ("data_file", files),
        ]
        return [(name, words) for name, words in about if words]

    def _rows(self, section: Section, first: Sheet, again: Sheet | None, writer: TreeWriter) -> str:
        if again is None:
            return shown(first)
        labels = []
        for key, name in (("as of", "first_run"), ("re-run as of", "re_run")):
            day = section.key(key)
            labels.append(writer.say("date", day=day) if is_day(day) else writer.say(name))
        percent = {"percent": True, "difference": False}.get(section.key("change"))
        return compared(first, again, (labels[0], labels[1]), percent, writer.say)

    def _sheets(self, section: Section) -> tuple[Sheet | None, Sheet | None]:
        found: dict[str, Sheet | None] = {"file": None, "re-run": None}
        for key in found:
            name, line = section.keys.get(key, ("", 0))
            if name in self._files:
                found[key] = sheet(self._files[name].path, self._files[name].data, self._faults)
            elif name:
                message = f'there is no file "{name}" next to this text'
                hint = "Put it into the same folder, and check capital letters. Tables work in bodies, not in front matter."
                self._faults.append(TextFinding(rule="file-missing", words=name, message=message, hint=hint, line=line))
        first, again = found["file"], found["re-run"]
        if first and again and (wrong := mismatches(first, again)):
            self._faults += wrong
            again = None
        return first, again


def _day(words: str, say: Callable[..., str]) -> str:
    return f'<time datetime="{escape(words)}">{say("date", day=words)}</time>'


_COMMENT = re.compile(r"(?:[ ]*[:–—]|[ ]+-+)[ ]+(?=\S)|(?:[ ]*[:–—]|[ ]+-+)[ ]+$")


def _with_comment(tokens: list[Token]) -> list[Token]:
    """Put a line break in place of the colon or dash behind a link that a text begins with."""
    first = tokens[0] if tokens else None
    if not isinstance(first, tuple) or first[0] != "a":
        return tokens
    end = tokens.index(None) if len(first) == 2 else 0
    rest = end + 1
    words = ""
    while rest < len(tokens) and isinstance(tokens[rest], str):
        words += str(tokens[rest])
        rest += 1
    match = _COMMENT.match(words)
    if match is None:
        return tokens
    return [*tokens[: end + 1], ("br", {}, ""), words[match.end() :], *tokens[rest:]]


_WRITERS: dict[str, Callable[[SectionWriter, TreeWriter, Section, Block], None]] = {
    "note": SectionWriter._write_note,
    "research note": SectionWriter._write_note,
    "correction": SectionWriter._write_note,
    "references": SectionWriter._write_references,
    "links": SectionWriter._write_links,
    "post": SectionWriter._write_post,
    "video": SectionWriter._write_video,
    "table": SectionWriter._write_table,
}
