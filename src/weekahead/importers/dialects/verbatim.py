"""Stretches between two marks of a system that are no Markdown: code, comments, text that is to stay as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.pieces import Edit, View

_DISTURBING = re.compile(r"^[ \t>]*(?:```|~~~)|<(?:[!?]|pre|script|style|textarea)", re.MULTILINE | re.IGNORECASE)
"""What may have others take the text behind it for code."""
_MOST_READINGS = 200
"""How often a text is read again, which takes long where it has many such stretches."""


class Stretch:
    """What is between two marks, and the marks."""

    def __init__(self, view: View, opener: re.Match[str], end: re.Match[str]) -> None:
        self.view, self.opener, self.end = view, opener, end
        self.content = view.text[opener.end() : end.start()]

    @property
    def line(self) -> int:
        """The line of the source in which it begins."""
        return self.view.line(self.opener.start())

    def whole(self, markdown: str) -> Edit:
        """Return the edit that puts Markdown in the place of all of it."""
        return Edit(self.opener.start(), self.end.end(), markdown, markdown)

    def code(self, code: str, info: str) -> Edit:
        """Return the edit that makes a code block of it, as deep in lists as its first mark is."""
        text, (start, _), (_, end) = self.view.text, self.opener.span(), self.end.span()
        code = re.sub(r"\A[ \t]*\n|\s+\Z", "", code)
        before = text[text.rfind("\n", 0, start) + 1 : start]
        indent = before if not before.strip() else ""
        if not all(line.startswith(indent) for line in code.split("\n") if line.strip()):
            block = forms.code_block(code, info, indent).removeprefix(indent)
        else:
            block = re.sub(r"\n(`+)\Z", rf"\n{indent}\1", forms.code_block(code, info))
        space = "\n\n" if before.strip() else ""
        line_end = "\n" if text[end : end + 1] not in ("", "\n") else ""
        return self.whole(f"{space}{block}{line_end}")


def convert_between(
    text: str,
    opener: re.Pattern[str],
    end_of: Callable[[re.Match[str]], str],
    edits_of: Callable[[Stretch], Iterator[Edit]],
) -> str:
    """Return a text after the edits of each stretch, in order, from an opener that is not in code to its end, by a pattern."""
    view, place, edits, readings = View(text), 0, list[Edit](), 0
    while found := opener.search(view.without_code, place):
        end = re.compile(end_of(found)).search(view.text, found.end())
        place = found.end()
        if end is None:
            continue
        stretch = Stretch(view, found, end)
        made = list(edits_of(stretch))
        edits += made
        place = end.end()
        is_taken_out = any(edit.start <= found.start() and edit.end >= end.end() for edit in made)
        if is_taken_out and _is_disturbing(stretch.content) and readings < _MOST_READINGS:
            rest = len(view.text) - place
            view, readings = View(view.edited(edits)), readings + 1
            place, edits = len(view.text) - rest, []
    return view.edited(edits) if edits else view.whole


def _is_disturbing(content: str) -> bool:
    """Return whether what follows a stretch may have been taken for code, because of what is in it."""
    return content.count("`") % 2 == 1 or _DISTURBING.search(content) is not None


def fence_info(language: str, *, numbered: bool, marked: str = "", title: str = "") -> str:
    """Return the info string of a fence."""
    info = language.lower() if re.fullmatch(r"[\w+#.-]+", language) else ""
    options = f' title="{title}"' if title and '"' not in title else ""
    options += ' linenums="1"' if numbered else ""
    options += f' hl_lines="{marked}"' if marked else ""
    return f"{info or 'text'}{options}" if options else info
