"""Carry drafts along with an edit of the plan: the number, day, title and series part in their files, and their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import BuildError
from weekahead.model.issue import Issue, slug_from_stem
from weekahead.model.letter import Letter
from weekahead.model.rules import check_rules
from weekahead.model.schedule import Schedule
from weekahead.site.published import is_published
from weekahead.source.loader import LoadedLetter
from weekahead.source.schedule_editor import EditError, ScheduleEditor
from weekahead.source.text_edit import LetterEdit


class CarriedDraft(Struct, frozen=True):
    """A draft as it was, and as it is after the edit."""

    before: Issue
    after: Issue

    @property
    def renamed(self) -> tuple[str, str]:
        """The name of its file, or of its folder, before and after."""
        old, new = self.before.source, self.after.source
        return (old.folder, new.folder) if old.is_folder_issue else (old.file, new.file)


def carry_drafts(loaded: LoadedLetter, editor: ScheduleEditor, now: datetime, edit: LetterEdit) -> None:
    """Add to an edit of the plan what it changes in the files of drafts, and in links to them.

    Raise EditError for a published issue, a move into the past, a file in the way, or an outcome with a new error.
    """
    letter = loaded.letter
    assert letter, "only a letter that can be read is edited"
    if not (editor.renumbered or editor.titles or editor.schedule.skip != letter.schedule.skip):
        return
    _refuse_published(letter, editor, now)
    _refuse_past(letter, editor, now)
    carried = [*_carried(letter, editor, now)]
    _refuse_unread(loaded, editor, bool(carried))
    if not carried:
        return
    from weekahead.build.draft_text import change_front_matter
    from weekahead.build.renamed_links import RenamedLinks

    after = _letter_after(letter, editor, carried)
    for draft in carried:
        change_front_matter(edit, draft.before, draft.after)
        old, new = draft.renamed
        if old != new:
            edit.rename(old, new)
    RenamedLinks(letter, after, carried).change(edit)
    if name := edit.taken_name():
        raise EditError(f"there is a file in the way: {name}")
    _refuse_new_errors(letter, after)


# -- what is refused


def _refuse_published(letter: Letter, editor: ScheduleEditor, now: datetime) -> None:
    published = {number: issue for number, issue in letter.by_number.items() if is_published(letter, issue, now)}
    for number, verb in [*((n, "moved") for n in editor.renumbered), *((n, "renamed") for n in editor.titles)]:
        if issue := published.get(number):
            hint = "; change its title in the file" if verb == "renamed" else ""
            raise EditError(f"number {number} is published and cannot be {verb}: {issue.source.file}{hint}")
        issue = letter.by_number.get(number)
        if issue and issue.next and verb == "moved":
            commands = f"run weekahead unpublish {number} first, and weekahead ready again afterwards"
            raise EditError(
                f"number {number} is ready, and what comes next is stamped in {issue.source.file}; {commands}"
            )
    if editor.schedule.skip != letter.schedule.skip:
        after = replace(editor.schedule, written=letter.schedule.written)
        for number, issue in published.items():
            if (day := after.day(number)) != letter.schedule.day(number):
                hint = f"give it the line date: {letter.schedule.day(number)} first"
                raise EditError(
                    f"this would move number {number}, which is published, to {day}: {issue.source.file}; {hint}"
                )


def _refuse_past(letter: Letter, editor: ScheduleEditor, now: datetime) -> None:
    for number, other in editor.renumbered.items():
        day = _planned_day(editor.schedule, other)
        is_there = number in letter.by_number or number in letter.schedule.entries
        if is_there and day is None:
            raise EditError(f"number {other} is beyond the end of the calendar")
        if is_there and day and editor.schedule.instant(day) <= now:
            raise EditError(f"number {other} was due on {day}, which is past")


def _refuse_unread(loaded: LoadedLetter, editor: ScheduleEditor, touches_files: bool) -> None:
    """Raise BuildError if an issue that cannot be read may be one of those that move, or may link to one."""
    numbers = {*editor.renumbered, *editor.renumbered.values(), *editor.titles}
    for finding in loaded.findings:
        name = re.match(r"issues/(\d+)", finding.where.file)
        is_meant = name and int(name[1]) in numbers
        if finding.is_error and (is_meant or (touches_files and finding.where.file.startswith(("issues/", "pages/")))):
            raise BuildError([finding])
    letter = loaded.letter
    twins = [issue for issue in letter.issues if issue.number in numbers] if letter else []
    seen: dict[int | None, Issue] = {}
    for issue in twins:
        if (twin := seen.setdefault(issue.number, issue)) is not issue:
            raise EditError(f"two files have the number {issue.number}: {twin.source.file} and {issue.source.file}")


def _refuse_new_errors(before: Letter, after: Letter) -> None:
    known = Counter(finding.rule for finding in check_rules(before) if finding.is_error)
    for finding in check_rules(after):
        known[finding.rule] -= finding.is_error
        if known[finding.rule] < 0:
            raise EditError(f"the letter would have an error then: {finding.message} ({finding.where.file})")


# -- what drafts become


def _planned_day(schedule: Schedule, number: int) -> date | None:
    """Return the day of a number as the plan has it, whatever its file says."""
    return replace(schedule, written={}).day(number)


def _new_day(letter: Letter, editor: ScheduleEditor, number: int) -> date | None:
    """Return the day on which what a number was about comes out after the edit: the plan's, or one that its file alone has."""
    issue = letter.by_number.get(number)
    if issue and issue.date and issue.date != _planned_day(letter.schedule, number):
        return issue.date
    return _planned_day(editor.schedule, editor.renumbered.get(number, number))


