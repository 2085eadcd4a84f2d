"""The letter that `weekahead send` gave to a real Postfix, as a real mail program shows it: neomutt, over IMAP from Dovecot."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.conftest import Folder, needs, visible_text
from tests.mail.conftest import PASSWORD, Servers
from tests.mail.test_edition import SUMMARY, edition, letter, words
from tests.mail.test_handling import ADA, SIGNER

from weekahead.build.readers import open_readers
from weekahead.mail.edition import WAY_OUT
from weekahead.mail.subscribers import ReaderState

__all__ = ["letter"]

SETTINGS = """\
set imap_user = "{user}"
set imap_pass = "{password}"
set imap_authenticators = "plain"
set ssl_starttls = no
set ssl_force_tls = no
set timeout = 1
set quit = yes
set wait_key = no
set pipe_decode = yes
set charset = utf-8
set assumed_charset = utf-8
set mailcap_path = "{folder}/mailcap"
set tmpdir = "{folder}"
set folder = "{folder}"
set reflow_text = no
set smart_wrap = no
auto_view text/html
alternative_order {kind}
ignore *
unignore from to subject date list-unsubscribe
"""
"""How neomutt shows a mail. The words are piped out as they are shown."""

Shown = Callable[[str], str]


@pytest.fixture
def shown(mailboxes: Servers, tmp_path: Path) -> Shown:
    """Return what neomutt shows of Ada's newest mail, in one of its parts."""
    program = shutil.which("neomutt")
    needs(bool(program) and bool(shutil.which("w3m")), "neomutt and w3m")
    (tmp_path / "mailcap").write_text(
        "text/html; w3m -dump -cols 200 -I %{charset} -O utf-8 -T text/html %s; copiousoutput\n"
    )

    def show(kind: str) -> str:
        settings, out = tmp_path / "neomuttrc", tmp_path / "shown"
        out.unlink(missing_ok=True)
        settings.write_text(SETTINGS.format(user=ADA, password=PASSWORD, folder=tmp_path, kind=kind))
        keys = f'push "<last-entry><pipe-message>cat > {out}<enter><quit>"'
        mailbox = f"imap://127.0.0.1:{mailboxes.imap}/INBOX"
        run_in_a_terminal([str(program), "-n", "-F", str(settings), "-e", keys, "-f", mailbox], tmp_path)
        return out.read_text()

    return show


def run_in_a_terminal(command: list[str], home: Path) -> None:
    """Run a program in a terminal of 200 columns, and wait until it ends."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    screen: list[bytes] = []

    def look() -> None:
        with suppress(OSError):  # the other end is closed
            while data := os.read(ours, 65_536):
                screen.append(data)

    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environ, start_new_session=True)
    os.close(its)
    looking = Thread(target=look, daemon=True)
    looking.start()
    try:
        process.wait(30)
        assert process.returncode == 0
    except (AssertionError, subprocess.TimeoutExpired):
        print(b"".join(screen).decode(errors="replace"))
        raise
    finally:
        process.kill()
        looking.join(5)
        os.close(ours)


def test_a_mail_program_shows_all_that_the_letter_says(
    letter: Folder, postfix: Servers, mailboxes: Servers, shown: Shown, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKAHEAD_SMTP", f"smtp://127.0.0.1:{postfix.smtp}?tls=none")
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", SIGNER.key)
    letter.replace("letter.yaml", "mail: {", "mail: {subscribers: ../private/readers.db, late: 9999 weeks, ")
    with open_readers(letter.root, os.environ) as readers:
        readers.add(ADA, ReaderState.ACTIVE, "hand")
        (ada,) = readers.active()
    assert run("send", "6", "--yes", "--offline", "--root", letter.root).status == 0
    mailboxes.wait_for(ADA, 0)
    made = edition(letter)

    text = shown("text/plain")
    head, _, body = text.partition("\n\n")
    assert "From: Zoë Fenwick <zoe@letter.example>" in head
    assert "Subject: Everything at once" in head
    assert f"To: {ADA}" in head
    assert body.strip("\n") == made.text.replace(WAY_OUT, ada.way_out.mailto).strip("\n")

    page = shown("text/html").partition("\n\n")[2]
    assert page.strip().startswith(SUMMARY)
    wanted = LexborHTMLParser(made.html).body
    assert wanted
    assert words(visible_text(wanted.html or "")) <= words(page)
