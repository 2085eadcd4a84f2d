"""Rules about the cadence: slots without an issue, and dates off the cadence, each row of them one finding.

A row of missed slots, or of issues that one pause has moved, has one cause and one remedy: a line for schedule.yaml, which the hint gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, count, groupby

from weekahead.model.findings import Finding, Location, warning
from weekahead.model.issue import Issue, Status
from weekahead.model.letter import Letter
from weekahead.model.schedule import Schedule

Days = tuple[date, date]
"""The first and the last day of a pause."""


def declaration(schedule: Schedule, pauses: Sequence[Days], slips: Mapping[int, date]) -> str:
    """Return the words that declare pauses and slips in schedule.yaml: whole lines, or what to add to those that are there."""
    days = [str(first) if first == last else f"{{from: {first}, until: {last}}}" for first, last in pauses]
    own = [f"{number}: {day}" for number, day in sorted(slips.items())]
    parts = []
    if days:
        parts.append(f"add to skip: {', '.join(days)}" if schedule.skip else f"skip: [{', '.join(days)}]")
    if own:
        parts.append(f"add to slips: {', '.join(own)}" if schedule.slips else f"slips: {{{', '.join(own)}}}")
    return " and ".join(parts)


def _numbers(numbers: Sequence[int]) -> str:
    """Return numbers in words: number 3, numbers 3 to 413, 12 numbers from 3 to 20."""
    first, last = min(numbers), max(numbers)
    if first == last:
        return f"number {first}"
    return (
        f"numbers {first} to {last}"
        if last - first < len(numbers)
        else f"{len(numbers)} numbers from {first} to {last}"
    )


# -- slots without an issue


def check_missed_slots(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """Yield a warning for each row of past slots, since the first known number, without a published issue."""
    known = [*letter.by_number, *letter.schedule.entries]
    if not known:
        return
    ready = {number for number, issue in letter.by_number.items() if issue.status is Status.READY}
    first = next(number for number in count(min(known)) if number not in ready)  # earlier slots cannot be missed
    due = dict(letter.schedule.due(as_of, first))
    for is_ready, numbers in groupby(due, lambda number: number in ready):
        row = [] if is_ready else [*numbers]
        by_cadence = [number for number in row if not letter.schedule.has_own_date(number)]
        for missed in (by_cadence, *([number] for number in row if number not in by_cadence)):
            if missed:
                hint = _remedy(letter.schedule, [due[number] for number in missed], missed[0], ready & {*due})
                yield _missed(letter, missed, due, hint)


def _missed(letter: Letter, numbers: Sequence[int], due: Mapping[int, date], remedy: str) -> Finding:
    first, last = due[numbers[0]], due[numbers[-1]]
    issue, entry = letter.by_number.get(numbers[0]), letter.schedule.entries.get(numbers[0])
    where = issue.source.at("status") if issue else entry.where if entry else Location("schedule.yaml", 1)
    if len(numbers) == 1:
        message = f"number {numbers[0]} was due on {first:%A} {first}, but {_reason_missed(issue)}"
        return warning(where, "missed-slot", message, f"Publish it, or {remedy}.")
    without = sum(number not in letter.by_number for number in numbers)
    reason = "they have no issue files" if without == len(numbers) else "their issues are not ready"
    if 0 < without < len(numbers):
        reason = f"{without} of them have no issue file, and the others are not ready"
    message = f"{_numbers(numbers)} were due from {first:%A} {first} to {last:%A} {last}, but {reason}"
    return warning(where, "missed-slot", message, f"Publish them, or {remedy}.")


def _reason_missed(issue: Issue | None) -> str:
    if issue is None:
        return "it has no issue file"
    return "its issue is still in review" if issue.status is Status.REVIEW else "its issue is still a draft"


def _remedy(schedule: Schedule, days: Sequence[date], number: int, published: set[int]) -> str:
    """Return what to do about slots from a number on, other than to publish them."""
    anchor = schedule.anchor[1]
    if schedule.has_own_date(number):
        return "give it another date"
    if any(each > number for each in published):  # a pause would move these, and leave the numbers before them empty
        return f"number the later issues from {number} on: a day can be skipped, a number cannot"
    if days[0] <= anchor <= days[-1]:
        return f"choose another anchor: its day, {anchor}, cannot be skipped"
    return f"declare the pause in schedule.yaml: {declaration(schedule, [(days[0], days[-1])], {})}"


# -- dates off the cadence


def check_dates_against_cadence(letter: Letter) -> Iterator[Finding]:
    """Yield a warning for each row of issues dated off the cadence without a declaration, seen from the anchor."""
    anchor, issues = letter.schedule.anchor[0], sorted(letter.by_number.values(), key=_number)
    if all(issue.date is None or issue.date == _due(letter.schedule, issue) for issue in issues):
        return
    dated = [issue for issue in issues if issue.date and not _is_declared(letter, issue)]
    yield from _off_cadence(letter, [issue for issue in dated if _number(issue) == anchor])
    yield from _off_cadence(letter, [issue for issue in dated if _number(issue) > anchor])
    yield from _off_cadence(letter, [issue for issue in reversed(dated) if _number(issue) < anchor])


def _number(issue: Issue) -> int:
    assert issue.number is not None
    return issue.number


def _is_declared(letter: Letter, issue: Issue) -> bool:
    """Return whether an issue's date is in schedule.yaml, or the rule is waived for it."""
    number, schedule = _number(issue), letter.schedule
    entry = schedule.entries.get(number)
    declared = entry.date if entry else None, schedule.slips.get(number)
    return issue.date in declared or letter.waives("off-cadence", issue.source.file)


