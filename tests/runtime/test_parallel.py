"""Work in copies of the process: in order whatever each item takes, as much as there is, and never silently cut short."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from weekahead.model.findings import BuildError, Finding, Location
from weekahead.runtime.parallel import FEWEST, TURNS, Lost, spread


@pytest.mark.parametrize("count", [2 * FEWEST, 2 * FEWEST + 1, TURNS - 1, TURNS, TURNS + 1, 3 * TURNS + 7])
def test_what_is_made_comes_in_the_order_of_the_items(count: int) -> None:
    assert list(spread(lambda item: b"%d" % item, count, 3)) == [b"%d" % item for item in range(count)]


def test_while_one_item_takes_its_time_another_copy_makes_all_the_rest(tmp_path: Path) -> None:
    last = 98

    def made_by(item: int) -> bytes:
        if item == last:
            (tmp_path / "last").touch()
        patience = time.monotonic() + 30
        while item == 0 and not (tmp_path / "last").exists() and time.monotonic() < patience:
            time.sleep(0.01)
        return b"%d" % os.getpid()

    by = list(spread(made_by, last + 1, 2))
    assert by.count(by[0]) == 1


def test_more_is_made_than_a_pipe_can_hold() -> None:
    assert [len(made) for made in spread(lambda item: bytes(300_000), 60, 2) if isinstance(made, bytes)] == [
        300_000
    ] * 60


def test_findings_take_the_place_of_what_cannot_be_made() -> None:
    def made(item: int) -> bytes:
        if item % 7 == 3:
            raise BuildError([Finding(where=Location("a.md", item), rule="r", message="m")])
        return b"made"

    found = list(spread(made, 70, 2))
    assert [place for place, each in enumerate(found) if isinstance(each, BuildError)] == [*range(3, 70, 7)]
    assert [each.findings[0].where.line for each in found if isinstance(each, BuildError)] == [*range(3, 70, 7)]


@pytest.mark.parametrize("last", [0, 5, 59])
def test_a_copy_that_is_killed_at_work_is_told_of(last: int) -> None:
    def made(item: int) -> bytes:
        if item == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"made"

    with pytest.raises(Lost):
        list(spread(made, 60, 2))


def test_the_others_do_the_work_of_a_copy_that_never_began(tmp_path: Path) -> None:
    (tmp_path / "alone").touch()

    def begin() -> None:
        with suppress(FileNotFoundError):
            (tmp_path / "alone").unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    assert list(spread(lambda item: b"made", 60, 2, begin)) == [b"made"] * 60
