"""Beginnings: a new letter out of the starter, and the next issue's file out of the plan."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from weekahead import __version__
from weekahead.build.pipeline import diagnose_as, lint_issue
from weekahead.build.schedule_report import instant
from weekahead.build.writer import edit_file
from weekahead.model.findings import BuildError, Finding, Location, in_file_order, nearest
from weekahead.model.issue import Issue, StampedPromise, Status, slugify
from weekahead.model.letter import Letter
from weekahead.model.schedule import Slot
from weekahead.source.json_schema import KINDS, schema
from weekahead.source.loader import LoadedLetter, load_letter, load_theme
from weekahead.source.schedule_editor import add, quoted
from weekahead.theme.lookup import starter

IGNORED = "# What weekahead makes and remembers; the letter is everything else.\n/site/\n/.weekahead/\n"
AROUND = {"github": ".github", "vscode": ".vscode"}
"""What stands around a letter, for those who publish and edit it, and the folder of the letter that it goes to."""


def refuse(where: str, rule: str, message: str, hint: str = "") -> BuildError:
    return BuildError([Finding(where=Location(where), rule=rule, message=message, hint=hint)])


# -- a new letter


def start_letter(folder: Path) -> None:
    """Copy the starter into a new or empty folder, with an id of its own and dated from today."""
    if folder.is_file() or (folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir())):
        raise refuse(
            str(folder),
            "not-empty",
            f"{folder} is there already and is not an empty folder",
            "Name a new folder.",
        )
    source, around = starter(), Path(__file__).parent / "init_files"
    try:
        for name in ("issues", "pages", "templates"):
            shutil.copytree(source / name, folder / name)
        letter = (source / "letter.yaml").read_text("utf-8")
        (folder / "letter.yaml").write_text(re.sub(r"(?m)^id:.*$", f"id: urn:uuid:{uuid.uuid4()}", letter), "utf-8")
        shutil.copyfile(source / "schedule.yaml", folder / "schedule.yaml")
        (folder / ".gitignore").write_text(IGNORED, "utf-8")
        for name, found in AROUND.items():
            shutil.copytree(around / name, folder / found)
        needs = (around / "requirements.txt").read_text("utf-8")
        (folder / "requirements.txt").write_text(needs + f"weekahead=={__version__}\n", "utf-8")
        write_schemas(folder)
    except OSError as error:
        raise refuse(
            str(folder), "cannot-write", f"cannot write {error.filename}: {(error.strerror or '').lower()}"
        ) from error
    _redate(folder)


def _redate(folder: Path) -> None:
    """Move every date by whole weeks, so that the newest issue came out in the last week."""
    letter = load_letter(folder).letter
    assert letter is not None, "the starter is a sound letter"
    today = instant(None, letter.schedule)
    out = [letter.instant(issue) for issue in letter.issues if issue.number is not None and issue.status == "ready"]
    move = (today - max(out)) // timedelta(weeks=1) * timedelta(weeks=1)
    for issue in letter.issues:
        path = folder / issue.source.file
        header, fence, body = path.read_text("utf-8").partition("\n---\n")
        path.write_text(_moved(header, move) + fence + body, "utf-8")
        if issue.number is None and not issue.source.is_folder_issue:
            path.rename(path.with_name(_moved(path.name, move)))
    schedule = folder / "schedule.yaml"
    schedule.write_text(_moved(schedule.read_text("utf-8"), move), "utf-8")


def _moved(text: str, move: timedelta) -> str:
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: str(date.fromisoformat(found[0]) + move), text)


def write_schemas(root: Path) -> list[Path]:
    """Put the schemas of letter.yaml, schedule.yaml and an issue into .vscode/. Raises BuildError."""
    paths = []
    for name in KINDS:
        path = root / ".vscode" / f"{name}.schema.json"
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            message = f"cannot write {path.name}: {(error.strerror or '').lower()}"
            raise refuse(f".vscode/{path.name}", "cannot-write", message) from error
        paths.append(path)
    return paths


# -- a template to change


def copy_template(root: Path, name: str) -> Path:
    """Copy a packaged template, asset or file of words into the letter's templates/; never over one that is there."""
    known = template_names()
    name = name.removeprefix("templates/")
    if name not in known:
        raise refuse("templates", "no-template", f'there is no template "{name}"', nearest(name, known))
    path = root / "templates" / name
    if path.exists():
        hint = "It is yours to change. Delete it to have ours again."
        raise refuse(f"templates/{name}", "not-empty", f"templates/{name} is there already", hint)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((starter() / "templates" / name).read_bytes())
    except OSError as error:
        message = f"cannot write templates/{name}: {(error.strerror or '').lower()}"
        raise refuse(f"templates/{name}", "cannot-write", message) from error
    return path


