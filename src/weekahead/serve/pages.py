"""HTML pages of the preview and the desk, from the templates in static/, and what each may load. Never part of a site."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from weekahead.build.attached_files import FILE_KINDS
from weekahead.build.issue_text import IssueText
from weekahead.build.repository import is_unfinished
from weekahead.model.findings import Finding, sort_findings
from weekahead.model.issue import Status
from weekahead.model.schedule import State
from weekahead.serve.dashboard import Dashboard, months
from weekahead.serve.side_by_side import sides
from weekahead.serve.writing import CARET, Notice, Snippet, plain_lines
from weekahead.site.published import PublishedIssue
from weekahead.site.templates import render_text
from weekahead.source.folder import lines_around
from weekahead.theme.lookup import Template, Theme

if TYPE_CHECKING:
    from weekahead.mail.edition import Edition
    from weekahead.serve.site_state import Site

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
MAX_FINDINGS = 100
"""Findings on one page; a broken import has thousands."""
FILE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)
"""What a file of the letter may do that is opened as a page of its own: run no script, and belong to no origin of ours."""
HARMLESS = ("audio/", "video/", "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf")
"""How the media types of files begin in which browsers run no script. Chromium shows no PDF in a sandbox."""


def desk_policy(site: str) -> str:
    """Return what a page of the desk may load: its own files, and the previews of the site (Content Security Policy, level 3)."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none';"
        f" frame-src {site}; form-action 'self' {site}; frame-ancestors 'none'"
    )


def notice_policy(desk: str) -> str:
    """Return what a page of ours among those of the site may load, such as one with errors."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none';"
        f" form-action 'none'; frame-ancestors {desk}"
    )


def feed_policy(desk: str) -> str:
    """Return what a feed item may load: no script."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none';"
        f" form-action 'none'; frame-ancestors 'self' {desk}"
    )


def mail_policy(desk: str) -> str:
    """Return what a view of an e-mail edition may load: its own styles, and pictures."""
    return (
        "sandbox allow-same-origin allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src * data:; base-uri 'none';"
        f" form-action 'none'; frame-ancestors 'self' {desk}"
    )


def site_policy(policy: str | None, nonce: str, desk: str) -> str:
    """Return what a page may do in the preview: what it may do on the site, and run our script that reloads it."""
    if policy:
        scripts, own = f"script-src 'nonce-{nonce}'", "script-src "
        policy = policy.replace(own, f"{scripts} ", 1) if own in policy else f"{policy}; {scripts}"
    return "; ".join(filter(None, (policy, f"frame-ancestors 'self' {desk}")))


@cache
def _theme() -> Theme:
    paths = sorted(STATIC.glob("*.html"))
    return Theme({path.name: Template(path.read_text("utf-8"), f"static/{path.name}") for path in paths}, {})


@cache
def _assets() -> dict[str, Path]:
    return {path.name: path for path in STATIC.iterdir() if path.suffix in MEDIA_TYPES}


def asset(name: str) -> tuple[str, bytes] | None:
    """Return the media type and bytes of a style sheet or script of the desk, if there is one of that name."""
    path = _assets().get(name)
    return (MEDIA_TYPES[path.suffix], path.read_bytes()) if path else None


class Place(Struct, frozen=True, kw_only=True):
    """What the pages of the plan have in common: whose it is, where its site is, and what stands in the way."""

    letter: str
    site: str
    token: str
    root: Path
    errors: tuple[Finding, ...]
    is_dated: bool
    """Whether another day than this one is shown."""
    version: int


def dashboard_page(dashboard: Dashboard, place: Place) -> str:
    """Render the desk. With errors in the letter, it is the last plan without, and cannot be edited."""
    root = place.root
    context = {
        **asdict(place),
        "dashboard": dashboard,
        "states": list(State),
        "unwritten": next((week.number for week in dashboard.weeks if not week.written), ""),
        "empty": [week for week in dashboard.weeks if week.is_empty],
        "longest": max([dashboard.median * 2, 1, *(draft.words for draft in dashboard.drafts)]),
        "findings": with_lines(root, dashboard.findings),
        "more": max(0, len(dashboard.findings) - MAX_FINDINGS),
        "draft_findings": {draft.issue.path: with_lines(root, draft.findings) for draft in dashboard.drafts},
        "errors": with_lines(root, place.errors),
        "is_unfinished": is_unfinished(root),
    }
    return render_text(_theme(), "dashboard.html", context)


def months_page(dashboard: Dashboard, place: Place) -> str:
    """Render the plan as a calendar."""
    context = {**asdict(place), "dashboard": dashboard, "months": months(dashboard.weeks)}
    return render_text(_theme(), "months.html", context)


