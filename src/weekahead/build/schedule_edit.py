"""Apply an edit of the plan on disk, to schedule.yaml and to the files of drafts: what `weekahead plan` and the author's desk share."""

from __future__ import annotations

from collections.abc import Callable
from difflib import ndiff
from pathlib import Path

from weekahead.build.as_of import instant
from weekahead.build.carried_drafts import carry_drafts
from weekahead.build.schedule_report import read
from weekahead.model.findings import BuildError
from weekahead.source.schedule_editor import ScheduleEditor
from weekahead.source.text_edit import FileEdit, letter_edit

FILE = "schedule.yaml"


def edit_schedule(root: Path, edit: Callable[[ScheduleEditor], object], as_of: str | None = None) -> list[str]:
    """Edit the plan under the letter's lock, with the drafts that it moves; return the lines removed ("- ") and added ("+ ").

    Where other files than schedule.yaml change, the lines of each stand below its name. All files are read once the lock is
    held, so that of two edits at once neither is lost. Raise BuildError, with nothing written, for a letter with errors,
    and EditError for an edit that makes no sense.
    """
    with letter_edit(root) as files:
        reading = read(root)
        letter = reading.letter
        errors = [f for f in reading.findings if f.is_error and (f.where.file == FILE or letter is None)]
        if errors or letter is None:
            raise BuildError(errors)
        editor = ScheduleEditor(files.text(FILE), letter)
        edit(editor)
        files.change(FILE, editor.result())
        carry_drafts(reading, editor, instant(as_of, letter.schedule), files)
        edits = files.edits
    return [*_shown(edits), *editor.remarks]


def _shown(edits: list[FileEdit]) -> list[str]:
    """Return the changed lines, below the name of each file if schedule.yaml is not the only one."""
    lines: list[str] = []
    for each in edits:
        if [one.name for one in edits] != [FILE]:
            lines.append(_heading(each))
        changes = ndiff(each.before.split("\n"), each.after.split("\n"))
        lines += [line for line in changes if line.startswith(("- ", "+ "))]
    return lines


def _heading(edit: FileEdit) -> str:
    """Return the name of a file; both names of one that was renamed, or of its folder if that was."""
    old, new = edit.name, edit.new_name
    if old == new:
        return old
    (folder, _, last), (new_folder, _, new_last) = old.rpartition("/"), new.rpartition("/")
    return f"rename {folder}/ -> {new_folder}/" if last == new_last else f"rename {old} -> {new}"
