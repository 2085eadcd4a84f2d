"""A small honest reader of Markdown: where the words, headings, links and lists of a text stand, without converting it.

The converter tells what a text becomes; this tells where in the author's file each part of it stands, in thousandths of
the time. What is not for readers (code, comments, tags, addresses) is blanked, so that a rule that looks for words finds
words. Blanked or not, every character keeps its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

Span = tuple[int, int]
"""Where something begins and ends in the text, in characters."""


class LinkSpan(Struct, frozen=True, array_like=True):
    """An address in a text: the words that lead to it, and where both stand.

    `kind` is inline, reference, bare, angle (`<https://...>`), html, or definition, the line that gives a reference its
    address and is no link by itself.
    """

    kind: str
    address: str
    words: str
    start: int
    at: Span
    """Where the address stands."""
    is_picture: bool = False


class Heading(Struct, frozen=True, array_like=True):
    """A heading, its level from 1 to 6, and where its line begins and ends."""

    level: int
    words: str
    start: int
    end: int


class Item(Struct, frozen=True, array_like=True):
    """The first line of a list item: the columns before its marker, the marker, and where it stands."""

    indent: int
    marker: str
    start: int
    line: int


class ScannedMarkdown(Struct, frozen=True, kw_only=True):
    """A text and where its parts stand."""

    text: str
    words: str
    """The text with all but its words blanked."""
    bare: str
    """The text with code, comments and definitions blanked; marks of Markdown and tags stay."""
    lines: tuple[int, ...]
    """Where each line begins."""
    headings: tuple[Heading, ...]
    mentions: tuple[LinkSpan, ...]
    items: tuple[Item, ...]
    comments: tuple[Span, ...]
    undefined: tuple[tuple[int, str], ...]
    """References, and marks of footnotes, whose definition is nowhere: where, and the label."""
    open_fences: tuple[int, ...]
    open_links: tuple[int, ...]
    """Where the bracket stands of a link whose parenthesis never closes."""

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character, counted from 1."""
        line = bisect_right(self.lines, at)
        return line, at - self.lines[line - 1] + 1

    def line(self, number: int, *, bare: bool = False) -> str:
        """A line, counted from 1, without its end."""
        start = self.lines[number - 1]
        end = self.lines[number] - 1 if number < len(self.lines) else len(self.text)
        return (self.bare if bare else self.text)[start:end]

    def paragraphs(self) -> Iterator[Span]:
        """Stretches of lines that belong together, of the text without code: paragraphs, items, quotations, headings."""
        begins, at = -1, 0
        was_quoted = False
        for line in self.bare.split("\n"):
            words = line.strip()
            is_quoted = words.startswith(">")
            starts = bool(words) and (bool(_BEGINS.match(line)) or is_quoted != was_quoted)
            if begins >= 0 and (not words or starts):
                yield begins, at - 1
                begins = -1
            if words and begins < 0:
                begins = at
            was_quoted = is_quoted
            at += len(line) + 1
        if begins >= 0:
            yield begins, at - 1

    def sections(self) -> Iterator[tuple[Heading, Span]]:
        """Each heading, and where the text below it begins and ends: at the next of its level or above it."""
        for place, heading in enumerate(self.headings):
            after = (other.start for other in self.headings[place + 1 :] if other.level <= heading.level)
            yield heading, (heading.end, next(after, len(self.text)))


