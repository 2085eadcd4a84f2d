"""Rules of the audio edition: what it lacks, and what was changed after it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from weekahead.model.findings import Finding, Location, warning
from weekahead.model.issue import Issue, Status, format_duration


def find_audio_problems(issues: Iterable[Issue], is_podcast: bool) -> Iterator[Finding]:
    """Yield audio that is missing or of unknown size, and texts changed since they were recorded."""
    ready = sorted((issue for issue in issues if issue.status is Status.READY), key=lambda issue: issue.number or 0)
    for issue in ready:
        yield from _check_recording(issue)
        yield from _check_size(issue)
    if is_podcast:
        numbered = [issue for issue in ready if issue.number is not None]
        for index in range(2, len(numbered)):
            yield from _check_missing(numbered[index - 2 : index + 1], is_last=index == len(numbered) - 1)


def _check_recording(issue: Issue) -> Iterator[Finding]:
    if issue.audio and issue.recorded and issue.recorded != issue.body.digest and not issue.corrected:
        message = "the text was changed after it was recorded, so the audio no longer matches it"
        again = "remove recorded:" if issue.number is None else f"run: weekahead ready {issue.number}"
        declare = "declare the change, corrected: [{date: ..., what: ...}]"
        hint = f"Restore the text; or {declare}; or record it again and {again}"
        yield Finding(issue.source.at("recorded"), "recorded-then-edited", message, hint)


def _check_size(issue: Issue) -> Iterator[Finding]:
    if issue.audio and issue.audio.url and not issue.audio.bytes:
        hint = "Add bytes: and duration: to audio; podcast apps show them before they download it."
        yield warning(issue.source.at("audio.url"), "audio-length", "feeds cannot state the size of this audio", hint)


def _check_missing(three: Sequence[Issue], is_last: bool) -> Iterator[Finding]:
    """Yield a warning for the middle one of three if the others have audio; of the last three, also for the last."""
    for index in (1, 2) if is_last else (1,):
        issue, others = three[index], [*three[:index], *three[index + 1 :]]
        if issue.audio is None and all(other.audio for other in others):
            message = f"number {issue.number} has no audio, but the issues next to it do"
            hint = "Add audio: {file: NAME.mp3}, or allow: [audio-missing]."
            yield warning(issue.source.at("title"), "audio-missing", message, hint)


def find_chapter_problems(issue: Issue) -> Iterator[Finding]:
    """Yield chapters that are out of order or begin after the end."""
    audio, before = issue.audio, -1
    for chapter in audio.chapters if audio else ():
        where, start = Location(issue.source.file, chapter.line), format_duration(chapter.at)
        if chapter.at <= before:
            message = f"the chapter at {start} is listed after the one at {format_duration(before)}"
            yield Finding(where, "chapter", message, "List chapters in the order of their times.")
        elif audio and audio.duration is not None and chapter.at >= audio.duration:
            message = f"the chapter at {start} begins after the end of the audio, {format_duration(audio.duration)}"
            yield Finding(where, "chapter", message, "Is this the right file?")
        before = max(before, chapter.at)
