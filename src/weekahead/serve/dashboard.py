"""The author's desk without HTML: what it shows of a letter, and the edits of the plan that its forms ask for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.build.schedule_edit import edit_schedule
from weekahead.model.findings import Finding
from weekahead.model.schedule import Idea, Promise, Schedule, Slot, State, describe_promise
from weekahead.site.published import PublishedIssue, PublishedView
from weekahead.source.schedule_editor import EditError, ScheduleEditor, plan_digest

MAX_WEEKS = 104
SPARE_WEEKS = 3
"""Empty weeks shown after the last one that is planned, to drag into."""


# -- what is shown


class Week(Slot, frozen=True, kw_only=True):
    """A coming slot, and what may be done with it."""

    label: str
    days: int
    """Days from now."""
    series: str
    """ "Part 2 of 8, Basics", or nothing."""
    notes: str
    is_promised: bool
    """Whether it lies within the horizon."""
    has_entry: bool
    """Whether it is an entry of the plan."""
    page: str | None
    """The path of its page in the preview."""
    file: str | None
    """The file of its draft; None for what is published or not written."""
    skipped: tuple[date, ...]
    """Days without an issue that come before it."""

    @property
    def is_empty(self) -> bool:
        return not (self.written or self.has_entry)


class Draft(Struct, frozen=True, kw_only=True):
    """An issue that is not published yet: how long it is, and the findings in its file."""

    issue: PublishedIssue
    words: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)


class Dashboard(Struct, frozen=True, kw_only=True):
    """The whole desk as of an instant."""

    plan: str
    """The digest of the plan that is shown, which every form of it sends along."""
    promise: Promise
    weeks: tuple[Week, ...]
    drafts: tuple[Draft, ...]
    ideas: tuple[Idea, ...]
    median: int
    """The median number of words of a published issue; 0 while there is none."""
    findings: tuple[Finding, ...]
    """Those of no draft: the letter's, the plan's, and of published issues."""
    sent: tuple[str, ...] = ()
    """What was mailed to how many, and what is in doubt: a line for each of the last issues."""

    @property
    def standing(self) -> str:
        """How the promise stands, in words."""
        return describe_promise(self.promise)


def make_dashboard(
    schedule: Schedule, public: PublishedView, words: Mapping[str, int], findings: Iterable[Finding], standing: Promise
) -> Dashboard:
    """Return the desk of a letter. `public` has the drafts as well; `words` is the length of each issue, by its file."""
    drafts = [issue for issue in public.issues if issue.mark]
    by_file: dict[str, list[Finding]] = {draft.source.file: [] for draft in drafts}
    others: list[Finding] = []
    for finding in findings:
        by_file.get(finding.where.file, others).append(finding)
    published = [issue for issue in public.issues if not issue.mark and issue.number is not None]
    lengths = [words[issue.source.file] for issue in published]
    return Dashboard(
        plan=plan_digest(schedule),
        promise=standing,
        weeks=tuple(_weeks(schedule, public, standing)),
        drafts=tuple(
            Draft(issue=draft, words=words[draft.source.file], findings=tuple(by_file[draft.source.file]))
            for draft in reversed(drafts)
        ),
        ideas=schedule.backlog,
        median=round(median(lengths)) if lengths else 0,
        findings=tuple(others),
    )


def _weeks(schedule: Schedule, public: PublishedView, standing: Promise) -> Iterable[Week]:
    """Yield the slots to the horizon's end or the last thing planned, whichever is later, and some empty ones."""
    last = max([standing.slots[-1].number, *schedule.entries, *schedule.written])
    pauses = schedule.skipped(standing.as_of.date() + timedelta(days=1), date.max)
    spare = SPARE_WEEKS
    for slot in islice(schedule.slots(standing.as_of), MAX_WEEKS):
        spare -= slot.number > last
        if spare < 0:
            return
        skipped = tuple(day for day in pauses if day < slot.date)
        pauses = pauses[len(skipped) :]
        yield _week(schedule, public, standing, slot, skipped)


