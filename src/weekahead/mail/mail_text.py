"""The text part of an edition: everything its HTML says, in lines of at most 72 columns, links numbered."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from weekahead.mail.edition import EditionPage, MailSlot
    from weekahead.theme.i18n import Translator

COLUMNS = 72
"""A line of a mail has at most 78 characters (RFC 5322, 2.1.1); quoted once or twice, 72 still fit."""

BLOCKS = name_set(
    "address article aside blockquote caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li ol p pre section summary table tbody td tfoot th thead tr ul"
)
_NOTE_MARK = re.compile("footnote-(back)?ref")


def to_mail_text(page: EditionPage, translator: Translator) -> str:
    """Return an edition as plain text. Addresses stand whole, however long they are."""
    say, issue, letter = translator.translate, page.issue, page.letter
    ways = [f"{say('read_online')}: {issue.address}", f"{say('unsubscribe')}: {page.way_out}"]
    day, write = translator.format_date(issue.date), _Writer().write
    parts = [
        _wrapped(issue.summary or ""),
        "\n".join(ways),
        f"{letter.title}\n{issue.label} · {day}",
        _underlined(issue.title, "="),
        "\n".join(_about(page, translator)),
        _labelled(say("research_note"), write(issue.note)),
        write(issue.body),
        _listed(
            say("corrections"), (f"{translator.format_date(made.date)}: {made.what}" for made in issue.corrections)
        ),
        write(issue.signoff),
        _listed(say("whats_next"), (_slot(slot, translator) for slot in page.upcoming)),
        _wrapped(f"{say('discuss')}: {issue.discussion}") if issue.discussion else "",
    ]
    signature = [
        write(page.footer),
        "\n".join(filter(None, [*ways, f"{say('archive')}: {letter.archive}", letter.copyright])),
    ]
    return f"{_paragraphs(parts)}\n\n-- \n{_paragraphs(signature)}\n"


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _about(page: EditionPage, translator: Translator) -> Iterator[str]:
    say, issue = translator.translate, page.issue
    if issue.authors:
        yield _wrapped(say("by", names=translator.join_list(issue.authors)))
    if issue.series:
        series = issue.series
        part = say("part_of", part=series.part, of=series.of) if series.of else say("part", part=series.part)
        yield _wrapped(f"{part} · {series.name}")
        yield series.address
    if issue.audio:
        facts = ", ".join(filter(None, (issue.audio.duration, issue.audio.size)))
        yield f"{say('listen')}{f' ({facts})' if facts else ''}:"
        yield issue.audio.address
    if issue.cover and issue.cover.alt:
        yield _wrapped(f"[{issue.cover.alt}]")


def _labelled(label: str, words: str) -> str:
    return f"{_underlined(label, '-')}\n\n{words}" if words else ""


def _listed(label: str, lines: Iterable[str]) -> str:
    items = [_wrapped(line, "- ", "  ") for line in lines]
    return "\n\n".join((_underlined(label, "-"), "\n".join(items))) if items else ""


def _slot(slot: MailSlot, translator: Translator) -> str:
    outcome = f" ({slot.outcome})" if slot.outcome else ""
    where = f" {slot.address}" if slot.address else ""
    return f"{slot.label}, {translator.format_date(slot.date, 'short')}: {slot.title}{outcome}{where}"


def _underlined(words: str, sign: str) -> str:
    lines = _wrapped(words)
    return f"{lines}\n{sign * min(COLUMNS, max(map(len, lines.split(chr(10)))))}"


def _wrapped(words: str, first: str = "", rest: str = "", columns: int = COLUMNS) -> str:
    """Return words in lines; a word that is longer than a line, such as an address, stays whole."""
    return "\n".join(
        textwrap.fill(
            " ".join(line.split()),
            columns,
            initial_indent=rest if number else first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, line in enumerate(words.strip().split("\n"))
    )


# -- the text of some HTML


class _Heading(str):
    """A block before which the addresses of the section above are listed."""


class _Writer:
    """Writes blocks one after the other, and below each section the addresses of its links."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._listed = 0
        self._columns = COLUMNS

    def write(self, html: str | None) -> str:
        """Return HTML as text. The numbers of links go on from text to text."""
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(f"<div>{html or ''}</div>", is_fragment=True)
        made: list[str] = []
        for block in self._blocks(tree.root) if tree.root else ():
            if isinstance(block, _Heading):
                made += self._addresses()
            made.append(block)
        return "\n\n".join(made + self._addresses())

    def _addresses(self) -> list[str]:
        fresh = [f"[{number}] {address}" for address, number in self._numbers.items() if number > self._listed]
        self._listed = len(self._numbers)
        return ["\n".join(fresh)] if fresh else []

    def _blocks(self, node: Any) -> Iterator[str]:
        """Yield the blocks within an element; what stands between blocks is a block."""
        inline: list[str] = []
        for child in node.iter(include_text=True):
            if child.tag not in BLOCKS:
                inline.append(self._inline(child))
                continue
            if words := _wrapped("".join(inline), columns=self._columns):
                yield words
            inline = []
            yield from _WRITERS.get(child.tag, _Writer._blocks)(self, child)
        if words := _wrapped("".join(inline), columns=self._columns):
            yield words

    def _within(self, node: Any, mark: str) -> list[str]:
        """Return the blocks within an element that stand behind a mark, in as many columns less."""
        self._columns -= len(mark)
        blocks = list(self._blocks(node))
        self._columns += len(mark)
        return blocks

    def _inline(self, node: Any) -> str:
        tag = node.tag or ""
        if tag == "-text":
            return re.sub(r"\s+", " ", node.text_content or "")
        if tag == "br":
            return "\n"
        if tag == "img":
            alt = node.attributes.get("alt") or ""
            return f"[{alt}]" if alt else ""
        words = "".join(map(self._inline, node.iter(include_text=True)))
        if tag == "a":
            return self._link(node, words)
        if tag == "sup":
            return f"^{words.strip()}" if words.strip() else ""
        return f'"{words}"' if tag == "q" else words

    def _link(self, node: Any, words: str) -> str:
        address = node.attributes.get("href") or ""
        if _NOTE_MARK.match(node.attributes.get("class") or ""):
            return "" if "back" in node.attributes["class"] else words
        if not address or address.startswith("#"):
            return words
        shown = words.strip()
        if shown in (address, address.removeprefix("mailto:"), address.removeprefix("https://")):
            return f" {address.removeprefix('mailto:')} " if len(address) > COLUMNS else address.removeprefix("mailto:")
        number = self._numbers.setdefault(address, len(self._numbers) + 1)
        return f"{words} [{number}]" if shown else f"[{number}]"

    # -- blocks

    def _heading(self, node: Any) -> Iterator[str]:
        words = "".join(map(self._inline, node.iter(include_text=True))).strip()
        if words:
            yield _Heading(_underlined(words, "=" if node.tag == "h1" else "-"))

    def _quotation(self, node: Any) -> Iterator[str]:
        lines = "\n\n".join(self._within(node, "> ")).split("\n")
        yield "\n".join(f"> {line}".rstrip() for line in lines)

    def _code(self, node: Any) -> Iterator[str]:
        yield "\n".join(f"    {line}".rstrip() for line in node.text().strip("\n").split("\n"))

    def _list(self, node: Any) -> Iterator[str]:
        start = node.attributes.get("start") or "1"
        number = int(start) if re.fullmatch(r"-?[0-9]{1,9}", start) else 1
        items, gap = [], "\n"
        for item in node.iter():
            mark = f"{number}. " if node.tag == "ol" else "- "
            number += 1
            is_loose = any(part.tag == "p" for part in item.iter())
            items.append(_behind(mark, ("\n\n" if is_loose else "\n").join(self._within(item, mark))))
            gap = "\n\n" if is_loose else gap
        yield gap.join(items)

    def _definition(self, node: Any) -> Iterator[str]:
        yield _behind("    ", "\n\n".join(self._within(node, "    ")))

    def _rule(self, node: Any) -> Iterator[str]:
        yield "* * *"

    def _table(self, node: Any) -> Iterator[str]:
        """Yield a table of data: in columns if they fit, else a paragraph a row that names each cell."""
        for caption in node.css("caption"):
            yield from self._blocks(caption)
        rows = [[self._cell(cell) for cell in row.css("th, td")] for row in node.css("tr")]
        rows = [row for row in rows if any(row)]
        widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
        if sum(widths) + 2 * len(widths) - 2 <= self._columns:
            yield "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
            return
        head = rows.pop(0) if node.css_first("th") else []
        for row in rows:
            named = (f"{name}: {cell}" if name else cell for name, cell in zip_longest(head, row, fillvalue="") if cell)
            yield "\n".join(_wrapped(line, "", "  ", self._columns) for line in named)

    def _cell(self, node: Any) -> str:
        return " ".join("".join(map(self._inline_all, node.iter(include_text=True))).split())

    def _inline_all(self, node: Any) -> str:
        """Return what a cell says in one line, also of blocks in it."""
        words = self._inline(node)
        return f"{words} " if node.tag in BLOCKS else words


def _behind(mark: str, block: str) -> str:
    """Return a block behind a mark, its other lines as far in."""
    first, *others = block.split("\n")
    return "\n".join((mark + first, *(" " * len(mark) + line if line else "" for line in others))).rstrip()


_WRITERS: dict[str, Callable[[_Writer, Any], Iterator[str]]] = {
    **{f"h{level}": _Writer._heading for level in range(1, 7)},
    "blockquote": _Writer._quotation,
    "pre": _Writer._code,
    "ul": _Writer._list,
    "ol": _Writer._list,
    "dd": _Writer._definition,
    "hr": _Writer._rule,
    "table": _Writer._table,
}
