"""The public plan as data and as a calendar, and how stamped promises turn out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from tests.conftest import NOON, SCHEDULE, Folder, Said, issue_text, needs
from tests.site.test_site import NODE

from weekahead.feeds import calendars
from weekahead.feeds.calendars import Event, icalendar

Run = Callable[..., Said]


def events(folder: Folder) -> dict[str, tuple[str, str, int]]:
    """What a calendar makes of next.ics: by UID, the summary, the start and the sequence."""
    calendar = Calendar.from_ical((folder.root / "site/next.ics").read_bytes())
    return {
        str(e["uid"]): (str(e["summary"]), e.decoded("dtstart").isoformat(), e.decoded("sequence"))
        for e in calendar.walk("VEVENT")
    }


def test_the_plan_as_data_says_when_the_next_issue_is_due(folder: Folder) -> None:
    folder.build()
    found = json.loads(folder.read("next.json"))
    assert found["next"] == {
        "number": 6,
        "label": "Week 6",
        "date": "2022-02-11",
        "at": "2022-02-11T09:00:00-07:00",
        "title": "Reading a loss curve",
        "planned": True,
    }
    assert found["promise"]["weeks_planned"] == 6
    assert "state" not in folder.read("next.json")


def test_the_calendar_has_an_event_a_planned_slot_in_its_zone(folder: Folder) -> None:
    folder.build()
    found = sorted(events(folder).values(), key=lambda event: event[1])
    assert len(found) == 6
    assert found[0] == ("The Test Letter, Week 6: Reading a loss curve", "2022-02-11T09:00:00-07:00", 0)
    assert "TZID:America/Denver" in folder.read("next.ics")


def test_a_moved_event_keeps_its_id_and_its_sequence_rises(folder: Folder) -> None:
    folder.build()
    before = events(folder)
    folder.write("schedule.yaml", SCHEDULE + "skip: [2022-02-18]\n")
    folder.build()
    after = events(folder)
    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid][1] != after[uid][1]]
    assert len(moved) == 5
    assert all(after[uid][2] > before[uid][2] for uid in moved)


def test_an_unchanged_plan_is_not_written_again(folder: Folder) -> None:
    folder.build("2022-02-09T12:00:00-07:00")
    assert not folder.build("2022-02-09T13:00:00-07:00").changes.written


STAMPED = """next:
  - {number: 4, title: Fourth letter, date: 2022-01-28}
  - {number: 5, title: An older name, date: 2022-02-04}
  - {number: 6, title: Small models, date: 2022-02-11}
  - {number: 8, title: What a benchmark hides, date: 2022-02-25}
  - {number: 40, title: Never, date: 2022-10-07}
