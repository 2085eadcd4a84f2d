"""Hand an issue over to its readers, or to the engine that has their list: read `send_to_people` first.

Handed over at most once: the issue is claimed in the issue book before anything leaves, and each letter has its `handing` in
the journal before its text leaves. What a run leaves without an outcome is in doubt, and only a person sends it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from weekahead.mail.claiming import Sending
from weekahead.mail.journal import State
from weekahead.mail.transport import (
    Accepted,
    HasAddress,
    ListTransport,
    Mailing,
    Outcome,
    PersonTransport,
    Refused,
    TransportError,
    TryLater,
)

AGAIN = (60.0, 300.0, 900.0, 3600.0)
"""Seconds until a letter is tried again after a 4xx: after that a later run tries it."""
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0, 600.0, 600.0)
"""Seconds without a connection after each failure of the host in a row, such as a 421; one more ends the run."""
REFUSED_IN_A_ROW = 25
"""Refusals without a single letter that was taken: then not the readers but the letter or the host is at fault."""
Someone = TypeVar("Someone", bound=HasAddress)

LIST = "list"
"""The id in the journal for all readers of an engine's list."""


class Clock(Protocol):
    """Time that passes, and the wish to stop."""

    @property
    def is_stopped(self) -> bool:
        """Has somebody asked to stop?"""

    def now(self) -> float:
        """Return seconds since some instant."""

    def wait(self, seconds: float) -> None:
        """Wait, but not after somebody asked to stop."""


class Readers(Protocol):
    """Who may get a letter, looked at when it is handed over."""

    def may_receive(self, id: str) -> bool: ...
    def refused(self, id: str, code: int, text: str) -> None: ...


Notice = Callable[[str, int, int], object]
"""Told what is being done, and how many of how many are."""


# -- letters to people


def send_to_people(
    sending: Sending,
    transport: PersonTransport,
    recipients: Mapping[str, Someone],
    readers: Readers,
    message: Callable[[Someone], bytes],
    clock: Clock,
    *,
    per_minute: int,
    seconds: float,
    notice: Notice,
) -> None:
    """Hand over every letter that waits, one after another, until all have an outcome, `seconds` are over or it is stopped.

    Raise TransportError if the host takes nothing, and OSError if the journal cannot be written.
    """
    journal = sending.journal
    queue = Queue(sending.wanted, clock)
    done, total = 0, len(sending.wanted)
    deadline = clock.now() + seconds
    while (id := queue.next(deadline)) is not None:
        recipient = recipients.get(id)
        if recipient is None or not readers.may_receive(id):
            journal.note("left", id)
            done += 1
            continue
        began = clock.now()
        outcome = transport.hand_over(recipient, message(recipient), partial(journal.handing, id))
        journal.outcome(id, outcome)
        if isinstance(outcome, Refused) and outcome.is_address:
            readers.refused(id, outcome.code, outcome.text)
        queue.add(id, outcome)
        done += not isinstance(outcome, TryLater)
        notice("send", done, total)
        queue.pause(began + 60 / per_minute - clock.now())


class Queue:
    """The letters that wait, each with the time from which it may be tried."""

    def __init__(self, ids: Sequence[str], clock: Clock) -> None:
        self.ids = deque(ids)
        self._clock = clock
        self._later: list[tuple[float, str]] = []
        self._tries: dict[str, int] = {}
        self._failures = 0
        self._refused, self._is_taking = 0, False

    def next(self, deadline: float) -> str | None:
        """Return the letter that is next, waiting for it if need be; None if there is none, or it is time to stop."""
        while (self.ids or self._later) and not self._clock.is_stopped and self._clock.now() < deadline:
            if self.ids:
                return self.ids.popleft()
            if self._later[0][0] <= self._clock.now():
                return self._later.pop(0)[1]
            self._clock.wait(min(self._later[0][0], deadline) - self._clock.now())
        return None

    def add(self, id: str, outcome: Outcome) -> None:
        """Take a letter back that is to be tried later. Raise TransportError if nothing works."""
        self._is_taking |= isinstance(outcome, Accepted)
        self._refused = self._refused + 1 if isinstance(outcome, Refused) else 0
        if self._refused >= REFUSED_IN_A_ROW and not self._is_taking:
            message = f"the host refused {self._refused} letters in a row and took none"
            raise TransportError(message, "Look at your account there before you go on: the rest is waiting.")
        if not isinstance(outcome, TryLater):
            self._failures = 0
            return
        tries = self._tries[id] = self._tries.get(id, 0) + 1
        if tries <= len(AGAIN):
            wait = 0.0 if outcome.host else AGAIN[tries - 1]  # a failure of the host has pauses of its own
            self._later.append((self._clock.now() + wait, id))
            self._later.sort()
        self._failures = self._failures + 1 if outcome.host else 0
        if self._failures > len(PAUSES):
            message = f"the host failed {self._failures} times in a row: {outcome.code or ''} {outcome.text}"
            raise TransportError(message, "Try again later: what was not taken is waiting.")

    def pause(self, seconds: float) -> None:
        """Wait between two letters: as the rate wants it, and longer after a failure of the host."""
        if (self.ids or self._later) and (
            seconds := max(seconds, PAUSES[self._failures - 1] if self._failures else 0)
        ) > 0:
            self._clock.wait(seconds)


# -- an engine's list


def send_to_list(sending: Sending, transport: ListTransport, name: str, mailing: Mailing) -> None:
    """Have an engine send an edition: look for our name there, make a draft, record its id, start it.

    What is in doubt is settled by asking, if the engine can tell. Raise TransportError, OSError.
    """
    journal = sending.journal
    draft = journal.record.draft or transport.find(name)
    if not draft or transport.keeps_no_drafts:
        draft = transport.create_draft(name, mailing)
    if draft != journal.record.draft:
        journal.note("draft", text=draft)
    was_started = transport.status(draft)
    if was_started:
        journal.outcome(LIST, Accepted(text=f"{transport.name} has it as {draft}"))
    elif was_started is False or journal.record.states[LIST] is State.WAITING:
        sending.require_claim()
        journal.handing(LIST)
        outcome = transport.start(draft)
        journal.outcome(LIST, outcome)
        if isinstance(outcome, TryLater):
            journal.sync()
            raise TransportError(f"{transport.name} did not start it: {outcome.text}", "Nothing was sent.")
    journal.sync()
