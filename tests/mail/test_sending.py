"""Sending to people: small worlds in which runs are killed, cut off, put back, repeated and raced, on two machines.

Whatever happens, nobody gets a letter twice without a person, and the books tell the truth about everybody.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import Struct
from tests.conftest import EXAMPLES

from weekahead.mail.books import books_folder
from weekahead.mail.claiming import AlreadySent, Job, Sending, Status, Stopped, begin, status_of
from weekahead.mail.claims import Claim, IssueBook
from weekahead.mail.journal import State, load_journal
from weekahead.mail.sending import AGAIN, REFUSED_IN_A_ROW, send_to_people
from weekahead.mail.transport import Accepted, HasAddress, InDoubt, Outcome, Refused, TransportError, TryLater

IDS = ("a", "b", "c", "d")
KINDS = ("ok", "refused", "later", "gone", "lost", "cut", "bad", "later at the end")


class Killed(BaseException):
    """The process is gone."""


class Reader(Struct, frozen=True):
    id: str

    @property
    def address(self) -> str:
        return f"{self.id}@x.example"


class MemoryClock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.at, self.is_stopped = 0.0, False
        self.waits: list[float] = []

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += max(0.0, seconds)


class World:
    """What is true: who has the letter, who has left, and what the host does with each try."""

    def __init__(self) -> None:
        self.delivered: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.plans: dict[str, list[str]] = {id: [] for id in IDS}
        self.refusals: list[str] = []
        self.claims: dict[str, Claim] = {}
        self.fuse: Callable[[], None] = lambda: None

    # -- the readers' file

    def may_receive(self, id: str) -> bool:
        return id not in self.gone

    def refused(self, id: str, code: int, text: str) -> None:
        self.refusals.append(id)

    # -- the issue book that all machines share

    place, is_shared = "the book", True

    def read(self) -> dict[str, Claim]:
        return dict(self.claims)

    def write(self, claim: Claim, before: Claim | None) -> bool:
        self.fuse()
        if self.claims.get(claim.issue) != before:
            return False
        self.claims[claim.issue] = claim
        self.fuse()
        return True

    # -- the host

    def hand_over(self, recipient: HasAddress, message: bytes, on_354: Callable[[], None]) -> Outcome:
        id = recipient.id
        kind = self.plans[id].pop(0) if self.plans[id] else "ok"
        self.fuse()
        match kind:
            case "refused":
                return Refused(550, is_address=True)
            case "later":
                return TryLater(451)
            case "gone":
                return TryLater(421, host=True)
        on_354()
        self.fuse()
        if kind == "bad":
            return Refused(554)
        if kind == "later at the end":
            return TryLater(452)
        if kind != "cut":
            self.delivered[id] += 1
        self.fuse()
        return InDoubt() if kind in ("lost", "cut") else Accepted()

    def close(self) -> None:
        pass


def job(ids: tuple[str, ...] = IDS, **more: object) -> Job:
    return Job(letter="l", key="87", label="Week 87", edition="e", ids=ids, **more)  # type: ignore[arg-type]


def send(root: Path, world: World, job: Job, clock: MemoryClock | None = None, *, seconds: float = 1e6) -> Sending:
    """One run of `send`."""
    book: IssueBook = world
    sending = begin(root, book, job)
    readers = {id: Reader(id) for id in job.ids}
    clock = clock or MemoryClock()
    try:
        send_to_people(
            sending, world, readers, world, lambda reader: b"", clock, per_minute=60, seconds=seconds,
            notice=lambda *_: None,
        )  # fmt: skip
    except (TransportError, OSError):
        sending.end()
        raise
    sending.end()
    sending.journal.close()
    return sending


def status(root: Path, world: World) -> Status:
    path = books_folder(root) / "87.journal"
    return status_of(world.claims.get("87"), load_journal(path), path)


def assert_true(found: Status, world: World) -> None:
    """The books say of nobody what is not so, and the counts add up."""
    counts = found.counts
    assert counts.accepted + counts.refused + counts.in_doubt + counts.left + counts.waiting == counts.intended
    for id, state in found.letters:
        texts = world.delivered[id]
        match state:
            case State.ACCEPTED:
                assert texts == 1, id
            case State.IN_DOUBT:
                assert texts <= 1, id
            case _:
                assert texts == 0, (id, state)


class Senders(RuleBasedStateMachine):
    """Two machines that send one issue."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
        self.roots = [self.folder / "one", self.folder / "two"]
        for root in self.roots:
            root.mkdir()
        self.world = World()
        self.was_disturbed = False

    def teardown(self) -> None:
        self.world.plans = {id: [] for id in IDS}
        for machine in (0, 1):
            self._run(machine)
        found = [status(root, self.world) for root in self.roots]
        if not self.was_disturbed:
            assert any(each.state == "finished" and not each.counts.waiting and each.letters for each in found), "lost"
        shutil.rmtree(self.folder)

    @initialize(plans=st.fixed_dictionaries({id: st.lists(st.sampled_from(KINDS), max_size=3) for id in IDS}))
    def host(self, plans: dict[str, list[str]]) -> None:
        self.world.plans = plans

    def _run(self, machine: int, kill_at: int = 0, rival_at: int = 0, seconds: float = 1e6) -> bool:
        """Run `send` on a machine; return whether it was killed."""
        count = 0

        def fuse() -> None:
            nonlocal count
            count += 1
            if count == rival_at:
                self.world.fuse = lambda: None
                self._run(1 - machine)
                self.world.fuse = fuse
            if count == kill_at:
                raise Killed

        self.world.fuse = fuse
        try:
            send(self.roots[machine], self.world, job(), seconds=seconds)
        except Killed:
            return True
        except (Stopped, AlreadySent, TransportError):
            pass
        finally:
            self.world.fuse = lambda: None
        return False

    @rule(machine=st.sampled_from([0, 1]), seconds=st.sampled_from([0.5, 1.5, 2.5, 1e6]))
    def run(self, machine: int, seconds: float) -> None:
        """A run that is stopped after some letters, or is not."""
        self._run(machine, seconds=seconds)

    @rule(machine=st.sampled_from([0, 1]), at=st.integers(1, 20))
    def kill(self, machine: int, at: int) -> None:
        self._run(machine, kill_at=at)

    @rule(machine=st.sampled_from([0, 1]), at=st.integers(1, 12), kill_at=st.integers(0, 20))
    def race(self, machine: int, at: int, kill_at: int) -> None:
        self._run(machine, rival_at=at, kill_at=kill_at)

    @rule(machine=st.sampled_from([0, 1]), at=st.integers(1, 20))
    def cut_the_power(self, machine: int, at: int) -> None:
        """A kill that also loses what was not synced: the lines after the last `handing`."""
        was_killed = self._run(machine, kill_at=at)
        path = books_folder(self.roots[machine]) / "87.journal"
        if was_killed and path.exists() and (lines := path.read_bytes().splitlines(keepends=True)):
            synced = [n for n, line in enumerate(lines) if b'"event":"accepted"' not in line and b'"later"' not in line]
            os.truncate(path, len(b"".join(lines[: synced[-1] + 1])))

    @rule(machine=st.sampled_from([0, 1]), kill_at=st.integers(0, 16), seconds=st.sampled_from([0.5, 1.5, 1e6]))
    def back_up_and_restore(self, machine: int, kill_at: int, seconds: float) -> None:
        """A run that is forgotten: afterwards the journal is as it was before."""
        self.was_disturbed = True
        path, kept = books_folder(self.roots[machine]) / "87.journal", self.folder / "kept"
        kept.unlink(missing_ok=True)
        if path.exists():
            shutil.copy(path, kept)
        self._run(machine, kill_at=kill_at, seconds=seconds)
        if kept.exists():
            os.replace(kept, path)
        else:
            path.unlink(missing_ok=True)

    @rule(machine=st.sampled_from([0, 1]))
    def lose_the_state(self, machine: int) -> None:
        self.was_disturbed = True
        shutil.rmtree(books_folder(self.roots[machine]), ignore_errors=True)

    @rule(id=st.sampled_from(IDS))
    def leave(self, id: str) -> None:
        self.world.gone.add(id)

    @invariant()
    def nobody_has_it_twice(self) -> None:
        assert all(count <= 1 for count in self.world.delivered.values()), self.world.delivered

    @invariant()
    def the_books_tell_the_truth(self) -> None:
        for root in self.roots:
            assert_true(status(root, self.world), self.world)


