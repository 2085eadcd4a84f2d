"""The spoken edition: what its file says of itself, and what must agree with it. The only room that knows mutagen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding, Where, warning
from weekahead.model.issue import Audio, Issue, Status

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


class Heard(Struct, frozen=True, array_like=True):
    """What an audio file says of itself: how long it plays, and every media type by which what is in it is known."""

    seconds: float
    types: tuple[str, ...]


def media_type(name: str) -> str:
    """The media type of a file or an address by its ending; empty for one that is not known here."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), "")


def heard(path: Path) -> Heard | None:
    """Read from the file itself; None when it is not audio."""
    import mutagen

    try:
        found = mutagen.File(path)
    except (mutagen.MutagenError, OSError):
        found = None
    if found is None or found.info is None:
        return None
    return Heard(float(found.info.length), tuple(sorted({_plain(name) for name in found.mime})))


def _plain(name: str) -> str:
    """A media type without the x- and the parameters it may carry; containers of audio alone pass for audio."""
    name = name.lower().partition(";")[0].replace("/x-", "/")
    return name.replace("application/ogg", "audio/ogg").replace("/m4a", "/mp4")


def agreed(issue: Issue, audio: Audio, size: int, found: Heard, findings: list[Finding]) -> Audio | None:
    """The audio with what its file says; None, with findings, where front matter says otherwise."""
    before = len(findings)
    kind = audio.type or media_type(audio.file or "")
    if _plain(kind) not in found.types:
        said = f"the type {kind}" if audio.type else f"a name that ends in {PurePosixPath(audio.file or '').suffix}"
        findings.append(_disagrees(issue, "type", f"{said}, but the file is {_or(found.types)}"))
    if audio.bytes and audio.bytes != size:
        findings.append(_disagrees(issue, "bytes", f"{audio.bytes} bytes, but the file has {size}"))
    if audio.duration is not None and abs(audio.duration - found.seconds) > 1:
        message = f"{_clock(audio.duration)}, but the file plays for {_clock(round(found.seconds))}"
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


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


# -- rules of a letter


def audio_findings(issues: Iterable[Issue], is_podcast: bool) -> Iterator[Finding]:
    """What the audio editions of a letter lack, and what was changed after it was read aloud."""
    spoken = sorted((issue for issue in issues if issue.status is Status.READY), key=lambda issue: issue.number or 0)
    for issue in spoken:
        yield from _edited_since(issue)
        yield from _of_unknown_size(issue)
    if is_podcast:
        numbered = [issue for issue in spoken if issue.number is not None]
        for place in range(2, len(numbered)):
            yield from _missing(numbered[place - 2 : place + 1], is_last=place == len(numbered) - 1)


def _edited_since(issue: Issue) -> Iterator[Finding]:
    if issue.audio and issue.recorded and issue.recorded != issue.body.digest and not issue.corrected:
        message = "the text was changed after it was recorded, so that the audio says something else"
        hint = (
            "Put the words back; or declare the change, corrected: [{date: ..., what: ...}]; "
            f"or record again and run: weekahead ready {issue.number}"
        )
        yield Finding(where=issue.source.at("recorded"), rule="recorded-then-edited", message=message, hint=hint)


def _of_unknown_size(issue: Issue) -> Iterator[Finding]:
    if issue.audio and issue.audio.url and not issue.audio.bytes:
        hint = "Add bytes: and duration: to audio; podcast apps show them before they fetch it."
        yield warning(issue.source.at("audio.url"), "audio-length", "feeds cannot say how large this audio is", hint)


def _missing(three: Sequence[Issue], is_last: bool) -> Iterator[Finding]:
    """A warning for the middle one of three where the others have audio, and for the last of all after two that have."""
    for place in (1, 2) if is_last else (1,):
        issue, others = three[place], [*three[:place], *three[place + 1 :]]
        if issue.audio is None and all(other.audio for other in others):
            message = f"number {issue.number} has no audio, but those beside it have"
            hint = "Add audio: {file: NAME.mp3}, or say allow: [audio-missing]."
            yield warning(issue.source.at("title"), "audio-missing", message, hint)


def chapter_findings(issue: Issue) -> Iterator[Finding]:
    """Chapters come one after another, and before the end."""
    audio, before = issue.audio, -1
    for chapter in audio.chapters if audio else ():
        where = Where(issue.source.file, chapter.line)
        if chapter.at <= before:
            message = f"the chapter at {_clock(chapter.at)} comes after the one at {_clock(before)}"
            yield Finding(
                where=where, rule="chapter", message=message, hint="Chapters stand in the order of their times."
            )
        elif audio and audio.duration is not None and chapter.at >= audio.duration:
            message = (
                f"the chapter at {_clock(chapter.at)} begins after the audio has ended at {_clock(audio.duration)}"
            )
            yield Finding(where=where, rule="chapter", message=message, hint="Is this the right file?")
        before = max(before, chapter.at)
