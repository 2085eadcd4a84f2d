"""Whether an issue may be mailed, to whom, and what: everything that `weekahead send` needs before it opens the books."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import datetime
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from msgspec import Struct

from weekahead.build.as_of import instant
from weekahead.build.check import check
from weekahead.build.schedule_report import read
from weekahead.mail.books import books_folder, were_put_back
from weekahead.mail.claiming import AlreadySent, Job, Sending, Stopped, status_of
from weekahead.mail.claiming import Status as MailStatus
from weekahead.mail.claims import BookError, IssueBook, open_issue_book, unreadable
from weekahead.mail.journal import JournalDamaged, load_journal
from weekahead.mail.sending import LIST, Clock, Notice, send_to_list, send_to_people
from weekahead.mail.transport import ListTransport, Mailing, PersonTransport, TransportError
from weekahead.mail.transports import Transport, open_mail_server, open_transport
from weekahead.model.config import MailConfig
from weekahead.model.findings import BuildError, Finding, Location, build_error
from weekahead.model.issue import Issue, Status, find_issue
from weekahead.model.letter import Letter
from weekahead.site.published import is_published

if TYPE_CHECKING:
    from weekahead.mail.edition import Edition
    from weekahead.mail.subscribers import Recipient, Subscribers

NOTHING_SENT = "nothing was sent"


class MailedLetter(Struct, frozen=True, kw_only=True):
    """A letter that has `mail:`, as of now."""

    root: Path
    letter: Letter
    mail: MailConfig
    now: datetime

    def issue(self, which: str) -> Issue:
        """Return the issue of a number, or the special edition of a slug. Raise BuildError."""
        issue = find_issue(self.letter.issues, which)
        if issue and (issue.number is None or which == issue.key):
            return issue
        message, hint = f"there is no issue {which}", "Give a number, or the slug of a special edition."
        raise BuildError([Finding(Location("issues"), "no-such-issue", message, hint)], NOTHING_SENT)

    def label(self, issue: Issue) -> str:
        """Return what the author calls an issue: "Week 87", or the title of a special edition in quotes."""
        return f'"{issue.title}"' if issue.number is None else self.letter.label(issue.number)

    def newest(self) -> Issue | None:
        """Return the issue that came out last and is mailed; None if there is none, or it is too late for it."""
        newest = max(
            self._mailed_issues(), key=lambda issue: (self.letter.instant(issue), issue.number or 0), default=None
        )
        return newest if newest and not self.is_late(newest) else None

    def also_due(self, newest: Issue, claims: Container[str]) -> list[Issue]:
        """Return the issues that could still be sent, were there a person to say so."""
        others = (issue for issue in self._mailed_issues() if issue is not newest and issue.key not in claims)
        return [issue for issue in others if not self.is_late(issue)]

    def _mailed_issues(self) -> Iterator[Issue]:
        """Yield the published issues that are to be mailed, whether or not they were."""
        for issue in self.letter.issues:
            if issue.mail.send and is_published(self.letter, issue, self.now):
                yield issue

    def is_late(self, issue: Issue) -> bool:
        return self.now > self.letter.instant(issue) + self.mail.late

    def seconds_left(self, issue: Issue) -> float:
        """Return how long the issue may still be sent."""
        return (self.letter.instant(issue) + self.mail.late - self.now).total_seconds()


def read_mailed(root: Path) -> MailedLetter:
    """Return the letter. Raise BuildError if it cannot be read, or does not say how it is mailed."""
    letter = read(root).require_letter()
    if letter.config.mail is None:
        hint = "Add mail: {from: Nora Fenwick <nora@letter.example>, subscribers: ../private/letter.db}"
        message = "letter.yaml has no `mail:` setting"
        raise BuildError([Finding(Location("letter.yaml"), "no-mail", message, hint)], NOTHING_SENT)
    return MailedLetter(root=root, letter=letter, mail=letter.config.mail, now=instant(None, letter.schedule))


def require_fit(mailed: MailedLetter, issue: Issue, *, offline: bool, late: bool, is_patient: bool = False) -> None:
    """Raise BuildError with every reason why an issue must not be mailed now.

    With `late` it may be older than that; whoever is patient waits some minutes for the page.
    """
    letter, where, label = mailed.letter, issue.source, mailed.label(issue)
    findings = [finding for finding in check(mailed.root, None).findings if finding.is_error]
    if not is_published(letter, issue, mailed.now):
        is_ready = issue.status is Status.READY and letter.known_day(issue)
        day = f"it comes out on {letter.instant(issue):%Y-%m-%d at %H:%M}" if is_ready else ""
        reason = day or f"its status is {issue.status}"
        hint = "Mail goes out after the issue."
        findings.append(Finding(where.at("status"), "mail-not-published", f"{label} is not published: {reason}", hint))
    elif mailed.is_late(issue) and not late:
        message = f"{label} came out on {letter.instant(issue):%Y-%m-%d}, which is too long ago"
        hint = "Nobody expects old news: raise `late` under mail: in letter.yaml, or add --go-on."
        findings.append(Finding(where.at("date"), "mail-late", message, hint))
    if not issue.mail.send:
        message = f"{label} is not to be mailed: it says mail: {{send: false}}"
        findings.append(Finding(where.at("mail.send"), "mail-off", message, "Remove that line if it is."))
    page = page_address(letter, issue)
    if not findings and not offline and (problem := why_not_deployed(page, PATIENCE if is_patient else ())):
        hint = "Deploy the site first, or add --offline if the page is there all the same."
        findings.append(Finding(where.at("title"), "mail-not-deployed", problem, hint))
    if findings:
        raise BuildError(findings, NOTHING_SENT)


def page_address(letter: Letter, issue: Issue) -> str:
    return letter.config.absolute(letter.config.address(letter.path(issue)))


PATIENCE = (5.0, 20.0, 60.0, 120.0)
"""Seconds until a page is looked for again: hosts take some time to show what was deployed just now."""


def why_not_deployed(address: str, pauses: tuple[float, ...] = ()) -> str:
    """Return why a page is not there for readers, or an empty string if it is; look again after each of some pauses."""
    problem = _look_for(address)
    for pause in pauses:
        if not problem:
            break
        time.sleep(pause)
        problem = _look_for(address)
    return problem


def _look_for(address: str) -> str:
    try:
        with urlopen(Request(address, method="HEAD", headers={"User-Agent": "weekahead"}), timeout=20):
            return ""
    except HTTPError as error:
        return f"the page is not on the web: {address} answers {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)
        return f"could not look for {address}: {getattr(cause, 'strerror', None) or cause}"


class ReadyMailing(Struct, frozen=True, kw_only=True):
    """An issue, ready to be mailed: what, to whom, and through what."""

    edition: Edition
    job: Job
    transport: Transport
    recipients: Mapping[str, Recipient]
    readers: Subscribers | None
    message: Callable[[Recipient], bytes]
    mailing: Mailing | None
    """What an engine gets."""
    size: int
    """Bytes of one letter."""

    @property
    def is_list(self) -> bool:
        """Does an engine have the list of readers?"""
        return self.readers is None


def prepare(mailed: MailedLetter, issue: Issue, *, go_on: bool = False, resend: str = "") -> ReadyMailing:
    """Make an issue's edition and open its list of readers. Raise BuildError; TransportError if the settings lack something."""
    mail = mailed.mail
    readers = open_subscribers(mailed) if mail.via == "smtp" else None
    transport = open_transport(mail, os.environ, _return_path(mailed))
    recipients = {recipient.id: recipient for recipient in readers.active()} if readers else {}
    if readers and not recipients:
        raise findings_of(
            "mail-no-readers",
            "nobody reads this letter by e-mail yet",
            "Add some: weekahead subscribers add ADDRESS, or import FILE",
        )
    edition = _edition(mailed.root, issue)
    job = Job(
        letter=mailed.letter.config.identity("mail"),
        key=issue.key,
        label=mailed.label(issue),
        edition=edition.digest,
        ids=tuple(recipients) if readers else (LIST,),
        go_on=go_on,
        resend=resend,
        can_ask=mail.via in ("listmonk", "buttondown"),
    )
    message = _message_maker(mailed, edition)
    sample = next(iter(recipients.values()), _nobody(mail))
    return ReadyMailing(
        edition=edition,
        job=job,
        transport=transport,
        recipients=recipients,
        readers=readers,
        message=message,
        mailing=None if readers else _mailing(edition, message(sample)),
        size=len(message(sample)),
    )


