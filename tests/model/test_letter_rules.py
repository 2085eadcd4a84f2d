"""What the rules of a letter say of letters made from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from weekahead.model.config import Config
from weekahead.model.findings import Finding, Location, Severity
from weekahead.model.issue import Audio, Issue, SeriesPart, Source, Status, Text, slug_of_name
from weekahead.model.letter import Letter
from weekahead.model.rules import check_buffer, check_recordings, check_rules
from weekahead.model.schedule import Cadence, CadenceRule, Entry, Schedule, State
from weekahead.model.schedule.cadence import Weekly
from weekahead.source.config_file import parse_config
from weekahead.source.yaml_map import read_yaml_map
from weekahead.source.yaml_tree import YamlSource

PERMALINK = "/issues/{number}-{slug}/"

FRIDAYS = Cadence(
    rules=(CadenceRule(pattern=Weekly(days=(4,)), at=time(9), wording="friday"),), zone=ZoneInfo("America/Denver")
)


def config(permalink: str = PERMALINK) -> Config:
    text = "title: The Letter\nurl: https://letter.example/\nid: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11\n"
    text += f'permalink: "{permalink}"\n'
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


def letter(*issues: Issue, permalink: str = PERMALINK, **schedule: Any) -> Letter:
    return Letter(
        config=config(permalink),
        schedule=Schedule(cadence=FRIDAYS, anchor=(1, date(2022, 1, 7)), **schedule),
        issues=issues,
    )


def only(findings: list[Finding]) -> Finding:
    [finding] = findings
    return finding


def test_a_date_off_the_cadence_is_declared_with_the_day_that_has_no_issue() -> None:
    finding = only(check_rules(letter(issue(5, date=date(2022, 2, 5), status=Status.READY))))
    assert finding.message == "number 5 is dated Saturday 2022-02-05, but the cadence has it on Friday 2022-02-04"
    assert finding.hint == "Declare it in schedule.yaml: slips: {5: 2022-02-05}."


def test_a_draft_off_the_cadence_needs_no_date() -> None:
    draft, remove = (
        issue(5, date=date(2022, 2, 5)),
        "Remove this line, since the schedule has the day, or write 2022-02-04.",
    )
    finding = only(check_rules(letter(draft)))
    assert finding.hint == f"{remove} To keep 2022-02-05, declare it in schedule.yaml: slips: {{5: 2022-02-05}}."
    entry = Entry(number=5, title=draft.title, state=State.DRAFTING, where=Location("schedule.yaml"))
    finding = only(check_rules(letter(draft, entries={5: entry})))
    assert finding.hint == f"{remove} To keep 2022-02-05, add date: 2022-02-05 to number 5 in schedule.yaml."


def test_a_dated_number_beyond_the_calendar_is_off_the_cadence() -> None:
    finding = only(check_rules(letter(issue(999_999, date=date(2022, 2, 5)))))
    assert finding.message == "number 999999 is dated Saturday 2022-02-05, but the cadence has no day for it"
    assert finding.hint == "Declare it in schedule.yaml: slips: {999999: 2022-02-05}."


@pytest.mark.parametrize(
    ("number", "step"),
    [(5, "run: weekahead ready 5"), (None, "remove recorded:")],
)
@pytest.mark.parametrize(
    ("hour", "severity", "hint"),
    [
        (8, Severity.WARNING, "Restore the text, or record it again and {} (this is an error once the issue is out)"),
        (
            9,
            Severity.ERROR,
            "Restore the text; or declare the change, corrected: [{{date: 2022-02-04, what: Say what.}}]; or record it again and {}",
        ),
    ],
)
def test_an_edited_recording_is_an_error_once_it_is_out_and_names_steps_that_work(
    number: int | None, step: str, hour: int, severity: Severity, hint: str
) -> None:
    recorded = issue(
        number,
        date=date(2022, 2, 4),
        status=Status.READY,
        audio=Audio(url="https://x.example/a.mp3", bytes=1),
        recorded="other",
    )
    as_of = datetime(2022, 2, 4, hour, tzinfo=FRIDAYS.zone)
    finding = only([*check_recordings(letter(recorded), as_of)])
    assert (finding.severity, finding.hint) == (severity, hint.format(step))


@pytest.mark.parametrize(
    ("files", "planned", "message", "hint"),
    [
        (
            {5: 2, 6: 1},
            [],
            'part 1 of "S" comes out on 2022-02-11, after part 2 on 2022-02-04',
            "part: 1 in issues/5.md:1, part: 2 in issues/6.md:1",
        ),
        (
            {5: 1, 6: 4, 8: 2, 9: 3},
            [],
            'part 2 of "S" comes out on 2022-02-25, after part 4 on 2022-02-11',
            "part: 2 in issues/6.md:1, part: 3 in issues/8.md:1, part: 4 in issues/9.md:1",
        ),
        (
            {8: 1},
            [6, 7],
            'part 1 of "S" comes out on 2022-02-25, after part 2 on 2022-02-18',
            "part: 3 in issues/8.md:1",
        ),
        (
            {5: 1, 6: 9, 7: 3},
            [],
            'part 3 of "S" comes out on 2022-02-18, after part 9 on 2022-02-11',
            "part: 2 in issues/6.md:1",
        ),
        (
            {number: 20 - number for number in range(5, 13)},
            [],
            'part 14 of "S" comes out on 2022-02-11, after part 15 on 2022-02-04',
            "part: 8 in issues/5.md:1, part: 9 in issues/6.md:1, part: 10 in issues/7.md:1, part: 11 in issues/8.md:1, "
            "part: 12 in issues/9.md:1, and so on for 3 more",
        ),
        (
            {5: 3, 9: 4},
            [6, 7],
            'part 4 of "S" comes out on 2022-03-04, after part 5 on 2022-02-18',
            "part: 6 in issues/9.md:1",
        ),
    ],
)
def test_parts_out_of_order_are_found_once_with_the_numbers_they_should_have(
    files: dict[int, int], planned: list[int], message: str, hint: str
) -> None:
    finding = only(check_rules(series_letter(files, planned)))
    assert (finding.rule, finding.message) == ("series-order", message)
    assert finding.hint == f"Number them in the order of their days: {hint}."


@pytest.mark.parametrize(
    ("files", "planned"),
    [
        ({5: 1, 6: 2}, []),
        ({5: 1, 8: 2}, [9]),
        ({6: 1, 9: 4}, [7, 8]),
        ({9: 8}, [7, 8]),
        ({5: 2, 6: 3}, []),
        ({7: 1}, []),
        ({}, [6, 7]),
    ],
)
def test_parts_in_the_order_of_their_days_are_not_reported(files: dict[int, int], planned: list[int]) -> None:
    assert check_rules(series_letter(files, planned)) == []


def test_the_order_of_parts_is_that_of_their_days_not_of_their_numbers() -> None:
    moved = {5: date(2022, 3, 1)}
    letter = series_letter({5: 2, 6: 1}, [], slips=moved)
    assert check_rules(letter) == []
    assert [found.rule for found in check_rules(series_letter({5: 1, 6: 2}, [], slips=moved))] == ["series-order"]


def series_letter(files: Mapping[int, int], planned: Sequence[int], **schedule: Any) -> Letter:
    """A letter of one series: its files' numbers with their parts, and the numbers that are only planned."""
    issues = [issue(number, series=SeriesPart(name="S", part=part)) for number, part in files.items()]
    entries = {
        number: Entry(
            number=number, title="T", state=State.PLANNING, where=Location("schedule.yaml", number), series="S"
        )
        for number in planned
    }
    written = {each.number: each for each in issues}
    return letter(*issues, entries=entries, written=written, **schedule)


