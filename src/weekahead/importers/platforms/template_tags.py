"""Template tags in the text of an e-mail, `{{ value }}` and `{% tag %}`: what each reader saw, and what only some did."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.dialects.pieces import View
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import cut
from weekahead.importers.platforms.spans import closing_tag, spans
from weekahead.importers.post import Form
from weekahead.model.counts import counted

_TAG = re.compile(r"\{%-?\s*(\w+)\b([^{}%]*)-?%\}|\{\{([^{}]*)\}\}|\{#[^{}#]*#\}")
_CODE = re.compile(r"<(pre|code)\b[^<>]*>", re.I)
_DEFAULT = re.compile(r"""\|\s*default(?:_if_none)?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s|]+))""")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s*<?[^()\s]{0,500}$")
_HTML_LINK = re.compile(r"<a\b[^<>]{0,1000}\bhref\s*=\s*[\"'][^\"'<>]{0,1000}$", re.I)
_FOR_ALL = re.compile(r"\b(?:can_be_premium|medium\s*==\s*[\"']web[\"'])|^\s*not\s+subscriber", re.I)
_FOR_SOME = re.compile(r"\b(?:subscriber|premium|paid|member|medium|tags?)\b", re.I)
_LONGEST_LINK = 2000
_KEPT_BRANCHES = ("else", "elif")


class _Part(Struct):
    """A piece of the result being made: its text, and whether not everybody saw it."""

    condition: str
    pieces: list[str] = []
    is_hidden: bool = False


def without_tags(text: str, form: Form, notes: PostNotes) -> str:
    """Return a text without its template tags; code keeps them. What only some readers saw is held back and counted."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return text
    seen, at, open_parts = _without_code(text, form), 0, [_Part("")]
    while match := _TAG.search(seen, at):
        open_parts[-1].pieces.append(text[at : match.start()])
        at = match.end()
        if match[1]:
            _tag(match[1], (match[2] or "").strip("- \n"), match[0], open_parts, notes)
        elif match[3] is not None:
            at = _value(text, match, open_parts, notes)
    open_parts[-1].pieces.append(text[at:])
    while len(open_parts) > 1:
        _close(open_parts, notes)
    return "".join(open_parts[0].pieces)


def _without_code(text: str, form: Form) -> str:
    """Return a text of the same length in which code is blank."""
    if form is Form.MARKDOWN:
        return View(text).without_code
    out, at = [], 0
    for span in spans(text, _CODE, closing_tag):
        out += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*out, text[at:]])


def _tag(name: str, words: str, whole: str, open_parts: list[_Part], notes: PostNotes) -> None:
    """Open or close a part, or leave a tag out."""
    if name in ("if", "ifequal", "unless"):
        condition = f"not {words}" if name == "unless" else words
        open_parts.append(_Part(condition, is_hidden=_is_for_some(condition)))
    elif name in _KEPT_BRANCHES and len(open_parts) > 1:
        before = open_parts[-1].condition
        _close(open_parts, notes)
        condition = words if name == "elif" else ""
        open_parts.append(
            _Part(condition or f"else of {before}", is_hidden=bool(condition) and _is_for_some(condition))
        )
    elif name in ("endif", "endifequal", "endunless") and len(open_parts) > 1:
        _close(open_parts, notes)
    elif not name.startswith("end"):
        notes.add(
            Outcome.ASK, "template-tag", f"{cut(whole)} was left out", hint="Look at the old page for what it showed."
        )


def _is_for_some(condition: str) -> bool:
    return bool(_FOR_SOME.search(condition)) and not _FOR_ALL.search(condition)


def _close(open_parts: list[_Part], notes: PostNotes) -> None:
    """End the last part: add it to the one around it, or hold it back."""
    part = open_parts.pop()
    text = "".join(part.pieces)
    if not text.strip():
        return
    if part.is_hidden:
        count = counted(len((LexborHTMLParser(text).text() or "").split()), "word")
        message = f"a part of {count} was for some readers only ({cut(part.condition)}), and was left out"
        notes.add(Outcome.HELD, "members-only-part", message)
    else:
        open_parts[-1].pieces.append(text)
        if not part.condition.startswith("else of "):
            notes.add(Outcome.CHANGED, "template-tag", f"a part that depended on {cut(part.condition)} is for all now")


def _value(text: str, match: re.Match[str], open_parts: list[_Part], notes: PostNotes) -> int:
    """Put what stands for a value into the last part, and return where the text goes on: a link that leads there goes too."""
    expression, part = match[3], open_parts[-1]
    if default := _DEFAULT.search(expression):
        words = next((group for group in default.groups() if group is not None), "")
        part.pieces.append(words)
        notes.add(Outcome.CHANGED, "template-tag", f'{cut(match[0])} is its default now: "{words}"', words=words)
        return match.end()
    for pattern, end_of in ((_LINK, _end_of_link), (_HTML_LINK, _end_of_html_link)):
        opening = pattern.search(part.pieces[-1][-1500:])
        if opening and (end := end_of(text, match.end())):
            shown = opening[1] if pattern is _LINK else text[match.end() : end].partition(">")[2]
            part.pieces[-1] = part.pieces[-1].removesuffix(opening[0])
            said = " ".join((LexborHTMLParser(shown).text() or "").split())
            notes.add(Outcome.DROPPED, "template-tag", f'left out a link to {cut(match[0])}: "{cut(said)}"')
            return end
    notes.add(Outcome.DROPPED, "template-tag", f"left out {cut(match[0])}")
    return match.end()


def _end_of_link(text: str, at: int) -> int:
    """Return where a link of Markdown ends whose address a place is in, or 0."""
    match = re.compile(r"[^()\n]{0,500}\)").match(text, at)
    return match.end() if match else 0


def _end_of_html_link(text: str, at: int) -> int:
    """Return where an element `a` ends whose address a place is in, or 0."""
    end = text.find("</a", at, at + _LONGEST_LINK)
    return text.find(">", end) + 1 if end > 0 else 0
