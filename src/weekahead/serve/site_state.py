"""The site as the files on disk have it now, held in memory: with its drafts, as of any instant, and the last good one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http import HTTPStatus
from mimetypes import guess_type

from msgspec import Struct, field
from msgspec.structs import replace

from weekahead.build.as_of import instant
from weekahead.build.check import check
from weekahead.build.pipeline import BuildOptions
from weekahead.build.site_plan import SitePlan, plan_site
from weekahead.build.snapshot import Snapshot, take_snapshot
from weekahead.feeds.items import content, item
from weekahead.model.findings import BuildError, Finding, sort_findings
from weekahead.model.schedule import compute_promise
from weekahead.runtime.store import Store
from weekahead.serve.dashboard import Board, board
from weekahead.site.published import PublishedIssue
from weekahead.source.loader import load_letter

TRAVELS = 4
"""Instants whose sites are held at once."""


class Answer(Struct, frozen=True):
    """What a path of the site holds."""

    status: HTTPStatus
    kind: str
    """The media type, with its charset."""
    data: bytes


class Faulty(Struct, frozen=True):
    """A path that cannot be shown, and why."""

    findings: tuple[Finding, ...]


class Made(Struct, frozen=True):
    """A site that can be shown."""

    snapshot: Snapshot
    plan: SitePlan


class Preview(Struct):
    """The letter as its files have it. `good` is the last site without errors, `findings` what is wrong since.

    `number` counts what was shown; whoever waits for `changed` is told of each. All of it may be asked from any thread.
    """

    wanted: BuildOptions
    store: Store
    good: Made | None = None
    findings: tuple[Finding, ...] = ()
    number: int = 0
    look: str = ""
    """Names the theme; pages of another one are loaded whole."""
    changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: threading.RLock = field(default_factory=threading.RLock)
    _checking: threading.Lock = field(default_factory=threading.Lock)
    _travels: OrderedDict[str, Made] = field(default_factory=OrderedDict)
    _board: tuple[int, Board] | None = None

    def refresh(self) -> None:
        """Read and plan again, and tell who waits. The last good site stays while there are errors."""
        with self._busy:
            before, found = (self.good, self.findings), self._found(self.wanted)
            if isinstance(found, Made):
                self.good, self.findings = found, ()
            else:
                self.findings = found.findings
            if self.number and before[1] == self.findings and _name(before[0]) == _name(self.good):
                return
            self._travels.clear()
        with self.changed:
            self.number += 1
            self.look = self.good.snapshot.theme.digest if self.good else ""
            self.changed.notify_all()

    def _found(self, wanted: BuildOptions, *, strict: bool = True) -> Made | Faulty:
        """The site that is wanted; unless `strict`, also where a link leads to what is not out at its instant."""
        if self.number:
            wanted = replace(wanted, jobs=1)  # copies of a process with many threads are not safe
        try:
            loaded = load_letter(wanted.root, self.store)
            snapshot = take_snapshot(
                wanted.root,
                loaded,
                self.store.version,
                as_of=wanted.as_of,
                drafts=wanted.drafts,
                base_url=wanted.base_url,
            )
            if self.good and self.good.snapshot.theme.digest == snapshot.theme.digest:
                snapshot = replace(snapshot, theme=self.good.snapshot.theme)  # with all that was made from it
            plan = plan_site(snapshot, self.store, wanted.jobs)
        except BuildError as error:
            return Faulty(error.findings)
        errors = sort_findings(found for found in plan.findings if found.is_error)
        return Faulty(errors) if errors and strict else Made(snapshot, plan)

    def page(self, path: str, *, last: bool = False) -> Answer | Faulty:
        """A path of the site ("/issues/7-small/"); `last` is content with the last good one."""
        with self._busy:
            if self.findings and not (last and self.good):
                return Faulty(self.findings)
            assert self.good, "a letter without errors has a site"
            return _answer(self.good, path)

    def page_at(self, when: str, path: str) -> Answer | Faulty:
        """A path of the site as readers find it at an instant: a day, or a day and a time. Raises InvalidTime."""
        with self._busy:
            if self.good is None or self.findings:
                return Faulty(self.findings)
            instant(when, self.good.snapshot.letter.schedule)
            if when not in self._travels:
                base = f"{self.wanted.base_url}_at/{when}/"
                found = self._found(replace(self.wanted, as_of=when, drafts=False, base_url=base), strict=False)
                if isinstance(found, Faulty):
                    return found
                self._travels[when] = found
                while len(self._travels) > TRAVELS:
                    self._travels.popitem(last=False)
            return _answer(self._travels[when], path)

    def board(self) -> Board | None:
        """The desk of the last good letter, with what `check` finds; None while there has been none."""
        with self._checking:
            with self._busy:
                number, good, held = self.number, self.good, self._board
            if good is None or (held and (held[0] == number or self.findings)):
                return held[1] if held else None
            found = check(self.wanted.root, self.wanted.as_of).findings  # takes longer than a page: let pages through
            with self._busy:
                self._board = number, _board_of(good, found)
                return self._board[1]

    def issue(self, path: str) -> PublishedIssue | None:
        """The issue whose page has a path ("issues/7-small/")."""
        with self._busy:
            issues = self.good.plan.site.view.issues if self.good else ()
            return next((issue for issue in issues if issue.path == path), None)

    def feed_item(self, path: str) -> tuple[str, str, str, str] | None:
        """An issue as a feed reader shows it: title, author, day, and its text in HTML."""
        with self._busy:
            place = self.issue(path)
            if place is None or self.good is None:
                return None
            context = self.good.plan.site.context
            found = item(context, place.source.file)
            day = f"{place.day:%A} {place.day.day} {place.day:%B %Y}"
            return found.title, ", ".join(found.authors), day, content(found, context.texts)


def _board_of(good: Made, found: tuple[Finding, ...]) -> Board:
    letter, site = good.snapshot.letter, good.plan.site
    words = {issue.source.file: site.links.of(issue).words for issue in site.view.issues}
    return board(letter.schedule, site.view, words, found, compute_promise(letter.schedule, good.snapshot.as_of))


def _name(made: Made | None) -> tuple[str, str]:
    """Names all that a site shows, and when it is looked at: the promise counts days."""
    return (made.snapshot.digest, f"{made.snapshot.as_of.date()}") if made else ("", "")


def _answer(made: Made, path: str) -> Answer | Faulty:
    name = path.lstrip("/")
    name += "index.html" if not name or name.endswith("/") else ""
    status = HTTPStatus.OK if name in made.plan.files else HTTPStatus.NOT_FOUND
    output = made.plan.files.get(name) or made.plan.files.get("404.html")
    if output is None:
        return Answer(status, "text/plain; charset=utf-8", b"There is no such page.\n")
    try:
        data = output.make()
    except BuildError as error:
        return Faulty(error.findings)
    kind = guess_type(output.path)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("xml", "json"))
    return Answer(status, f"{kind}; charset=utf-8" if is_text else kind, data)
