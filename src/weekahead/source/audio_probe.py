"""Audio files: their length and media type, and whether front matter agrees with them."""

from __future__ import annotations

import os
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding
from weekahead.model.issue import Audio, Issue, format_duration
from weekahead.source.mp3_frames import count_mp3_seconds, has_constant_bitrate

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".aac": "audio/aac",
}
"""The media type that feeds give for a file, by its suffix."""


class AudioInfo(Struct, frozen=True, array_like=True):
    """The length of an audio file in seconds, 0 where the file does not say it, and every media type that it is known by."""

    seconds: float
    types: tuple[str, ...]


def media_type(name: str) -> str:
    """Return the media type of a file or an address by its suffix; empty for an unknown one."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "")


def probe_audio(file: BinaryIO, *, is_remote: bool = False) -> AudioInfo | None:
    """Return what an open audio file says about itself, or None if it is not audio.

    Of one that is remote, which is expensive to read as a whole, the length is unknown where only that would tell it.
    """
    audio = _opened(file)
    if audio is None:
        kind = next((kind for mark, at, kind in MARKS if _bytes_at(file, at, len(mark)) == mark), None)
        return AudioInfo(0, (kind,)) if kind else None
    info, types = audio.info, tuple(sorted({_plain(name) for name in audio.mime}))
    seconds = float(getattr(info, "length", 0) or 0)
    if "audio/wav" in types and info.bitrate:  # a recording that was streamed claims to have no end
        seconds = min(seconds, file.seek(0, os.SEEK_END) * 8 / info.bitrate)
    elif "audio/mpeg" in types and not int(getattr(info, "bitrate_mode", 1)):
        # It has no header with its length, and what mutagen estimates from its first frame is wrong where bitrates vary.
        start = getattr(audio.tags, "size", 0)
        if is_remote:
            seconds = seconds if has_constant_bitrate(file, start) else 0
        else:
            seconds = count_mp3_seconds(file, start) or seconds
    return AudioInfo(seconds, types) if isfinite(seconds) else None


MARKS = (
    (b"RIFF", 0, "audio/wav"),
    (b"fLaC", 0, "audio/flac"),
    (b"OggS", 0, "audio/ogg"),
    (b"ftyp", 4, "audio/mp4"),
)
"""What audio files begin with, and where: one whose header is damaged is audio all the same."""


def _opened(file: BinaryIO) -> Any:
    """Return an audio file as mutagen reads it; None if it does not know it."""
    import mutagen
    from mutagen.mp3 import MP3

    try:
        found: Any = mutagen.File(file)
        if found is None:  # it looks at the first bytes alone, and a recording may begin in the middle of a frame
            file.seek(0)
            found = MP3(file)  # type: ignore[no-untyped-call]
            return None if found.info.sketchy else found
    except Exception:  # a file that is damaged or made up raises struct.error, IndexError, RecursionError ...
        return None
    return found


def _bytes_at(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def _plain(name: str) -> str:
    """Return a media type without x- and parameters, and audio for containers that hold only audio."""
    name = name.lower().partition(";")[0].replace("/x-", "/")
    return name.replace("application/ogg", "audio/ogg").replace("/m4a", "/mp4")


def reconcile_audio(issue: Issue, audio: Audio, size: int, info: AudioInfo, findings: list[Finding]) -> Audio | None:
    """Return the audio with what its file, of `size` bytes, says; None and findings where front matter says otherwise."""
    before = len(findings)
    kind = audio.type or media_type(audio.file or "")
    if _plain(kind) not in info.types:
        stated = f'"type" is {kind}' if audio.type else f'"file" ends in {PurePosixPath(audio.file or "").suffix}'
        findings.append(_disagrees(issue, "type", f"{stated}, but the file is {' or '.join(info.types[:3])}"))
    if audio.bytes and audio.bytes != size:
        findings.append(_disagrees(issue, "bytes", f'"bytes" is {audio.bytes}, but the file has {size}'))
    if audio.duration is not None and info.seconds and abs(audio.duration - info.seconds) > 1:
        stated, actual = format_duration(audio.duration), format_duration(round(info.seconds))
        findings.append(_disagrees(issue, "duration", f'"duration" is {stated}, but the file lasts {actual}'))
    if len(findings) > before:
        return None
    return replace(audio, bytes=size, duration=round(info.seconds) or audio.duration, type=kind)


def _disagrees(issue: Issue, key: str, message: str) -> Finding:
    hint = "Is this the right file? Type, size and duration can be left out: they are read from it."
    key = key if issue.source.at(f"audio.{key}").line > 1 else "file"
    where = issue.source.at(f"audio.{key}")
    return Finding(where, "audio-disagrees", message, hint)