"""


def test_each_stamped_promise_shows_how_it_turned_out(folder: Folder) -> None:
    folder.write(
        "issues/0003-third.md",
        issue_text(3, "2022-01-21", "Third").replace("status: ready\n", "status: ready\n" + STAMPED),
    )
    folder.build()
    page = folder.read("issues/3-third/index.html")
    for words in (
        'Fourth letter</a> <span class="outcome">published as promised<',
        'An older name</a> <span class="outcome">published as “Fifth letter”<',
        'Small models</span> <span class="outcome">moved to Week 7<',
        "What a benchmark hides</span></li>",
        'Never</span> <span class="outcome">dropped<',
    ):
        assert words in page


def test_a_promise_that_moved_leads_to_where_it_went(folder: Folder) -> None:
    stamped = "next:\n  - {number: 3, title: Fourth letter}\n  - {number: 4, title: Small models}\n"
    text = issue_text(2, "2022-01-14", "Second").replace("status: ready\n", "status: ready\n" + stamped)
    folder.write("issues/0002-second.md", text)
    folder.build()
    page = folder.read("issues/2-second/index.html")
    assert '<a href="/issues/4-fourth/">Fourth letter</a> <span class="outcome">moved to Week 4<' in page
    assert '<span>Small models</span> <span class="outcome">moved to Week 7<' in page


def test_ready_stamps_the_list_and_changes_nothing_else(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    text = "---\nnumber: 6\ntitle: Reading a loss curve   # nearly\nstatus: review  # soon\nnext: [{number: 1, title: x}]\ntags: [a]\n---\n\nBody.\n"
    folder.write("issues/0006-sixth.md", text)
    assert run("ready", "--root", folder.root, 6).status == 0
    after = (folder.root / "issues/0006-sixth.md").read_text()
    assert after.startswith(
        "---\nnumber: 6\ntitle: Reading a loss curve   # nearly\nstatus: ready  # soon\ntags: [a]\nnext:\n  - {number: 7, title: Small models, date: 2022-02-18}\n"
    )
    assert after.endswith("---\n\nBody.\n")
    assert run("ready", "--root", folder.root, 6).status == 0
    assert (folder.root / "issues/0006-sixth.md").read_text() == after
    assert folder.build("2022-02-11").issues == 6


def test_an_issue_with_a_fault_is_not_made_ready(folder: Folder, run: Run) -> None:
    folder.write(
        "issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve", "[x](nowhere.png)", status="review")
    )
    said = run("ready", "--root", folder.root, 6)
    assert said.status == 1
    assert "nowhere.png" in said.err
    assert "status: review" in (folder.root / "issues/0006-sixth.md").read_text()
    assert "there is no issue 9" in run("ready", "--root", folder.root, 9).err


def test_a_simulation_says_what_would_be_missing(folder: Folder, run: Run) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    said = run("plan", "--root", folder.root, "--as-of", "2022-02-09", "--simulate", 3)
    lines = said.out.splitlines()
    assert lines[0] == "2022-02-11 09:00      6  published               promise kept (5)  Reading a loss curve"
    assert lines[1] == "2022-02-18 09:00      7  MISSING (drafting)      promise BROKEN (4)  Small models"
    assert len(lines) == 3


def test_a_short_buffer_is_a_warning(folder: Folder) -> None:
    folder.write("schedule.yaml", SCHEDULE + "buffer: 2\n")
    assert [rule for *_, rule in folder.rules()] == ["short-buffer"]
    assert folder.check().is_fine


def test_a_silent_cron_is_noticed(folder: Folder, run: Run, tmp_path: Path) -> None:
    folder.build()
    plan = folder.root / "site/next.json"
    assert run("check", "--published", plan, "--as-of", "2022-02-11T09:59:00-07:00").status == 0
    said = run("check", "--published", plan, "--as-of", "2022-02-11T10:00:00-07:00")
    assert said.status == 1
    assert "Week 6 was due on 2022-02-11 at 09:00" in said.err
    (tmp_path / "other.json").write_text("[]")
    said = run("check", "--published", tmp_path / "other.json")
    assert "cannot read the published plan: it is not a next.json [live-unreadable]" in said.err
    assert said.status == 1
    said = run("check", "--published", "http://a:port/next.json")
    assert "cannot read the published plan: it is not a web address [live-unreadable]" in said.err
    said = run("check", "--published", tmp_path / "nowhere.json")
    assert "cannot read the published plan: no such file or directory [live-unreadable]" in said.err
    assert said.status == 1


def test_the_record_counts_what_was_kept(folder: Folder, run: Run) -> None:
    folder.write("issues/0002-second.md", issue_text(2, "2022-01-15", "Second letter"))
    folder.write(
        "issues/0003-third.md",
        issue_text(3, "2022-01-21", "Third").replace("status: ready\n", "status: ready\n" + STAMPED),
    )
    said = run("plan", "--root", folder.root, "--as-of", NOON, "--history")
    assert said.out.splitlines() == [
        "     2  due 2022-01-14, published 2022-01-15",
        "5 issues: 4 on time, 1 on another day. Current streak: 3 on time.",
        "Promised titles: 1 kept, 1 renamed, 1 moved, 1 dropped.",
    ]


# -- the calendars as programs read them

PAYING = "\"Paying, ; for 'data' 👩🏽‍💻\""
Events = dict[str, tuple[str, str]]
"""What a program sees: by UID the start in UTC and the summary."""

ICAL_JS = """
const ICAL = require("ical.js").default ?? require("ical.js");
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(process.argv[1], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map((found) => new ICAL.Event(found)).map((event) =>
  [event.uid, event.startDate.toJSDate().toISOString().slice(0, 16), event.summary])));
