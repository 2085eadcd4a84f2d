"""The keys of schedule.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from weekahead.model.schedule import LONGEST_PAUSE, Cadence, CadenceRule, Entry, Idea, Schedule, State, parse_pattern
from weekahead.source import value_types as types
from weekahead.source.key_table import MapOf, Table, build_sound, maps_of, nullable, optional, required
from weekahead.source.value_types import BadValue, Either, ListOf, Scalar, Schema, ValueType, fold
from weekahead.source.yaml_map import YamlMap
from weekahead.source.yaml_tree import MappingNode, Node, SequenceNode, YamlSource, excerpt, is_null


def parse_schedule(yaml: YamlMap) -> Schedule | None:
    """Return what schedule.yaml says, or None and findings."""
    return build_sound(yaml, lambda yaml: ScheduleKeys(yaml).build())


def entries_of(yaml: YamlMap) -> dict[int, Entry]:
    """Return what is planned, by number, as far as it can be read."""
    return _by_number(yaml.get("upcoming", UPCOMING) or (), yaml.source)


# -- cadence


def _every(words: str) -> str:
    if parse_pattern(words) is None:
        raise BadValue
    return fold(words)


def _timezone(words: str) -> ZoneInfo:
    name = fold(words)
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
        raise BadValue
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadValue from error


_CADENCES = "friday, tuesday and friday, 2 weeks on tuesday, first monday of the month, or 15th of the month"
EVERY = Scalar("a cadence", _every, hint=f"Write {_CADENCES}.", rule="cadence")
TIMEZONE = Scalar("a time zone", _timezone, hint="Write an IANA name such as Europe/London.", rule="timezone")


class FirstRule(Table["FirstRule"]):
    every = required(EVERY, "The days, such as `friday` or `2 weeks on tuesday`: see below.")
    at = required(types.CLOCK, "Local time in `timezone`.")
    timezone = required(TIMEZONE, "An IANA name such as `Europe/London`.")


class LaterRule(Table["LaterRule"]):
    every = required(EVERY, "The days of a later rule.")
    since = required(types.DAY, "The first day of a later rule.", name="from")
    at = optional(types.CLOCK, "The time, if it changes.")
    timezone = optional(TIMEZONE, "The same as in the first rule.")


Rules = tuple[FirstRule, tuple[LaterRule, ...]]


class CadenceRules(ValueType[Rules]):
    """One rule, or a list of rules."""

    wanted = "a map, or a list of maps"
    first, later = MapOf(FirstRule), MapOf(LaterRule)

    def value(self, key: str, node: Node, source: YamlSource) -> Rules | None:
        nodes = [node] if isinstance(node, MappingNode) else node.value if isinstance(node, SequenceNode) else []
        if not nodes:
            raise BadValue
        first = self.first.read(key, nodes[0], source)
        later = [self.later.read(key, each, source) for each in nodes[1:]]
        return (first, tuple(rule for rule in later if rule)) if first else None

    def schema(self) -> Schema:
        first, later = self.first.schema(), self.later.schema()
        return {"anyOf": [first, {"type": "array", "items": [first], "additionalItems": later, "minItems": 1}]}


def _cadence(first: FirstRule, later: Iterable[LaterRule], anchor: date) -> Cadence:
    """Return the cadence. Of "2 weeks", the anchor's week is one, or in a rule that begins later the week of that day."""

    def rule(words: str, at: time, since: date) -> CadenceRule:
        days = parse_pattern(words, anchor if since <= anchor else since)
        assert days, "EVERY refuses other words"
        return CadenceRule(pattern=days, at=at, wording=words, since=since)

    rules = [rule(first.every, first.at, date.min)]
    for each in later:
        if each.timezone and each.timezone != first.timezone:
            each.yaml.find("timezone", "timezone", "a letter has one time zone", "Set it once, in the first rule.")
        if each.since <= rules[-1].since:
            message = f"the rules of a cadence must be in order, but {each.since} is not after {rules[-1].since}"
            each.yaml.find("from", "value", message)
        rules.append(rule(each.every, each.at or rules[-1].at, each.since))
    return Cadence(rules=tuple(rules), zone=first.timezone)


# -- exceptions


class Anchor(Table["Anchor"]):
    number = required(types.WHOLE, "The number of an issue.")
    day = required(types.DAY, "The day it came out.", name="date")

    def check(self, cadence: Cadence, skip: frozenset[date]) -> None:
        """Add a finding if the anchor is not a day of the cadence."""
        day, hint = self.day, "Use an issue that came out on a day of the cadence."
        if day in skip:
            self.yaml.find("date", "anchor", f'the anchor\'s date {day} is in "skip"', hint)
        elif not cadence.includes(day):
            why = f"is a {day:%A}, not a day of the cadence ({cadence.rule_on(day).wording})"
            self.yaml.find("date", "anchor", f"the anchor's date {day} {why}", hint)


