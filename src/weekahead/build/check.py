"""Checking: every finding at once, and the promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from weekahead.build.as_of import instant
from weekahead.build.lost_addresses import check_addresses
from weekahead.build.pipeline import Notice, may_remember
from weekahead.build.schedule_report import Checked
from weekahead.build.snapshot import Snapshot, snapshot_of
from weekahead.lint.ci_schedule import check_late_builds
from weekahead.model.cadence_rules import check_missed_slots
from weekahead.model.findings import BuildError, Finding, sort_findings
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Status
from weekahead.model.letter import Letter
from weekahead.model.rules import (
    check_buffer,
    check_future_corrections,
    check_placeholders,
    check_recordings,
    check_rules,
)
from weekahead.model.schedule import Promise, compute_promise
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.site.published import published_files
from weekahead.source.folder import workflows
from weekahead.source.loader import LoadedLetter, load_letter
from weekahead.source.theme_loader import load_theme, read_theme
from weekahead.theme.lookup import Theme

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkReport
    from weekahead.lint.linter import Linter


PATH_TAKEN = "path-taken"


def check(root: Path, as_of: str | None) -> Checked:
    """Return every finding, and the promise. Issues that are not published are looked at as if they were.

    An error hides no other: what is not sound is looked at as far as it can be read, and so is all the rest.
    """
    with open_store(root) as store:
        loaded = load_letter(root, store)
        letter, has_schedule = loaded.partial, loaded.schedule is not None
        now = instant(as_of, loaded.schedule)
        standing = compute_promise(letter.schedule, now)
        broken = check_rules(letter, config=loaded.is_sound("letter.yaml"), schedule=has_schedule)
        findings = [
            *loaded.findings,
            *_lint(loaded, letter, store),
            *_bibliography_findings(loaded, letter, store),
            *broken,
            *check_placeholders(letter),
        ]
        if has_schedule:
            findings += _findings_as_of(letter, standing, now)
            findings += check_late_builds(workflows(root), letter, now)
            findings += _reader_findings(root, letter)
        if any(finding.is_error for finding in findings):
            names = tuple(finding.where.file.rpartition("/")[2] for finding in broken if finding.is_error)
            letter = replace(letter.with_all_days(known=has_schedule), doubts=letter.doubts.with_words(names))
        theme = read_theme(root, findings)
        findings += _site_findings(loaded, letter, theme, standing, broken, store)
        if not any(finding.is_error for finding in broken):
            findings += _mail_findings(loaded, letter, theme, standing, store)
        findings += check_addresses(loaded, letter, now, store)
        return Checked(as_of=now, promise=standing if has_schedule else None, findings=sort_findings(findings))


def _findings_as_of(letter: Letter, standing: Promise, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with a letter at an instant."""
    yield from (finding for finding in check_missed_slots(letter, now) if not letter.doubts.explain(finding))
    yield from check_future_corrections(letter, now)
    yield from check_recordings(letter, now)
    if "number" not in letter.doubts.keys:
        yield from check_buffer(letter, standing.buffer)


def linter_of(loaded: LoadedLetter, letter: Letter, store: Store) -> Linter:
    """Return the linter of a letter. Its findings never stop a build. Raises BuildError when a file changes meanwhile."""
    from weekahead.build.texts import words_of
    from weekahead.lint.linter import Linter

    return Linter(letter, partial(words_of, loaded.folder.root), loaded.folder.size, store)


def _lint(loaded: LoadedLetter, letter: Letter, store: Store) -> tuple[Finding, ...]:
    """Return what the linter finds, remembered while no file of the letter changes."""
    key = hash_value(["linter", loaded.digest])
    return store.memo("findings", key, tuple[Finding, ...], lambda: linter_of(loaded, letter, store).findings())


def _bibliography_findings(loaded: LoadedLetter, letter: Letter, store: Store) -> list[Finding]:
    """Return what is wrong with the letter's bibliographies, remembered while no file of the letter changes."""

    def find() -> tuple[Finding, ...]:
        from weekahead.build.bibliographies import check_bibliographies

        try:
            return tuple(check_bibliographies(loaded, letter))
        except BuildError as error:
            return error.findings

    if not any(name.endswith((".bib", ".json")) for name in loaded.digests):
        return []
    key = hash_value(["bibliographies", loaded.digest])
    findings = store.memo("findings", key, tuple[Finding, ...], find)
    return [finding for finding in findings if not letter.allows(finding)]


def external_links(root: Path, notice: Notice) -> tuple[tuple[Finding, ...], LinkReport]:
    """Ask for every page of the web that the letter links to; return what is wrong, and how many were asked for.

    Asks for nothing when letter.yaml has an error, which `check` says. Raises BuildError when a file changes meanwhile.
    """
    from weekahead.build.bibliographies import dois_to_add
    from weekahead.lint.external_links import LinkReport, check_links

    with open_store(root) as store:
        loaded = load_letter(root, store)
        if not loaded.is_sound("letter.yaml"):  # the User-Agent is to say whose letter it is
            return (), LinkReport({})
        url, linter = loaded.partial.config.url, linter_of(loaded, loaded.partial, store)
        links = list(linter.external_links())
        external = (address for _, address in links if not (address + "/").startswith(url))
        report = check_links(external, store, url, notice=notice)
        return (*linter.link_findings(links, report.statuses), *dois_to_add(loaded, loaded.partial, store)), report


