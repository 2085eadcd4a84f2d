"""A reader that remembers ids sees every issue once, whatever the author edits, moves and renames.

The letters are made in memory, a step at a time, so that thousands of histories can be tried: `make feeds`.
"""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from weekahead.feeds.rss_atom import feeds
from weekahead.markdown import renderer
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.model.letter import Letter
from weekahead.model.rules import check_rules
from weekahead.runtime.store import Store
from weekahead.site.context import RenderContext
from weekahead.site.groups import group_issues
from weekahead.site.pages import Site
from weekahead.site.published import published_view
from weekahead.site.resolved_links import LinkResolver
from weekahead.source.config_file import parse_config
from weekahead.source.front_matter import body_of, parse_issue
from weekahead.source.schedule_file import parse_schedule
from weekahead.source.theme_loader import load_theme
from weekahead.source.yaml_map import YamlSource, read_yaml_map
from weekahead.theme.lookup import starter

READERS = int(os.environ.get("READERS", "80"))
SHARE = 10
THEME = load_theme(starter())
START = datetime.fromisoformat("2022-01-07T09:00:00-07:00")
DOMAINS = ["https://letter.example/", "https://moved.example/letters/", "http://letter.example/"]
PERMALINKS = ["/issues/{number}-{slug}/", "/{year}/{slug}/", "/p/{slug}/"]


@dataclass
class Draft:
    """An issue as the author has it; `marker` is a word of its text that tells which it is, whatever else changes."""

    marker: str
    number: int | None
    title: str
    slug: str
    day: str
    name: str
    status: str = "ready"
    guid: str | None = None
    corrected: list[str] = field(default_factory=list)

    @property
    def text(self) -> bytes:
        head = {
            "number": self.number,
            "title": json.dumps(self.title, ensure_ascii=False),
            "slug": self.slug,
            "date": self.day,
        }
        head |= {"status": self.status, "guid": self.guid}
        if self.corrected:
            head["corrected"] = "[" + ", ".join(f"{{date: {day}, what: A word.}}" for day in self.corrected) + "]"
        lines = [f"{key}: {value}" for key, value in head.items() if value is not None]
        return ("---\n" + "\n".join(lines) + f"\n---\n\nWords of {self.marker}, {self.title}.\n").encode()


