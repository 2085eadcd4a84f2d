"""The keys of `mail:`, in letter.yaml and in an issue; a secret is an error that does not repeat it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import LETTER, Folder, issue_text

from weekahead.mail.tickets import Signer, bounce_address
from weekahead.model.config import Config, MailConfig
from weekahead.model.findings import Finding
from weekahead.source.loader import load_letter
from weekahead.source.parsers import config_file

FROM = "from: Ida <ida@x.example>"


def read(keys: str) -> tuple[Config | None, list[Finding]]:
    findings: list[Finding] = []
    return config_file("letter.yaml", (LETTER + keys).encode(), findings), findings


def mail(keys: str) -> MailConfig:
    config, findings = read(f"mail: {{{FROM}, {keys}}}\n")
    assert not findings
    assert config
    assert config.mail
    return config.mail


def rules(keys: str) -> list[str]:
    return [finding.rule for finding in read(keys)[1]]


def test_the_defaults() -> None:
    found = mail("reply_to: b@x.example")
    assert (found.via, found.per_minute, found.late, found.subject) == ("smtp", 60, timedelta(days=2), "{title}")
    assert read("")[0].mail is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "name", "address"),
    [
        ("nora@x.example", "", "nora@x.example"),
        ("Nora Fenwick <nora@x.example>", "Nora Fenwick", "nora@x.example"),
        ("'\"Fenwick, Nora\" <nora@x.example>'", "Fenwick, Nora", "nora@x.example"),
        ("<nora@x.example>", "", "nora@x.example"),
        ("Nora <nora@exämple.example>", "Nora", "nora@xn--exmple-cua.example"),
    ],
)
def test_who_a_letter_comes_from(words: str, name: str, address: str) -> None:
    config, findings = read(f"mail:\n  from: {words}\n")
    assert not findings
    assert config
    assert config.mail
    assert (config.mail.sender_name, config.mail.sender_address) == (name, address)


@pytest.mark.parametrize(
    "words",
    [
        "Nora",
        "Nora nora@x.example",
        "a@x.example, b@x.example",
        "Nora <a@b> <c@d>",
        "a@b@c",
        "nöra@x.example",
        "a..b@x.example",
        "a@x..example",
        "Nora <.a@x.example>",
    ],
)
def test_who_a_letter_cannot_come_from(words: str) -> None:
    assert rules(f"mail:\n  from: {words}\n") == ["value"]


@pytest.mark.parametrize("words", ["http://x.example/u/", "https://x.example/u?l=1", "https://x.example/u#a"])
def test_where_one_click_cannot_go(words: str) -> None:
    assert rules(f"mail: {{{FROM}, unsubscribe: '{words}'}}\n") == ["value"]


@pytest.mark.parametrize(("words", "hours"), [("2 days", 48), ("1 day", 24), ("36 hours", 36), ("1week", 168)])
def test_how_late_is_late(words: str, hours: int) -> None:
    assert mail(f"late: {words}").late == timedelta(hours=hours)


@pytest.mark.parametrize("words", ["2", "0 days", "2 months", "-1 day", "two days"])
def test_what_is_no_time(words: str) -> None:
    assert rules(f"mail: {{{FROM}, late: {words}}}\n") == ["value"]


@pytest.mark.parametrize(
    "keys",
    [
        f"mail: {{{FROM}, password: hunter2}}",
        f"mail: {{{FROM}, smtp: smtp://ida:hunter2@x.example}}",
        f"mail: {{{FROM}, via: smtp://ida:hunter2@x.example}}",
        f"mail: {{{FROM}, unsubscribe: 'https://ida:hunter2@x.example/'}}",
        f"mail: {{{FROM}, url: 'https://hunter2@x.example/', via: listmonk, list: 3}}",
        f"mail: {{{FROM}, api_key: hunter2}}",
        f"mail: {{{FROM}, WEEKAHEAD_API_KEY: hunter2}}",
        "WEEKAHEAD_SMTP: smtp://ida:hunter2@x.example",
        "smtp: smtp://ida:hunter2@x.example",
        "api-key: hunter2",
    ],
)
def test_a_secret_is_an_error_that_does_not_repeat_it(keys: str) -> None:
    findings = read(keys + "\n")[1]
    assert [finding.rule for finding in findings] == ["mail-secret"]
    assert findings[0].where.line
    assert not any("hunter2" in str(finding) for finding in findings)


def test_what_only_looks_like_a_secret() -> None:
    assert mail("footer: 'See https://x.example/@ida, or write to ida@x.example', subject: '{letter}: {title}'")
    assert rules("tokens: 3\n") == ["unknown-key"]
    assert mail("url: 'https://x.example/@ida/'").url == "https://x.example/@ida/"


@pytest.mark.parametrize("via", ["listmonk", "mailman"])
def test_an_engine_needs_its_address_and_its_list(via: str) -> None:
    config, findings = read(f"mail: {{{FROM}, via: {via}, list: five}}\n")
    assert config is None
    assert [(finding.rule, finding.message) for finding in findings] == [("mail", f"mail via {via} needs url")]
    assert mail(f"via: {via}, list: five, url: 'https://x.example/'").list == "five"


@pytest.mark.parametrize("words", ["{titel}", "{title", "title}", "{}"])
def test_unknown_braces_in_a_subject(words: str) -> None:
    assert rules(f"mail: {{{FROM}, subject: '{words}'}}\n") == ["value"]


@pytest.mark.parametrize(("length", "is_taken"), [(26, True), (27, False)])
def test_a_bounce_address_is_no_longer_than_servers_take(length: int, is_taken: bool) -> None:
    local = "i" * length
    found = rules(f"mail: {{from: Ida <{local}@x.example>, bounce_addresses: true}}\n")
    assert found == ([] if is_taken else ["mail"])
    assert len(bounce_address(Signer("key", "letter"), f"{local}@x.example", "a" * 10).partition("@")[0]) - 64 == (
        0 if is_taken else 1
    )
    assert rules(f"mail: {{from: Ida <{local}@x.example>}}\n") == []


def test_one_click_needs_https() -> None:
    assert rules(f"mail: {{{FROM}, unsubscribe: 'http://x.example/u/'}}\n") == ["value"]


def test_an_issue_has_a_subject_of_its_own_or_is_not_mailed(folder: Folder) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", mail="{subject: 'A {b}', send: false}"))
    letter = load_letter(folder.root).require_letter()
    assert (letter.by_number[5].mail.subject, letter.by_number[5].mail.send) == ("A {b}", False)
    assert (letter.by_number[4].mail.subject, letter.by_number[4].mail.send) == (None, True)


def test_settings_of_mail_change_no_page(folder: Folder) -> None:
    folder.build()
    folder.write("letter.yaml", LETTER + f"mail: {{{FROM}}}\n")
    assert folder.build().changes.written == ()
