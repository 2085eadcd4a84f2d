"""The rules that a letter must keep: each a function that yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count

from weekahead.model.cadence_rules import check_dates_against_cadence
from weekahead.model.findings import Finding, Location, Severity, warning
from weekahead.model.issue import Issue, Status, format_duration
from weekahead.model.letter import Letter, fold_path


def check_numbers(letter: Letter) -> Iterator[Finding]:
    """Yield issues whose number is taken."""
    first: dict[int, Issue] = {}
    for issue in letter.issues:
        if issue.number is None:
            continue
        if twin := first.get(issue.number):
            free = next(number for number in count(max(first) + 1) if number not in letter.by_number)
            message = f"number {issue.number} is already taken by {twin.source.at('number')}"
            hint = f"The next number without an issue file is {free}."
            yield Finding(issue.source.at("number"), "number-taken", message, hint)
        else:
            first[issue.number] = issue


def check_slugs(letter: Letter) -> Iterator[Finding]:
    """Yield issues whose slug is taken, as file systems see it."""
    for issue, twin in _twins(letter, lambda issue: fold_path(issue.slug)):
        message = f'the slug "{issue.slug}" is already taken by {twin.source.at("slug")}'
        yield Finding(issue.source.at("slug"), "slug-taken", message, "Give one of the two another slug.")


def check_guids(letter: Letter) -> Iterator[Finding]:
    """Yield issues whose feed id is taken."""
    has_guids = any(issue.guid for issue in letter.issues)
    for issue, twin in _twins(letter, letter.identity) if has_guids else ():
        if issue.guid or twin.guid:
            message = f'the guid "{letter.identity(issue)}" is already used by {twin.source.file}'
            hint = "Feed readers would show only one of the two."
            yield Finding(issue.source.at("guid"), "guid-taken", message, hint)


def _twins(letter: Letter, key: Callable[[Issue], str]) -> Iterator[tuple[Issue, Issue]]:
    """Yield each issue whose key an earlier one has, and the first of that key."""
    first: dict[str, Issue] = {}
    for issue in letter.issues:
        twin = first.setdefault(key(issue), issue)
        if twin is not issue:
            yield issue, twin


def check_issue_days(letter: Letter) -> Iterator[Finding]:
    """Yield issues that have no day to come out on."""
    for issue in letter.issues:
        if issue.number is None and issue.date is None:
            hint = "Add number: for a regular issue, or date: for a special edition."
            yield Finding(issue.source.at("title"), "no-number-no-date", "an issue without a number needs a date", hint)
        elif issue.date is None and issue.number is not None and letter.schedule.day(issue.number) is None:
            yield _no_such_day(issue.source.at("number"), issue.number)


def _no_such_day(where: Location, number: int) -> Finding:
    message = f"number {number} is outside the calendar (years 1 to 9999)"
    return Finding(where, "no-such-day", message, "Check the number.")


def check_correction_dates(letter: Letter) -> Iterator[Finding]:
    """Yield corrections dated before their issue."""
    for issue in letter.issues:
        day = letter.known_day(issue)
        if issue.corrected and day and issue.corrected[0].date < day:
            message = f"the correction is dated {issue.corrected[0].date}, but the issue comes out on {day}"
            hint = "Corrections tell readers what has changed; leave out what was fixed before the issue came out."
            yield Finding(issue.source.at("corrected"), "corrected-early", message, hint)


def check_plan_against_files(letter: Letter) -> Iterator[Finding]:
    """Yield issues whose date or title is not the one of schedule.yaml."""
    for number, entry in letter.schedule.entries.items():
        issue = letter.by_number.get(number)
        if issue is None:
            continue
        if issue.date and entry.date and issue.date != entry.date:
            message = f"the date is {issue.date}, but {entry.where} says {entry.date}"
            yield Finding(issue.source.at("date"), "date-disagrees", message, "Change one of the two.")
        if issue.title != entry.title:
            message = f'the title is "{issue.title}", but {entry.where} says "{entry.title}"'
            hint = "Change the title here or in schedule.yaml."
            yield warning(issue.source.at("title"), "title-disagrees", message, hint)


def check_series(letter: Letter) -> Iterator[Finding]:
    """Yield series whose names, parts or totals clash."""
    parts: dict[tuple[str, int], Issue] = {}
    totals: dict[str, tuple[int, Issue]] = {}
    names: dict[str, tuple[str, Issue]] = {}
    for issue in letter.issues:
        series = issue.series
        if series is None:
            continue
        name, namesake = names.setdefault(series.slug, (series.name, issue))
        if name != series.name:
            message = f'the series "{series.name}" and "{name}" in {namesake.source.file} would share one page'
            yield Finding(issue.source.at("series"), "series-name", message, "Spell the name the same in both.")
        if twin := parts.get((series.name, series.part)):
            message = f'part {series.part} of "{series.name}" is already taken by {twin.source.at("series")}'
            yield warning(
                issue.source.at("series"),
                "series-part-taken",
                message,
                "Number the parts of a series one after another.",
            )
        parts[series.name, series.part] = issue
        if series.of is not None:
            total, first = totals.setdefault(series.name, (series.of, issue))
            if total != series.of:
                message = f'"{series.name}" has {series.of} parts here, but {total} in {first.source.at("series")}'
                yield warning(issue.source.at("series"), "series-total", message, "Give every part the same `of`.")


def check_audio(letter: Letter) -> Iterator[Finding]:
    """Yield audio that is missing or of unknown size, and texts changed since they were recorded."""
    ready = sorted(
        (issue for issue in letter.issues if issue.status is Status.READY), key=lambda issue: issue.number or 0
    )
    for issue in ready:
        yield from _check_recording(issue)
        yield from _check_size(issue)
    if letter.config.podcast:
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


def check_chapters(letter: Letter) -> Iterator[Finding]:
    """Yield chapters that are out of order or begin after the end."""
    for issue in letter.issues:
        before = -1
        for chapter in issue.audio.chapters if issue.audio else ():
            where, start = Location(issue.source.file, chapter.line), format_duration(chapter.at)
            duration = issue.audio.duration if issue.audio else None
            if chapter.at <= before:
                message = f"the chapter at {start} is listed after the one at {format_duration(before)}"
                yield Finding(where, "chapter", message, "List chapters in the order of their times.")
            elif duration is not None and chapter.at >= duration:
                message = f"the chapter at {start} begins after the end of the audio, {format_duration(duration)}"
                yield Finding(where, "chapter", message, "Is this the right file?")
            before = max(before, chapter.at)


def check_stamped_numbers(letter: Letter) -> Iterator[Finding]:
    """Yield stamped promises whose number has no day."""
    for issue in letter.issues:
        for line in issue.next or ():
            if line.date is None and letter.schedule.day(line.number) is None:
                yield _no_such_day(issue.source.at("next"), line.number)


def check_letter_id(letter: Letter) -> Iterator[Finding]:
    """Yield a letter without an id."""
    if letter.config.id is None:
        import uuid

        proposal = uuid.uuid5(uuid.NAMESPACE_URL, letter.config.url)
        message = "the letter has no id; its feed ids are made from url and would change with it"
        hint = f"Add this line: id: urn:uuid:{proposal}"
        yield warning(Location(letter.config.file, 1), "letter-without-id", message, hint)


CHECKS: tuple[Callable[[Letter], Iterable[Finding]], ...] = (
    check_numbers,
    check_slugs,
    check_guids,
    check_issue_days,
    check_correction_dates,
    check_plan_against_files,
    check_dates_against_cadence,
    check_series,
    check_audio,
    check_chapters,
    check_stamped_numbers,
    check_letter_id,
)


def check_rules(letter: Letter) -> list[Finding]:
    """Return the findings of every rule of the letter, at any instant, less what is waived."""
    return [finding for check in CHECKS for finding in check(letter) if not letter.allows(finding)]


def check_future_corrections(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """Yield a warning for each correction dated in the future, which feeds would show as news."""
    for issue in letter.issues:
        if issue.corrected and (last := issue.corrected[-1].date) > as_of.date():
            message = f"the correction is dated {last}, which is in the future"
            yield warning(issue.source.at("corrected"), "corrected-ahead", message, "Check the date.")


def check_placeholders(letter: Letter, severity: Severity = Severity.WARNING) -> Iterator[Finding]:
    """Yield settings that still have what `weekahead init` wrote."""
    for key, where in letter.config.placeholders:
        message = f'"{key}" is still the placeholder of a new letter'
        hint = "Write your own. Until then `weekahead deploy` publishes nothing."
        yield Finding(where, "letter-placeholder", message, hint, severity)


def check_buffer(letter: Letter, ready: int) -> Iterator[Finding]:
    """Yield a warning if fewer issues are finished than the author wants to have."""
    if ready < letter.schedule.buffer:
        are_ready = "1 issue is ready" if ready == 1 else f"{ready} issues are ready"
        message = f"{are_ready}, but buffer: asks for {letter.schedule.buffer}"
        yield warning(Location("schedule.yaml", 1), "short-buffer", message, "Finish the next ones, or lower buffer:.")
