"""HTML blocks and HTML tags of Markdown (CommonMark 4.6 and 6.6)."""

from __future__ import annotations

import re

_NAME = r"[A-Za-z][A-Za-z0-9-]*+"
_ATTRIBUTE = r"""\s++[A-Za-z_:][A-Za-z0-9_.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+"""
_OPEN_TAG = rf"<{_NAME}(?:{_ATTRIBUTE})*+\s*+/?>"
_CLOSING_TAG = rf"</{_NAME}\s*+>"
TAG = re.compile(f"{_OPEN_TAG}|{_CLOSING_TAG}")
"""An open or a closing tag (CommonMark 6.6)."""

_BLOCK_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li|link"
    "|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead"
    "|title|tr|track|ul"
)
_STARTS = (
    (1, re.compile(r"<(?:pre|script|style|textarea)(?:\s|>|$)", re.IGNORECASE)),
    (2, re.compile("<!--")),
    (3, re.compile(r"<\?")),
    (4, re.compile("<![A-Za-z]")),
    (5, re.compile(r"<!\[CDATA\[")),
    (6, re.compile(rf"</?(?:{_BLOCK_NAMES})(?:\s|/?>|$)", re.IGNORECASE)),
)
_LONE_TAG = re.compile(rf"(?:{_OPEN_TAG}|{_CLOSING_TAG})\s*$")
_ENDS = {
    1: re.compile("</(?:pre|script|style|textarea)>", re.IGNORECASE),
    2: re.compile("-->"),
    3: re.compile(r"\?>"),
    4: re.compile(">"),
    5: re.compile(r"\]\]>"),
}

_RAW_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))


def html_block_kind(text: str, *, in_paragraph: bool) -> int:
    """Return which of the seven kinds of HTML block a line begins, or 0. The seventh cannot interrupt a paragraph."""
    for kind, pattern in _STARTS:
        if pattern.match(text):
            return kind
    return 7 if not in_paragraph and _LONE_TAG.match(text) else 0


def ends_html_block(kind: int, text: str) -> bool:
    """Return whether a line is the last of an HTML block; those of kinds 6 and 7 end before a blank line instead."""
    return kind <= 5 and _ENDS[kind].search(text) is not None


def raw_html(text: str, start: int, missing: set[str]) -> tuple[str, int]:
    """Return how a comment, an instruction, a declaration or CDATA at a place begins, and where it ends (6.6).

    The end is -1 if there is none; how it would have ended is then added to `missing`, so that it is looked for once. The
    beginning is "" for what is none of them, or would end like one that is missing.
    """
    opening, closing = next((pair for pair in _RAW_ENDS if text.startswith(pair[0], start)), ("", ""))
    is_declaration = opening == "<!" and text[start + 2 : start + 3].isalpha()
    if not opening or (opening == "<!" and not is_declaration) or closing in missing:
        return "", -1
    if opening == "<!--" and text.startswith((">", "->"), start + 4):
        return opening, text.index(">", start) + 1
    end = text.find(closing, start + len(opening))
    if end < 0:
        missing.add(closing)
        return opening, -1
    return opening, end + len(closing)
