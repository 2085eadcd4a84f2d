"""Change the status of an issue: mark it ready, with its "what's next" list stamped into the file, or a draft again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.as_of import instant
from weekahead.build.check import check_issue, diagnose_at
from weekahead.model.cadence_rules import check_missed_slots
from weekahead.model.findings import BuildError, Finding, Severity, build_error, sort_findings
from weekahead.model.issue import Issue, StampedPromise, Status
from weekahead.model.letter import Letter
from weekahead.model.rules import missing_day
from weekahead.source.loader import LoadedLetter, load_letter
from weekahead.source.text_edit import edit_file
from weekahead.source.yaml_values import quoted


class StatusChange(Struct, frozen=True, kw_only=True):
    """An issue whose status was changed: its file, the address of its page, when it comes out, and whether that is past."""

    path: Path
    address: str
    at: datetime
    zone: str
    is_due: bool
    findings: tuple[Finding, ...]
    """After `mark_ready` what `check` says of the issue, after `unpublish` what the next build will report."""
    keeps_promises: bool = False
    """Whether `mark_ready` left the "what's next" list as it was when the issue came out."""


UNWRITTEN = frozenset({"template-text", "empty-section", "empty-item"})
"""Rules that are warnings elsewhere: an issue that breaks one is not written to its end."""


def mark_ready(root: Path, which: int | str, *, restamp: bool = False) -> StatusChange:
    """Set an issue's status to ready and stamp its "what's next" list. Raise BuildError while it has errors or is unwritten.

    `which` is its number, or the slug or file name of one that has none.

    What readers of an issue that is out were promised stays as it is, unless told to `restamp`.
    """
    loaded, letter, issue = _find(root, which)
    now = instant(None, letter.schedule)
    changed = replace(issue, status=Status.READY, recorded=issue.body.digest if issue.audio else None)
    is_late = [found for found in check_missed_slots(letter, now) if found.where.file == issue.source.file]
    letter = letter.with_changed(issue, changed)
    findings = sort_findings(
        replace(found, severity=Severity.ERROR) if found.rule in UNWRITTEN else found
        for found in [*is_late, *check_issue(loaded, letter, changed, now)]
    )
    if any(finding.is_error for finding in findings):
        raise BuildError(findings)
    was_out = letter.instant(issue) <= now and (issue.status is Status.READY or issue.next is not None)
    keeps = was_out and not restamp
    promises = None if keeps or issue.number is None else _promises(letter, issue.number)
    _edit_header(root, issue, lambda header: _stamped(header, changed.recorded, promises))
    return _change(root, letter, changed, findings, keeps_promises=keeps)


def unpublish(root: Path, number: int) -> StatusChange:
    """Make an issue that is ready a draft again, changing only its status line. Raise BuildError if it is not ready."""
    loaded, letter, issue = _find(root, number)
    if issue.status is not Status.READY:
        message = f"issue {number} is not published: its status is {issue.status}, not ready"
        raise build_error(issue.source.at("status"), "not-ready", message)
    _edit_header(root, issue, lambda header: _with_status(header, Status.DRAFT))
    changed = letter.with_changed(issue, replace(issue, status=Status.DRAFT))
    findings = diagnose_at(loaded, changed, instant(None, letter.schedule))
    return _change(root, letter, issue, sort_findings(findings))


def _find(root: Path, which: int | str) -> tuple[LoadedLetter, Letter, Issue]:
    """Load the letter and return it with its issue of a number, a slug or a file name. Raise BuildError."""
    loaded = load_letter(root)
    letter = loaded.require_letter(whole=True)
    issue = letter.by_number.get(which) if isinstance(which, int) else _named(letter, which)
    if issue is None:
        is_number = isinstance(which, int)
        hint = f"Create it: weekahead new {which}" if is_number else "Give a number, a slug, or a file of issues/."
        raise build_error("issues", "no-such-issue", f"there is no issue {which}", hint)
    if found := missing_day(letter, issue):
        raise BuildError([found])
    return loaded, letter, issue


def _named(letter: Letter, name: str) -> Issue | None:
    """Return the one issue with a file, a file name or else a slug; None if there is none. Raise BuildError if there are several."""
    names = {name, name.removeprefix("./"), name.rstrip("/") + "/index.md"}
    found = [issue for issue in letter.issues if issue.source.file in names or issue.source.stem == name]
    found = found or [issue for issue in letter.issues if issue.slug == name]
    if len(found) > 1:
        files = ", ".join(issue.source.file for issue in found)
        raise build_error("issues", "no-such-issue", f'"{name}" may be any of {files}', "Give the file.")
    return found[0] if found else None


def _change(
    root: Path, letter: Letter, issue: Issue, findings: tuple[Finding, ...], *, keeps_promises: bool = False
) -> StatusChange:
    at = letter.instant(issue)
    return StatusChange(
        path=root / issue.source.file,
        address=letter.config.absolute(letter.config.address(letter.path(issue))),
        at=at,
        zone=letter.schedule.zone.key,
        is_due=at <= instant(None, letter.schedule),
        findings=findings,
        keeps_promises=keeps_promises,
    )


def _promises(letter: Letter, number: int) -> list[StampedPromise]:
    """Return what readers are promised after a number: the planned titles of the numbers that follow."""
    promises = []
    for following in range(number + 1, number + 1 + letter.config.whats_next):
        entry, issue = letter.schedule.entries.get(following), letter.by_number.get(following)
        written = issue.title if issue and issue.status is Status.READY else None
        title = entry.title if entry and entry.state.counts else written
        if title and not (entry and entry.secret):
            promises.append(StampedPromise(number=following, title=title, date=letter.schedule.day(following)))
    return promises


def _stamped(header: list[str], recorded: str | None, promises: list[StampedPromise] | None) -> list[str]:
    """Return front matter with status ready, the digest of the recorded text and, if given, a `next:` list; other lines stay."""
    header = _with_key(_with_status(header, Status.READY), "recorded", [f"recorded: {recorded}"] if recorded else [])
    if promises is None:
        return header
    lines = ["next:" if promises else "next: []"]
    for line in promises:
        day = f", date: {line.date}" if line.date else ""
        lines.append(f"  - {{number: {line.number}, title: {quoted(line.title, inline=True)}{day}}}")
    return _with_key(header, "next", lines)


def _edit_header(root: Path, issue: Issue, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of an issue's front matter. Raise BuildError if it has none any more."""

    def edited(text: str) -> str:
        lines = text.split("\n")
        first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
        ends = (index for index in range(first + 1, len(lines)) if re.fullmatch(r"-{3,}\s*", lines[index]))
        last = next(ends, None)
        if last is None:
            message = "this file changed while it was being edited"
            raise build_error(issue.source.file, "changed-meanwhile", message, "Run the command again.")
        return "\n".join([*lines[: first + 1], *change(lines[first + 1 : last]), *lines[last:]])

    edit_file(root, issue.source.file, edited)


def _with_status(header: list[str], status: Status) -> list[str]:
    """Return the front matter's lines with another status, in its own line or a new one."""
    index = next((index for index, line in enumerate(header) if re.match(r"status\s*:", line)), None)
    if index is None:
        return [*header, f"status: {status}"]
    line = re.sub(r"^(status\s*:\s*)[^\s#]*", rf"\1{status}", header[index])
    return [*header[:index], line, *header[index + 1 :]]


def _with_key(header: list[str], key: str, lines: list[str]) -> list[str]:
    """Return the front matter's lines with a top-level key and its value replaced, at the end if they are other than before."""
    start = next((index for index, line in enumerate(header) if re.match(rf"{key}\s*:", line)), None)
    if start is None:
        return header + lines
    following = (index for index in range(start + 1, len(header)) if re.match(r"[^\s#\]}-]", header[index]))
    end = next(following, len(header))
    while end > start + 1 and re.match(r"#|\s*$", header[end - 1]):  # comments on what follows
        end -= 1
    return header if header[start:end] == lines else header[:start] + header[end:] + lines
