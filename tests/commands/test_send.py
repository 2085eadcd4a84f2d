"""`weekahead send`: what it refuses, what a scheduled job sends, and what it says."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.conftest import LETTER, NOON, SCHEDULE, Folder, Said, five_issues, issue_text
from tests.mail.readers import KEY, Readers
from tests.mail.smtp_server import SmtpServer

from weekahead.runtime.code_version import open_store
from weekahead.serve.pages import Place, dashboard_page
from weekahead.serve.server import Preview

Run = Callable[..., Said]
MAIL = "mail: {from: Ida <ida@letter.example>, subscribers: ../readers.db, per_minute: 100000, late: 2 weeks}\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        monkeypatch.setenv("WEEKAHEAD_SMTP", server.url)
        monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)
        yield server


@pytest.fixture
def letter(tmp_path: Path, server: SmtpServer) -> Folder:
    """A letter with three readers, whose fifth issue came out five days ago."""
    folder = five_issues(tmp_path / "letter")
    folder.write("letter.yaml", LETTER + MAIL)
    subscribers = Readers(tmp_path / "readers.db")
    for name in ("ann", "bob", "cleo"):
        subscribers.add(name, f"{name}@x.example")
    subscribers.close()
    return folder


@pytest.fixture
def send(run: Run, letter: Folder) -> Callable[..., Said]:
    return lambda *arguments: run("send", *arguments, "--root", letter.root)


Send = Callable[..., Said]


def rule(said: Said) -> list[str]:
    """The rules of the findings, each in the brackets at the end of its line."""
    assert said.status == 1
    assert re.search("nothing was sent|who has it: weekahead send 5 --status", said.err)
    return [line.rpartition("[")[2].rstrip("]") for line in said.err.split("\n") if line.endswith("]")]


def test_an_issue_goes_to_every_reader_and_only_once(send: Send, server: SmtpServer) -> None:
    said = send(5, "--yes", "--offline")
    assert (said.status, said.out) == (0, "Week 5: 3 letters: 3 accepted.\n")
    assert server.texts == {"ann@x.example": 1, "bob@x.example": 1, "cleo@x.example": 1}
    said = send(5, "--yes", "--offline")
    assert (said.status, said.out) == (0, "Week 5 has been sent: 3 accepted.\n")
    assert len(server.delivered) == 3


def test_without_yes_nothing_is_sent(send: Send, server: SmtpServer, letter: Folder) -> None:
    said = send(5, "--offline")
    assert said.status == 0
    assert "  To       3 readers\n" in said.out
    assert "To send it: weekahead send 5 --yes" in said.out
    assert server.commands == []
    assert not (letter.root / ".weekahead/sent").exists()


def test_a_copy_for_a_test_leaves_the_books_alone(send: Send, server: SmtpServer) -> None:
    assert send(5, "--to", "me@y.example").status == 0
    ((address, text),) = server.delivered
    assert address == "me@y.example"
    assert b"Subject: [test] Fifth letter\r\n" in text
    assert send(5, "--status").out == "Week 5: not sent yet (.weekahead/sent)\n"


def test_the_status_as_json(send: Send) -> None:
    counts = {"intended": 0, "accepted": 0, "refused": 0, "in_doubt": 0, "left": 0, "waiting": 0}
    assert send(5, "--status", "--format", "json").json == {
        "issue": 5, "state": "unsent", "counts": counts, "letters": []
    }  # fmt: skip
    send(5, "--yes", "--offline")
    letters = [{"to": f"{name}@x.example", "state": "accepted"} for name in ("ann", "bob", "cleo")]
    assert send(5, "--status", "--format", "json").json == {
        "issue": 5, "state": "finished", "counts": counts | {"intended": 3, "accepted": 3}, "letters": letters,
    }  # fmt: skip


# -- what is refused


def test_an_issue_that_is_not_out(send: Send, letter: Folder) -> None:
    letter.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth"))
    assert rule(send(6, "--yes", "--offline")) == ["mail-not-published"]
    letter.write("issues/0006-sixth.md", issue_text(6, "2022-02-08", "Sixth", status="review"))
    assert "mail-not-published" in rule(send(6, "--yes", "--offline"))


def test_an_issue_that_is_too_old(send: Send, server: SmtpServer) -> None:
    assert rule(send(3, "--yes", "--offline")) == ["mail-late"]
    assert send(3, "--yes", "--offline", "--go-on").status == 0
    assert len(server.delivered) == 3


def test_an_issue_that_is_not_to_be_mailed(send: Send, letter: Folder) -> None:
    letter.replace("issues/0005-fifth.md", "status: ready\n", "status: ready\nmail: {send: false}\n")
    said = send(5, "--yes", "--offline")
    assert rule(said) == ["mail-off"]
    assert said.err.startswith("issues/0005-fifth.md:")


def test_a_letter_with_errors(send: Send, letter: Folder) -> None:
    letter.write("issues/0004-again.md", issue_text(4, "2022-01-28", "Again"))
    assert "number-taken" in rule(send(5, "--yes", "--offline"))


def test_an_empty_list(send: Send, letter: Folder) -> None:
    (letter.root.parent / "readers.db").unlink()
    assert rule(send(5, "--yes", "--offline")) == ["mail-no-readers"]


def test_settings_that_lack_something(send: Send, letter: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEEKAHEAD_SMTP")
    assert rule(send(5, "--yes", "--offline")) == ["mail-host"]
    letter.replace("letter.yaml", "subscribers: ../readers.db, ", "")
    monkeypatch.setenv("WEEKAHEAD_SMTP", "smtp://localhost?tls=none")
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)
    assert rule(send(5, "--yes", "--offline")) == ["mail-readers"]
    letter.replace("letter.yaml", "per_minute", "via: buttondown, per_minute")
    said = send(5, "--yes", "--offline")
    assert "WEEKAHEAD_API_KEY is not set" in said.err


def test_a_page_that_is_not_on_the_web(send: Send, letter: Folder) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    asked: list[str] = []
    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
    letter.replace("letter.yaml", "https://letter.example/", f"http://127.0.0.1:{web.server_address[1]}/")
    status = 404
    said = send(5, "--yes")
    assert rule(said) == ["mail-not-deployed"]
    assert "answers 404" in said.err
    status = 200
    assert send(5, "--yes").status == 0
    assert asked == ["/issues/5-fifth/", "/issues/5-fifth/"]
    web.shutdown()
    web.server_close()
    letter.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Fourth"))
    assert rule(send(4, "--yes")) == ["mail-not-deployed"]


def test_wrong_usage_sends_nothing(send: Send, server: SmtpServer) -> None:
    assert send().status == 2
    assert send(5, "--due").status == 2
    for options in (
        ["--to", ""],
        ["--to", "nobody"],
        ["--to", "Me <me@y.example>"],
        ["--resend", ""],
        ["--to", "a@x.example", "--status"],
    ):
        assert send(5, "--yes", "--offline", *options).status == 2, options
    for options in (["--to", "a@x.example"], ["--status"], ["--resend", "a@x.example"]):
        assert send("--due", "--offline", *options).status == 2, options
    assert server.commands == []
    assert rule(send(99, "--yes")) == ["no-such-issue"]


def test_a_transport_that_fails_leaves_the_rest_waiting(send: Send, server: SmtpServer, letter: Folder) -> None:
    subscribers = Readers(letter.root.parent / "readers.db")
    subscribers.leave("bob")
    subscribers.leave("cleo")
    subscribers.add("zoe", "zoe@x.example")
    subscribers.close()
    server.size = 10
    said = send(5, "--yes", "--offline")
    assert rule(said) == ["mail-host"]
    assert "who has it: weekahead send 5 --status" in said.err
    assert "2 waiting" in said.out
    server.size = 0
    assert send(5, "--yes", "--offline").out == "Week 5: 2 letters: 2 accepted.\n"


def test_one_in_doubt_is_sent_again_by_name(send: Send, letter: Folder, server: SmtpServer) -> None:
    subscribers = Readers(letter.root.parent / "readers.db")
    subscribers.add("zoe", "lost@x.example")
    subscribers.close()
    assert rule(send(5, "--resend", "lost@x.example", "--yes")) == ["mail-resend"]
    said = send(5, "--yes", "--offline")
    assert (said.status, said.out) == (1, "Week 5: 4 letters: 3 accepted, 1 in doubt.\n")
    assert "in doubt lost@x.example: Connection" in send(5, "--status").out
    assert send(5, "--yes").out == "Week 5 has been sent: 3 accepted, 1 in doubt.\n"
    server.tries.clear()
    assert rule(send(5, "--resend", "ann@x.example", "--yes")) == ["mail-resend"]
    assert rule(send(5, "--resend", "nobody@x.example", "--yes")) == ["mail-resend"]
    assert send(5, "--resend", "LOST@x.example", "--yes").status == 1
    assert server.texts == {"ann@x.example": 1, "bob@x.example": 1, "cleo@x.example": 1, "lost@x.example": 2}


def test_who_left_later_is_still_named(send: Send, letter: Folder) -> None:
    send(5, "--yes", "--offline")
    subscribers = Readers(letter.root.parent / "readers.db")
    subscribers.leave("bob")
    subscribers.close()
    assert '"to": "bob@x.example"' in send(5, "--status", "--format", "json").out


# -- the scheduled job


def test_the_job_sends_what_is_due_once(send: Send, server: SmtpServer) -> None:
    assert send("--due", "--offline").out == "Week 5: 3 letters: 3 accepted.\n"
    assert send("--due", "--offline").out == "Week 5 has been sent: 3 accepted.\n"
    assert len(server.delivered) == 3


def test_the_job_sends_one_issue_and_names_the_others(send: Send, server: SmtpServer) -> None:
    said = send("--due", "--offline")
    assert "Week 4 waits for you: weekahead send 4 --yes" in said.err
    assert len(server.delivered) == 3
    assert send("--due", "--offline").status == 0
    assert len(server.delivered) == 3


def test_the_job_sends_nothing_that_is_late(send: Send, letter: Folder, server: SmtpServer) -> None:
    letter.replace("letter.yaml", "late: 2 weeks", "late: 2 days")
    assert send("--due", "--offline").out == "No issue is due.\n"
    assert server.commands == []


def test_the_job_skips_what_is_not_to_be_mailed(send: Send, letter: Folder, server: SmtpServer) -> None:
    letter.replace("issues/0005-fifth.md", "status: ready\n", "status: ready\nmail: {send: false}\n")
    assert send("--due", "--offline").out == "Week 4: 3 letters: 3 accepted.\n"


def test_a_letter_without_mail_has_nothing_to_send(run: Run, folder: Folder) -> None:
    said = run("send", "--due", "--root", folder.root)
    assert (said.status, said.out) == (0, "letter.yaml has no `mail:` setting: nothing is sent.\n")


def restore(letter: Folder) -> None:
    shutil.rmtree(letter.root)
    shutil.copytree(letter.root.parent / "backup", letter.root)


def test_a_restored_backup_sends_nothing_by_itself(send: Send, letter: Folder, server: SmtpServer) -> None:
    send(4, "--yes", "--offline")
    shutil.copytree(letter.root, letter.root.parent / "backup")
    assert send("--due", "--offline").status == 0
    assert len(server.delivered) == 6
    restore(letter)
    for arguments in (["--due"], [5, "--yes"]):
        said = send(*arguments, "--offline")
        assert rule(said) == ["mail-in-doubt"]
        assert "weekahead send 5 --yes --go-on" in said.err
    assert len(server.delivered) == 6
    assert send(5, "--yes", "--offline", "--go-on").status == 0
    assert send("--due", "--offline").status == 0
    assert len(server.delivered) == 9


def test_a_backup_from_the_middle_of_a_sending_is_not_gone_on_with(
    send: Send, letter: Folder, server: SmtpServer
) -> None:
    subscribers = Readers(letter.root.parent / "readers.db")
    for number in range(5):  # these are put off, and wait
        subscribers.add(f"a{number}", f"laterdata-{number}@x.example")
    subscribers.close()

    def stop_after_the_last() -> None:
        if len(server.tries) == 8:
            server.event = lambda: None
            os.kill(os.getpid(), signal.SIGINT)

    server.event = stop_after_the_last
    assert send(5, "--yes", "--offline").status == 130
    shutil.copytree(letter.root, letter.root.parent / "backup")
    assert send(5, "--yes", "--offline").status == 0
    assert max(server.texts.values()) == 1
    restore(letter)
    assert rule(send(5, "--yes", "--offline")) == ["mail-in-doubt"]
    assert max(server.texts.values()) == 1


def test_a_special_edition_by_its_slug(send: Send, letter: Folder, server: SmtpServer) -> None:
    text = issue_text(6, "2022-02-08", "Special", slug="a-special").replace("number: 6\n", "")
    letter.write("issues/special.md", text)
    assert send("a-special", "--yes", "--offline").out == '"Special": 3 letters: 3 accepted.\n'
    assert send("a-special", "--status", "--format", "json").json["issue"] == "a-special"


def test_a_special_edition_is_not_taken_for_a_number(send: Send, letter: Folder, server: SmtpServer) -> None:
    text = issue_text(6, "2022-02-08", "Special", slug="'7'").replace("number: 6\n", "")
    letter.write("issues/special.md", text)
    assert send(7, "--yes", "--offline").status == 0
    letter.write("schedule.yaml", SCHEDULE.replace("number: 7", "number: 70"))
    letter.write("issues/0007-seventh.md", issue_text(7, "2022-02-07", "Seventh"))
    letter.write("issues/special.md", text.replace("slug: '7'", "slug: seven"))
    assert send(7, "--status").out.startswith("Week 7: not sent yet")


def test_a_special_edition_whose_slug_is_a_number_is_mailed_as_itself(
    send: Send, letter: Folder, server: SmtpServer
) -> None:
    text = issue_text(6, "2022-02-08", "Special", slug="'5'").replace("number: 6\n", "")
    letter.write("issues/special.md", text)
    assert send("+5", "--yes", "--offline").out == '"Special": 3 letters: 3 accepted.\n'
    assert send(5, "--yes", "--offline").out == "Week 5: 3 letters: 3 accepted.\n"
    messages = [message_from_bytes(text) for _, text in server.delivered]
    assert [str(message["Subject"]) for message in messages].count("Special") == 3
    assert len({message["Message-ID"] for message in messages}) == 6, "one of each issue for each reader"


def test_the_plan_says_what_was_mailed(send: Send, run: Run, letter: Folder, server: SmtpServer) -> None:
    assert "mailed" not in run("plan", "--simulate", 1, "--root", letter.root).out
    subscribers = Readers(letter.root.parent / "readers.db")
    subscribers.add("zoe", "lost@x.example")
    subscribers.close()
    send(5, "--yes", "--offline")
    said = run("plan", "--simulate", 1, "--root", letter.root)
    line = "Week 5, mailed: 4 letters: 3 accepted, 1 in doubt"
    assert said.out.startswith(f"{line}\n")
    with open_store(letter.root) as store, closing(Preview(letter.root, 8000, NOON, store)) as preview:
        desk = preview.state.dashboard()
        assert desk
        assert desk.sent == (line,)
        place = Place(
            letter="The Test Letter", site="/", token="token", root=letter.root, errors=(), is_dated=True, version=1
        )
        page = dashboard_page(desk, place)
        assert f'<p class="sent">{line}</p>' in page


def test_other_commands_import_nothing_of_mail(letter: Folder) -> None:
    code = """
import sys
from weekahead.commands.main import main
for command in ("build", "check", "plan", "build"):
    try:
        main([command, "--root", sys.argv[1]])
    except SystemExit:
        pass
names = ("smtplib", "imaplib", "css_inline", "email_validator", "flufl", "ssl")
print([name for name in sys.modules if name.startswith(names)])
"""
    done = subprocess.run([sys.executable, "-c", code, letter.root], capture_output=True, text=True)
    assert done.stdout.endswith("[]\n"), (done.stdout[-500:], done.stderr[-2000:])
