"""Building: read, snapshot, plan, write. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from weekahead.build.snapshot import Snapshot, due_until, take_snapshot, unpublished
from weekahead.build.state import Manifest, UpToDateRecord, site_paths
from weekahead.build.up_to_date import InputStats, find_record, options, stat_inputs
from weekahead.build.writer import Changes, unchanged, write
from weekahead.model.findings import BuildError, Finding, in_file_order
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.source.loader import load_letter

Notice = Callable[[str, int, int], object]
"""Told what is being done, and how many of how many are."""


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
    notice: Notice = lambda what, done, count: None

    @property
    def site(self) -> Path:
        return self.output or self.root / "site"

    @property
    def key(self) -> str:
        """What of this bears on the site."""
        return options(drafts=self.drafts, base_url=self.base_url)

    @property
    def may_skip(self) -> bool:
        """Is nothing asked for but that the site be right?"""
        return not (self.clean or self.dry_run or self.explain)


class BuildResult(Struct, frozen=True, kw_only=True):
    """What a build came to."""

    issues: int
    changes: Changes
    warnings: tuple[Finding, ...]
    unpublished: tuple[tuple[str, str], ...] = ()
    """Each issue and page that was read and is not in the site, with the reason; empty if nothing was read."""


def build(wanted: BuildOptions) -> BuildResult:
    """Make the site show what the letter says as of an instant. Raises BuildError, with nothing written, on errors."""
    stats = stat_inputs(wanted.root) if not wanted.dry_run else InputStats()
    if wanted.may_skip and (record := find_record(stats, wanted.site, wanted.key, wanted.as_of)):
        return BuildResult(issues=record.issues, changes=Changes((), (), record.kept), warnings=record.warnings)
    with open_store(wanted.root, keep=not wanted.dry_run, remember=not wanted.clean) as store:
        loaded = load_letter(wanted.root, store, stats.listing)
        snapshot = take_snapshot(
            wanted.root, loaded, store.version, as_of=wanted.as_of, drafts=wanted.drafts, base_url=wanted.base_url
        )
        warnings, changes = _make(wanted, snapshot, store, stats)
        return BuildResult(
            issues=len(snapshot.out), changes=changes, warnings=warnings, unpublished=unpublished(snapshot)
        )


def _make(
    wanted: BuildOptions, snapshot: Snapshot, store: Store, stats: InputStats
) -> tuple[tuple[Finding, ...], Changes]:
    """Return the warnings of a snapshot, and the changes that made the site show it."""
    known = None if wanted.clean else findings_of(store, snapshot)
    if known is not None and not any(finding.is_error for finding in known):
        warnings = in_file_order([*snapshot.warnings, *known])
        changes = unchanged(site_paths(wanted.site), snapshot.digest, _record(wanted, snapshot, stats, warnings))
        if changes:
            return warnings, changes
    from weekahead.build.maker import SiteMaker
    from weekahead.build.site_plan import plan_site, site_key
    from weekahead.build.traces import TraceLog
    from weekahead.runtime.parallel import cores

    plan = plan_site(snapshot, store, wanted.jobs, wanted.notice)
    remember_findings(store, snapshot, plan.findings)
    if any(finding.is_error for finding in plan.findings):
        raise BuildError([*plan.findings, *snapshot.warnings])
    warnings = in_file_order([*snapshot.warnings, *plan.findings])
    traces = TraceLog(store, site_key(snapshot), plan.site.context)
    changes = write(
        plan.files.values(),
        site_paths(wanted.site),
        snapshot.digest,
        maker=SiteMaker(plan.site.context, traces, store, wanted.jobs or cores(), wanted.notice),
        record=_record(wanted, snapshot, stats, warnings),
        clean=wanted.clean,
        dry_run=wanted.dry_run,
    )
    traces.save(plan.files)
    if changes.written and not wanted.dry_run:
        store.sweep(lambda: _alive(snapshot, changes.made))
    return warnings, changes


def _record(
    wanted: BuildOptions, snapshot: Snapshot, stats: InputStats, warnings: tuple[Finding, ...]
) -> UpToDateRecord | None:
    """Return the record of a build for the next one; None if a file may change again without showing it."""
    if not stats.settled:
        return None
    return UpToDateRecord(
        inputs=stats.settled,
        options=wanted.key,
        as_of=wanted.as_of,
        since=snapshot.as_of.timestamp(),
        until=due_until(snapshot).timestamp(),
        issues=len(snapshot.out),
        warnings=warnings,
    )


def _alive(snapshot: Snapshot, manifest: Manifest) -> Mapping[str, set[str]]:
    """Return the keys that the next build may ask the store for, by kind."""
    config, letter = snapshot.letter.config, snapshot.letter
    texts = [
        *(text for issue in letter.issues for text in issue.texts),
        *(page.body for page in letter.pages),
        *([config.signoff] if config.signoff else []),
    ]
    digests = {text.digest for text in texts}
    made = {f"{entry.fingerprint} {path}" for path, entry in manifest.items()}
    return {"facts": digests, "parts": digests, "made": made, "findings": {snapshot.digest}}


def findings_of(store: Store, snapshot: Snapshot) -> tuple[Finding, ...] | None:
    """Return the findings of a snapshot that was planned before."""
    return store.load("findings", snapshot.digest, tuple[Finding, ...])


def remember_findings(store: Store, snapshot: Snapshot, findings: tuple[Finding, ...]) -> None:
    """Remember the findings of a snapshot, unless a text ran out of time, which it may not do again."""
    if not any(finding.rule == "too-slow" for finding in findings):
        store.save("findings", snapshot.digest, findings)
