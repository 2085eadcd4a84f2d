"""Obsidian's own marks: comments, links and embeds in double brackets, ids of blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from posixpath import splitext
from urllib.parse import quote

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.markdown.tree import heading_id
from weekahead.model.counts import counted

_COMMENT = re.compile(r"%%(.*?)%%", re.DOTALL)
_LINK = re.compile(r"(?<![\\\]])(!?)\[\[([^\[\]\n]+?)\]\](?![(\[])")
_BLOCK_ID = re.compile(r"(?m)(?:(?<=\S)[ \t]+|^)\^[A-Za-z0-9-]+[ \t]*$")
_SIZE = re.compile(r"\d+(?:x\d+)?")
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp"})


def comments(text: str, notes: PostNotes) -> str:
    """Leave out what stands between `%%`, which readers never saw."""
    if "%%" not in text:
        return text
    view = View(text)
    edits = []
    for match in _COMMENT.finditer(view.without_code):
        words = cut(view.text[slice(*match.span(1))])
        notes.add(
            Outcome.DROPPED, "comment", f'a comment that readers did not see: "{words}"', line=view.line(match.start())
        )
        edits.append(Edit(*match.span(), "", ""))
    return view.edited(edits)


def block_ids(text: str, notes: PostNotes) -> str:
    """Leave out the ids at the ends of blocks, ` ^like-this`."""
    if "^" not in text:
        return text
    view = View(text)
    edits = [Edit(*match.span(), "", "") for match in _BLOCK_ID.finditer(view.scan.prose)]
    if edits:
        notes.add(
            Outcome.DROPPED,
            "block-id",
            f"left out {counted(len(edits), 'block id')}, such as {view.text[edits[0].start : edits[0].end].strip()}",
        )
    return view.edited(edits)


def picture_sizes(text: str, notes: PostNotes) -> str:
    """Take the size off that stands in the words of a picture, `![words|300](picture.png)`."""
    if "|" not in text or "![" not in text:
        return text
    view = View(text)
    spans = (match.span(1) for match in re.finditer(r"!\[[^\]\[|\n]*(\\?\|\d+(?:x\d+)?)\]\(", view.without_code))
    return view.edited(Edit(*span, "", "") for span in spans)


def wiki_links(address_of: Callable[[str], str]) -> MarkdownPass:
    """Return the pass for a vault: `address_of` returns the address of a note or file, or nothing, by its path or its name
    alone, in small letters, without `.md`."""
    return partial(_convert_links, address_of)


def _convert_links(address_of: Callable[[str], str], text: str, notes: PostNotes) -> str:
    if "[[" not in text:
        return text
    view = View(text)
    return view.edited(_link_edits(view, address_of, notes))


def _link_edits(view: View, address_of: Callable[[str], str], notes: PostNotes) -> Iterator[Edit]:
    for match in _LINK.finditer(view.without_code):
        mark, line = view.text[slice(*match.span())], view.line(match.start())
        inner = view.text[slice(*match.span(2))].replace("\\|", "|")
        target, *shown = (part.strip() for part in inner.split("|"))
        page, _, part = target.partition("#")
        if inner.upper() in ("TOC", "_TOC_"):
            notes.add(Outcome.DROPPED, "table-of-contents", f'"{mark}" is left out', line=line)
            yield Edit(*match.span(), "", "")
            continue
        address = address_of(page.lower().removesuffix(".md")) if page else "#"
        words = [each for each in shown if not _SIZE.fullmatch(each)]
        if not address:
            yield _without_target(match, mark, words[-1] if words else target, line, notes)
            continue
        address = "" if address == "#" else quote(address, safe="/:#?&=%+,;@!~*'")
        if part and not part.startswith("^"):
            address += f"#{heading_id(part.rpartition('#')[2])}"
        form = _form(match[1], address, page, words, part)
        if match[1] and splitext(page)[1].lower() not in _PICTURES:
            what = "a file" if splitext(page)[1] else "another text"
            message = f'"{mark}" showed {what} here; it is a link to it now'
            notes.add(Outcome.ASK, "embedded-note", message, words=words[0] if words else page, line=line)
        yield form.at(view, *match.span())


def _form(bang: str, address: str, page: str, words: list[str], part: str) -> forms.Form:
    if bang and splitext(page)[1].lower() in _PICTURES:
        return forms.picture(address, words[0] if words else "")
    name = page if not part or part.startswith("^") else f"{page} > {part.replace('#', ' > ')}".removeprefix(" > ")
    return forms.link(address or "#top", " | ".join(words) or name)


def _without_target(match: re.Match[str], mark: str, words: str, line: int, notes: PostNotes) -> Edit:
    what = "a file" if match[1] else "a note"
    message = f'"{cut(mark)}" leads to {what} that is not in this export; its words stay'
    notes.add(Outcome.ASK, "link-target", message, words=words, line=line)
    escaped = forms.escape_words(words)
    return Edit(*match.span(), escaped, escaped)
