"""The sample letter looks the same on every day: `make site` reports nothing, and an issue is in review."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Said

REPOSITORY = Path(__file__).parents[2]
Run = Callable[..., Said]


def as_make_does(target: str) -> list[str]:
    """Return the arguments that a target of the Makefile gives to weekahead."""
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    line = re.search(rf"(?m)^{target}:.*\n\t\$\(BIN\)/weekahead (.*)$", makefile)
    as_of = re.search(r"(?m)^AS_OF := (\S+)$", makefile)
    assert line
    assert as_of
    return line[1].replace("$(AS_OF)", as_of[1]).split()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    for name in ("issues", "pages", "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    for name in ("letter.yaml", "schedule.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    return tmp_path


def test_make_site_reports_nothing_on_any_day_of_a_year(
    sample: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in range(0, 391, 30):
        now = datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(days)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{now.timestamp():.0f}")
        said = run(*as_make_does("site"), "--root", sample)
        assert (said.status, said.err) == (0, ""), now


def test_check_has_nothing_to_warn_of_and_an_issue_in_review(sample: Path, run: Run) -> None:
    as_of = as_make_does("site")[1:]
    checked = run("check", *as_of, "--root", sample, "--format", "json")
    assert checked.status == 0
    assert {found["severity"] for found in checked.json["findings"]} <= {"note"}  # type: ignore[attr-defined]
    assert re.search(r"(?m)^2026-11-27 +9 +review ", run("plan", *as_of, "--root", sample).out)
    run("build", *as_of, "--drafts", "--root", sample)
    (page,) = (sample / "site/issues").glob("9-*/index.html")
    assert "Nine o’clock, but whose?" in page.read_text("utf-8")


def test_make_serve_shows_the_same_day_as_make_site() -> None:
    assert as_make_does("serve")[-2:] == as_make_does("site")[-2:]