class Pause(Table[tuple[date, ...]]):
    first = required(types.DAY, "The first day of a pause.", name="from")
    until = required(types.DAY, "Its last day.")

    def build(self) -> tuple[date, ...]:
        """Return the days of the pause."""
        length = (self.until - self.first).days
        if not 0 <= length <= LONGEST_PAUSE:
            message = f"a pause lasts one day to a hundred years, but this is from {self.first} until {self.until}"
            self.yaml.find("until", "value", message)
            return ()
        return tuple(self.first + timedelta(days=days) for days in range(length + 1))


class DaysByNumber(ValueType[dict[int, date]]):
    """A map of numbers of issues to days."""

    wanted = "a map of issue numbers to days"
    number = "[0-9]{1,9}"

    def value(self, key: str, node: Node, source: YamlSource) -> dict[int, date]:
        if not isinstance(node, MappingNode):
            raise BadValue
        for name, _ in node.value:
            if not re.fullmatch(self.number, name.value):
                message = f'"{excerpt(name.value)}" is not an issue number'
                source.find(name, "type", message, f"Write {key}: {{28: 2014-06-05}}.")
        pairs = [(name.value, each) for name, each in node.value if re.fullmatch(self.number, name.value)]
        days = {int(number): types.DAY.read(number, each, source) for number, each in pairs if not is_null(each)}
        return {number: day for number, day in days.items() if day}

    def schema(self) -> Schema:
        days = {f"^({self.number})$": nullable(types.DAY.schema())}
        return {"type": "object", "patternProperties": days, "additionalProperties": False}


# -- what is coming


class Planned(Table[Entry]):
    number = required(types.WHOLE, "The number of the issue.")
    title = required(types.LINE, "Its title.")
    state = required(types.choice(State), "How far it is; all but `idea` count towards the promise.")
    date = optional(types.DAY, "A day for this issue alone.")
    series = optional(types.LINE, "The series it will be part of.")
    notes = optional(types.TEXT, "For you alone.")
    secret = optional(types.BOOLEAN, 'Readers see "to be announced" in place of the title.', False)

    def build(self) -> Entry:
        return Entry(
            number=self.number, title=self.title, state=self.state, where=self.yaml.where, date=self.date,
            series=self.series, notes=self.notes, secret=self.secret,
        )  # fmt: skip


UPCOMING = maps_of(Planned)


def _by_number(upcoming: Iterable[Entry], source: YamlSource) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    for entry in upcoming:
        first = entries.setdefault(entry.number, entry)
        if first is not entry:
            message = f"number {entry.number} is already planned on line {first.where.line}"
            source.find(entry.where, "number-planned-twice", message, "Give one of the two another number.")
    return entries


class IdeaKeys(Table[Idea]):
    title = required(types.LINE, "The idea.")
    notes = optional(types.TEXT, "For you alone.")
    tags = optional(ListOf(types.LINE), "For you alone.", ())
    since = optional(types.DAY, "The day you had it.")

    def build(self) -> Idea:
        return Idea(title=self.title, notes=self.notes, tags=self.tags, since=self.since)


SKIP = ListOf(Either(types.DAY, MapOf(Pause)), "Write KEY: [2022-11-25].")
BACKLOG = ListOf(Either(types.LINE, MapOf(IdeaKeys)))


class ScheduleKeys(Table[Schedule]):
    cadence = required(CadenceRules(), "When issues come out: a rule, or a list of rules.")
    anchor = required(MapOf(Anchor), "One issue and its day; earlier and later numbers follow the cadence.")
    horizon = optional(types.integer(1, 520), "Weeks that must be planned ahead.", 5)
    skip = optional(SKIP, "Days and pauses without an issue: later issues move, numbers do not change.", ())
    slips = optional(
        DaysByNumber(), "Numbers that came out on a different day than the cadence's: `{28: 2014-06-05}`.", {}
    )
    upcoming = optional(UPCOMING, "The planned issues.", ())
    backlog = optional(BACKLOG, "Ideas without a week: titles, or maps.", ())
    buffer = optional(types.integer(0, 520), "How many finished issues to keep ready; fewer is a warning.", 0)

    def build(self) -> Schedule:
        entries = _by_number(self.upcoming, self.yaml.source)
        skip = frozenset(day for each in self.skip for day in (each if isinstance(each, tuple) else (each,)))
        anchor = self.anchor
        cadence = _cadence(*self.cadence, anchor.day)
        anchor.check(cadence, skip)
        ideas = tuple(Idea(title=each) if isinstance(each, str) else each for each in self.backlog)
        return Schedule(
            cadence=cadence, anchor=(anchor.number, anchor.day), horizon=self.horizon, skip=skip, slips=self.slips,
            entries=entries, backlog=ideas, buffer=self.buffer,
        )  # fmt: skip
