"""Whatever was edited, moved, restored or damaged before: a build gives what a build from nothing gives."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path
from time import time_ns

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.conftest import LETTER, SCHEDULE, Folder, issue_text

from weekahead.build import up_to_date
from weekahead.build.check import check
from weekahead.build.pipeline import BuildOptions, build
from weekahead.model.findings import BuildError
from weekahead.runtime import code_version
from weekahead.source import folder

HISTORIES = int(os.environ.get("HISTORIES", "3"))
INSTANTS = ["2022-01-20", "2022-02-09T12:00:00-07:00", "2022-02-11T09:00:00-07:00", "2022-03-20", "2022-06-01"]
DAYS = ["2022-01-07", "2022-01-14", "2022-01-21", "2022-01-28", "2022-02-04", "2022-02-11", "2022-02-18"]
TITLES = ["Alpha", "Beta", "Gamma: more", "Reading a loss curve", "Small models"]
BODIES = [
    "Words.",
    "Other words, with a [link](0002-b.md).",
    "![A dot](dot.png)\n\nA note[^1].\n\n[^1]: Here.",
    "# Heading\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "A [part](#elsewhere) that is not there.",
    "<b onclick='x()'>Active</b>",
]
NAMES = ["issues/0001-a.md", "issues/0002-b.md", "issues/0003-c/index.md", "issues/0004-d.md", "issues/special.md"]


class Histories(RuleBasedStateMachine):
    """A letter that is changed in any order; every state of it is built both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Folder(Path(tempfile.mkdtemp()) / "letter")
        self.saved: Path | None = None
        self.as_of = INSTANTS[1]
        self.drafts = False
        self.version = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder.root.parent)

    @property
    def root(self) -> Path:
        return self.folder.root

    @initialize()
    def begin(self) -> None:
        self.folder.write("letter.yaml", LETTER)
        self.folder.write("schedule.yaml", SCHEDULE)
        for number, name in enumerate(NAMES[:4], 1):
            self.folder.write(name, issue_text(number, DAYS[number - 1], TITLES[number - 1], tags="[x]"))

    @rule(
        place=st.integers(0, 4),
        day=st.sampled_from(DAYS),
        title=st.sampled_from(TITLES),
        body=st.sampled_from(BODIES),
        status=st.sampled_from(["ready", "ready", "ready", "review", "draft"]),
        more=st.sampled_from(
            [
                "",
                "tags: [x, y]\n",
                "series: {name: S, part: 1, of: 2}\n",
                "aliases: [/p/a, /p/b.html]\n",
                "summary: Short.\n",
                "slug: other\n",
            ]
        ),
        same_look=st.booleans(),
    )
    def write(self, place: int, day: str, title: str, body: str, status: str, more: str, same_look: bool) -> None:
        path = self.root / NAMES[place]
        before = path.stat() if path.exists() else None
        head = f"number: {place + 1}\n" if place < 4 else ""
        self.folder.write(
            NAMES[place], f'---\n{head}title: "{title}"\ndate: {day}\nstatus: {status}\n{more}---\n\n{body}\n'
        )
        if before and same_look:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(
        name=st.sampled_from(["pages/about.md", "pages/imprint.md", "pages/about/index.md"]),
        title=st.sampled_from(TITLES),
        body=st.sampled_from(BODIES),
        status=st.sampled_from(["", "status: draft\n"]),
    )
    def page(self, name: str, title: str, body: str, status: str) -> None:
        self.folder.write(name, f'---\ntitle: "{title}"\n{status}---\n\n{body}\n')

    @rule(name=st.sampled_from(["pages/about.md", "pages/imprint.md", "pages/about/index.md"]))
    def unpage(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(place=st.integers(0, 4))
    def delete(self, place: int) -> None:
        (self.root / NAMES[place]).unlink(missing_ok=True)

    @rule(place=st.integers(0, 4), other=st.integers(0, 4))
    def rename(self, place: int, other: int) -> None:
        if (self.root / NAMES[place]).exists() and place != other:
            (self.root / NAMES[other]).parent.mkdir(exist_ok=True)
            (self.root / NAMES[place]).rename(self.root / NAMES[other])

    @rule(
        data=st.sampled_from([b"dot", b"dots", b""]), name=st.sampled_from(["issues/dot.png", "issues/0003-c/dot.png"])
    )
    def picture(self, data: bytes, name: str) -> None:
        self.folder.write(name, data)

    @rule(
        title=st.sampled_from(["The Test Letter", "Another Letter"]),
        permalink=st.sampled_from(["", "permalink: /{year}/{slug}/\n", "permalink: /p/{slug}/\n"]),
        url=st.sampled_from(["https://letter.example/", "https://letter.example/base/"]),
    )
    def letter(self, title: str, permalink: str, url: str) -> None:
        self.folder.write(
            "letter.yaml", LETTER.replace("The Test Letter", title).replace("https://letter.example/", url) + permalink
        )

    @rule(
        skip=st.sampled_from(["", "skip: [2022-02-18]\n", "skip: [2022-01-21]\n", "buffer: 2\n"]),
        title=st.sampled_from(TITLES),
        secret=st.booleans(),
    )
    def schedule(self, skip: str, title: str, secret: bool) -> None:
        text = SCHEDULE.replace("Paying for data", f'"{title}"') + skip
        self.folder.write(
            "schedule.yaml", text.replace("state: drafting}", "state: drafting, secret: true}") if secret else text
        )

    @rule(text=st.sampled_from(["", "{{ page.title }}\n", "{{ nothing }}\n", "{% extends 'base.html' %}\n"]))
    def template(self, text: str) -> None:
        path = self.root / "templates/404.html"
        self.folder.write("templates/404.html", text) if text else path.unlink(missing_ok=True)

    @rule(as_of=st.sampled_from(INSTANTS), drafts=st.booleans())
    def clock(self, as_of: str, drafts: bool) -> None:
        self.as_of, self.drafts = as_of, drafts

    @rule()
    def save_the_cache(self) -> None:
        if (self.root / ".weekahead").exists():
            self.saved = self.root.parent / "saved"
            shutil.rmtree(self.saved, ignore_errors=True)
            shutil.copytree(self.root / ".weekahead", self.saved)

    @rule(whole=st.booleans())
    def restore_an_older_cache(self, whole: bool) -> None:
        if self.saved and whole:
            shutil.rmtree(self.root / ".weekahead", ignore_errors=True)
            shutil.copytree(self.saved, self.root / ".weekahead")
        elif self.saved:
            shutil.copy2(self.saved / "cache.db", self.root / ".weekahead/cache.db")

    @rule(seed=st.integers(0, 10**6), cut=st.booleans())
    def damage(self, seed: int, cut: bool) -> None:
        """Damage the store. The state file is no cache: without it nobody knows which files of the site are ours."""
        path = self.root / ".weekahead/cache.db"
        if path.exists() and (data := path.read_bytes()):
            n = random.Random(seed).randrange(len(data))
            path.write_bytes(data[:n] if cut else data[:n] + bytes([data[n] ^ (1 + seed % 255)]) + data[n + 1 :])

    @rule(name=st.sampled_from(["index.html", "archive/index.html", "feed.xml"]), gone=st.booleans())
    def touch_the_site(self, name: str, gone: bool) -> None:
        path = self.root / "site" / name
        if path.exists():
            path.unlink() if gone else path.write_bytes(b"changed by hand")

    @rule()
    def another_version(self) -> None:
        """Build with another version of weekahead from here on."""
        self.version += 1

    @invariant()
    def builds_as_from_nothing(self) -> None:
        if not (self.root / "letter.yaml").exists():
            return
        clean = self.root.parent / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(self.root, clean, ignore=shutil.ignore_patterns("site", ".weekahead"))
        before = self.folder.site() if (self.root / "site").exists() else {}
        wanted = [self.outcome(root) for root in (clean, self.root)]
        assert wanted[0] == wanted[1]
        if isinstance(wanted[0], dict):
            assert self.folder.site() == wanted[0]
        else:
            assert (self.folder.site() if (self.root / "site").exists() else {}) == before
        first, second = ([*map(str, check(root, self.as_of).findings)] for root in (clean, self.root))
        assert first == [
            found for found in second if "[address-gone]" not in found
        ]  # the last build is known here alone

    def outcome(self, root: Path) -> object:
        code_version.code_version = lambda store: f"version {self.version} "
        try:
            build(BuildOptions(root=root, as_of=self.as_of, drafts=self.drafts))
            return Folder(root).site()
        except BuildError as error:
            return error.findings


def test_any_history_builds_as_from_nothing() -> None:
    wanted = settings(max_examples=HISTORIES, stateful_step_count=8, deadline=None)
    now, version = time_ns, code_version.code_version
    # Every file seems to be at rest, so that stats are used.
    for module in (folder, up_to_date):
        setattr(module, "time_ns", lambda: now() + 10 * folder.GRAIN)  # noqa: B010
    try:
        run_state_machine_as_test(Histories, settings=wanted)
    finally:
        for module in (folder, up_to_date):
            setattr(module, "time_ns", now)  # noqa: B010
        code_version.code_version = version
