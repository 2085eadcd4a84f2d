"""What mails to the letter's mailbox change: mails as values, without a server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import EXAMPLES

from weekahead.mail.bounces import read_report
from weekahead.mail.confirmation import NotSent, PerhapsSent, Question, patient
from weekahead.mail.handling import STAYING, Action, Handled, MailHandler, shortened
from weekahead.mail.incoming import LARGEST_HEAD, read_head
from weekahead.mail.subscribers import ReaderState, Subscribers, import_readers
from weekahead.mail.tickets import Signer, tags_in, way_out

NORA = "nora@letter.example"
SIGNER = Signer("a key of the tests, long enough", "urn:uuid:1")
ADA, WIN = "ada@reader.example", "win@reader.example"
ACTIVE, PENDING, LEFT = ReaderState.ACTIVE, ReaderState.PENDING, ReaderState.LEFT
COMPLAINED, BOUNCED = ReaderState.COMPLAINED, ReaderState.BOUNCED


class World:
    """A list of readers and a handler; what it asks is kept in place of being sent."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "readers.db"
        self.readers = Subscribers(self.path, SIGNER, partial(way_out, SIGNER, NORA, None))
        self.asked: list[Question] = []
        self.failure: Exception | None = None
        self.handler = MailHandler(self.readers, SIGNER, NORA, self._ask)

    def _ask(self, question: Question) -> None:
        self.asked.append(question)
        if self.failure:
            raise self.failure

    def get(self, data: bytes) -> Handled | None:
        """Handle a mail as the command does; None for one that wants nothing of the letter."""
        head = data.partition(b"\n\n")[0] + b"\n\n"
        found = read_head(head, NORA)
        return self.handler.handle(found, lambda: data) if found else None

    def action(self, data: bytes) -> Action | None:
        handled = self.get(data)
        return handled.action if handled else None

    def state(self, address: str = ADA) -> ReaderState | None:
        found = self.readers.by_address(address)
        return found.state if found else None

    def add(self, address: str = ADA, state: ReaderState = ACTIVE) -> str:
        """Add a reader; return the id."""
        self.readers.add(address, state, "hand")
        found = self.readers.by_address(address)
        assert found
        return found.id


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.readers.close()


def mail(to: str, *more: str, sender: str = ADA, number: int = 1, body: str = "") -> bytes:
    fields = (f"From: {sender}", f"To: {to}", f"Message-ID: <{number}@reader.example>", *more)
    return ("\n".join(fields) + f"\n\n{body}\n").encode()


JOIN = "nora+join@letter.example"


def leaving(id: str) -> str:
    return f"nora+leave-{SIGNER.ticket('leave', id)}@letter.example"


def confirming(question: Question) -> str:
    return f"nora+join-{question.ticket}@letter.example"


# -- joining


def test_who_joins_is_asked_and_gets_the_letter_after_the_answer(world: World) -> None:
    assert world.action(mail(JOIN)) == Action.ASKED
    assert world.state() is PENDING
    (question,) = world.asked
    assert (question.address, question.asked_in) == (ADA, "<1@reader.example>")
    assert world.action(mail(confirming(question), number=2, sender="ada.other@reader.example")) == Action.CONFIRMED
    assert world.state() is ACTIVE


@pytest.mark.parametrize(
    "fields",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "Precedence: bulk",
        "Precedence: List",
        "Precedence: auto_reply",
        "List-Id: <list.example>",
        "List-Unsubscribe: <mailto:x@y.example>",
        "Return-Path: <>",
        "X-Auto-Response-Suppress: DR, AutoReply",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
@pytest.mark.parametrize("purpose", ["join", "confirm"])
def test_a_machine_is_never_answered_and_confirms_nothing(fields: str, purpose: str, world: World) -> None:
    world.action(mail(JOIN))
    to = JOIN if purpose == "join" else confirming(world.asked[0])
    handled = world.get(mail(to, fields, number=2, sender=WIN))
    assert handled
    assert handled.action == Action.NOTHING
    assert (len(world.asked), world.state(), world.state(WIN)) == (1, PENDING, None)


@pytest.mark.parametrize(
    "sender", ["MAILER-DAEMON@x.example", "noreply@x.example", "No-Reply@x.example", "postmaster@x.example"]
)
def test_an_address_of_a_machine_is_never_answered(sender: str, world: World) -> None:
    assert world.action(mail(JOIN, sender=sender)) == Action.NOTHING
    assert not world.asked


@pytest.mark.parametrize(
    "fields",
    ["Auto-Submitted: no", "Precedence: first-class", "X-Spam-Status: No", "Return-Path: <ada@reader.example>"],
)
def test_a_person_is_answered(fields: str, world: World) -> None:
    assert world.action(mail(JOIN, fields)) == Action.ASKED


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "nobody",
        "a@b.example, c@d.example",
        "a@b@c.example",
        JOIN,
        "Nora <nora+join@LETTER.example>",
        "x@y..example",
    ],
)
def test_a_mail_from_no_single_address_is_not_answered(sender: str, world: World) -> None:
    assert world.action(mail(JOIN, sender=sender)) == Action.NOTHING
    assert not world.asked