def template_names() -> list[str]:
    """The packaged templates, assets and files of words."""
    folder = starter() / "templates"
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if not name.startswith("."))


# -- a new issue


def draft(root: Path, number: int | None, title: str | None) -> Path:
    """Write the file of the next unwritten slot, or of a number; never over one that is there.

    A number that nobody has planned is planned with it, under its title and in its place. Raises BuildError.
    """
    reading = load_letter(root)
    if reading.letter is None or not reading.is_whole:
        raise BuildError(reading.findings)
    letter = reading.letter
    slot = _slot(letter, number)
    title = title or slot.title
    if title is None:
        raise refuse(
            "schedule.yaml",
            "no-title",
            f"number {slot.number} on {slot.date} is not planned yet",
            "Give it a title: weekahead new --title ...",
        )
    path = root / "issues" / f"{slot.number:04}-{slugify(title) or 'untitled'}.md"
    text = front_matter(letter, slot, title) + "\n" + _sections(root, letter, slot, title)
    try:
        path.parent.mkdir(exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise refuse(
            str(path), "cannot-write", f"cannot write {path.name}: {(error.strerror or '').lower()}"
        ) from error
    if slot.number not in letter.schedule.entries:
        edit_file(root, "schedule.yaml", lambda plan: add(plan, slot.number, title, "drafting"))
    return path


def _slot(letter: Letter, number: int | None) -> Slot:
    if number is None:
        return next(slot for slot in letter.schedule.slots(instant(None, letter.schedule)) if not slot.written)
    if issue := letter.by_number.get(number):
        raise refuse(issue.source.file, "number-taken", f"number {number} is written already")
    day = letter.schedule.day(number)
    if day is None:
        raise refuse("schedule.yaml", "no-such-day", f"number {number} lies beyond the end of the calendar")
    return letter.schedule.slot(number, day)


def front_matter(letter: Letter, slot: Slot, title: str) -> str:
    """The header of a new draft, each key as an author would write it."""
    lines = [f"number: {slot.number}", f"title: {quoted(title)}", f"date: {slot.date}", "status: draft"]
    if slot.part:
        of = f", of: {slot.part.of}" if slot.part.of else ""
        lines.append(f"series: {{name: {quoted(slot.part.name, inline=True)}, part: {slot.part.part}{of}}}")
    lines += ["tags: []", "summary:", "research_note:"]
    return "---\n" + "\n".join(lines) + "\n---\n"


# -- a finished issue


class Marked(Struct, frozen=True, kw_only=True):
    """An issue whose status was changed: its file, the address of its page, when it comes out, and whether that is past."""

    path: Path
    address: str
    at: datetime
    zone: str
    is_due: bool
    findings: tuple[Finding, ...] = ()
    """What the preflight notices in an issue that is ready now; what the next build will find wrong without one."""


def mark_ready(root: Path, number: int) -> Marked:
    """Set an issue's status to ready and stamp its "what's next" list; refused while anything is wrong with it."""
    reading, letter, issue = _numbered(root, number)
    found = diagnose_as(root, reading, letter, issue, Status.READY, letter.instant(issue))
    faulty = [
        finding
        for finding in found
        if finding.where.file == issue.source.file and finding.rule != "recorded-then-edited"
    ]
    if any(finding.is_error for finding in faulty):
        raise BuildError(faulty)
    slips = lint_issue(root, reading, letter, issue)
    recorded = issue.body.digest if issue.audio else None
    edit_file(root, issue.source.file, lambda text: stamped(text, promised(letter, number), recorded))
    return replace(_marked(root, letter, issue), findings=slips)


def unpublish(root: Path, number: int) -> Marked:
    """Make an issue that is ready a draft again, in its own line of its file; refused if it is none."""
    reading, letter, issue = _numbered(root, number)
    if issue.status is not Status.READY:
        message = f"issue {number} is not ready, so no reader sees it: its status is {issue.status}"
        raise BuildError([Finding(where=issue.source.at("status"), rule="not-ready", message=message)])
    edit_file(root, issue.source.file, lambda text: _edited(text, lambda header: _with_status(header, Status.DRAFT)))
    found = diagnose_as(root, reading, letter, issue, Status.DRAFT, instant(None, letter.schedule))
    return replace(_marked(root, letter, issue), findings=in_file_order(found))


def _numbered(root: Path, number: int) -> tuple[LoadedLetter, Letter, Issue]:
    """The letter and its issue of a number. Raises BuildError."""
    reading = load_letter(root)
    if reading.letter is None or not reading.is_whole:
        raise BuildError(reading.findings)
    issue = reading.letter.by_number.get(number)
    if issue is None:
        raise refuse("issues", "no-such-issue", f"there is no issue {number}", f"Begin it: weekahead new {number}")
    return reading, reading.letter, issue


def _marked(root: Path, letter: Letter, issue: Issue) -> Marked:
    at = letter.instant(issue)
    address = letter.config.absolute(letter.config.address(letter.path(issue)))
    is_due = at <= instant(None, letter.schedule)
    return Marked(path=root / issue.source.file, address=address, at=at, zone=str(letter.schedule.zone), is_due=is_due)


def promised(letter: Letter, number: int) -> list[StampedPromise]:
    """What readers are promised after a number: the planned titles of those that follow."""
    found = []
    for following in range(number + 1, number + 1 + letter.config.whats_next):
        entry, issue = letter.schedule.entries.get(following), letter.by_number.get(following)
        title = (
            entry.title if entry and entry.state.counts else issue.title if issue and issue.status == "ready" else None
        )
        if title and not (entry and entry.secret):
            found.append(StampedPromise(number=following, title=title, date=letter.schedule.day(following)))
    return found


def stamped(text: str, promises: list[StampedPromise], recorded: str | None = None) -> str:
    """An issue's text with status ready, which text was recorded, and a `next:` list; every other line as it was."""

    def change(header: list[str]) -> list[str]:
        header = _with_status(_without_key(_without_key(header, "next"), "recorded"), Status.READY)
        if recorded:
            header.append(f"recorded: {recorded}")
        header.append("next:" if promises else "next: []")
        for line in promises:
            day = f", date: {line.date}" if line.date else ""
            header.append(f"  - {{number: {line.number}, title: {quoted(line.title, inline=True)}{day}}}")
        return header

    return _edited(text, change)


def _edited(text: str, change: Callable[[list[str]], list[str]]) -> str:
    """An issue's text with the lines of its header changed."""
    lines = text.split("\n")
    first = next(place for place, line in enumerate(lines) if line.strip())
    last = next(place for place in range(first + 1, len(lines)) if re.fullmatch(r"-{3,}\s*", lines[place]))
    return "\n".join([*lines[: first + 1], *change(lines[first + 1 : last]), *lines[last:]])


def _with_status(header: list[str], status: Status) -> list[str]:
    """The header's lines with another status, in the line where it stands or in a new one."""
    place = next((place for place, line in enumerate(header) if re.match(r"status\s*:", line)), None)
    if place is None:
        return [*header, f"status: {status}"]
    line = re.sub(r"^(status\s*:\s*)[^\s#]*", rf"\1{status}", header[place])
    return [*header[:place], line, *header[place + 1 :]]


def _without_key(header: list[str], key: str) -> list[str]:
    """The header's lines without a top-level key and what belongs to it."""
    found = next((place for place, line in enumerate(header) if re.match(rf"{key}\s*:", line)), None)
    if found is None:
        return header
    end = next((place for place in range(found + 1, len(header)) if re.match(r"[^\s#-]", header[place])), len(header))
    return header[:found] + header[end:]


def _promises(letter: Letter, number: int) -> list[dict[str, str]]:
    """What readers were promised of a number, each title once, as a link to the issue that was the first to name it."""
    found: dict[str, dict[str, str]] = {}
    for issue in sorted(letter.issues, key=letter.day):
        for line in issue.next or ():
            if line.number == number and issue.status is Status.READY:
                link = quote(posixpath.relpath(issue.source.file, "issues"))
                found.setdefault(line.title, {"label": letter.label(issue.number), "title": line.title, "link": link})
    return list(found.values())


def _sections(root: Path, letter: Letter, slot: Slot, title: str) -> str:
    """The standing sections of the letter, from templates/issue.md.j2."""
    from weekahead.site.pages import render_text

    context: dict[str, Any] = {
        "number": slot.number,
        "label": letter.label(slot.number),
        "title": title,
        "date": slot.date,
        "letter": {"title": letter.config.title},
        "promised": _promises(letter, slot.number),
    }
    return render_text(load_theme(root), "issue.md.j2", context)