def scan_markdown(text: str) -> ScannedMarkdown:
    """Read a text. Every text can be read; what is not closed is taken for words."""
    fences, open_fences = _fences(text)
    bare = blanked(text, fences)
    comments = [found.span() for found in re.finditer(r"<!--.*?-->", bare, re.DOTALL)] if "<!--" in bare else []
    bare = blanked(bare, comments)
    bare = blanked(bare, _indented(bare))
    bare = blanked(bare, _raw(bare))
    bare = blanked(bare, _spans(bare))
    lines = (0, *(found.end() for found in re.finditer("\n", text)))
    definitions = list(_definitions(bare))
    labels = {label for label, _ in definitions}
    visible = blanked(bare, [(mention.start, mention.at[1]) for _, mention in definitions])
    found = _Links(visible, text, dict(definitions))
    marked = blanked(visible, found.addresses)
    tags = [tag.span() for tag in _TAG.finditer(marked)] if "<" in marked else []
    html = list(_html(marked, tags))
    plain = blanked(marked, tags)
    bare_links = list(_bare(plain))
    words = blanked(plain, [mention.at for mention in bare_links])
    notes = {note[1].lower() for note in re.finditer(r"(?m)^ {0,3}\[\^([^\]\n]+)\]:", bare)}
    inner = [(mention.start, mention.at[0]) for mention in found.mentions]
    undefined = [
        (at, label)
        for at, label in found.undefined
        if label not in labels and not any(start < at < end for start, end in inner)
    ]
    undefined += [
        (note.start(), note[0][1:-1])
        for note in re.finditer(r"\[\^([^\]\s]+)\](?!:)", bare)
        if note[1].lower() not in notes
    ]
    return ScannedMarkdown(
        text=text,
        words=words,
        bare=bare,
        lines=lines,
        headings=tuple(_headings(visible)),
        mentions=tuple(
            sorted(
                [*found.mentions, *html, *bare_links, *(mention for _, mention in definitions)],
                key=lambda mention: mention.start,
            )
        ),
        items=tuple(_items(bare, lines)),
        comments=tuple(comments),
        undefined=tuple(sorted(undefined)),
        open_fences=tuple(open_fences),
        open_links=tuple(found.open),
    )


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces in place of what stands in some spans; line ends stay."""
    out, end = [], 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        start = max(start, end)
        out.append(text[end:start])
        inside = text[start:stop]
        out.append("\n".join(" " * len(line) for line in inside.split("\n")))
        end = stop
    return "".join([*out, text[end:]]) if out else text


# -- code

_FENCE = re.compile(r"(?m)^((?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])[ \t]?)*[ \t]*)(`{3,}|~{3,})([^\n]*)$")


def _fences(text: str) -> tuple[list[Span], list[int]]:
    """Blocks of code between fences, with the fences; and the fences that never close."""
    if "```" not in text and "~~~" not in text:
        return [], []
    marks = [mark for mark in _FENCE.finditer(text) if not (mark[2][0] == "`" and "`" in mark[3])]
    blocks, left, opening = [], [], None
    for mark in marks:
        if opening is None:
            opening = mark
        elif mark[2][0] == opening[2][0] and len(mark[2]) >= len(opening[2]) and not mark[3].strip():
            blocks.append((opening.start(2), mark.end()))
            opening = None
    if opening is not None:
        left.append(opening.start(2))
    return blocks, left


def _indented(text: str) -> list[Span]:
    """Lines of code by indentation alone: after an empty line, by four columns, and in no list."""
    if "\n    " not in text and "\n\t" not in text and not text.startswith(("    ", "\t")):
        return []
    spans: list[Span] = []
    at, after_gap, in_list, in_code = 0, True, False, False
    for line in text.split("\n"):
        words = line.strip()
        if not words:
            after_gap = True
        else:
            is_deep = line.startswith(("    ", "\t"))
            if is_deep and not in_list and (after_gap or in_code):
                spans.append((at, at + len(line)))
                in_code = True
            else:
                in_code = False
                if _ITEM.match(line) or re.match(r" {0,3}(\[\^[^\]]+\]|:[ \t])", line):
                    in_list = True
                elif not line.startswith((" ", "\t")) and after_gap:
                    in_list = False
            after_gap = False
        at += len(line) + 1
    return spans


def _raw(text: str) -> list[Span]:
    """Raw HTML whose content is not prose."""
    if "<" not in text:
        return []
    return [
        found.span() for found in re.finditer(r"(?is)<(pre|script|style|textarea|code|svg)\b[^>]*>.*?</\1\s*>", text)
    ]


_BREAK = r"\n[ \t]*(?:\n|[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t])"
"""What ends a paragraph: an empty line, an item, a heading."""
_BEGINS = re.compile(r"[ \t]*(?:[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t])")
_SPAN = re.compile(rf"(?<![`\\])(`+)(?!`)((?:(?!{_BREAK})[^`]|(?!\1(?!`))`+)+?)(?<!`)\1(?!`)")


def _spans(text: str) -> list[Span]:
    """Code within lines, with its marks."""
    return [found.span() for found in _SPAN.finditer(text)] if "`" in text else []


# -- links

_DEFINITION = re.compile(r"(?m)^ {0,3}\[(?!\^)([^\]\n]+)\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<]\S*)([^\n]*)$")
_DESTINATION = re.compile(
    r"\(\s*(<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]*\))*\))*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n")
_TAG = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>|<(?:https?://|mailto:)[^<>\s]+>")
_ATTRIBUTE = re.compile(r"(?i)\s(href|src)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_ADDRESS = re.compile(r"https?://[^\s<>\"`]+")
_PUNCTUATION = "?!.,:;*_~'’”»…"


def _label(words: str) -> str:
    return " ".join(words.lower().split())


def _definitions(text: str) -> Iterator[tuple[str, LinkSpan]]:
    if "]:" not in text:
        return
    for found in _DEFINITION.finditer(text):
        address = found[2].strip("<>")
        inner = found[2].startswith("<")
        at = (found.start(2) + inner, found.start(2) + inner + len(address))
        yield _label(found[1]), LinkSpan("definition", address, found[1], found.start(), at)


class _Links:
    """One pass over the brackets of a text. Links in brackets of others (a picture that leads somewhere) are found too."""

    def __init__(self, text: str, source: str, definitions: dict[str, LinkSpan]) -> None:
        self.mentions: list[LinkSpan] = []
        self.addresses: list[Span] = []
        self.undefined: list[tuple[int, str]] = []
        self.open: list[int] = []
        self.text, self.source, self.definitions = text, source, definitions
        waiting: list[int] = []
        for mark in _BRACKET.finditer(text):
            if mark[0] == "[":
                waiting.append(mark.start())
            elif mark[0] == "]":
                if waiting:
                    self.close(waiting.pop(), mark.start())
            elif mark[0].startswith("\n"):
                waiting.clear()

    def close(self, start: int, end: int) -> None:
        text = self.text
        picture = text[start - 1 : start] == "!" and text[start - 2 : start - 1] != "\\"
        begins = start - picture
        label = self.source[start + 1 : end]
        after = text[end + 1 : end + 2]
        if after == "(":
            found = _DESTINATION.match(text, end + 1)
            if found:
                address = found[1].strip("<>")
                at = found.start(1) + found[1].startswith("<")
                self.mentions.append(LinkSpan("inline", address, label, begins, (at, at + len(address)), picture))
                self.addresses.append((end + 1, found.end()))
            elif re.match(r"\(\s*<?(https?://|www\.|mailto:)", text[end + 1 : end + 20]):
                self.open.append(start)
        elif after == "[" and not label.startswith("^"):
            close = text.find("]", end + 2)
            name = text[end + 2 : close] if close >= 0 else "\n\n"
            if "\n\n" in name or "[" in name or len(name) > 300:
                return
            wanted = _label(name or label)
            if known := self.definitions.get(wanted):
                self.mentions.append(LinkSpan("reference", known.address, label, begins, known.at, picture))
                self.addresses.append((end + 1, close + 1))
            elif label.strip() and not name.startswith("^") and not re.match(r"\(|\s?\[", text[close + 1 : close + 3]):
                self.undefined.append((begins, wanted))
        elif known := self.definitions.get(_label(label)):
            self.mentions.append(LinkSpan("reference", known.address, label, begins, known.at, picture))


def _html(text: str, tags: list[Span]) -> Iterator[LinkSpan]:
    for start, end in tags:
        tag = text[start:end]
        if re.match(r"<(https?:|mailto:)", tag):
            yield LinkSpan("angle", tag[1:-1], tag[1:-1], start, (start + 1, end - 1))
            continue
        name = tag[1:].split()[0].strip("/>").lower()
        if name not in ("a", "img"):
            continue
        for found in _ATTRIBUTE.finditer(tag):
            address = found[2].strip("\"'")
            at = start + found.start(2) + (found[2][0] in "\"'")
            if (name == "a") == (found[1].lower() == "href"):
                yield LinkSpan("html", address, tag, start, (at, at + len(address)), name == "img")


def _bare(text: str) -> Iterator[LinkSpan]:
    """Addresses that stand by themselves, to the next space; what is glued to them is the author's to see."""
    if "://" not in text:
        return
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_PUNCTUATION)
        while address.endswith((")", "]")) and address.count(address[-1]) > address.count(
            "(["[")]".index(address[-1])]
        ):
            address = address[:-1].rstrip(_PUNCTUATION)
        yield LinkSpan("bare", address, address, found.start(), (found.start(), found.start() + len(address)))


# -- blocks

_ITEM = re.compile(r"( *)([-+*]|\d{1,9}[.)])(?=[ \t]+\S)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ATX = re.compile(r" {0,3}(#{1,6})(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$")


def _headings(text: str) -> Iterator[Heading]:
    at, before, before_at = 0, "", 0
    for line in text.split("\n"):
        end = at + len(line)
        if found := _ATX.match(line):
            if found[2]:
                yield Heading(len(found[1]), found[2], at, end)
            before = ""
        elif before and re.fullmatch(r" {0,3}(=+|-{2,})[ \t]*", line):
            yield Heading(1 if "=" in line else 2, before.strip(), before_at, end)
            before = ""
        else:
            is_text = line.strip() and not _ITEM.match(line) and not line.startswith((">", "    ", "|", "<"))
            before, before_at = (line, at) if is_text and "|" not in line else ("", at)
        at = end + 1


def _items(text: str, lines: tuple[int, ...]) -> Iterator[Item]:
    for number, line in enumerate(text.split("\n"), 1):
        line = line.expandtabs(4)
        found = _ITEM.match(line)
        if found and not _RULE.match(line):
            yield Item(len(found[1]), found[2], lines[number - 1], number)
