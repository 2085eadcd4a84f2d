"""The feeds as the programs read them that readers really use.

Each program is asked for what it made of a feed, and must have every item with its id, title, instant and audio, as the
strictest reading of the file has them. A program that is not installed is skipped, but never in CI.
"""

from __future__ import annotations

import email
import functools
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from calendar import timegm
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import pytest
from tests.conftest import Folder, issue_text, needs, some
from tests.feed_rules import entries, wrongs
from tests.feeds.test_podcast import SHOW
from tests.site.test_site import AS_OF, NODE, REPOSITORY

from weekahead.build import pipeline

Seen = dict[str, tuple[str, datetime, str]]
"""What a program saw: by id the title, the instant and the address of the audio."""

LETTERS = (
    *some(["made", "ours"], 2),
    *(f"real{place}" for place, _ in enumerate(os.environ.get("REAL_LETTERS", "").split())),
)
"""One made for this, ours, and those in the folders that REAL_LETTERS names."""

BODY = "Words & <b>words</b>, ]]> and 什么 and &#2;.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Part\n\nText[^1].\n\n[^1]: Note.\n"
TITLES = ["Plain", "'Option<T>, <b>bold</b> & ]]> ends'", "什么 👩🏽‍💻", "'שלום: more'", "It’s “quoted”"]