def _week(schedule: Schedule, public: PublishedView, standing: Promise, slot: Slot, skipped: tuple[date, ...]) -> Week:
    entry, issue = schedule.entries.get(slot.number), public.by_number.get(slot.number)
    total = f" of {slot.part.of}" if slot.part and slot.part.of else ""
    return Week(
        **asdict(slot),
        label=f"{schedule.noun} {slot.number}",
        days=(slot.date - standing.as_of.date()).days,
        series=f"Part {slot.part.part}{total}, {slot.part.name}" if slot.part else "",
        notes=(entry.notes if entry else None) or "",
        is_promised=slot.at <= standing.horizon_ends,
        has_entry=entry is not None,
        page=issue.path if issue else None,
        file=issue.source.file if issue and issue.mark else None,
        skipped=skipped,
    )


class Day(Struct, frozen=True):
    """A day of a month: the slot that falls on it, and whether the plan skips it."""

    date: date
    week: Week | None
    is_skipped: bool


class Month(Struct, frozen=True):
    """A month of the plan. So many days of its first week, which begins on a Monday, and of its last belong to other months."""

    first: date
    before: int
    after: int
    days: tuple[Day, ...]


def months(weeks: Iterable[Week]) -> list[Month]:
    """Return the months in which the slots of a plan fall, whole."""
    by_day = {week.date: week for week in weeks}
    skipped = {day for week in by_day.values() for day in week.skipped}
    firsts = sorted({day.replace(day=1) for day in (*by_day, *skipped)})
    found = []
    for first in firsts:
        count = monthrange(first.year, first.month)[1]
        dates = (first.replace(day=number) for number in range(1, count + 1))
        days = tuple(Day(day, by_day.get(day), day in skipped) for day in dates)
        found.append(Month(first, first.weekday(), -(first.weekday() + count) % 7, days))
    return found


# -- what its forms change


def submit_form(root: Path, form: Mapping[str, str]) -> list[str]:
    """Make the edit that a form asks for; return the lines removed ("- ") and added ("+ ") as `edit_schedule` does.

    `do` says what: `move` what is planned or written for `number` to `to`, or swap the two if that is taken as well; set another
    `state`; `rename` it to a `new_title`; `drop` a number into the backlog; `take` an `idea`, its place from 0 and its title, for the number `to`; `add` a `title` for
    `to`. `title` is what the author's page showed, and `plan` the digest of the plan on it: if something else is there
    by now, nothing is changed. Raise BuildError for a letter with errors, and EditError for an edit that makes no sense.
    """
    return edit_schedule(root, lambda editor: _edit(editor, form))


def _edit(editor: ScheduleEditor, form: Mapping[str, str]) -> None:
    if form.get("plan", seen := plan_digest(editor.schedule)) != seen:
        raise EditError("the plan has changed since this page was shown; look at it again")
    match form.get("do"):
        case "move":
            number, other = _unchanged_number(editor, form), _number(form, "to")
            if other in editor.schedule.entries or other in editor.schedule.written:
                editor.swap(number, other)
            else:
                editor.move(number, other)
        case "state":
            number, state = _unchanged_number(editor, form), form.get("state", "")
            if state not in list(State):
                raise EditError(f'unknown state "{state}"; the states are {", ".join(State)}')
            editor.set_state(number, state)
        case "rename":
            editor.rename(_unchanged_number(editor, form), form.get("new_title", ""))
        case "drop":
            editor.drop(_unchanged_number(editor, form))
        case "take":
            editor.take(_unchanged_idea(editor, form), _number(form, "to"))
        case "add":
            editor.add(_number(form, "to"), form.get("title", ""))
        case _:
            raise EditError(f'unknown action "{form.get("do", "")}"')


def _unchanged_number(editor: ScheduleEditor, form: Mapping[str, str]) -> int:
    """Return the number that is to change, if it still has the title that the author saw."""
    number, title = _number(form, "number"), form.get("title", "").strip()
    there = editor.schedule.written.get(number) or editor.schedule.entries.get(number)
    if there and title and there.title != title:
        raise EditError(f"number {number} is now “{there.title}”; look at the plan again")
    return number


def _unchanged_idea(editor: ScheduleEditor, form: Mapping[str, str]) -> int:
    """Return where an idea is in the backlog, if it is still the one that the author saw there."""
    number, _, seen = form.get("idea", "").partition(" ")
    index, ideas = _number({"idea": number}, "idea"), editor.schedule.backlog
    title = seen or form.get("title", "").strip()
    if index >= len(ideas) or (title and ideas[index].title != title):
        raise EditError("the backlog has changed; choose the idea again")
    return index


def _number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise EditError(f"`{name}` must be a number")
    return int(text)
