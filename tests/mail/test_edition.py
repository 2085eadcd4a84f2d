"""The e-mail edition: it says what the page says, in HTML that mail programs show and in a text part that says everything."""

from __future__ import annotations

import re
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.conftest import NOON, Folder, issue_text, needs, sound, visible_text
from tests.site.test_site import NODE, REPOSITORY

from weekahead.build.edition import NOBODY, SampleReader, SampleWayOut, edition_in, make_edition, published_issue
from weekahead.build.site_plan import site_of
from weekahead.build.snapshot import take_snapshot
from weekahead.mail.edition import WAY_OUT, Edition, edition_page, html_with_rules
from weekahead.mail.message import Envelope, Reader, message_id, message_maker
from weekahead.mail.rules import inlined_size
from weekahead.mail.views import SAMPLE_WAY_OUT, as_gmail
from weekahead.markdown.emoji import emoji_for
from weekahead.model.findings import BuildError
from weekahead.runtime.code_version import open_store
from weekahead.site.html_text import sanitize_for_mail
from weekahead.source.loader import load_letter

MAIL = 'mail: {from: "Zoë Fenwick <zoe@letter.example>", footer: "You asked for this [letter](https://letter.example/about-it/)."}\n'
TEXT = """\
An *opening* with a [link](https://one.example/a?b=1&c=2), a bare https://two.example/path, `code` and a note.[^1]

## First part

- one
- two, with [another link](https://three.example/)
    - nested
1. first
2. second

- [x] done
- [ ] still to do

> Quoted words. \u2014 Somebody

| Name | Stars |
|------|------:|
| Tide | 154,162 |
| Moor | 47 |

```python
def tide(level):
    return level * 2
```

/// note | Method
How it was counted.
///

> [!WARNING]
> Mind the gap.

/// post | Winnie
date: 2022-01-02
address: https://posts.example/1
A post of a few words.
///

/// video | A demonstration
address: https://videos.example/watch
by: Ada
length: 3:12
///

/// references
Knuth, D. (1984). Literate programming. https://papers.example/some-very-long-address/that-goes-on-and-on/and-is-never-broken-at-its-hyphens/0123456789.pdf
///

![A pier at low tide](https://pictures.example/pier.png "The pier in June")

<details><summary>More</summary>

Hidden at first.

</details>

<audio controls src="https://sounds.example/a.mp3"></audio>

Term
:   What it means.

## Second part

Press <kbd>Enter</kbd>, x<sup>2</sup>, see [the issue before](0005-fifth.md) and [the first part](#first-part). :tada:

[^1]: The note itself, with [its link](https://four.example/).
"""
SUMMARY = "What this issue is about, in a sentence."


@pytest.fixture
def letter(folder: Folder) -> Folder:
    """A letter whose sixth issue has everything."""
    folder.write("letter.yaml", (folder.root / "letter.yaml").read_text() + MAIL)
    folder.write("issues/0006-sixth/audio.wav", sound(4))
    folder.write(
        "issues/0006-sixth/index.md",
        issue_text(
            6, "2022-02-04", "Everything at once", TEXT.replace("0005-fifth.md", "../0005-fifth.md"),
            summary=SUMMARY, audio="{file: audio.wav}", research_note="'A *note* on research.'",
            series="{name: Basics, part: 2, of: 8}",
        ),
    )  # fmt: skip
    folder.replace("schedule.yaml", "  - {number: 6, title: Reading a loss curve, state: review}\n", "")
    folder.replace("schedule.yaml", "anchor: {number: 1, date: 2022-01-07}", "anchor: {number: 6, date: 2022-02-04}")
    return folder


def edition(folder: Folder, key: str = "6") -> Edition:
    return make_edition(folder.root, key, NOON)[1]


def test_a_number_names_the_issue_of_that_number_and_no_slug(letter: Folder) -> None:
    special = issue_text(9, "2022-02-05", "Special", slug="'6'").replace("number: 9\n", "")
    letter.write("issues/special.md", special)
    assert edition(letter, "6").title == "Everything at once"
    assert edition(letter, "+6").title == "Special"
    assert edition(letter, "sixth").title == "Everything at once"
    letter.write("issues/special.md", special.replace("'6'", "'60'"))
    assert edition(letter, "60").title == "Special"


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text))