@pytest.fixture(scope="module", params=LETTERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built letter whose feeds hold 200 issues."""
    folder = tmp_path_factory.mktemp("letter")
    if request.param == "ours":
        shutil.copytree(REPOSITORY / "issues", folder / "issues")
        for name in ("letter.yaml", "schedule.yaml"):
            shutil.copyfile(REPOSITORY / name, folder / name)
    elif request.param == "made":
        _made(Folder(folder))
    else:
        source = Path(os.environ["REAL_LETTERS"].split()[int(request.param[4:])])
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("site", ".weekahead"))
    pipeline.build(pipeline.BuildOptions(root=folder, as_of=AS_OF))
    return folder / "site"


def _made(folder: Folder) -> None:
    folder.write("letter.yaml", SHOW + "feed: {items: 200}\nsocial_cards: false\n")
    shutil.copytree(REPOSITORY / "templates/assets", folder.root / "templates/assets")
    folder.write(
        "schedule.yaml",
        'cadence: {every: friday, at: "09:00", timezone: America/Denver}\nanchor: {number: 1, date: 2018-01-05}\n',
    )
    for number in range(1, 201):
        day = str(date(2018, 1, 5) + timedelta(weeks=number - 1))
        spoken = f'{{url: "https://letter.example/a{number}.mp3", bytes: 7, duration: "0:20"}}'
        audio = {"audio": spoken} if number % 3 else {}
        more = {"guid": f"'https://old.example/?p={number}&x=1'"} if number % 7 == 0 else {}
        text = issue_text(
            number, day, f"{TITLES[number % 5]}", BODY, slug=f"i{number}", tags="[a & b, 什么]", **audio, **more
        )
        folder.write(f"issues/{number:04}-i.md", text)


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address at which the site is."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *given: object) -> None: ...


def truth(site: Path, name: str) -> Seen:
    data = (site / name).read_bytes()
    assert wrongs(data) == []
    return {entry.id: (entry.title, entry.published, entry.audio[0] if entry.audio else "") for entry in entries(data)}


def instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def run(*command: object, **how: object) -> str:
    found = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **how)  # type: ignore[call-overload]
    assert found.returncode == 0, found.stderr
    return str(found.stdout)


# -- the programs


def by_feedparser(site: Path, served: str, name: str, room: Path) -> Seen:
    found = feedparser.parse((site / name).read_bytes(), sanitize_html=False)
    assert not found.bozo
    return {
        entry.id: (entry.title, instant(timegm(entry.published_parsed)), next((e.href for e in entry.enclosures), ""))
        for entry in found.entries
    }


def by_newsboat(site: Path, served: str, name: str, room: Path) -> Seen:
    needs(bool(shutil.which("newsboat")), "newsboat")
    (room / "urls").write_text(f"{served}{name}\n")
    (room / "config").write_text("max-items 0\n")
    run("newsboat", "-u", room / "urls", "-c", room / "cache.db", "-C", room / "config", "-x", "reload", env=home(room))
    with sqlite3.connect(room / "cache.db") as database:
        rows = database.execute("SELECT guid, title, pubDate, enclosure_url FROM rss_item").fetchall()
    return {guid: (title, instant(day), audio or "") for guid, title, day, audio in rows}


def by_sfeed(site: Path, served: str, name: str, room: Path) -> Seen:
    needs(bool(shutil.which("sfeed")), "sfeed")
    found = {}
    for line in run("sfeed", input=(site / name).read_text("utf-8")).splitlines():
        day, title, _, _, _, identity, _, audio, _ = line.split("\t")
        found[identity] = (title, instant(int(day)), audio)
    return found


def by_rss2email(site: Path, served: str, name: str, room: Path) -> Seen:
    needs(bool(shutil.which("r2e")), "rss2email")
    settings = {"from": "a@b.example", "to": "t@b.example", "email-protocol": "maildir", "maildir-path": room / "mail"}
    settings |= {"maildir-mailbox": "in", "date-header": True, "verbose": "error"}
    (room / "config").write_text("[DEFAULT]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))
    (room / "mail").mkdir()
    command = ("r2e", "-c", room / "config", "-d", room / "data.json")
    run(*command, "add", "letter", served + name, env=home(room))
    run(*command, "run", env=home(room))
    found = {}
    for path in (room / "mail/in/new").iterdir():
        mail = email.message_from_bytes(path.read_bytes())
        words = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
        audio = next((line.split()[-1] for line in words.splitlines() if line.startswith("Enclosure:")), "")
        title = " ".join(str(make_header(decode_header(mail["Subject"]))).split())
        found[mail["X-RSS-ID"]] = (title, parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC), audio)
    return found


def by_gpodder(site: Path, served: str, name: str, room: Path) -> Seen:
    needs(bool(shutil.which("gpo")), "gPodder")
    run("gpo", "subscribe", served + name, env=home(room) | {"GPODDER_HOME": str(room)})
    with sqlite3.connect(room / "Database") as database:
        rows = database.execute("SELECT guid, title, published, url, file_size, mime_type FROM episode").fetchall()
    audio = {entry.audio[0]: entry.audio for entry in entries((site / name).read_bytes()) if entry.audio}
    assert {address: (address, size, kind) for _, _, _, address, size, kind in rows} == audio
    return {guid: (title, instant(day), address) for guid, title, day, address, _, _ in rows}


FEEDSMITH = """
const { parseFeed } = require("feedsmith");
const { format, feed } = parseFeed(require("fs").readFileSync(process.argv[1], "utf8"));
console.log(JSON.stringify((feed.items || feed.entries).map((item) => [
  item.guid?.value ?? item.id, item.title?.value ?? item.title, item.pubDate ?? item.published ?? item.date_published,
  item.enclosures?.[0].url ?? item.attachments?.[0].url ?? item.links?.find((link) => link.rel == "enclosure")?.href ?? "",
])));
"""

PARTYTIME = """
const { parseFeed } = require("podcast-partytime");
const feed = parseFeed(require("fs").readFileSync(process.argv[1], "utf8"));
if (!feed.guid || feed.explicit === undefined || !feed.locked) throw new Error(JSON.stringify(feed).slice(0, 999));
console.log(JSON.stringify(feed.items.map((item) => [item.guid, item.title, item.pubDate, item.enclosure.url])));
"""


def by_node(package: str, script: str, site: Path, name: str) -> Seen:
    needs((NODE / package).exists(), package)
    rows = json.loads(run("node", "-e", script, site / name, cwd=NODE.parent))
    return {identity: (title, _any_date(day), audio) for identity, title, day, audio in rows}


def _any_date(words: str) -> datetime:
    return (parsedate_to_datetime(words) if "," in words else datetime.fromisoformat(words)).astimezone(UTC)


def by_feedsmith(site: Path, served: str, name: str, room: Path) -> Seen:
    return by_node("feedsmith", FEEDSMITH, site, name)


def by_partytime(site: Path, served: str, name: str, room: Path) -> Seen:
    return by_node("podcast-partytime", PARTYTIME, site, name)


def home(room: Path) -> dict[str, str]:
    return os.environ | {"HOME": str(room), "XDG_CONFIG_HOME": str(room), "XDG_DATA_HOME": str(room)}


READERS: list[tuple[Callable[..., Seen], str]] = [
    *[(by_feedparser, name) for name in ("feed.xml", "atom.xml", "podcast.xml")],
    *[(by_newsboat, name) for name in ("feed.xml", "atom.xml", "podcast.xml")],
    *[(by_sfeed, name) for name in ("feed.xml", "atom.xml", "podcast.xml")],
    *[(by_rss2email, name) for name in ("feed.xml", "atom.xml")],
    (by_gpodder, "podcast.xml"),
    *[(by_feedsmith, name) for name in ("feed.xml", "atom.xml", "feed.json", "podcast.xml")],
    (by_partytime, "podcast.xml"),
]


@pytest.mark.parametrize(("read", "name"), READERS, ids=lambda given: getattr(given, "__name__", given))
def test_a_program_reads_every_item(
    site: Path, served: str, read: Callable[..., Seen], name: str, tmp_path: Path
) -> None:
    if not (site / name).exists():
        pytest.skip("this letter has no audio")
    assert read(site, served, name, tmp_path) == truth(site, name)
