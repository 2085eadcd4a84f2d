"""Engines: whatever answer is lost, wherever a run is cut off, a list gets an issue once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.request import OpenerDirector

import pytest
from msgspec.structs import replace
from tests.mail.engines import KEY, ButtondownServer, Engine, ListmonkServer, MailmanServer
from tests.mail.test_sending import World, job, status

from weekahead.mail.books import books_folder
from weekahead.mail.buttondown import Buttondown
from weekahead.mail.claiming import AlreadySent, Stopped, begin
from weekahead.mail.listmonk import Listmonk
from weekahead.mail.mailman import Mailman
from weekahead.mail.sending import LIST, send_to_list
from weekahead.mail.transport import ListTransport, Mailing, TransportError

NAME = "weekahead/4b1c6a52/87"
MAILING = Mailing(
    subject="A {{b}}",
    html='<p>{{ .Name }} {% now %} {# c #} {x}</p><a href="WAYOUT">Leave</a>',
    text="{{ .Name }} WAYOUT",
    message=b"Subject: A\r\n\r\nWords\r\n",
    way_out="WAYOUT",
)


@pytest.fixture
def listmonk() -> Iterator[ListmonkServer]:
    with ListmonkServer() as server:
        assert isinstance(server, ListmonkServer)
        yield server


@pytest.fixture
def buttondown() -> Iterator[ButtondownServer]:
    with ButtondownServer() as server:
        assert isinstance(server, ButtondownServer)
        yield server


@pytest.fixture
def mailman() -> Iterator[MailmanServer]:
    with MailmanServer() as server:
        assert isinstance(server, MailmanServer)
        yield server


@pytest.fixture(params=["listmonk", "buttondown"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine that can be asked what became of an issue."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Engine)
    return found


def transport(engine: Engine) -> ListTransport:
    if isinstance(engine, ListmonkServer):
        return Listmonk(f"{engine.url}/", "Five Fridays", KEY, "Ida <ida@x.example>")
    if isinstance(engine, ButtondownServer):
        return Buttondown(KEY, engine.url)
    return Mailman(f"{engine.url}/3.1", "five@lists.example", KEY)


def send(root: Path, world: World, engine: Engine, **more: object) -> None:
    can_ask = not isinstance(engine, MailmanServer)
    sending = begin(root, world, job((LIST,), can_ask=can_ask, **more))
    try:
        send_to_list(sending, transport(engine), NAME, MAILING)
    finally:
        sending.end()


CALLS = {
    "listmonk": ("POST /api/campaigns", "PUT /api/campaigns/10/status"),
    "buttondown": ("POST /emails", "PATCH /emails/em_0"),
}


def calls(engine: Engine) -> tuple[str, str]:
    """The calls that make a draft and start it."""
    return CALLS["listmonk" if isinstance(engine, ListmonkServer) else "buttondown"]


def test_a_list_gets_an_issue_once(tmp_path: Path, engine: Engine) -> None:
    world = World()
    send(tmp_path, world, engine)
    assert engine.sent == [NAME]
    assert dict(status(tmp_path, world).letters) == {LIST: "accepted"}
    with pytest.raises(AlreadySent):
        send(tmp_path, world, engine)


def test_a_lost_answer_to_the_draft_is_settled_by_its_name(tmp_path: Path, engine: Engine) -> None:
    world = World()
    engine.lose.append(calls(engine)[0])
    with pytest.raises(TransportError):
        send(tmp_path, world, engine)
    assert engine.sent == []
    send(tmp_path, world, engine)
    assert engine.sent == [NAME]
    assert len(engine.items) == 1


def test_a_lost_answer_to_the_start_is_settled_by_asking(tmp_path: Path, engine: Engine) -> None:
    world = World()
    engine.lose.append(calls(engine)[1])
    send(tmp_path, world, engine)
    assert (status(tmp_path, world).counts.in_doubt, status(tmp_path, world).state) == (1, "claimed")
    send(tmp_path, world, engine)
    assert engine.sent == [NAME]
    assert (status(tmp_path, world).counts.accepted, status(tmp_path, world).state) == (1, "finished")


def test_a_start_that_was_not_carried_out_is_made_again(tmp_path: Path, engine: Engine) -> None:
    world = World()
    engine.fail[calls(engine)[1]] = 503
    send(tmp_path, world, engine)
    assert status(tmp_path, world).counts.in_doubt == 1
    engine.fail.clear()
    send(tmp_path, world, engine)
    assert engine.sent == [NAME]


def test_a_start_that_is_refused_is_waiting(tmp_path: Path, engine: Engine) -> None:
    world = World()
    engine.fail[calls(engine)[1]] = 400
    with pytest.raises(TransportError, match="did not start it: 400 not now"):
        send(tmp_path, world, engine)
    assert status(tmp_path, world).counts.waiting == 1


def test_a_lost_journal_is_no_doubt_for_an_engine_that_can_be_asked(tmp_path: Path, engine: Engine) -> None:
    world = World()
    engine.lose.append(calls(engine)[1])
    for machine in ("one", "two"):
        (tmp_path / machine).mkdir()
    send(tmp_path / "one", world, engine)
    with pytest.raises(Stopped, match="whose journal is not on this machine"):  # it may still be running
        send(tmp_path / "two", world, engine)
    world.claims["87"] = replace(world.claims["87"], opened=world.claims["87"].opened - 4000)
    send(tmp_path / "two", world, engine)
    assert engine.sent == [NAME]
    assert world.claims["87"].state == "finished"


def test_a_run_that_was_taken_over_starts_nothing(tmp_path: Path, engine: Engine) -> None:
    world = World()
    for machine in ("one", "two"):
        (tmp_path / machine).mkdir()
    slow = begin(tmp_path / "one", world, job((LIST,), can_ask=True))
    send(tmp_path / "two", world, engine, go_on=True)
    with ButtondownServer() as another, pytest.raises(Stopped, match="another run has taken 87 over"):
        send_to_list(slow, transport(another), NAME, MAILING)
    assert engine.sent == [NAME]


def test_a_wrong_key_stops_before_anything(tmp_path: Path, engine: Engine) -> None:
    engine.authorization = "another"
    with pytest.raises(TransportError, match="403") as stopped:
        send(tmp_path, World(), engine)
    assert "WEEKAHEAD_API_KEY" in stopped.value.hint
    assert KEY not in str(stopped.value)
    assert engine.items == {}


def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    with ListmonkServer() as engine:
        pass
    with pytest.raises(TransportError, match="refused"):
        send(tmp_path, World(), engine)


@pytest.mark.parametrize(
    "answer", [b"null", b"[]", b"{}", b'{"data": {"results": [{}]}, "results": [{"id": 1}]}', b"<html>"]
)
def test_an_answer_of_something_else_stops_before_anything(engine: Engine, answer: bytes) -> None:
    with patch("weekahead.mail.rest.LARGEST", len(answer)), patch.object(OpenerDirector, "open") as opened:
        opened.return_value.__enter__.return_value.read.return_value = answer
        with pytest.raises(TransportError, match=r"does not fit its API|is not JSON") as stopped:
            transport(engine).status(transport(engine).find(NAME) or "1")
        assert "url" in stopped.value.hint


@pytest.mark.parametrize("url", ["http://lists.example", "http://lists..example"])
def test_a_key_is_not_sent_unencrypted(url: str) -> None:
    with pytest.raises(TransportError, match=r"unencrypted|cannot be the host"):
        Listmonk(url, "Five Fridays", KEY, "Ida <ida@x.example>")


def test_a_key_is_not_repeated(listmonk: ListmonkServer) -> None:
    for key in ("name:hunter2\nx", "name:hunter2é中"):
        with pytest.raises(TransportError) as stopped:
            Listmonk(listmonk.url, "Five Fridays", key, "Ida <ida@x.example>").find(NAME)
        assert "hunter2" not in str(stopped.value)


def test_what_listmonk_gets(tmp_path: Path, listmonk: ListmonkServer) -> None:
    send(tmp_path, World(), listmonk)
    (campaign,) = listmonk.items.values()
    assert campaign["lists"] == [3]
    assert campaign["template_id"] == 2
    assert listmonk.templates[-1]["body"] == '{{ template "content" . }}'
    assert campaign["body"].count("{{") == 1
    assert '<a href="{{ UnsubscribeURL }}">' in campaign["body"]
    assert "&#123;&#123; .Name }} &#123;% now %} &#123;# c #} {x}" in campaign["body"]
    assert campaign["altbody"] == '{{ "{{" }} .Name }} {{ UnsubscribeURL }}'
    assert campaign["subject"] == 'A {{ "{{" }}b}}'


def test_a_list_that_listmonk_does_not_have(tmp_path: Path, listmonk: ListmonkServer) -> None:
    with pytest.raises(TransportError, match='has no list "Five"') as stopped:
        Listmonk(listmonk.url, "Five", KEY, "a@x.example").create_draft(NAME, MAILING)
    assert stopped.value.hint == "It has: Five Fridays."
    assert Listmonk(listmonk.url, "3", KEY, "a@x.example").create_draft(NAME, MAILING) == "10"


def test_what_buttondown_gets(tmp_path: Path, buttondown: ButtondownServer) -> None:
    for number in range(5):  # our own is on the third page
        buttondown.items[f"old{number}"] = {"id": f"old{number}", "status": "sent", "metadata": None}
    draft = Buttondown(KEY, buttondown.url).create_draft(NAME, MAILING)
    assert Buttondown(KEY, buttondown.url).create_draft(NAME, MAILING) == draft
    assert Buttondown(KEY, buttondown.url).find(NAME) == draft
    assert Buttondown(KEY, buttondown.url).find("another") is None
    assert '<a href="{{ unsubscribe_url }}">' in buttondown.items[draft]["body"]
    assert buttondown.items[draft]["body"].count("{{") == 1


def test_mailman_gets_the_whole_message_once(tmp_path: Path, mailman: MailmanServer) -> None:
    world = World()
    send(tmp_path, world, mailman)
    assert mailman.sent == [MAILING.message.decode()]
    assert status(tmp_path, world).state == "finished"


def test_what_mailman_may_have_stays_in_doubt(tmp_path: Path, mailman: MailmanServer) -> None:
    world = World()
    mailman.lose.append("POST /3.1/queues/in")
    send(tmp_path, world, mailman)
    assert status(tmp_path, world).counts.in_doubt == 1
    with pytest.raises(AlreadySent):
        send(tmp_path, world, mailman)
    assert len(mailman.sent) == 1


def test_mailman_without_a_journal_is_in_doubt(tmp_path: Path, mailman: MailmanServer) -> None:
    world = World()
    mailman.fail["POST /3.1/queues/in"] = 400
    with pytest.raises(TransportError):
        send(tmp_path, world, mailman)
    mailman.fail.clear()
    (books_folder(tmp_path) / "87.journal").unlink()
    with pytest.raises(Stopped, match="journal is not on this machine"):
        send(tmp_path, world, mailman)
    assert mailman.sent == []