def _carried(letter: Letter, editor: ScheduleEditor, now: datetime) -> Iterator[CarriedDraft]:
    before, after = replace(letter.schedule, written={}), replace(editor.schedule, written={})
    parts = _series_parts(letter, editor, now)
    padded = (re.match(r"0\d+", issue.source.stem) for issue in letter.issues)
    widths = {len(match[0]) for match in padded if match}
    for issue in letter.issues:
        if issue.number is None or is_published(letter, issue, now):
            continue
        number = editor.renumbered.get(issue.number, issue.number)
        day = _new_day(letter, editor, issue.number) if issue.date else None
        part = parts.get(issue.source.file)
        series = replace(issue.series, part=part) if part and issue.series else issue.series
        title = editor.titles.get(issue.number, issue.title)
        changed = replace(issue, number=number, date=day, series=series, title=title)
        if changed != issue:
            yield CarriedDraft(issue, _renamed(changed, issue, before.day(issue.number), after.day(number), widths))


def _renamed(changed: Issue, issue: Issue, old_day: date | None, new_day: date | None, widths: set[int]) -> Issue:
    """Return an issue whose file or folder has its new number, or day, in its name where it had the old one.

    `widths` are those of the numbers with leading zeros in the names of the letter's issues.
    """
    stem = issue.source.stem
    digits = re.match(r"\d+", stem)
    if old_day and new_day and re.match(rf"{old_day}(?=\W|_|$)", stem):
        new = f"{new_day}{stem[len(str(old_day)) :]}"
    elif digits and int(digits[0]) == issue.number and changed.number != issue.number:
        width = len(digits[0]) if len(digits[0]) in widths else 0
        new = f"{changed.number:0{width}}{stem[len(digits[0]) :]}"
    else:
        return changed
    folder = issue.source.folder.rpartition("/")[0] if issue.source.is_folder_issue else issue.source.folder
    file = f"{folder}/{new}/index.md" if issue.source.is_folder_issue else f"{folder}/{new}.md"
    has_own_slug = re.search(r"(^| )slug:", issue.source.key_positions)
    slug = issue.slug if has_own_slug else slug_from_stem(new)
    return replace(changed, source=replace(issue.source, file=file), slug=slug)


def _letter_after(letter: Letter, editor: ScheduleEditor, carried: list[CarriedDraft]) -> Letter:
    changed = {draft.before.source.file: draft.after for draft in carried}
    issues = tuple(changed.get(issue.source.file, issue) for issue in letter.issues)
    written = {issue.number: issue for issue in issues if issue.number is not None}
    return replace(letter, schedule=replace(editor.schedule, written=written), issues=issues)


# -- series


def _series_parts(letter: Letter, editor: ScheduleEditor, now: datetime) -> Mapping[str, int]:
    """Return the parts of drafts in their series, by their files: a series that was in the order of its days stays so."""
    drafts = [
        issue
        for issue in letter.issues
        if issue.series and issue.number is not None and not is_published(letter, issue, now)
    ]
    parts: dict[str, int] = {}
    for name in {issue.series.name for issue in drafts if issue.series}:
        written = {issue.number: issue for issue in drafts if issue.series and issue.series.name == name}
        planned = {
            number
            for number, entry in letter.schedule.entries.items()
            if entry.series == name and entry.state.counts and number not in letter.by_number
        }
        numbers = sorted(number for number in {*written, *planned} if number is not None)
        before = sorted(numbers, key=lambda number: letter.schedule.day(number) or date.max)
        after = sorted(
            numbers,
            key=lambda number: (
                _new_day(letter, editor, number) or date.max,
                editor.renumbered.get(number, number),
            ),
        )
        parts |= _parts_in_order(written, before, after)
    return parts


def _parts_in_order(written: Mapping[int | None, Issue], before: list[int], after: list[int]) -> dict[str, int]:
    old = [issue.series.part for number in before if (issue := written.get(number)) and issue.series]
    gaps = {part - before.index(number) for number, part in zip(filter(written.get, before), old, strict=True)}
    order = [number for number in after if number in written]
    if len(gaps) == 1:  # the plan's order decides, also of what is not written yet
        (first,) = gaps
        return {written[number].source.file: first + after.index(number) for number in order}
    if old != sorted(old):
        return {}
    return {written[number].source.file: part for number, part in zip(order, old, strict=True)}
