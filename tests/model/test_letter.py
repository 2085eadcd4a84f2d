"""The rules of a letter find what is wrong with it as it is now, whatever was found before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.conftest import LETTER, Folder, issue_text, replaced, sound

from weekahead.model.hashing import hash_bytes
from weekahead.model.schedule import Schedule

AUDIO = 'audio: {file: a.wav, chapters: [{at: "0:00", title: One}, {at: "0:05", title: Two}]}'


@pytest.fixture
def ruled(folder: Folder) -> Folder:
    """A letter in which rules find a little, and have looked at everything."""
    folder.write("letter.yaml", LETTER.replace("id: ", "# id: ") + "podcast: {category: News}\n")
    recorded = hash_bytes(b"Words of issue 4.")
    text = issue_text(4, "2022-01-28", "Fourth letter", recorded=recorded).replace("status:", f"{AUDIO}\nstatus:")
    folder.write("issues/0004-fourth/index.md", text)
    (folder.root / "issues/0004-fourth.md").unlink()
    folder.write("issues/0004-fourth/a.wav", sound(9))
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-03", "Fifth letter"))
    return folder


CHANGES: dict[str, Callable[[Folder], object]] = {
    "a text that was recorded": replaced("issues/0004-fourth/index.md", "Words of", "Other words of"),
    "the length of what is heard": lambda folder: folder.write("issues/0004-fourth/a.wav", sound(4)),
    "a day": replaced("issues/0003-third.md", "2022-01-21", "2022-01-20"),
    "a number": replaced("issues/0003-third.md", "number: 3", "number: 2"),
    "a part": replaced("issues/0003-third.md", "part: 3, of: 3", "part: 2, of: 3"),
    "what one is not held to": replaced("issues/0005-fifth.md", "status:", "allow: [off-cadence]\nstatus:"),
    "the line of a finding": replaced("issues/0005-fifth.md", "---\nnumber", "\n---\nnumber"),
    "the line of a finding, and none of the text's": lambda folder: folder.write(
        "issues/0005-fifth.md",
        "\n" + (folder.root / "issues/0005-fifth.md").read_text("utf-8").replace("---\n\n", "---\n"),
    ),
    "the name of a file": lambda folder: shutil.move(folder.root / "issues/0005-fifth.md", folder.root / "issues/5.md"),
    "one less": lambda folder: (folder.root / "issues/0005-fifth.md").unlink(),
    "the plan": replaced("schedule.yaml", "upcoming:\n", "slips: {5: 2022-02-03}\nupcoming:\n"),
    "the letter": replaced("letter.yaml", "# id: ", "id: "),
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_any_change_findings_are_those_of_a_fresh_check(ruled: Folder, tmp_path: Path, what: str) -> None:
    ruled.build()
    before = ruled.check().findings
    CHANGES[what](ruled)
    found = ruled.check().findings
    assert found != before
    anew = Folder(tmp_path / "anew")
    shutil.copytree(ruled.root, anew.root, ignore=shutil.ignore_patterns(".weekahead", "site"))
    # What was published in this folder is all that a fresh one cannot tell.
    assert tuple(each for each in found if each.rule != "address-gone") == anew.check().findings


def test_every_past_slot_without_an_issue_is_missed(folder: Folder) -> None:
    folder.replace("issues/0002-second.md", "status: ready", "status: review")
    (folder.root / "issues/0004-fourth.md").unlink()
    as_of = "2022-02-20"
    missed = [found for found in folder.check(as_of).findings if found.rule == "missed-slot"]
    said = sorted(re.sub(" (was|were) due.*", "", found.message) for found in missed)
    assert said == ["number 2", "number 4", "numbers 6 to 7"]


def test_missed_slots_start_at_the_first_number_that_is_not_ready(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    due = Schedule.due

    def noted(self: Schedule, until: datetime, least: int) -> Iterator[tuple[int, date]]:
        asked.append(least)
        return due(self, until, least)

    monkeypatch.setattr(Schedule, "due", noted)
    folder.build()
    assert asked == [6]


def test_a_permalink_may_hold_the_number_the_slug_and_the_day(folder: Folder) -> None:
    folder.write("letter.yaml", f"{LETTER}permalink: /{{year}}/{{month}}/{{day}}/{{number}}-{{slug}}/\n")
    folder.write("issues/special.md", "---\ntitle: Special\ndate: 2022-02-05\nstatus: ready\n---\n\nExtra.\n")
    folder.build()
    assert "2022/01/07/1-first/index.html" in folder.site()
    assert "2022/02/05/2022-02-05-special/index.html" in folder.site()
