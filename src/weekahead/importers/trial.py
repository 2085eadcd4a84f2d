"""Try a staged letter with the house's own loader and checks, so that what an import writes builds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from weekahead.build.check import diagnose_at
from weekahead.model.findings import Finding, sort_findings
from weekahead.model.letter import Letter
from weekahead.source.loader import load_letter


def try_letter(folder: Path, now: datetime) -> tuple[Letter, tuple[Finding, ...]]:
    """Return a staged letter and the errors that a build of it would stop at. Raise BuildError if it is no letter."""
    loaded = load_letter(folder)
    letter = loaded.require_letter()
    findings = [*loaded.findings]
    if loaded.is_whole:
        findings += diagnose_at(loaded, letter, now)
    return letter, sort_findings(finding for finding in findings if finding.is_error)
