"""The public plan as data, next.json, and the letter's days as calendars: the only module that imports icalendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from weekahead.model.findings import Location
from weekahead.model.letter import Letter
from weekahead.model.schedule import Promise
from weekahead.site.context import RenderContext
from weekahead.site.json_ld import JsonObject
from weekahead.site.output import Output
from weekahead.site.page_context import promise_sentence, upcoming_issue
from weekahead.site.whats_next import UpcomingRow

HERE = Location("schedule.yaml", 1)


class Event(Struct, frozen=True, kw_only=True):
    """An event of a calendar, half an hour long."""

    uid: str
    at: datetime
    summary: str
    sequence: int
    description: str | None = None
    url: str | None = None


REMEMBERED = 100
"""Issues that are out and still in the publication calendar; calendars keep what they have."""


def calendars(context: RenderContext) -> list[Output]:
    """Return the public plan for programs and for calendars, and the calendar of all that comes and came out."""
    return [
        Output(path="next.json", source=HERE, context=lambda: plan_data(context), render=_json),
        _calendar(context, "next.ics", lambda: _events(context)),
        _calendar(context, "calendar.ics", lambda: [*_past(context), *_events(context)]),
    ]


def _calendar(context: RenderContext, path: str, events: Callable[[], list[Event]]) -> Output:
    return Output(
        path=path,
        source=HERE,
        context=lambda: (context.config.title, context.cadence.zone, events()),
        render=lambda given: icalendar(*given),
    )


def plan_data(context: RenderContext) -> JsonObject:
    """Return the plan as readers may know it; `next` says when the next issue is due, so that a missed one is noticed."""
    plan, config = context.plan, context.config
    slots = [_slot(context, row) for row in plan.rows]
    newest = [_newest(context, file) for file in context.newest_public(str(1))]
    return {
        "letter": config.title,
        "url": config.url,
        "timezone": context.cadence.zone,
        "newest": newest[0] if newest else None,
        "next": slots[0] if slots else None,
        "promise": {
            "horizon_weeks": plan.horizon,
            "weeks_planned": plan.weeks_planned,
            "kept": plan.kept,
            "sentence": promise_sentence(context),
        },
        "slots": slots,
    }


def _newest(context: RenderContext, file: str) -> JsonObject:
    card = context.card(file)
    return {"number": card.number, "at": context.published_at(file), "url": context.absolute(card.path)}


def _slot(context: RenderContext, row: UpcomingRow) -> JsonObject:
    return {
        "number": row.number,
        "label": context.label(row.number),
        "date": row.date,
        "at": row.at,
        "title": row.title,
        "planned": row.planned,
    }


def _json(data: JsonObject) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False, default=lambda value: value.isoformat()) + "\n").encode()


def _events(context: RenderContext) -> list[Event]:
    """Return one event a planned slot. `sequence` counts the declared exceptions that have moved it: it rises on a change."""
    return [
        Event(
            uid=context.config.identity(f"slot/{row.number}"),
            at=row.at,
            summary=_summary(context, row.number, upcoming_issue(context, row).title),
            sequence=row.moves,
        )
        for row in context.plan.rows
        if row.planned and row.at
    ]


def _summary(context: RenderContext, number: int | None, title: str) -> str:
    return f"{context.config.title}, {context.label(number)}: {title}"


def _past(context: RenderContext) -> list[Event]:
    """Return one event an issue that is out, the oldest first: that of its slot, with its address and its title of today."""
    found = []
    for file in reversed(context.newest_public(str(REMEMBERED))):
        card = context.card(file)
        address = context.absolute(card.path)
        found.append(
            Event(
                uid=context.feed_id(file) if card.number is None else context.config.identity(f"slot/{card.number}"),
                at=context.published_at(file),
                summary=_summary(context, card.number, card.title),
                description=f"{card.summary}\n\n{address}" if card.summary else address,
                url=address,
                sequence=context.moves(file) + 1,  # it has changed since it was planned: it is out
            )
        )
    return found


def own_plan(letter: Letter, standing: Promise) -> bytes:
    """Return the plan for the author alone: what is planned with its state and notes, and when an empty slot breaks the promise."""
    config, events = letter.config, []
    for slot in standing.slots:
        entry = letter.schedule.entries.get(slot.number)
        state = f" ({slot.state})" if slot.state else ""
        events.append(
            Event(
                uid=config.identity(f"plan/{slot.number}"),
                at=slot.at,
                summary=f"{letter.label(slot.number)}: {slot.title or 'nothing planned yet'}{state}",
                description=entry.notes if entry else None,
                sequence=letter.schedule.exceptions(slot.number, slot.date),
            )
        )
    gap = letter.label(standing.first_gap.number)
    events.append(
        Event(
            uid=config.identity("plan/deadline"),
            at=standing.breaks,
            summary=f"Plan {gap} by now, or the promise of {standing.horizon} weeks breaks",
            sequence=standing.first_gap.number,
        )
    )
    return icalendar(f"{config.title}: plan", str(letter.schedule.zone), events)


def _begin_in_time(observance: Any) -> None:
    """Trap: icalendar 7 lets summer time begin as much too late as clocks jump, for it writes the onset by the new clock
    where RFC 5545 (3.6.5) has it by the old one."""
    jump = observance["tzoffsetto"].td - observance["tzoffsetfrom"].td
    if jump > jump * 0:
        onsets = observance.pop("rdate", [])
        observance["dtstart"].dt -= jump
        for onset in onsets if isinstance(onsets, list) else [onsets]:
            observance.add("rdate", [day.dt - jump for day in onset.dts])


def icalendar(title: str, zone: str, events: list[Event]) -> bytes:
    """Return a calendar (RFC 5545, and RFC 7986 for its name) of events at local times with their zone."""
    from datetime import UTC, timedelta
    from zoneinfo import ZoneInfo

    import icalendar as ical

    calendar = ical.Calendar()
    calendar.add("prodid", "-//weekahead//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    for event in events:
        entry = ical.Event()
        entry.add("uid", event.uid)
        entry.add("dtstamp", event.at.astimezone(UTC))  # the clock's time would make every build differ
        entry.add("dtstart", event.at.astimezone(ZoneInfo(zone)))
        entry.add("duration", timedelta(minutes=30))
        entry.add("summary", event.summary)
        if event.description:
            entry.add("description", event.description)
        if event.url:
            entry.add("url", event.url)
        entry.add("sequence", event.sequence)
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    if events:
        days = [event.at.date() for event in events]
        year = timedelta(days=366)
        calendar.add_missing_timezones(first_date=min(days) - year, last_date=max(days) + year)
        for timezone in calendar.timezones:
            for observance in timezone.subcomponents:
                _begin_in_time(observance)
    return bytes(calendar.to_ical())