def links(html: str, base: str = "") -> set[str]:
    found = (node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a"))
    return {urljoin(base, address) for address in found if not address.startswith("#")}


def article(letter: Folder) -> str:
    letter.build()
    tree = LexborHTMLParser((letter.root / "site/issues/6-sixth/index.html").read_text())
    for node in tree.css("a.footnote-backref, audio, figcaption.none"):
        node.decompose()
    return "".join(node.html or "" for node in tree.css(".prose, aside.note, .standfirst, h1"))


def test_every_word_and_link_of_the_article_is_in_both_parts(letter: Folder) -> None:
    page, made = article(letter), edition(letter)
    assert words(visible_text(page)) <= words(visible_text(made.html))
    assert words(visible_text(page)) <= words(made.text)
    wanted = {address for address in links(page, made.page) if not address.startswith(made.page + "#")}
    assert len(wanted) > 7
    assert wanted <= links(made.html)
    assert {address for address in wanted if address not in made.text} == set()


def test_the_edition_is_html_that_mail_programs_show(letter: Folder) -> None:
    html = edition(letter).html
    tree = LexborHTMLParser(html)
    assert tree.css("script, style, link, form, input, iframe, audio, video, svg, math, object, details, section") == []
    assert tree.css("[class*=task], [onclick], [hidden], [style*=display]") == []
    assert {node.attributes.get("style") is not None for node in tree.css("h1, h2, p:not(:empty), li, pre")} == {True}
    for node in tree.css("*"):
        style = node.attributes.get("style") or ""
        if "background-color" in style and node.tag not in ("body", "td", "table"):
            assert re.search(r"(^|;)\s*color:", style), node.html
    assert len(html.encode()) < 30_000
    assert "☑" in html
    assert f"{emoji_for('tada')}" in html


def test_the_summary_comes_first_and_the_ways_out_stand_at_both_ends(letter: Folder) -> None:
    made = edition(letter)
    shown = " ".join(visible_text(LexborHTMLParser(made.html).body.html or "").split())  # type: ignore[union-attr]
    assert shown.startswith(SUMMARY)
    assert made.text.startswith(SUMMARY)
    assert (made.html.count(WAY_OUT), made.text.count(WAY_OUT)) == (2, 2)
    assert made.html.count(f'href="{made.page}"') == 2
    assert made.text.count(f": {made.page}\n") == 2


def test_audio_series_and_the_footer_are_links(letter: Folder) -> None:
    made = edition(letter)
    for address in ("issues/6-sixth/audio.wav", "series/basics/", "about-it/"):
        assert f"https://letter.example/{address}" in made.html
        assert f"https://letter.example/{address}" in made.text
    assert "Part 2 of 8" in made.text
    assert "Week 7, Feb 11: Small models" in made.text


def test_links_within_the_issue_stay_within_the_mail(letter: Folder) -> None:
    tree = LexborHTMLParser(edition(letter).html)
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    inner = {address[1:] for node in tree.css("a") if (address := node.attributes.get("href") or "").startswith("#")}
    assert inner
    assert inner <= ids


def test_lines_of_the_text_are_short_and_addresses_whole(letter: Folder) -> None:
    text = edition(letter).text
    long = [line for line in text.splitlines() if len(line) > 72]
    assert [line for line in long if "://" not in line] == []
    assert all(len(line.split()) <= 2 for line in long), long
    assert "    def tide(level):\n        return level * 2\n" in text
    assert "- ☑ done\n- ☐ still to do\n" in text.replace("☑  ", "☑ ").replace("☐  ", "☐ ")
    assert "Name  Stars\nTide  154,162\nMoor  47\n" in text
    assert "> Quoted words. — Somebody\n" in text


def test_a_table_too_wide_for_the_text_names_its_cells(folder: Folder) -> None:
    cell = "a row of words that goes on for a while"
    table = f"| Place | First | Second |\n|-|-|-|\n| Pier | {cell} | {cell} |"
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", table))
    assert f"Place: Pier\nFirst: {cell}\nSecond: {cell}\n" in edition(folder, "5").text


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("{title}", "Everything at once"),
        ("{letter} {number}: {title}", "The Test Letter 6: Everything at once"),
    ],
)
def test_the_subject_is_the_letters(letter: Folder, template: str, subject: str) -> None:
    letter.replace("letter.yaml", "mail: {", f'mail: {{subject: "{template}", ')
    assert edition(letter).subject == subject


def test_an_issue_may_have_a_subject_of_its_own(letter: Folder) -> None:
    letter.replace("issues/0006-sixth/index.md", "status: ready\n", 'status: ready\nmail: {subject: "Read {this}"}\n')
    assert edition(letter).subject == "Read {this}"


def test_a_letter_from_right_to_left_says_so(letter: Folder) -> None:
    letter.replace("letter.yaml", "title:", "language: fa\ntitle:")
    tree = LexborHTMLParser(edition(letter).html)
    assert tree.css_first("html").attributes["dir"] == "rtl"  # type: ignore[union-attr]
    assert tree.css('td[align="right"]')
    assert tree.css('pre[dir="ltr"]')
    assert {
        node.attributes["style"] for node in tree.css("th") if "right" not in str(node.attributes["style"])
    } == set()


