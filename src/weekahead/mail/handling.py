"""What a mail to the letter's mailbox changes: readers join, confirm, leave, fail or complain.

Each mail is handled once, by its digest; what it changes and that it was handled are saved together. A question to confirm
is claimed before it is sent, so that a kill in between sends none twice: it is asked again a day later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from weekahead.mail.bounces import Report, read_report
from weekahead.mail.confirmation import NotSent, PerhapsSent, Question
from weekahead.mail.incoming import Incoming, Kind
from weekahead.mail.subscribers import GONE, Answer, Reader, ReaderState, Subscribers
from weekahead.mail.tickets import ID, Signer, Tag, way_out

ACTIVE, COMPLAINED, PENDING, LEFT = ReaderState.ACTIVE, ReaderState.COMPLAINED, ReaderState.PENDING, ReaderState.LEFT


class Action(StrEnum):
    """What was done about a mail, in the words of the command."""

    ASKED = "asked to confirm"
    CONFIRMED = "confirmed"
    LEFT = "left"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    NOTHING = "needed nothing"
    WAITS = "waiting"
    """Stays as it is, for a run of tomorrow."""
    UNSENT = "not answered"
    """Stays as it is, for the next run: the answer could not be sent."""
    FOREIGN = "not ours"
    """Stays as it is, for the author."""


STAYING = frozenset({Action.WAITS, Action.UNSENT, Action.FOREIGN})
"""Mails that are not marked."""


class Handled(Struct, frozen=True):
    """What became of a mail: about whom, and in words."""

    action: Action
    who: str
    """A shortened address; empty if there is none."""
    words: str


class MailHandler:
    """Handles mails to a letter that comes from `address`. `ask` sends a question to confirm, as confirmation.Sender does."""

    def __init__(self, readers: Subscribers, signer: Signer, address: str, ask: Callable[[Question], None]) -> None:
        self._readers, self._signer, self._address, self._ask = readers, signer, address, ask

    def handle(self, mail: Incoming, whole: Callable[[], bytes]) -> Handled:
        """Do what a mail wants. `whole` returns its bytes, or the first of them."""
        if self._readers.is_handled(mail.digest):
            return Handled(Action.NOTHING, "", "handled before")
        if mail.kind is Kind.JOIN:
            return self._join(mail)
        report = read_report(whole(), self._address) if mail.kind is Kind.REPORT else None
        with self._readers.saved():
            if mail.kind is Kind.CONFIRM:
                handled = self._confirm(mail)
            elif mail.kind is Kind.LEAVE:
                handled = self.leave(mail.ticket)
            else:
                handled = self._report(report, mail)
            if handled.action not in STAYING:
                self._readers.set_handled(mail.digest)
        return handled

    # -- joining

    def _join(self, mail: Incoming) -> Handled:
        """Ask whoever wants the letter to confirm it."""
        if mail.is_automatic or mail.sender is None:
            words = (
                "asks to join, written by a machine" if mail.is_automatic else "asks to join, from no single address"
            )
            return self._done(mail, Handled(Action.NOTHING, shortened(mail.sender or ""), words))
        who, known = shortened(mail.sender), self._readers.by_address(mail.sender)
        if known and known.state in (ACTIVE, COMPLAINED):
            words = (
                "asks to join, gets the letter already" if known.state is ACTIVE else "asks to join, complained before"
            )
            return self._done(mail, Handled(Action.NOTHING, who, words))
        if known is None:
            self._readers.add(mail.sender, PENDING, "mail")
            known = self._readers.by_address(mail.sender)
        assert known
        if not self._readers.begin_answer(known.id):
            if self._readers.answer(known.id) is Answer.SENT:
                return self._done(mail, Handled(Action.NOTHING, who, "asks to join, was asked to confirm today"))
            return Handled(Action.WAITS, who, "asks to join; the answer waits for tomorrow")
        return self._answer(mail, known)

    def _answer(self, mail: Incoming, reader: Reader) -> Handled:
        """Send the question whose claim is ours."""
        who, ticket = shortened(reader.address), self._signer.ticket(_joining(reader), reader.id)
        leave = way_out(self._signer, self._address, None, reader.id)
        try:
            self._ask(Question(address=reader.address, ticket=ticket, way_out=leave, asked_in=mail.message_id))
        except PerhapsSent as doubt:
            words = f"asks to join; the answer may be lost, and is sent again tomorrow: {doubt}"
            return Handled(Action.WAITS, who, words.replace(reader.address, who))
        except NotSent as failure:
            self._readers.end_answer(reader.id, is_sent=False)
            said = str(failure).replace(reader.address, who)
            if failure.is_final:
                return self._done(mail, Handled(Action.FAILED, who, f"asks to join, takes no answer: {said}"))
            return Handled(Action.UNSENT, who, f"asks to join; the answer was not sent: {said}")
        with self._readers.saved():
            self._readers.end_answer(reader.id, is_sent=True)
            return self._done(mail, Handled(Action.ASKED, who, "asks to join, was asked to confirm"))

    def _done(self, mail: Incoming, handled: Handled) -> Handled:
        self._readers.set_handled(mail.digest)
        return handled

    def _confirm(self, mail: Incoming) -> Handled:
        reader = self._readers.by_id(mail.ticket[:ID])
        if reader is None:
            return Handled(Action.FOREIGN, shortened(mail.sender or ""), "confirms with a ticket that is not ours")
        who = shortened(reader.address)
        if mail.is_automatic:
            return Handled(Action.NOTHING, who, "confirmed by a machine, which does not count")
        if self._signer.read(_joining(reader), mail.ticket):
            self._readers.set_state(reader.id, ACTIVE)
            return Handled(Action.CONFIRMED, who, "confirmed, gets the letter")
        if reader.state is ACTIVE:
            return Handled(Action.NOTHING, who, "confirms, gets the letter already")
        return Handled(Action.FOREIGN, who, "confirms with a ticket that is not ours, or was used before")

    # -- leaving

    def leave(self, ticket: str) -> Handled:
        """Send no more letters to the reader of a ticket, if it is ours."""
        id = self._signer.read("leave", ticket)
        if id is None:
            return Handled(Action.FOREIGN, "", "leaves with a ticket that is not ours")
        reader = self._readers.by_id(id)
        if reader is None:
            return Handled(Action.NOTHING, "", "leaves, and is forgotten already")
        if reader.state in (LEFT, COMPLAINED):
            return Handled(Action.NOTHING, shortened(reader.address), "leaves, and had left already")
        self._readers.set_state(id, LEFT)
        return Handled(Action.LEFT, shortened(reader.address), "left")

    # -- failures and complaints

    def _report(self, report: Report | None, mail: Incoming) -> Handled:
        if report is None:
            if mail.ticket and self._signer.read("bounce", mail.ticket):
                return Handled(Action.NOTHING, "", "an automatic answer to a letter")
            return Handled(Action.FOREIGN, "", "")
        reader = self._reader_of(report, mail)
        if report.is_complaint:
            return self._complaint(reader)
        if reader:
            return self._failed(reader, report)
        found = [known for each in sorted(report.addresses) if (known := self._readers.by_address(each))]
        if len(found) != 1:
            return Handled(Action.FOREIGN, "", "")
        # Anybody can write a report without a ticket: it never counts for good, and once a day at most.
        return self._failed(found[0], replace(report, is_hard=False, letter=f"{datetime.now(UTC):%Y-%m-%d}"))

    def _reader_of(self, report: Report, mail: Incoming) -> Reader | None:
        """Return the one reader whose tickets a report has: it is about a letter that we sent."""
        tags = [*report.tags, *([Tag("bounce", mail.ticket)] if mail.ticket else [])]
        ids = {reader.id: reader for tag in tags if tag.ticket and (reader := self._reader_of_ticket(tag))}
        return ids.popitem()[1] if len(ids) == 1 else None

    def _reader_of_ticket(self, tag: Tag) -> Reader | None:
        reader = self._readers.by_id(tag.ticket[:ID])
        if reader is None:
            return None
        purpose = _joining(reader) if tag.purpose == "join" else tag.purpose
        return reader if self._signer.read(purpose, tag.ticket) else None

    def _complaint(self, reader: Reader | None) -> Handled:
        if reader is None:
            return Handled(Action.FOREIGN, "", "complains about a letter, and has no ticket of ours")
        if reader.state is COMPLAINED:
            return Handled(Action.NOTHING, shortened(reader.address), "complains again")
        self._readers.set_state(reader.id, COMPLAINED)
        return Handled(Action.COMPLAINED, shortened(reader.address), "complained, gets no more letters")

    def _failed(self, reader: Reader, report: Report) -> Handled:
        who, kind = shortened(reader.address), "for good" if report.is_hard else "for now"
        words = f"a letter failed {kind}{f' ({report.status})' if report.status else ''}"
        self._readers.failed(reader.id, report.status, hard=report.is_hard, letter=report.letter)
        now = self._readers.by_id(reader.id)
        if now and now.state is ReaderState.BOUNCED and reader.state not in GONE:
            return Handled(Action.BOUNCED, who, f"{words}, gets no more letters")
        return Handled(Action.FAILED, who, words)


def _joining(reader: Reader) -> str:
    """Return the purpose of a ticket to confirm. It is worth nothing once the reader's state has changed."""
    return f"join {reader.state} {reader.since.isoformat()}"


def shortened(address: str) -> str:
    """Return an address as it may stand in the log of a job that others read: n…@letter.example."""
    local, at, host = address.rpartition("@")
    return f"{local[:1]}…@{host[:60]}" if at else ""
