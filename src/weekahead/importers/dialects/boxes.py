"""Call-outs of all systems: a stretch of text in a box, with a kind and perhaps a title, becomes an alert or a quotation.

A pass puts a mark where a box opens and one where it closes, and takes off what its lines are indented by; other passes then
work on what is in it. `close_boxes`, the last of them, makes quotations of all that is between two marks.
"""

from __future__ import annotations

import re

from weekahead.importers.dialects.pieces import each_piece, joined, markdown_of, shown_of, source_of
from weekahead.importers.notes import PostNotes
from weekahead.lint.rules.text_helpers import split_words
from weekahead.markdown import renderer

_OPEN, _NEXT, _CLOSE = "\ufdd4", "\ufdd5", "\ufdd6"

_ALERTS = {
    "NOTE": "note info notice abstract summary tldr default primary secondary message",
    "TIP": "tip hint success check done",
    "IMPORTANT": "important key",
    "WARNING": "warning attention warn",
    "CAUTION": "caution danger error failure fail bug",
}
_ALERT_BY_NAME = {name: alert for alert, names in _ALERTS.items() for name in names.split()}
KINDS = frozenset(_ALERT_BY_NAME) | frozenset(
    split_words(
        "admonition alert aside box callout details collapse collapsible expand spoiler question help faq missing todo example"
        " quote cite seealso blockquote epigraph pull-quote pullquote"
    )
)
"""The names of boxes in one system or another."""
_FOLDED = frozenset(split_words("details collapse collapsible expand spoiler"))
_QUOTES = frozenset(split_words("quote cite blockquote epigraph pull-quote pullquote"))
_NAMELESS = frozenset(split_words("admonition alert aside box callout div"))


def alert_of(kind: str) -> str:
    """Return the alert that a kind of box is, or nothing."""
    return _ALERT_BY_NAME.get(kind.lower(), "")


def head_lines(kind: str, title: str) -> list[str]:
    """Return the lines that a quotation begins with for a box. A kind that we have no alert for is its title."""
    kind, title = kind.lower(), title.strip()
    alert = alert_of(kind)
    lines = [f"[!{alert}]"] if alert else []
    if not title and not alert and kind not in _NAMELESS:
        title = kind.replace("-", " ").capitalize()
    if title and title.lower() != alert.lower():
        lines += [f"**{title}**", ""]
    return lines


def open_mark(kind: str, title: str = "", indent: str = "") -> str:
    """Return the mark of where a box opens, in a line of its own behind an indentation."""
    return f"{_OPEN}{kind}{_NEXT}{title}{_NEXT}{indent}"


CLOSE_MARK = _CLOSE


def close_boxes(text: str, notes: PostNotes) -> str:
    """Make a quotation of each box, those in others first."""
    if _OPEN not in text:
        return text
    stack: list[tuple[list[str], str, str]] = [([], "", "")]
    for words, is_piece in each_piece(text):
        mark = markdown_of(words) if is_piece else ""
        if mark.startswith(_OPEN):
            stack.append(([], mark[1:], source_of(words)))
        elif mark == _CLOSE and len(stack) > 1:
            parts, opening, before = stack.pop()
            content = "".join(parts)
            kind, title, indent = opening.split(_NEXT)
            source = before + source_of(content) + source_of(words)
            markdown, shown = (_box(kind, title, indent, face(content)) for face in (markdown_of, shown_of))
            stack[-1][0].append(joined(markdown, shown, source))
        else:
            stack[-1][0].append(words)
    while len(stack) > 1:
        parts, _, before = stack.pop()
        stack[-1][0].extend([joined("", "", before), *parts])
    return "".join(stack[0][0])


def _box(kind: str, title: str, indent: str, content: str) -> str:
    """Return a box of a text, whose lines begin with an indentation."""
    content = re.sub(r"\A(?:[ \t]*\n)+|\s+\Z", "", content)
    lines = [line.removeprefix(indent) if line.startswith(indent) else line.lstrip() for line in content.split("\n")]
    if kind.lower() in _FOLDED:
        summary = _inline_html(title or kind.capitalize())
        lines = [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>", ""]
        return "\n".join(f"{indent}{line}".rstrip() for line in lines)
    if kind.lower() in _QUOTES:
        lines = [*lines, *(["", f"— {title}"] if title else [])]
    else:
        lines = [*head_lines(kind, title), *lines]
    lines = _without_kinds("\n".join(lines)).split("\n")
    return "\n".join(f"{indent}> {line}".rstrip() for line in lines) + "\n"


def _inline_html(words: str) -> str:
    """Return words of Markdown as HTML within a line."""
    if not re.search(r"[`*_\[<&\\]", words):
        return words
    html = renderer.place(renderer.convert(words), {}).strip()
    return html.removeprefix("<p>").removesuffix("</p>").replace("\n", " ")


def _without_kinds(text: str) -> str:
    """Return a text in which videos are links, for content kinds stand in no quotation."""
    return re.sub(r"(?m)^/// video \| (.*)\naddress: (.*)\n///$", r"[\1](\2)", text)
