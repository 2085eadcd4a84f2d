"""Frames of videos, which are shown as links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import WARNING, Fix, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.lint.scanned_markdown import ScannedMarkdown, Tag
from weekahead.markdown.kinds.frames import FramedVideo, as_kind, framed_video
from weekahead.markdown.link_parts import unescape

_ATTRIBUTE = re.compile(r"""\s([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_LONE = re.compile(
    r"(?i)(?:<(?:p|div|center|figure|span)(?:\s[^<>]*)?>\s*)*<iframe\s[^<>]*>\s*</iframe>(?:\s*</(?:p|div|center|figure|span)>)*"
)
_CLOSED = re.compile(r"(?i)\s*</iframe\s*>")


@text_rule("video-frame", WARNING)
def check_video_frames(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield frames of known video hosts; their fix is `/// video`, where nothing else stands in their block."""
    for tag in text.tags if not facts.frames else ():
        words = text.text[tag.start : tag.end]
        if tag.name != "iframe" or not _CLOSED.match(text.text, tag.end):
            continue
        attributes = dict[str, str]()
        for match in _ATTRIBUTE.finditer(words):
            attributes.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        if video := framed_video(attributes):
            message = f"this frame is shown as a link to the video: {excerpt(video.address, 80)}"
            if fix := _fix(text, tag, video):
                yield tag.start, message, "check --fix writes /// video; put the video's title behind its |.", fix
            else:
                hint = f"Write /// video | Title, in the next line address: {video.address}, and then ///."
                yield tag.start, message, hint


def _fix(text: ScannedMarkdown, tag: Tag, video: FramedVideo) -> Fix | None:
    """Return the fix that makes a content kind of a block with nothing but a frame."""
    block = next((block for block in text.blocks if block.start <= tag.start < block.end), None)
    if block is None or any(kind.start <= tag.start < kind.end for kind in text.kinds):
        return None
    start, end = block.start, block.start + len(text.text[block.start : block.end].rstrip())
    if block.kind != "html" or not _LONE.fullmatch(text.text[start:end].strip()):
        return None
    before = "" if text.text[:start].endswith("\n\n") or not start else "\n"
    after = "" if text.text[end:].startswith("\n\n") or not text.text[end:].strip() else "\n"
    return start, end, before + as_kind(video) + after
