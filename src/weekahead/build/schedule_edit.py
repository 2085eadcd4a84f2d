"""Apply an edit to schedule.yaml on disk: what `weekahead plan` and the author's desk share."""

from __future__ import annotations

from collections.abc import Callable
from difflib import ndiff
from pathlib import Path

from weekahead.build.schedule_report import read
from weekahead.model.findings import BuildError
from weekahead.source.schedule_editor import ScheduleEditor
from weekahead.source.text_edit import edit_file


def edit_schedule(root: Path, edit: Callable[[ScheduleEditor], object]) -> list[str]:
    """Edit schedule.yaml under the letter's lock and return the lines removed ("- ") and added ("+ ").

    The editor has the text as it is once the lock is held, so that of two edits at once neither is lost. Raise
    BuildError, with nothing written, for a letter with errors, and EditError for an edit that makes no sense.
    """
    reading = read(root)
    letter = reading.letter
    errors = [f for f in reading.findings if f.is_error and (f.where.file == "schedule.yaml" or letter is None)]
    if errors or letter is None:
        raise BuildError(errors)

    def edited(text: str) -> str:
        editor = ScheduleEditor(text, letter)
        edit(editor)
        return editor.result()

    before, after = edit_file(root, "schedule.yaml", edited)
    changes = ndiff(before.split("\n"), after.split("\n"))
    return [line for line in changes if line.startswith(("- ", "+ "))]