class Author:
    """Writes, edits, moves, renames and corrects at random, and lets time go by."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = START
        self.drafts: list[Draft] = []
        self.domain, self.permalink, self.title, self.items = (
            DOMAINS[0],
            PERMALINKS[0],
            "Letter",
            self.dice.choice([1, 3, 20]),
        )

    def step(self) -> None:
        moves = [self.write, self.write, self.wait, self.edit, self.edit, self.move, self.rename, self.correct]
        self.dice.choice([*moves, self.change_the_letter, self.swap, self.take_back, self.special])()

    def write(self) -> None:
        number = len([draft for draft in self.drafts if draft.number]) + 1
        day = START.date() + timedelta(weeks=number - 1)
        guid = f"https://old.example/?p={number}" if self.dice.random() < 0.2 else None
        marker = f"marker-{number}-x"
        self.drafts.append(
            Draft(marker, number, f"Issue {number}", f"s{number}", str(day), f"{number:04}-s", guid=guid)
        )

    def special(self) -> None:
        number = len(self.drafts)
        self.drafts.append(
            Draft(f"marker-sp{number}-x", None, "Special", f"sp{number}", str(self.now.date()), f"sp{number}")
        )

    def wait(self) -> None:
        self.now += timedelta(days=self.dice.choice([1, 7, 7, 30]))

    def edit(self) -> None:
        for draft in self.some():
            draft.title = self.dice.choice(["Loops", "A & B <i>", "什么 👩🏽‍💻", "]]>"]) + f" {self.dice.randrange(9)}"
            draft.slug = f"{self.dice.choice(['loop', 'end'])}-{draft.marker}-{self.dice.randrange(9)}"

    def move(self) -> None:
        for draft in self.some():
            day = datetime.fromisoformat(draft.day).date() + timedelta(days=self.dice.choice([-7, -1, 1, 7, 100]))
            draft.day, draft.corrected = str(day), [found for found in draft.corrected if found >= str(day)]

    def rename(self) -> None:
        for draft in self.some():
            if draft.number:
                draft.name = f"{self.dice.choice(['renamed', '0001', 'x/y'])[:8].replace('/', '-')}-{draft.marker}"

    def correct(self) -> None:
        for draft in self.some():
            draft.corrected.append(str(max(self.now.date(), datetime.fromisoformat(draft.day).date())))

    def take_back(self) -> None:
        for draft in self.some():
            draft.status = self.dice.choice(["ready", "ready", "draft"])

    def swap(self) -> None:
        if len(self.drafts) > 1:
            one, other = self.dice.sample(self.drafts, 2)
            one.day, other.day, one.corrected, other.corrected = other.day, one.day, [], []

    def change_the_letter(self) -> None:
        self.domain, self.permalink = self.dice.choice(DOMAINS), self.dice.choice(PERMALINKS)
        self.title = self.dice.choice(["Letter", "Another"])

    def some(self) -> list[Draft]:
        return self.dice.sample(self.drafts, 1) if self.drafts else []

    def site(self) -> Site:
        """The letter as the build has it, without a disk."""
        origin = YamlSource("letter.yaml", [])
        head = f'title: {self.title}\nurl: "{self.domain}"\nid: urn:uuid:4b1c6a52-6f0d-4f5e-9a53-0c7c2f5d9e11\n'
        settings = read_yaml_map(f'{head}permalink: "{self.permalink}"\nfeed: {{items: {self.items}}}\n', origin, "x")
        plan = f"cadence: {{every: friday, at: '09:00', timezone: America/Denver}}\nhorizon: 5\nanchor: {{number: 1, date: {START.date()}}}\n"
        planned = read_yaml_map(plan, YamlSource("schedule.yaml", origin.findings), "x")
        assert settings
        assert planned
        config, schedule = parse_config(settings), parse_schedule(planned)
        files = {f"issues/{draft.name}.md": draft.text for draft in self.drafts}
        assert len(files) == len(self.drafts)
        issues = [parse_issue(name, data, origin.findings) for name, data in files.items()]
        assert not origin.findings
        letter = Letter(config=config, schedule=schedule, issues=tuple(issues))  # type: ignore[arg-type]
        assert not [finding for finding in check_rules(letter) if finding.is_error]
        store = Store()
        texts = RenderedTexts(store, lambda text: body_of(text.file, files[text.file]))
        view = published_view(letter, self.now)
        groups, links = group_issues(view), LinkResolver(view, frozenset(), texts, store, "letter")
        context = RenderContext(view, groups, THEME, texts, links, {})
        return Site(view=view, groups=groups, theme=THEME, links=links, context=context)


class Reader:
    """Remembers each id it has seen, and which issue it saw by it."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def poll(self, site: dict[str, Any], domain: str) -> None:
        """Read the feed and then its archive, document by document, as RFC 5005 has it."""
        path: str | None = "atom.xml"
        while path:
            feed = etree.fromstring(site[path].make())
            here = []
            for entry in feed.iterfind("{*}entry"):
                identity = entry.findtext("{*}id")
                marker = re.search(r"marker-\w+-x", entry.findtext("{*}content"))
                assert marker
                assert self.seen.setdefault(identity, marker[0]) == marker[0], "one id for two issues"
                here.append(identity)
            assert len(here) == len(set(here)), "an id twice in one document"
            older = [link.get("href") for link in feed.iterfind("{*}link") if link.get("rel") == "prev-archive"]
            path = older[0].removeprefix(domain) if older else None


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words do not matter here, so they are converted by a replacement."""
    monkeypatch.setattr(
        renderer,
        "convert",
        lambda text, budget=0, files=None, options=None: renderer.RenderedText(
            parts=(f"<p>{text}</p>".replace("]]>", ""),), lead="x"
        ),
    )


@pytest.mark.parametrize("share", range(SHARE))
def test_a_reader_that_remembers_ids_sees_every_issue_once(share: int) -> None:
    for history in range(share, READERS, SHARE):
        author, reader = Author(history), Reader()
        ever: set[str] = set()
        for _ in range(8):
            for _ in range(author.dice.randrange(1, 4)):
                author.step()
            site = author.site()
            reader.poll({found.path: found for found in feeds(site)}, author.domain)
            ever |= {draft.marker for draft in author.drafts if is_out(site, draft.marker, author)}
        assert sorted(reader.seen.values()) == sorted(ever), f"history {history}"


def is_out(site: Site, marker: str, author: Author) -> bool:
    names = {f"issues/{draft.name}.md" for draft in author.drafts if draft.marker == marker}
    return any(issue.source.file in names for issue in site.view.issues)


def test_an_id_that_changed_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Letter, "identity", lambda letter, issue: letter.config.identity(issue.slug))
    with pytest.raises(AssertionError):
        test_a_reader_that_remembers_ids_sees_every_issue_once(0)
