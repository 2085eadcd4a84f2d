"""The public plan as data, next.json, and the letter's days as calendars: the only room that knows icalendar."""

from __future__ import annotations

import json
from typing import Any

from weekahead.model.findings import Location
from weekahead.model.letter import Letter
from weekahead.model.output import Output, WriteOrder, output
from weekahead.model.schedule import Promise
from weekahead.site.pages import RenderContext, coming, promise_sentence
from weekahead.site.published import UpcomingRow

HERE = Location("schedule.yaml", 1)

REMEMBERED = 100
"""Issues that are out and still in the publication calendar; calendars keep what they have."""


def calendars(desk: RenderContext) -> list[Output]:
    """The public plan for programs and for calendars, and the calendar of all that comes and came out."""
    data, events, title = plan_data(desk), _events(desk), desk.public.config.title
    return [
        output("next.json", HERE, WriteOrder.FEED, lambda: _json(data), data=data),
        _calendar(desk, "next.ics", title, events),
        _calendar(desk, "calendar.ics", title, [*_past(desk), *events]),
    ]


def _calendar(desk: RenderContext, path: str, title: str, events: list[dict[str, Any]]) -> Output:
    zone = str(desk.public.zone)
    return output(
        path,
        HERE,
        WriteOrder.FEED,
        lambda: icalendar(title, zone, events),
        events=events,
        title=title,
        zone=zone,
        revision=desk.revision,
    )


def plan_data(desk: RenderContext) -> dict[str, Any]:
    """The plan as readers may know it; `next` says when the next issue is due, so that a missed one is noticed."""
    public = desk.public
    slots = [_slot(desk, row) for row in public.upcoming]
    newest = next((place for place in public.issues if place.mark is None), None)
    return {
        "letter": public.config.title,
        "url": public.config.url,
        "timezone": str(public.zone),
        "newest": {"number": newest.number, "at": newest.instant, "url": desk.absolute(newest.path)}
        if newest
        else None,
        "next": slots[0] if slots else None,
        "promise": {
            "horizon_weeks": public.promise.horizon,
            "weeks_planned": public.promise.weeks_planned,
            "kept": public.promise.kept,
            "sentence": promise_sentence(desk),
        },
        "slots": slots,
    }


def _slot(desk: RenderContext, row: UpcomingRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "label": desk.label(row.number),
        "date": row.date,
        "at": row.at,
        "title": row.title,
        "planned": row.planned,
    }


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False, default=lambda value: value.isoformat()) + "\n").encode()


def _events(desk: RenderContext) -> list[dict[str, Any]]:
    """One event a planned slot. `sequence` counts the declared exceptions that have moved it: it rises on a change."""
    return [
        {
            "uid": desk.public.config.identity(f"slot/{row.number}"),
            "at": row.at,
            "summary": _named(desk, desk.label(row.number), coming(desk, row)["title"]),
            "sequence": row.moves,
        }
        for row in desk.public.upcoming
        if row.planned
    ]


def _named(desk: RenderContext, label: str, title: str) -> str:
    return f"{desk.public.config.title}, {label}: {title}"


def _past(desk: RenderContext) -> list[dict[str, Any]]:
    """One event an issue that is out, the oldest first: that of its slot, with its address and its title of today."""
    head, found = desk.public.config, []
    out = [place for place in desk.public.issues if place.mark is None][:REMEMBERED]
    for place in reversed(out):
        address = desk.absolute(place.path)
        found.append(
            {
                "uid": place.identity if place.number is None else head.identity(f"slot/{place.number}"),
                "at": place.instant,
                "summary": _named(desk, desk.label(place.number), place.issue.title),
                "description": f"{place.issue.summary}\n\n{address}" if place.issue.summary else address,
                "url": address,
                "sequence": desk.public.moves(place) + 1,  # it has changed since it was planned: it is out
            }
        )
    return found


def own_plan(letter: Letter, standing: Promise) -> bytes:
    """The plan for the author alone: what is planned with its state and notes, and when an empty slot breaks the promise."""
    head, events = letter.config, []
    for slot in standing.slots:
        entry = letter.schedule.entries.get(slot.number)
        state = f" ({slot.state})" if slot.state else ""
        events.append(
            {
                "uid": head.identity(f"plan/{slot.number}"),
                "at": slot.at,
                "summary": f"{letter.label(slot.number)}: {slot.title or 'nothing planned yet'}{state}",
                "description": entry.notes if entry else None,
                "sequence": letter.schedule.exceptions(slot.number, slot.date),
            }
        )
    gap = letter.label(standing.first_gap.number)
    events.append(
        {
            "uid": head.identity("plan/deadline"),
            "at": standing.breaks,
            "summary": f"Plan {gap} by now, or the promise of {standing.horizon} weeks breaks",
            "sequence": standing.first_gap.number,
        }
    )
    return icalendar(f"{head.title}: plan", str(letter.schedule.zone), events)


def _begin_in_time(observance: Any) -> None:
    """Trap: icalendar 7 lets summer time begin as much too late as clocks jump, for it writes the onset by the new clock
    where RFC 5545 (3.6.5) has it by the old one."""
    jump = observance["tzoffsetto"].td - observance["tzoffsetfrom"].td
    if jump > jump * 0:
        onsets = observance.pop("rdate", [])
        observance["dtstart"].dt -= jump
        for onset in onsets if isinstance(onsets, list) else [onsets]:
            observance.add("rdate", [day.dt - jump for day in onset.dts])


def icalendar(title: str, zone: str, events: list[dict[str, Any]]) -> bytes:
    """A calendar (RFC 5545, and RFC 7986 for its name) of events at local times with their zone."""
    from datetime import UTC, timedelta
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//weekahead//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    for found in events:
        event = Event()
        local = found["at"].astimezone(ZoneInfo(zone))
        event.add("uid", found["uid"])
        event.add("dtstamp", found["at"].astimezone(UTC))  # the clock's time would make every build differ
        event.add("dtstart", local)
        event.add("duration", timedelta(minutes=30))
        event.add("summary", found["summary"])
        if found.get("description"):
            event.add("description", found["description"])
        if found.get("url"):
            event.add("url", found["url"])
        event.add("sequence", found["sequence"])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    if events:
        days = [found["at"].date() for found in events]
        year = timedelta(days=366)
        calendar.add_missing_timezones(first_date=min(days) - year, last_date=max(days) + year)
        for zone_of in calendar.timezones:
            for observance in zone_of.subcomponents:
                _begin_in_time(observance)
    return bytes(calendar.to_ical())