def _site_findings(
    loaded: LoadedLetter, letter: Letter, theme: Theme, standing: Promise, broken: Sequence[Finding], store: Store
) -> list[Finding]:
    """Return what a build would find now, and what is wrong with the issues that are still withheld.

    A site with drafts is planned only for the issues that the public one does not have. Paths that are taken because of what
    is `broken` are not told again.
    """
    findings: list[Finding] = []
    try:
        now = snapshot_of(loaded, letter, theme, standing, store.version, drafts=False)
        findings += _plan_findings(now, store)
        coming = [issue for issue in letter.issues if issue.source.file not in now.out]
        hidden = {issue.source.file for issue in coming}
        hidden |= {page.source.file for page in letter.pages if page.is_draft}
        if hidden:
            later = snapshot_of(loaded, letter, theme, standing, store.version, drafts=True)
            findings += [finding for finding in _plan_findings(later, store) if finding.where.file in hidden]
        for issue in coming:
            findings += _template_findings(now, issue, store) if issue.status is Status.READY else ()
    except BuildError as error:
        findings += error.findings
    known = {finding.where.file for finding in broken if finding.is_error}
    return [finding for finding in findings if finding.rule != PATH_TAKEN or not _is_about(finding, known)]


def _is_about(finding: Finding, files: Iterable[str]) -> bool:
    """Return whether a finding is in one of some files, or names one."""
    return any(finding.where.file == file or f" {file}" in finding.message for file in files)


def _mail_findings(
    loaded: LoadedLetter, letter: Letter, theme: Theme, standing: Promise, store: Store
) -> tuple[Finding, ...]:
    """Return what is wrong with the e-mail editions that are still to be sent, and with that of the newest issue."""
    mail = letter.config.mail
    if mail is None:
        return ()
    snapshot = snapshot_of(loaded, letter, theme, standing, store.version, drafts=True)

    def find() -> tuple[Finding, ...]:
        from weekahead.build.site_plan import site_of
        from weekahead.mail.rules import edition_findings

        out = published_files(letter, standing.as_of)
        try:
            site = site_of(snapshot, store)
            newest = next((issue for issue in site.view.issues if issue.source.file in out), None)
            wanted = [issue for issue in site.view.issues if issue is newest or issue.source.file not in out]
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
    """Return what is wrong with where a letter's list of readers is, and what it lacks for so many."""
    if letter.config.mail is None:
        return []
    from weekahead.build.readers import check_one_click, check_place

    return [*check_place(root, letter.config), *check_one_click(root, letter.config)]


def _plan_findings(snapshot: Snapshot, store: Store) -> tuple[Finding, ...]:
    """Return what planning a snapshot's site finds, remembered by its digest."""

    def plan() -> tuple[Finding, ...]:
        from weekahead.build.site_plan import plan_site

        return plan_site(snapshot, store).findings

    return store.memo("findings", snapshot.digest, tuple[Finding, ...], plan, keep=may_remember)


def _template_findings(snapshot: Snapshot, issue: Issue, store: Store) -> list[Finding]:
    """Return what `new` wrote of an issue, remembered while the theme and the issue stay as they are."""
    letter, root = snapshot.letter, snapshot.loaded.folder.root
    facts = [letter.config.title, letter.label(issue.number), letter.known_day(issue), issue.head, issue.body.digest]

    def find() -> tuple[Finding, ...]:
        from weekahead.build.skeleton import check_skeleton
        from weekahead.build.texts import words_of

        return tuple(check_skeleton(snapshot.theme, letter, issue, words_of(root, issue.body)))

    key = hash_value(["template", snapshot.theme.digest, issue.source.file, facts])
    findings = store.memo("findings", key, tuple[Finding, ...], find)
    return [finding for finding in findings if not letter.allows(finding)]


def check_issue(loaded: LoadedLetter, letter: Letter, issue: Issue, now: datetime) -> tuple[Finding, ...]:
    """Return every finding of one issue: those of its text and keys, of a build on its day, of its e-mail, and what `new` wrote of it.

    `letter` is what was loaded, but perhaps for this issue: as it is to be. Raise BuildError if the site cannot be planned.
    """
    root, file = loaded.folder.root, issue.source.file
    with open_store(root) as store:
        findings = [*loaded.findings, *linter_of(loaded, letter, store).findings({file})]
    findings += diagnose_at(loaded, letter, max(now, letter.instant(issue)))
    letter = letter.with_all_days(known=True)
    findings += [*check_recordings(letter, now), *check_future_corrections(letter, now)]
    with open_store(root, keep=False) as store:
        standing = compute_promise(letter.schedule, now)
        theme = load_theme(root)
        with_drafts = snapshot_of(loaded, letter, theme, standing, store.version, drafts=True)
        findings += _template_findings(with_drafts, issue, store)
        findings += _mail_findings(loaded, letter, theme, standing, store)
        with suppress(BuildError):  # of another text
            findings += _plan_findings(with_drafts, store)
    findings = [finding for finding in findings if finding.where.file == file]
    errors = {(each.where, each.rule, each.message) for each in findings if each.is_error}
    return sort_findings(
        each for each in findings if each.is_error or (each.where, each.rule, each.message) not in errors
    )


def diagnose_at(loaded: LoadedLetter, letter: Letter, at: datetime) -> list[Finding]:
    """Return what a build of a letter at an instant would find. Raise BuildError if its site cannot be planned."""
    root = loaded.folder.root
    with open_store(root, keep=False) as store:
        standing, dated = compute_promise(letter.schedule, at), letter.with_all_days(known=True)
        snapshot = snapshot_of(loaded, dated, load_theme(root), standing, store.version, drafts=False)
        return [*check_rules(letter), *_plan_findings(snapshot, store)]
