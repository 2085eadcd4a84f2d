"""The paragraphs of WordPress's classic editor, which stores none: a blank line ends one, a line end is a break."""

from __future__ import annotations

import re

from weekahead.importers.platforms.spans import Span, closing_tag, replace_spans
from weekahead.model.name_set import name_set

_HOLDS_PARAGRAPHS = name_set("div blockquote section article aside header footer main form details center address")
_HOLDS_TEXT = name_set("p h1 h2 h3 h4 h5 h6 li td th dt dd figcaption summary legend caption")
_HOLDS_BLOCKS = name_set("ul ol dl table thead tbody tfoot tr colgroup figure fieldset picture select noscript")
_ALONE = frozenset(("hr", "col"))
_KEPT = re.compile(r"<(pre|script|style|textarea|svg|math|iframe|object|video|audio)\b[^<>]*>|<!--", re.I)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)\b[^<>]*>", re.I)
_INSIDE_TAG = re.compile(r"<[a-z/][^<>]*>", re.I)
_KEEPER = "waKept{}x"
_KEPT_AGAIN = re.compile(r"waKept(\d+)x")
_BLOCK_WORD = re.compile(r"waBlock\d+x")
_INLINE_KEPT = frozenset(("iframe", "object", "video", "audio", "svg", "math"))

BLOCK_WORD = "waBlock{}x"
"""A word that stands for a block, such as a gallery; it ends the paragraph that it is in."""


def with_paragraphs(text: str) -> str:
    """Return classic text as HTML, with the paragraphs and line breaks that WordPress shows."""
    kept: list[str] = []

    def keep(span: Span) -> str:
        kept.append(text[span.start : span.end])
        word, name = _KEEPER.format(len(kept) - 1), (span.opening[1] or "").lower()
        return word if not name or name in _INLINE_KEPT else f"\n\n{word}\n\n"

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    apart = replace_spans(text, _KEPT, closing_tag, keep)
    apart = _INSIDE_TAG.sub(lambda match: match[0].replace("\n", " "), apart)
    apart = _BLOCK_WORD.sub(lambda match: f"\n\n{match[0]}\n\n", apart)
    return _KEPT_AGAIN.sub(lambda match: kept[int(match[1])], _placed(apart))


def _placed(text: str) -> str:
    """Return the text with paragraphs between and within its blocks."""
    html, open_blocks, start = [], list[str](), 0
    for match in _TAG.finditer(text):
        closing, name = match[1], match[2].lower()
        if name not in _HOLDS_PARAGRAPHS | _HOLDS_TEXT | _HOLDS_BLOCKS | _ALONE:
            continue
        html += [_run(text[start : match.start()], open_blocks), match[0]]
        start = match.end()
        if closing and name in open_blocks:
            while open_blocks.pop() != name:
                pass
        elif not closing and name not in _ALONE and not match[0].endswith("/>"):
            open_blocks.append(name)
    html.append(_run(text[start:], open_blocks))
    return "".join(html)


def _run(text: str, open_blocks: list[str]) -> str:
    """Return text between two block tags."""
    around = open_blocks[-1] if open_blocks else "div"
    if not text.strip():
        return "\n" if text else ""
    if around in _HOLDS_BLOCKS:
        return text
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if around in _HOLDS_TEXT and (around != "li" or len(paragraphs) == 1):
        return "<br>\n".join(_lines(part) for part in paragraphs)
    return "\n".join(part if _stands_alone(part) else f"<p>{_lines(part)}</p>" for part in paragraphs)


def _lines(paragraph: str) -> str:
    return re.sub(r"(?:<br\s*/?>)?[ \t]*\n", "<br>\n", paragraph)


def _stands_alone(part: str) -> bool:
    """Return whether a paragraph is a block by itself, or nothing but a comment."""
    return bool(_BLOCK_WORD.fullmatch(part)) or bool(_KEPT_AGAIN.fullmatch(part))
