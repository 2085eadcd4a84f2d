"""Write the file of a new issue: front matter from the schedule, sections from templates/issue.md.j2."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from weekahead.build.as_of import instant
from weekahead.model.findings import build_error
from weekahead.model.issue import Status, slugify
from weekahead.model.letter import Letter
from weekahead.model.schedule import Slot
from weekahead.source.loader import load_letter
from weekahead.source.schedule_editor import EditError, ScheduleEditor, one_line
from weekahead.source.text_edit import create_file, edit_file
from weekahead.source.theme_loader import load_theme
from weekahead.source.yaml_edit import quoted


def write_draft(root: Path, number: int | None, title: str | None) -> Path:
    """Write the file of the next unwritten slot, or of a number, and return its path; never over an existing file.

    A number that is not planned yet is added to schedule.yaml, under its title and in its place. Raise BuildError.
    """
    letter = load_letter(root).require_letter(whole=True)
    slot = _slot(letter, number)
    try:
        title = one_line(title or "") or slot.title
    except EditError as error:
        raise build_error("schedule.yaml", "no-title", f"the title {error}") from None
    if title is None:
        message = f"number {slot.number} on {slot.date} is not planned yet"
        hint = f"Give it a title: weekahead new {slot.number} --title ..."
        raise build_error("schedule.yaml", "no-title", message, hint)
    text = _front_matter(slot, title) + "\n" + _sections(root, letter, slot, title)
    path = create_file(root, f"issues/{slot.number:04}-{_file_stem(title)}.md", text)
    if slot.number not in letter.schedule.entries:
        try:
            edit_file(root, "schedule.yaml", lambda text: _planned(text, slot.number, title))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path


def _file_stem(title: str) -> str:
    """Return a title as a part of a file name, of at most 200 bytes."""
    return slugify(title).encode()[:200].decode("utf-8", "ignore").rstrip("-") or "untitled"


def _planned(text: str, number: int, title: str) -> str:
    """Return the schedule with a draft's number in it, which another command may have planned in the meantime."""
    editor = ScheduleEditor(text)
    return text if number in editor.schedule.entries else editor.add(number, title, "drafting").result()


def _slot(letter: Letter, number: int | None) -> Slot:
    """Return the slot of a number, or the next one without an issue. Raise BuildError."""
    if number is None:
        return next(slot for slot in letter.schedule.slots(instant(None, letter.schedule)) if not slot.written)
    if issue := letter.by_number.get(number):
        raise build_error(issue.source.file, "number-taken", f"issue {number} already exists")
    day = letter.schedule.day(number)
    if day is None:
        message = f"number {number} is beyond the end of the calendar"
        raise build_error("schedule.yaml", "no-such-day", message)
    return letter.schedule.slot(number, day)


def _front_matter(slot: Slot, title: str) -> str:
    """Return the front matter of a new draft, each key as an author would write it."""
    lines = [f"number: {slot.number}", f"title: {quoted(title)}", f"date: {slot.date}", "status: draft"]
    if slot.part:
        of = f", of: {slot.part.of}" if slot.part.of else ""
        lines.append(f"series: {{name: {quoted(slot.part.name, inline=True)}, part: {slot.part.part}{of}}}")
    lines += ["tags: []", "summary:", "research_note:"]
    return "---\n" + "\n".join(lines) + "\n---\n"


def _sections(root: Path, letter: Letter, slot: Slot, title: str) -> str:
    """Render the letter's standing sections from templates/issue.md.j2."""
    from weekahead.site.templates import render_text

    context: dict[str, Any] = {
        "number": slot.number,
        "label": letter.label(slot.number),
        "title": title,
        "date": slot.date,
        "letter": {"title": letter.config.title},
        "promised": _promises(letter, slot.number),
    }
    return render_text(load_theme(root), "issue.md.j2", context)


def _promises(letter: Letter, number: int) -> list[dict[str, str]]:
    """Return the titles that readers were promised for a number, each once, with a link to the first issue that named it."""
    promises: dict[str, dict[str, str]] = {}
    for issue in sorted(letter.issues, key=letter.day):
        for line in issue.next or ():
            if line.number == number and issue.status is Status.READY:
                link = quote(posixpath.relpath(issue.source.file, "issues"))
                promise = {"label": letter.label(issue.number), "title": line.title, "link": link}
                promises.setdefault(line.title, promise)
    return list(promises.values())
