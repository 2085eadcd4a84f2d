"""A build that has nothing to do knows it by looks alone, and never when there is something to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOON, Folder, issue_text

from weekahead.build import up_to_date
from weekahead.build.pipeline import BuildOptions
from weekahead.build.snapshot import Snapshot, due_until, take_snapshot
from weekahead.runtime.code_version import open_store
from weekahead.source.loader import load_letter

HEAVY = {
    "markdown",
    "jinja2",
    "lxml",
    "feedgen",
    "selectolax",
    "yaml",
    "frontmatter",
    "icalendar",
    "sqlite3",
    "zoneinfo",
}


@pytest.fixture
def built(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A letter that was built when all its files had been at rest for long."""
    monkeypatch.setattr(up_to_date, "GRAIN", -(10**15))
    folder.write("templates/_own.html", "<p>Own.</p>")
    folder.build()
    monkeypatch.undo()
    return folder


def is_resting(folder: Folder, as_of: str | None = NOON) -> bool:
    return (
        up_to_date.find_record(
            up_to_date.stat_inputs(folder.root), folder.root / "site", BuildOptions(root=folder.root).key, as_of
        )
        is not None
    )


def test_a_second_build_opens_no_file_and_imports_next_to_nothing(built: Folder) -> None:
    assert is_resting(built)
    code = f"""
import sys
opened = []
sys.addaudithook(lambda event, found: opened.append(str(found[0])) if event == "open" else None)
from weekahead.commands.main import main
try: main(["build", "--root", {str(built.root)!r}, "--as-of", {NOON!r}])
except SystemExit: pass
print(sorted({{name for name in opened if name.startswith({str(built.root)!r})}}))
print(sorted({HEAVY!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, names, modules = done.stdout.splitlines()
    assert "5 issues; 0 files written, 0 removed" in said
    assert names == str([str(built.root / ".weekahead/site/state")])
    assert modules == "[]"


def edit(folder: Folder) -> None:
    path = folder.root / "issues/0002-second.md"
    found = os.stat(path)
    path.write_bytes(path.read_bytes().replace(b"Words", b"Wards"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


CHANGES: dict[str, Callable[[Folder], object]] = {
    "an edit put back in time": edit,
    "a new issue": lambda folder: folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth")),
    "a new picture": lambda folder: folder.write("issues/new.png", b"x"),
    "a new page": lambda folder: folder.write("pages/about.md", "# About\n"),
    "an issue taken away": lambda folder: (folder.root / "issues/0001-first.md").unlink(),
    "another template": lambda folder: folder.write("templates/_own.html", "<p>Mine.</p>"),
    "a new template": lambda folder: folder.write("templates/assets/own.css", ""),
    "another plan": lambda folder: folder.write("schedule.yaml", (folder.root / "schedule.yaml").read_text() + "# x\n"),
    "a page taken away": lambda folder: (folder.root / "site/index.html").unlink(),
    "a page changed": lambda folder: folder.write("site/index.html", "x"),
    "a killed build": lambda folder: folder.write(".weekahead/site/journal", b""),
    "a killed staging": lambda folder: (folder.root / ".weekahead/site/stage").mkdir(),
    "a damaged record": lambda folder: folder.write(".weekahead/site/state", b"\x99"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_that_changed_goes_unnoticed(built: Folder, change: str) -> None:
    assert is_resting(built)
    CHANGES[change](built)
    assert not is_resting(built)


def test_a_copied_letter_is_at_rest_after_one_build(built: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (built.root / "site").rglob("*.html"):
        os.utime(path)
    assert not is_resting(built)
    monkeypatch.setattr(up_to_date, "GRAIN", -(10**15))
    assert built.build().changes.written == ()
    monkeypatch.undo()
    assert is_resting(built)


def test_other_options_and_instants_are_other_sites(built: Folder) -> None:
    options = [
        BuildOptions(root=built.root, drafts=True).key,
        BuildOptions(root=built.root, base_url="https://x.example/").key,
    ]
    assert not [
        one
        for one in options
        if up_to_date.find_record(up_to_date.stat_inputs(built.root), built.root / "site", one, NOON)
    ]
    assert not is_resting(built, "2022-02-10")


def test_files_that_changed_just_now_are_not_at_rest(folder: Folder) -> None:
    folder.build()
    assert not is_resting(folder)


@given(st.integers(0, 10**6))
def test_the_same_site_is_due_as_long_as_the_record_says(promised: Folder, seconds: int) -> None:
    since, until = (datetime.fromisoformat(words) for words in promised.due)  # type: ignore[attr-defined]
    later = since + (until - since) * seconds / 10**6
    one, other = (snapshot(promised.root, instant) for instant in (since, later))
    assert (one.digest, one.warnings) == (other.digest, other.warnings)


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A letter with a special and an issue to come, and the instants between which its site stays as it is."""
    made = Folder(tmp_path_factory.mktemp("promised") / "letter")
    made.write("letter.yaml", "title: T\nurl: https://x.example/\nid: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11\n")
    plan = "".join(f"  - {{number: {n}, title: N{n}, state: planning}}\n" for n in range(4, 16))
    made.write(
        "schedule.yaml",
        f'cadence: {{every: 2 weeks on friday, at: "09:00", timezone: America/Denver}}\nanchor: {{number: 1, date: 2022-01-07}}\nupcoming:\n{plan}',
    )
    made.write("issues/0001-a.md", issue_text(1, "2022-01-07", "A"))
    made.write("issues/0002-b.md", issue_text(2, "2022-01-21", "B"))
    made.write("issues/special.md", "---\ntitle: S\ndate: 2022-02-01\nstatus: ready\n---\n\nX\n")
    since = datetime.fromisoformat("2022-01-08T10:00:00-07:00")
    until = due_until(snapshot(made.root, since))
    assert since + timedelta(days=3) < until < since + timedelta(days=14)
    made.due = since.isoformat(), until.isoformat()  # type: ignore[attr-defined]
    return made


def snapshot(root: Path, as_of: datetime) -> Snapshot:
    with open_store(root) as store:
        return take_snapshot(load_letter(root, store), store.version, as_of=as_of.isoformat())
