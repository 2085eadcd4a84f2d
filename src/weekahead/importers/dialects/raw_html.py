"""HTML in a text that a letter refuses: frames, scripts, forms, attributes that run something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from weekahead.importers.dialects import forms
from weekahead.importers.dialects.pieces import Edit, View
from weekahead.importers.dialects.unknown import cut
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.lint.scanned_markdown import Tag
from weekahead.markdown.active_content import ACTIVE
from weekahead.markdown.kinds.frames import framed_video

_ATTRIBUTE = re.compile(r"""\s([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_RUNS = re.compile(r"""\s(?:on\w+|ping|srcdoc)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(
    r"""\s(?:href|src|action)\s*=\s*(?:"\s*(?:javascript|vbscript):[^"]*"|'\s*(?:javascript|vbscript):[^']*'|(?:javascript|vbscript):[^\s>]+)""",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"""\s+markdown\s*=\s*(?:"\w*"|'\w*'|\w+)""", re.IGNORECASE)
_GONE = frozenset(ACTIVE) | {"style", "form"}
_EMPTY = frozenset({"meta", "link", "base", "embed", "frame"})


def refuse_active(text: str, notes: PostNotes) -> str:
    """Put videos and links in the place of frames, and leave scripts and the like out."""
    if "<" not in text:
        return text
    view = View(text)
    return view.edited(_edits(view, notes))


def _edits(view: View, notes: PostNotes) -> Iterator[Edit]:
    done = 0
    hidden = view.scan.comments
    for tag in view.scan.tags:
        if tag.start < done or any(start <= tag.start < end for start, end in hidden):
            continue
        words = view.text[tag.start : tag.end]
        if words.startswith("</"):
            continue
        if tag.name in _GONE:
            edit = _element_edit(view, tag, words, notes)
            done = edit.end
            yield edit
        elif tag.name not in ("pre", "code"):
            yield from _attribute_edits(view, tag, words, notes)


def _element_edit(view: View, tag: Tag, words: str, notes: PostNotes) -> Edit:
    """Return the edit for an element that a letter refuses, up to its end."""
    end, line = tag.end, view.line(tag.start)
    closing = None if tag.name in _EMPTY else re.compile(rf"</{tag.name}\s*>", re.IGNORECASE).search(view.text, tag.end)
    end = closing.end() if closing else end
    attributes = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(words)
    }
    address = attributes.get("src") or attributes.get("data") or ""
    if tag.name in ("iframe", "embed", "object") and "{" not in address:
        video = framed_video({**attributes, "src": address})
        address = f"https:{address}" if address.startswith("//") else address
        form = forms.video(video.address, video.title) if video else None
        if form is None and re.match(r"https?://", address):
            form = forms.link(address, attributes.get("title", ""))
        if form:
            notes.add(
                Outcome.CHANGED,
                "frame",
                f"a frame of {cut(address)} became {'a video' if video else 'a link'}",
                line=line,
            )
            return form.at(view, tag.start, end)
    gist = re.match(r"https://gist\.github\.com/([\w-]+/[0-9a-f]+)\.js", address) if tag.name == "script" else None
    if gist:
        notes.add(Outcome.CHANGED, "script", f"a script that showed {gist[1]} became a link to it", line=line)
        return forms.link(f"https://gist.github.com/{gist[1]}").at(view, tag.start, end)
    inner = cut(re.sub(r"<[^>]*>", " ", view.text[tag.end : closing.start()])) if closing else ""
    what = ACTIVE.get(tag.name, "a style sheet" if tag.name == "style" else "a form")
    message = f"{what} is left out: {cut(words)}{f' {inner}' if inner else ''}"
    notes.add(Outcome.DROPPED, "active-content", message, line=line)
    return Edit(tag.start, end, "", "")


def _attribute_edits(view: View, tag: Tag, words: str, notes: PostNotes) -> Iterator[Edit]:
    for pattern in (_RUNS, _SCRIPT_ADDRESS):
        for match in pattern.finditer(words):
            notes.add(
                Outcome.DROPPED,
                "active-content",
                f"what runs a script is left out: {cut(match[0])}",
                line=view.line(tag.start),
            )
            yield Edit(tag.start + match.start(), tag.start + match.end(), "", "")
    if is_markdown := _MARKDOWN.search(words):
        message = f'"{is_markdown[0].strip()}" is left out: below an empty line, what is in HTML is Markdown here'
        notes.add(Outcome.CHANGED, "markdown-in-html", message, line=view.line(tag.start))
        yield Edit(tag.start + is_markdown.start(), tag.start + is_markdown.end(), "", "")
        if re.match(r"[ \t]*\n(?![ \t]*\n)", view.text[tag.end :]):
            yield Edit(tag.end, tag.end, "\n", "\n")
