"""The spoken edition: what its file says of itself, and what must agree with it. The only room that knows mutagen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

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
"""The type that feeds say for a file, by the ending of its name."""


class AudioInfo(Struct, frozen=True, array_like=True):
    """What an audio file says of itself: how long it plays, and every media type by which what is in it is known."""

    seconds: float
    types: tuple[str, ...]


def media_type(name: str) -> str:
    """The media type of a file or an address by its ending; empty for one that is not known here."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "")


def probe_audio(path: Path) -> AudioInfo | None:
    """Read from the file itself; None when it is not audio."""
    import mutagen

    try:
        found = mutagen.File(path)
    except (mutagen.MutagenError, OSError):
        found = None
    if found is None or found.info is None:
        return None
    return AudioInfo(float(found.info.length), tuple(sorted({_plain(name) for name in found.mime})))


def _plain(name: str) -> str:
    """A media type without the x- and the parameters it may carry; containers of audio alone pass for audio."""
    name = name.lower().partition(";")[0].replace("/x-", "/")
    return name.replace("application/ogg", "audio/ogg").replace("/m4a", "/mp4")


def reconcile_audio(issue: Issue, audio: Audio, size: int, found: AudioInfo, findings: list[Finding]) -> Audio | None:
    """The audio with what its file says; None, with findings, where front matter says otherwise."""
    before = len(findings)
    kind = audio.type or media_type(audio.file or "")
    if _plain(kind) not in found.types:
        said = f"the type {kind}" if audio.type else f"a name that ends in {PurePosixPath(audio.file or '').suffix}"
        findings.append(_disagrees(issue, "type", f"{said}, but the file is {_or(found.types)}"))
    if audio.bytes and audio.bytes != size:
        findings.append(_disagrees(issue, "bytes", f"{audio.bytes} bytes, but the file has {size}"))
    if audio.duration is not None and abs(audio.duration - found.seconds) > 1:
        message = f"{format_duration(audio.duration)}, but the file plays for {format_duration(round(found.seconds))}"
        findings.append(_disagrees(issue, "duration", message))
    if len(findings) > before:
        return None
    return replace(audio, bytes=size, duration=round(found.seconds), type=kind)


def _disagrees(issue: Issue, key: str, message: str) -> Finding:
    hint = "Is this the right file? What the file says of itself need not be written here."
    key = key if issue.source.at(f"audio.{key}").line > 1 else "file"
    where = issue.source.at(f"audio.{key}")
    return Finding(where=where, rule="audio-disagrees", message=f"the audio has {message}", hint=hint)


def _or(words: Sequence[str]) -> str:
    return " or ".join(words[:3])
