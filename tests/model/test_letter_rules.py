"""What the rules of a letter say of letters made from values."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from weekahead.model.config import Config
from weekahead.model.findings import Finding
from weekahead.model.issue import Audio, Issue, Source, Status, Text
from weekahead.model.letter import Letter
from weekahead.model.rules import check_buffer, check_rules
from weekahead.model.schedule import Cadence, CadenceRule, Schedule
from weekahead.model.schedule.cadence import Weekly
from weekahead.source.config_file import parse_config
from weekahead.source.yaml_map import read_yaml_map
from weekahead.source.yaml_tree import YamlSource

FRIDAYS = Cadence(
    rules=(CadenceRule(pattern=Weekly(days=(4,)), at=time(9), wording="friday"),), zone=ZoneInfo("America/Denver")
)


def config() -> Config:
    text = "title: The Letter\nurl: https://letter.example/\nid: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11\n"
    keys = read_yaml_map(text, YamlSource("letter.yaml", []), "letter.yaml")
    found = parse_config(keys) if keys else None
    assert found
    return found


def issue(number: int | None = 5, **keys: Any) -> Issue:
    file = f"issues/{number}.md"
    values: dict[str, Any] = {
        "title": "A title",
        "slug": str(number),
        "source": Source(file=file),
        "body": Text("digest", file),
    }
    return Issue(number=number, **(values | keys))


def letter(*issues: Issue, **schedule: Any) -> Letter:
    return Letter(
        config=config(),
        schedule=Schedule(cadence=FRIDAYS, anchor=(1, date(2022, 1, 7)), **schedule),
        issues=issues,
    )


def only(findings: list[Finding]) -> Finding:
    [finding] = findings
    return finding


def test_a_date_off_the_cadence_is_declared_with_the_day_that_has_no_issue() -> None:
    finding = only(check_rules(letter(issue(5, date=date(2022, 2, 5)))))
    assert finding.message == "number 5 is dated Saturday 2022-02-05, but the cadence has it on Friday 2022-02-04"
    assert finding.hint == "Declare it in schedule.yaml: slips: {5: 2022-02-05}."


def test_a_dated_number_beyond_the_calendar_is_off_the_cadence() -> None:
    finding = only(check_rules(letter(issue(999_999, date=date(2022, 2, 5)))))
    assert finding.message == "number 999999 is dated Saturday 2022-02-05, but the cadence has no day for it"
    assert finding.hint == "Declare it in schedule.yaml: slips: {999999: 2022-02-05}."


@pytest.mark.parametrize(
    ("number", "step"),
    [(5, "run: weekahead ready 5"), (None, "remove recorded:")],
)
def test_an_edited_recording_names_a_step_that_works_for_its_issue(number: int | None, step: str) -> None:
    recorded = issue(
        number,
        date=date(2022, 2, 4),
        status=Status.READY,
        audio=Audio(url="https://x.example/a.mp3", bytes=1),
        recorded="other",
    )
    assert only(check_rules(letter(recorded))).hint.endswith(f"or record it again and {step}")


@pytest.mark.parametrize(("ready", "words"), [(0, "0 issues are ready"), (1, "1 issue is ready")])
def test_a_short_buffer_says_how_many_are_ready(ready: int, words: str) -> None:
    assert only([*check_buffer(letter(buffer=2), ready)]).message == f"{words}, but buffer: asks for 2"