def test_a_name_beside_the_address_is_no_matter(world: World) -> None:
    assert (
        world.action(mail('"Join, Nora" <nora+JOIN@Letter.Example>', sender='"Ada, L." <ada@reader.example>'))
        == Action.ASKED
    )


def test_an_address_is_asked_once_a_day(world: World) -> None:
    world.action(mail(JOIN))
    for number in range(2, 6):
        assert world.action(mail(JOIN, number=number)) == Action.NOTHING
    assert len(world.asked) == 1


def test_only_so_many_are_asked_in_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weekahead.mail.subscribers.MOST_ANSWERS", 3)
    actions = [world.action(mail(JOIN, sender=f"a{number}@r.example", number=number)) for number in range(5)]
    assert actions == [Action.ASKED] * 3 + [Action.WAITS] * 2


def test_a_reader_who_joins_again_is_not_asked(world: World) -> None:
    world.add()
    assert world.action(mail(JOIN)) == Action.NOTHING
    assert (world.asked, world.state()) == ([], ACTIVE)


def test_who_had_left_or_bounced_stays_so_until_they_confirm(world: World) -> None:
    for state in (LEFT, BOUNCED):
        address = f"{state}@reader.example"
        world.add(address, state)
        assert world.action(mail(JOIN, sender=address)) == Action.ASKED
        assert world.state(address) is state
        import_readers(world.readers, [(address, ACTIVE)], confirmed=True)
        assert world.state(address) is state
        assert world.action(mail(confirming(world.asked[-1]), sender=address)) == Action.CONFIRMED
        assert world.state(address) is ACTIVE


def test_who_complained_is_never_written_to_again(world: World) -> None:
    world.add(state=COMPLAINED)
    assert world.action(mail(JOIN)) == Action.NOTHING
    assert not world.asked


def test_a_forged_mail_does_not_bring_back_who_is_forgotten(world: World) -> None:
    world.add()
    world.readers.forget(ADA)
    assert world.action(mail(JOIN)) == Action.ASKED
    assert import_readers(world.readers, [(ADA, ACTIVE)], confirmed=True).forgotten == 1
    assert world.state() is PENDING
    assert world.action(mail(confirming(world.asked[0]))) == Action.CONFIRMED
    assert not world.readers.is_forgotten(ADA)


def test_a_confirmation_is_worth_nothing_after_its_use(world: World) -> None:
    world.action(mail(JOIN))
    to = confirming(world.asked[0])
    world.action(mail(to, number=2))
    assert world.action(mail(to, number=3)) == Action.NOTHING
    world.action(mail(leaving(world.add()), number=4))
    assert world.action(mail(to, number=5)) == Action.FOREIGN
    assert world.state() is LEFT


# -- what is lost on the way


def test_a_question_that_was_not_sent_is_sent_by_the_next_run(world: World) -> None:
    world.failure = NotSent("451 later")
    assert world.action(mail(JOIN)) == Action.UNSENT
    world.failure = None
    assert world.action(mail(JOIN)) == Action.ASKED


def test_a_question_in_doubt_is_not_sent_again_on_that_day(world: World) -> None:
    world.failure = PerhapsSent("lost")
    assert world.action(mail(JOIN)) == Action.WAITS
    world.failure = None
    assert world.action(mail(JOIN)) == Action.WAITS
    assert len(world.asked) == 1


def test_a_kill_while_a_question_is_sent_asks_nobody_twice(world: World) -> None:
    world.failure = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        world.get(mail(JOIN))
    world.failure = None
    assert world.action(mail(JOIN)) == Action.WAITS
    assert len(world.asked) == 1


def test_an_address_that_is_refused_is_done_with(world: World) -> None:
    world.failure = NotSent("550 no", is_final=True)
    assert world.action(mail(JOIN)) == Action.FAILED
    assert world.action(mail(JOIN)) == Action.NOTHING


