"""Audio files: their length and media type, and whether front matter agrees with them."""

from __future__ import annotations

from math import isfinite, nan
from pathlib import PurePosixPath
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding
from weekahead.model.issue import Audio, Issue, format_duration

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
    """The length of an audio file in seconds, and every media type that its content is known by."""

    seconds: float
    types: tuple[str, ...]


def media_type(name: str) -> str:
    """Return the media type of a file or an address by its suffix; empty for an unknown one."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "")


def probe_audio(file: BinaryIO) -> AudioInfo | None:
    """Return what an open audio file says about itself, or None if it is not audio."""
    import mutagen

    try:
        audio = mutagen.File(file)
    except Exception:  # a file that is damaged or made up raises struct.error, IndexError, RecursionError ...
        return None
    length = float(audio.info.length) if audio is not None and audio.info is not None else nan
    if audio is None or not isfinite(length):
        return None
    return AudioInfo(length, tuple(sorted({_plain(name) for name in audio.mime})))


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
    if audio.duration is not None and abs(audio.duration - info.seconds) > 1:
        stated, actual = format_duration(audio.duration), format_duration(round(info.seconds))
        findings.append(_disagrees(issue, "duration", f'"duration" is {stated}, but the file lasts {actual}'))
    if len(findings) > before:
        return None
    return replace(audio, bytes=size, duration=round(info.seconds), type=kind)


def _disagrees(issue: Issue, key: str, message: str) -> Finding:
    hint = "Is this the right file? Type, size and duration can be left out: they are read from it."
    key = key if issue.source.at(f"audio.{key}").line > 1 else "file"
    where = issue.source.at(f"audio.{key}")
    return Finding(where, "audio-disagrees", message, hint)
