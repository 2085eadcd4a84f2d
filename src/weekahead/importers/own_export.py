"""Bring what `weekahead export folder` wrote into a letter again: the same letter, file by file."""

from __future__ import annotations

from collections.abc import Iterable

from weekahead.build.scaffold import surroundings
from weekahead.importers.before import letter_before
from weekahead.importers.export_folder import read_export_folder
from weekahead.importers.ledger import Ledger
from weekahead.importers.notes import Note, Outcome
from weekahead.importers.options import ImportOptions
from weekahead.importers.placing import put_in_place, stage_for
from weekahead.importers.report import Fate, ImportReport, ReportedNote
from weekahead.importers.staged_files import StagedFiles
from weekahead.importers.trial import try_letter
from weekahead.model.findings import BuildError, Finding
from weekahead.model.issue import Status
from weekahead.model.letter import Letter

LABEL = "an export of weekahead"


def import_own_export(options: ImportOptions) -> ImportReport:
    """Bring a letter's export into a letter, whole or not at all, and return what is to be said of it. Raise BuildError."""
    read = read_export_folder(options.source)
    before = letter_before(options.root, "weekahead")
    around = {} if before.letter else surroundings()
    with stage_for(before, options) as stage:
        files = StagedFiles(stage, before.ledger.digests)
        files.begin()
        for name, data in (around | dict(read.files)).items():
            files.write(name, data)
        letter, errors = try_letter(stage.letter, options.now)
        if errors:
            raise BuildError(errors)
        report = _report(options, letter, files, read.findings)
        if report.has_news and not options.dry_run:
            written = {name: digest for name, digest in files.digests.items() if digest and name not in around}
            ledger = Ledger(posts=before.ledger.posts, around={**before.ledger.around, **written})
            put_in_place(stage, files, ledger, report, before, options)
        return report


def _report(options: ImportOptions, letter: Letter, files: StagedFiles, findings: Iterable[Finding]) -> ImportReport:
    ready = sum(issue.status is Status.READY for issue in letter.issues)
    counts = {
        "ready": ready,
        "drafts": len(letter.issues) - ready,
        "pages": len(letter.pages),
        "files": len(letter.files),
    }
    notes = [
        ReportedNote(Note(outcome=Outcome.ASK, rule=found.rule, message=found.message, hint=found.hint), found.where)
        for found in findings
    ]
    fates: dict[str, Fate] = files.fates
    return ImportReport(
        platform=LABEL, source=options.source.name, is_dry_run=options.dry_run, counts=counts, files=fates, notes=notes,
        redirects=(), old_site="", letter_url=letter.config.url,
    )  # fmt: skip
