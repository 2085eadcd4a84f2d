"""What an import says at its end: what came, what needs the author's eye, what was left out and why, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from weekahead.importers.notes import Note
from weekahead.model.findings import Location


class Fate(StrEnum):
    """What became of a file."""

    WRITTEN = "written"
    REWRITTEN = "rewritten"
    UNCHANGED = "unchanged"
    EDITED = "edited since, and left alone"
    DELETED = "deleted since, and left so"
    NOT_OURS = "there already, and left alone"


class ReportedNote(Struct, frozen=True):
    """A note, and the place in the letter that it is about; nothing for the letter as a whole."""

    note: Note
    where: Location | None


class Redirect(Struct, frozen=True):
    """An old path, and the address of the page that is there now."""

    old: str
    new: str


class ImportReport(Struct, frozen=True, kw_only=True):
    """An import in numbers and lines."""

    platform: str
    """As a sentence has it: "a Substack export"."""
    source: str
    is_dry_run: bool
    counts: Mapping[str, int]
    """How many issues are ready, how many are drafts, and how many pages and files beside issues there are."""
    files: Mapping[str, Fate]
    notes: Sequence[ReportedNote]
    redirects: Sequence[Redirect]
    old_site: str
    letter_url: str

    @property
    def has_news(self) -> bool:
        """Return whether there is anything to say beyond what an earlier import said."""
        return any(fate is not Fate.UNCHANGED for fate in self.files.values())


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return a report in the shape of `import --format json`."""
    return {
        "platform": report.platform,
        "source": report.source,
        "dry_run": report.is_dry_run,
        "counts": dict(report.counts),
        "files": [{"file": name, "outcome": str(fate)} for name, fate in report.files.items()],
        "notes": [_note_json(each) for each in report.notes],
        "redirects": [{"from": redirect.old, "to": redirect.new} for redirect in report.redirects],
    }


def _note_json(each: ReportedNote) -> dict[str, Any]:
    note, where, source = each.note, each.where, each.note.source
    return {
        "outcome": str(note.outcome),
        "rule": note.rule,
        "message": note.message,
        "hint": note.hint,
        "file": where.file if where else None,
        "line": where.line if where else None,
        "post": note.post or None,
        "source": {"file": source.file, "line": source.line} if source else None,
    }