def editor_page(
    text: IssueText,
    notice: Notice,
    snippets: list[Snippet],
    issue: PublishedIssue | None,
    place: Site | None,
    site: str,
    token: str,
    version: int,
) -> str:
    """Render the editor of one text. `issue` is the one it is, if the last good letter, which is `place`, has it."""
    letter = place.snapshot.letter if place else None
    status = (text.fields or {}).get("status", "")
    context = {
        "letter": letter.config.title if letter else "Desk",
        "site": site,
        "token": token,
        "version": version,
        "text": text,
        "notice": notice,
        "sides": sides(plain_lines(text), plain_lines(notice.theirs)) if notice.theirs else None,
        "fields": text.fields or {},
        "snippets": snippets,
        "issue": issue,
        "statuses": [each for each in Status if each is not Status.READY or status == Status.READY],
        "series": sorted({each.series.name for each in letter.issues if each.series}) if letter else [],
        "attachable": ",".join(ending for kind in FILE_KINDS for ending in kind.endings),
        "caret": CARET,
    }
    return render_text(_theme(), "write.html", context)


def desk_page(template: str, context: dict[str, object]) -> str:
    """Render a page of the desk of which nothing has to be worked out."""
    return render_text(_theme(), template, {"version": 0, **context})


def issue_preview_page(
    issue: PublishedIssue, letter: str, site: str, root: Path, findings: tuple[Finding, ...], version: int
) -> str:
    """Render one issue as its readers will see it: on a phone, in a feed reader, and a form to choose another day."""
    found = with_lines(root, findings)
    context = {"letter": letter, "site": site, "issue": issue, "version": version, "findings": found}
    return render_text(_theme(), "issue_preview.html", context)


def feed_item_page(title: str, author: str, day: str, html: str, language: str) -> str:
    """Render an item of the feed as a plain feed reader shows it."""
    from markupsafe import Markup

    context = {"title": title, "author": author, "day": day, "content": Markup(html), "language": language}
    return render_text(_theme(), "feed.html", context)


MAIL_VIEWS = {
    "html": "As it is sent",
    "gmail": "As Gmail shows it",
    "dark": "With inverted colors",
    "text": "As text",
}
"""How an e-mail edition is shown, by the last part of the address."""


def mail_page(edition: Edition) -> str:
    """Render the e-mail edition of an issue in all its views, and how large it is."""
    from weekahead.mail.views import MOST, WARN_ABOVE, size_of

    context = {
        "edition": edition,
        "size": size_of(edition),
        "text_size": len(edition.text.encode()),
        "warn_above": WARN_ABOVE,
        "most": MOST,
        "views": [{"name": name, "title": title} for name, title in MAIL_VIEWS.items()],
    }
    return render_text(_theme(), "mail.html", context)


def mail_view(edition: Edition, name: str) -> tuple[str, str]:
    """Return the media type and content of one view of an e-mail edition."""
    from weekahead.mail.edition import WAY_OUT
    from weekahead.mail.views import SAMPLE_WAY_OUT, as_gmail, as_inverted

    shown = {"gmail": as_gmail, "dark": as_inverted}.get(name, str)
    content = edition.text if name == "text" else shown(edition.html)
    media_type = "text/plain; charset=utf-8" if name == "text" else "text/html; charset=utf-8"
    return media_type, content.replace(WAY_OUT, SAMPLE_WAY_OUT)


def error_page(root: Path, findings: tuple[Finding, ...], last_good: str | None, version: int) -> str:
    """Render findings, each with the author's lines around it. `last_good` is the address of the page without errors."""
    context = {
        "findings": with_lines(root, findings),
        "last_good": last_good,
        "more": max(0, len(findings) - MAX_FINDINGS),
        "is_unfinished": is_unfinished(root),
        "version": version,
    }
    return render_text(_theme(), "error.html", context)


def message_page(heading: str, message: str) -> str:
    """Render why there is no page, or why nothing was changed."""
    return render_text(_theme(), "message.html", {"heading": heading, "message": message, "version": 0})


def with_lines(root: Path, findings: tuple[Finding, ...]) -> list[tuple[Finding, list[tuple[int, str]]]]:
    """Return findings in file order, each with number and text of the lines around it."""
    return [(finding, lines_around(root, finding.where, 2)) for finding in sort_findings(findings)[:MAX_FINDINGS]]


def with_live_script(page: bytes, version: int, theme: str, label: str, nonce: str) -> bytes:
    """Return a page of the site with the script that reloads it. `nonce` is that of its policy.

    `theme` is the theme's digest, and `label` is shown beside the link to the desk.
    """
    data = f'data-version="{version}" data-theme="{theme}" data-label="{label}"'
    script = f'<script src="/_desk/live.js" nonce="{nonce}" {data} defer></script>'
    head, end, rest = page.partition(b"</head>")
    return head + script.encode() + end + rest if end else page
