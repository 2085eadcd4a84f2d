"""`weekahead mailbox` with a real mailbox: what is marked, what stays as it is, and the whole way through a mail server."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from threading import Thread
from typing import Any

import pytest
from tests.conftest import NOON, Folder, Said
from tests.mail.conftest import Servers
from tests.mail.postfix import free_port
from tests.mail.test_handling import ADA, HOSTILE, JOIN, NORA, SIGNER, WIN, failure, leaving, mail

from weekahead.build.edition import make_edition
from weekahead.build.readers import open_readers
from weekahead.mail.mailbox import KEYWORD, MailboxAddress, MailboxError
from weekahead.mail.message import Envelope, message_maker
from weekahead.mail.subscribers import ReaderState, Subscribers

ENVIRONMENT = {"WEEKAHEAD_TOKEN_KEY": SIGNER.key}
IGNORED = mail(NORA, "Subject: \x1b[2J a word", sender="a friend <friend@elsewhere.example>", number=90)


def readers_of(letter: Folder) -> Subscribers:
    return open_readers(letter.root, ENVIRONMENT)


def states(letter: Folder) -> dict[str, str]:
    with readers_of(letter) as readers:
        return {reader.address: str(reader.state) for reader in readers.readers()}


def add(letter: Folder, address: str) -> str:
    with readers_of(letter) as readers:
        readers.add(address, ReaderState.ACTIVE, "hand")
        found = readers.by_address(address)
        assert found
        return found.id


@pytest.fixture
def letter(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    for name in ("WEEKAHEAD_SMTP", "WEEKAHEAD_IMAP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", SIGNER.key)
    text = (folder.root / "letter.yaml").read_text()
    folder.write(
        "letter.yaml", text + 'mail: {from: "Nora F. <nora@letter.example>", subscribers: ../private/readers.db}\n'
    )
    return folder


Mailbox = Callable[..., Said]


@pytest.fixture
def mailbox(letter: Folder, mailboxes: Servers, run: Any, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The command, for the mailbox of the tests."""
    monkeypatch.setenv("WEEKAHEAD_IMAP", mailboxes.address())
    return lambda *options: run("mailbox", *options, "--root", letter.root)


def put(servers: Servers, *mails: bytes) -> None:
    """Put mails into Nora's mailbox."""
    server = servers.open()
    for data in mails:
        assert server.append("INBOX", "", "", data.replace(b"\n", b"\r\n"))[0] == "OK"
    server.logout()


def flags(servers: Servers) -> list[set[str]]:
    """Return the flags of each mail, but for the one that says that a mail is new."""
    server = servers.open()
    found = server.fetch("1:*", "(FLAGS)")[1]
    server.logout()
    return [
        set(re.findall(r"FLAGS \(([^)]*)\)", part.decode())[0].split()) - {r"\Recent"}
        for part in found
        if isinstance(part, bytes)
    ]


HANDLED = {r"\Seen", KEYWORD}


def own(letter: Folder, id: str) -> str:
    """Return the address at which a reader of this letter leaves."""
    with readers_of(letter) as readers:
        (found,) = (reader for reader in readers.active() if reader.id == id)
    return found.way_out.mailto.removeprefix("mailto:")


def test_handled_mails_are_marked_and_all_others_stay_as_they_are(
    letter: Folder, mailboxes: Servers, mailbox: Mailbox
) -> None:
    id = add(letter, ADA)
    put(
        mailboxes,
        IGNORED,
        mail(own(letter, id)),
        mail(leaving(id), number=2),
        failure(address="friend@elsewhere.example"),
    )
    said = mailbox()
    assert said.status == 0
    assert said.out.splitlines() == [
        "a…@reader.example: left",
        "somebody: leaves with a ticket that is not ours",
        "4 mails looked at: 1 left, 1 not ours.",
        "What is not ours was left unread: WEEKAHEAD_TOKEN_KEY may have changed, or the mail was forged.",
    ]
    assert flags(mailboxes) == [set(), HANDLED, set(), set()]
    assert states(letter) == {ADA: "left"}
    assert ADA not in said.out + said.err
    assert "3 mails looked at" in mailbox().out


def test_a_dry_run_changes_nothing(letter: Folder, mailboxes: Servers, mailbox: Mailbox) -> None:
    put(mailboxes, mail(JOIN), mail(own(letter, add(letter, WIN)), number=2))
    said = mailbox("--dry-run")
    assert "a…@reader.example: asks to join, was asked to confirm" in said.out
    assert "2 mails looked at: 1 asked to confirm, 1 left. Nothing was changed." in said.out
    assert flags(mailboxes) == [set(), set()]
    assert states(letter) == {WIN: "active"}


