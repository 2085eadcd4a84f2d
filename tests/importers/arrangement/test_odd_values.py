"""Values that no letter can have: what cannot be used is a line in the report, and the post comes over."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.importers.fake import post, run

from weekahead.build.check import check
from weekahead.importers.arrangement.names import language_tag
from weekahead.importers.arrangement.plan_text import ScheduleFacts, schedule_text
from weekahead.importers.arrangement.rhythm import cadence_of, find_rhythm
from weekahead.importers.post import SeriesHint
from weekahead.model.findings import BuildError, Finding
from weekahead.source.parsers import schedule_file

LONG = "x" * 5000


def test_names_that_no_page_can_have_lose_no_post(tmp_path: Path) -> None:
    odd = post(
        "odd", "2024-03-01", series=SeriesHint(name=LONG), tags=(LONG,), authors=(LONG,), language="English", guid=LONG
    )
    other = post("other", "2024-03-08", series=SeriesHint(name="Piers", part=1, of=99999), language="pt_BR")
    report = run(tmp_path / "letter", odd, other, author=LONG, title=LONG, language="en_GB.UTF-8")
    assert report.counts["ready"] == 2
    said = {each.note.rule for each in report.notes}
    assert {"series-name", "tag-name", "author-name", "language"} <= said
    assert "refused" not in said
    letter = (tmp_path / "letter/letter.yaml").read_text("utf-8")
    assert "language: en-GB\n" in letter
    text = (tmp_path / "letter/issues/0002-other.md").read_text("utf-8")
    assert "series: {name: Piers, part: 1}\n" in text
    assert "language: pt-BR\n" in text


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en", "en"), ("pt-BR", "pt-BR"), ("pt_BR.UTF-8", "pt-BR"), ("de_AT", "de-AT"), ("English", ""), ("e", ""), ("en_US@x", ""), ("", "")],
)  # fmt: skip
def test_a_language_is_a_tag(written: str, tag: str) -> None:
    assert language_tag(written) == tag


def test_a_letter_of_pages_alone_has_a_folder_for_issues(tmp_path: Path) -> None:
    run(tmp_path / "letter", post("about", is_page=True))
    assert [each for each in check(tmp_path / "letter", "2024-04-01").findings if each.is_error] == []


def test_an_export_without_a_post_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="there is no post in this export"):
        run(tmp_path / "letter")
    assert not (tmp_path / "letter").exists()


def test_a_pause_of_more_than_a_century_is_written_in_pieces() -> None:
    cadence = cadence_of(find_rhythm([date(2024, 3, 1)]), time(9), ZoneInfo("UTC"))
    facts = ScheduleFacts(cadence=cadence, anchor=(1, date(1900, 1, 5)), pauses=[(date(1900, 1, 12), date(2150, 1, 2))])
    findings: list[Finding] = []
    schedule_file("schedule.yaml", schedule_text(facts).encode(), findings)
    assert findings == []
    assert "{from: 1900-01-12, until: 2000-01-13}, {from: 2000-01-14, until:" in schedule_text(facts).replace("\n ", "")


def test_two_special_editions_of_one_day_and_name_are_both_there(tmp_path: Path) -> None:
    row = [post(f"tides-{number}", f"2024-03-{day:02}") for number, day in enumerate((1, 8, 15, 22), 1)]
    twins = [post(name, "2024-03-13", f"Words of {name}.", slug="fog", title="Fog") for name in ("a", "b")]
    report = run(tmp_path / "letter", *row, *twins)
    assert report.counts["ready"] == 6
    assert [each for each in check(tmp_path / "letter", "2024-04-01").findings if each.is_error] == []
    assert run(tmp_path / "letter", *row, *twins).has_news is False
