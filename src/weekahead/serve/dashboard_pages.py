"""The pages of the author's desk, from the files in desk/; they are no part of the theme, and never of the site."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from weekahead.model.findings import Finding, Location, sort_findings
from weekahead.model.schedule import State
from weekahead.serve.dashboard import Board
from weekahead.site.published import PublishedIssue
from weekahead.site.templates import render_text
from weekahead.source.folder import LARGEST
from weekahead.theme.lookup import Template, Theme

FILES = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
MOST = 100
"""Findings that one page shows; a broken import has thousands."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self';"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
"""What a browser may load for a page of the desk: nothing from elsewhere (Content Security Policy, level 3)."""
HEADER = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")(.*?)(")')


@cache
def _theme() -> Theme:
    found = {path.name: path.read_text("utf-8") for path in sorted(FILES.glob("*.html"))}
    return Theme({name: Template(name, text, f"desk/{name}") for name, text in found.items()}, {})


def asset(name: str) -> tuple[str, bytes] | None:
    """Media type and bytes of a style sheet or a script of the desk."""
    path = FILES / name
    is_one = path.parent == FILES and path.suffix in KINDS and path.is_file()
    return (KINDS[path.suffix], path.read_bytes()) if is_one else None


def desk_page(found: Board, title: str, token: str, root: Path, broken: tuple[Finding, ...], number: int) -> str:
    """The desk itself. While the letter is `broken` it shows the last good plan, which cannot be changed."""
    context = {
        "letter": title,
        "token": token,
        "board": found,
        "states": list(State),
        "movable": [week for week in found.weeks if not week.is_written],
        "empty": [week for week in found.weeks if week.is_empty],
        "longest": max([found.median * 2, 1, *(draft.words for draft in found.drafts)]),
        "findings": shown(root, found.findings),
        "more": max(0, len(found.findings) - MOST),
        "of_drafts": {draft.file: shown(root, draft.findings) for draft in found.drafts},
        "broken": shown(root, broken),
        "number": number,
    }
    return render_text(_theme(), "desk.html", context)


def look_page(
    place: PublishedIssue, title: str, root: Path, findings: tuple[Finding, ...], day: str, number: int
) -> str:
    """One issue as readers will have it: on a telephone, in a feed reader, on any day."""
    context = {
        "letter": title,
        "label": place.label,
        "title": place.issue.title,
        "mark": place.mark or "Out",
        "file": place.issue.source.file,
        "page": place.path,
        "day": day,
        "number": number,
        "findings": shown(root, findings),
    }
    return render_text(_theme(), "look.html", context)


def feed_page(title: str, author: str, day: str, html: str, language: str) -> str:
    """An item of the feed as a plain reader shows it."""
    from markupsafe import Markup

    context = {"title": title, "author": author, "day": day, "content": Markup(html), "language": language}
    return render_text(_theme(), "feed.html", context)


def error_page(root: Path, findings: tuple[Finding, ...], last: str | None, number: int) -> str:
    """The findings as a page, each with the author's own lines around it; `last` is the address of the last good page."""
    more = max(0, len(findings) - MOST)
    return render_text(
        _theme(), "error.html", {"findings": shown(root, findings), "last": last, "more": more, "number": number}
    )


def message_page(words: str) -> str:
    """Why something was not done."""
    return render_text(_theme(), "message.html", {"words": words, "number": 0})


def shown(root: Path, findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings in file order as the pages show them, with the lines around the place."""
    return [
        {
            "where": str(found.where),
            "severity": str(found.severity),
            "rule": found.rule,
            "message": found.message,
            "hint": found.hint,
            "excerpt": excerpt(root, found.where),
        }
        for found in sort_findings(findings)[:MOST]
    ]


def excerpt(root: Path, where: Location) -> list[tuple[int, str, bool]]:
    """Number and words of the lines around a place, and whether each is the one; none of a file outside the letter."""
    path = root / where.file
    try:
        if not where.line or not path.resolve().is_relative_to(root.resolve()) or path.stat().st_size > LARGEST:
            return []
        lines = path.read_text("utf-8", "replace").split("\n")
    except OSError:
        return []
    around = range(max(1, where.line - 2), min(len(lines), where.line + 2) + 1)
    return [(number, lines[number - 1][:400], number == where.line) for number in around]


def live(data: bytes, number: int, look: str, bar: str) -> bytes:
    """A page of the site with the script that keeps it up to date, which its policy must let in. `bar` says what it is."""
    script = f'<script src="/_desk/live.js" data-number="{number}" data-look="{look}" data-bar="{bar}" defer></script>'
    data = HEADER.sub(lambda found: found[1] + _with_script(found[2]) + found[3], data)
    head, mark, rest = data.rpartition(b"</head>")
    return head + script.encode() + mark + rest if mark else data


def _with_script(policy: bytes) -> bytes:
    return policy if b"script-src" in policy else policy + b"; script-src 'self'"