@pytest.mark.parametrize(
    "failure",
    [NotSent(f"550 <{ADA}> no"), NotSent(f"550 <{ADA}> no", is_final=True), PerhapsSent(f"lost after {ADA}")],
)
def test_no_word_of_a_mail_server_shows_an_address(failure: Exception, world: World) -> None:
    world.failure = failure
    handled = world.get(mail(JOIN))
    assert handled
    assert ADA not in handled.words
    assert "a…@reader.example" in handled.words


def test_a_mail_server_that_is_down_is_tried_once() -> None:
    tried: list[str] = []

    def send(address: str, message: bytes) -> None:
        tried.append(address)
        raise NotSent("down", is_host=address != "a@b.example")

    sender = patient(send)
    for address in ("a@b.example", "c@b.example", "d@b.example"):
        with pytest.raises(NotSent):
            sender(address, b"")
    assert tried == ["a@b.example", "c@b.example"]


# -- leaving


def test_who_leaves_has_left_and_once_is_enough(world: World) -> None:
    id = world.add()
    data = mail(leaving(id), "Auto-Submitted: auto-generated", sender="somebody@else.example")
    assert world.action(data) == Action.LEFT
    world.readers.set_state(id, ACTIVE)
    assert world.action(data) == Action.NOTHING
    assert world.state() is ACTIVE
    assert world.action(mail(leaving(id), number=2)) == Action.LEFT


@pytest.mark.parametrize("state", [LEFT, COMPLAINED])
def test_leaving_changes_nothing_of_who_has_gone(state: ReaderState, world: World) -> None:
    assert world.action(mail(leaving(world.add(state=state)))) == Action.NOTHING
    assert world.state() is state


def tickets_of_others(id: str) -> dict[str, str]:
    own = SIGNER.ticket("leave", id)
    return {
        "another key": Signer("another key of the tests, as long", "urn:uuid:1").ticket("leave", id),
        "another letter": Signer(SIGNER.key, "urn:uuid:2").ticket("leave", id),
        "another purpose": SIGNER.ticket("bounce", id),
        "another reader": SIGNER.ticket("leave", "a" * 10)[:10] + own[10:],
        "a guess": id + "a" * 20,
    }


@pytest.mark.parametrize("kind", tickets_of_others("a" * 10))
@pytest.mark.parametrize("purpose", ["leave", "join"])
def test_a_forged_ticket_does_nothing(kind: str, purpose: str, world: World) -> None:
    id = world.add(state=PENDING if purpose == "join" else ACTIVE)
    before = world.state()
    action = world.action(mail(f"nora+{purpose}-{tickets_of_others(id)[kind]}@letter.example"))
    assert action == Action.FOREIGN
    assert action in STAYING
    assert (world.state(), world.asked) == (before, [])


def test_a_ticket_is_found_in_any_case_and_wherever_servers_note_it(world: World) -> None:
    id = world.add()
    to = leaving(id)
    for field in (
        f"Delivered-To: {to.upper()}",
        f"X-Original-To: {to}",
        f"Envelope-To: {to}",
        f"Cc: a@b.example, <{to}>",
    ):
        world.readers.set_state(id, ACTIVE)
        assert world.action(mail("undisclosed-recipients:;", field)) == Action.LEFT


@pytest.mark.parametrize(
    "to",
    [
        NORA,
        "nora+joint@letter.example",
        "nora+join@letter.example.evil.example",
        "eleonora+join@letter.example",
        "x.nora+join@letter.example",
        "nora+join@otherletter.example",
        "nora+leave@letter.example",
        "nora+leave-short@letter.example",
        "other@letter.example",
    ],
)
def test_other_mails_are_none_of_ours(to: str, world: World) -> None:
    assert world.get(mail(to)) is None


def test_a_letter_from_an_address_with_a_plus_has_tags_after_it() -> None:
    assert [tag.purpose for tag in tags_in("nora+letter+join@letter.example", "nora+letter@letter.example")] == ["join"]


# -- failures

DSN = """\
From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <report-{number}@mx.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--x
Content-Type: {kind}

From: Nora <nora@letter.example>
To: {address}
Message-ID: <letter-{letter}@letter.example>
{fields}
--x--
"""


def failure(
    fields: str = "",
    *,
    status: str = "5.1.1",
    action: str = "failed",
    letter: int = 1,
    number: int = 1,
    to: str = NORA,
    address: str = ADA,
    kind: str = "message/rfc822",
) -> bytes:
    said = {"status": status, "action": action, "letter": letter, "number": number, "to": to, "address": address}
    return DSN.format(fields=fields + "\n", kind=kind, **said).encode()


