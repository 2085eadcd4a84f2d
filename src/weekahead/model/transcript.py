"""The words of a recording: plain text, or WebVTT (W3C) and SubRip, whose cues have times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

TYPES = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".txt": "text/plain", ".md": "text/markdown"}
"""The media types of transcripts, by the suffix of their names."""

PARAGRAPH = 240
"""Characters after which the end of a sentence ends a paragraph."""

TIME = r"(?:([0-9]+):)?([0-5]?[0-9]):([0-5][0-9])[.,][0-9]{1,3}"


class Paragraph(Struct, frozen=True, array_like=True):
    """Some words of a transcript, and the second at which they begin, if it says so."""

    words: str
    at: int | None = None


def transcript_type(name: str) -> str:
    """Return the media type of a transcript by its name; empty for an unknown one."""
    return TYPES.get(f".{name.rpartition('.')[2].lower()}", "")


def is_published_as_is(name: str) -> bool:
    """Return whether apps read a transcript as its author wrote it; of another they get the words."""
    return transcript_type(name) in ("text/vtt", "application/x-subrip", "text/plain")


def parse_transcript(name: str, text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a transcript: of a plain one as they are, of cues those that their sentences make."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if transcript_type(name) in ("text/vtt", "application/x-subrip"):
        return tuple(_joined(_cues(text)))
    return tuple(Paragraph(words) for part in re.split(r"\n\s*\n", text) if (words := " ".join(part.split())))


def _cues(text: str) -> Iterator[Paragraph]:
    """Yield the cues; whatever else a file has, such as notes and styles, has no line with times."""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip().split("\n")
        for number, line in enumerate(lines[:2]):
            if match := re.match(rf"\s*{TIME}[ \t]+-->", line):
                hours, minutes, seconds = (int(group or 0) for group in match.groups())
                if words := _plain(" ".join(lines[number + 1 :])):
                    yield Paragraph(words, hours * 3600 + minutes * 60 + seconds)
                break


def _plain(words: str) -> str:
    """Return the words of a cue without its tags; a speaker's name (`<v Ida>`) before them, as one writes it."""
    words = re.sub(r"<v(?:\.[^ >]*)?[ \t]+([^>]*)>", r"\1: ", words)
    return " ".join(unescape(re.sub(r"</?[a-zA-Z0-9][^>]*>|\{\\[^}]*\}", "", words)).split())


def _joined(cues: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Yield cues joined to paragraphs: each ends with a sentence once it is long enough, or before another speaker."""
    open_at, parts, speaker = None, list[str](), ""
    for cue in cues:
        match = re.match(r"([^\s:.!?][^:.!?]{0,40}): (?=\S)", cue.words)
        name = match[1] if match else speaker
        is_full = sum(map(len, parts)) > PARAGRAPH and parts[-1][-1:] in '.!?…。！？”"'
        if parts and (name != speaker or is_full):
            yield Paragraph(" ".join(parts), open_at)
            parts = []
        elif match and parts:
            cue = Paragraph(cue.words[match.end() :], cue.at)
        open_at, speaker = cue.at if not parts else open_at, name
        parts.append(cue.words)
    if parts:
        yield Paragraph(" ".join(parts), open_at)