def _off_cadence(letter: Letter, issues: Sequence[Issue]) -> Iterator[Finding]:
    """Yield a warning for each row off the cadence among issues that follow one another, away from the anchor."""
    schedule = letter.schedule
    rows = [(is_due, [*row]) for is_due, row in groupby(issues, lambda issue: issue.date == _due(schedule, issue))]
    for place, (is_due, row) in enumerate(rows):
        if is_due:
            continue
        issue, due = row[0], _due(schedule, row[0])
        planned = f"the cadence has it on {due:%A} {due}" if due else "the cadence has no day for it"
        message = f"number {issue.number} is dated {issue.date:%A} {issue.date}, but {planned}"
        if len(row) > 1:
            message = f"{_numbers([*map(_number, row)])} are dated off the cadence: {message}"
        is_last = place == len(rows) - 1 and issue.number != schedule.anchor[0]
        yield warning(
            issue.source.at("date"), "off-cadence", message, _off_cadence_hint(schedule, row, is_last=is_last)
        )


def _due(schedule: Schedule, issue: Issue) -> date | None:
    return schedule.cadence_day(_number(issue))


def _off_cadence_hint(schedule: Schedule, row: Sequence[Issue], *, is_last: bool) -> str:
    """Return what to declare. A pause moves every later issue as well, so it explains only the last row."""
    if len(row) == 1 and row[0].status is not Status.READY and (due := _due(schedule, row[0])):
        return _hint_for_draft(schedule, row[0], due)
    slips = {_number(issue): issue.date for issue in row if issue.date}
    pauses, needed = _pauses_and_slips(schedule, row) if is_last else ([], slips)
    weekday, times = Counter(f"{day:%A}" for day in needed.values()).most_common(1)[0] if needed else ("", 0)
    if times > 20:
        return f"If the letter comes out on {weekday}s, say so in cadence:, or correct the dates."
    hint = f"Declare it in schedule.yaml: {declaration(schedule, pauses, needed)}"
    if len(row) == 1 and pauses and not needed:
        hint += f", or {declaration(schedule, [], slips)}"
    return f"{hint}."


def _hint_for_draft(schedule: Schedule, issue: Issue, due: date) -> str:
    """Return what to do about the date of a draft, which needs none."""
    number, day = _number(issue), issue.date or due
    keep = f"declare it in schedule.yaml: {declaration(schedule, [], {number: day})}"
    if number in schedule.entries:
        keep = f"add date: {day} to number {number} in schedule.yaml"
    return f"Remove this line, since the schedule has the day, or write {due}. To keep {day}, {keep}."


def _pauses_and_slips(schedule: Schedule, row: Sequence[Issue]) -> tuple[list[Days], dict[int, date]]:
    """Return the pauses and the slips that bring a row of issues, away from the anchor, onto the cadence."""
    step = 1 if _number(row[0]) > schedule.anchor[0] else -1
    number = _number(row[0]) - step
    slots = schedule.days_beyond(number, step)
    pauses: list[Days] = []
    slips: dict[int, date] = {}
    for issue in row:
        day, gap = issue.date or date.max, abs(_number(issue) - number)
        passed: list[date] = []
        while len(passed) < gap or (passed[-1] - day).days * step < 0:
            if (slot := next(slots, None)) is None:
                return [], {_number(each): each.date for each in row if each.date}
            passed.append(slot)
        if len(passed) > gap and abs(passed[-2] - day) < abs(passed[-1] - day):  # it slipped beyond its slot
            slots = chain([passed.pop()], slots)
        if passed[-1] != day:
            slips[_number(issue)] = day
        if skipped := sorted(passed[gap - 1 : -1]):
            pauses.append((skipped[0], skipped[-1]))
        number = _number(issue)
    return sorted(pauses), slips
