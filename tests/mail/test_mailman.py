"""A letter through a real Mailman 3 and Postfix to fifty members, each copy fetched over IMAP: Mailman leaves it as it was.

`make mailman` makes the environment that Mailman needs, and runs this.
"""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import LETTER, Folder, five_issues, needs
from tests.mail.conftest import MEMBERS, Servers
from tests.mail.mailman_host import KEY, LIST, PROGRAMS, SETTINGS, MailmanHost
from tests.mail.postfix import wait
from tests.site.test_site import REPOSITORY

from weekahead.build.mailing import prepare, read_mailed

ADDED = frozenset(
    [
        "delivered-to",
        "errors-to",
        "message-id-hash",
        "precedence",
        "received",
        "return-path",
        "sender",
        "x-mailman-approved-at",
        "x-mailman-rule-hits",
        "x-mailman-rule-misses",
        "x-mailman-version",
        "x-message-id-hash",
    ]
)
"""Header fields that the servers on the way add."""


@pytest.fixture
def mailman(postfix: Servers, tmp_path: Path) -> Iterator[MailmanHost]:
    needs((PROGRAMS / "master").exists(), "Mailman")
    with MailmanHost(tmp_path / "mailman", postfix.smtp) as host:
        host.make_list(MEMBERS, "ida@letter.example")
        yield host


@pytest.fixture
def letter(mailman: MailmanHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("WEEKAHEAD_API_KEY", KEY)
    folder = five_issues(tmp_path / "letter")
    keys = f"from: Ida <ida@letter.example>, via: mailman, url: '{mailman.url}', list: {LIST}, late: 2 weeks"
    folder.write("letter.yaml", f"{LETTER}mail: {{{keys}}}\n")
    return folder


def parsed(data: bytes) -> tuple[dict[str, str], bytes]:
    """Return the header fields of a mail by their names, and its body as it is."""
    message = message_from_bytes(data, policy=default)
    fields = {name.lower(): str(value) for name, value in message.items()}
    return fields, data.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip(b"\n")


@pytest.mark.skipif("MAILMAN" not in os.environ, reason="make mailman runs this")
def test_fifty_members_get_the_letter_as_it_was_once(
    letter: Folder, mailman: MailmanHost, dovecot: Servers, run: Any
) -> None:
    assert mailman.members() == {*MEMBERS}
    mailed = read_mailed(letter.root)
    mailing = prepare(mailed, mailed.issue("5")).mailing
    assert mailing
    fields, body = parsed(mailing.message)
    assert fields["list-unsubscribe"] == "<mailto:five-leave@lists.example>"
    said = run("send", "5", "--yes", "--offline", "--root", letter.root)
    assert (said.status, said.out) == (0, "Week 5: 1 letter: 1 accepted.\n")
    assert "has been sent" in run("send", "5", "--yes", "--offline", "--root", letter.root).out
    for member in MEMBERS:
        dovecot.wait_for(member, 0)
    for member in MEMBERS:
        (copy,) = dovecot.mails(member)
        got, got_body = parsed(copy)
        assert got_body == body
        assert {name: got.get(name) for name in fields} == fields
        assert got.keys() - fields.keys() <= ADDED

    leave(mailman, MEMBERS[0])
    wait(lambda: mailman.members() == {*MEMBERS[1:]})


def leave(mailman: MailmanHost, member: str) -> None:
    """Leave as a mail program does: by a mail to the address in the letter."""
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = member, "five-leave@lists.example", "<1@reader.example>"
    message.set_content("")
    with smtplib.LMTP("127.0.0.1", mailman.lmtp) as server:
        server.send_message(message)


def test_the_docs_have_the_settings_of_the_list() -> None:
    text = (REPOSITORY / "docs/sending.md").read_text()
    assert [name for name in SETTINGS if name not in text] == []