def test_a_mail_whose_mark_was_lost_is_not_handled_again(letter: Folder, mailboxes: Servers, mailbox: Mailbox) -> None:
    id = add(letter, ADA)
    put(mailboxes, mail(own(letter, id)))
    mailbox()
    server = mailboxes.open()
    server.store("1", "FLAGS", "()")  # as after a kill before the mark
    server.logout()
    with readers_of(letter) as readers:
        readers.set_state(id, ReaderState.ACTIVE)
    assert "1 mail looked at" in mailbox().out
    assert (flags(mailboxes), states(letter)) == ([HANDLED], {ADA: "active"})


def test_without_a_mail_server_who_joins_waits_and_others_do_not(
    letter: Folder, mailboxes: Servers, mailbox: Mailbox
) -> None:
    id = add(letter, WIN)
    put(mailboxes, mail(JOIN), mail(own(letter, id), number=2))
    said = mailbox()
    assert (said.status, "the answer was not sent: WEEKAHEAD_SMTP is not set" in said.out) == (1, True)
    assert (flags(mailboxes), states(letter)[WIN]) == ([set(), HANDLED], "left")


def test_a_mail_server_that_is_away_leaves_no_answer_behind(
    letter: Folder, mailboxes: Servers, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKAHEAD_SMTP", f"smtp://nora:secret@127.0.0.1:{free_port()}?tls=none")
    put(mailboxes, mail(JOIN), mail(JOIN, sender=WIN, number=2))
    said = mailbox()
    assert (said.status, said.out.count("the answer was not sent: could not reach 127.0.0.1:")) == (1, 2)
    assert "secret" not in said.out + said.err


def test_many_and_strange_mails_are_looked_at(letter: Folder, mailboxes: Servers, mailbox: Mailbox) -> None:
    id = add(letter, ADA)
    strange = [made(JOIN) for made in HOSTILE.values()]
    put(mailboxes, *(data for data in strange if data), *[IGNORED] * 60, mail(own(letter, id), number=7))
    said = mailbox()
    assert "a…@reader.example: left" in said.out
    assert re.fullmatch("[ -~…\n]*", said.out + said.err)
    assert states(letter)[ADA] == "left"


def test_another_folder_of_the_mailbox_can_be_named(
    letter: Folder, mailboxes: Servers, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = mailboxes.open()
    server.create('"The \\"letter\\" of Nora"')
    server.append('"The \\"letter\\" of Nora"', "", "", mail(own(letter, add(letter, ADA))))
    server.logout()
    monkeypatch.setenv("WEEKAHEAD_IMAP", mailboxes.address("The%20%22letter%22%20of%20Nora"))
    assert "1 mail looked at: 1 left." in mailbox().out
    monkeypatch.setenv("WEEKAHEAD_IMAP", mailboxes.address("Nowhere"))
    said = mailbox()
    assert (said.status, "[mail-mailbox]" in said.err) == (1, True)


# -- what cannot be read


def test_a_wrong_password_is_said_and_not_shown(
    mailbox: Mailbox, mailboxes: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKAHEAD_IMAP", f"imap://nora%40letter.example:hunter22@127.0.0.1:{mailboxes.imap}")
    said = mailbox()
    assert (said.status, "hunter22" in said.out + said.err) == (1, False)
    assert "Authentication failed" in said.err


@pytest.mark.parametrize(
    "address",
    ["", "imaps://imap.example/INBOX", "http://a:b@imap.example", "imaps://a:secret@[imap", "imap://a:secret@h:x", "imaps://a:secret@h/%C3%A9",
     "imap://a:secret@h?tls=maybe", "imaps://a:secret@h?x=1", "imaps://a:secret@h/a%0Ab", "secret"],
)  # fmt: skip
def test_an_address_that_is_none_is_explained(
    address: str, letter: Folder, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKAHEAD_IMAP", address)
    said = run("mailbox", "--root", letter.root)
    assert (said.status, "WEEKAHEAD_IMAP" in said.err, "secret" in said.err) == (1, True, False)


def test_a_server_that_is_away_or_speaks_something_else_is_said(
    letter: Folder, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr("weekahead.mail.mailbox.SECONDS", 0.2)
        for tls in ("imap", "imaps"):
            monkeypatch.setenv("WEEKAHEAD_IMAP", f"{tls}://a:b@127.0.0.1:{port}")
            assert run("mailbox", "--root", letter.root).status == 1
    said = run("mailbox", "--root", letter.root)
    assert (said.status, "Connection refused" in said.err) == (1, True)


def test_a_server_that_repeats_the_password_is_not_repeated(
    letter: Folder, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"* OK hello\r\n")
            while line := stream.readline():
                tag, command = line.split(maxsplit=1)
                is_login = command.startswith(b"LOGIN")
                more = b"" if is_login else b"* CAPABILITY IMAP4rev1\r\n"
                stream.write(more + tag + (b" NO not " + command if is_login else b" OK done\r\n"))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=serve, daemon=True).start()
        monkeypatch.setenv("WEEKAHEAD_IMAP", f"imap://nora:hunter22@127.0.0.1:{listening.getsockname()[1]}")
        said = run("mailbox", "--root", letter.root)
    assert (said.status, "not LOGIN" in said.err, "hunter22" in said.err) == (1, True, False)


def test_an_address_says_where_a_mailbox_is() -> None:
    found = MailboxAddress.parse("imaps://n%40h:p%2F%3A@imap.example/A%20b")
    assert (found.host, found.port, found.tls, found.user, found.password, found.name) == (
        "imap.example",
        993,
        "implicit",
        "n@h",
        "p/:",
        "A b",
    )
    assert (MailboxAddress.parse("imap://a:b@h").tls, MailboxAddress.parse("imap://a:b@h?tls=starttls").tls) == (
        "none",
        "starttls",
    )
    with pytest.raises(MailboxError):
        MailboxAddress.parse("imap://a:b%00@h")


# -- the whole way


def test_join_confirm_letter_bounce_and_leave(
    letter: Folder, postfix: Servers, mailboxes: Servers, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada joins by mail, gets a letter and leaves by what stands in it; Gus, whose address is gone, gets no third one."""
    monkeypatch.setenv("WEEKAHEAD_SMTP", f"smtp://127.0.0.1:{postfix.smtp}?tls=none")

    def send(sender: str, to: str, data: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", postfix.smtp) as server:
            server.sendmail(sender, to, data)

    send(ADA, JOIN, mail(JOIN))
    mailboxes.wait_for(NORA, 0)
    assert "1 asked to confirm" in mailbox().out
    question = message_from_bytes(mailboxes.wait_for(ADA, 0), policy=default)
    assert question["Auto-Submitted"] == "auto-replied"
    assert question["In-Reply-To"] == "<1@reader.example>"
    answer = question["Reply-To"]
    assert answer in question.get_content()
    send(ADA, answer, mail(answer, number=2))
    mailboxes.wait_for(NORA, 1)
    assert "1 confirmed" in mailbox().out

    add(letter, "gus@reader.example")
    for number in ("3", "4"):
        snapshot, edition = make_edition(letter.root, number, NOON)
        config = snapshot.letter.config
        assert config.mail
        make = message_maker(edition, Envelope.of_letter(config, config.mail))
        with readers_of(letter) as readers:
            for reader in readers.active():
                send(NORA, reader.address, make(reader))
    mailboxes.wait_for(NORA, 3)
    assert "g…@reader.example: a letter failed for good (5.1.1), gets no more letters" in mailbox().out
    assert states(letter) == {ADA: "active", "gus@reader.example": "bounced"}

    got = message_from_bytes(mailboxes.wait_for(ADA, 2), policy=default)
    (way,) = re.findall(r"<mailto:([^>]*)>", got["List-Unsubscribe"])
    send(ADA, way, mail(way, number=3))
    mailboxes.wait_for(NORA, 4)
    assert "1 left" in mailbox().out
    assert states(letter)[ADA] == "left"
    assert len(mailboxes.mails(ADA)) == 3


def test_a_letter_that_fails_comes_back_to_its_readers_own_address(
    letter: Folder, postfix: Servers, mailboxes: Servers, mailbox: Mailbox, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Postfix takes the letter for Gus, whose address is gone, and sends its report to where the letter came from."""
    monkeypatch.setenv("WEEKAHEAD_SMTP", f"smtp://127.0.0.1:{postfix.smtp}?tls=none")
    letter.replace(
        "letter.yaml", "subscribers:", "bounce_addresses: true, late: 9999 weeks, per_minute: 100000, subscribers:"
    )
    gus = add(letter, "gus@reader.example")
    for number in ("3", "4"):
        assert run("send", number, "--yes", "--offline", "--root", letter.root).status == 0
    reports = [mailboxes.wait_for(NORA, number) for number in (0, 1)]
    for report in reports:
        assert re.fullmatch(rf"nora\+bounce-{gus}[a-z2-7]{{20}}@letter.example", message_from_bytes(report)["To"])
    assert mailbox().out.splitlines()[:2] == [
        "g…@reader.example: a letter failed for good (5.1.1)",
        "g…@reader.example: a letter failed for good (5.1.1), gets no more letters",
    ]
    assert states(letter) == {"gus@reader.example": "bounced"}
