"""The list of readers: who gets the letter, who has gone for good, and lists from elsewhere."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import EXAMPLES, Folder

from weekahead.mail.subscriber_csv import NoList, read_list, write_list
from weekahead.mail.subscribers import GONE, ReaderState, ReadersUnusable, Subscribers, import_readers
from weekahead.mail.tickets import Signer, way_out

SIGNER = Signer("a key of the tests, long enough", "urn:uuid:1")
ACTIVE, PENDING, LEFT, BOUNCED = ReaderState.ACTIVE, ReaderState.PENDING, ReaderState.LEFT, ReaderState.BOUNCED


def opened(path: Path) -> Subscribers:
    return Subscribers(path, SIGNER, partial(way_out, SIGNER, "nora@letter.example", "https://letter.example/u/"))


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Subscribers]:
    with opened(tmp_path / "readers.db") as found:
        yield found


def states(readers: Subscribers) -> dict[str, str]:
    return {reader.address: str(reader.state) for reader in readers.readers()}


def test_only_active_readers_get_the_letter(readers: Subscribers) -> None:
    for state in ReaderState:
        readers.add(f"{state}@reader.example", state, "hand")
    assert [found.address for found in readers.active()] == ["active@reader.example"]
    (ada,) = readers.active()
    assert readers.may_receive(ada.id)
    readers.set_state(ada.id, LEFT)
    assert not readers.may_receive(ada.id)
    assert not readers.may_receive("nobody")


def test_an_id_tells_nothing_and_stays(readers: Subscribers) -> None:
    readers.add("ada@reader.example", ACTIVE, "hand")
    (ada,) = readers.active()
    assert "ada" not in ada.id
    readers.add("ADA@reader.example", ACTIVE, "import")
    assert readers.active() == [ada]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "readers.db"
    opened(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    opened(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "words"])
def test_a_file_that_is_no_list_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "readers.db"
    elsewhere = tmp_path / "elsewhere"
    if kind == "link":
        path.symlink_to(elsewhere)
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_text("no database, and long enough to be looked at" * 50)
    with pytest.raises(ReadersUnusable):
        opened(path)
    assert not elsewhere.exists()


# -- failures


def test_two_refusals_end_it_and_a_new_beginning_forgives_them(readers: Subscribers) -> None:
    readers.add("ada@reader.example", ACTIVE, "hand")
    (ada,) = readers.active()
    readers.refused(ada.id, 550, "no such user")
    assert readers.may_receive(ada.id)
    readers.refused(ada.id, 550, "no such user")
    assert states(readers) == {"ada@reader.example": BOUNCED}
    readers.set_state(ada.id, ACTIVE)
    readers.refused(ada.id, 550, "no such user")
    assert readers.may_receive(ada.id)


def test_five_passing_failures_within_a_month_end_it(readers: Subscribers) -> None:
    readers.add("ada@reader.example", ACTIVE, "hand")
    (ada,) = readers.active()
    for number in range(5):
        assert readers.may_receive(ada.id), number
        readers.failed(ada.id, "mailbox full", hard=False)
    assert not readers.may_receive(ada.id)


def test_a_failure_never_brings_back_who_left(readers: Subscribers) -> None:
    readers.add("ada@reader.example", LEFT, "hand")
    ada = readers.by_address("ada@reader.example")
    assert ada is not None
    for _ in range(3):
        readers.refused(ada.id, 550, "")
    assert states(readers) == {"ada@reader.example": LEFT}


# -- tickets


def test_a_ticket_is_read_for_its_purpose_letter_and_key_alone() -> None:
    ticket = SIGNER.ticket("leave", "abcdefghij")
    assert SIGNER.read("leave", ticket) == SIGNER.read("leave", ticket.upper()) == "abcdefghij"
    assert SIGNER.read("join", ticket) is None
    assert Signer(SIGNER.key, "urn:uuid:2").read("leave", ticket) is None
    assert Signer("another key of the tests, as long", SIGNER.letter).read("leave", ticket) is None
    for place in range(len(ticket)):
        changed = ticket[:place] + ("b" if ticket[place] != "b" else "c") + ticket[place + 1 :]
        assert SIGNER.read("leave", changed) is None
    assert {SIGNER.read("leave", words) for words in ("", "a", ticket[:-1], ticket + "a", "é" * 30)} == {None}


def test_a_way_out_has_no_address_of_the_reader(readers: Subscribers) -> None:
    readers.add("ada@reader.example", ACTIVE, "hand")
    (ada,) = readers.active()
    ticket = SIGNER.ticket("leave", ada.id)
    assert ada.way_out.mailto == f"mailto:nora+leave-{ticket}@letter.example"
    assert ada.way_out.https == f"https://letter.example/u/{ticket}"


# -- lists from elsewhere

LISTS = {
    "plain": ("email\nada@r.example\n", {"ada@r.example": ACTIVE}),
    "without headings": ("ada@r.example\nwin@r.example\n", {"ada@r.example": ACTIVE, "win@r.example": ACTIVE}),
    "with a BOM, CRLF and quotes": ('\ufeff"Email","Name"\r\n"ada@r.example","A, B"\r\n', {"ada@r.example": ACTIVE}),
    "with semicolons": ("Name;E-Mail\nAda;ada@r.example\n", {"ada@r.example": ACTIVE}),
    "Substack": (
        "Email,Subscription type,Created at,Email disabled\nada@r.example,free,2022-01-01,FALSE\nwin@r.example,free,2022-01-01,TRUE\n",
        {"ada@r.example": ACTIVE, "win@r.example": LEFT},
    ),
    "Ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n"
        "1,ada@r.example,Ada,,true,false,,2022-01-01T00:00:00Z,,,\n"
        "2,win@r.example,Win,,false,false,,2022-01-01T00:00:00Z,,,\n"
        "3,gus@r.example,Gus,,true,false,,2022-01-01T00:00:00Z,2022-02-01T00:00:00Z,,\n",
        {"ada@r.example": ACTIVE, "win@r.example": LEFT, "gus@r.example": LEFT},
    ),
    "Buttondown": (
        "email,notes,metadata,tags,subscriber_type,creation_date\nada@r.example,,{},[],regular,2022-01-01\n"
        "win@r.example,,{},[],unactivated,2022-01-01\ngus@r.example,,{},[],unsubscribed,2022-01-01\n",
        {"ada@r.example": ACTIVE, "win@r.example": PENDING, "gus@r.example": LEFT},
    ),
    "listmonk": (
        'uuid,email,name,attributes,status\nu,ada@r.example,Ada,"{""a"": 1}",enabled\nu,win@r.example,Win,{},blocklisted\n',
        {"ada@r.example": ACTIVE, "win@r.example": LEFT},
    ),
}


@pytest.mark.parametrize(("text", "wanted"), LISTS.values(), ids=list(LISTS))
def test_lists_of_other_programs_are_read(text: str, wanted: dict[str, ReaderState]) -> None:
    rows, bad = read_list(text.encode())
    assert ({row.address: row.state for row in rows}, bad) == (wanted, [])


@pytest.mark.parametrize(
    ("columns", "values", "wanted"),
    [
        ("OPTIN_TIME,UNSUB_TIME,UNSUB_REASON", "2022-01-01,2022-02-01,NORMAL", LEFT),  # Mailchimp
        ("OPTIN_TIME,CLEAN_TIME", "2022-01-01,2022-02-01", LEFT),
        ("state", "cancelled", LEFT),  # Kit
        ("state", "CA", ACTIVE),
        ("status", "inactive", LEFT),  # beehiiv
        ("Status", "Marked as spam", ReaderState.COMPLAINED),  # Sendy
        ("Status", "Unconfirmed", PENDING),
        ("subscriber_type,unsubscription_date", "regular,2022-02-01", LEFT),
        ("unsubscribed", "true", LEFT),
        ("unsubscribed", "false", ACTIVE),
        ("Unsubscribed at", "0000-00-00 00:00:00", ACTIVE),
        ("subscribed", "0", LEFT),
        ("Subscribed", "2022-01-01", ACTIVE),  # MailerLite
        ("active_subscription", "false", ACTIVE),  # Substack: does not pay
        ("status,email_disabled", "active,yes", LEFT),
        ("Email blacklisted", "yes", LEFT),
        ("bounced_at", "2022-02-01", BOUNCED),
        ("confirmed", "no", PENDING),
    ],
)
def test_whoever_wanted_no_more_letters_elsewhere_gets_none(columns: str, values: str, wanted: ReaderState) -> None:
    rows, bad = read_list(f"email,{columns}\nada@r.example,{values}\n".encode())
    assert ([(row.state, row.unknown) for row in rows], bad) == ([(wanted, "")], [])


def test_a_status_that_is_not_known_is_pending_and_told() -> None:
    (row,) = read_list(b"email,status\nada@r.example,Lapsed\n")[0]
    assert (row.state, row.unknown) == (PENDING, "lapsed")


@pytest.mark.parametrize("text", ["Adresse;Nom\nada@r.example;Ada\n", "sep=;\nName;Email\nAda;ada@r.example\n"])
def test_headings_of_other_languages_and_of_excel(text: str) -> None:
    rows, bad = read_list(text.encode())
    assert ([row.address for row in rows], bad) == (["ada@r.example"], [])


def test_of_two_lines_about_one_reader_the_worse_counts() -> None:
    rows, _ = read_list(b"email,status\nada@r.example,active\nADA@r.example,unsubscribed\nada@r.example,active\n")
    assert [row.state for row in rows] == [LEFT]


def test_a_bad_line_is_named_by_where_it_begins() -> None:
    _, bad = read_list(b'email,note\nada@r.example,"a\nb\nc"\nnobody,"d\ne"\n@x,\n')
    assert [row.line for row in bad] == [5, 7]


def test_whoever_left_elsewhere_since_leaves_unless_they_joined_here(readers: Subscribers) -> None:
    import_readers(readers, [("ada@r.example", ACTIVE), ("win@r.example", ACTIVE)], confirmed=True)
    readers.add("gus@r.example", ACTIVE, "mail")
    report = import_readers(readers, [("ada@r.example", LEFT), ("gus@r.example", LEFT)], confirmed=True)
    assert (report.left, report.known) == (1, 1)
    assert states(readers) == {"ada@r.example": LEFT, "win@r.example": ACTIVE, "gus@r.example": ACTIVE}


def test_a_line_without_an_address_is_named_and_the_others_come(readers: Subscribers) -> None:
    rows, bad = read_list(b"email\nada@r.example\nnot an address\n\nADA@r.example\n@x\na@b@c.example\nwin@r.example\n")
    assert [row.address for row in rows] == ["ada@r.example", "win@r.example"]
    assert [(row.line, row.words) for row in bad] == [(3, "not an address"), (6, "@x"), (7, "a@b@c.example")]


@pytest.mark.parametrize("data", [b"", b"name\nada\n", b"\xff\xfe", b"\x00\x01\x02"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(NoList):
        read_list(data)


def test_an_import_confirms_nobody_unless_it_is_said(readers: Subscribers) -> None:
    rows = [("ada@r.example", ACTIVE), ("win@r.example", LEFT)]
    report = import_readers(readers, rows, confirmed=False)
    assert (report.added, report.pending) == (2, 1)
    assert states(readers) == {"ada@r.example": PENDING, "win@r.example": LEFT}
    assert import_readers(readers, rows, confirmed=True).confirmed == 1
    assert states(readers) == {"ada@r.example": ACTIVE, "win@r.example": LEFT}


def test_whoever_is_forgotten_stays_out_and_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "readers.db"
    with opened(path) as readers:
        readers.add("ada.lovelace@r.example", ACTIVE, "hand")
        assert readers.forget("Ada.Lovelace@r.example")
        assert import_readers(readers, [("ada.lovelace@R.example", ACTIVE)], confirmed=True).forgotten == 1
        assert states(readers) == {}
    assert b"lovelace" not in path.read_bytes().lower()
    with opened(path) as readers:
        readers.add("ada.lovelace@r.example", ACTIVE, "hand")  # who asks anew is taken
        assert states(readers) == {"ada.lovelace@r.example": ACTIVE}


NAMES = st.sampled_from([f"{name}@r.example" for name in "abc"])
EDITS = st.lists(st.tuples(st.sampled_from(["import", "confirm", "leave", "bounce", "forget"]), NAMES), max_size=12)


@settings(max_examples=EXAMPLES // 5)
@given(EDITS)
def test_no_import_brings_back_who_has_gone(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str]]
) -> None:
    with opened(tmp_path_factory.mktemp("list") / "readers.db") as readers:
        gone: set[str] = set()
        for edit, address in edits:
            known = readers.by_address(address)
            if edit in ("import", "confirm"):
                import_readers(readers, [(address, ACTIVE)], confirmed=edit == "confirm")
            elif edit == "forget":
                readers.forget(address)
                gone.add(address)
            elif known:
                readers.set_state(known.id, LEFT if edit == "leave" else BOUNCED)
                gone.add(address)
            assert not gone & {found.address for found in readers.active()}
            rows, bad = read_list(write_list(readers.readers()).encode())
            assert ({row.address: row.state for row in rows}, bad) == (
                {reader.address: reader.state for reader in readers.readers()},
                [],
            )
    assert len(GONE) == 3


# -- the command


@pytest.fixture
def letter(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", SIGNER.key)
    text = (folder.root / "letter.yaml").read_text()
    folder.write("letter.yaml", text + "mail: {from: nora@letter.example, subscribers: ../private/readers.db}\n")
    return folder


def test_a_list_comes_in_and_goes_out(letter: Folder, run: Any) -> None:
    at = ("--root", letter.root)
    letter.write("list.csv", "email\nada@r.example\nwin@r.example\nnobody\n")
    said = run("subscribers", "import", letter.root / "list.csv", *at)
    assert (said.status, "2 readers added, 2 of them pending." in said.out) == (0, True)
    assert "list.csv:4: nobody" in said.err
    assert (
        "2 pending before, active now."
        in run("subscribers", "import", letter.root / "list.csv", "--confirmed", *at).out
    )
    assert run("subscribers", "remove", "WIN@r.example", *at).out == "win@r.example: gets no more letters\n"
    said = run("subscribers", "list", *at)
    assert [line.split("  ")[:2] for line in said.out.splitlines()] == [
        ["ada@r.example", "active"],
        ["win@r.example", "left"],
    ]
    assert run("subscribers", "export", letter.root / "out.csv", *at).status == 0
    assert (letter.root / "out.csv").stat().st_mode & 0o777 == 0o600
    assert run("subscribers", "forget", "ada@r.example", *at).status == 0
    assert run("subscribers", "list", "--state", "active", *at).out == ""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("add", "no address"), 2, "is no e-mail address"),
        (("remove", "gus@r.example"), 2, "not among the readers"),
        (("import", "letter.yaml"), 2, "is no list of readers"),
        (("list", "--state=gone"), 2, "is not one of"),
    ],
)
def test_what_makes_no_sense_is_refused(
    letter: Folder, run: Any, arguments: tuple[str, str], status: int, words: str
) -> None:
    verb, what = arguments
    said = run("subscribers", verb, letter.root / what if verb == "import" else what, "--root", letter.root)
    assert (said.status, words in said.err) == (status, True)


def test_a_list_that_git_would_track_is_refused(letter: Folder, run: Any) -> None:
    letter.replace("letter.yaml", "../private/readers.db", "private/readers.db")
    subprocess.run(["git", "init", "-q", letter.root], check=True)
    said = run("subscribers", "list", "--root", letter.root)
    assert (said.status, "git tracks" in said.err) == (1, True)
    assert not (letter.root / "private").exists()
    assert "git tracks: private/readers.db [mail-readers]" in run("check", "--root", letter.root).err
    letter.write(".gitignore", "/private/\n")
    assert run("subscribers", "list", "--root", letter.root).status == 0
    assert run("subscribers", "export", letter.root / "out.csv", "--root", letter.root).status == 2
    assert run("subscribers", "export", letter.root / "private/out.csv", "--root", letter.root).status == 0


def test_without_a_key_there_is_no_list(letter: Folder, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("", "short"):
        monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", key)
        said = run("subscribers", "list", "--root", letter.root)
        assert (said.status, "WEEKAHEAD_TOKEN_KEY" in said.err) == (1, True)
