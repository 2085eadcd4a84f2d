"""Write what an import makes of a letter: staged and tried, then put in place, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weekahead.importers.arrangement.aliases import old_paths
from weekahead.importers.assembly.assemble import AssembledPost
from weekahead.importers.assembly.fetching import Fetcher
from weekahead.importers.job import ImportJob
from weekahead.importers.ledger import Ledger, LedgerEntry
from weekahead.importers.located import located
from weekahead.importers.noted_work import map_noted
from weekahead.importers.notes import Note, Notes, PostNotes
from weekahead.importers.placing import put_in_place, stage_for
from weekahead.importers.proof import prove
from weekahead.importers.report import ImportReport, Redirect
from weekahead.importers.staged_posts import SCHEDULE, StagedLetter, stage_letter
from weekahead.runtime.files import discard


def write_letter(job: ImportJob, notes: Sequence[Note]) -> ImportReport:
    """Write the letter, and return what is to be said of it. Raise BuildError, with nothing written."""
    options, before = job.options, job.before
    with stage_for(before, options) as stage:
        staged = stage_letter(job, stage, _fetcher(job))
        proof = _proved(job, staged.posts) if staged.files.has_changes else []
        report = _report(job, staged, [*notes, *staged.notes, *proof])
        if report.has_news and not options.dry_run:
            put_in_place(stage, staged.files, _ledger(job, staged), report, before, options)
            discard(options.root / ".weekahead/fetched")
        return report


def _fetcher(job: ImportJob) -> Fetcher:
    """Return what fetches files: from the web with `--fetch`, and never on a dry run."""
    return Fetcher(job.options.root / ".weekahead/fetched", None if job.options.dry_run else job.web)


def _ledger(job: ImportJob, staged: StagedLetter) -> Ledger:
    """Return the ledger of what is there now, beside what it has of other exports."""
    before, posts, digests = job.before.ledger, dict(job.before.ledger.posts), staged.files.digests
    for post in staged.posts:
        written = {name: digest for name in (post.file, *post.beside) if (digest := digests.get(name, ""))}
        if written:
            key = job.before.key(post.placed.post.id)
            posts[key] = LedgerEntry(file=post.file, number=post.placed.number, written=written, fetched=post.fetched)
    around = {SCHEDULE: digest} if (digest := digests.get(SCHEDULE, "")) else {}
    return Ledger(posts=posts, around={**before.around, **around})


def _proved(job: ImportJob, posts: Sequence[AssembledPost]) -> list[Note]:
    """Return where the texts, rendered again, differ from their sources."""
    notes = Notes()

    def check(number: int, notes: Notes) -> None:
        placed = posts[number].placed
        own = PostNotes(notes, placed.post.id, placed.post.where)
        prove(placed.whole_text, posts[number].linked, own, posts[number].addresses)

    for done, _ in enumerate(map_noted(check, len(posts), notes), 1):
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
        platform=job.label, source=job.files.label, is_dry_run=job.options.dry_run, counts=counts, files=staged.files.fates,
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
