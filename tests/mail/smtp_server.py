"""A mail server that does what the address of a reader says: "later2-7@x" is put off twice, "lost-7@x" gets no answer.

It remembers every text that arrived whole, whatever it answered: that is the truth about who has a letter.
"""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Container
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO


class Gone(Exception):
    """The server hangs up."""


class SmtpServer:
    """Listens on the loopback interface. What an address begins with says what happens to its letter."""

    def __init__(
        self,
        *,
        tls: str = "none",
        certificate: Path | None = None,
        login: str = "",
        size: int = 0,
        greeting: str = "",
        senders: Container[str] | None = None,
    ) -> None:
        self.tls, self.certificate, self.login, self.size = tls, certificate, login, size
        self.senders = senders
        """From whom letters are taken; None from everybody."""
        self.greeting = greeting or "220 test ESMTP"
        self.delivered: list[tuple[str, bytes]] = []
        self.commands: list[str] = []
        self.connections = 0
        self.tries: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.event: Callable[[], None] = lambda: None
        """Called at each step of a transaction: whoever sends may be killed there."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> SmtpServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        user = f"{self.login}@" if self.login else ""
        return f"smtp://{user}localhost:{self.port}?tls={self.tls}&timeout=10"

    @property
    def texts(self) -> Counter[str]:
        """How many whole texts arrived for each address."""
        with self.lock:
            return Counter(address for address, _ in self.delivered)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, Gone, ValueError), Session(self, connection) as session:
            session.run()


class Session:
    """One connection."""

    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self.server, self.socket = server, connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_encrypted = False
        if server.tls == "implicit":
            self._encrypt()
        self.file: BinaryIO = self.socket.makefile("rb")
        self.address = ""
        self.asked = ("", False)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.server.certificate
        context.load_cert_chain(self.server.certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.is_encrypted = True

    def say(self, line: str) -> None:
        self.socket.sendall(line.encode() + b"\r\n")

    def run(self) -> None:
        self.say(self.server.greeting)
        while line := self.file.readline():
            words = line.decode("utf-8").strip()
            self.server.commands.append(words)
            self._answer(words)

    def _answer(self, words: str) -> None:
        match words.partition(" ")[0].upper():
            case "EHLO":
                offers = ["test", "SMTPUTF8"] + [f"SIZE {self.server.size}"] * bool(self.server.size)
                offers += ["STARTTLS"] * (self.server.tls == "starttls" and not self.is_encrypted)
                offers += ["AUTH PLAIN LOGIN"] * bool(self.server.login)
                for offer in offers[:-1]:
                    self.say(f"250-{offer}")
                self.say(f"250 {offers[-1]}")
            case "STARTTLS":
                self.say("220 go")
                self._encrypt()
                self.file = self.socket.makefile("rb")
            case "AUTH":
                self._log_in(words)
            case "MAIL":
                sender = re.findall("<(.*)>", words)[0]
                is_known = self.server.senders is None or sender in self.server.senders
                self.say("250 ok" if is_known else "553 5.7.1 not your address")
            case "RCPT":
                self.address = re.findall("<(.*)>", words)[0]
                self._at_rcpt()
            case "DATA":
                self._at_data()
            case "RSET":
                self.say("250 ok")
            case "QUIT":
                self.say("221 bye")
                raise Gone
            case _:
                self.say("500 what?")

    def _log_in(self, words: str) -> None:
        parts = words.split()
        if parts[1] == "PLAIN":
            given = base64.b64decode(parts[2]).decode().split("\0")[1:]
            is_right = ":".join(given) == self.server.login
            self.say("235 welcome" if is_right else "535 5.7.8 bad credentials")
        else:
            self.say("504 no")

    def _count(self) -> tuple[str, bool]:
        """What the address asks for, and whether this try is still one of those that it is about."""
        kind, times = re.match("([a-z]*)([0-9]*)", self.address).groups()  # type: ignore[union-attr]
        with self.server.lock:
            self.server.tries[self.address] += 1
            number = self.server.tries[self.address]
        return kind, number <= int(times or "1")

    def _at_rcpt(self) -> None:
        self.server.event()
        self.asked = kind, is_meant = self._count()
        if kind == "refuse":
            self.say("550 5.1.1 no such user")
        elif kind == "later" and is_meant:
            self.say("451 4.7.1 greylisted")
        elif kind == "busy" and is_meant:
            self.say("421 4.7.0 too fast")
            raise Gone
        elif kind == "gone" and is_meant:
            raise Gone
        elif kind == "garbage" and is_meant:
            self.socket.sendall(b"\xff" * 20_000 + b"\r\n")
        else:
            self.say("250 ok")

    def _line_of_text(self) -> bytes:
        line = self.file.readline()
        if not line:
            raise Gone
        return line

    def _at_data(self) -> None:
        kind, is_meant = self.asked
        self.server.event()
        if kind == "nodata" and is_meant:
            raise Gone
        if kind == "laterdata" and is_meant:
            self.say("452 4.2.2 full")
            return
        self.say("354 go")
        self.server.event()
        if kind == "cut" and is_meant:
            self.file.readline()
            raise Gone
        text = b"".join(iter(self._line_of_text, b".\r\n"))
        if kind == "tooslow":
            time.sleep(2)
        verdicts = {"bad": "554 5.7.1 spam", "laterend": "451 4.3.0 try again", "busyend": "421 4.3.2 closing"}
        if kind in verdicts and (kind == "bad" or is_meant):
            self.say(verdicts[kind])
            return
        with self.server.lock:
            self.server.delivered.append((self.address, text))
        self.server.event()
        if kind == "slow":
            time.sleep(0.05)
        if kind == "lost":
            raise Gone
        if kind == "nonsense":
            self.say("399 maybe")
            return
        self.say("250 2.0.0 taken")
        self.server.event()
