"""The kinds of content a letter has beyond plain Markdown: notes, references, tables from files, posts, videos, links.

A kind is a block between `/// kind | Title` and `///`, each at the beginning of a line (the fences of pymdown's blocks).
Blocks are cut into pieces of Markdown with comments between them before the conversion, and the HTML around the pieces is
put in for the comments after it. So a converter knows nothing of kinds, and notes and links work across them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from html import escape

from msgspec import Struct

from weekahead.markdown.csv_table import Say, Sheet, compared, mismatches, sheet, shown
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


class Block(Struct, frozen=True):
    """A block as its author wrote it. Lines count from 1 in the text."""

    kind: str
    title: str
    keys: Mapping[str, tuple[str, int]]
    text: str
    line: int

    def key(self, name: str) -> str:
        return self.keys[name][0] if name in self.keys else ""


class File(Struct, frozen=True):
    """A file that a table is made from: its path from the letter's root, and what is in it."""

    path: str
    data: bytes


def files_named(text: str) -> tuple[str, ...]:
    """The files beside a text that its tables are made from, as the author wrote their names."""
    names = [
        block.key(key) for block in _cut(text, []) if isinstance(block, Block) for key in ("file", "re-run")
        if block.kind == "table" and block.key(key)
    ]  # fmt: skip
    return tuple(dict.fromkeys(names))


# -- finding blocks


def _cut(text: str, faults: list[TextFinding]) -> list[str | Block]:
    """A text as its blocks and what stands between them. Code between fences is never a block."""
    if "///" not in text:
        return [text]
    found: list[str | Block] = []
    lines, between, at, fence = text.split("\n"), list[str](), 0, ""
    while at < len(lines):
        line = lines[at]
        opening = None if fence else _OPEN.fullmatch(line)
        if (mark := _FENCE.match(line)) and (
            not fence or (mark[1].startswith(fence) and not line[mark.end() :].strip())
        ):
            fence = "" if fence else mark[1]
        end = _end(lines, at) if opening else 0
        kind = re.sub(r"[ -]+", " ", opening[1].lower()) if opening else ""
        if opening and kind in KINDS and not end:
            hint = "End it with a line ///."
            faults.append(_fault(f'"/// {opening[1]}" begins here but never ends', hint, at + 1))
        elif opening and kind not in KINDS and end:
            faults.append(_fault(f'unknown kind "{opening[1]}"', nearest(kind, KINDS), at + 1))
        if opening and kind in KINDS and end:
            found += ["\n".join(between), _block(kind, opening[2] or "", lines[at + 1 : end], at + 1, faults)]
            between, at = [], end
        else:
            between.append(line)
        at += 1
    return [*found, "\n".join(between)]


def _end(lines: list[str], at: int) -> int:
    """The line that closes a block, before any other begins; 0 when there is none."""
    fence = ""
    for place in range(at + 1, len(lines)):
        line = lines[place]
        if (mark := _FENCE.match(line)) and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and line.rstrip() == "///":
            return place
        elif not fence and line.startswith("///") and (opening := _OPEN.fullmatch(line)) and opening[1]:
            return 0
    return 0


def _block(kind: str, title: str, lines: list[str], line: int, faults: list[TextFinding]) -> Block:
    keys: dict[str, tuple[str, int]] = {}
    at = 0
    for at, words in enumerate(lines):
        found = _KEY.fullmatch(words)
        name = found[1].lower() if found else ""
        if found and name in KINDS[kind]:
            keys[name] = (found[2], line + at + 1)
        elif found and KINDS[kind] and (kind in BARE or get_close_matches(name, KINDS[kind], 1, 0.75)):
            faults.append(
                _fault(f'"{found[1]}" is not a key of "/// {kind}"', nearest(name, KINDS[kind]), line + at + 1)
            )
        elif words.strip() or kind not in BARE:
            break
    else:
        at = len(lines)
    text = "\n".join(lines[at:])
    if kind in BARE and text.strip():
        hint = "End the block with a line /// before this one."
        faults.append(_fault(f'this line of "/// {kind}" is neither a key nor empty', hint, line + at + 1))
    elif kind not in BARE and not text.strip():
        faults.append(_fault(f'this "/// {kind}" is empty', "Write its text above the line ///.", line))
    if kind in (*BARE, "post") and not title:
        wanted = {"table": "caption", "post": "author", "video": "title"}[kind]
        faults.append(_fault(f"this {kind} has no {wanted}", f"Write the {wanted} after /// {kind} |", line))
    needed = {"table": "file", "video": "address"}.get(kind)
    if needed and needed not in keys:
        faults.append(_fault(f'this {kind} has no "{needed}"', f"Add a line {needed}: ... below the first line.", line))
    for name, (words, place) in keys.items():
        if name == "address" and not re.match(r"https?://[^\s/]+\.[^\s]+$", words):
            faults.append(_fault(f'"{words}" is not a web address', "Write it in full: https://...", place))
        if name in ("date", "as of", "re-run as of") and not _is_day(words):
            faults.append(_fault(f'"{words}" is not a date', "Write it like 2026-11-20.", place))
        if name == "change" and words not in ("percent", "difference"):
            faults.append(_fault(f'"change" cannot be "{words}"', "Write percent or difference.", place))
    return Block(kind, title, keys, text, line)


