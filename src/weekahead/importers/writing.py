"""Write what an import makes of a letter: staged and tried, then put in place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from weekahead.importers.arrangement.aliases import old_paths
from weekahead.importers.assembly.assemble import AssembledPost
from weekahead.importers.assembly.fetching import Fetcher
from weekahead.importers.job import ImportJob
from weekahead.importers.ledger import NAME as LEDGER
from weekahead.importers.ledger import Ledger, LedgerEntry, ledger_text
from weekahead.importers.located import located
from weekahead.importers.notes import Note, Notes, PostNotes
from weekahead.importers.proof import prove
from weekahead.importers.report import Fate, ImportReport, Redirect
from weekahead.importers.report_text import NAME as REPORT
from weekahead.importers.report_text import report_text
from weekahead.importers.staged_posts import SCHEDULE, StagedLetter, stage_letter
from weekahead.importers.staging import Move, Stage, commit, digest_of, stage_folder
from weekahead.model.findings import build_error
from weekahead.runtime.files import discard
from weekahead.source.text_edit import letter_lock


def write_letter(job: ImportJob, notes: Sequence[Note]) -> ImportReport:
    """Write the letter, and return what is to be said of it. Raise BuildError, with nothing written."""
    with _stage(job) as stage:
        staged = stage_letter(job, stage, _fetcher(job))
        is_new = any(fate is not Fate.UNCHANGED for fate in staged.fates.values())
        proof = _proved(job, staged.posts) if is_new else []
        report = _report(job, staged, [*notes, *staged.notes, *proof])
        if report.has_news and not job.options.dry_run:
            _put_in_place(job, stage, staged, report)
            discard(job.options.root / ".weekahead/fetched")
        return report


def _fetcher(job: ImportJob) -> Fetcher:
    """Return what fetches files: from the web with `--fetch`, and never on a dry run."""
    return Fetcher(job.options.root / ".weekahead/fetched", None if job.options.dry_run else job.web)


@contextmanager
def _stage(job: ImportJob) -> Iterator[Stage]:
    """Give a folder for staging: in the letter, under its lock, or elsewhere for a dry run that would make a letter."""
    root, is_new = job.options.root, job.before.letter is None
    made = [path for path in (root, *root.parents) if not os.path.lexists(path)]
    try:
        if job.options.dry_run and is_new:
            with tempfile.TemporaryDirectory(prefix="weekahead-import-") as folder:
                yield Stage(root, Path(folder) / "stage")
            return
        with letter_lock(root, LEDGER):
            try:
                yield Stage(root, stage_folder(root))
            finally:
                discard(stage_folder(root))
    except OSError as error:
        where = os.fsdecode(error.filename or root)
        raise build_error(
            LEDGER, "cannot-write", f"cannot write {where}: {(error.strerror or str(error)).lower()}"
        ) from error
    finally:
        if is_new and not os.path.lexists(root / "letter.yaml"):
            with suppress(OSError):
                (root / ".weekahead/lock").unlink()
            for path in (root / ".weekahead", *made):
                with suppress(OSError):
                    path.rmdir()


def _put_in_place(job: ImportJob, stage: Stage, staged: StagedLetter, report: ImportReport) -> None:
    """Stage the report and the ledger, and put everything in place, the ledger last. Raises OSError."""
    root = job.options.root
    names = [name for name, fate in staged.fates.items() if fate in (Fate.WRITTEN, Fate.REWRITTEN)]
    around = {SCHEDULE: staged.digests[SCHEDULE]} if staged.digests.get(SCHEDULE) else {}
    if job.options.writes_report:
        name = _report_name(job)
        around[name] = stage.write(name, report_text(report).encode())
        names.append(name)
    ledger = ledger_text(_ledger(job, staged, around))
    digests = dict(staged.digests) | around | {LEDGER: stage.write(LEDGER, ledger.encode())}
    commit(stage, [Move(name, digest_of(root, name), digests[name]) for name in (*names, LEDGER)])


def _report_name(job: ImportJob) -> str:
    """Return the name of the report: one that is free, or that of a report that nobody has edited."""
    names = (REPORT if number == 1 else f"import-report-{number}.md" for number in count(1))
    around = job.before.ledger.around
    root = job.options.root
    return next(
        name for name in names if not os.path.lexists(root / name) or digest_of(root, name) == around.get(name, "none")
    )


def _ledger(job: ImportJob, staged: StagedLetter, around: Mapping[str, str]) -> Ledger:
    before, posts = job.before.ledger, dict(job.before.ledger.posts)
    for post in staged.posts:
        names = [post.file, *post.beside]
        written = {name: digest for name in names if (digest := staged.digests.get(name, ""))}
        if written:
            key = job.before.key(post.placed.post.id)
            posts[key] = LedgerEntry(file=post.file, number=post.placed.number, written=written, fetched=post.fetched)
    return Ledger(posts=posts, around={**before.around, **around})


def _proved(job: ImportJob, posts: Sequence[AssembledPost]) -> list[Note]:
    """Return where the texts, rendered again, differ from their sources."""
    notes = Notes()
    for done, post in enumerate(posts, 1):
        source = post.placed.post
        prove(post.placed.text, post.markdown, PostNotes(notes, source.id, source.where), post.addresses)
        job.notice("proof", done, len(posts))
    return notes.all


# -- the report


def _report(job: ImportJob, staged: StagedLetter, notes: Sequence[Note]) -> ImportReport:
    files = {post.placed.post.id: post.file for post in staged.posts}
    issues = [post for post in staged.posts if not post.placed.post.is_page]
    ready = sum(post.placed.is_public for post in issues)
    counts = {
        "ready": ready,
        "drafts": len(issues) - ready,
        "pages": len(staged.posts) - len(issues),
        "files": sum(len(post.beside) for post in staged.posts),
    }
    return ImportReport(
        platform=job.label, source=job.files.label, is_dry_run=job.options.dry_run, counts=counts, files=staged.fates,
        notes=located(notes, files, staged.texts), redirects=[*_redirects(job, staged)], old_site=staged.old_site.url,
        letter_url=staged.letter.config.url,
    )  # fmt: skip


def _redirects(job: ImportJob, staged: StagedLetter) -> Iterator[Redirect]:
    """Yield the old paths of public issues that their aliases do not serve, with their new addresses."""
    letter, old = staged.letter, staged.old_site.url
    is_same_site = f"{old}/" == letter.config.url
    by_file = {issue.source.file: issue for issue in letter.issues}
    for post in staged.posts:
        issue = by_file.get(post.file)
        if issue is None or not post.placed.is_public or letter.known_day(issue) is None:
            continue
        new = letter.config.absolute(letter.config.address(letter.path(issue)))
        for path in old_paths(post.placed.post, job.publication.url):
            if not (is_same_site and path in post.placed.aliases):
                yield Redirect(path, new)
