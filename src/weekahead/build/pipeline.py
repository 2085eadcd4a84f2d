"""Building: read, snapshot, plan, write. Read this first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.state import Manifest, UpToDateRecord, is_linked, is_of_letter, site_paths
from weekahead.build.up_to_date import InputStats, find_record, stat_inputs
from weekahead.build.writer import Changes, unchanged, write
from weekahead.model.findings import BuildError, Finding, build_error, sort_findings

if TYPE_CHECKING:
    from weekahead.build.snapshot import Snapshot
    from weekahead.runtime.store import Store

Notice = Callable[[str, int, int], object]
"""Told what is being done, and how many of how many are; of 0 if nobody can say."""


def no_notice(what: str, done: int, count: int) -> None:
    """Take notice of nothing."""


class BuildOptions(Struct, frozen=True, kw_only=True):
    """What a build is asked for."""

    root: Path
    output: Path | None = None
    as_of: str | None = None
    base_url: str | None = None
    drafts: bool = False
    clean: bool = False
    dry_run: bool = False
    explain: bool = False
    """Are the reasons of all changes wanted, also of those that the last build made?"""
    jobs: int = 0
    """Processes that share the work; 0 for as many as there are cores."""
    notice: Notice = no_notice

    @property
    def site(self) -> Path:
        return self.output or self.root / "site"

    @property
    def key(self) -> str:
        """What of this bears on the site."""
        return f"{self.drafts} {self.base_url}"


class BuildResult(Struct, frozen=True, kw_only=True):
    """What a build came to."""

    issues: int
    changes: Changes
    warnings: tuple[Finding, ...]
    unpublished: tuple[tuple[str, str], ...] = ()
    """Each issue and page that was read and is not in the site, with the reason; empty if nothing was read."""
    keep_alive: object = None
    """What a command holds until its process ends: to free a long letter takes a twentieth of a build."""


def build(wanted: BuildOptions) -> BuildResult:
    """Make the site show what the letter says as of an instant. Raises BuildError, with nothing written, on errors."""
    if wanted.output and is_of_letter(wanted.root, wanted.output):
        message = f'cannot build into "{wanted.output}": the letter itself is there'
        raise build_error(str(wanted.output), "output-folder", message, "Use a folder for the site alone.")
    if is_linked(wanted.root, wanted.site):
        message, hint = (
            f"{wanted.site.name} is a link, which is not followed",
            "Remove it, or choose its target: --output.",
        )
        raise build_error(wanted.site.name, "outside", message, hint)
    stats = InputStats() if wanted.dry_run else stat_inputs(wanted.root)
    may_skip = not (wanted.clean or wanted.dry_run or wanted.explain)
    if may_skip and (record := find_record(stats, wanted.site, wanted.key, wanted.as_of)):
        return BuildResult(issues=record.issues, changes=Changes((), (), record.kept), warnings=record.warnings)
    # What follows costs more to import than most builds take.
    from weekahead.build.snapshot import due_until, take_snapshot, unpublished
    from weekahead.runtime.code_version import open_store
    from weekahead.source.loader import load_letter

    with open_store(wanted.root, keep=not wanted.dry_run, remember=not wanted.clean) as store:
        snapshot = take_snapshot(
            load_letter(wanted.root, store, stats.listing),
            store.version,
            as_of=wanted.as_of,
            drafts=wanted.drafts,
            base_url=wanted.base_url,
        )
        record = new_record(wanted, stats, snapshot, due_until(snapshot))
        result = write_site(wanted, snapshot, store, record)
        return replace(result, unpublished=unpublished(snapshot), keep_alive=(snapshot, result.keep_alive))


def write_site(wanted: BuildOptions, snapshot: Snapshot, store: Store, record: UpToDateRecord | None) -> BuildResult:
    """Make the site show a snapshot. Raises BuildError."""
    issues = len(snapshot.out)
    paths, known = site_paths(wanted.site), store.load("findings", snapshot.digest, tuple[Finding, ...])
    if not wanted.clean and known is not None and not any(finding.is_error for finding in known):
        warnings = sort_findings([*snapshot.warnings, *known])
        if changes := unchanged(paths, snapshot.digest, with_warnings(record, warnings)):
            return BuildResult(issues=issues, changes=changes, warnings=warnings)
    from weekahead.build.lost_addresses import remember_addresses
    from weekahead.build.maker import SiteMaker
    from weekahead.build.site_plan import plan_site, site_key
    from weekahead.build.traces import TraceLog

    plan = plan_site(snapshot, store, wanted.jobs, wanted.notice)
    if may_remember(plan.findings):
        store.save("findings", snapshot.digest, plan.findings)
    if any(finding.is_error for finding in plan.findings):
        raise BuildError([*plan.findings, *snapshot.warnings])
    warnings = sort_findings([*snapshot.warnings, *plan.findings])
    traces = TraceLog(store, site_key(snapshot), plan.site.context)

    def remember(before: bytes) -> bytes:
        """Return the addresses that readers may have links to. A preview of drafts publishes none."""
        view, groups = plan.site.view, plan.site.groups
        return before if wanted.drafts else remember_addresses(before, view, groups, snapshot.letter)

    changes = write(
        plan.files.values(),
        paths,
        snapshot.digest,
        maker=SiteMaker(plan.site.context, traces, store, wanted.jobs, wanted.notice),
        record=with_warnings(record, warnings),
        remember=remember,
        clean=wanted.clean,
        dry_run=wanted.dry_run,
    )
    traces.save(plan.files)
    if changes.written and not wanted.dry_run:
        store.sweep(lambda: _alive(snapshot, changes.made) | {"aspects": traces.field_keys()})
    return BuildResult(issues=issues, changes=changes, warnings=(*warnings, *changes.left), keep_alive=(plan, traces))


def new_record(wanted: BuildOptions, stats: InputStats, snapshot: Snapshot, until: datetime) -> UpToDateRecord | None:
    """Return the record of a build for the next one; None if a file may change again without showing it."""
    if not stats.settled:
        return None
    since = snapshot.as_of.timestamp()
    return UpToDateRecord(stats.settled, wanted.key, wanted.as_of, since, until.timestamp(), len(snapshot.out))


def with_warnings(record: UpToDateRecord | None, warnings: tuple[Finding, ...]) -> UpToDateRecord | None:
    return replace(record, warnings=warnings) if record else None


def _alive(snapshot: Snapshot, manifest: Manifest) -> dict[str, set[str]]:
    """Return the keys that the next build may ask the store for, by kind."""
    from weekahead.markdown.options import TextOptions

    config, letter = snapshot.letter.config, snapshot.letter
    texts = [
        *(text for issue in letter.issues for text in issue.texts),
        *(page.body for page in letter.pages),
        *([config.signoff] if config.signoff else []),
        *([config.mail.footer] if config.mail and config.mail.footer else []),
    ]
    options = TextOptions.of_letter(config)
    keys = {options.key(text) for text in texts}
    made = {f"{entry.fingerprint} {path}" for path, entry in manifest.items()}
    return {"facts": keys, "parts": keys, "made": made, "findings": {snapshot.digest}}


def may_remember(findings: tuple[Finding, ...]) -> bool:
    """Return whether planning again finds the same: a text that ran out of time may not do so again."""
    return not any(finding.rule == "too-slow" for finding in findings)