def _is_day(words: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", words)) and bool(date.fromisoformat(words))
    except ValueError:
        return False


def _fault(message: str, hint: str, line: int) -> TextFinding:
    return TextFinding(rule="kind", words="", message=message, hint=hint, line=line)


# -- before and after the conversion


class Kinds:
    """The blocks of one text. `markdown` is the text to convert; `html` puts the blocks around what became of it."""

    def __init__(self, text: str, files: Mapping[str, File], faults: list[TextFinding]) -> None:
        self.markdown = text
        self.pieces: list[Callable[[list[str], Say], str]] = []
        self.marks: list[int] = []
        self.tables = 0
        """Tables from files, which are numbered."""
        self._faults = faults
        cut = _cut(text, faults)
        if len(cut) == 1:
            return
        self.mark = "wa-kind-"
        while self.mark in text:
            self.mark += "x-"
        written: list[str] = []
        self.lines: list[int] = []
        for part in cut:
            if isinstance(part, str):
                written.append(part)
                continue
            self.tables += part.kind == "table"
            slots, frame = _framed(part, files, self.tables, faults)
            written.append("\n" + "".join(f"\n{self._next(part)}\n\n{slot}\n" for slot in slots))
            written.append(f"\n{self._next(part)}\n")
            self.pieces.append(frame)
            self.marks.append(len(slots))
        self.markdown = "\n".join(written)

    def _next(self, block: Block) -> str:
        self.lines.append(block.line)
        return f"<!--{self.mark}{len(self.lines) - 1}-->"

    def html(self, html: str, say: Say) -> str:
        """The HTML with each block around its pieces. `say(key, ...)` gives what stands for words of the site."""
        if not self.pieces:
            return html
        cut = re.split(rf"<!--{self.mark}(\d+)-->", html)
        order = [int(number) for number in cut[1::2]]
        if order != [*range(len(self.lines))]:
            wrong = next((n for n, number in enumerate(order) if n != number), len(order))
            line = self.lines[min(wrong, len(self.lines) - 1)]
            hint = "Check whether HTML or a comment above it never ends."
            wrong_block = _fault("this block could not be separated from the text before it", hint, line)
            if wrong_block not in self._faults:
                self._faults.append(wrong_block)
            return html
        whole, at = [cut[0]], 2
        for slots, frame in zip(self.marks, self.pieces, strict=True):
            whole.append(frame(cut[at : at + 2 * slots : 2], say))
            at += 2 * slots
            whole.append(cut[at])
            at += 2
        return "".join(whole)


def _framed(
    block: Block, files: Mapping[str, File], number: int, faults: list[TextFinding]
) -> tuple[list[str], Callable[[list[str], Say], str]]:
    """The pieces of Markdown in a block, and what makes HTML of theirs."""
    line = " ".join
    if block.kind == "references":
        return [_linked(block, faults)], lambda html, say: f'<div class="references">{html[0]}</div>'
    if block.kind == "links":
        return [_commented(block.text)], lambda html, say: f'<div class="commented">{html[0]}</div>'
    if block.kind == "post":
        return [block.text, block.title], lambda html, say: _post(block, html, say)
    if block.kind == "video":
        return [block.title, block.key("by")], lambda html, say: _video(block, html, say)
    if block.kind == "table":
        first, again = _sheets(block, files, faults)
        return [block.title, block.key("source")], lambda html, say: _table(block, number, first, again, html, say)
    name = block.kind.replace(" ", "_")
    looks = "note correction" if name == "correction" else "note"

    def note(html: list[str], say: Say) -> str:
        kind = "" if name == "note" and block.title else say(name)
        label = " · ".join(words for words in (kind, _inner(html[0])) if words)
        return f'<div class="{looks}" role="note"><p class="label"><strong>{label}</strong></p>{html[1]}</div>'

    return [line(block.title.split()), block.text], note


def _inner(html: str) -> str:
    """One line of Markdown as HTML without the paragraph around it."""
    found = re.fullmatch(r"(?s)\s*<p>(.*)</p>\s*", html)
    return found[1] if found else html.strip()


def _day(words: str, say: Say) -> str:
    return f'<time datetime="{escape(words)}">{say("date", day=words)}</time>'


def _post(block: Block, html: list[str], say: Say) -> str:
    address, day = block.key("address"), block.key("date")
    shown = _day(day, say) if _is_day(day) else ""
    author = _inner(html[1])
    if address and shown:
        shown = f'<a href="{escape(address)}">{shown}</a>'
    elif address:
        author = f'<a href="{escape(address)}">{author}</a>'
    by = ", ".join(words for words in (author, shown) if words)
    return f'<figure class="post"><blockquote>{html[0]}</blockquote><figcaption>— {by}</figcaption></figure>'


def _video(block: Block, html: list[str], say: Say) -> str:
    about = " · ".join(words for words in (say("video"), _inner(html[1]), escape(block.key("length"))) if words)
    link = f'<a href="{escape(block.key("address"))}">{_inner(html[0])}</a>'
    return f'<figure class="video"><p>{link}</p><figcaption>{about}</figcaption></figure>'


# -- tables


def _sheets(block: Block, files: Mapping[str, File], faults: list[TextFinding]) -> tuple[Sheet | None, Sheet | None]:
    found: dict[str, Sheet | None] = {"file": None, "re-run": None}
    for key in found:
        name, line = block.keys.get(key, ("", 0))
        if name in files:
            found[key] = sheet(files[name].path, files[name].data, faults)
        elif name:
            message = f'there is no file "{name}" next to this text'
            hint = "Put it into the same folder, and check capital letters. Tables work in bodies, not in front matter."
            faults.append(TextFinding(rule="file-missing", words=name, message=message, hint=hint, line=line))
    first, again = found["file"], found["re-run"]
    if first and again and (wrong := mismatches(first, again)):
        faults += wrong
        again = None
    return first, again


def _table(block: Block, number: int, first: Sheet | None, again: Sheet | None, html: list[str], say: Say) -> str:
    if first is None:
        return ""
    days = [block.key(key) if _is_day(block.key(key)) else "" for key in ("as of", "re-run as of")]
    if again:
        labels = tuple(
            say("date", day=day) if day else say(key) for day, key in zip(days, ("first_run", "re_run"), strict=True)
        )
        percent = {"percent": True, "difference": False}.get(block.key("change"))
        rows = compared(first, again, (labels[0], labels[1]), percent, say)
    else:
        rows = shown(first)
    names = [block.key(key) for key in ("file", "re-run") if block.key(key)]
    files = ", ".join(f'<a href="{escape(name)}">{escape(name.rpartition("/")[2])}</a>' for name in names)
    about = [
        (say("source"), _inner(html[1])),
        (say("as_of"), _day(days[0], say) if days[0] else ""),
        (say("re_run"), _day(days[1], say) if again and days[1] else ""),
        (say("data_file"), files),
    ]
    below = " · ".join(f"{name}: {words}" for name, words in about if words)
    label = say("table_number", number=number)
    wide = ' class="wide"' if rows.partition("</thead>")[0].count("<th") > 8 else ""
    return (
        f'<figure class="data" id="table-{number}">'
        f'<div class="table" role="region" tabindex="0" aria-label="{label}">\n'
        f"<table{wide}><caption><strong>{label}.</strong> {_inner(html[0])}</caption>\n{rows}</table></div>\n"
        f"<figcaption>{below}</figcaption></figure>"
    )


# -- references and links

_TOKEN = re.compile(
    r"(?i)(?P<kept>\]\([^)\n]*\)|<[^>\n]*>|`[^`\n]*`)"
    r"|(?P<address>https?://\S+)"
    r"|\bdoi:[ ]?(?P<doi>[^\s<>\"]+)|(?<![\w/.])(?P<bare>10\.[0-9]{4,9}/[^\s<>\"]+)"
    r"|\barxiv:[ ]?(?P<arxiv>[^\s<>\"\]),;]+)"
    r"|\bisbn(?:-1[03])?:?[ ]?(?P<isbn>[0-9][0-9xX\u2010-\u2012-]*(?:[ ][0-9xX-]+){0,4})"
)


def _linked(block: Block, faults: list[TextFinding]) -> str:
    """References with their names turned into links: a DOI, an arXiv id, an ISBN. What is malformed is a fault."""
    before = len(block.keys)
    lines = []
    for place, line in enumerate(block.text.split("\n")):
        where = block.line + 1 + before + place
        lines.append(_TOKEN.sub(lambda found, at=where: _link(found, at, faults), line))  # type: ignore[misc]
    return "\n".join(lines)


def _link(found: re.Match[str], line: int, faults: list[TextFinding]) -> str:
    kind = found.lastgroup or ""
    words = _trimmed(found[kind])
    rest = found[kind][len(words) :]
    if kind == "address":
        doi = re.match(r"(?i)https?://(?:dx\.)?doi\.org/(.*)", words)
        if doi and not _is_doi(doi[1]):
            faults.append(
                _not(words, "DOI", "A DOI is 10., a number, a slash and a name: 10.1093/comjnl/27.2.97.", line)
            )
        return found[0]
    if kind in ("doi", "bare"):
        fine, address = _is_doi(words), f"https://doi.org/{words}"
        hint = "A DOI is 10., a number, a slash and a name: 10.1093/comjnl/27.2.97."
    elif kind == "arxiv":
        fine, address = is_arxiv(words), f"https://arxiv.org/abs/{words}"
        hint = "An arXiv id is year and month, a point, and four or five digits: 2102.07750."
    elif kind == "isbn":
        digits = re.sub(r"[^0-9X]", "", words.upper())
        fine, address = is_isbn(digits), f"https://openlibrary.org/isbn/{digits}"
        hint = "Its last digit is a check digit and does not fit: a digit is wrong or missing."
    else:
        return found[0]
    if not fine:
        name = {"doi": "DOI", "bare": "DOI", "arxiv": "arXiv id", "isbn": "ISBN"}[kind]
        faults.append(_not(words, name, hint, line))
        return found[0]
    shown = found[0][: len(found[0]) - len(rest)]
    return f'<a href="{escape(address)}">{_literal(shown)}</a>{rest}'


def _not(words: str, name: str, hint: str, line: int) -> TextFinding:
    return TextFinding(
        rule="reference", words=words, message=f'"{words[:60]}" is not a valid {name}', hint=hint, line=line
    )


def _literal(words: str) -> str:
    """Words in which Markdown finds no mark."""
    return re.sub(r"([\\`*_{}\[\]()>#+\-.!~])", r"\\\1", escape(words, quote=False))


def _trimmed(words: str) -> str:
    """An address or name without what belongs to the sentence around it."""
    while words and (words[-1] in ".,;:!?'’”»*_" or (words[-1] == ")" and words.count(")") > words.count("("))
                     or (words[-1] == "]" and words.count("]") > words.count("["))):  # fmt: skip
        words = words[:-1]
    return words


def _is_doi(words: str) -> bool:
    """ISO 26324: a prefix 10.NNNN, perhaps with subdivisions, a slash, a suffix."""
    return bool(re.fullmatch(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+", words))


def is_arxiv(words: str) -> bool:
    """Is this an identifier of arXiv, of the scheme since April 2007 or the one before, with or without version?"""
    new = re.fullmatch(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}(v[0-9]+)?", words)
    return bool(new or re.fullmatch(r"[a-z-]+(\.[A-Z]{2})?/[0-9]{2}(0[1-9]|1[0-2])[0-9]{3}(v[0-9]+)?", words))


def is_isbn(digits: str) -> bool:
    """Has an ISBN of ten or thirteen digits the right check digit (ISO 2108)?"""
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if not re.fullmatch(r"97[89][0-9]{10}", digits):
        return False
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


def _commented(text: str) -> str:
    """A list of links in which what is said of each stands on a line of its own."""
    return "\n".join(_comment_lines(text.split("\n")))


def _comment_lines(lines: list[str]) -> Iterator[str]:
    for line in lines:
        found = re.match(
            r"([-*+] +(?:\[[^\]]*\]\([^)]*\)|<https?://[^>]*>|https?://\S+))(?:[ ]*[:–—]|[ ]+-+)[ ]+(?=\S)", line
        )
        yield f"{found[1]}<br>{line[found.end() :]}" if found else line
