"""Claim an issue for a run that sends it, and tell from the two books what was sent."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from weekahead.mail.books import make_books_folder
from weekahead.mail.claims import Claim, IssueBook
from weekahead.mail.journal import (
    Counts,
    Journal,
    JournalDamaged,
    Record,
    State,
    count_states,
    first_entry,
    is_as_left,
)


class Stopped(Exception):
    """Nothing more is sent. The books are in order; the message says why, the hint how to go on; a rule names it."""

    def __init__(self, message: str, hint: str = "", *, rule: str) -> None:
        super().__init__(message)
        self.rule, self.hint = rule, hint


class AlreadySent(Exception):
    """The issue was sent, and nobody waits for it."""

    @classmethod
    def of(cls, label: str, counts: Counts) -> AlreadySent:
        """Return what to say of an issue with these counts, so that what is in doubt is not forgotten."""
        doubt = f", {counts.in_doubt} in doubt" if counts.in_doubt else ""
        return cls(f"{label} has been sent: {counts.accepted} accepted{doubt}")


class Job(Struct, frozen=True, kw_only=True):
    """An issue that is to be sent, in the words of the books."""

    letter: str
    key: str
    label: str
    edition: str
    """The digest of what is sent."""
    ids: tuple[str, ...]
    """Who gets it."""
    go_on: bool = False
    """A person has looked, and wants to go on although the books cannot tell all."""
    resend: str = ""
    """The one reader who gets it again, in place of all who wait."""
    can_ask: bool = False
    """Whether the other side can be asked what it has, so that a lost journal leaves nothing in doubt."""


class Sending:
    """An issue that this run has claimed. Whoever has one has the lock of the books."""

    def __init__(self, book: IssueBook, claim: Claim, journal: Journal, can_ask: bool) -> None:
        self._book, self.claim, self.journal, self._can_ask = book, claim, journal, can_ask
        self.wanted = journal.record.having(State.WAITING)
        """Who is to get the letter in this run."""

    def require_claim(self) -> None:
        """Raise Stopped if another run has taken the issue over. Raise BookError."""
        if self._book.read().get(self.claim.issue) != self.claim:
            raise Stopped(f"another run has taken {self.claim.issue} over", rule="mail-claimed")

    def end(self) -> Counts:
        """Write the outcome into the issue book. Raise BookError, OSError; the journal is safe then."""
        self.journal.sync()
        record = self.journal.record
        is_open = record.counts.waiting or (self._can_ask and record.counts.in_doubt)
        state = "claimed" if is_open else "finished"
        ended = replace(self.claim, state=state, journal=record.chain, counts=record.counts)
        if not self._book.write(ended, self.claim):
            raise Stopped(
                f"the entry of {self.claim.issue} in {self._book.place} was changed meanwhile", rule="mail-claimed"
            )
        self.claim = ended
        return record.counts


def begin(root: Path, book: IssueBook, job: Job) -> Sending:
    """Claim an issue, or take up the claim of an earlier run. Raise Stopped, BookError, OSError."""
    path = make_books_folder(root) / f"{job.key}.journal"
    before = book.read().get(job.key)
    try:
        journal = Journal.resume(path)
    except JournalDamaged as error:
        hint = f"Restore {path} from a backup; it says who has the letter. Nothing is sent until then."
        raise Stopped(f"the journal of {job.label} is damaged: {error}", hint, rule="mail-in-doubt") from None
    if before is None:
        if job.resend:
            raise Stopped(f"{job.label} has not been sent yet", rule="mail-resend")
        return _begin_new(path, book, job, journal)
    doubt = why_in_doubt(before, journal.record if journal else None, path)
    if job.resend:
        _require_in_doubt(job, journal, doubt)
    elif before.state == "finished" and (doubt or not journal or not journal.record.having(State.WAITING)):
        raise AlreadySent.of(job.label, before.counts)
    if doubt:
        is_over = time.time() - before.opened > ABANDONED
        if not (job.go_on or (job.can_ask and is_over)):
            raise Stopped(f"{job.label}: {doubt}", _WHOLE, rule="mail-in-doubt")
        if journal is None or journal.record.first.nonce != before.nonce:
            _set_aside(path)
            journal = Journal.create(path, first_entry(job.key, before.nonce, job.ids, job.edition))
    assert journal
    if before.edition != job.edition and not job.go_on:
        message = f"{job.label} has changed since its sending began; {_waiting(journal.record)} would get another text"
        hint = "Restore the text, or let them have the new one: add --go-on."
        raise Stopped(message, hint, rule="mail-changed")
    sending = _open_session(book, job, before, replace(before, edition=job.edition, journal=""), journal)
    if job.resend:
        journal.note("resend", job.resend)
        sending.wanted = [job.resend]
    return sending


ABANDONED = 3600.0
"""Seconds after which a run that hands an issue to an engine is surely over, so that another may ask there and go on."""

_WHOLE = (
    "Nothing more is sent by itself. If another machine is sending it now, let it finish. Look in your mail host's log who has the letter. "
    "Then add --go-on: whoever is waiting in the journal on this machine gets it; without a journal all do."
)


def why_in_doubt(claim: Claim, record: Record | None, path: Path) -> str:
    """Return why the journal cannot tell what was sent under a claim; an empty string if it can."""
    if record is None or record.first.nonce != claim.nonce:
        return f"it was claimed at {claim.claimed} by another run, whose journal is not on this machine"
    if claim.journal and claim.journal not in record.chains:
        return "the journal on this machine is older than what the issue book says, as if it had been put back"
    if claim.session not in record.sessions:
        return "the journal on this machine does not have the last run that sent, as if it had been put back"
    if not claim.journal and not is_as_left(path, record):
        return "the journal on this machine was copied or put back after a run that was cut off"
    return ""


def _require_in_doubt(job: Job, journal: Journal | None, doubt: str) -> None:
    """Raise Stopped unless the journal here says that the letter of the one reader is in doubt."""
    if doubt or journal is None:
        hint = "Send it again from the machine that has the journal."
        raise Stopped(f"nobody's letter can be told from here: {doubt}", hint, rule="mail-resend")
    if (state := journal.record.states.get(job.resend)) is not State.IN_DOUBT:
        raise Stopped(f"the letter is not in doubt: {state or 'not sent'}", rule="mail-resend")


def _begin_new(path: Path, book: IssueBook, job: Job, journal: Journal | None) -> Sending:
    """Claim an issue that nobody has claimed."""
    if journal and not all(state is State.WAITING for state in journal.record.states.values()) and not job.go_on:
        message = f"the journal has letters of {job.label}, and {book.place} has no entry for it"
        raise Stopped(message, _WHOLE, rule="mail-in-doubt")
    # Without a claim nothing was sent. A list that is the same keeps its nonce: the push of a killed run may yet arrive.
    if journal is None or (
        not job.go_on and (journal.record.first.ids, journal.record.first.edition) != (job.ids, job.edition)
    ):
        _set_aside(path)
        journal = Journal.create(path, first_entry(job.key, secrets.token_hex(8), job.ids, job.edition))
    claim = Claim(
        letter=job.letter,
        issue=job.key,
        edition=job.edition,
        list=journal.record.first.list,
        nonce=journal.record.first.nonce,
        claimed=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    )
    return _open_session(book, job, None, claim, journal)


def _open_session(book: IssueBook, job: Job, before: Claim | None, claim: Claim, journal: Journal) -> Sending:
    """Write into both books that a run begins to send: first into the journal, so that it is never behind."""
    nonce = secrets.token_hex(8)
    journal.begin_session(nonce)
    claim = replace(claim, session=nonce, opened=round(time.time(), 3), counts=journal.record.counts)
    if not book.write(claim, before):
        journal.close()
        raise Stopped(f"somebody else is sending {claim.issue}: {book.place} has another entry", rule="mail-claimed")
    return Sending(book, claim, journal, job.can_ask)


def _set_aside(path: Path) -> None:
    path.unlink(missing_ok=True)


def _waiting(record: Record) -> str:
    return f"{len(record.having(State.WAITING))} who wait"


class Status(Struct, frozen=True, kw_only=True):
    """What the books say about an issue."""

    state: str
    """unsent, claimed or finished."""
    counts: Counts
    letters: tuple[tuple[str, State], ...]
    """Each reader's id with the state of the letter."""
    doubt: str = ""
    """Why the whole issue is in doubt; empty if it is not."""
    said: Mapping[str, str] = {}
    """The last answer about a letter, by the reader's id."""


def status_of(claim: Claim | None, record: Record | None, path: Path) -> Status:
    """Return what the books say about an issue."""
    if claim is None:
        return Status(state="unsent", counts=Counts(), letters=())
    doubt = why_in_doubt(claim, record, path)
    is_ours = record is not None and record.first.nonce == claim.nonce
    if record is None or not is_ours or (doubt and claim.state == "finished"):
        known = claim.counts
        if claim.state == "claimed":
            known = replace(known, in_doubt=known.in_doubt + known.waiting, waiting=0)
        return Status(state=claim.state, counts=known, letters=(), doubt=doubt if claim.state == "claimed" else "")
    states = record.states
    if doubt:  # whoever waits in an old journal may have the letter by now
        states = {id: State.IN_DOUBT if state is State.WAITING else state for id, state in states.items()}
    counts, said = count_states([*states.values()]), record.said
    return Status(state=claim.state, counts=counts, letters=tuple(states.items()), doubt=doubt, said=said)
