"""The rules that a letter must keep: each a function that yields findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import count, pairwise
from operator import attrgetter

from msgspec import Struct

from weekahead.model.book_rules import check_books
from weekahead.model.cadence_rules import check_dates_against_cadence
from weekahead.model.findings import Finding, Location, Severity, warning
from weekahead.model.issue import Issue, Status, format_duration, slug_of_name, spelling
from weekahead.model.letter import Letter, fold_path
from weekahead.model.marks import plain_marks


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
    """Yield issues whose slug is taken: whose page would have another's address, as file systems see it."""
    uses = Counter(fold_path(issue.slug) for issue in letter.issues)
    if len(uses) == len(letter.issues):
        return
    again = [issue for issue in letter.issues if uses[fold_path(issue.slug)] > 1 and letter.known_day(issue)]
    for issue, twin in _twins(again, lambda issue: fold_path(f"{letter.path(issue)}\n{issue.slug}")):
        message = f'the slug "{issue.slug}" is already taken by {twin.source.at("slug")}'
        yield Finding(issue.source.at("slug"), "slug-taken", message, "Give one of the two another slug.")


def check_guids(letter: Letter) -> Iterator[Finding]:
    """Yield issues whose feed id is taken."""
    has_names = any(issue.guid or issue.number is None for issue in letter.issues)
    with_ids = (issue for issue in letter.issues if issue.guid or not issue.is_undated)
    for issue, twin in _twins(with_ids, letter.identity) if has_names else ():
        if issue.guid or twin.guid:
            message = f'the guid "{letter.identity(issue)}" is already used by {twin.source.file}'
            hint = "Feed readers would show only one of the two."
            yield Finding(issue.source.at("guid"), "guid-taken", message, hint)
        elif issue.number is None:
            message = f"this special edition would have the feed id of {twin.source.file}, which has the same name"
            hint = "Give one of the two another file name. Feed readers would show only one of them."
            yield Finding(issue.source.at("guid"), "guid-taken", message, hint)


def _twins(issues: Iterable[Issue], key: Callable[[Issue], str]) -> Iterator[tuple[Issue, Issue]]:
    """Yield each issue whose key an earlier one has, and the first of that key."""
    first: dict[str, Issue] = {}
    for issue in issues:
        twin = first.setdefault(key(issue), issue)
        if twin is not issue:
            yield issue, twin


def check_issue_days(letter: Letter) -> Iterator[Finding]:
    """Yield issues that have no day to come out on, but for drafts that have no number yet."""
    for issue in letter.issues:
        if not (issue.is_undated and issue.status is Status.DRAFT) and (found := missing_day(letter, issue)):
            yield found


def missing_day(letter: Letter, issue: Issue) -> Finding | None:
    """Return why an issue has no day to come out on, and how to give it one; None if it has."""
    if issue.number is None:
        return _no_day_yet(letter, issue) if issue.date is None else None
    has_day = issue.date is not None or letter.schedule.day(issue.number) is not None
    return None if has_day else _no_such_day(issue.source.at("number"), issue.number)


def _no_day_yet(letter: Letter, issue: Issue) -> Finding:
    free = next(number for number in count(max(letter.by_number, default=-1) + 1) if number not in letter.by_number)
    message = f'"{issue.title}" has neither a number nor a date, so it has no day to come out on'
    hint = f"Add number: for a regular issue ({free} is the next without a file), or date: for a special edition."
    return Finding(issue.source.at("title"), "no-number-no-date", message, hint)


def _no_such_day(where: Location, number: int) -> Finding:
    message = f"number {number} is outside the calendar (years 1 to 9999)"
    return Finding(where, "no-such-day", message, "Check the number.")


def check_planned_days(letter: Letter) -> Iterator[Finding]:
    """Yield planned numbers that no day of the cadence reaches."""
    for number, entry in letter.schedule.entries.items():
        if number not in letter.by_number and letter.schedule.day(number) is None:
            yield _no_such_day(entry.where, number)


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
        if plain_marks(issue.title) != plain_marks(entry.title):
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
        name, namesake = names.setdefault(_page_of(series.name), (series.name, issue))
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


class _Member(Struct, frozen=True):
    """A part of a series and when it comes out; `issue` is None for one that is only planned."""

    day: date
    number: int
    part: int
    issue: Issue | None


def check_series_order(letter: Letter) -> Iterator[Finding]:
    """Yield a warning for each series whose parts do not come out in their order, counting those that are only planned."""
    for name, members in _series(letter).items():
        for before, after in pairwise(members):
            if after.issue and after.part < before.part:
                where = after.issue.source.at("series")
                message = (
                    f'part {after.part} of "{name}" comes out on {after.day}, after part {before.part} on {before.day}'
                )
                yield warning(where, "series-order", message, _in_order(members))
                break


def _series(letter: Letter) -> dict[str, list[_Member]]:
    """Return the parts of each series in the order in which they come out."""
    series: dict[str, list[_Member]] = {}
    for issue in letter.issues:
        if issue.series and (day := letter.known_day(issue)):
            series.setdefault(issue.series.name, []).append(_Member(day, issue.number or 0, issue.series.part, issue))
    for number, planned in letter.schedule.parts.items():
        if number not in letter.by_number and (day := letter.schedule.day(number)):
            series.setdefault(planned.name, []).append(_Member(day, number, planned.part, None))
    return {name: sorted(members, key=attrgetter("day", "number")) for name, members in series.items()}


