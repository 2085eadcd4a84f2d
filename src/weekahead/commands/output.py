"""Print what several commands print: findings as lines, JSON or GitHub annotations, and progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict, replace

from weekahead.commands.options import ROOT, Refusal
from weekahead.commands.streams import STEERING, printable
from weekahead.model.counts import counted
from weekahead.model.findings import BuildError, Finding, Location, sort_findings

if TYPE_CHECKING:
    from pathlib import Path

    from weekahead.build.schedule_report import Checked
    from weekahead.build.writer import Changes
    from weekahead.model.schedule import Promise, Slot


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the findings of a BuildError and exit with status 1; refuse an InvalidTime."""
    try:
        yield
    except BuildError as error:
        print_findings(sort_findings(error.findings))
        errors = sum(finding.is_error for finding in error.findings)
        click.echo(f"{counted(errors, 'error')}; {error.outcome}.", err=True)
        raise click.exceptions.Exit(1) from None
    except ValueError as error:
        from weekahead.build.as_of import InvalidTime

        if isinstance(error, InvalidTime):
            raise Refusal(str(error)) from None
        raise


def print_findings(findings: Iterable[Finding], root: Path | None = None) -> None:
    """Print findings on standard error: a line and a hint each; on a terminal in colour, with the author's line.

    `root` is the letter's folder; by default the one that the command works in.
    """
    context = click.get_current_context(silent=True)
    root = root or (context.meta.get(ROOT) if context else None)
    for finding in findings:
        where = Location(printable(finding.where.file), finding.where.line, finding.where.column)
        shown = replace(finding, where=where, message=printable(finding.message), hint=printable(finding.hint))
        if sys.stderr.isatty():
            _show_on_terminal(shown, *_source_lines(finding, root))
        else:
            click.echo(str(shown), err=True, color=False)


def _source_lines(finding: Finding, root: Path | None) -> tuple[str, str]:
    from shutil import get_terminal_size

    from weekahead.commands.source_line import source_lines

    return source_lines(finding, root, get_terminal_size().columns) if root else ("", "")


def _show_on_terminal(finding: Finding, line: str, carets: str) -> None:
    tint = {"error": "red", "warning": "yellow"}.get(finding.severity, "cyan")
    severity = click.style(str(finding.severity), fg=tint, bold=True)
    lines = [f"{finding.where}: {severity}: {finding.message} [{finding.rule}]"]
    if line:
        lines.append(line)
    if carets:
        gutter = carets.rstrip("^")
        lines.append(gutter + click.style(carets[len(gutter) :], fg=tint))
    if finding.hint:
        lines.append(click.style(f"    {finding.hint}", dim=True))
    _write_styled("".join(f"{line}\n" for line in lines))


def _write_styled(text: str) -> None:
    """Write printable text in colours to the terminal."""
    stream = sys.stderr
    styled = click.unstyle(text) if os.environ.get("NO_COLOR") else text
    getattr(stream, "write_styled", stream.write)(styled)
    stream.flush()


def file_counts(changes: Changes, dry_run: bool) -> str:
    """Return how many files a command wrote, or would write."""
    written, removed = counted(len(changes.written), "file"), len(changes.removed)
    return f"{written} {'would be ' if dry_run else ''}written, {removed} removed, {changes.kept} unchanged"


class Progress:
    """Show on a terminal how far a command is, once it has taken a second; print nothing anywhere else."""

    def __init__(self, quiet: bool) -> None:
        self._started = time.monotonic()
        self._shown = 0.0
        self._is_enabled = sys.stderr.isatty() and not quiet and not os.environ.get("CI")

    def __call__(self, what: str, done: int, total: int) -> None:
        if not total:
            self.count(what, done)
            return
        now = time.monotonic()
        if not self._is_enabled or now - self._started < 1 or (now - self._shown < 0.1 and done < total):
            return
        self._shown = now
        filled = 30 * done // total
        line = f"\r{what:<6} {'█' * filled}{'░' * (30 - filled)} {done} of {total}"
        _write_styled("\r\x1b[K" if done == total else line)

    def count(self, what: str, number: int) -> None:
        """Show a number whose end is not known."""
        now = time.monotonic()
        if self._is_enabled and now - self._started >= 1 and now - self._shown >= 0.1:
            self._shown = now
            _write_styled(f"\r\x1b[K{what} {number}")

    def clear(self) -> None:
        """Remove what is shown."""
        if self._shown:
            _write_styled("\r\x1b[K")


def to_json(data: Any) -> str:
    import json

    text = json.dumps(data, indent=2, ensure_ascii=False, default=lambda value: value.isoformat())
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)  # JSON leaves those beyond ASCII as they are


def check_json(checked: Checked) -> dict[str, Any]:
    """Return the result of a check in the shape of `check --format json`."""
    standing = checked.promise
    return {
        "as_of": checked.as_of,
        "promise": _promise_json(standing) if standing else None,
        "slots": [_slot_json(slot) for slot in standing.slots] if standing else [],
        "findings": [_finding_json(finding) for finding in checked.findings],
    }


def _promise_json(promise: Promise) -> dict[str, Any]:
    return {
        "horizon_weeks": promise.horizon,
        "kept": promise.kept,
        "weeks_planned": promise.weeks_planned,
        "last_planned": _number_json(promise.last_planned),
        "first_gap": _number_json(promise.first_gap),
        "breaks": promise.breaks,
        "buffer": promise.buffer,
    }


def _number_json(slot: Slot | None) -> dict[str, Any] | None:
    return {"number": slot.number, "date": slot.date} if slot else None


def _slot_json(slot: Slot) -> dict[str, Any]:
    return {"number": slot.number, "date": slot.date, "at": slot.at, "title": slot.title, "state": slot.state}


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        **asdict(finding.where),
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "hint": finding.hint,
    }


def github_lines(checked: Checked) -> Iterable[str]:
    """Yield the findings, and the promise, as GitHub's workflow commands."""
    for finding in checked.findings:
        level = "notice" if finding.severity == "note" else str(finding.severity)
        where = finding.where
        place = f"file={_github_property(where.file)},line={max(1, where.line)},col={max(1, where.column)}"
        text = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
        yield f"::{level} {place},title={_github_property(finding.rule)}::{_github_data(text)}"
    if checked.promise:
        from weekahead.model.schedule import describe_promise

        level = "notice" if checked.promise.kept else "error"
        yield f"::{level} file=schedule.yaml,line=1,title=promise::{_github_data(describe_promise(checked.promise))}"


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")
