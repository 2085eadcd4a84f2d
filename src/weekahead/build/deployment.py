"""Copy the built site to where `deploy:` in letter.yaml says, a git branch or a folder: whole or not at all."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from weekahead.build.as_of import instant
from weekahead.build.branch_deployment import push_branch
from weekahead.build.pipeline import BuildOptions, build
from weekahead.build.schedule_report import read
from weekahead.build.state import SitePaths, is_linked, is_of_letter, read_state, site_paths
from weekahead.build.writer import Changes, write
from weekahead.model.config import Deploy
from weekahead.model.findings import BuildError, Location, Severity, build_error
from weekahead.model.hashing import hash_bytes
from weekahead.model.letter import Letter
from weekahead.model.rules import check_placeholders
from weekahead.runtime.files import OUTSIDE, open_unlinked
from weekahead.site.output import CopiedFile
from weekahead.source.theme_loader import load_theme


class Deployment(Struct, frozen=True, kw_only=True):
    """What a deployment did, or would do."""

    place: str
    changes: Changes
    others: int
    """Files there that are not ours, and stay."""


def deploy(root: Path, *, dry_run: bool = False, force: bool = False) -> Deployment:
    """Make the place that `deploy:` in letter.yaml names equal to site/.

    Our files that are no longer in the site are removed. Files of others stay; where the site needs their place,
    `force` overwrites them. Raise BuildError, with nothing changed, if the site is not what a build would make now, or
    the place cannot take it.
    """
    letter = require_own_settings(root)
    to = letter.config.deploy
    if to is None:
        hint = "Add `deploy: {branch: gh-pages}` or `deploy: {folder: /var/www/letter}`."
        raise build_error("letter.yaml", "no-deploy", "letter.yaml has no `deploy:` setting", hint)
    _require_fresh(root)
    site = site_paths(root / "site")
    manifest = read_state(site).entries()
    if to.folder:  # written as a build writes: staged, recorded, renamed in order, removals last
        wanted = root / os.path.expanduser(to.folder)
        folder = site_paths(wanted).site
        _require_own_folder(root, to, folder)
        if is_linked(root, wanted):
            message = f'cannot deploy to "{to.folder}": {OUTSIDE}'
            raise build_error(Location("letter.yaml", to.line), "outside", message, "Write the folder itself.")
        copies = [
            CopiedFile(path, Location(f"site/{path}"), entry.digest, partial(_open, site, path), entry.order)
            for path, entry in manifest.items()
        ]
        changes = write(copies, site_paths(folder), dry_run=dry_run, clean=force)
        return Deployment(place=to.folder, changes=changes, others=_count_others(folder, changes))
    contents = {path: partial(_content, site, path, entry.digest) for path, entry in manifest.items()}
    digests = {path: entry.digest for path, entry in manifest.items()}
    seconds = int(instant(None, letter.schedule).timestamp())
    changes, others = push_branch(root, to, contents, digests, seconds, dry_run=dry_run, force=force)
    return Deployment(place=f"branch {to.branch} of {to.remote}", changes=changes, others=others)


def require_own_settings(root: Path) -> Letter:
    """Return the letter. Raise BuildError if its settings still have placeholders of `weekahead init`."""
    from weekahead.feeds.podcast import sample_cover

    letter = read(root).require_letter()
    findings = [*check_placeholders(letter, Severity.ERROR)]
    if letter.config.podcast and load_theme(root).is_sample_cover(letter.config.podcast.cover):
        findings.append(sample_cover(letter.config, Severity.ERROR))
    if findings:
        raise BuildError(findings)
    return letter


def _require_fresh(root: Path) -> None:
    """Raise BuildError if a build would change the site now."""
    changes = build(BuildOptions(root=root, dry_run=True)).changes
    if not (changes.written or changes.removed):
        return
    with_drafts = build(BuildOptions(root=root, dry_run=True, drafts=True)).changes
    why = "is not up to date"
    if not (with_drafts.written or with_drafts.removed):
        why = "was built with drafts"
    raise build_error("site", "stale-site", f"site/ {why}", "Build it first: weekahead build")


def _open(site: SitePaths, path: str) -> BinaryIO:
    """Return a file of the site, open. Raise BuildError if it is not there any more."""
    try:
        return open_unlinked(site.site / path)
    except OSError as error:
        raise _changed(path) from error


def _content(site: SitePaths, path: str, digest: str) -> bytes:
    """Return the bytes of a file of the site. Raise BuildError unless they are those that were built."""
    with _open(site, path) as file:
        data = file.read()
    if hash_bytes(data) != digest:
        raise _changed(path)
    return data


def _changed(path: str) -> BuildError:
    message = f"site/{path} changed while it was being deployed"
    return build_error("site", "changed-meanwhile", message, "Build and deploy again.")


def _require_own_folder(root: Path, to: Deploy, folder: Path) -> None:
    """Raise BuildError if the letter is in the folder to deploy to, or that cannot be created."""
    where = Location("letter.yaml", to.line)
    if is_of_letter(root, folder) or folder == site_paths(root / "site").site:
        message = f'cannot deploy to "{to.folder}": the letter itself is there'
        raise build_error(where, "deploy-folder", message, "Use a folder for the published site alone.")
    if not folder.parent.is_dir():
        message = f'cannot create "{to.folder}": there is no folder {folder.parent}'
        raise build_error(where, "deploy-folder", message, "Check the path, and that its disk is mounted.")


def _count_others(folder: Path, changes: Changes) -> int:
    """Return how many files of a folder we neither made nor removed."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    names = {path.as_posix() for path in paths if path.parts[0] != ".weekahead"}
    return len(names - changes.made.keys() - {change.path for change in changes.removed})
