"""What an embed of another system becomes: a video, a link, a picture with a caption, code; in its place in the text."""

from __future__ import annotations

import re
from html import escape

from msgspec import Struct

from weekahead.importers.dialects.pieces import Edit, View
from weekahead.lint.scanned_markdown import BlockSpan
from weekahead.markdown.kinds.frames import FramedVideo, as_kind

_MARKS = re.compile(r"([\\`*_\[\]<>&$~=|#!])")


class Form(Struct, frozen=True):
    """A thing in the forms in which it can stand: as a block of its own, within a line, and within HTML."""

    block: str
    inline: str
    html: str
    stands_apart: bool = False
    """Whether it is put between two paragraphs where it stood in one, as a picture with a caption is."""

    def at(self, view: View, start: int, end: int) -> Edit:
        """Return the edit that puts it in the place of a stretch of a text."""
        text = view.text
        if block := html_block(view, start):
            if start == block.start and view.text[end : block.end].strip() == "":
                return Edit(start, end, self.block, self.html)
            return Edit(start, end, self.html, self.html)
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        if start > line_start or text[end:line_end].strip():
            if self.stands_apart and _is_in_paragraph(view, start):
                return Edit(start, end, f"\n\n{self.block}\n\n", f"\n\n{self.html}\n\n")
            return Edit(start, end, self.inline, self.html)
        before = "" if text[:start].endswith("\n\n") or not start else "\n"
        after = "" if text.startswith("\n\n", line_end) or line_end == len(text) else "\n"
        return Edit(start, line_end, f"{before}{self.block}{after}", f"{before}<div>{self.html}</div>{after}")


def html_block(view: View, place: int) -> BlockSpan | None:
    """Return the block of HTML that a place is in, in which Markdown means nothing."""
    blocks = (block for block in view.scan.blocks if block.kind == "html" and block.start <= place < block.end)
    return next(blocks, None)


def _is_in_paragraph(view: View, place: int) -> bool:
    """Return whether a place is in a paragraph that is in no list or quotation."""
    return any(block.kind == "paragraph" and block.start <= place < block.end for block in view.scan.blocks)


def escape_words(words: str) -> str:
    """Return plain words as Markdown that shows them."""
    return _MARKS.sub(r"\\\1", " ".join(words.split()))


def address_in_brackets(address: str) -> str:
    """Return an address as it stands in `[words](address)`."""
    address = address.strip().replace("\n", "")
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def link(address: str, words: str = "") -> Form:
    """Return a link."""
    shown = words or address
    markdown = f"[{escape_words(shown)}]({address_in_brackets(address)})"
    return Form(markdown, markdown, f'<a href="{escape(address.strip())}">{escape(shown)}</a>')


def video(address: str, title: str) -> Form:
    """Return a video elsewhere, which is a link with a title."""
    plain = link(address, title)
    return Form(as_kind(FramedVideo(address, " ".join(title.split()))), plain.inline, plain.html)


def picture(address: str, alt: str = "", caption: str = "", to: str = "") -> Form:
    """Return a picture with a caption, which is Markdown, and the address that a click on it leads to."""
    source, words = address_in_brackets(address), re.sub(r"([\\\[\]])", r"\\\1", " ".join(alt.split()))
    caption = " ".join(caption.split())
    is_plain = not re.search(r"[\\`*_\[\]<&\"$]|https?:", caption)
    title = f' "{caption}"' if caption and is_plain and not to else ""
    markdown = f"![{words}]({source}{title})"
    html = f'<img src="{escape(address)}" alt="{escape(alt)}">'
    if to:
        markdown, html = f"[{markdown}]({address_in_brackets(to)})", f'<a href="{escape(to)}">{html}</a>'
    if not caption:
        return Form(markdown, markdown, html)
    block = markdown if title else f"{markdown}\n\n{caption}"
    shown = f"<figure>{html}<figcaption>\n\n{caption}\n\n</figcaption></figure>"
    words = f"![{words}]({source}) {caption}" if title else f"{markdown} {caption}"
    return Form(block, words, shown, stands_apart=True)


def code_block(code: str, info: str = "", indent: str = "") -> str:
    """Return a code block, each line behind an indentation."""
    ticks = max((len(run) for run in re.findall("`{3,}", code)), default=2) + 1
    fence = "`" * ticks
    lines = [f"{fence}{info}".rstrip(), *code.split("\n"), fence]
    return "\n".join(f"{indent}{line}" if line else line for line in lines)


def code_span(words: str) -> str:
    """Return words as a code span."""
    words = " ".join(words.split())
    ticks = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    pad = " " if words[:1] in "` " or words[-1:] in "` " else ""
    return f"{ticks}{pad}{words}{pad}{ticks}"


def arguments(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a shortcode or tag, without their quotation marks: those by place, and those by name."""
    places: list[str] = []
    names: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = next((each for each in match.groups()[1:] if each is not None), "")
        if match[2] is not None or match[3] is not None:
            value = re.sub(r"\\(.)", r"\1", value)
        if match[1]:
            names.setdefault(match[1].lower(), value)
        else:
            places.append(value)
    return places, names


_ARGUMENT = re.compile(
    r"(?:([\w-]+)[ \t]*(?:=|:(?!//))[ \t]*(?=[\"'`\w\[/.#-]))?"
    r"(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|`([^`]*)`|(\[[^\]]*\])|([^\s,\"'`]+))"
)


def has_prose(text: str) -> bool:
    """Return whether the quoted words of a shortcode or tag are more than names: two words, or one that is not plain."""
    places, names = arguments(text)
    return any(len(value.split()) > 1 for value in (*places, *names.values()))
