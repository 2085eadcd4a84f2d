"""Checking: every finding at once, and the promise."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from weekahead.build.as_of import instant
from weekahead.build.pipeline import Notice, may_remember
from weekahead.build.schedule_report import Checked
from weekahead.build.snapshot import Snapshot, snapshot_of
from weekahead.lint.ci_schedule import check_late_builds
from weekahead.model.findings import BuildError, Finding, sort_findings
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Status
from weekahead.model.letter import Letter
from weekahead.model.rules import check_buffer, check_future_corrections, check_missed_slots, check_rules
from weekahead.model.schedule import Promise, compute_promise
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.site.published import published_files
from weekahead.source.folder import workflows
from weekahead.source.loader import LoadedLetter, load_letter
from weekahead.source.theme_loader import load_theme

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkReport
    from weekahead.lint.linter import Linter


def check(root: Path, as_of: str | None) -> Checked:
    """Return every finding, and the promise. Issues that are not published are looked at as if they were."""
    with open_store(root) as store:
        loaded = load_letter(root, store)
        letter, findings = loaded.letter, [*loaded.findings]
        now = instant(as_of, loaded.schedule)
        standing = compute_promise(loaded.schedule, now) if loaded.schedule else None
        if letter is not None and standing is not None:
            findings += _lint(loaded, letter, store)
            broken = check_rules(letter)
            findings += broken
            if loaded.is_whole:
                findings += check_missed_slots(letter, now)
                findings += check_future_corrections(letter, now)
                findings += check_buffer(letter, standing.buffer)
                findings += check_late_builds(workflows(root), letter, now)
                findings += _reader_findings(root, letter)
                if not any(finding.is_error for finding in broken):
                    findings += _site_findings(loaded, letter, standing, store)
                    findings += _mail_findings(loaded, letter, standing, store)
        return Checked(as_of=now, promise=standing, findings=sort_findings(findings))


def linter_of(loaded: LoadedLetter, letter: Letter, store: Store) -> Linter:
    """Return the linter of a letter. Its findings never stop a build. Raises BuildError when a file changes meanwhile."""
    from weekahead.build.texts import words_of
    from weekahead.lint.linter import Linter

    return Linter(letter, partial(words_of, loaded.folder.root), loaded.folder.size, store)


def _lint(loaded: LoadedLetter, letter: Letter, store: Store) -> tuple[Finding, ...]:
    """Return what the linter finds, remembered while no file of the letter changes."""
    key = hash_value(["linter", loaded.digest])
    return store.memo("findings", key, tuple[Finding, ...], lambda: linter_of(loaded, letter, store).findings())


def external_links(root: Path, notice: Notice) -> tuple[tuple[Finding, ...], LinkReport]:
    """Ask for every page of the web that the letter links to; return what is wrong, and how many were asked for.

    Asks for nothing when the letter cannot be read, which `check` says. Raises BuildError when a file changes meanwhile.
    """
    from weekahead.lint.external_links import LinkReport, check_links

    with open_store(root) as store:
        loaded = load_letter(root, store)
        if loaded.letter is None:
            return (), LinkReport({})
        url, linter = loaded.letter.config.url, linter_of(loaded, loaded.letter, store)
        links = list(linter.external_links())
        external = (address for _, address in links if not (address + "/").startswith(url))
        report = check_links(external, store, url, notice=notice)
        return linter.link_findings(links, report.statuses), report


def _site_findings(loaded: LoadedLetter, letter: Letter, standing: Promise, store: Store) -> list[Finding]:
    """Return what a build would find now, and what is wrong with the issues that are still withheld.

    A site with drafts is planned only for the issues that the public one does not have.
    """
    try:
        theme = load_theme(loaded.folder.root)
        now = snapshot_of(loaded, letter, theme, standing, store.version, drafts=False)
        findings = [*_plan_findings(now, store)]
        hidden = {issue.source.file for issue in letter.issues} - now.out
        hidden |= {page.source.file for page in letter.pages if page.is_draft}
        if hidden:
            later = snapshot_of(loaded, letter, theme, standing, store.version, drafts=True)
            findings += [finding for finding in _plan_findings(later, store) if finding.where.file in hidden]
        return findings
    except BuildError as error:
        return list(error.findings)


def _mail_findings(loaded: LoadedLetter, letter: Letter, standing: Promise, store: Store) -> tuple[Finding, ...]:
    """Return what is wrong with the e-mail editions that are still to be sent, and with that of the newest issue."""
    mail = letter.config.mail
    if mail is None:
        return ()
    theme = load_theme(loaded.folder.root)
    snapshot = snapshot_of(loaded, letter, theme, standing, store.version, drafts=True)

    def find() -> tuple[Finding, ...]:
        from weekahead.build.site_plan import site_of
        from weekahead.mail.rules import edition_findings

        out, site = published_files(letter, standing.as_of), site_of(snapshot, store)
        newest = next((issue for issue in site.view.issues if issue.source.file in out), None)
        wanted = [issue for issue in site.view.issues if issue is newest or issue.source.file not in out]
        try:
            found = (
                finding
                for issue in wanted
                if issue.issue.mail.send
                for finding in edition_findings(site.context, issue, mail)
            )
            return tuple(dict.fromkeys(found))
        except BuildError as error:
            return error.findings

    return store.memo("findings", hash_value(["mail", snapshot.digest]), tuple[Finding, ...], find)


def _reader_findings(root: Path, letter: Letter) -> list[Finding]:
    """Return what a letter's set-up lacks for as many readers as it has."""
    if letter.config.mail is None:
        return []
    from weekahead.build.readers import check_one_click

    return check_one_click(root, letter.config)


def _plan_findings(snapshot: Snapshot, store: Store) -> tuple[Finding, ...]:
    """Return what planning a snapshot's site finds, remembered by its digest."""

    def plan() -> tuple[Finding, ...]:
        from weekahead.build.site_plan import plan_site

        return plan_site(snapshot, store).findings

    return store.memo("findings", snapshot.digest, tuple[Finding, ...], plan, keep=may_remember)


def lint_issue(loaded: LoadedLetter, letter: Letter, issue: Issue) -> tuple[Finding, ...]:
    """Return what the linter finds in one issue, were it ready: warnings and notes."""
    with open_store(loaded.folder.root) as store:
        linter = linter_of(loaded, letter.with_status(issue, Status.READY), store)
        return linter.findings({issue.source.file})


def diagnose_as(loaded: LoadedLetter, letter: Letter, issue: Issue, status: Status, at: datetime) -> list[Finding]:
    """Return what a build at an instant would find, were one issue of another status."""
    from weekahead.build.site_plan import plan_site

    root, changed = loaded.folder.root, letter.with_status(issue, status)
    with open_store(root, keep=False) as store:
        standing = compute_promise(letter.schedule, at)
        snapshot = snapshot_of(loaded, changed, load_theme(root), standing, store.version, drafts=False)
        return [*check_rules(changed), *plan_site(snapshot, store).findings]