def _in_order(members: Sequence[_Member]) -> str:
    """Return a hint with the right part of each issue of a series that has another one."""
    right = zip(count(min(member.part for member in members)), members)
    wrong = [(part, member.issue) for part, member in right if member.issue and member.part != part]
    changes = [f"part: {part} in {issue.source.at('series')}" for part, issue in wrong[:5]]
    more = "" if len(wrong) <= 5 else f", and so on for {len(wrong) - 5} more"
    return f"Number them in the order of their days: {', '.join(changes)}{more}."


def check_names(letter: Letter) -> Iterator[Finding]:
    """Yield tags and authors that would have another's page; a warning where only spaces and hyphens tell the names apart."""
    standard = (letter.config.author_name,) if letter.config.author_name else ()
    tags = ((tag, issue) for issue in letter.issues for tag in issue.tags)
    authors = ((name, issue) for issue in letter.issues for name in issue.authors)
    yield from _check_names("tag-name", tags, {})
    yield from _check_names("author-name", authors, {_page_of(name): (name, letter.config.file) for name in standard})


def _check_names(rule: str, names: Iterable[tuple[str, Issue]], first: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    """Yield each name whose address an earlier one has; `first` are name and file by address."""
    kind, uses = rule.removesuffix("-name"), dict[str, Issue]()
    for name, issue in names:
        uses.setdefault(name, issue)
    for name, issue in uses.items():
        known, file = first.setdefault(_page_of(name), (name, issue.source.file))
        one, other = spelling(name), spelling(known)
        if one == other:
            continue
        is_one = re.sub(r"[\s_-]+", " ", one) == re.sub(r"[\s_-]+", " ", other)
        message = f'the {kind}s "{name}" and "{known}" in {file} {"share" if is_one else "would share"} one page'
        hint = "Spell the name the same in both." if is_one else "Let another letter or digit tell the two apart."
        severity = Severity.WARNING if is_one else Severity.ERROR
        yield Finding(issue.source.at(f"{kind}s"), rule, message, hint, severity)


def _page_of(name: str) -> str:
    """Return what is equal for names that have one page, as file systems see it; of a name without letters, itself."""
    return fold_path(slug_of_name(name)) or name


def check_audio(letter: Letter) -> Iterator[Finding]:
    """Yield audio that is missing or of unknown size."""
    ready = sorted(
        (issue for issue in letter.issues if issue.status is Status.READY), key=lambda issue: issue.number or 0
    )
    for issue in ready:
        yield from _check_size(issue)
    if letter.config.podcast:
        numbered = [issue for issue in ready if issue.number is not None]
        for index in range(2, len(numbered)):
            yield from _check_missing(numbered[index - 2 : index + 1], is_last=index == len(numbered) - 1)


def _check_size(issue: Issue) -> Iterator[Finding]:
    if issue.audio and issue.audio.url and not issue.audio.bytes:
        hint = (
            "Add bytes: and duration: to audio, which podcast apps show; check --fix --external-links reads them there."
        )
        yield warning(issue.source.at("audio.url"), "audio-length", "feeds cannot state the size of this audio", hint)
    elif issue.audio and issue.audio.file and issue.audio.duration is None:
        hint = 'Add duration: "7:28" to audio, or export the file again.'
        yield warning(
            issue.source.at("audio.file"), "audio-length", "this audio file does not say how long it is", hint
        )


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


Check = Callable[[Letter], Iterable[Finding]]

OF_ISSUES: tuple[Check, ...] = (
    check_numbers,
    check_slugs,
    check_guids,
    check_series,
    check_names,
    check_audio,
    check_chapters,
)
OF_SCHEDULE: tuple[Check, ...] = (
    check_issue_days,
    check_planned_days,
    check_correction_dates,
    check_plan_against_files,
    check_dates_against_cadence,
    check_series_order,
    check_stamped_numbers,
)
OF_CONFIG: tuple[Check, ...] = (check_letter_id, check_books)


def check_rules(letter: Letter, *, config: bool = True, schedule: bool = True) -> list[Finding]:
    """Return the findings of every rule of the letter, at any instant, less what is waived.

    `config` and `schedule` tell whether letter.yaml and schedule.yaml are sound; else the rules about them are left out.
    """
    checks = (*OF_ISSUES, *(OF_SCHEDULE if schedule else ()), *(OF_CONFIG if config else ()))
    found = [finding for check in checks for finding in check(letter) if not letter.allows(finding)]
    return [finding for finding in found if not letter.doubts.explain(finding)]


def check_future_corrections(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """Yield a warning for each correction dated in the future, which feeds would show as news."""
    for issue in letter.issues:
        if issue.corrected and (last := issue.corrected[-1].date) > as_of.date():
            message = f"the correction is dated {last}, which is in the future"
            yield warning(issue.source.at("corrected"), "corrected-ahead", message, "Check the date.")


def check_recordings(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """Yield texts changed since they were recorded: errors once the issue is out, until then warnings."""
    for issue in letter.issues:
        is_edited = issue.audio and issue.recorded and issue.recorded != issue.body.digest and not issue.corrected
        if issue.status is Status.READY and is_edited and (day := letter.known_day(issue)):
            where = issue.source.at("recorded")
            message = "the text was changed after it was recorded, so the audio no longer matches it"
            again = "remove recorded:" if issue.number is None else f"run: weekahead ready {issue.number}"
            if letter.schedule.instant(day) <= as_of:
                declare = f"declare the change, corrected: [{{date: {as_of.date()}, what: Say what.}}]"
                hint = f"Restore the text; or {declare}; or record it again and {again}"
                yield Finding(where, "recorded-then-edited", message, hint)
            else:
                hint = f"Restore the text, or record it again and {again} (this is an error once the issue is out)"
                yield warning(where, "recorded-then-edited", message, hint)


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
