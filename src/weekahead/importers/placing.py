"""Where an import is staged, and how its files, its report and its ledger come into the letter."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from weekahead.importers.before import LetterBefore
from weekahead.importers.ledger import NAME as LEDGER
from weekahead.importers.ledger import Ledger, ledger_text, read_ledger
from weekahead.importers.options import ImportOptions
from weekahead.importers.report import ImportReport
from weekahead.importers.report_text import NAME as REPORT
from weekahead.importers.report_text import report_text
from weekahead.importers.staged_files import StagedFiles
from weekahead.importers.staging import Move, Stage, commit, digest_of, stage_folder
from weekahead.model.findings import build_error
from weekahead.runtime.files import discard
from weekahead.source.text_edit import letter_lock


@contextmanager
def stage_for(before: LetterBefore, options: ImportOptions) -> Iterator[Stage]:
    """Give a folder for staging: in the letter, under its lock, or elsewhere for a dry run that would make a letter.

    Raise BuildError for what the system refuses; a letter that was not made leaves no folder behind.
    """
    root, is_new = options.root, before.letter is None
    made = [path for path in (root, *root.parents) if not os.path.lexists(path)]
    try:
        if options.dry_run and is_new:
            with tempfile.TemporaryDirectory(prefix="weekahead-import-") as folder:
                yield Stage(root, Path(folder) / "stage")
            return
        with letter_lock(root, LEDGER):
            _require_alone(before)
            try:
                yield Stage(root, stage_folder(root))
            finally:
                discard(stage_folder(root))
    except OSError as error:
        where = os.fsdecode(error.filename or root)
        message = f"cannot write {where}: {(error.strerror or str(error)).lower()}"
        raise build_error(LEDGER, "cannot-write", message) from error
    finally:
        if is_new and not os.path.lexists(root / "letter.yaml"):
            _remove_traces(root, made)


def _require_alone(before: LetterBefore) -> None:
    """Raise BuildError if another import has written the ledger since it was read."""
    if read_ledger(before.root) != before.ledger:
        message = "another import has written to this letter meanwhile"
        raise build_error(LEDGER, "busy", message, "Run this one again.")


def _remove_traces(root: Path, made: list[Path]) -> None:
    """Remove the folders that were made for a letter that was not, as far as they are empty."""
    with suppress(OSError):
        (root / ".weekahead/lock").unlink()
    for path in (root / ".weekahead", *made):
        with suppress(OSError):
            path.rmdir()


def put_in_place(
    stage: Stage, files: StagedFiles, ledger: Ledger, report: ImportReport, before: LetterBefore, options: ImportOptions
) -> None:
    """Stage the report and the ledger, and put everything in place, the ledger last. Raises OSError."""
    root, moves = stage.root, files.moves()
    if options.writes_report:
        name = _report_name(root, before.ledger)
        digest = stage.write(name, report_text(report).encode())
        moves.append(Move(name, digest_of(root, name), digest))
        ledger = replace(ledger, around={**ledger.around, name: digest})
    digest = stage.write(LEDGER, ledger_text(ledger).encode())
    commit(stage, [*moves, Move(LEDGER, digest_of(root, LEDGER), digest)])


def _report_name(root: Path, ledger: Ledger) -> str:
    """Return the name of the report: one that is free, or that of a report that nobody has edited."""
    names = (REPORT if number == 1 else f"import-report-{number}.md" for number in count(1))
    known = ledger.around
    return next(
        name for name in names if not os.path.lexists(root / name) or digest_of(root, name) == known.get(name, "none")
    )