def proof(id: str) -> str:
    return f"List-Unsubscribe: <https://letter.example/u/x>,\n <mailto:{leaving(id)}>"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_two_letters_that_fail_for_good_end_it(kind: str, world: World) -> None:
    id = world.add()
    assert world.action(failure(proof(id), kind=kind)) == Action.FAILED
    assert world.action(failure(proof(id), kind=kind, number=2)) == Action.FAILED  # the same letter, told again
    assert world.state() is ACTIVE
    assert world.action(failure(proof(id), kind=kind, number=3, letter=2)) == Action.BOUNCED
    assert world.state() is BOUNCED


@pytest.mark.parametrize(
    ("status", "action"), [("4.4.1", "failed"), ("5.2.2", "failed"), ("5.7.1", "failed"), ("4.4.1", "delayed")]
)
def test_a_passing_failure_ends_it_after_five_letters(status: str, action: str, world: World) -> None:
    id = world.add()
    for letter in range(1, 6):
        assert world.state() is ACTIVE, letter
        world.action(failure(proof(id), status=status, action=action, letter=letter, number=letter))
    assert world.state() is BOUNCED


def test_a_ticket_in_the_address_of_the_report_is_proof_as_well(world: World) -> None:
    id = world.add()
    to = f"nora+bounce-{SIGNER.ticket('bounce', id)}@letter.example"
    for letter in (1, 2):
        world.action(failure(to=to, letter=letter, number=letter, address="forwarded@elsewhere.example"))
    assert world.state() is BOUNCED


def test_a_report_in_words_is_read_too(world: World) -> None:
    id = world.add()
    for number in (1, 2):
        world.action(
            mail(
                NORA,
                "Return-Path: <>",
                sender="MAILER-DAEMON@qmail.example",
                number=number,
                body=f"Hi. This is the qmail-send program at qmail.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
                f"<{ADA}>:\nSorry, no mailbox here by that name.\n\n--- Below this line is a copy of the message.\n\n"
                f"Message-ID: <letter-{number}@letter.example>\nList-Unsubscribe: <mailto:{leaving(id)}>\n",
            )
        )
    assert world.state() is BOUNCED


def test_anybody_can_write_a_report_so_one_without_a_ticket_never_counts_for_good(world: World) -> None:
    world.add()
    forged = proof("a" * 10)
    for number in range(1, 10):
        handled = world.get(failure(forged if number % 2 else "", letter=number, number=number))
        assert handled == Handled(Action.FAILED, "a…@reader.example", "a letter failed for now (5.1.1)")
    assert world.state() is ACTIVE


def test_a_report_about_two_readers_tickets_says_nothing_of_either(world: World) -> None:
    ids = [world.add(), world.add(WIN)]
    for number in range(1, 4):
        assert (
            world.action(failure("\n".join(map(proof, ids)), address="x@y.example", letter=number, number=number))
            == Action.FOREIGN
        )


def test_a_report_about_a_mail_of_the_authors_own_is_none_of_ours(world: World) -> None:
    handled = world.get(failure(address="friend@elsewhere.example"))
    assert handled == Handled(Action.FOREIGN, "", "")


def test_an_absence_note_to_the_letters_envelope_is_no_failure(world: World) -> None:
    id = world.add()
    to = f"nora+bounce-{SIGNER.ticket('bounce', id)}@letter.example"
    assert world.action(mail(to, "Auto-Submitted: auto-replied", body="I am away.")) == Action.NOTHING
    assert world.state() is ACTIVE


ARF = """\
From: feedback@isp.example
To: nora@letter.example
Message-ID: <arf-{number}@isp.example>
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

A complaint.

--x
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: isp/1
Version: 1

--x
Content-Type: message/rfc822

From: Nora <nora@letter.example>
Message-ID: <letter@letter.example>
{proof}

Words.
--x--
"""


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "opt-out"])
def test_who_complains_gets_no_more(kind: str, world: World) -> None:
    id = world.add()
    data = ARF.format(kind=kind, proof=proof(id), number=1).encode()
    assert world.action(data) == Action.COMPLAINED
    assert world.state() is COMPLAINED
    assert world.action(ARF.format(kind=kind, proof=proof(id), number=2).encode()) == Action.NOTHING


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc"])
def test_other_feedback_is_no_complaint(kind: str, world: World) -> None:
    id = world.add()
    assert world.action(ARF.format(kind=kind, proof=proof(id), number=1).encode()) == Action.FOREIGN
    assert world.state() is ACTIVE