def test_an_author_overrides_the_template_like_any_other(letter: Folder) -> None:
    letter.write(
        "templates/email.html", '{% extends "weekahead/email.html" %}\n{% block coming %}<p>Mine</p>{% endblock %}\n'
    )
    html = edition(letter).html
    assert ">Mine</p>" in html
    assert "Small models" not in html
    letter.write("templates/email.html", "{{ issue.titel }}\n")
    with pytest.raises(BuildError) as raised:
        edition(letter)
    assert (raised.value.findings[0].where.file, raised.value.findings[0].where.line) == ("templates/email.html", 1)


def test_the_colors_and_fonts_are_the_letters(letter: Folder) -> None:
    assert re.search(r"<h1 style=\"[^\"]*font-family: Literata, Charter, Georgia,", edition(letter).html)
    letter.replace("letter.yaml", "title:", 'theme: {accent: "#123456", headings: mono}\ntitle:')
    made = edition(letter).html
    assert "#123456" in made
    assert re.search(r"<h1 style=\"[^\"]*font-family: ui-monospace,", made)
    assert re.search(r"<td [^>]*font-family: Georgia,", made)


def test_an_issue_that_is_not_published_has_no_edition(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", issue_text(6, "2022-02-11", "Sixth", status="draft"))
    for key, said in (("6", "not published"), ("99", "no issue 99")):
        with pytest.raises(BuildError, match=said):
            edition(folder, key)


def test_the_same_letter_has_the_same_edition_anywhere(letter: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition(letter)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert edition(letter) == first


def test_gmail_leaves_what_matters(letter: Folder) -> None:
    made = edition(letter)
    left = as_gmail(made.html)
    assert words(visible_text(LexborHTMLParser(made.html).body.html or "")) <= words(visible_text(left))  # type: ignore[union-attr]
    assert links(made.html) - {WAY_OUT} <= links(left) | {""}


# -- the message


class Person(SampleReader, frozen=True):
    """A reader of the tests."""

    id: str = "p1"
    address: str = "ada@reader.example"
    way_out: SampleWayOut = SampleWayOut("mailto:leave+p1@letter.example", "https://letter.example/u/p1?a=1&b=2")


def message(letter: Folder, reader: Reader | None = None) -> bytes:
    snapshot, made = make_edition(letter.root, "6", NOON)
    config = snapshot.letter.config
    assert config.mail is not None
    return message_maker(made, Envelope.of_letter(config, config.mail))(reader or Person())


def test_a_message_has_both_parts_and_the_readers_own_way_out(letter: Folder) -> None:
    made = edition(letter)
    parsed = message_from_bytes(message(letter), policy=default)
    assert parsed.get_content_type() == "multipart/alternative"
    plain, html = parsed.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    own = "https://letter.example/u/p1?a=1&b=2"
    assert plain.get_content().replace("\r\n", "\n") == made.text.replace(WAY_OUT, own)
    assert html.get_content().replace("\r\n", "\n") == made.html.replace(WAY_OUT, own.replace("&", "&amp;"))
    assert (parsed["From"], parsed["To"]) == ("Zoë Fenwick <zoe@letter.example>", "ada@reader.example")
    assert parsed["Subject"] == "Everything at once"
    assert parsed["Date"].datetime == made.date
    assert parsed["List-Unsubscribe"] == f"<{own}>, <mailto:leave+p1@letter.example>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Archive"] == "<https://letter.example/archive/>"
    assert parsed["List-Id"].endswith("<letter.letter.example>")
    assert parsed.defects == []


def test_a_message_is_lines_that_every_server_takes(letter: Folder) -> None:
    lines = message(letter).split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert all(line.isascii() and b"\n" not in line and b"\r" not in line for line in lines)
    assert not any(line.startswith(b"From ") for line in lines)


def test_without_an_https_address_there_is_no_promise_of_one_click(letter: Folder) -> None:
    made = message(letter, Person(way_out=SampleWayOut("mailto:leave+p1@letter.example", None)))
    parsed = message_from_bytes(made, policy=default)
    assert parsed["List-Unsubscribe"] == "<mailto:leave+p1@letter.example>"
    assert parsed["List-Unsubscribe-Post"] is None
    assert made.count(b"mailto:leave+p1") == 5


def test_a_message_id_is_one_issue_for_one_person(letter: Folder) -> None:
    snapshot, _ = make_edition(letter.root, "6", NOON)
    config = snapshot.letter.config
    assert config.mail is not None
    envelope = Envelope.of_letter(config, config.mail)
    ids = {message_id(envelope, key, reader) for key in ("6", "7") for reader in ("p1", "p2")}
    assert len(ids) == 4
    assert message_id(envelope, "6", "p1").encode() in message(letter)
    assert message(letter) == message(letter)


@pytest.mark.parametrize("path", ["html", "gmail", "dark", "text"])
def test_no_view_has_the_placeholder(path: str, letter: Folder) -> None:
    from weekahead.serve.pages import mail_view

    _, content = mail_view(edition(letter), path)
    assert WAY_OUT not in content
    assert SAMPLE_WAY_OUT in content


def test_nothing_else_imports_what_mail_needs(letter: Folder) -> None:
    code = (
        "import sys; from weekahead.commands.main import main\n"
        "for command in ('build', 'check', 'plan'):\n"
        "    try: main([command, *sys.argv[1:]])\n    except SystemExit as ended: print(command, ended.code)\n"
        "print({'css_inline', 'email_validator', 'flufl', 'imaplib', 'smtplib'} & {*sys.modules})"
    )
    ran = [sys.executable, "-c", code, "--root", str(letter.root), "--as-of", NOON]
    lines = subprocess.run(ran, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {"build 0", "check 0", "plan 0"} <= {*lines}
    assert lines[-1] == "set()"


# -- what check finds, and the preview


def mail_findings(letter: Folder) -> set[tuple[str, str]]:
    return {(found.rule, str(found.severity)) for found in letter.check().findings if found.rule.startswith("mail-")}


def test_a_sound_edition_has_no_findings(letter: Folder) -> None:
    assert mail_findings(letter) == set()


@pytest.mark.parametrize(("kilobytes", "severity"), [(70, None), (90, "warning"), (110, "error")])
def test_an_edition_that_gmail_would_cut_is_found(letter: Folder, kilobytes: int, severity: str | None) -> None:
    letter.write("issues/0007-seventh.md", issue_text(7, "2022-02-11", "Small models", "words " * (170 * kilobytes)))
    assert mail_findings(letter) == ({("mail-too-large", severity)} if severity else set())


def test_a_long_subject_and_a_template_without_a_way_out_are_found(letter: Folder) -> None:
    letter.replace("letter.yaml", "mail: {", f'mail: {{subject: "{{title}} {"x" * 70}", ')
    letter.write("templates/email.html", "<p>{{ issue.body }}</p>\n")
    assert mail_findings(letter) == {("mail-subject-long", "warning"), ("mail-no-way-out", "error")}


def test_an_issue_that_is_not_mailed_has_no_findings(letter: Folder) -> None:
    text = issue_text(7, "2022-02-11", "Small models", "words " * 20000, mail="{send: false}")
    letter.write("issues/0007-seventh.md", text)
    assert mail_findings(letter) == set()


def test_the_estimate_of_the_size_is_close(letter: Folder) -> None:
    with open_store(letter.root, keep=False) as store:
        snapshot = take_snapshot(load_letter(letter.root, store), store.version, as_of=NOON)
        site = site_of(snapshot, store)
        issue = published_issue(snapshot, site, "6")
        html = html_with_rules(site.context, edition_page(site.context, issue, NOBODY, sanitize_for_mail))
        assert inlined_size(html) == pytest.approx(len(edition_in(snapshot, site, issue).html.encode()), rel=0.05)


def test_the_command_writes_a_message_or_a_part(letter: Folder, run: Any) -> None:
    root = ["--root", str(letter.root), "--as-of", NOON]
    said = run("email", "6", "--output", letter.root / "6.eml", *root)
    assert (said.status, "6.eml written" in said.out) == (0, True)
    assert (letter.root / "6.eml").read_bytes().startswith(b"From: =?utf-8?")
    assert run("email", "99", *root).status == 1
    assert run("email", "6", "--output", letter.root / "no/such/6.eml", *root).status == 1


FALLBACKS = {
    "<body> element": "its colors stand on the cell within it as well",
    "height property": "`auto` for pictures; lines are as high as the program has them",
    "word-break": "word-wrap stands beside it",
    "white-space": "Outlook breaks long lines of code by itself",
    "Local anchors": "the mark of a note is a number all the same",
    "color-scheme meta tag": "tells those that know it that they may make it dark",
    "role attribute": "says to screen readers that a table is none",
}
"""What some program does not have, and what happens there: docs/sending.md has the same list."""


def test_mail_programs_have_what_the_edition_uses(letter: Folder, tmp_path: Path) -> None:
    package = NODE / "caniemail/dist/index.js"
    needs(package.exists(), "Can I email")
    file = tmp_path / "mail.html"
    file.write_text(edition(letter).html.replace(WAY_OUT, SAMPLE_WAY_OUT))
    ran = ["node", str(Path(__file__).with_name("caniemail.mjs")), str(package), str(file)]
    said = subprocess.run(ran, capture_output=True, text=True, check=True).stdout
    missing = {line.partition(":")[0] for line in said.splitlines()}
    assert missing - {*FALLBACKS} == set(), said
    docs = (REPOSITORY / "docs/sending.md").read_text()
    assert all(name.replace("<body>", "`<body>`") in docs for name in FALLBACKS)
