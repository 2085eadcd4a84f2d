"""The builders, and how each wants a letter: the same small site from each, and ours whole.

Everyone makes a page per issue with links to its neighbours, an archive, a feed with the full text of the newest 20, and
a sitemap. weekahead makes its whole default site, which is more: series, tags, what's next, a calendar.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import time_ns
from typing import Any

from benchmarks.letter import ADDRESS, Issue, Letter

HERE = Path(__file__).parent
ROOT = HERE.parent
WORK = ROOT / ".bench"
"""Where the peers are installed and the letters built: `make bench` makes it, git ignores it."""
ASIDE = WORK / "aside"
"""What is to be deleted at the end."""
TITLE = "The Benchmark Letter"
LONGEST = 1_000_000
"""Issues of a letter that nobody has yet written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A builder: its files, its command, what it leaves behind."""

    name: str
    command: tuple[str, ...]
    content: str
    """The folder of the issues."""
    site: str
    """The folder it builds into."""
    write: Callable[[Issue], str]
    """An issue in its manner."""
    settings: Callable[[Letter], dict[str, str]] = lambda letter: {}
    """Further files, by name."""
    leftovers: tuple[str, ...] = ()
    """What else a build leaves behind, to be removed before a cold one."""
    carried: tuple[str, ...] = ()
    """Of that, what a fresh clone carries along, as patterns."""
    longest: int = LONGEST
    """Issues of the longest letter that it is to build."""

    @property
    def program(self) -> Path:
        """The file without which it is not installed."""
        return Path(self.command[1] if self.command[0] == "node" else self.command[0])

    def file(self, folder: Path, issue: Issue) -> Path:
        return folder / self.content / issue.file


def lay_down(peer: Peer, letter: Letter, folder: Path) -> None:
    """Write a letter's sources for a builder into a new folder."""
    put_aside(folder)
    folder.mkdir(parents=True)
    if (site := HERE / "sites" / peer.name).is_dir():
        shutil.copytree(site, folder, dirs_exist_ok=True)
    for name, text in peer.settings(letter).items():
        (folder / name).write_text(text, "utf-8")
    (folder / peer.content).mkdir(parents=True, exist_ok=True)
    for issue in letter.issues():
        peer.file(folder, issue).write_text(peer.write(issue), "utf-8")


def put_aside(path: Path) -> None:
    """Move away what is no longer wanted. Nothing is deleted before the last build: for minutes, ext4 goes round the inodes
    of files that were deleted, one at a time, and whoever makes the next ten thousand files would pay for it."""
    if path.exists():
        ASIDE.mkdir(parents=True, exist_ok=True)
        path.rename(ASIDE / f"{time_ns()}")


def environment(letter: Letter, count: int) -> dict[str, str]:
    """The instant that a build is as of, a day after issue `count` came out, and a home for caches."""
    instant = datetime.combine(letter.issue(count).date + timedelta(days=1), time(12), UTC)
    return {
        **os.environ,
        "SOURCE_DATE_EPOCH": f"{instant.timestamp():.0f}",
        "HUGO_CACHEDIR": str(WORK / "hugo"),
        "PYTHONDONTWRITEBYTECODE": "",
    }


# -- each builder's manner


def front_matter(fields: dict[str, Any], body: str) -> str:
    """A body under YAML."""
    head = "".join(f"{key}: {in_yaml(value)}\n" for key, value in fields.items() if value)
    return f"---\n{head}---\n\n{body}"


def in_yaml(value: Any) -> str:
    """JSON is YAML, but has no dates."""
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def for_weekahead(issue: Issue) -> str:
    series = dict(zip(("name", "part", "of"), issue.series, strict=True)) if issue.series else None
    fields = {
        "number": issue.number,
        "title": issue.title,
        "slug": issue.slug,
        "status": "ready",
        "series": series,
        "tags": list(issue.tags),
        "summary": issue.summary,
    }
    return front_matter({"date": issue.date, **fields}, issue.body)