"""


def by_icalendar(path: Path, room: Path) -> Events:
    found = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {str(e["uid"]): (e.decoded("dtstart").astimezone(UTC).isoformat()[:16], str(e["summary"])) for e in found}


def by_khal(path: Path, room: Path) -> Events:
    needs(bool(shutil.which("khal")), "khal")
    places = f"[calendars]\n[[letter]]\npath = {room}/letter\n[sqlite]\npath = {room}/khal.db\n"
    zone = "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
    formats = "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
    more = "datetimeformat = %Y-%m-%dT%H:%M\nlongdatetimeformat = %Y-%m-%dT%H:%M\n"
    (room / "config").write_text(places + zone + formats + more)
    command = ["khal", "-c", str(room / "config")]
    home = os.environ | {"HOME": str(room), "XDG_DATA_HOME": str(room), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    for _ in range(2):  # a second import must not show anything twice
        subprocess.run([*command, "import", "--batch", str(path)], check=True, env=home, capture_output=True)
    listing = [
        *command,
        "list",
        "--day-format",
        "",
        "--format",
        "{uid}|{start-long-full}|{title}",
        "2021-12-01",
        "500d",
    ]
    said = subprocess.run(listing, check=True, env=home, capture_output=True, text=True).stdout.splitlines()
    rows = [line.split("|", 2) for line in said if line]
    assert len(rows) == len({row[0] for row in rows})
    return {uid: (start, title) for uid, start, title in rows}


def by_ical_js(path: Path, room: Path) -> Events:
    needs((NODE / "ical.js").exists(), "ical.js")
    said = subprocess.run(
        ["node", "-e", ICAL_JS, str(path)], check=True, capture_output=True, text=True, cwd=NODE.parent
    )
    return {uid: (start, title) for uid, start, title in json.loads(said.stdout)}


@pytest.mark.parametrize("read", [by_icalendar, by_khal, by_ical_js])
@pytest.mark.parametrize(("name", "count"), [("next.ics", 6), ("calendar.ics", 12)])
def test_programs_read_every_event(
    folder: Folder, tmp_path: Path, read: Callable[[Path, Path], Events], name: str, count: int
) -> None:
    folder.write("issues/extra.md", "---\ntitle: 'Extra, ; and \\ 什么'\ndate: 2022-02-01\nstatus: ready\n---\nx")
    folder.write("schedule.yaml", SCHEDULE.replace("Paying for data", PAYING))
    folder.build()
    found = read(folder.root / "site" / name, tmp_path)
    assert len(found) == count
    assert ("2022-02-11T16:00", "The Test Letter, Week 6: Reading a loss curve") in found.values()
    if name == "calendar.ics":
        assert ("2022-02-01T16:00", "The Test Letter, Special edition: Extra, ; and \\ 什么") in found.values()
    assert found == by_icalendar(folder.root / "site" / name, tmp_path)


def test_an_event_is_the_same_before_and_after_its_issue_is_out(folder: Folder) -> None:
    def rows() -> dict[str, tuple[str, int, str]]:
        found = Calendar.from_ical((folder.root / "site/calendar.ics").read_bytes()).walk("VEVENT")
        return {str(e["uid"]): (str(e["summary"])[-6:], e.decoded("sequence"), str(e.get("url", ""))) for e in found}

    folder.build()
    before = rows()
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Reading a loss curve"))
    folder.build("2022-02-11T09:00:00-07:00")
    after = rows()
    assert before.keys() == after.keys()
    (changed,) = [uid for uid in before if before[uid] != after[uid]]
    assert after[changed][::2] == (before[changed][0], "https://letter.example/issues/6-sixth/")
    assert after[changed][1] > before[changed][1]


def onsets(zone: str) -> list[tuple[datetime, bool]]:
    """When each time of a zone begins in a calendar around 2018, in UTC, and whether clocks really change then."""
    event = Event(uid="a", at=datetime(2018, 6, 1, 9, tzinfo=ZoneInfo(zone)), summary="s", sequence=0)
    found = []
    for part in Calendar.from_ical(icalendar("t", zone, [event])).walk("VTIMEZONE")[0].subcomponents:
        before, after = part.decoded("tzoffsetfrom"), part.decoded("tzoffsetto")
        dates = part.get("rdate", [])
        days = [day.dt for each in (dates if isinstance(dates, list) else [dates]) for day in each.dts]
        for local in [part.decoded("dtstart"), *days] if before != after else []:
            instant = (local - before).replace(tzinfo=UTC)
            offsets = [
                (instant - step).astimezone(ZoneInfo(zone)).utcoffset() for step in (timedelta(seconds=1), timedelta())
            ]
            found.append((instant, offsets == [before, after]))
    return found


@pytest.mark.parametrize(
    "zone", ["America/Denver", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata"]
)
def test_clocks_change_in_a_calendar_when_they_do(zone: str) -> None:
    found = onsets(zone)
    assert found or zone == "Asia/Kolkata"
    assert [instant for instant, right in found if not right] == []


def test_trap_icalendar_lets_summer_time_begin_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails with a new icalendar, _begin_in_time can go."""
    monkeypatch.setattr(calendars, "_begin_in_time", lambda observance: None)
    assert [instant for instant, right in onsets("America/Denver") if not right]
