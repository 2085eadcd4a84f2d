"""The letter as of an instant, free of errors: all that a site is made from."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.as_of import instant
from weekahead.model.cadence_rules import check_missed_slots
from weekahead.model.findings import BuildError, Finding
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Status
from weekahead.model.letter import Letter
from weekahead.model.rules import check_future_corrections, check_recordings, check_rules
from weekahead.model.schedule import WEEK, Promise, compute_promise
from weekahead.site.published import published_files
from weekahead.source.loader import LoadedLetter
from weekahead.source.theme_loader import load_theme
from weekahead.theme.lookup import Theme


class Snapshot(Struct, frozen=True, kw_only=True):
    """A letter free of errors, as of an instant.

    Whatever the instant and the machine, two snapshots of one digest have the same site and the same findings: nothing of
    the instant reaches a page but which issues are out and how the promise stands.
    """

    loaded: LoadedLetter
    letter: Letter
    theme: Theme
    as_of: datetime
    drafts: bool
    digest: str
    out: frozenset[str]
    """The files of the issues in the site."""
    warnings: tuple[Finding, ...] = ()


def take_snapshot(
    loaded: LoadedLetter, version: str, *, as_of: str | None = None, drafts: bool = False, base_url: str | None = None
) -> Snapshot:
    """Return the letter as of an instant. Raises BuildError with every finding when one is an error."""
    letter = loaded.require_letter()
    findings = [*loaded.findings, *check_rules(letter)]
    if any(finding.is_error for finding in findings):
        raise BuildError(findings)
    now = instant(as_of, letter.schedule)
    findings += [
        *check_recordings(letter, now),
        *check_missed_slots(letter, now),
        *check_future_corrections(letter, now),
    ]
    if any(finding.is_error for finding in findings):
        raise BuildError(findings)
    if base_url:
        letter = replace(letter, config=replace(letter.config, url=base_url.rstrip("/") + "/"))
    standing = compute_promise(letter.schedule, now)
    snapshot = snapshot_of(loaded, letter, load_theme(loaded.folder.root), standing, version, drafts=drafts)
    return replace(snapshot, warnings=tuple(findings))


def snapshot_of(
    loaded: LoadedLetter, letter: Letter, theme: Theme, standing: Promise, version: str, *, drafts: bool
) -> Snapshot:
    """Return the snapshot of a letter as of the instant at which the promise stands so."""
    out = published_files(letter, standing.as_of)
    slots = [(slot.number, slot.planned, slot.at <= standing.horizon_ends) for slot in standing.slots]
    promise = [standing.kept, standing.weeks_planned, slots]
    today = standing.as_of.astimezone(letter.schedule.zone).date()
    ahead = [(issue.source.file, made.date) for issue in letter.issues for made in issue.corrected if made.date > today]
    digest = hash_value([loaded.digest, theme.digest, letter.config.url, version, drafts, sorted(out), promise, ahead])
    return Snapshot(
        loaded=loaded,
        letter=letter,
        theme=theme,
        as_of=standing.as_of,
        drafts=drafts,
        digest=digest,
        out=frozenset(issue.source.file for issue in letter.issues) if drafts else out,
    )


def due_until(snapshot: Snapshot) -> datetime:
    """Return an instant until which the same site and the same warnings are surely due.

    What changes with time is which issues are out and how the promise stands: at the instants of slots, and at those
    whole weeks before. A day is kept to spare for clock changes.
    """
    letter, as_of = snapshot.letter, snapshot.as_of
    standing = compute_promise(letter.schedule, as_of)
    if any(made.date >= as_of.date() for issue in letter.issues for made in issue.corrected):
        return as_of
    slots = [*standing.slots, *islice(letter.schedule.slots(standing.slots[-1].at), 1)]
    waits = [(slot.at - as_of) % WEEK or WEEK for slot in slots]
    waiting = (issue for issue in letter.issues if not (issue.is_undated or issue.source.file in snapshot.out))
    instants = map(letter.instant, waiting)
    waits += [instant - as_of for instant in instants if instant > as_of]
    return max(as_of, as_of + min(waits) - timedelta(hours=26))


def unpublished(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Return each issue and page that is not in the site, with the reason."""
    letter, found = snapshot.letter, []
    for issue in letter.issues:
        if issue.source.file not in snapshot.out:
            day = f"{letter.instant(issue):%Y-%m-%d at %H:%M}" if issue.status is Status.READY else ""
            found.append((issue.source.file, f"comes out on {day}" if day else f"its status is {issue.status}"))
    if not snapshot.drafts:
        found += [(page.source.file, "its status is draft") for page in letter.pages if page.is_draft]
    return tuple(found)