def _return_path(mailed: MailedLetter) -> Callable[[str], str] | None:
    """Return what makes the address to which a reader's letter comes back, where the letter has such. Raise BuildError."""
    from weekahead.build.readers import signer_of
    from weekahead.mail.tickets import bounce_address

    if mailed.mail.via != "smtp" or not mailed.mail.bounce_addresses:
        return None
    signer = signer_of(mailed.letter.config, os.environ)
    return partial(bounce_address, signer, mailed.mail.sender_address)


def _nobody(mail: MailConfig, address: str = "") -> Recipient:
    """Return a reader whom the list of readers does not have.

    Who leaves writes to the sender, or to the address that Mailman has for that.
    """
    from weekahead.mail.subscribers import Recipient
    from weekahead.mail.tickets import WayOut

    name, at, host = (mail.list or "").partition("@")
    leave = f"{name}-leave@{host}" if at and mail.via == "mailman" and not address else mail.sender_address
    place = address or (f"{name}@{host}" if at else mail.sender_address)
    id = secrets.token_hex(8) if address else LIST
    return Recipient(id=id, address=place, way_out=WayOut(mailto=f"mailto:{leave}"))


def _mailing(edition: Edition, message: bytes) -> Mailing:
    from weekahead.mail.edition import WAY_OUT

    return Mailing(subject=edition.subject, html=edition.html, text=edition.text, message=message, way_out=WAY_OUT)


def open_subscribers(mailed: MailedLetter) -> Subscribers:
    """Return the readers. Raise BuildError if letter.yaml does not name their file, or it cannot be opened."""
    from weekahead.build.readers import open_readers_of

    try:
        return open_readers_of(mailed.root, mailed.letter.config, os.environ)
    except BuildError as error:
        raise BuildError(error.findings, NOTHING_SENT) from None


