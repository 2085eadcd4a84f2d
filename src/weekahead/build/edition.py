"""The e-mail edition of one issue of a letter."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from weekahead.build.site_plan import site_of
from weekahead.build.snapshot import Snapshot, take_snapshot
from weekahead.mail.edition import WAY_OUT, Edition, edition_of
from weekahead.mail.message import Envelope, message_maker
from weekahead.mail.views import SAMPLE_WAY_OUT
from weekahead.model.config import MailConfig
from weekahead.model.findings import build_error
from weekahead.model.issue import Issue, find_issue
from weekahead.runtime.code_version import open_store
from weekahead.site.pages import Site
from weekahead.site.published import PublishedIssue
from weekahead.source.loader import load_letter

NOBODY = MailConfig(sender="")
"""How a letter without `mail:` is mailed: it can be looked at, and not sent."""


def make_edition(root: Path, which: str | Issue, as_of: str | None = None) -> tuple[Snapshot, Edition]:
    """Return the edition of a published issue, or of that with a number or slug. Raises BuildError when there is no such issue."""
    with open_store(root) as store:
        snapshot = take_snapshot(load_letter(root, store), store.version, as_of=as_of)
        site = site_of(snapshot, store)
        return snapshot, edition_in(snapshot, site, published_issue(snapshot, site, which))


def edition_in(snapshot: Snapshot, site: Site, published: PublishedIssue) -> Edition:
    """Return the edition of an issue of a site. Raises BuildError when its template or a text fails."""
    return edition_of(site.context, published, snapshot.letter.config.mail or NOBODY)


def published_issue(snapshot: Snapshot, site: Site, which: str | Issue) -> PublishedIssue:
    """Return an issue, or that with a number or slug, as it is in the site. Raises BuildError unless it is published."""
    out = {each.source.file: each for each in site.view.issues}
    known = [*(each.issue for each in out.values()), *snapshot.letter.issues]
    issue = find_issue(known, which) if isinstance(which, str) else which
    if issue is None:
        message, hint = f"there is no issue {which}", "Give the number of a published issue."
        raise build_error("issues", "no-such-issue", message, hint)
    if issue.source.file not in out:
        message = f"issue {which if isinstance(which, str) else which.key} is not published yet"
        hint = f"weekahead serve shows its e-mail edition before that, at /_mail/{issue.key}/."
        raise build_error(issue.source.file, "not-published", message, hint)
    return out[issue.source.file]


def sample_message(root: Path, key: str, as_of: str | None, form: str) -> bytes:
    """Return a published issue as a message to an example reader, or the `html` or `text` of it. Raises BuildError."""
    snapshot, edition = make_edition(root, key, as_of)
    if form != "eml":
        made = edition.html if form == "html" else edition.text
        return made.replace(WAY_OUT, SAMPLE_WAY_OUT).encode()
    config = snapshot.letter.config
    if config.mail is None:
        message = "letter.yaml does not say who the e-mail is from"
        hint = "Add a line such as mail: {from: Nora Fenwick <nora@letter.example>}, or use --format html."
        raise build_error(config.file, "no-mail", message, hint)
    return message_maker(edition, Envelope.of_letter(config, config.mail))(SampleReader())


class SampleWayOut(Struct, frozen=True):
    """The way out of nobody."""

    mailto: str = "mailto:leave@way-out.example"
    https: str | None = SAMPLE_WAY_OUT


class SampleReader(Struct, frozen=True):
    """Whom a message is for that is only looked at."""

    id: str = "sample"
    address: str = "reader@way-out.example"
    way_out: SampleWayOut = SampleWayOut()
