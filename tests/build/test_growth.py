"""What a command costs grows with the number of issues, not with its square. No test here asserts a time: calls are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import LETTER, THOROUGH, Folder, issue_text
from tests.harness import calls

FIRST = date(2022, 1, 7)
WARM = 12
SIZES = (40, 80, 160)
MOST = 2.2
"""Times the calls for another forty issues, of those for eighty more."""

SCHEDULE = """\
cadence: {every: friday, at: "09:00", timezone: America/Denver}
horizon: 1
anchor: {number: 1, date: 2022-01-07}
"""


def day(number: int) -> date:
    return FIRST + timedelta(weeks=number - 1)


def text(number: int) -> str:
    """An issue as others are: tagged, with links to an older issue and elsewhere, and a table."""
    link = f"[before](000{number - 1}.md), " if 1 < number < 10 else ""
    body = f"""{link}[elsewhere](https://other.example/{number}), a claim.[^1]

## What happened

| a | b |
| - | - |
| {number} | 2 |

[^1]: From there."""
    return issue_text(number, str(day(number)), f"Letter {number}", body, tags=f"[all, of-{number % 7}]")


def letter_of(root: Path, count: int) -> tuple[Folder, str]:
    """A letter of so many issues, and an instant at which all are out."""
    folder = Folder(root)
    folder.write("letter.yaml", LETTER)
    folder.write("schedule.yaml", SCHEDULE)
    for number in range(1, count + 1):
        folder.write(f"issues/{number:04}.md", text(number))
    return folder, f"{day(count) + timedelta(days=1)}T12:00:00Z"


def edit(folder: Folder, as_of: str, count: int) -> None:
    folder.write(f"issues/{count:04}.md", text(count) + "One sentence more.\n")
    folder.build(as_of)


def rename(folder: Folder, as_of: str, count: int) -> None:
    folder.write(f"issues/{count:04}.md", text(count).replace("title:", "slug: another\ntitle:"))
    folder.build(as_of)


def add(folder: Folder, as_of: str, count: int) -> None:
    folder.write(f"issues/{count + 1:04}.md", text(count + 1))
    folder.build(f"{day(count + 1) + timedelta(days=1)}T12:00:00Z")


def check(folder: Folder, as_of: str, count: int) -> None:
    folder.write(f"issues/{count:04}.md", text(count) + "One sentence more.\n")
    folder.check(as_of)


def look_ahead(folder: Folder, as_of: str, count: int) -> None:
    with folder.plan(as_of):
        pass


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
@pytest.mark.parametrize("action", [edit, rename, add, check, look_ahead])
def test_a_letter_twice_as_long_costs_about_twice_as_much(
    tmp_path: Path, action: Callable[[Folder, str, int], None]
) -> None:
    costs = []
    for count in (WARM, *SIZES):  # what a process makes once costs nothing the second time
        folder, as_of = letter_of(tmp_path / str(count), count)
        folder.build(as_of)
        if action is check:
            folder.check(as_of)
        costs.append(calls(partial(action, folder, as_of, count)))
    _, small, middle, large = costs
    assert large - middle <= MOST * (middle - small)
