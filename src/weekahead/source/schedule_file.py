"""What schedule.yaml says: cadence, anchor, exceptions, what is coming, the backlog."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from weekahead.model.schedule import DAYS, Cadence, CadenceRule, Entry, Idea, Schedule, State, parse_pattern
from weekahead.source.yaml_map import YamlMap, value_or


def parse_schedule(fields: YamlMap) -> Schedule | None:
    """What schedule.yaml says; None, with findings, when it is not usable."""
    findings = fields.origin.findings
    before = len(findings)
    fields.require("cadence")
    fields.require("anchor")
    skip = _skipped(fields)
    anchor = _anchor(fields)
    cadence = _cadence(fields, anchor[1] if anchor else None)
    _anchor_fits(fields, anchor, cadence, skip)
    slips = _slips(fields)
    horizon = value_or(fields.whole("horizon", 1, 520), 5)
    entries = entries_of(fields)
    backlog = tuple(idea for item in fields.mixed("backlog") if (idea := _idea(item)))
    buffer = value_or(fields.whole("buffer", 0, 520), 0)
    fields.close()
    if len(findings) > before or cadence is None or anchor is None:
        return None
    return Schedule(
        cadence=cadence,
        anchor=anchor,
        horizon=horizon,
        skip=skip,
        slips=slips,
        entries=entries,
        backlog=backlog,
        buffer=buffer,
    )


def _cadence(fields: YamlMap, anchor: date | None) -> Cadence | None:
    """One rule, or a list of rules of which each later one has a day `from` which it holds."""
    parts = list(fields.parts("cadence"))
    zone, at = None, None
    rules: list[CadenceRule] = []
    for place, part in enumerate(parts):
        for key in ("every", "at", "timezone") if place == 0 else ("every", "from"):
            part.require(key)
        since = part.day("from") if place else date.min
        at = part.clock("at") or at
        found = _zone(part)
        if place and found and found != zone:
            part.find("timezone", "timezone", "a letter has one time zone", "Say it once, in the first rule.")
        zone = zone or found
        if since and rules and since <= rules[-1].since:
            part.find(
                "from", "value", f"the rules of a cadence stand in order, but {since} is not later than the one before"
            )
        words = part.line("every")
        phase = anchor if anchor and (since is None or since <= anchor) else since
        rule = parse_pattern(words, phase or date(1900, 1, 1)) if words else None
        if words and rule is None:
            hint = (
                "Write friday, tuesday and friday, 2 weeks on tuesday, first monday of the month, or 15th of the month."
            )
            part.find("every", "cadence", f'"{words}" is not a cadence', hint)
        part.close()
        if rule and at and since and words:
            rules.append(CadenceRule(pattern=rule, at=at, wording=words, since=since))
    return Cadence(rules=tuple(rules), zone=zone) if zone and rules and len(rules) == len(parts) else None


def _zone(cadence: YamlMap) -> ZoneInfo | None:
    name = cadence.line("timezone")
    if name is None:
        return None
    try:
        if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        cadence.find(
            "timezone",
            "timezone",
            f'"{name}" is not a time zone',
            "Write a name of the IANA database, such as Europe/London.",
        )
        return None


def _anchor(fields: YamlMap) -> tuple[int, date] | None:
    anchor = fields.map("anchor")
    if anchor is None:
        return None
    anchor.require("number")
    anchor.require("date")
    number, day = anchor.whole("number"), anchor.day("date")
    anchor.close()
    return None if number is None or day is None else (number, day)


def _anchor_fits(
    fields: YamlMap, anchor: tuple[int, date] | None, cadence: Cadence | None, skip: frozenset[date]
) -> None:
    place = fields.map("anchor")
    if not (anchor and cadence and place):
        return
    day = anchor[1]
    if day in skip or not cadence.includes(day):
        why = (
            "is in skip"
            if day in skip
            else f"is a {DAYS[day.weekday()]}, not a day of the cadence ({cadence.rule_on(day).wording})"
        )
        place.find(
            "date", "anchor", f"the anchor's date {day} {why}", "Name an issue that came out on the cadence's day."
        )


def _skipped(fields: YamlMap) -> frozenset[date]:
    """Single days, and pauses as {from: DAY, until: DAY}, both days included."""
    found: set[date] = set()
    for item in fields.days_and_maps("skip"):
        if isinstance(item, date):
            found.add(item)
            continue
        item.require("from")
        item.require("until")
        first, last = item.day("from"), item.day("until")
        item.close()
        if first and last and not 0 <= (last - first).days <= 3660:
            item.find("until", "value", f"a pause from {first} until {last} is not between one day and ten years long")
        elif first and last:
            found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(found)


def _slips(fields: YamlMap) -> dict[int, date]:
    """Numbers of the past with the days they really came out."""
    slips = fields.map("slips")
    if slips is None:
        return {}
    numbers = slips.keys("[0-9]{1,9}", "a number of an issue", "Write slips: {28: 2014-06-05}.")
    return {int(number): day for number in numbers if (day := slips.day(number))}


def _idea(item: str | YamlMap) -> Idea | None:
    if isinstance(item, str):
        return Idea(title=item)
    item.require("title")
    title, notes, tags, since = item.line("title"), item.text("notes"), item.texts("tags"), item.day("since")
    item.close()
    return Idea(title=title, notes=notes, tags=tags, since=since) if title else None


def entries_of(fields: YamlMap) -> dict[int, Entry]:
    """What is planned, by number."""
    entries: dict[int, Entry] = {}
    for item in fields.maps("upcoming"):
        for key in ("number", "title", "state"):
            item.require(key)
        number, title = item.whole("number"), item.line("title")
        state = item.one_of("state", [str(state) for state in State])
        day, series, notes, secret = (
            item.day("date"),
            item.line("series"),
            item.text("notes"),
            item.truth("secret"),
        )
        item.close()
        if number is None or title is None or state is None:
            continue
        if twin := entries.get(number):
            message = f"number {number} is already planned in line {twin.where.line}"
            item.find("number", "number-planned-twice", message, "Give one of the two another number.")
            continue
        entries[number] = Entry(
            number=number,
            title=title,
            state=State(state),
            where=item.where,
            date=day,
            series=series,
            notes=notes,
            secret=bool(secret),
        )
    return entries
