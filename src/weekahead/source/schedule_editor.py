"""Edit the text of schedule.yaml: an edit changes its own lines, and comments, order, quotes and columns stay.

The text is parsed once before the edits, and once after them to check that it says what was meant: an edit that a
file's way of writing does not allow is refused and never half made.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from weekahead.model.findings import BuildError, Finding, Location
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Status
from weekahead.model.letter import Letter
from weekahead.model.schedule import LONGEST_PAUSE, Entry, Idea, Schedule, State, compute_promise
from weekahead.source.schedule_file import SKIP, parse_schedule
from weekahead.source.yaml_edit import YamlEdit
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map

FILE = "schedule.yaml"


class EditError(ValueError):
    """The edit makes no sense for this schedule; the message says why."""


class ScheduleEditor:
    """Edits a schedule's text: text in, `result()` out. `schedule` is what it says after the edits made so far.

    With a letter, a number that has an issue file cannot be planned again. Raise BuildError for a text with errors.
    """

    def __init__(self, text: str, letter: Letter | None = None) -> None:
        self._text = text
        self._fields, schedule = _parse(text)
        self._issues = letter.by_number if letter else {}
        self.schedule = replace(schedule, written=letter.schedule.written if letter else {})
        self._items = list(self._fields.maps("upcoming"))
        self._entries = {entry.whole("number"): entry for entry in self._items}
        self._ideas = self._idea_indexes()
        self._edit = YamlEdit(text, self._fields)
        self.renumbered: dict[int, int] = {}
        """The numbers that moved, each with the one it has now."""
        self.titles: dict[int, str] = {}
        """The titles of the numbers that were renamed."""
        self.remarks: list[str] = []
        """What an edit leaves as it is, for the author to know."""

    def result(self) -> str:
        """Return the edited text. Raise EditError if it does not say what the edits meant."""
        text = self._edit.apply()
        try:
            _, schedule = _parse(text)
        except BuildError as error:
            raise EditError(f"{FILE} would have an error then: {error.findings[0].message}") from error
        if _without_lines(replace(schedule, written=self.schedule.written)) != _without_lines(self.schedule):
            raise EditError(f"{FILE} is written in a way that weekahead cannot edit safely; change it by hand")
        return text

    # -- slots

    def first_empty(self, after: datetime) -> int:
        """Return the number of the first slot later than an instant that has nothing, not even an idea."""
        slots = self.schedule.slots(after)
        return next(slot.number for slot in slots if not slot.planned and slot.number not in self.schedule.entries)

    def number_on(self, day: date) -> int:
        """Return the number of a publication day."""
        number = self.schedule.number_on(day)
        if number is None:
            raise EditError(f"{day} is not a publication day; to give one issue that date, add --number")
        return number

    # -- edits

    def add(
        self,
        number: int,
        title: str,
        state: str = State.PLANNING,
        *,
        series: str | None = None,
        day: date | None = None,
        notes: str | None = None,
    ) -> ScheduleEditor:
        """Plan a number, in its place among the others and in their manner of writing. `day` moves this issue alone."""
        title, series = one_line(title), one_line(series or "") or None
        if not title:
            raise EditError("a title is needed")
        if number in self.schedule.entries:
            raise EditError(f"number {number} is already planned")
        if issue := self._issues.get(number):
            raise EditError(f"number {number} already has an issue file: {issue.source.file}")
        day = None if day == self.schedule.cadence_day(number) else day
        values = {
            "number": str(number),
            "title": title,
            "state": state,
            "series": series,
            "date": str(day) if day else None,
            "notes": notes,
        }
        smaller = [index for index, item in enumerate(self._items) if (item.whole("number") or 0) < number]
        shown = {key: value for key, value in values.items() if value}
        self._edit.insert_item("upcoming", shown, smaller[-1] if smaller else -1)
        entry = Entry(
            number=number, title=title, state=State(state), where=Location(FILE), date=day, series=series, notes=notes or None
        )  # fmt: skip
        self._set_entries({**self.schedule.entries, number: entry})
        return self

    def take(self, index: int, number: int) -> ScheduleEditor:
        """Plan an idea of the backlog, counted from 0, for a number."""
        idea = self.schedule.backlog[index]
        self.add(number, idea.title, notes=idea.notes)
        self._edit.remove_item("backlog", self._ideas.pop(index))
        self._set_backlog([other for place, other in enumerate(self.schedule.backlog) if place != index])
        return self

    def fill(self, after: datetime) -> list[tuple[int, str]]:
        """Plan the oldest ideas for empty slots until the promise holds with a week to spare.

        Return the numbers with their titles. An idea that stands in the plan itself keeps its slot.
        """
        filled = []
        while (standing := compute_promise(self.schedule, after)).weeks_planned <= self.schedule.horizon:
            number, backlog = standing.first_gap.number, self.schedule.backlog
            if number in self.schedule.entries:
                self.set_state(number, State.PLANNING)
            elif backlog:
                oldest = min(range(len(backlog)), key=lambda index: (backlog[index].since or date.max, index))
                self.take(oldest, number)
            else:
                break
            filled.append((number, self.schedule.entries[number].title))
        return filled

    def move(self, number: int, other: int) -> ScheduleEditor:
        """Give what is planned or written for a number another, free number."""
        entry = self._planned_or_written(number)
        if number == other:
            raise EditError("a number cannot be moved to itself")
        if other in self.schedule.entries or other in self._issues:
            raise EditError(self._taken(number, other))
        if entry:
            self._renumber(entry, other)
        self.renumbered[number] = other
        return self

    def swap(self, number: int, other: int) -> ScheduleEditor:
        """Exchange what two numbers are about; numbers and dates stay."""
        one, two = self._planned_or_written(number), self._planned_or_written(other)
        if number == other:
            raise EditError("a number cannot be swapped with itself")
        if one and two:
            self._exchange(one, two)
        elif entry := one or two:
            to = other if entry is one else number
            if entry.date:
                message = f"number {entry.number} has a date of its own, and number {to} has no entry in {FILE}"
                raise EditError(f"{message}; add one first: weekahead plan add TITLE --number {to}")
            self._renumber(entry, to)
        self.renumbered |= {number: other, other: number}
        return self

    def rename(self, number: int, title: str) -> ScheduleEditor:
        """Give what is planned or written for a number another title."""
        entry, title = self._planned_or_written(number), one_line(title)
        if not title:
            raise EditError("a title is needed")
        if entry:
            item = self._entries[number]
            self._edit.set_text(item, "title", title, self._items)
            self._set_entries({**self.schedule.entries, number: replace(entry, title=title)})
        self.titles[number] = title
        return self

    def set_state(self, number: int, state: str) -> ScheduleEditor:
        """Set how far a planned issue is."""
        entry = self._planned(number)
        self._edit.set_value(self._entries[number], "state", state, self._items)
        self._set_entries({**self.schedule.entries, number: replace(entry, state=State(state))})
        return self

    def drop(self, number: int) -> ScheduleEditor:
        """Take a number off the plan; its title and notes go back to the backlog. A file of that number stays."""
        entry = self._planned(number)
        self._edit.remove_item("upcoming", self._items.index(self._entries[number]))
        values = {"title": entry.title, "notes": entry.notes} if entry.notes else {"": entry.title}
        self._edit.insert_item("backlog", values, len(self._fields.item_spans("backlog")) - 1)
        self._set_entries({key: value for key, value in self.schedule.entries.items() if key != number})
        self._set_backlog([*self.schedule.backlog, Idea(title=entry.title, notes=entry.notes or None)])
        if issue := self._issues.get(number):
            self.remarks.append(
                f"{issue.source.file} stays as it is, and number {number} is still written. To free the number,"
                f" move the draft: weekahead plan move {number} OTHER"
            )
        return self

    def add_idea(self, title: str) -> ScheduleEditor:
        """Put an idea at the end of the backlog."""
        title = one_line(title)
        if not title:
            raise EditError("an idea needs a title")
        if any(idea.title == title for idea in self.schedule.backlog):
            raise EditError(f"“{title}” is in the backlog already")
        self._edit.insert_item("backlog", {"": title}, len(self._fields.item_spans("backlog")) - 1)
        self._set_backlog([*self.schedule.backlog, Idea(title=title)])
        return self

    def skip(self, first: date, last: date | None = None) -> ScheduleEditor:
        """Declare a day, or a pause of several, without an issue."""
        number, anchor = self.schedule.anchor
        if last and last < first:
            raise EditError(f"the pause ends on {last}, before it begins on {first}")
        if last and (last - first).days > LONGEST_PAUSE:
            raise EditError("a pause cannot be longer than a hundred years")
        if first <= anchor <= (last or first):
            raise EditError(f"{anchor} cannot be skipped: it is the date of the anchor, number {number}")
        if last is None and self.schedule.number_on(first) is None:
            raise EditError(f"{first} is not a publication day, or is already skipped")
        text = f"{{from: {first}, until: {last}}}" if last else str(first)
        self._edit.append_text("skip", text, "anchor")
        days = {first + timedelta(days=count) for count in range(((last or first) - first).days + 1)}
        self.schedule = replace(self.schedule, skip=self.schedule.skip | days)
        return self

    def unskip(self, first: date, last: date | None = None) -> ScheduleEditor:
        """Take a day, or a pause of several, out of those without an issue."""
        days = (first + timedelta(days=count) for count in range(((last or first) - first).days + 1))
        wanted = tuple(days) if last else first
        skipped = list(self._fields.get("skip", SKIP) or ())
        if wanted not in skipped:
            raise EditError(f"{FILE} does not skip {first}" + (f" until {last}" if last else ""))
        index = skipped.index(wanted)
        if len(skipped) == 1:
            self._edit.remove_list("skip", "anchor")
        else:
            self._edit.remove_item("skip", index)
        rest = [*skipped[:index], *skipped[index + 1 :]]
        skip = frozenset(day for each in rest for day in (each if isinstance(each, tuple) else (each,)))
        self.schedule = replace(self.schedule, skip=skip)
        return self

    # -- inner

    def _exchange(self, one: Entry, two: Entry) -> None:
        """Let two entries change places in the text, while their numbers and dates stay."""
        items = [self._entries[entry.number] for entry in (one, two)]
        if one.date and two.date:
            self._edit.exchange_values("date", items)
        elif one.date or two.date:
            self._edit.move_key("date", *(items if one.date else reversed(items)))
        self._edit.exchange_values("number", items)
        order = list(range(len(self._items)))
        places = [self._items.index(item) for item in items]
        order[places[0]], order[places[1]] = reversed(places)
        self._edit.reorder("upcoming", order)
        exchanged = {
            one.number: replace(two, number=one.number, date=one.date),
            two.number: replace(one, number=two.number, date=two.date),
        }
        self._set_entries({**self.schedule.entries, **exchanged})

    def _renumber(self, entry: Entry, other: int) -> None:
        """Give an entry a free number, and its place among the others if they are in order."""
        self._edit.set_value(self._entries[entry.number], "number", str(other), self._items)
        before = [item.whole("number") or 0 for item in self._items]
        if before == sorted(before):
            after = [other if number == entry.number else number for number in before]
            self._edit.reorder("upcoming", sorted(range(len(after)), key=after.__getitem__))
        others = {key: value for key, value in self.schedule.entries.items() if key != entry.number}
        self._set_entries({**others, other: replace(entry, number=other)})

    def _planned_or_written(self, number: int) -> Entry | None:
        """Return the entry of a number; None if it has a file alone. Raise EditError if it has neither."""
        return None if number in self._issues and number not in self.schedule.entries else self._planned(number)

    def _planned(self, number: int) -> Entry:
        entry = self.schedule.entries.get(number)
        if entry is None:
            raise EditError(f"number {number} is not planned in {FILE}")
        return entry

    def _taken(self, number: int, other: int) -> str:
        """Return why a number cannot move to another."""
        swap = f"; to exchange the two, run: weekahead plan swap {number} {other}"
        if issue := self._issues.get(other):
            is_open = issue.status is not Status.READY
            return f"number {other} already has an issue file: {issue.source.file}{swap if is_open else ''}"
        return f"number {other} is already planned{swap}"

    def _set_entries(self, entries: dict[int, Entry]) -> None:
        self.schedule = replace(self.schedule, entries=entries)

    def _set_backlog(self, ideas: list[Idea]) -> None:
        self.schedule = replace(self.schedule, backlog=tuple(ideas))

    def _idea_indexes(self) -> list[int]:
        """Return where each idea stands among the items of `backlog`: empty items are no ideas."""
        spans = self._fields.item_spans("backlog")
        return [index for index, (start, end) in enumerate(spans) if self._text[start:end] not in ("", "''", '""')]


def one_line(text: str) -> str:
    """Return a text on one line, or nothing if a reader would see nothing of it.

    Raise EditError for control characters, and for surrogates: bytes of a terminal that are not UTF-8.
    """
    text = " ".join(text.split())
    categories = [unicodedata.category(character) for character in text]
    if {"Cc", "Cs"} & {*categories} or {"\ufffe", "\uffff"} & {*text}:
        raise EditError(f"{text!a} has a character that is not text")
    return text if any(category[0] not in "CZ" for category in categories) else ""


def plan_digest(schedule: Schedule) -> str:
    """Return the digest of what is planned and which numbers are written: of all that an edit of the plan could lose."""
    return hash_value([[*_without_lines(schedule).entries.values()], schedule.backlog, sorted(schedule.written)])


def _parse(text: str) -> tuple[YamlMap, Schedule]:
    findings: list[Finding] = []
    fields = read_yaml_map(text, YamlSource(FILE, findings), FILE)
    schedule = parse_schedule(fields) if fields else None
    if fields is None or schedule is None:
        raise BuildError(findings)
    return fields, schedule


def _without_lines(schedule: Schedule) -> Schedule:
    """Return a schedule whose entries do not say where they stand, to be compared with another."""
    nowhere = Location(FILE)
    entries = {number: replace(entry, where=nowhere) for number, entry in schedule.entries.items()}
    return replace(schedule, entries=entries)