def for_hugo(issue: Issue) -> str:
    fields = {
        "title": issue.title,
        "date": issue.date,
        "url": f"/{issue.path}",
        "weight": issue.number,  # two may share a date
        "tags": list(issue.tags),
    }
    return front_matter(fields, issue.body)


def for_pelican(issue: Issue) -> str:
    fields = {"Title": issue.title, "Date": issue.date, "Slug": issue.slug, "Number": issue.number}
    if issue.tags:
        fields["Tags"] = ", ".join(issue.tags)
    return "".join(f"{key}: {value}\n" for key, value in fields.items()) + f"\n{issue.body}"


def for_eleventy(issue: Issue) -> str:
    fields = {
        "number": issue.number,
        "title": issue.title,
        "date": issue.date,
        "permalink": f"/{issue.path}",
        "topics": list(issue.tags),
    }
    return front_matter(fields, issue.body)


def our_settings(letter: Letter) -> dict[str, str]:
    """letter.yaml and schedule.yaml, for a site of what the peers make: without pictures to share and old feeds."""
    config = (
        "id: urn:uuid:2f0c5bd3-9f0e-4c0a-8d5c-6c1f7f1f0a11\n"
        f"title: {TITLE}\ntagline: A letter to be measured by.\nurl: {ADDRESS}/\n"
        "author: {name: Nobody, email: nobody@letter.example}\nallow: [active-content]\n"
        "feed: {max_kb: 100000, archive: false}\nsocial_cards: false\nsearch: false\n"
    )
    return {"letter.yaml": config, "schedule.yaml": schedule(letter)}


def schedule(letter: Letter) -> str:
    """A week's cadence that ends with the newest issue, the days on which others came out, and eight weeks to come."""
    newest, following = letter.issue(letter.count), letter.issue(letter.count + 1)
    day = f"{newest.date:%A}".lower()
    slips = [
        f"  {issue.number}: {issue.date}\n"
        for issue in letter.issues()
        if issue.date != newest.date - timedelta(weeks=letter.count - issue.number)
    ]
    titles = [following.title, *(f"A week to come, {place} weeks on" for place in range(2, 9))]
    coming = [
        f"  - {{number: {number}, title: {json.dumps(title, ensure_ascii=False)}, state: planning}}\n"
        for number, title in enumerate(titles, following.number)
    ]
    return "".join(
        (
            f'cadence: {{every: {day}, at: "09:00", timezone: Europe/London}}\nhorizon: 5\n',
            f"anchor: {{number: {newest.number}, date: {newest.date}}}\n",
            *(["slips:\n", *slips] if slips else []),
            "upcoming:\n",
            *coming,
        )
    )


def hugo_program() -> str:
    """Hugo itself, not the Python script that starts it."""
    found = sorted((WORK / "venv").glob("lib/python*/site-packages/hugo/binaries/hugo"))
    return str(found[0] if found else WORK / "venv/bin/hugo")


def peers() -> dict[str, Peer]:
    """Every builder we know, by name, ours first."""
    known = (
        Peer(
            name="weekahead",
            command=(str(Path(sys.executable).parent / "weekahead"), "build"),
            content="issues",
            site="site",
            write=for_weekahead,
            settings=our_settings,
            leftovers=(".weekahead",),
            carried=(".weekahead/cache*",),
        ),
        Peer(
            name="hugo",
            command=(hugo_program(), "--quiet"),
            content="content/issues",
            site="public",
            write=for_hugo,
            leftovers=("resources", ".hugo_build.lock"),
        ),
        Peer(
            name="pelican",
            command=(str(WORK / "venv/bin/pelican"), "content", "--settings", "pelicanconf.py", "--quiet"),
            content="content",
            site="output",
            write=for_pelican,
            leftovers=("cache", "__pycache__"),
            carried=("cache",),
        ),
        Peer(
            name="eleventy",
            command=("node", str(WORK / "node_modules/@11ty/eleventy/cmd.cjs"), "--quiet"),
            content="issues",
            site="_site",
            write=for_eleventy,
        ),
    )
    return {peer.name: peer for peer in known}
