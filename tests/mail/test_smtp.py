"""Handing letters to a mail server: what it answers, and when, decides whether a letter is in doubt."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace
from tests.mail.smtp_server import SmtpServer

from weekahead.mail.smtp import Server, Smtp, parse_server
from weekahead.mail.transport import Accepted, InDoubt, Outcome, Refused, TransportError, TryLater

MESSAGE = b"Subject: Hello\r\n\r\nWords.\r\n.a dot\r\n"


class Reader(Struct):
    id: str
    address: str


class Sender:
    """Hands over letters, and counts how often the journal was told."""

    def __init__(self, server: SmtpServer) -> None:
        self.smtp = Smtp(parse_server(server.url), "ida@letter.example")
        self.told: list[str] = []

    def to(self, address: str, message: bytes = MESSAGE) -> Outcome:
        return self.smtp.hand_over(Reader("id", address), message, lambda: self.told.append(address))


def test_letters_go_one_by_one_over_one_connection() -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        assert [sender.to(f"ok-{n}@x.example") for n in range(3)] == [Accepted(250, "2.0.0 taken")] * 3
        sender.smtp.close()
        assert sender.told == [f"ok-{n}@x.example" for n in range(3)]
        assert server.connections == 1
        assert server.delivered[0][1] == b"Subject: Hello\r\n\r\nWords.\r\n..a dot\r\n"
        assert [line.lower() for line in server.commands if line.startswith("mail")] == [
            "mail from:<ida@letter.example>"
        ] * 3


def test_a_letter_may_come_back_to_an_address_of_its_readers_own() -> None:
    with SmtpServer() as server:
        smtp = Smtp(parse_server(server.url), "ida@letter.example", lambda id: f"ida+bounce-{id}@letter.example")
        for reader in (Reader("ab", "ok-1@x.example"), Reader("cd", "ok-2@x.example")):
            assert smtp.hand_over(reader, MESSAGE, lambda: None) == Accepted(250, "2.0.0 taken")
        smtp.close()
        senders = re.findall(r"(?im)^mail from:<([^>]*)>", "\n".join(server.commands))
        assert senders == ["ida+bounce-ab@letter.example", "ida+bounce-cd@letter.example"]
        assert server.texts == {"ok-1@x.example": 1, "ok-2@x.example": 1}


def test_a_host_that_takes_no_letter_from_such_an_address_stops_it_all() -> None:
    with SmtpServer(senders={"ida@letter.example"}) as server:
        plain = Smtp(parse_server(server.url), "ida@letter.example")
        assert plain.hand_over(Reader("ab", "ok-1@x.example"), MESSAGE, lambda: None) == Accepted(250, "2.0.0 taken")
        smtp = Smtp(parse_server(server.url), "ida@letter.example", lambda id: f"ida+bounce-{id}@letter.example")
        with pytest.raises(TransportError, match=r"takes no letter from ida\+bounce-ab@letter\.example: 553") as raised:
            smtp.hand_over(Reader("ab", "ok-2@x.example"), MESSAGE, lambda: None)
        assert "remove bounce_addresses" in raised.value.hint
        assert server.texts == {"ok-1@x.example": 1}


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_a_line_that_begins_with_a_dot_does_not_end_the_letter(end: bytes) -> None:
    with SmtpServer() as server:
        Sender(server).to("ok@x.example", end.join([b".", b".", b"..", b"a.", b".b", b"", b".", b""]))
        assert server.delivered[0][1] == b"..\r\n..\r\n...\r\na.\r\n..b\r\n\r\n..\r\n"


@pytest.mark.parametrize("message", [b"a\nb\rc\r\nd", b"a\r\nb\r\nc\r\nd\r\n"])
def test_lines_end_in_crlf(message: bytes) -> None:
    with SmtpServer() as server:
        Sender(server).to("ok@x.example", message)
        assert server.delivered[0][1] == b"a\r\nb\r\nc\r\nd\r\n"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("refuse", Refused(550, "5.1.1 no such user", is_address=True)),
        ("later", TryLater(451, "4.7.1 greylisted")),
        ("laterdata", TryLater(452, "4.2.2 full")),
        ("busy", TryLater(421, "4.7.0 too fast", host=True)),
        ("gone", TryLater(0, "Connection unexpectedly closed", host=True)),
        ("nodata", TryLater(0, "Connection unexpectedly closed", host=True)),
    ],
)
def test_before_the_text_nothing_is_in_doubt(kind: str, outcome: Outcome) -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        assert sender.to(f"{kind}@x.example") == outcome
        assert sender.told == []
        assert sender.to("ok@x.example") == Accepted(250, "2.0.0 taken")
        assert server.texts == {"ok@x.example": 1}


@pytest.mark.parametrize("kind", ["lost", "cut", "nonsense"])
def test_after_the_server_is_ready_whatever_is_no_answer_leaves_a_doubt(kind: str) -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        assert isinstance(sender.to(f"{kind}@x.example"), InDoubt)
        assert sender.told == [f"{kind}@x.example"]
        assert sender.to("ok@x.example") == Accepted(250, "2.0.0 taken")


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("bad", Refused(554, "5.7.1 spam")),
        ("laterend", TryLater(451, "4.3.0 try again")),
        ("busyend", TryLater(421, "4.3.2 closing", host=True)),
    ],
)
def test_a_refusal_of_the_text_is_no_doubt(kind: str, outcome: Outcome) -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        assert sender.to(f"{kind}@x.example") == outcome
        assert sender.to("ok@x.example") == Accepted(250, "2.0.0 taken")
        assert server.texts == {"ok@x.example": 1}


def test_nonsense_before_the_text_is_tried_later() -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        outcome = sender.to("garbage@x.example")
        assert isinstance(outcome, TryLater)
        assert outcome.host
        assert sender.to("garbage@x.example") == Accepted(250, "2.0.0 taken")


def test_a_text_without_an_answer_in_time_is_in_doubt() -> None:
    with SmtpServer() as server:
        sender = Smtp(replace(parse_server(server.url), last_answer=0.2), "ida@letter.example")
        assert sender.hand_over(Reader("id", "tooslow@x.example"), MESSAGE, lambda: None) == InDoubt(
            "no answer in time"
        )


def test_no_text_leaves_before_the_journal_is_written() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with SmtpServer() as server:
        smtp = Smtp(parse_server(server.url), "ida@letter.example")
        with pytest.raises(OSError, match="No space"):
            smtp.hand_over(Reader("id", "ok@x.example"), MESSAGE, full)
        assert smtp.hand_over(Reader("id", "ok2@x.example"), MESSAGE, lambda: None) == Accepted(250, "2.0.0 taken")
        assert server.texts == {"ok2@x.example": 1}


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_the_connection_is_encrypted_and_logged_in(
    tls: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(tls=tls, certificate=certificate, login="ida:pa:ss") as server:
        with pytest.raises(TransportError, match=r"certificate of localhost.* cannot be trusted") as stopped:
            Sender(server).to("ok@x.example")
        assert "SSL_CERT_FILE" in stopped.value.hint
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        sender = Sender(server)
        assert sender.to("ok@x.example") == Accepted(250, "2.0.0 taken")
        sender.smtp.close()
        assert any(line.startswith("AUTH PLAIN") for line in server.commands)


def test_a_wrong_password_stops_and_is_not_repeated() -> None:
    with SmtpServer(login="ida:right") as server:
        smtp = Smtp(
            Server(host="localhost", port=server.port, tls="none", user="ida", password="hunter2"), "a@x.example"
        )
        with pytest.raises(TransportError, match="does not accept this user") as stopped:
            smtp.hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)
        assert "hunter2" not in f"{stopped.value} {stopped.value.hint}"


def test_a_password_beyond_ascii() -> None:
    with SmtpServer(login="jörg:pässword") as server:
        assert isinstance(Sender(server).to("ok@x.example"), Accepted)
        smtp = Smtp(parse_server(server.url.replace("pässword", "wröng")), "ida@letter.example")
        with pytest.raises(TransportError, match="does not accept this user"):
            smtp.hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)


@pytest.mark.parametrize("said", ["hunter2", "AGlkYQBodW50ZXIy", "aHVudGVyMg=="])
def test_a_server_that_repeats_the_password_is_not_quoted(said: str) -> None:
    with SmtpServer(greeting=f"554 no {said}") as server:
        smtp = Smtp(parse_server(server.url.replace("localhost", "ida:hunter2@localhost")), "ida@letter.example")
        with pytest.raises(TransportError, match="554 no …"):
            smtp.hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)


def test_a_server_that_says_nothing_at_first_stops_everything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=starttls&timeout=0.05"
        with pytest.raises(TransportError, match="could not reach") as stopped:
            Smtp(parse_server(url), "a@x.example").hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)
        assert "tls=implicit" in stopped.value.hint


@pytest.mark.parametrize(
    ("greeting", "words"), [("554 go away", "refuses the connection: 554"), ("220 test ESMTP", "does not offer")]
)
def test_a_server_that_cannot_work_stops_everything(greeting: str, words: str) -> None:
    with SmtpServer(greeting=greeting) as server:
        smtp = Smtp(parse_server(server.url.replace("tls=none", "tls=starttls")), "a@x.example")
        with pytest.raises(TransportError, match=words):
            smtp.hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)


def test_a_server_that_is_not_there_stops_everything() -> None:
    with SmtpServer() as server:
        url = server.url
    with pytest.raises(TransportError, match="could not reach localhost"):
        Smtp(parse_server(url), "a@x.example").hand_over(Reader("id", "ok@x.example"), MESSAGE, lambda: None)


def test_a_server_that_went_away_may_come_back() -> None:
    with SmtpServer() as server:
        sender = Sender(server)
        sender.to("busy2-1@x.example")
    outcome = sender.to("busy2-1@x.example")
    assert isinstance(outcome, TryLater)
    assert outcome.host


def test_a_letter_that_is_too_large_stops_before_anything_is_sent() -> None:
    with SmtpServer(size=20) as server, pytest.raises(TransportError, match="takes letters of 20 bytes, and this one"):
        Sender(server).to("ok@x.example")
    with SmtpServer(size=2000) as server:
        assert Sender(server).to("ok@x.example") == Accepted(250, "2.0.0 taken")


def test_an_address_beyond_ascii() -> None:
    with SmtpServer() as server:
        assert isinstance(Sender(server).to("ok-jürgen@x.example"), Accepted)
        assert server.texts == {"ok-jürgen@x.example": 1}
        assert isinstance(Sender(server).to("ok@x.example\r\nDATA"), Refused)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p@x.example", Server(host="x.example", port=587, tls="starttls", user="u", password="p")),
        ("smtp://x.example:465", Server(host="x.example", port=465, tls="implicit")),
        ("smtp://x.example?tls=none", Server(host="x.example", port=25, tls="none")),
        ("smtp://u%40x:p%2Fq@x.example:25?tls=starttls", Server(host="x.example", port=25, tls="starttls", user="u@x", password="p/q")),
        ("smtp://[::1]:2525?tls=none", Server(host="::1", port=2525, tls="none")),
        ("smtp://u:p@127.0.0.1:25?tls=none", Server(host="127.0.0.1", port=25, tls="none", user="u", password="p")),
    ],
)  # fmt: skip
def test_a_server_from_the_environment(url: str, server: Server) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x.example:587",
        "https://u:hunter2@x.example",
        "smtp://u:hunter2#@x.example",
        "smtp://u:hunter2@x.example?tls=ssl",
        "smtp://u:hunter2@x.example?TLS=none",
        "smtp://u:hunter2@x.example:port",
        "smtp://u:hunter2/x@x.example",
        "smtp://u:hunter2@x.example?tls=none",
        "smtp://u:hunter2@x..example",
        "smtp://u:hunter2@" + 64 * "x",
        "smtp://u:hunter2%00@x.example",
        "smtp://u:hunter2@x.example?timeout=inf",
        "smtp://u:hunter2@x.example?timeout=1e9",
        "smtp://u:hunter2@x.example?timeout=0",
        "smtp://u:hunter2@x.example?timeout=soon",
    ],
)
def test_what_is_no_server_is_said_without_the_password(url: str) -> None:
    with pytest.raises(TransportError) as stopped:
        parse_server(url)
    assert "hunter2" not in f"{stopped.value} {stopped.value.hint}"
    assert stopped.value.hint
