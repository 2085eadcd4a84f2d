"""Real text: a folder of Markdown with front matter, made fit to be built alike by every builder.

Issues are numbered by date. What one builder or another refuses is taken out for all of them: addresses that lead
nowhere outside of the letter they were written for, characters that no XML may hold, and braces that a template engine
would read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from benchmarks.letter import Issue, Letter

ELSEWHERE = "https://elsewhere.example/"
"""Where an address goes that leads nowhere."""


def real_letter(folder: Path) -> Letter:
    """The Markdown files below a folder that have a title and a date, as a letter."""
    found = sorted(_issues(folder), key=lambda issue: (issue.date, issue.slug))
    if len(found) < 2:
        raise SystemExit(f"{folder}: fewer than two Markdown files with a title and a date in their front matter")
    issues = [replace(issue, number=number) for number, issue in enumerate(found, 1)]
    newest = issues[-1]
    following = replace(
        newest,
        number=len(issues) + 1,
        title=f"After {newest.title}",
        slug=f"after-{newest.slug}",
        date=newest.date + timedelta(weeks=1),
    )
    every = (*issues, following)
    return Letter(name="real", count=len(issues), issue=lambda number: every[number - 1])


def _issues(folder: Path) -> Iterator[Issue]:
    taken: set[str] = set()
    for path in sorted(folder.rglob("*.md")):
        head, body = split(path.read_text("utf-8", errors="replace").removeprefix("\ufeff"))
        day = re.match(r"\d{4}-\d{2}-\d{2}", str(head.get("date", "")))
        if not (day and head.get("title")):
            continue
        slug = plain(str(head.get("slug") or path.stem))
        while slug in taken:
            slug += "-x"
        taken.add(slug)
        title = " ".join(without_controls(str(head["title"])).split())
        yield Issue(number=0, title=title, slug=slug, date=date.fromisoformat(day[0]), body=neutral(body))


def split(text: str) -> tuple[dict[str, Any], str]:
    """Front matter, its keys in lower case, and body: YAML between lines of ---, or Pelican's lines of `Key: value`."""
    if found := re.match(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*\r?\n", text, re.DOTALL):
        head = yaml.load(found[1], yaml.BaseLoader)
        return {str(key).lower(): value for key, value in dict(head or {}).items()}, text[found.end() :]
    found = re.match(r"(?:[A-Za-z_]+:.*\n)+", text)
    lines = found[0].splitlines() if found else []
    pairs = ((key.strip().lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines))
    return dict(pairs), text[found.end() if found else 0 :]


def plain(words: str) -> str:
    """A slug of small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "issue"


# -- what is taken out

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_LEADS = r"(?:https?://[\w.-]+\w|mailto:[^\s@]+@)"
"""How an address begins that leads somewhere, whoever publishes it."""
_LINK = re.compile(rf"(\]\(\s*)(?!<?{_LEADS})(?:<[^>\n]*>|(?:[^()\n]|\([^()\n]*\))*)(?=\))")
_DEFINITION = re.compile(rf"(?m)^( {{0,3}}\[[^\]\n]+\]:[ \t]*)(?!<?{_LEADS})(?![^\n]*\[\^)\S+[^\n]*$")
_ATTRIBUTE = re.compile(rf"""(?i)(\b(?:href|src|poster|cite|action|background)\s*=\s*)(["'])(?!{_LEADS})[^"'\n]*\2""")


def without_controls(text: str) -> str:
    return _CONTROL.sub("", text)


def neutral(body: str) -> str:
    """A body that every builder takes."""
    text = without_controls(body.replace("\r\n", "\n"))
    text = text.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")
    text = _LINK.sub(rf"\1{ELSEWHERE}", text)
    text = _DEFINITION.sub(_leading_away, text)
    return _ATTRIBUTE.sub(rf"\1\2{ELSEWHERE}\2", text)


def _leading_away(found: re.Match[str]) -> str:
    """A definition of an address that leads nowhere; a footnote's stays."""
    return found[0] if "[^" in found[1] else f"{found[1]}{ELSEWHERE}"