TestSenders = Senders.TestCase
TestSenders.settings = settings(max_examples=max(10, EXAMPLES // 4), stateful_step_count=12)


# -- one thing at a time


@pytest.fixture
def world() -> World:
    return World()


def test_a_letter_to_each_and_the_book_is_closed(tmp_path: Path, world: World) -> None:
    world.gone.add("d")
    world.plans["b"] = ["refused"]
    send(tmp_path, world, job())
    found = status(tmp_path, world)
    assert dict(found.letters) == {"a": "accepted", "b": "refused", "c": "accepted", "d": "left"}
    assert (found.state, world.refusals) == ("finished", ["b"])
    with pytest.raises(AlreadySent):
        send(tmp_path, world, job())


def test_what_is_put_off_is_tried_again_after_some_time(tmp_path: Path, world: World) -> None:
    world.plans["a"] = ["later", "later at the end"]
    clock = MemoryClock()
    send(tmp_path, world, job(), clock)
    assert world.delivered == Counter(IDS)
    assert AGAIN[0] + AGAIN[1] <= clock.at <= AGAIN[0] + AGAIN[1] + 5


def test_what_is_put_off_too_often_waits_for_the_next_run(tmp_path: Path, world: World) -> None:
    world.plans["a"] = ["later"] * 6
    send(tmp_path, world, job())
    assert dict(status(tmp_path, world).letters)["a"] == "waiting"
    assert status(tmp_path, world).state == "claimed"
    send(tmp_path, world, job())
    assert world.delivered == Counter(IDS)


def test_nothing_is_sent_after_the_time_for_it(tmp_path: Path, world: World) -> None:
    world.plans["a"] = ["later"]
    clock = MemoryClock()
    send(tmp_path, world, job(), clock, seconds=30)
    assert dict(status(tmp_path, world).letters)["a"] == "waiting"
    assert clock.at <= 30


def test_letters_keep_to_the_rate(tmp_path: Path, world: World) -> None:
    clock = MemoryClock()
    send(tmp_path, world, job(), clock)
    assert clock.waits == [1.0, 1.0, 1.0]


def test_a_host_that_fails_gets_pauses_and_then_the_run_ends(tmp_path: Path, world: World) -> None:
    world.plans = {id: ["gone"] * 9 for id in IDS}
    clock = MemoryClock()
    with pytest.raises(TransportError, match="failed 8 times in a row"):
        send(tmp_path, world, job(), clock)
    assert clock.waits == sorted(clock.waits)
    assert status(tmp_path, world).counts.waiting == 4


def test_a_host_that_refuses_everybody_stops_the_run(tmp_path: Path, world: World) -> None:
    ids = tuple(f"r{n}" for n in range(60))
    world.plans = {id: ["refused"] for id in ids}
    with pytest.raises(TransportError, match="took none"):
        send(tmp_path, world, job(ids))
    counts = status(tmp_path, world).counts
    assert (counts.refused, counts.waiting) == (REFUSED_IN_A_ROW, 60 - REFUSED_IN_A_ROW)


def test_a_wish_to_stop_is_heeded_between_two_letters(tmp_path: Path, world: World) -> None:
    clock = MemoryClock()
    calls = 0

    def fuse() -> None:
        nonlocal calls
        calls += 1
        clock.is_stopped = calls > 5  # within the second letter

    world.fuse = fuse
    send(tmp_path, world, job(), clock)
    world.fuse = lambda: None
    assert world.delivered == Counter("ab")
    send(tmp_path, world, job())
    assert world.delivered == Counter(IDS)


def test_a_changed_text_is_not_sent_to_the_rest(tmp_path: Path, world: World) -> None:
    world.plans["a"] = ["later"] * 6
    send(tmp_path, world, job())
    changed = Job(letter="l", key="87", label="Week 87", edition="e2", ids=IDS)
    with pytest.raises(Stopped, match="has changed"):
        send(tmp_path, world, changed)
    assert world.delivered["a"] == 0
    send(tmp_path, world, Job(letter="l", key="87", label="Week 87", edition="e2", ids=IDS, go_on=True))
    assert world.delivered == Counter(IDS)


def test_one_in_doubt_is_sent_again_when_a_person_says_so(tmp_path: Path, world: World) -> None:
    world.plans["b"] = ["cut"]
    world.plans["c"] = ["later"] * 5
    send(tmp_path, world, job())
    assert status(tmp_path, world).counts.in_doubt == 1
    with pytest.raises(Stopped, match="not in doubt: accepted"):
        send(tmp_path, world, job(resend="a"))
    send(tmp_path, world, job(resend="b"))
    assert world.delivered == Counter("abd")  # and nobody else, though c is waiting
    assert dict(status(tmp_path, world).letters)["b"] == "accepted"


def test_one_in_doubt_is_sent_again_after_the_issue_is_finished(tmp_path: Path, world: World) -> None:
    world.plans["b"] = ["lost"]
    send(tmp_path, world, job())
    assert status(tmp_path, world).state == "finished"
    send(tmp_path, world, job(resend="b"))
    assert world.delivered["b"] == 2
    assert status(tmp_path, world).counts.accepted == 4


@pytest.mark.parametrize("go_on", [False, True])
def test_a_claim_without_its_journal_is_in_doubt_as_a_whole(tmp_path: Path, world: World, go_on: bool) -> None:
    world.plans["a"] = ["later"] * 6
    send(tmp_path, world, job())
    shutil.rmtree(books_folder(tmp_path))
    found = status(tmp_path, world)
    assert (found.counts.in_doubt, found.counts.waiting, found.counts.intended) == (1, 0, 4)
    assert "whose journal is not on this machine" in found.doubt
    if go_on:
        send(tmp_path, world, job(go_on=True))
        assert world.delivered == Counter({"a": 1, "b": 2, "c": 2, "d": 2})
    else:
        with pytest.raises(Stopped, match="whose journal is not on this machine"):
            send(tmp_path, world, job())


def test_a_claim_that_arrives_after_its_run_was_killed_is_taken_up(tmp_path: Path, world: World) -> None:
    """The run is killed while git pushes, and git goes on: the next run has seen no claim when the claim arrives."""

    def kill() -> None:
        raise Killed

    late: list[Claim] = []
    write, read = world.write, world.read
    world.write = lambda claim, before: late.append(claim) or kill() or False  # type: ignore[method-assign,func-returns-value]
    with pytest.raises(Killed):
        send(tmp_path, world, job())
    world.write = write  # type: ignore[method-assign]

    def read_and_arrive() -> dict[str, Claim]:
        before = read()
        world.claims["87"] = late[0]
        return before

    world.read = read_and_arrive  # type: ignore[method-assign]
    with pytest.raises(Stopped, match="somebody else is sending 87"):
        send(tmp_path, world, job())
    world.read = read  # type: ignore[method-assign]
    send(tmp_path, world, job())
    assert world.delivered == Counter(IDS)


def test_a_list_that_changed_before_anything_was_claimed_is_read_anew(tmp_path: Path, world: World) -> None:
    def kill() -> None:
        raise Killed

    world.fuse = kill
    with pytest.raises(Killed):
        send(tmp_path, world, job())
    world.fuse = lambda: None
    send(tmp_path, world, job(("a", "b")))
    assert world.delivered == Counter("ab")


def test_somebody_who_joins_meanwhile_is_not_added(tmp_path: Path, world: World) -> None:
    world.plans["a"] = ["later"] * 6
    send(tmp_path, world, job())
    send(tmp_path, world, job((*IDS, "new")))
    assert world.delivered == Counter(IDS)


def test_a_journal_of_letters_without_a_claim_stops(tmp_path: Path, world: World) -> None:
    send(tmp_path, world, job())
    world.claims.clear()
    with pytest.raises(Stopped, match="has no entry for it"):
        send(tmp_path, world, job())
    assert world.delivered == Counter(IDS)


def test_a_full_disk_stops_before_the_text(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written = os.write
    room = 700

    def write(descriptor: int, data: bytes) -> int:
        nonlocal room
        part = data[:room]
        room -= len(part)
        return written(descriptor, part)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="full"):
        send(tmp_path, world, job())
    monkeypatch.undo()
    assert_true(status(tmp_path, world), world)
    send(tmp_path, world, job())
    assert_true(status(tmp_path, world), world)
    assert all(count <= 1 for count in world.delivered.values())
