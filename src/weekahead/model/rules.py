"""The rules of a letter: each a small function from a letter to findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count

from weekahead.model.audio_rules import audio_findings, chapter_findings
from weekahead.model.findings import Finding, Location, warning
from weekahead.model.issue import Issue, Status
from weekahead.model.letter import Letter, fold_path


def numbers_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[int, Issue] = {}
    for issue in letter.issues:
        if issue.number is None:
            continue
        if twin := first.get(issue.number):
            free = max(first) + 1
            yield Finding(
                where=issue.source.at("number"),
                rule="number-taken",
                message=f"number {issue.number} is already taken by {twin.source.at('number')}",
                hint=f"The next number without an issue file is {_next_free(letter, free)}.",
            )
        else:
            first[issue.number] = issue


def _next_free(letter: Letter, least: int) -> int:
    taken = {issue.number for issue in letter.issues}
    return next(number for number in range(least, least + len(taken) + 1) if number not in taken)


def slugs_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[str, Issue] = {}
    for issue in letter.issues:
        twin = first.setdefault(fold_path(issue.slug), issue)
        if twin is not issue:
            message = f'the slug "{issue.slug}" is already taken by {twin.source.at("slug")}'
            yield Finding(
                where=issue.source.at("slug"),
                rule="slug-taken",
                message=message,
                hint="Give one of the two another slug.",
            )


def guids_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[str, Issue] = {}
    if not any(issue.guid for issue in letter.issues):
        return
    for issue in letter.issues:
        twin = first.setdefault(letter.identity(issue), issue)
        if twin is not issue and (issue.guid or twin.guid):
            message = f'the guid "{letter.identity(issue)}" is also that of {twin.source.file}'
            yield Finding(
                where=issue.source.at("guid"),
                rule="guid-taken",
                message=message,
                hint="Feed readers would show only one of the two.",
            )


def every_issue_has_a_day(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        if issue.number is None and issue.date is None:
            hint = "Give it number: (a regular issue) or date: (a special edition)."
            yield Finding(
                where=issue.source.at("title"),
                rule="no-number-no-date",
                message="an issue without a number needs a date",
                hint=hint,
            )
        elif issue.date is None and issue.number is not None and letter.schedule.day(issue.number) is None:
            message = f"number {issue.number} lies beyond the end of the calendar"
            yield Finding(where=issue.source.at("number"), rule="no-such-day", message=message)


def corrections_come_after_the_issue(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        day = issue.date or (None if issue.number is None else letter.schedule.day(issue.number))
        if issue.corrected and day and issue.corrected[0].date < day:
            message = f"it was corrected on {issue.corrected[0].date}, but it comes out on {day}"
            hint = "A correction is what readers may have read otherwise; leave out what was put right before."
            yield Finding(where=issue.source.at("corrected"), rule="corrected-early", message=message, hint=hint)


def plan_and_file_agree(letter: Letter) -> Iterator[Finding]:
    for number, entry in letter.schedule.entries.items():
        issue = letter.by_number.get(number)
        if issue is None:
            continue
        if issue.date and entry.date and issue.date != entry.date:
            message = f"the date is {issue.date}, but {entry.where} says {entry.date}"
            yield Finding(
                where=issue.source.at("date"),
                rule="date-disagrees",
                message=message,
                hint="Let one of the two go.",
            )
        if issue.title != entry.title:
            message = f'the title is "{issue.title}", but {entry.where} says "{entry.title}"'
            yield warning(issue.source.at("title"), "title-disagrees", message, "Change the plan's title, or this one.")


def dates_are_on_the_cadence(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        if issue.number is None or issue.date is None:
            continue
        due = letter.schedule.cadence_day(issue.number)
        if issue.date == due:
            continue
        entry = letter.schedule.entries.get(issue.number)
        declared = {entry.date if entry else None, letter.schedule.slips.get(issue.number)}
        if issue.date not in declared:
            message = (
                f"number {issue.number} is dated {issue.date:%A} {issue.date}, but the cadence has it on {due:%A} {due}"
                if due
                else ""
            )
            hint = f"Declare it in schedule.yaml: slips: {{{issue.number}: {issue.date}}}" + (
                f", or skip: [{due}]." if due else "."
            )
            yield warning(issue.source.at("date"), "off-cadence", message, hint)


def series_add_up(letter: Letter) -> Iterator[Finding]:
    parts: dict[str, dict[int, Issue]] = defaultdict(dict)
    totals: dict[str, tuple[int, Issue]] = {}
    names: dict[str, tuple[str, Issue]] = {}
    for issue in letter.issues:
        part = issue.series
        if part is None:
            continue
        name, namesake = names.setdefault(part.slug, (part.name, issue))
        if name != part.name:
            message = f'the series "{part.name}" and "{name}" of {namesake.source.file} would share one page'
            yield Finding(
                where=issue.source.at("series"),
                rule="series-name",
                message=message,
                hint="Spell the name the same in both.",
            )
        if twin := parts[part.name].get(part.part):
            message = f'part {part.part} of "{part.name}" is already {twin.source.at("series")}'
            yield warning(
                issue.source.at("series"),
                "series-part-taken",
                message,
                "Number the parts of a series one after another.",
            )
        parts[part.name][part.part] = issue
        if part.of is not None:
            of, first = totals.setdefault(part.name, (part.of, issue))
            if of != part.of:
                message = f'"{part.name}" has {part.of} parts here, but {of} in {first.source.at("series")}'
                yield warning(issue.source.at("series"), "series-total", message, "Give every part the same `of`.")


def audio_is_sound(letter: Letter) -> Iterator[Finding]:
    yield from audio_findings(letter.issues, letter.config.podcast is not None)
    for issue in letter.issues:
        yield from chapter_findings(issue)


def stamped_numbers_have_days(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        for line in issue.next or ():
            if line.date is None and letter.schedule.day(line.number) is None:
                message = f"number {line.number} lies beyond the end of the calendar"
                yield Finding(where=issue.source.at("next"), rule="no-such-day", message=message)


def the_letter_has_an_id(letter: Letter) -> Iterator[Finding]:
    if letter.config.id is None:
        import uuid

        proposal = uuid.uuid5(uuid.NAMESPACE_URL, letter.config.url)
        message = "the letter has no id, so its feed ids come from url and would change with it"
        yield warning(
            Location(letter.config.file, 1),
            "letter-without-id",
            message,
            f"Add a line: id: urn:uuid:{proposal}",
        )


RULES: tuple[Callable[[Letter], Iterable[Finding]], ...] = (
    numbers_are_unique,
    slugs_are_unique,
    guids_are_unique,
    every_issue_has_a_day,
    corrections_come_after_the_issue,
    plan_and_file_agree,
    dates_are_on_the_cadence,
    series_add_up,
    audio_is_sound,
    stamped_numbers_have_days,
    the_letter_has_an_id,
)


def check_rules(letter: Letter) -> list[Finding]:
    """What every rule of the letter finds, whatever the instant, less what is allowed."""
    return [finding for rule in RULES for finding in rule(letter) if not letter.allows(finding)]


def missed_slots(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """A warning for each past slot, since the first known number, without a published issue."""
    known = [*letter.by_number, *letter.schedule.entries]
    if not known:
        return
    ready = {number for number, issue in letter.by_number.items() if issue.status is Status.READY}
    first = next(number for number in count(min(known)) if number not in ready)  # the days of those before tell nothing
    for number, day in letter.schedule.due(as_of, first):
        issue = letter.by_number.get(number)
        if issue and issue.status is Status.READY:
            continue
        entry = letter.schedule.entries.get(number)
        where = issue.source.at("status") if issue else entry.where if entry else Location("schedule.yaml", 1)
        what = (
            f"its issue is still in {issue.status}"
            if issue and issue.status is Status.REVIEW
            else "its issue is still a draft"
            if issue
            else "it has no issue file"
        )
        message = f"number {number} was due on {day:%A} {day}, but {what}"
        yield warning(
            where,
            "missed-slot",
            message,
            f"Publish it, or declare the pause: skip: [{day}] in schedule.yaml.",
        )


def corrected_ahead(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """A warning for each correction of a day that is still to come, which feeds would show as news from the future."""
    for issue in letter.issues:
        if issue.corrected and (last := issue.corrected[-1].date) > as_of.date():
            yield warning(
                issue.source.at("corrected"), "corrected-ahead", f"it is corrected on {last}, which is still to come"
            )


def short_buffer(letter: Letter, ready: int) -> Iterator[Finding]:
    """A warning when fewer issues are finished than the letter means to have."""
    if ready < letter.schedule.buffer:
        message = f"{ready} issues are ready, but the letter means to have {letter.schedule.buffer}"
        yield warning(Location("schedule.yaml", 1), "short-buffer", message, "Finish the next ones, or lower buffer.")
