"""Mail servers of the tests: Dovecot for mailboxes and Postfix before it, on ports of this machine alone; and a certificate."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import needs
from tests.mail.postfix import POSTFIX, answers, free_port, running_postfix, wait

PASSWORD = "p@ss/wörd %25"
MAILBOXES = ("nora@letter.example", "ada@reader.example", "win@reader.example")
MEMBERS = tuple(f"m{number:02}@reader.example" for number in range(50))
"""Members of a list at Mailman."""

DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_cache_size = 0
auth_failure_delay = 0
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
recipient_delimiter = +
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass(frozen=True)
class Servers:
    """Where the servers are."""

    imap: int
    lmtp: int
    smtp: int = 0

    def address(self, name: str = "INBOX") -> str:
        """Return Nora's mailbox as WEEKAHEAD_IMAP says it."""
        return f"imap://nora%40letter.example:p%40ss%2Fw%C3%B6rd%20%2525@127.0.0.1:{self.imap}/{name}"

    def open(self, user: str = "nora@letter.example") -> imaplib.IMAP4:
        """Return an open mailbox of a user."""
        server = imaplib.IMAP4("127.0.0.1", self.imap)
        server.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
        server.select()
        return server

    def mails(self, user: str) -> list[bytes]:
        """Return all mails of a user."""
        server = self.open(user)
        found = [server.fetch(number, "(BODY.PEEK[])")[1] for number in server.search(None, "ALL")[1][0].split()]
        server.logout()
        return [part[0][1] for part in found if isinstance(part[0], tuple)]

    def wait_for(self, user: str, number: int) -> bytes:
        """Return a user's mail by its place, from 0, once it is there."""
        wait(lambda: len(self.mails(user)) > number)
        return self.mails(user)[number]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Servers]:
    """A Dovecot of the tests."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    needs(bool(program) and os.geteuid() == 0, "dovecot, and root")
    folder, ports = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp")), Servers(free_port(), free_port())
    folder.chmod(0o755)  # its users are others
    mail = folder / "mail"
    mail.mkdir()
    shutil.chown(mail, "nobody", "nogroup")
    nobody = pwd.getpwnam("nobody")
    users = [
        f"{name}:{{PLAIN}}{PASSWORD}:{nobody.pw_uid}:{nobody.pw_gid}::{mail}/{name}\n" for name in MAILBOXES + MEMBERS
    ]
    (folder / "users").write_text("".join(users))
    (folder / "dovecot.conf").write_text(DOVECOT.format(folder=folder, imap=ports.imap, lmtp=ports.lmtp))
    subprocess.run([str(program), "-c", folder / "dovecot.conf"], check=True)
    try:
        wait(lambda: answers(ports.imap) and answers(ports.lmtp))
        yield ports
    finally:
        os.kill(int((folder / "run/master.pid").read_text()), signal.SIGTERM)
        wait(lambda: not (folder / "run/master.pid").exists())
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mailboxes(dovecot: Servers) -> Servers:
    """The Dovecot of the tests with empty mailboxes."""
    for user in MAILBOXES:
        server = dovecot.open(user)
        server.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        server.expunge()
        server.logout()
    return dovecot


DELIVERY = """\
virtual_mailbox_domains = letter.example, reader.example
virtual_mailbox_maps = inline:{{ {maps} }}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
"""


@pytest.fixture(scope="session")
def postfix(dovecot: Servers) -> Iterator[Servers]:
    """A Postfix of the tests, which delivers into their Dovecot."""
    needs(POSTFIX is not None, "postfix")
    maps = ", ".join(f"{{ {name} = x }}" for name in MAILBOXES + MEMBERS)
    with running_postfix(DELIVERY.format(lmtp=dovecot.lmtp, maps=maps)) as (port, _):
        yield Servers(dovecot.imap, dovecot.lmtp, port)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is missing")
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "localhost.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30000 -subj /CN=localhost"
    )
    more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    made.write_text((folder / "key").read_text() + (folder / "crt").read_text())
    return made