@pytest.mark.parametrize(("ready", "words"), [(0, "0 issues are ready"), (1, "1 issue is ready")])
def test_a_short_buffer_says_how_many_are_ready(ready: int, words: str) -> None:
    assert only([*check_buffer(letter(buffer=2), ready)]).message == f"{words}, but buffer: asks for 2"


TWO_OF_A_NAME = (
    issue(1, slug="news", date=date(2022, 1, 7)),
    issue(2, slug="News", date=date(2022, 1, 14)),
    issue(57, slug="news", date=date(2023, 2, 3)),
)


@pytest.mark.parametrize(
    ("permalink", "taken"),
    [
        (PERMALINK, []),
        ("/{number}/{slug}/", []),
        ("/{year}/{month}/{day}/{slug}/", []),
        ("/{year}/{slug}/", [2]),
        ("/p/{slug}/", [2, 57]),
    ],
)
def test_a_slug_is_taken_where_two_addresses_are_one(permalink: str, taken: list[int]) -> None:
    found = [
        finding for finding in check_rules(letter(*TWO_OF_A_NAME, permalink=permalink)) if finding.rule == "slug-taken"
    ]
    assert [finding.where.file for finding in found] == [f"issues/{number}.md" for number in taken]
    assert all("is already taken by issues/1.md" in finding.message for finding in found)


