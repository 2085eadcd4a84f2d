"""The text of a WordPress post, of either editor, as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import msgspec
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.html import shapes
from weekahead.importers.json_text import sound_json
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.spans import Span, replace_spans, spans
from weekahead.importers.platforms.wordpress_paragraphs import with_paragraphs
from weekahead.importers.platforms.wordpress_shortcodes import Attachment, Shortcodes, embed_html
from weekahead.importers.post import Body, Form
from weekahead.model.addresses import host_of
from weekahead.model.counts import counted

_BLOCK = re.compile(r"<!--\s+(/)?wp:([a-z][a-z0-9_/-]*)\s")
_MORE = re.compile(r"<!--more(?:\s[^>]*?)?-->")
_OTHER_MARKS = re.compile(r"<!--(?:nextpage|noteaser)-->")
_MARK = re.compile(r"""<sup\b[^<>]*\bdata-fn=["']([^"'<>]+)["'][^<>]*>""")
_SIZED = re.compile(
    r"(https?://[^\s\"'<>]{1,1000}?)-\d{2,5}x\d{2,5}(\.(?:jpe?g|png|gif|webp|avif))(?=[\s\"'<>?,)]|$)", re.I
)
_PHOTON = re.compile(r"https?://i\d\.wp\.com/([^\s\"'<>?]+)(?:\?[^\s\"'<>]*)?")
_FILES = re.compile(r"(https?://[\w-]+\.files\.wordpress\.com/[^\s\"'<>?]{1,1000})\?[^\s\"'<>]*")
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.M)
_WALL_BLOCKS = frozenset(("jetpack/paywall",))
_HIDDEN_BLOCKS = frozenset(("premium-content/subscriber-view", "memberful/restricted", "restrict-content/members"))
_SILENT_BLOCKS = frozenset(("spacer", "footnotes", "more", "nextpage", "block", "premium-content/buttons"))
_LONGEST_LEAD = 400
_DEEPEST_REUSE = 5


class Library(Struct, frozen=True):
    """What the texts of an export refer to."""

    attachments: Mapping[str, Attachment]
    blocks: Mapping[str, str]
    """The reusable blocks by their ids."""
    links: Mapping[str, str]
    """The addresses of posts by their ids."""

    @property
    def files(self) -> frozenset[str]:
        """The addresses of all files of the media library, without their schemes."""
        return frozenset(_without_scheme(item.url) for item in self.attachments.values())


class WordPressText(Struct, frozen=True):
    """A text, and what its "more" mark says its lead is."""

    body: Body
    lead: str = ""


def read_text(
    source: str, post: str, footnotes: str, library: Library, files: frozenset[str], notes: PostNotes
) -> WordPressText:
    """Return a text as HTML. `footnotes` is the JSON that the block editor keeps beside it."""
    source = _with_reused(source, library.blocks, notes)
    is_of_blocks = bool(_BLOCK.search(source))
    source, lead = _without_marks(source, notes)
    free, paid = _blocks_out(source, notes)
    shortcodes = Shortcodes(post, library.attachments, notes)

    def convert(text: str) -> str:
        if not text.strip():
            return ""
        text = shortcodes.expand(text)
        if not is_of_blocks:
            text = with_paragraphs(_LONE_ADDRESS.sub(_lone_embed, text))
        return _addresses(shortcodes.restore(text), library, files, notes)

    written = _footnotes(footnotes, notes)
    free, paid = (_with_footnotes(convert(part), written) for part in (free, paid))
    for key, note in written.items():
        if f'note="{escape(key)}"' not in free + paid:
            words = " ".join((LexborHTMLParser(note).text() or "").split())
            notes.add(
                Outcome.ASK, "footnote-without-mark", f'nothing refers to the footnote "{words}"; it was left out'
            )
    return WordPressText(Body(free, Form.HTML, paid), lead)


def _with_reused(source: str, blocks: Mapping[str, str], notes: PostNotes, depth: int = 0) -> str:
    """Return a text with its reusable blocks in their places."""

    def replace(span: Span) -> str:
        if span.opening[2] != "block":
            return source[span.start : span.end]
        id = str(_fields(span).get("ref", ""))
        if id not in blocks or depth >= _DEEPEST_REUSE:
            message = f"the reusable block {id} is not in this export"
            notes.add(Outcome.ASK, "reusable-block", message, hint="Export all content, not only posts.")
            return ""
        return _with_reused(blocks[id], blocks, notes, depth + 1)

    return replace_spans(source, _BLOCK, _end_of_block, replace)


def _without_marks(source: str, notes: PostNotes) -> tuple[str, str]:
    """Return a text without its "more" mark and page breaks, and the lead that the first one ends."""
    lead = ""
    if match := _MORE.search(source):
        before = re.sub(r"\[/?[a-z_]+[^\]]*\]", "", _without_blocks(source[: match.start()]))
        words = " ".join((LexborHTMLParser(before).text(separator=" ") or "").split())
        lead = words if len(words) <= _LONGEST_LEAD else ""
        label = match[0].removeprefix("<!--more").removesuffix("-->").strip()
        named = f' with the words "{label}"' if label else ""
        notes.add(Outcome.DROPPED, "more-mark", f'left out its "more" mark{named}: an issue is shown as a whole')
    pages = len(_OTHER_MARKS.findall(source))
    if pages:
        notes.add(Outcome.DROPPED, "page-break", f"left out {counted(pages, 'page break')}")
    return _OTHER_MARKS.sub("\n\n", _MORE.sub("\n\n", source)), lead


def _blocks_out(source: str, notes: PostNotes) -> tuple[str, str]:
    """Return a text without the comments of its blocks: what is free, and what is behind the wall."""
    parts: list[list[str]] = [[], []]
    at, hidden = 0, list[str]()
    wall = 0
    for span in spans(source, _BLOCK, _end_of_block):
        between, name, is_end = source[at : span.start], span.opening[2], bool(span.opening[1])
        at = span.end
        if hidden:
            hidden[-1] += between
        else:
            parts[wall].append(between)
        if name in _WALL_BLOCKS and not is_end:
            wall = 1
        elif name in _HIDDEN_BLOCKS:
            _open_or_close(hidden, is_end, notes)
        elif span.inside.endswith("/") and name not in _SILENT_BLOCKS and not hidden:
            parts[wall].append(_dynamic(name, _fields(span), notes))
    if hidden:
        _note_hidden("".join(hidden) + source[at:], notes)
    else:
        parts[wall].append(source[at:])
    return "".join(parts[0]), "".join(parts[1])


def _open_or_close(hidden: list[str], is_end: bool, notes: PostNotes) -> None:
    if not is_end:
        hidden.append("")
    elif hidden:
        inner = hidden.pop()
        if hidden:
            hidden[-1] += inner
        else:
            _note_hidden(inner, notes)


def _note_hidden(inner: str, notes: PostNotes) -> None:
    count = len((LexborHTMLParser(_without_blocks(inner)).text() or "").split())
    message = f"a part of {counted(count, 'word')} for subscribers was left out"
    notes.add(Outcome.HELD, "members-only-part", message)


def _dynamic(name: str, fields: Mapping[str, Any], notes: PostNotes) -> str:
    """Return a block that WordPress makes when a page is shown: of most, nothing is in the export."""
    if name in ("embed", "core-embed/youtube", "core-embed/twitter") and fields.get("url"):
        return embed_html(str(fields["url"]))
    if name == "social-link" and fields.get("url"):
        return shapes.paragraph(
            shapes.link(str(fields["url"]), str(fields.get("label") or fields.get("service") or fields["url"]))
        )
    if name == "separator":
        return "<hr>"
    shown = f" ({cut(msgspec.json.encode(dict(fields)).decode())})" if fields else ""
    message = f'the block "{name}"{shown} is made when the page is shown; nothing of it is in the export'
    notes.add(Outcome.DROPPED, "dynamic-block", message)
    return ""


def _fields(span: Span) -> Mapping[str, Any]:
    try:
        fields = msgspec.json.decode(sound_json(span.inside.strip().removesuffix("/").strip() or "{}"))
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return fields if isinstance(fields, Mapping) else {}


def _end_of_block(opening: re.Match[str]) -> str:
    return "-->"


def _without_blocks(source: str) -> str:
    return replace_spans(source, _BLOCK, _end_of_block, lambda span: "")


def _footnotes(source: str, notes: PostNotes) -> dict[str, str]:
    """Return the footnotes of the block editor, as HTML by their ids."""
    try:
        rows = msgspec.json.decode(sound_json(source or "[]"), type=list[dict[str, Any]])
    except (msgspec.MsgspecError, RecursionError) as error:
        notes.add(Outcome.ASK, "damaged-footnotes", f"its footnotes cannot be read: {error}")
        return {}
    return {str(row.get("id", "")): str(row.get("content") or "") for row in rows}


def _with_footnotes(html: str, written: Mapping[str, str]) -> str:
    """Return a text with the footnotes that it has marks for."""
    used: list[str] = []

    def mark(span: Span) -> str:
        key = span.opening[1]
        if key not in written:
            return html[span.start : span.end]
        used.append(key)
        return shapes.footnote_mark(key)

    marked = replace_spans(html, _MARK, lambda match: "</sup>", mark)
    return marked + "".join(shapes.footnote(key, written[key]) for key in dict.fromkeys(used))


def _lone_embed(match: re.Match[str]) -> str:
    """Return an address that stands alone in its line as what WordPress makes of it."""
    return f"\n\n{embed_html(unescape(match[1]))}\n\n"


def _addresses(html: str, library: Library, files: frozenset[str], notes: PostNotes) -> str:
    """Return HTML that leads to the original pictures, and to posts by their addresses instead of their ids."""
    count = 0

    def original(match: re.Match[str]) -> str:
        nonlocal count
        whole, stem = match[0], match[1] + match[2]
        is_original = _without_scheme(whole) in files
        if is_original or ("/uploads/" not in whole and _without_scheme(stem) not in files):
            return whole
        count += 1
        return stem

    html = _FILES.sub(r"\1", _PHOTON.sub(r"https://\1", html))
    html = re.sub(r"""\ssrcset=(?:"[^"]*"|'[^']*')""", "", html)
    html = _SIZED.sub(original, html)
    if count:
        message = f"led {counted(count, 'address')} of smaller copies of pictures to the originals"
        notes.add(Outcome.CHANGED, "picture-original", message)

    def by_id(match: re.Match[str]) -> str:
        there = library.links.get(match[2], "")
        return f'="{escape(there)}"' if there and host_of(there) == host_of(match[1]) else match[0]

    return re.sub(r'="(https?://[^"\s]+/?\?(?:p|page_id)=(\d+))"', by_id, html)


def _without_scheme(url: str) -> str:
    return re.sub("^https?:", "", url)
