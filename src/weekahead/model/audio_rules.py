"""Rules of the audio edition: what it lacks, and what was changed after it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from weekahead.model.findings import Finding, Location, warning
from weekahead.model.issue import Issue, Status, format_duration


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
        where = Location(issue.source.file, chapter.line)
        if chapter.at <= before:
            message = f"the chapter at {format_duration(chapter.at)} comes after the one at {format_duration(before)}"
            yield Finding(
                where=where, rule="chapter", message=message, hint="Chapters stand in the order of their times."
            )
        elif audio and audio.duration is not None and chapter.at >= audio.duration:
            message = f"the chapter at {format_duration(chapter.at)} begins after the audio has ended at {format_duration(audio.duration)}"
            yield Finding(where=where, rule="chapter", message=message, hint="Is this the right file?")
        before = max(before, chapter.at)