def test_a_forged_complaint_does_nothing(world: World) -> None:
    world.add()
    assert world.action(ARF.format(kind="abuse", proof=proof("a" * 10), number=1).encode()) == Action.FOREIGN
    assert world.state() is ACTIVE


# -- hostile mails

HOSTILE: dict[str, Callable[[str], bytes]] = {
    "nothing": lambda to: b"",
    "no header": lambda to: b"\n\nwords",
    "no line end": lambda to: b"To: " + to.encode(),
    "8-bit": lambda to: b"From: \xff\xfe <ada@reader.example>\nTo: \xe9 <" + to.encode() + b">\nSubject: \x1b[2J\n\n",
    "escapes": lambda to: mail(to, "Subject: \x1b]0;x\x07\x1b[31m", sender="\x1b[31mada@reader.example"),
    "nested comments": lambda to: mail(to, sender="(" * 30_000),
    "many addresses": lambda to: mail(f"{', '.join(['a@b.example'] * 3_000)}, {to}"),
    "an endless field": lambda to: mail(to, "X: " + "y" * 100_000),
    "NUL": lambda to: mail(to, "Subject: a\0b", sender="a\0da@reader.example"),
    "encoded words": lambda to: mail(to, sender="=?utf-8?B?" + "A" * 5_000 + "?= <ada@reader.example>"),
    "a report of nothing": lambda to: b"Return-Path: <>\nContent-Type: multipart/report\nTo: " + to.encode() + b"\n\n",
    "nested parts": lambda to: mail(
        NORA,
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=0",
        body="".join(f"--{n}\nContent-Type: multipart/mixed; boundary={n + 1}\n\n" for n in range(2_000)),
    ),
    "nested messages": lambda to: mail(
        NORA, "Return-Path: <>", "Content-Type: message/rfc822", body="Content-Type: message/rfc822\n\n" * 3_000
    ),
    "a broken charset": lambda to: mail(
        NORA, "Return-Path: <>", 'Content-Type: text/plain; charset="\x1b"', "Content-Transfer-Encoding: base64", body="%%%"
    ),
    "a report of bad parts": lambda to: failure(status="\x1b[2J", action="", address="\xff(((").replace(b"rfc822;", b";;;"),
    "large": lambda to: mail(NORA, "Return-Path: <>", body="x" * 3_000_000),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_mail_is_too_strange(kind: str, world: World) -> None:
    id = world.add(WIN)
    for to in (JOIN, leaving(id)[:-3], f"nora+bounce-{'a' * 30}@letter.example"):
        handled = world.get(HOSTILE[kind](to))
        assert handled is None or re.fullmatch("[ -~…]*", handled.who + handled.words)
    assert world.state(WIN) is ACTIVE


def test_a_header_beyond_what_is_read_is_left_alone(world: World) -> None:
    padding = "".join(f"X-{number}: {'y' * 90}\n" for number in range(LARGEST_HEAD // 90))
    assert world.get(padding.encode() + mail(JOIN)) is None


FIELDS = st.sampled_from(
    ["From", "To", "Return-Path", "Content-Type", "Auto-Submitted", "Delivered-To", "Content-Transfer-Encoding"]
)
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"ada@reader.example",
            JOIN.encode(),
            b"<>",
            b"multipart/report; boundary=x",
            b"message/delivery-status",
            b"base64",
            b"message/rfc822",
        ]
    ),
)
BODIES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"--x",
                b"--x--",
                b"",
                b"Content-Type: message/delivery-status",
                b"Action: failed",
                b"Final-Recipient: rfc822; ada@reader.example",
            ]
        ),
    ),
    max_size=12,
)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6), BODIES)
def test_no_mail_of_any_bytes_is_too_strange(fields: list[tuple[str, bytes]], body: list[bytes]) -> None:
    data = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields) + b"\n" + b"\n".join(body)
    read_head(data, NORA)
    read_report(data, NORA)


def test_an_address_is_shown_shortened() -> None:
    assert [shortened(words) for words in (ADA, "a@b.example", "")] == ["a…@reader.example", "a…@b.example", ""]


def test_requests_that_nobody_confirms_are_removed_after_a_month(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    world.action(mail(JOIN))
    world.add(WIN, PENDING)
    assert world.readers.remove_unconfirmed() == 0
    monkeypatch.setattr("weekahead.mail.subscribers.UNCONFIRMED_DAYS", timedelta(days=-1))
    assert world.readers.remove_unconfirmed() == 1
    assert (world.state(), world.state(WIN)) == (None, PENDING)