def marked_copy(mailed: MailedLetter, issue: Issue, address: str) -> tuple[PersonTransport, Recipient, bytes]:
    """Return a marked copy of an issue for one address, which the books do not have. Raise BuildError, TransportError."""
    from msgspec.structs import replace

    edition = _edition(mailed.root, issue)
    edition = replace(edition, subject=f"[test] {edition.subject}")
    recipient = _nobody(mailed.mail, address)
    return open_mail_server(mailed.mail, os.environ), recipient, _message_maker(mailed, edition)(recipient)


def _edition(root: Path, issue: Issue) -> Edition:
    """Return the e-mail edition of an issue, as of now. Raise BuildError."""
    from weekahead.build.edition import make_edition

    return make_edition(root, issue)[1]


def _message_maker(mailed: MailedLetter, edition: Edition) -> Callable[[Recipient], bytes]:
    """Return what makes the letter for one reader."""
    from weekahead.mail.message import Envelope, message_maker

    return message_maker(edition, Envelope.of_letter(mailed.letter.config, mailed.mail))


def findings_of(rule: str, message: str, hint: str = "") -> BuildError:
    """Return what to say when sending cannot begin or go on."""
    error = build_error(Location("letter.yaml"), rule, message, hint)
    return BuildError(error.findings, NOTHING_SENT)


def cut_off(error: TransportError | BookError | Stopped | OSError, key: str) -> BuildError:
    """Return what to say when sending had begun and cannot go on."""
    if isinstance(error, OSError):
        error = unreadable("the journal", error)
    rule = "mail-host" if isinstance(error, TransportError) else "mail-book"
    outcome = f"who has it: weekahead send {key} --status"
    return BuildError([Finding(Location("letter.yaml"), rule, str(error), error.hint)], outcome)


# -- the books


def has_mail(root: Path) -> bool:
    """Return whether a letter says how it is mailed. Raise BuildError if it cannot be read."""
    return read(root).require_letter().config.mail is not None


def load_status(mailed: MailedLetter, issue: Issue) -> tuple[MailStatus, str]:
    """Return what the books say about an issue, and where the issue book is. Raise BookError, OSError."""
    book, key = open_issue_book(mailed.root), issue.key
    path = books_folder(mailed.root) / f"{key}.journal"
    try:
        return status_of(book.read().get(key), load_journal(path), path), book.place
    except JournalDamaged as error:
        raise BookError(f"{path} is damaged: {error}", "Restore it from a backup.") from error


def addresses(mailed: MailedLetter) -> dict[str, str]:
    """Return the addresses of readers by their ids, also of those who have left; none that are not on this machine."""
    if mailed.mail.via != "smtp":
        return {LIST: f"the list {mailed.mail.list or ''} at {mailed.mail.via}"}
    try:
        return {reader.id: reader.address for reader in open_subscribers(mailed).readers()}
    except (BuildError, OSError):
        return {}


def reader_id(mailed: MailedLetter, address: str) -> str:
    """Return the id of a reader by the address. Raise BuildError if there is none."""
    wanted = address.casefold()
    for id, found in addresses(mailed).items():
        if found.casefold() == wanted:
            return id
    raise findings_of("mail-resend", f"{address} is not among the readers", "See the list: weekahead subscribers list")


def hand_over(
    mailed: MailedLetter, issue: Issue, ready: ReadyMailing, sending: Sending, clock: Clock, notice: Notice
) -> None:
    """Hand an issue over to whoever waits for it. Raise TransportError, OSError."""
    if ready.readers is None:
        assert ready.mailing
        name = f"weekahead/{ready.job.letter.removeprefix('urn:uuid:')}/{ready.job.key}"
        send_to_list(sending, cast("ListTransport", ready.transport), name, ready.mailing)
        return
    seconds = mailed.seconds_left(issue)
    send_to_people(
        sending,
        cast("PersonTransport", ready.transport),
        ready.recipients,
        ready.readers,
        ready.message,
        clock,
        per_minute=mailed.mail.per_minute,
        seconds=seconds if seconds > 0 else mailed.mail.late.total_seconds(),
        notice=notice,
    )


def require_own_books(root: Path, book: IssueBook, lock: BinaryIO, key: str) -> None:
    """Raise BuildError if no other machine has the book, and this one was put back: what was sent since may be missing."""
    if not book.is_shared and were_put_back(root, lock):
        message = f"{book.place} was copied here or restored from a backup: what was sent since may be missing"
        hint = f"Look whether readers have it. If not: weekahead send {key} --yes --go-on"
        raise findings_of("mail-in-doubt", message, hint)


def require_open(mailed: MailedLetter, issue: Issue) -> None:
    """Raise AlreadySent if an issue was sent and nobody waits for it, before anything else is looked at."""
    status, _ = load_status(mailed, issue)
    if status.state == "finished" and not status.counts.waiting:
        raise AlreadySent.of(mailed.label(issue), status.counts)
