"""Template tags in the text of an e-mail, `{{ value }}` and `{% tag %}`: what each reader saw, and what only some did."""

from __future__ import annotations

import re

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from weekahead.importers.dialects.pieces import View
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.markup import counted, cut
from weekahead.importers.platforms.spans import closing_tag, spans
from weekahead.importers.post import Form

_TAG = re.compile(r"\{%-?\s*(\w+)\b([^{}%]*)-?%\}|\{\{([^{}]*)\}\}|\{#[^{}#]*#\}")
_CODE = re.compile(r"<(pre|code)\b[^<>]*>", re.I)
_DEFAULT = re.compile(r"""\|\s*default(?:_if_none)?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s|]+))""")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s*<?[^()\s]{0,500}$")
_HTML_LINK = re.compile(r"<a\b[^<>]{0,1000}\bhref\s*=\s*[\"'][^\"'<>]{0,1000}$", re.I)
_FOR_ALL = re.compile(r"\b(?:can_be_premium|medium\s*==\s*[\"']web[\"'])|^\s*not\s+subscriber", re.I)
_FOR_SOME = re.compile(r"\b(?:subscriber|premium|paid|member|medium|tags?)\b", re.I)
_KEPT_BRANCHES = ("else", "elif")


class _Part(Struct):
    """A piece of the result being made: its text, and whether not everybody saw it."""

    condition: str
    text: str = ""
    is_hidden: bool = False


def without_tags(text: str, form: Form, notes: PostNotes) -> str:
    """Return a text without its template tags; code keeps them. What only some readers saw is held back and counted."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return text
    seen, at, open_parts = _without_code(text, form), 0, [_Part("")]
    while match := _TAG.search(seen, at):
        open_parts[-1].text += text[at : match.start()]
        at = match.end()
        if match[1]:
            _tag(match[1], (match[2] or "").strip("- \n"), match[0], open_parts, notes)
        elif match[3] is not None:
            at = _value(text, match, open_parts, notes)
    open_parts[-1].text += text[at:]
    while len(open_parts) > 1:
        _close(open_parts, notes)
    return open_parts[0].text


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
    if not part.text.strip():
        return
    if part.is_hidden:
        count = counted(len((LexborHTMLParser(part.text).text() or "").split()), "word")
        message = f"a part of {count} was for some readers only ({cut(part.condition)}), and was left out"
        notes.add(Outcome.HELD, "members-only-part", message)
    else:
        open_parts[-1].text += part.text
        if not part.condition.startswith("else of "):
            notes.add(Outcome.CHANGED, "template-tag", f"a part that depended on {cut(part.condition)} is for all now")


def _value(text: str, match: re.Match[str], open_parts: list[_Part], notes: PostNotes) -> int:
    """Put what stands for a value into the last part, and return where the text goes on: a link that leads there goes too."""
    expression, part = match[3], open_parts[-1]
    if default := _DEFAULT.search(expression):
        words = next((group for group in default.groups() if group is not None), "")
        part.text += words
        notes.add(Outcome.CHANGED, "template-tag", f'{cut(match[0])} is its default now: "{words}"', words=words)
        return match.end()
    for pattern, rest in ((_LINK, r"[^()\n]*\)"), (_HTML_LINK, r"[^<>]*>((?:(?!</a\b).){0,2000})</a\s*>")):
        opening, ending = pattern.search(part.text[-1500:]), re.compile(rest, re.I | re.S).match(text, match.end())
        if opening and ending:
            shown = opening[1] if pattern is _LINK else LexborHTMLParser(ending[1]).text() or ""
            part.text = part.text[: len(part.text) - len(opening[0])]
            message = f'left out a link to {cut(match[0])}: "{cut(" ".join(shown.split()))}"'
            notes.add(Outcome.DROPPED, "template-tag", message)
            return ending.end()
    notes.add(Outcome.DROPPED, "template-tag", f"left out {cut(match[0])}")
    return match.end()
