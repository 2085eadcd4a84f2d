"""Write a document of blocks as the element tree that Python-Markdown's tree processors and serializer work on."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from weekahead.markdown.attribute_lists import LAST_IN_LINE, read_attributes
from weekahead.markdown.block import Block, TooDeep, note_key
from weekahead.markdown.code import highlighted
from weekahead.markdown.directions import direction_of, is_from_right
from weekahead.markdown.emphasis import Run
from weekahead.markdown.inline_parser import InlineParser
from weekahead.markdown.kinds.kind import Kind
from weekahead.markdown.serializer import RAW
from weekahead.markdown.tables import split_row
from weekahead.markdown.tokens import Token, plain_text
from weekahead.model.issue import is_mark

if TYPE_CHECKING:
    from weekahead.markdown.citations import Citations

MOST_MARKS = 100
"""Inline elements in one another."""
MOST_FILLED = 20_000
"""Empty cells that are added to short rows of tables; without a bound, a small text could make a page of any size."""

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


class TreeWriter:
    """Writes one document. `say(name, **values)` returns what stands for words of the site."""

    def __init__(
        self,
        inline: InlineParser,
        notes: dict[str, Block],
        say: Callable[..., str],
        polish: Callable[[list[Token]], list[Token]],
        tables: int = 0,
        language: str = "en",
        citations: Citations | None = None,
        bind: Callable[[list[Token], int], list[Token]] = lambda tokens, line: tokens,
    ) -> None:
        """`notes` are the footnotes by their labels; `polish` sets the marks of the letter's language in tokens. The first
        numbers belong to so many `tables` from files, which show them. `citations` are those of a text with a bibliography;
        `bind` makes other tokens of those of a paragraph that begins at a line, where they are numbers of tables."""
        self.say, self.citations = say, citations
        self.last_raw: xml.Element | None = None
        """The element of the HTML that was written last."""
        self._inline, self._notes = inline, notes
        self._polish, self._tables, self._from_right = polish, tables, is_from_right(language)
        self._filled, self._bind = 0, bind
        self._numbers: dict[str, list[int]] = {}
        """The number of each footnote that was referred to, and how often."""
        self._order: list[str] = []
        self._builder = xml.TreeBuilder()
        self.start, self.end, self.data = self._builder.start, self._builder.end, self._builder.data
        self.edit_tokens: Callable[[list[Token], int], list[Token]] | None = None
        """What a content kind makes of the tokens of each of its texts, and their line."""

    def write(self, document: Block) -> xml.Element:
        """Return the element of a document, with its footnotes at the end."""
        self.start("div", {})
        self.blocks(document.children)
        if self.citations:
            self.citations.write_rest(self)
        if self._numbers:
            self._write_notes()
        self.end("div")
        return self._builder.close()

    @property
    def unused_notes(self) -> list[Block]:
        """The footnotes that nothing refers to."""
        return [note for label, note in self._notes.items() if label not in self._numbers]

    # -- blocks

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Write blocks one after the other."""
        for block in blocks:
            if writer := _WRITERS.get(block.kind):
                writer(self, block)
                self.data("\n")

    def raw(self, html: str) -> None:
        """Write HTML as it is."""
        self.start(RAW, {})
        self.data(html)
        self.last_raw = self.end(RAW)

    def _write_paragraph(self, block: Block) -> None:
        if not block.lines:
            return
        text, attributes = self._split_attributes(block)
        tokens = self._inline.parse(text)
        if len(tokens) == 1 and _is_captioned(tokens[0]):
            self._write_figure(tokens[0], attributes)
            return
        self.start("p", direction_of(text, self._from_right) | attributes)
        self.tokens(tokens, block.line)
        self.end("p")

    def _split_attributes(self, block: Block) -> tuple[str, dict[str, str]]:
        """Return the text of a leaf, and the attributes that the braces at its end hold: in a line of their own, or behind
        the words of a heading."""
        text = "\n".join(block.lines).rstrip(" \t\n")
        if text.endswith("}") and (block.kind == "heading" or (len(block.lines) > 1 and block.lines[-1][0] == "{")):
            match = LAST_IN_LINE.search(text if block.kind == "heading" else block.lines[-1])
            if match:
                end = match.start() if block.kind == "heading" else len(text) - len(block.lines[-1].rstrip()) - 1
                return text[:end].rstrip(), read_attributes(match[1])
        return text, {}

    def _write_figure(self, image: Token, attributes: dict[str, str]) -> None:
        """Write a picture with a title, alone in a paragraph, as a figure with that title as its caption."""
        assert isinstance(image, tuple)
        picture = dict(image[1])
        caption = picture.pop("title")
        self.start("figure", attributes)
        self._write_whole("img", picture, "")
        self.start("figcaption", {})
        self.data(caption)
        self.end("figcaption")
        self.end("figure")

    def _write_heading(self, block: Block) -> None:
        text, attributes = self._split_attributes(block)
        tokens = self._inline.parse(text)
        attributes.setdefault("id", heading_id(plain_text(tokens)))
        tag = f"h{block.number}"
        self.start(tag, direction_of(text, self._from_right) | attributes)
        self.tokens(tokens, block.line)
        self.end(tag)

    def _write_code(self, block: Block) -> None:
        lines = block.lines
        if not block.marker:
            while lines and not lines[-1].strip(" \t"):
                lines = lines[:-1]
        self.raw(highlighted("".join(f"{line}\n" for line in lines), block.info))

    def _write_html(self, block: Block) -> None:
        self.raw("\n".join(block.lines))

    def _write_break(self, block: Block) -> None:
        self._write_whole("hr", {}, "")

    def _write_quote(self, block: Block) -> None:
        self.start("blockquote", {})
        self.data("\n")
        self.blocks(block.children)
        self.end("blockquote")

    def _write_section(self, block: Block) -> None:
        section = block.data
        assert isinstance(section, Kind)
        section.html(self, block)

    def _write_list(self, block: Block) -> None:
        loose = block.loose or any(item.loose for item in block.children)
        attributes: dict[str, str] = {}
        if block.number not in (-1, 1):
            attributes["start"] = str(block.number)
        tasks = [_task(item) for item in block.children]
        if any(tasks):
            attributes["class"] = "task-list"
        tag = "ol" if block.number >= 0 else "ul"
        self.start(tag, attributes)
        for item, task in zip(block.children, tasks, strict=True):
            self.data("\n")
            self._write_item("li", item, loose, task)
        self.data("\n")
        self.end(tag)

    def _write_item(self, tag: str, item: Block, loose: bool, task: str) -> None:
        """Write an item; the paragraphs of a tight list stand without elements of their own (5.3)."""
        attributes = direction_of(_first_line(item), self._from_right)
        self.start(tag, attributes | {"class": "task-list-item"} if task else attributes)
        if loose and item.children:
            self.data("\n")
        for place, block in enumerate(item.children):
            if block.kind != "paragraph":
                self.data("" if loose else "\n")
                self.blocks((block,))
                continue
            if not block.lines:
                continue
            text, attributes = self._split_attributes(block)
            tokens = self._inline.parse(text[4:].lstrip() if task and not place else text)
            if loose:
                self.start("p", direction_of(text, self._from_right) | attributes)
            if task and not place:
                checked = {"checked": ""} if task in ("x", "X") else {}
                self._write_whole("input", {"type": "checkbox", "disabled": "", **checked}, "")
                self.data(" ")
            self.tokens(tokens, block.line)
            if loose:
                self.end("p")
                self.data("\n")
        self.end(tag)

    def _write_terms(self, block: Block) -> None:
        self.start("dl", {})
        for child in block.children:
            self.data("\n")
            if child.kind == "term":
                self.start("dt", {})
                self.tokens(self._inline.parse(child.lines[0].rstrip()), child.line)
                self.end("dt")
            else:
                self._write_item("dd", child, child.loose, "")
        self.data("\n")
        self.end("dl")

    def _write_table(self, block: Block) -> None:
        """Write a table in a box that scrolls on its own (GFM 4.10)."""
        aligned = block.data
        assert isinstance(aligned, list)
        self._tables += 1
        label = self.say("table") if self._tables == 1 else self.say("table_number", number=self._tables)
        self.start("div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label})
        self.start("table", {})
        for number, line in enumerate(block.lines):
            if number < 2:
                self.data("\n")
                self.start("tbody" if number else "thead", {})
            self._write_row(line, aligned, "td" if number else "th", block.line + number + bool(number))
            if number in (0, len(block.lines) - 1):
                self.data("\n")
                self.end("tbody" if number else "thead")
        self.data("\n")
        self.end("table")
        self.end("div")

    def _write_row(self, line: str, aligned: list[str], tag: str, number: int) -> None:
        cells = [cell for cell, _ in split_row(line)]
        self.data("\n")
        self.start("tr", {})
        self._filled += max(0, len(aligned) - len(cells))
        if self._filled > MOST_FILLED:
            aligned = aligned[: len(cells)]
        for column, alignment in enumerate(aligned):
            text = cells[column].replace("\\|", "|") if column < len(cells) else ""
            name = tag if text or tag == "td" else "td"  # a heading without words heads nothing
            self.data("\n")
            direction = direction_of(text, self._from_right)
            self.start(name, direction | ({"class": f"align-{alignment}"} if alignment else {}))
            self.tokens(self._inline.parse(text), number)
            self.end(name)
        self.data("\n")
        self.end("tr")

    # -- footnotes

    def _write_note_mark(self, label: str) -> None:
        key = note_key(label)
        if key not in self._numbers:
            self._order.append(key)
        known = self._numbers.setdefault(key, [len(self._order), 0])
        known[1] += 1
        label = self._notes[key].info
        self.start("sup", {"id": f"fnref{known[1] if known[1] > 1 else ''}:{label}"})
        self.start("a", {"class": "footnote-ref", "href": f"#fn:{label}"})
        self.data(str(known[0]))
        self.end("a")
        self.end("sup")

    def _write_notes(self) -> None:
        self.start("div", {"class": "footnote"})
        self.data("\n")
        self._write_whole("hr", {}, "")
        self.data("\n")
        self.start("ol", {})
        self.data("\n")
        for number, label in enumerate(self._order, 1):  # which grows meanwhile: a note may refer to others
            self._write_note(self._notes[label], number, label)
        self.end("ol")
        self.data("\n")
        self.end("div")

    def _write_note(self, note: Block, number: int, key: str) -> None:
        self.start("li", {"id": f"fn:{note.info}"})
        self.data("\n")
        last = note.children[-1] if note.children else None
        is_text = last is not None and last.kind == "paragraph"
        self.blocks(note.children[:-1] if is_text else note.children)
        self.start("p", {})
        if is_text and last is not None:
            self.tokens(self._inline.parse("\n".join(last.lines).rstrip()), last.line)
            self.data("\u00a0")
        for mark in range(1, self._numbers[key][1] + 1):
            address, title = f"#fnref{mark if mark > 1 else ''}:{note.info}", self.say("back_to_note", number=number)
            self._write_whole("a", {"class": "footnote-backref", "href": address, "title": title}, "↩")
        self.end("p")
        self.data("\n")
        self.end("li")
        self.data("\n")

    # -- inline

    def text(self, text: str, line: int = 0) -> None:
        """Write Markdown without blocks."""
        self.tokens(self._inline.parse(text), line)

    def tokens(self, tokens: list[Token], line: int) -> None:
        """Write the tokens of a text. Raise TooDeep."""
        if self.edit_tokens is not None:
            tokens = self.edit_tokens(tokens, line)
        data, open_tags = self.data, list[str]()
        for token in self._polish(self._bind(tokens, line)):
            if isinstance(token, str):
                data(token)
            elif token is None:
                self.end(open_tags.pop())
            elif isinstance(token, Run):
                self._write_run(token, open_tags, line)
            elif len(token) == 2:
                open_tags.append(token[0])
                self.start(*token)
            elif token[0] == "cite" and self.citations:
                self.citations.write(self, token[1]["place"], in_link="a" in open_tags)
            else:
                self._write_whole(*token)

    def _write_run(self, run: Run, open_tags: list[str], line: int) -> None:
        for _ in range(run.ends):
            element = self.end(open_tags.pop())
        if run.attributes:
            if run.ends:
                element.attrib.update(read_attributes(run.attributes.strip("{:} ")))
            else:
                self.data(run.sign * run.count + run.attributes)
                run.count = 0
        if run.count:
            self.data(run.sign * run.count)
        for tag in reversed(run.starts):
            open_tags.append(tag)
            self.start(tag, {})
        if len(open_tags) > MOST_MARKS:
            raise TooDeep(line)

    def _write_whole(self, tag: str, attributes: dict[str, str], words: str) -> None:
        """Write an element that holds nothing but words."""
        if tag == "":
            self.data(words)
            return
        if tag == "note":
            self._write_note_mark(words)
            return
        if tag == "img":
            attributes = attributes | {"loading": "lazy", "decoding": "async"}
        self.start(tag, attributes)
        if words:
            self.data(words)
        self.end(tag)


def _is_captioned(token: Token) -> bool:
    return isinstance(token, tuple) and len(token) == 3 and token[0] == "img" and "title" in token[1]


def _task(item: Block) -> str:
    """Return the mark between the brackets of a task, or "" for an item that is none (GFM 5.3)."""
    match = _TASK.match(_first_line(item))
    return match[1] if match else ""


def _first_line(item: Block) -> str:
    """Return the first line of the paragraph that an item begins with, or ""."""
    first = item.children[0] if item.children else None
    return first.lines[0] if first is not None and first.kind == "paragraph" and first.lines else ""


@lru_cache(maxsize=1000)  # a letter has the same headings in each issue
def heading_id(words: str) -> str:
    """Return an id from a heading's words, as GitHub makes it: letters and marks of any script stay."""
    kept = "".join(
        sign for sign in words.strip().lower().replace("\n", " ") if sign in " -_" or sign.isalnum() or is_mark(sign)
    )
    return kept.replace(" ", "-") or "section"


_WRITERS: dict[str, Callable[[TreeWriter, Block], None]] = {
    "paragraph": TreeWriter._write_paragraph,
    "heading": TreeWriter._write_heading,
    "code": TreeWriter._write_code,
    "html": TreeWriter._write_html,
    "break": TreeWriter._write_break,
    "quote": TreeWriter._write_quote,
    "list": TreeWriter._write_list,
    "terms": TreeWriter._write_terms,
    "table": TreeWriter._write_table,
    "section": TreeWriter._write_section,
}
"""How each kind of block is written; a footnote is written where it belongs."""
