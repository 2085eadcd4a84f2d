"""What an export is made from, a letter's site as of an instant, and how its files are written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from weekahead.build.site_plan import plan_site
from weekahead.build.snapshot import Snapshot, take_snapshot
from weekahead.build.state import is_linked, is_of_letter, site_paths
from weekahead.build.writer import Changes, write
from weekahead.model.findings import BuildError, Location, build_error, sort_findings
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.code_version import open_store
from weekahead.site.context import RenderContext
from weekahead.site.output import CopiedFile
from weekahead.site.pages import Site
from weekahead.site.published import PublishedIssue
from weekahead.source.loader import load_letter


class ExportSource(Struct, frozen=True, kw_only=True):
    """A letter as of an instant, whose texts are converted: its site, and the files that are published beside its pages."""

    root: Path
    snapshot: Snapshot
    site: Site
    files: tuple[CopiedFile, ...]

    @property
    def context(self) -> RenderContext:
        return self.site.context

    def issues(self) -> Iterator[PublishedIssue]:
        """Yield the issues, the oldest first."""
        return reversed(self.site.view.issues)


class Export(Struct, frozen=True, kw_only=True):
    """What an export did: how many issues and pages are in it, which files of a folder changed, or what is in one file."""

    issues: int
    pages: int
    changes: Changes | None = None
    media: int = 0


@contextmanager
def export_source(
    root: Path, target: Path, *, as_of: str | None = None, drafts: bool = False
) -> Iterator[ExportSource]:
    """Give what an export to a place is made from, while the letter's store is open.

    Raise BuildError if the letter has errors, or the place is no place for an export.
    """
    require_own_place(root, target)
    with open_store(root) as store:
        snapshot = take_snapshot(load_letter(root, store), store.version, as_of=as_of, drafts=drafts)
        plan = plan_site(snapshot, store)
        findings = sort_findings([*snapshot.warnings, *plan.findings])
        if any(finding.is_error for finding in findings):
            raise BuildError(findings)
        own = snapshot.letter.files
        copies = (file for file in plan.files.values() if isinstance(file, CopiedFile) and file.source.file in own)
        yield ExportSource(root=root, snapshot=snapshot, site=plan.site, files=tuple(copies))


def made_file(path: str, data: bytes, source: str) -> CopiedFile:
    """Return a file of an export that was made from a file of the letter."""
    return CopiedFile(path, Location(source), hash_bytes(data), lambda: BytesIO(data))


def write_folder(source: ExportSource, target: Path, files: Iterable[CopiedFile]) -> Export:
    """Make a folder have the files of an export, all or none. Files of others stay. Raise BuildError."""
    view = source.site.view
    return Export(issues=len(view.issues), pages=len(view.pages), changes=write(files, site_paths(target)))


def require_own_place(root: Path, target: Path) -> None:
    """Raise BuildError if an export would lie among the letter's own files or its site, or behind a link, or nowhere."""
    hint = "Use a place for the export alone, such as ../export."
    is_site = site_paths(root / "site").site == Path(os.path.realpath(target))
    if is_site or is_of_letter(root, target):
        what = "the site" if is_site else "the letter itself"
        raise build_error(str(target), "output-folder", f'cannot export to "{target}": {what} is there', hint)
    if is_linked(root, target):
        message = f'cannot export to "{target}": it is a link, which is not followed'
        raise build_error(str(target), "outside", message, "Remove it, or name its target.")
    if not target.parent.is_dir():
        message = f'cannot export to "{target}": there is no folder {target.parent}'
        raise build_error(str(target), "output-folder", message, "Create it, or check the path.")
