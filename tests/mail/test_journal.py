"""The journal of a sending: whatever cuts it off, it tells who may have the letter, and its counts add up."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekahead.mail.journal import (
    Journal,
    JournalDamaged,
    State,
    first_entry,
    is_as_left,
    load_journal,
    read_journal,
)
from weekahead.mail.transport import Accepted, InDoubt, Outcome, Refused, TryLater

IDS = ("a", "b", "c")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal.create(tmp_path / "87.journal", first_entry(issue="87", nonce="n", ids=IDS))
    made.begin_session("s1")
    yield made
    made.close()


def states(path: Path) -> dict[str, State]:
    record = load_journal(path)
    assert record
    assert sum(getattr(record.counts, state) for state in State) == record.counts.intended == len(IDS)
    return record.states


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Accepted(250, "ok"), State.ACCEPTED),
        (Refused(550, "no"), State.REFUSED),
        (TryLater(451, "later"), State.WAITING),
        (InDoubt("lost"), State.IN_DOUBT),
    ],
)
def test_an_outcome_gives_a_letter_its_state(journal: Journal, tmp_path: Path, outcome: Outcome, state: State) -> None:
    journal.handing("b")
    journal.outcome("b", outcome)
    assert states(tmp_path / "87.journal") == {"a": State.WAITING, "b": state, "c": State.WAITING}
    assert journal.record.states == states(tmp_path / "87.journal")


def test_handing_without_an_outcome_is_in_doubt(journal: Journal, tmp_path: Path) -> None:
    journal.handing("a")
    assert states(tmp_path / "87.journal")["a"] is State.IN_DOUBT


def test_somebody_who_left_or_is_sent_again(journal: Journal, tmp_path: Path) -> None:
    journal.note("left", "a")
    journal.handing("b")
    journal.note("resend", "b")
    assert states(tmp_path / "87.journal") == {"a": State.LEFT, "b": State.WAITING, "c": State.WAITING}


def test_the_list_alone_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "87.journal"
    Journal.create(path, first_entry(issue="87", nonce="n", edition="e", ids=IDS)).close()
    record = load_journal(path)
    assert record
    assert (record.first.issue, record.first.nonce, record.first.ids) == ("87", "n", IDS)
    assert record.counts.waiting == 3
    assert os.stat(path).st_mode & 0o777 == 0o600


@settings(max_examples=30)
@given(st.data())
def test_a_journal_cut_anywhere_tells_at_least_the_doubt(data: st.DataObject) -> None:
    """What was synced is never lost; what is lost after that makes a letter doubtful, and never unsent."""
    folder = Path(os.environ["HOME"]) / f"journal{time.monotonic_ns()}"
    folder.mkdir()
    journal = Journal.create(folder / "j", first_entry(issue="87", nonce="n", ids=IDS))
    synced, done = journal.record.size, dict[str, State]()
    for id in data.draw(st.permutations(IDS)):
        journal.handing(id)
        synced = journal.record.size
        outcomes: list[Outcome] = [Accepted(), Refused(550), InDoubt(), TryLater(451)]
        journal.outcome(id, data.draw(st.sampled_from(outcomes)))
        done = dict(journal.record.states)
        if data.draw(st.booleans()):
            break
    journal.close()
    whole = (folder / "j").read_bytes()
    kept = data.draw(st.integers(0, 100)) * (len(whole) - synced) // 100
    cut = whole[: synced + kept] + data.draw(st.sampled_from([b"", b"\0" * 40, b'{"ev']))
    (folder / "j").write_bytes(cut)
    again = Journal.resume(folder / "j")
    assert again
    found = again.record.states
    assert all(found[id] in (state, State.IN_DOUBT) for id, state in done.items())
    again.note("left", "a")
    again.close()
    assert read_journal((folder / "j").read_bytes()).states == {**found, "a": State.LEFT}  # type: ignore[union-attr]
    shutil.rmtree(folder)


def test_a_line_torn_off_is_dropped(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "87.journal"
    journal.handing("a")
    with path.open("ab") as file:
        file.write(b'{"event":"accepted","id":"a","sum":"12')
    again = Journal.resume(path)
    assert again
    assert again.record.states["a"] is State.IN_DOUBT
    again.handing("b")
    assert read_journal(path.read_bytes()).states["b"] is State.IN_DOUBT  # type: ignore[union-attr]
    again.close()


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("change", ["drop", "swap", "edit", "twice", "foreign"])
def test_a_changed_line_is_damage(journal: Journal, tmp_path: Path, change: str) -> None:
    path = tmp_path / "87.journal"
    for id in IDS:
        journal.handing(id)
        journal.outcome(id, Accepted())
    found = lines(path)
    match change:
        case "drop":
            del found[3]
        case "swap":
            found[3], found[5] = found[5], found[3]
        case "edit":
            found[3] = found[3].replace(b'"a"', b'"x"')
        case "twice":
            found.insert(3, found[3])
        case "foreign":
            found[3] = b"\n"
    path.write_bytes(b"".join(found))
    with pytest.raises(JournalDamaged):
        load_journal(path)


def test_an_empty_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "87.journal").write_bytes(b'{"event":"fro')
    assert load_journal(tmp_path / "87.journal") is None
    assert load_journal(tmp_path / "88.journal") is None


def test_no_address_is_written(journal: Journal, tmp_path: Path) -> None:
    journal.outcome("a", Refused(550, "5.1.1 <ann@reader.example>: Recipient\r\nann@reader.example rejected"))
    text = (tmp_path / "87.journal").read_text()
    assert "reader.example" not in text
    assert "5.1.1 <…>: Recipient … rejected" in text


def test_a_journal_that_was_put_back_is_noticed(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "87.journal"
    journal.handing("a")
    assert is_as_left(path, journal.record)
    shutil.copy(path, tmp_path / "copy")
    journal.outcome("a", Accepted())
    assert is_as_left(path, journal.record)
    os.replace(tmp_path / "copy", path)
    assert not is_as_left(path, load_journal(path))  # type: ignore[arg-type]


def test_a_journal_whose_bytes_were_put_back_is_noticed(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "87.journal"
    record = journal.record
    record.last -= 60  # as if those bytes were a minute old
    assert not is_as_left(path, record)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    Journal.create(tmp_path / "real", first_entry(issue="87", nonce="n", ids=IDS)).close()
    (tmp_path / "87.journal").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="ymbolic"):
        Journal.resume(tmp_path / "87.journal")
    with pytest.raises(OSError, match="ymbolic"):
        load_journal(tmp_path / "87.journal")


def test_a_pipe_in_place_of_a_journal_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "87.journal")
    with pytest.raises(OSError, match="not a file"):
        Journal.resume(tmp_path / "87.journal")
    with pytest.raises(OSError, match="not a file"):
        load_journal(tmp_path / "87.journal")
    assert (tmp_path / "87.journal").is_fifo()
