"""Write the file of a new issue: front matter from the schedule, sections from templates/issue.md.j2."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from weekahead.build.as_of import instant
from weekahead.build.skeleton import render_skeleton
from weekahead.model.findings import Finding, build_error
from weekahead.model.issue import Status, slugify
from weekahead.model.letter import Letter
from weekahead.model.rules import check_plan_against_files
from weekahead.model.schedule import Slot
from weekahead.source.loader import load_letter
from weekahead.source.schedule_editor import EditError, ScheduleEditor, one_line
from weekahead.source.text_edit import create_file, edit_file
from weekahead.source.theme_loader import load_theme
from weekahead.source.yaml_values import quoted


class Draft(Struct, frozen=True):
    """The file of a new issue, and what its author should know of it."""

    path: Path
    findings: tuple[Finding, ...] = ()


def write_draft(root: Path, number: int | None, title: str | None) -> Draft:
    """Write the file of the next unwritten slot, or of a number; never over an existing file.

    With a title and no number, that is the first slot that nothing is planned for. A number that is not planned yet is added to
    schedule.yaml, under its title and in its place. Raise BuildError, and EditError for a title of which readers would see nothing.
    """
    letter = load_letter(root).require_letter(whole=True)
    try:
        title = None if title is None else one_line(title)
    except EditError as error:
        raise build_error("schedule.yaml", "no-title", f"the title {error}") from None
    if title == "":
        raise EditError("a title is needed")
    slot = _next_slot(letter, title) if number is None else _numbered_slot(letter, number)
    title = title or slot.title
    if title is None:
        message = f"number {slot.number} on {slot.date} is not planned yet"
        hint = f"Give it a title: weekahead new {slot.number} --title ..."
        raise build_error("schedule.yaml", "no-title", message, hint)
    promised = _promises(letter, slot.number)
    body = render_skeleton(load_theme(root), letter, slot.number, slot.date, title, promised=promised, stays=True)
    text = _front_matter(slot, title) + "\n" + body
    path = create_file(root, f"issues/{slot.number:04}-{_file_stem(title)}.md", text)
    if slot.number not in letter.schedule.entries:
        try:
            edit_file(root, "schedule.yaml", lambda text: _planned(text, slot.number, title))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Draft(path, () if slot.title in (None, title) else _title_findings(root, path))


def _title_findings(root: Path, path: Path) -> tuple[Finding, ...]:
    """Return what `check` says of a new issue whose title is not the planned one."""
    file = path.relative_to(root).as_posix()
    letter = load_letter(root).letter
    return tuple(found for found in check_plan_against_files(letter) if found.where.file == file) if letter else ()


def _file_stem(title: str) -> str:
    """Return a title as a part of a file name, of at most 200 bytes."""
    return slugify(title).encode()[:200].decode("utf-8", "ignore").rstrip("-") or "untitled"


def _planned(text: str, number: int, title: str) -> str:
    """Return the schedule with a draft's number in it, which another command may have planned in the meantime."""
    editor = ScheduleEditor(text)
    return text if number in editor.schedule.entries else editor.add(number, title, "drafting").result()


def _next_slot(letter: Letter, title: str | None) -> Slot:
    """Return the next slot without an issue; for a title, the one planned under it, else the first without even an idea."""
    schedule, now = letter.schedule, instant(None, letter.schedule)
    unwritten = (slot for slot in schedule.slots(now) if not slot.written)
    if title is None:
        return next(unwritten)
    namesakes = (number for number, entry in schedule.entries.items() if entry.title == title)
    slots = (schedule.slot(number, day) for number in namesakes if (day := schedule.day(number)))
    planned = next((slot for slot in slots if slot.at > now and not slot.written), None)
    return planned or next(slot for slot in unwritten if slot.title is None)


def _numbered_slot(letter: Letter, number: int) -> Slot:
    """Return the slot of a number that has no issue yet. Raise BuildError."""
    if issue := letter.by_number.get(number):
        raise build_error(issue.source.file, "number-taken", f"issue {number} already exists")
    day = letter.schedule.day(number)
    if day is None:
        message = f"number {number} is beyond the end of the calendar"
        raise build_error("schedule.yaml", "no-such-day", message)
    return letter.schedule.slot(number, day)


def _front_matter(slot: Slot, title: str) -> str:
    """Return the front matter of a new draft, each key as an author would write it; its day stays in the schedule."""
    lines = [f"number: {slot.number}", f"title: {quoted(title)}", "status: draft"]
    if slot.part:
        of = f", of: {slot.part.of}" if slot.part.of else ""
        lines.append(f"series: {{name: {quoted(slot.part.name, inline=True)}, part: {slot.part.part}{of}}}")
    lines += ["tags: []", "summary:", "research_note:"]
    return "---\n" + "\n".join(lines) + "\n---\n"


def _promises(letter: Letter, number: int) -> list[dict[str, str]]:
    """Return the titles that readers were promised for a number, each once, with a link to the first issue that named it."""
    promises: dict[str, dict[str, str]] = {}
    ready = (issue for issue in letter.issues if issue.status is Status.READY)
    for issue in sorted(ready, key=letter.day):
        for line in issue.next or ():
            if line.number == number:
                link = quote(posixpath.relpath(issue.source.file, "issues"))
                promise = {"label": letter.label(issue.number), "title": line.title, "link": link}
                promises.setdefault(line.title, promise)
    return list(promises.values())