def test_specials_share_a_slug_but_not_a_day() -> None:
    days = [date(2021, 12, 31), date(2022, 12, 31), date(2022, 12, 31)]
    parties = [
        issue(None, slug="party", date=day, source=Source(file=f"issues/{name}.md"))
        for name, day in zip("abc", days, strict=True)
    ]
    assert only(check_rules(letter(*parties))).where.file == "issues/c.md"


def test_a_special_has_a_feed_id_of_its_own() -> None:
    sources = [Source(file="issues/party.md"), Source(file="issues/party/index.md")]
    days = [date(2021, 12, 31), date(2022, 12, 31)]
    parties = [issue(None, slug="party", date=day, source=source) for day, source in zip(days, sources, strict=True)]
    finding = only(check_rules(letter(*parties)))
    assert (finding.rule, finding.where.file) == ("guid-taken", "issues/party/index.md")
    assert "issues/party.md" in finding.message


def entry(number: int, day: date | None = None) -> Entry:
    return Entry(number=number, title="A plan", state=State.IDEA, where=Location("schedule.yaml", 9), date=day)


@pytest.mark.parametrize(
    ("planned", "day", "is_found"),
    [
        (4_000_000, None, True),
        (999_999_999, None, True),
        (5_000, None, False),
        (999_999_999, date(2022, 3, 4), False),
    ],
)
def test_a_planned_number_needs_a_day(planned: int, day: date | None, is_found: bool) -> None:
    findings = check_rules(letter(entries={planned: entry(planned, day)}))
    assert [finding.where for finding in findings] == [Location("schedule.yaml", 9)] * is_found
    assert all(f"number {planned} is outside the calendar" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C♯", "c-sharp"),
        ("C＋＋", "c-plus-plus"),
        ("Objective-C++ for all", "objective-c-plus-plus-for-all"),
        (".NET", "dot-net"),
        ("Node.js", "node-js"),
        ("A+B", "a-b"),
        ("R & D", "r-d"),
        ("Reading, part 2", "reading-part-2"),
        ("हिन्दी में", "हिन्दी-में"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("น้ำ", "น้ำ"),
        ("ນ້ຳ", "ນ້ຳ"),
        ("தமிழ்", "தமிழ்"),
        ("বাংলা ভাষা", "বাংলা-ভাষা"),
        ("ខ្មែរ", "ខ្មែរ"),
        ("עִבְרִית", "עִבְרִית"),
        ("العَرَبيّة", "العَرَبيّة"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("C\u200d", "c"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("++", ""),
        ("# ♯ …", ""),
        ("\u0301", ""),
        ("\u200c\u200d", ""),
        ("🎉", ""),
    ],
)
def test_a_name_has_an_address_in_letters_and_digits(name: str, slug: str) -> None:
    assert slug_of_name(name) == slug


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("C", "C++", None),
        ("C#", "C++", None),
        ("Python", "python", None),
        ("की", "के", None),
        ("café", "cafe", None),
        ("caf\u00e9", "cafe\u0301", None),
        ("machine learning", "Machine-Learning", Severity.WARNING),
        ("machine_learning", "machine learning", Severity.WARNING),
        ("C", "C*", Severity.ERROR),
        ("C", "C!", Severity.ERROR),
        ("C++", "C plus plus", Severity.ERROR),
        ("R&D", "R D", Severity.ERROR),
        ("Straße", "Strasse", Severity.ERROR),
    ],
)
@pytest.mark.parametrize("kind", ["tag", "author"])
def test_two_names_share_no_page_in_silence(kind: str, one: str, other: str, severity: Severity | None) -> None:
    texts = [issue(n, slug=f"s{n}", **{f"{kind}s": (name,)}) for n, name in enumerate([one, other, one, other], 1)]
    findings = check_rules(letter(*texts))
    assert [(found.rule, found.severity, found.where.file) for found in findings] == (
        [(f"{kind}-name", severity, "issues/2.md")] if severity else []
    )
    assert all(f'the {kind}s "{other}" and "{one}" in issues/1.md' in found.message for found in findings)


@pytest.mark.parametrize(("one", "other"), [("C course", "C* course"), ("Straße", "Strasse"), ("Basics", "basics")])
def test_two_series_share_no_page(one: str, other: str) -> None:
    texts = [issue(n, slug=f"s{n}", series=SeriesPart(name=name, part=n)) for n, name in enumerate([one, other], 1)]
    finding = only(check_rules(letter(*texts)))
    assert (finding.rule, finding.where.file) == ("series-name", "issues/2.md")
    assert f'"{other}" and "{one}"' in finding.message
