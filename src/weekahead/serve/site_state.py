"""The site in memory, as the files on disk have it now: with drafts, as of any instant, and the last one without errors."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http import HTTPStatus
from io import BytesIO
from mimetypes import guess_type
from typing import TYPE_CHECKING, BinaryIO, TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from weekahead.build.as_of import instant
from weekahead.build.check import check
from weekahead.build.pipeline import BuildOptions
from weekahead.build.sent_issues import sent_issues
from weekahead.build.site_plan import SitePlan, plan_site
from weekahead.build.snapshot import Snapshot, take_snapshot
from weekahead.feeds.items import content, item
from weekahead.model.findings import BuildError, Finding
from weekahead.model.issue import find_issue
from weekahead.model.schedule import compute_promise
from weekahead.runtime.store import Store
from weekahead.serve.apart import make_apart
from weekahead.serve.dashboard import Dashboard, make_dashboard
from weekahead.serve.pages import FILE_POLICY, HARMLESS
from weekahead.site.issue_page import minutes_for
from weekahead.site.output import CopiedFile, Output
from weekahead.site.page_output import made_with_policy
from weekahead.site.published import PublishedIssue
from weekahead.source.loader import load_letter

if TYPE_CHECKING:
    from weekahead.mail.edition import Edition

MAX_SLOW_FILES = 4
"""Files that took seconds to make and are held."""
MAX_DATED_SITES = 4
"""Sites of other days that are held at once."""


class Response(Struct, frozen=True):
    """What an address of the site answers."""

    status: HTTPStatus
    media_type: str
    """With its charset."""
    content: BinaryIO
    """To be closed. A file of the letter may be longer than memory."""
    policy: str | None
    """What a browser may load for it (Content Security Policy); None for no limit."""
    is_page: bool = False


class Site(Struct, frozen=True):
    """A site without errors, whose pages are rendered when they are asked for."""

    snapshot: Snapshot
    plan: SitePlan


class SiteState(Struct):
    """The letter as its files have it. Every method may be called from any thread.

    `last_good` is the last site without errors, `errors` what is wrong since. `version` counts what was shown, and
    `changed` notifies of each new one.
    """

    options: BuildOptions
    store: Store
    last_good: Site | None = None
    errors: tuple[Finding, ...] = ()
    version: int = 0
    theme: str = ""
    """The digest of the theme; pages of another one are loaded whole."""
    changed: threading.Condition = field(default_factory=threading.Condition)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _check_lock: threading.Lock = field(default_factory=threading.Lock)
    _dated_sites: OrderedDict[str, Site] = field(default_factory=OrderedDict)
    _dashboard: tuple[int, Dashboard] | None = None
    _slow_lock: threading.Lock = field(default_factory=threading.Lock)
    _slow_files: OrderedDict[tuple[str, str, str], tuple[bytes, str | None]] = field(default_factory=OrderedDict)
    """What took seconds to make and its policy, by the digest of the site, its day and the path."""

    def refresh(self) -> None:
        """Read and plan again, and notify. The last good site stays while there are errors."""
        with self._lock:
            before, errors = self.last_good, self.errors
            try:
                self.last_good, self.errors = self._load(self.options), ()
            except BuildError as error:
                self.errors = error.findings
            is_same = before is self.last_good or (before and _has_snapshot(self.last_good, before.snapshot))
            if self.version and errors == self.errors and is_same:
                return
            self._dated_sites.clear()
        with self.changed:
            self.version += 1
            self.theme = self.last_good.snapshot.theme.digest if self.last_good else ""
            self.changed.notify_all()

    def follow_clock(self) -> None:
        """Read again if time has passed since: overnight a day begins, and at its instant an issue comes out."""
        with self._lock:
            site = self.last_good
            if (
                self.options.as_of is None
                and site
                and instant(None, site.snapshot.letter.schedule) != site.snapshot.as_of
            ):
                self.refresh()

    def _load(self, options: BuildOptions, *, strict: bool = True) -> Site:
        """Return the site; unless `strict`, also one with links to what is not published as of then. Raise BuildError."""
        snapshot = take_snapshot(
            load_letter(options.root, self.store),
            self.store.version,
            as_of=options.as_of,
            drafts=options.drafts,
            base_url=options.base_url,
        )
        if options is self.options and not self.errors and _has_snapshot(self.last_good, snapshot):
            return self.last_good
        if self.last_good and self.last_good.snapshot.theme.digest == snapshot.theme.digest:
            snapshot = replace(snapshot, theme=self.last_good.snapshot.theme)  # its templates are compiled
        jobs = 1 if self.version else options.jobs  # forks of a process with many threads are not safe
        plan = plan_site(snapshot, self.store, jobs)
        errors = [finding for finding in plan.findings if finding.is_error]
        if errors and strict:
            raise BuildError(errors)
        return Site(snapshot, plan)

    def page(self, path: str, *, last_good: bool = False) -> Response:
        """Return what a path ("/issues/7-small/") answers; with `last_good` also while there are errors. Raise BuildError."""
        with self._lock:
            if self.errors and not (last_good and self.last_good):
                raise BuildError(self.errors)
            assert self.last_good, "a letter without errors has a site"
            return _respond(self.last_good, path)

    def slow_file(self, path: str, when: str | None = None, *, last_good: bool = False) -> Response | None:
        """Return a file that takes seconds to make, such as a PDF, of the site or of that of a loaded day; None for any other. Raise BuildError.

        It is made without the lock, in a process of its own: pages answer meanwhile. Once made, it is held; with `last_good` it is there also while there are errors.
        """
        name = _name_of(path)
        if not self._slow_output(name, when):
            return None
        with self._slow_lock:
            with self._lock:  # what has changed while this waited is in what is made now
                site, errors, output = self._site_of(when), self.errors, self._slow_output(name, when)
            if site is None or output is None:
                return None
            key = (*_digest(site.snapshot), name)
            if errors and not (last_good and key in self._slow_files):
                raise BuildError(errors)
            if key not in self._slow_files:
                self._slow_files[key] = make_apart(self._options_of(when), name)
                while len(self._slow_files) > MAX_SLOW_FILES:
                    self._slow_files.popitem(last=False)
            body, policy = self._slow_files[key]
        media_type = _media_type(name)
        shown = None if media_type.startswith(HARMLESS) else policy
        return Response(HTTPStatus.OK, media_type, BytesIO(body), shown, _is_page(name))

    def _site_of(self, when: str | None) -> Site | None:
        return self._dated_sites.get(when) if when else self.last_good

    def _slow_output(self, name: str, when: str | None) -> Output | None:
        with self._lock:
            site = self._site_of(when)
            output = site.plan.files.get(name) if site else None
            return output if isinstance(output, Output) and output.is_slow else None

    def load_day(self, when: str) -> Site:
        """Return the site that readers see as of a day, or a day and a time. Raise InvalidTime and BuildError."""
        with self._lock:
            if self.last_good is None or self.errors:
                raise BuildError(self.errors)
            instant(when, self.last_good.snapshot.letter.schedule)
            if when not in self._dated_sites:
                self._dated_sites[when] = self._load(self._options_of(when), strict=False)
                while len(self._dated_sites) > MAX_DATED_SITES:
                    self._dated_sites.popitem(last=False)
            return self._dated_sites[when]

    def page_at(self, when: str, path: str) -> Response:
        """Return what a path answers to readers as of a day. Raise InvalidTime and BuildError."""
        return _respond(self.load_day(when), path)

    def _options_of(self, when: str | None) -> BuildOptions:
        """Return the options of the site, or of that of a day."""
        if when is None:
            return self.options
        return replace(self.options, as_of=when, drafts=False, base_url=f"{self.options.base_url}_at/{when}/")

    def dashboard(self) -> Dashboard | None:
        """Return the desk of the last good letter, with the findings of `check`; None while there has been none."""
        with self._check_lock:
            with self._lock:
                version, site, cached = self.version, self.last_good, self._dashboard
            if site is None or (cached and (cached[0] == version or self.errors)):
                return cached[1] if cached else None
            findings = check(self.options.root, self.options.as_of).findings  # slower than a page: without the lock
            with self._lock:
                self._dashboard = version, _dashboard_of(site, findings)
                return self._dashboard[1]

    def issue(self, path: str) -> PublishedIssue | None:
        """Return the issue whose page has a path ("issues/7-small/")."""
        with self._lock:
            issues = self.last_good.plan.site.view.issues if self.last_good else ()
            return next((issue for issue in issues if issue.path == path), None)

    def issue_of(self, file: str) -> PublishedIssue | None:
        """Return the issue that is written in a file."""
        with self._lock:
            issues = self.last_good.plan.site.view.issues if self.last_good else ()
            return next((issue for issue in issues if issue.source.file == file), None)

    def findings(self) -> tuple[Finding, ...]:
        """Return what `check` says of the letter as its files are now, also while there are errors."""
        with self._check_lock:
            return check(self.options.root, self.options.as_of).findings

    def length_of(self, file: str) -> dict[str, object]:
        """Return the words of an issue, the minutes to read it, the path of its page, and whether it is out; nothing of what has none."""
        with self._lock:
            issue = self.issue_of(file)
            if issue is None or self.last_good is None:
                return {}
            facts = self.last_good.plan.site.links.of(issue)
            mark = issue.mark or "Published"
            return {"words": facts.words, "minutes": minutes_for(facts.words), "path": issue.path, "mark": mark}

    def edition(self, key: str) -> Edition | None:
        """Return the e-mail edition of the issue with a number or slug, published or not. Raise BuildError."""
        from weekahead.build.edition import edition_in

        with self._lock:
            site = self.last_good
            issues = site.plan.site.view.issues if site else ()
            wanted = find_issue([each.issue for each in issues], key)
            issue = next((each for each in issues if each.issue is wanted), None)
            return edition_in(site.snapshot, site.plan.site, issue) if site and issue else None

    def feed_item(self, path: str) -> tuple[str, str, str, str, str] | None:
        """Return an issue as a feed reader shows it: title, author, day, its text in HTML, and its language."""
        with self._lock:
            issue = self.issue(path)
            if issue is None or self.last_good is None:
                return None
            context = self.last_good.plan.site.context
            feed_item = item(context, issue.source.file)
            day = f"{issue.day:%A} {issue.day.day} {issue.day:%B %Y}"
            html, language = content(feed_item, context.texts), feed_item.language or context.config.language
            return feed_item.title, ", ".join(feed_item.authors), day, html, language


def _dashboard_of(site: Site, findings: tuple[Finding, ...]) -> Dashboard:
    schedule, view, links = site.snapshot.letter.schedule, site.plan.site.view, site.plan.site.links
    words = {issue.source.file: links.of(issue).words for issue in view.issues}
    dashboard = make_dashboard(schedule, view, words, findings, compute_promise(schedule, site.snapshot.as_of))
    return replace(dashboard, sent=sent_issues(site.snapshot.loaded.folder.root, site.snapshot.letter))


def _digest(snapshot: Snapshot) -> tuple[str, str]:
    """Return the digest of all that a site shows, and its day: the promise counts days."""
    return snapshot.digest, f"{snapshot.as_of.date()}"


def _has_snapshot(site: Site | None, snapshot: Snapshot) -> TypeGuard[Site]:
    """Return whether a site shows what a snapshot would."""
    return site is not None and _digest(site.snapshot) == _digest(snapshot)


def _respond(site: Site, path: str) -> Response:
    name = _name_of(path)
    status = HTTPStatus.OK if name in site.plan.files else HTTPStatus.NOT_FOUND
    output = site.plan.files.get(name) or site.plan.files.get("404.html")
    if output is None:
        return Response(status, "text/plain; charset=utf-8", BytesIO(b"Page not found.\n"), FILE_POLICY)
    media_type = _media_type(output.path)
    if isinstance(output, CopiedFile):
        policy = None if media_type.startswith(HARMLESS) else FILE_POLICY
        return Response(status, media_type, output.open(), policy)
    body, policy = made_with_policy(output)
    return Response(status, media_type, BytesIO(body), policy, _is_page(output.path))


def _name_of(path: str) -> str:
    """Return the name in the site of the file that an address leads to."""
    name = path.lstrip("/")
    return name + ("index.html" if not name or name.endswith("/") else "")


def _is_page(name: str) -> bool:
    return name.endswith((".html", ".htm"))


def _media_type(path: str) -> str:
    media_type, encoding = guess_type(path)
    if media_type is None or encoding:
        return "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type.endswith(("xml", "json"))
    return f"{media_type}; charset=utf-8" if is_text else media_type
